"""A version and its spellings: what is written, what a requirement admits, which tags are releases."""
