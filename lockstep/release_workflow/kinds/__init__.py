"""How each kind of package is built: one file per kind."""
