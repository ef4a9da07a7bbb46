"""The gates: what a tag, a head and the runs of a commit must be."""
