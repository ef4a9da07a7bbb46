"""What every command does first and last: find the repository, recover, read the configuration; print and leave."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from lockstep import reports
from lockstep.cli.options import Format
from lockstep.config import Config, load
from lockstep.dataclass import dataclass, replace
from lockstep.errors import LockstepError, UsageError
from lockstep.model import Finding, Group, Role
from lockstep.project.project import Project, discover
from lockstep.reports.escape import inert, printable
from lockstep.reports.style import Painter, Style
from lockstep.reports.told import Look, Told
from lockstep.repository import git_trees
from lockstep.tree import Tree
from lockstep.wording import counted
from lockstep.writing import journal

if TYPE_CHECKING:
    from lockstep.model import Rule
    from lockstep.project.grouping import PastRelease
    from lockstep.review.review import Review

DECLARING = ("Cargo.toml", "pyproject.toml", "package.json")
"""The manifests that people forget to add; the name of a file says nothing about the others."""
MOST_NAMED = 5
FINE, FOUND, FAILED, UNPROVEN, INTERRUPTED = 0, 1, 2, 3, 130


def _in_actions() -> bool:
    return os.environ.get("GITHUB_ACTIONS") == "true"


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """Where a command prints: the report to stdout, the conversation to stderr."""

    format: Format
    quiet: bool
    verbose: bool
    paint: Painter

    @classmethod
    def of(cls, format_: Format | None, *, quiet: bool, verbose: bool, no_color: bool) -> Output:
        """Settle the format and the colours from options and environment."""
        if quiet:
            from lockstep.cli.progress import Voice  # noqa: PLC0415 - only who wants silence asks for it

            Voice.quiet = True
        chosen = format_ or (Format.GITHUB if _in_actions() else Format.TEXT)
        colour = not no_color and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and sys.stdout.isatty()
        return cls(
            format=chosen,
            quiet=quiet,
            verbose=verbose,
            paint=_painter(colour=colour) if chosen is Format.TEXT and sys.stdout.isatty() else Painter(colour=colour),
        )

    @classmethod
    def plain(cls, format_: Format | None, *, quiet: bool, verbose: bool, no_color: bool) -> Output:
        """Settle the same for a command that has no findings to give.

        Raises: UsageError when the format holds nothing else.
        """
        output = cls.of(format_, quiet=quiet, verbose=verbose, no_color=no_color)
        output.refuse_findings_only()
        return output

    def refuse_findings_only(self) -> None:
        """Refuse a format that holds findings alone, before anything is done that has none.

        Raises: UsageError.
        """
        if self.format in reports.FOR_FINDINGS:
            raise UsageError(f"--format {self.format} holds findings, and this command gives none", help="choose text, json or markdown")

    def report(self, text: str, *, annotations: bool = False) -> None:
        """Print to stdout; in Actions nothing of it is a command but what was written as one."""
        sys.stdout.write(text if annotations or not _in_actions() else inert(text))

    def quote(self, text: str) -> None:
        """Print a text of the repository to stdout, as it is where a program takes it."""
        seen = sys.stdout.isatty() or _in_actions()
        self.report("\n".join(map(printable, text.split("\n"))) if seen else text)

    def document(self, data: Mapping[str, object]) -> None:
        """Print one JSON document to stdout."""
        from lockstep.reports.data import written  # noqa: PLC0415 - most reports are texts

        sys.stdout.write(written(data))

    def findings(self, told: Told) -> None:
        """Print what a command found, in the format that is wanted."""
        self.report(self.paint.fold(reports.writer(self.format).report(told, self._look())), annotations=self.format is Format.GITHUB)
        self._summarise(lambda: reports.writer(Format.MARKDOWN).report(told, self._look()))

    def count(self, told: Told) -> None:
        """Say on stderr how much was found, and in Actions that nothing was; a document counts for itself."""
        from lockstep.reports.words import STRICTNESS, tally  # noqa: PLC0415 - only what judges

        if told.findings and self.format is not Format.JSON:
            self.say(tally(told.findings) + (f"; {STRICTNESS}" if told.fails_by_strictness else ""))
        elif told.fine and self.format is Format.GITHUB:
            self.say(told.fine.rstrip("\n"))

    def review(self, found: Review) -> str:
        """Print a compatibility review, in the format that is wanted, and give what was printed."""
        from lockstep.reports.words import decided  # noqa: PLC0415 - only what compares

        text = self.paint.fold(reports.writer(self.format).review(found, self._look()))
        self.report(text, annotations=self.format is Format.GITHUB)
        self._summarise(lambda: reports.writer(Format.MARKDOWN).review(found, self._look()))
        if self.format is Format.GITHUB:
            for line in decided(found):
                self.say(line)
        return text

    def _summarise(self, written: Callable[[], str]) -> None:
        """Add a report to the summary of the step, where it goes to the page of a run."""
        path = os.environ.get("GITHUB_STEP_SUMMARY")
        if self.format is not Format.GITHUB or not path:
            return
        from lockstep.writing.transaction import summarise  # noqa: PLC0415 - in GitHub Actions alone

        if not summarise(path, written()):
            self.say("the summary of this step is full; the log has the report")

    def _look(self) -> Look:
        return Look(paint=self.paint, quiet=self.quiet, verbose=self.verbose, rules=_manuals)

    def say(self, text: str) -> None:
        """Tell something on stderr, unless quiet is wanted."""
        if not self.quiet:
            sys.stderr.write((inert(printable(text)) if _in_actions() else printable(text)) + "\n")


def _painter(*, colour: bool) -> Painter:
    """Give what paints for a terminal; links stay away where colours do."""
    from lockstep.cli import terminal  # noqa: PLC0415 - in a pipe nobody asks

    links = terminal.links(os.environ, os.uname().nodename) if colour and hasattr(os, "uname") else ""
    return Painter(colour=colour, width=terminal.width(os.environ), links=links)


def _manuals() -> Iterable[Rule[Any]]:
    from lockstep.rules import every_rule  # noqa: PLC0415 - only an output that carries manuals loads all rules

    return every_rule()


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A repository that is open, and its configuration; `told` is what a person should know of where that comes from."""

    repository: git_trees.Repository
    tree: git_trees.WorkTree | git_trees.IndexTree | git_trees.GitTree
    config: Config
    head: str = "HEAD"
    told: tuple[Finding, ...] = ()

    def project(self, tree: Tree | None = None, *, texts: bool = True, awaited: bool = False, asked: Callable[[], None] = lambda: None) -> Project:
        """Discover a project; the session's own tree unless another is given, without sites in `texts` where nobody asks for them.

        `asked` is called when history is: the same tree may be another project where other tags are.
        """

        def past() -> Iterator[PastRelease]:
            from lockstep.evidence.history import past_releases  # noqa: PLC0415 - asked only when a package is at another version

            asked()
            return past_releases(self.repository, self.config, self.head)

        return discover(tree or self.tree, self.config, past, texts=texts, awaited=awaited)

    def say_untracked(self, output: Output) -> None:
        """Say which manifests lie in the work tree and are not looked at, since git does not track them."""
        from lockstep.project.discovery import NOT_OURS, SAMPLES  # noqa: PLC0415 - loaded by who discovers

        if not isinstance(self.tree, git_trees.WorkTree):
            return
        found = [one for one in self.tree.untracked(DECLARING) if not (NOT_OURS.search(one) or SAMPLES.search(one) or self.config.excludes(one))]
        if found:
            more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
            output.say(f"not looked at, since git does not track it: {', '.join(found[:MOST_NAMED])}{more}; git add it, or ignore it")

    def learned(self, project: Project, group: Group) -> Project:
        """Add the sites that the project's own last bump teaches for a group."""
        from lockstep.evidence.bumps import last_bump  # noqa: PLC0415 - only `bump`, `show` and `init` learn
        from lockstep.plans.bump import sites_of  # noqa: PLC0415
        from lockstep.project.learning import learn  # noqa: PLC0415

        own = [site for site in sites_of(project, group) if site.role is Role.OWN]
        if not own or group.version is None:
            return project
        stated = min(own, key=lambda site: (site.package.version != group.version, site.path.count("/"), site.path))
        bump = last_bump(self.repository, stated, self.head)
        if bump is None:
            return project
        known = frozenset((site.path, site.line) for site in project.sites)
        taught = learn(self.tree, bump, group.version, stated.package, project.packages, known)
        sites = (*project.sites, *(site for site in taught if not self.config.excludes(site.path)))
        return replace(project, sites=tuple(sorted(sites, key=lambda site: (site.path, site.start))))


