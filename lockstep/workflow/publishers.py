"""What registries say of who may publish a package, and of who published its last version: frozen data, beside the jobs that publish here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from lockstep.dataclass import dataclass
from lockstep.model import Confidence, Finding, Level, Place
from lockstep.workflow.audit import Audit
from lockstep.workflow.commit_runs import Unseen
from lockstep.workflow.model import Deed
from lockstep.workflow.registries import CRATES_IO, NPM, PYPI
from lockstep.workflow.trusted_publishing import trusts

NOT_VISIBLE = "not-visible"
"""The symbol of a finding about what could not be seen: a waiver that names it accepts no fault."""
OWNER = "a token of an owner of the crate with the scope trusted-publishing: CARGO_REGISTRY_TOKEN, or cargo login"
ATTEST = "attest what is published: pypa/gh-action-pypi-publish and npm as a trusted publisher do"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """A trusted publisher: `owner/name`, the file of the workflow, the environment.

    "" is what is not said; as an environment it is any of them, and there None is what is not said.
    """

    repository: str = ""
    workflow: str = ""
    environment: str | None = None

    def __str__(self) -> str:
        named = ", ".join(part for part in (self.repository, self.workflow) if part)
        return named + (f", environment {self.environment}" if self.environment else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A package at its registry, and its last version there ("" where it has none).

    `trusted` says whether a trusted publisher published that, None where the registry does not say. `by` are those that it names, `files` are the files of
    the version and `unattested` those without an attestation, where that is known. `exclusive` says whether nobody else may publish. `records` are those
    who may, None where no registry shows that to anybody. `blind` is what could not be seen. `page` is where its owner sees it all, "" for none.
    """

    registry: str
    package: str
    place: Place
    version: str = ""
    trusted: bool | None = None
    by: tuple[Publisher, ...] = ()
    files: tuple[str, ...] = ()
    unattested: tuple[str, ...] = ()
    exclusive: bool | None = None
    records: tuple[Publisher, ...] | None = None
    blind: tuple[Unseen, ...] = ()
    page: str = ""
    absent: bool = False
    """Whether the registry says that it has no such package."""

    def __str__(self) -> str:
        return f"{self.package} {self.version}".rstrip()


@dataclass(frozen=True, kw_only=True)
class PublishersAudit:
    """What registries say of packages, beside the release workflows of `repository`, `owner/name` on GitHub.

    `unasked` are registries that packages go to by their ecosystem, and no workflow publishes to.
    """

    repository: str
    audits: tuple[Audit, ...]
    published: tuple[Published, ...] = ()
    unasked: tuple[str, ...] = ()

    @property
    def hardened(self) -> bool:
        """Whether a workflow is held to everything that a hardened release does."""
        return any(one.hardened for one in self.audits)

    @cached_property
    def deeds(self) -> Mapping[str, tuple[tuple[Audit, Deed], ...]]:
        """The steps that publish, by their registries."""
        found: dict[str, list[tuple[Audit, Deed]]] = {}
        for audit in self.audits:
            for deed in audit.publishes:
                found.setdefault(deed.registry, []).append((audit, deed))
        return {registry: tuple(some) for registry, some in found.items()}

    @cached_property
    def here(self) -> Mapping[str, tuple[Publisher, ...]]:
        """The publishers that the workflows are, by registry; an environment whose name is computed is not said."""
        return {registry: tuple(dict.fromkeys(one for audit, deed in some for one in self._of(audit, deed))) for registry, some in self.deeds.items()}

    def _of(self, audit: Audit, deed: Deed) -> Iterator[Publisher]:
        environment = deed.job.environment
        names = audit.possible(deed.job, environment) or (None,) if environment is not None else ("",)
        for name in names:
            yield Publisher(repository=self.repository, workflow=audit.path.rpartition("/")[2], environment=name)

    def trusting(self, registry: str) -> bool:
        """Say whether a job publishes to a registry as a trusted publisher."""
        return any(trusts(audit, deed) for audit, deed in self.deeds.get(registry, ()))

    def attesting(self, registry: str) -> bool:
        """Say whether a job attests what it publishes: the PyPI action unless it is told not to, npm as a trusted publisher or where it is asked."""
        for whole, deed in self.deeds.get(registry, ()):
            if registry == NPM and (trusts(whole, deed) or whole.self_attested(deed)):
                return True
            if registry == PYPI and whole.self_attested(deed) and trusts(whole, deed) and deed.step is not None and not deed.step.is_off("attestations"):
                return True
        return False

    def place(self, one: Published) -> Place:
        """Give where a job publishes to the registry of a package, else its manifest."""
        return next((deed.place for _, deed in self.deeds.get(one.registry, ())), one.place)

    def difference(self, one: Publisher, registry: str) -> str:
        """Say which part of a publisher at a registry no job here has: `repository`, `workflow` or `environment`; "" where one has all that is said."""
        left = self.here.get(registry, ())
        for part in ("repository", "workflow", "environment"):
            said = getattr(one, part)
            if part == "environment" and not said:  # any of them, or not said
                return ""
            fit = tuple(job for job in left if not said or getattr(job, part) is None or getattr(job, part).lower() == said.lower())
            if not fit:
                return part
            left = fit
        return ""

    def different(self, part: str) -> Iterator[tuple[Published, Publisher]]:
        """Give what a registry says of a package and no job here is, by the part that is not the same.

        Where it shows who may publish, that decides; else who published the last version.
        """
        for one in self.published:
            if any(not self.difference(record, one.registry) for record in one.records or ()) or one.registry not in self.here:
                continue
            for publisher in one.records or one.by:
                if self.difference(publisher, one.registry) == part:
                    yield one, publisher
                    break

    def differences(self, part: str, rule: str, level: Level, advice: str) -> Iterator[Finding]:
        """Give what a registry says of a part of its publisher, the environment, the repository or the workflow, that is another one here."""
        for one, publisher in self.different(part):
            here = " or ".join(dict.fromkeys(getattr(job, part) or "none" for job in self.here[one.registry]))
            named = f"the {part} {getattr(publisher, part)}"
            said = f"lets {named} publish {one.package}" if one.records else f"had {one} from {named}"
            yield self.finding(rule, level, one, f"{one.registry} {said}; here it is {here}", f"{advice}{confirm(one)}")

    @cached_property
    def open_questions(self) -> Mapping[str, Open | None]:
        """The rules whose silence is no answer: a registry has left their question open about a package, or none is asked about (None)."""
        found: dict[str, Open | None] = {}
        trusting = [one for one in self.published if self.trusting(one.registry)]
        for questions, asked in ((_OF_EVERY, [*self.published]), (_OF_TRUSTING, trusting)):
            for rule, question in questions.items():
                left = [one for one in map(question, (one for one in asked if not one.absent)) if one is not None]
                if left or not asked:
                    found[rule] = min(left, key=lambda one: one.by_hand, default=None)
        return found

    def finding(self, rule: str, level: Level, one: Published, message: str, help_: str) -> Finding:
        """Make a finding about a package."""
        return Finding(rule=rule, level=level, place=self.place(one), message=message, help=help_, package=one.package, symbol=one.package)

    def not_visible(self, rule: str, place: Place, question: str, unseen: Unseen) -> Finding:
        """Say of a question that its answer could not be seen, and what would show it: no fault, and no promise either."""
        message = f"not visible: {question}; {unseen.why}"
        return Finding(rule=rule, level=Level.NOTE, place=place, message=message, help=unseen.help, symbol=NOT_VISIBLE, confidence=Confidence.BLIND)


