"""What the release workflow at a tag promises of what is published: from which file, from which environment, attested or not. As far as it says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lockstep.config import Config
from lockstep.evidence.workflows import audits
from lockstep.release.candidate import Registry
from lockstep.release.published import Promise
from lockstep.tree import Tree
from lockstep.workflow.action_roles import uses_trusted_publishing
from lockstep.workflow.audit import Audit
from lockstep.workflow.command_roles import LOCKSTEP_PUBLISH
from lockstep.workflow.model import Deed, Role, literal
from lockstep.workflow.registries import CRATES_IO, NPM, PYPI
from lockstep.workflow.trusted_publishing import trusts

REGISTRIES = {PYPI: Registry.PYPI, CRATES_IO: Registry.CRATES_IO, NPM: Registry.NPM}
"""Registries by the names that workflows' messages have for them."""


def promised(tree: Tree, config: Config) -> Promise:
    """Read the release workflows of a tree. What an expression decides is promised by nobody; `immutable` and GitHub's part are not theirs to say."""
    known = [audit for audit in audits(tree, config) if audit.workflow is not None]
    found = [(audit, deed) for audit in known for deed in audit.publishes if deed.registry in REGISTRIES]
    environments: dict[Registry, set[str]] = {}
    unknown: set[Registry] = set()
    for _, deed in found:
        registry, named = REGISTRIES[deed.registry], literal(deed.job.environment)
        if named:
            environments.setdefault(registry, set()).add(named)
        else:
            unknown.add(registry)
    return Promise(
        workflows=frozenset(audit.path for audit in known if found and (audit.publishes or audit.of(Role.ATTEST))),
        environments={registry: frozenset(names) for registry, names in environments.items() if registry not in unknown},
        attested=_all(found, _is_attested),
        recorded=_all(found, _is_recorded),
    )


def _all(found: Sequence[tuple[Audit, Deed]], question: Callable[[Audit, Deed], bool]) -> frozenset[Registry]:
    """Give the registries of which a question is answered with yes wherever something is published there."""
    asked = {REGISTRIES[deed.registry]: True for _, deed in found}
    for audit, deed in found:
        asked[REGISTRIES[deed.registry]] &= question(audit, deed)
    return frozenset(registry for registry, said in asked.items() if said)


def _is_attested(audit: Audit, deed: Deed) -> bool:
    if not audit.sound:
        return False
    return audit.attests_itself(deed.job) or (bool(audit.of(Role.ATTEST)) and Role.ATTEST not in audit.missing(deed.job) and not audit.uncovered)


def _is_recorded(audit: Audit, deed: Deed) -> bool:
    """Say whether a registry records a trusted publisher: a job that publishes there gets its credential from the workflow's identity."""
    if deed.what == LOCKSTEP_PUBLISH:
        return trusts(audit, deed)
    if deed.registry == PYPI:
        return deed.step is not None and deed.step.action == "pypa/gh-action-pypi-publish" and uses_trusted_publishing(deed.step)
    return any(one.registry == deed.registry and one.job.id == deed.job.id for one in audit.of(Role.MINT))
