"""What crates.io, PyPI, npm and GitHub say of the files of a release, asked afresh. One file per registry; `observing` asks all of them."""
