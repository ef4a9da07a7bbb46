"""What lockstep is called on PyPI, and where it lives: the one place that the first release sets.

Until then the address is below `.invalid`, a domain that nobody can own (RFC 2606): what is copied out of a guide fails, and reaches no stranger. The
distribution has a name of its own, for `lockstep` on PyPI is another project; the command and the import package are `lockstep`.
"""

from __future__ import annotations

DISTRIBUTION = "lockstep-release"
SITE = "https://lockstep.invalid"
REPOSITORY = f"{SITE}/lockstep"
ACTION = REPOSITORY.partition("://")[2]
"""As `uses` names it, without the commit."""
