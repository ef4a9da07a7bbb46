"""Are these two the same? Types, signatures, C layouts, features, constants and names of two moments, and the line of user code that tells them apart."""
