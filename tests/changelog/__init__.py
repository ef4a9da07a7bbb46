"""Tests of the room `changelog` and of the plans that edit one; `python -m tests.changelog REPOSITORIES...` tries real ones."""
