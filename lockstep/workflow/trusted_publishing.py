"""Which jobs publish by a short-lived token that they ask for, as a trusted publisher.

Sources: https://docs.pypi.org/trusted-publishers/, https://crates.io/docs/trusted-publishing, https://docs.npmjs.com/trusted-publishers
"""

from __future__ import annotations

from lockstep.workflow.action_roles import uses_trusted_publishing
from lockstep.workflow.audit import Audit
from lockstep.workflow.command_roles import LOCKSTEP_PUBLISH
from lockstep.workflow.model import Deed, Role
from lockstep.workflow.registries import CRATES_IO, NPM, PYPI, TEST_PYPI

PYPI_ACTION = "pypa/gh-action-pypi-publish"
_PYPI_PASSWORDS = (
    "UV_PUBLISH_TOKEN",
    "UV_PUBLISH_PASSWORD",
    "TWINE_PASSWORD",
    "MATURIN_PYPI_TOKEN",
    "MATURIN_PASSWORD",
    "HATCH_INDEX_AUTH",
    "FLIT_PASSWORD",
)
_NPM_TOKENS = ("NODE_AUTH_TOKEN", "NPM_TOKEN", "NPM_AUTH_TOKEN", "NPM_CONFIG__AUTHTOKEN")
_ASK_PYPI = ("uv publish", "maturin upload", "maturin publish", "pdm publish", LOCKSTEP_PUBLISH)
"""Programs that ask PyPI for a token by themselves."""


def trusts(audit: Audit, deed: Deed) -> bool:
    """Say whether a step publishes by a token that its job asks for."""
    permissions = audit.allowed(deed.job)
    if deed.step is None or permissions is None or not permissions.allows("id-token"):
        return False
    env = audit.env(deed.job, deed.step)
    if deed.registry in (PYPI, TEST_PYPI):
        if deed.step.action == PYPI_ACTION:
            return uses_trusted_publishing(deed.step)
        return deed.what in _ASK_PYPI and not any(name in env for name in _PYPI_PASSWORDS) and not _is_given_a_password(deed)
    if deed.registry == CRATES_IO:
        return (deed.what == LOCKSTEP_PUBLISH and "CARGO_REGISTRY_TOKEN" not in env) or any(
            one.job.id == deed.job.id and one.registry in (CRATES_IO, "") for one in audit.of(Role.MINT)
        )
    return deed.registry == NPM and not any(name in env for name in _NPM_TOKENS) and "_authToken" not in _script(deed)


def _is_given_a_password(deed: Deed) -> bool:
    return any(word in _script(deed) for word in ("--token", "--password", "--trusted-publishing never", "-p "))


def _script(deed: Deed) -> str:
    return deed.step.run.text if deed.step is not None and deed.step.run is not None else ""
