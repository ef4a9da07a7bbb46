"""Rust crates: their surfaces, and what breaks between two."""