AnyTree: TypeAlias = git_trees.WorkTree | git_trees.IndexTree | git_trees.GitTree


def work_tree(folder: str, config: str | None, output: Output, base: str | None = None) -> Session:
    """Open the work tree, after finishing or undoing a write that was interrupted."""
    repository = git_trees.find(folder)
    _recover(repository, output)
    output.paint.root = repository.root
    return _open(repository, git_trees.WorkTree(repository), config, base)


def at_ref(folder: str, config: str | None, ref: str, base: str | None = None) -> Session:
    """Open a commit."""
    return at_commit(git_trees.find(folder), config, ref, base)


def at_commit(repository: git_trees.Repository, config: str | None, ref: str, base: str | None = None) -> Session:
    """Open a commit of a repository that is found already."""
    return _open(repository, git_trees.GitTree(repository, ref), config, base)


def at_index(folder: str, config: str | None, output: Output, base: str | None = None) -> Session:
    """Open what the next commit would hold."""
    repository = git_trees.find(folder)
    _recover(repository, output)
    return _open(repository, git_trees.IndexTree(repository), config, base)


def _open(repository: git_trees.Repository, tree: AnyTree, config: str | None, base: str | None) -> Session:
    """Read the configuration: the tree's own, or that of the commit `base`, which a change cannot alter.

    The tree's own is read in any case: one that is wrong is an error before it is merged, not after.
    """
    own = load(tree, config)
    told: tuple[Finding, ...] = ()
    if base is not None:
        own, told = _from_base(repository, tree, config, own, base)
    return Session(repository=repository, tree=tree, config=own, head=tree.sha if isinstance(tree, git_trees.GitTree) else "HEAD", told=told)


