"""The README and the guides show what lockstep prints: `python -m tests.documents` writes it anew, and the tests fail where it is stale."""
