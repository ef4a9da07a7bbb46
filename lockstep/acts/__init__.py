"""What changes a registry: one file per registry, each act done once, from bytes that were proven, with a token from the environment alone."""