def confirm(one: Published) -> str:
    """Say where the owner of a package changes who may publish it."""
    return f" at {one.page}" if one.page else f" where {one.registry} keeps it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A question about a package that its registry leaves open; `shows` is what would show it. `by_hand` says that no API does, to anybody."""

    shows: str
    by_hand: bool = False


def _hidden(one: Published, shows: str) -> Open:
    """Give what is open about a package, and would be shown to somebody: where the registry could not be asked, that comes first."""
    return Open(shows=next((unseen.help for unseen in one.blind if unseen.help), "") or shows)


def _on_page(one: Published) -> Open:
    return Open(shows=f"the package's owner sees it{confirm(one)}", by_hand=True)


def _version(one: Published) -> Open | None:
    return None if one.version or one.absent else _hidden(one, "the registry itself")


def _who(one: Published) -> Open | None:
    return None if one.trusted is not None else _hidden(one, ATTEST)


def _attested(one: Published) -> Open | None:
    return None if one.registry == CRATES_IO or (one.files and not one.blind) else _hidden(one, "the registry itself")


def _part(part: str) -> Callable[[Published], Open | None]:
    """Give what says of a package whether its registry names a part of its publisher; npm keeps no environment."""

    def asked(one: Published) -> Open | None:
        never = part == "environment" and one.registry == NPM
        if never or one.records is not None or any(getattr(by, part) not in ("", None) or (part == "environment" and by.environment == "") for by in one.by):
            return None
        return _hidden(one, OWNER if one.registry == CRATES_IO else ATTEST)

    return asked


def _records(one: Published) -> Open | None:
    """Ask for the record of who may publish: crates.io shows it to an owner, PyPI and npm show it to nobody by an API."""
    if one.registry != CRATES_IO:
        return _on_page(one)
    return None if one.records is not None else _hidden(one, OWNER)


def _set_up(one: Published) -> Open | None:
    """Ask whether there is a trusted publisher: one that has published says so too."""
    return None if one.trusted and one.registry != CRATES_IO else _records(one)


def _exclusive(one: Published) -> Open | None:
    if one.registry != CRATES_IO:
        return _on_page(one)
    return None if one.exclusive is not None else _hidden(one, OWNER)


_OF_EVERY: Mapping[str, Callable[[Published], Open | None]] = {"name-unclaimed": _version, "published-unattested": _attested}
_OF_TRUSTING: Mapping[str, Callable[[Published], Open | None]] = {
    "published-by-token": _who,
    "publisher-environment-any": _part("environment"),
    "publisher-environment-differs": _part("environment"),
    "publisher-missing": _set_up,
    "publisher-repository-differs": _part("repository"),
    "publisher-unexpected": _records,
    "publisher-workflow-differs": _part("workflow"),
    "tokens-accepted": _exclusive,
}
"""What must be known of a package for a rule's silence to be an answer: of every one, and of those that a job publishes as a trusted publisher."""
