"""Attestations: what they say, and whether they hold."""
