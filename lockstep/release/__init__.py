"""A release of several packages to several registries, as data: what it consists of, what is there, and what is to be done next.

Nothing here asks a registry, reads a file or writes one: `plan` is a function of a candidate and of what was observed.
"""
