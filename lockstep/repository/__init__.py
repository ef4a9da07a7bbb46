"""A repository at a moment, read from the disk: the work tree, the index, a commit, and git's own files as data."""
