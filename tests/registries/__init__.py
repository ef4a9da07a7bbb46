"""Registries on this machine: stand-ins that real clients upload to and install from, and that can fail in every way."""
