"""Native Python modules (PyO3), read from Rust source: nothing is built, nothing is run."""

from lockstep.surfaces.pyo3.native import native_modules

__all__ = ["native_modules"]
