"""TOML, JSON, YAML, Python and Cargo.lock as values with their places: each reader takes a text, and knows where every value of it stands."""
