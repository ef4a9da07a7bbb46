"""What a changelog says, and where: its sections, their versions and dates, its entries and links, each with its span.

Reading is the room's only job. Nothing here writes: plans give edits of spans, so that every byte that nobody owns stays.
"""
