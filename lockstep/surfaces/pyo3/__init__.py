"""Native Python modules (PyO3), read from Rust source: nothing is built, nothing is run."""
