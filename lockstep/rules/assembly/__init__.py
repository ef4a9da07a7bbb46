"""Is every file there that a release owes? Evidence: an Assembly."""

NAMES = ("artifact_missing",)
