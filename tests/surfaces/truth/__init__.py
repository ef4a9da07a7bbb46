"""Does what is read from Rust agree with the compiled wheel? `python -m tests.surfaces.truth` asks real projects."""
