"""A tree and its configuration become packages, groups and sites: what belongs together, where it is written, and whose it is."""