def _from_base(repository: git_trees.Repository, tree: AnyTree, config: str | None, own: Config, base: str) -> tuple[Config, tuple[Finding, ...]]:
    """Give the configuration of a commit, and what differs from it in a tree's own."""
    from lockstep.config import entries, place  # noqa: PLC0415 - only in CI
    from lockstep.model import Place  # noqa: PLC0415
    from lockstep.rules import judge_policy  # noqa: PLC0415
    from lockstep.rules.policy import Difference, PolicyChange  # noqa: PLC0415

    theirs = git_trees.GitTree(repository, base)
    counts = load(theirs, config)
    ours, differences = entries(own), []
    for option, texts in entries(counts).items():
        mine = ours[option]
        if texts == mine:
            continue
        line, column = place(tree, own, option) if own.path else (1, 1)
        where = Place(path=own.path or counts.path, line=line, column=column)
        added, dropped = (tuple(one for one in some if one not in others) for some, others in ((mine, texts), (texts, mine)))
        differences.append(Difference(option=option, added=added, dropped=dropped, place=where))
    return counts, tuple(judge_policy(PolicyChange(base=theirs.name, differences=tuple(differences))))


def _recover(repository: git_trees.Repository, output: Output) -> None:
    if repository.root is None or not journal.is_there(repository.git_dir):
        return
    from lockstep.writing.transaction import recover  # noqa: PLC0415 - most commands find nothing to recover

    done = recover(repository.root, repository.git_dir)
    if done is not None:
        what = "finished" if done.finished else "undid"
        output.say(f"{what} an interrupted write of {counted(len(done.paths), 'file')}: the tree is {'the new' if done.finished else 'the old'} one")


def leave(code: int) -> None:
    """End the command with an exit code."""
    raise SystemExit(code)


def complain(error: LockstepError) -> None:
    """Print what stopped the program, and what to do next, to stderr."""
    colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    paint = Painter(colour=colour)
    lines = [f"{paint(Style.ERROR, 'error')}: {printable(str(error))}"]
    if error.help:
        lines.append(f"  help: {printable(error.help)}")
    for note in getattr(error, "__notes__", ()):
        first, *rest = note.split("\n")
        lines += [f"{paint(Style.ERROR, 'error')}: {printable(first)}", *(f"  {printable(line)}" for line in rest)]
    said = "".join(f"{line}\n" for line in lines)
    sys.stderr.write(inert(said) if _in_actions() else said)
