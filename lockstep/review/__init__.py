"""The compatibility review of two moments, and the notes that it owes the changelog."""
