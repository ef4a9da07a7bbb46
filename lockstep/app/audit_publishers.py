"""The audit of publishers: what registries say of each package that a release workflow publishes to them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from lockstep.app.accepted import accepted
from lockstep.app.audit_settings import BY_HAND, NOT_ASKED, NOT_VISIBLE, answers, files, would_show
from lockstep.app.release_plan import is_published
from lockstep.dataclass import dataclass
from lockstep.evidence import github_repository
from lockstep.evidence.github import Api
from lockstep.evidence.registries.addresses import addresses
from lockstep.evidence.registries.publishing import ask_publishers
from lockstep.evidence.workflows import audits
from lockstep.model import Ecosystem, Finding, Place
from lockstep.rules import judge_publishers
from lockstep.surfaces.rust_source.crates import Opened
from lockstep.workflow.by_hand import ByHand, of_publishers
from lockstep.workflow.publishers import Published, PublishersAudit
from lockstep.workflow.registries import CRATES_IO, NPM, PYPI

if TYPE_CHECKING:
    from lockstep.app.session import Session

REGISTRIES = {Ecosystem.CARGO: CRATES_IO, Ecosystem.PYTHON: PYPI, Ecosystem.NPM: NPM}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishersResult:
    """What was found of packages at their registries, the answer to each question by its rule, and what nobody but a person can look at.

    `would_show` is what would show the answer to a question that is not visible, or is looked at by hand. `unasked` are registries that packages go to by
    their ecosystem and no release workflow publishes to.
    """

    repository: str
    published: tuple[Published, ...]
    findings: tuple[Finding, ...]
    answers: Mapping[str, str]
    would_show: Mapping[str, str]
    by_hand: tuple[ByHand, ...]
    unasked: Mapping[str, tuple[str, ...]]


def audit_publishers(
    opened: Session, repository: str | None, environment: Mapping[str, str], say: Callable[[str], None], *, base: str | None = None
) -> PublishersResult:
    """Ask the registries about every package that a release workflow publishes to them.

    With `base`, a comment that accepts a finding counts where that commit has it.

    Raises: LockstepError when it is not known which repository this is on GitHub, or a workflow cannot be read.
    """
    slug = github_repository.known(opened.repository, Api.of(environment), repository, environment)
    found = audits(opened.tree, opened.config)
    here = PublishersAudit(repository=slug, audits=found)
    packages = tuple(published_packages(opened))
    wanted = tuple(one for one in packages if one.registry in here.deeds)
    where = addresses(opened.config.registries, environment, os.path.expanduser("~"))
    unasked: dict[str, tuple[str, ...]] = {}
    for one in packages:
        if one.registry not in here.deeds:
            unasked[one.registry] = (*unasked.get(one.registry, ()), one.package)
    published = ask_publishers(where, wanted, say) if wanted else ()
    evidence = PublishersAudit(repository=slug, audits=found, published=published, unasked=tuple(unasked))
    judged = judge_publishers(evidence)
    left = evidence.open_questions
    unanswered = {rule: NOT_ASKED if one is None else BY_HAND if one.by_hand else NOT_VISIBLE for rule, one in left.items()}
    return PublishersResult(
        repository=slug,
        published=evidence.published,
        findings=(*accepted(opened, judged, room="publishers", files=files(found), base=base), *opened.policy_changes),
        answers={rule: NOT_ASKED if not wanted else answer for rule, answer in answers("publishers", judged, unanswered).items()},
        would_show={**{rule: one.shows for rule, one in left.items() if one is not None}, **would_show(judged)},
        by_hand=tuple(of_publishers(evidence)),
        unasked=unasked,
    )


def published_packages(opened: Session) -> Iterator[Published]:
    """Give the packages that are published, as far as the manifests say."""
    crates = Opened(opened.tree).crates
    for package in opened.project().packages:
        if is_published(opened, crates, package):
            yield Published(registry=REGISTRIES[package.ecosystem], package=package.name, place=Place(path=package.manifest, line=1))
