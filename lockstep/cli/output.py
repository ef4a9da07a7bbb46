"""Where a command prints: the report to stdout, the conversation to stderr; and the exit codes that it leaves with."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from lockstep import reports
from lockstep.app import session
from lockstep.app.session import Listener, Session
from lockstep.cli.options import Format
from lockstep.dataclass import dataclass
from lockstep.errors import LockstepError
from lockstep.reports.escape import inert, printable
from lockstep.reports.report import Report, ReportOptions
from lockstep.reports.style import Painter, Style
from lockstep.wording import ALL_OBJECTS

if TYPE_CHECKING:
    from lockstep.cli.options import CommonOptions
    from lockstep.model import Finding, Rule
    from lockstep.review.review import Review
    from lockstep.tree import Tree

MOST_NAMED = 5
"""Files that are named one by one."""
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
    def of(cls, options: CommonOptions) -> Output:
        """Settle the format and the colours from options and environment."""
        chosen = Format(options.format_ or (Format.GITHUB if _in_actions() else Format.TEXT))
        colour = not options.no_color and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb" and sys.stdout.isatty()
        return cls(
            format=chosen,
            quiet=options.quiet,
            verbose=options.verbose,
            paint=_painter(colour=colour) if chosen is Format.TEXT and sys.stdout.isatty() else Painter(colour=colour),
        )

    def open(self, options: CommonOptions, *, ref: str | None = None, staged: bool = False, base: str | None = None) -> Session:
        """Open the work tree, a commit, or what the next commit would hold; what happens meanwhile is said here.

        Raises: LockstepError, as `lockstep.app.session` does.
        """
        listener = Listener(say=self.say, reading=self._reading)
        if ref is not None:
            return session.open_ref(options.repo, ref, config_file=options.config, base=base, listener=listener)
        if staged:
            return session.open_index(options.repo, config_file=options.config, base=base, listener=listener)
        opened = session.open_work_tree(options.repo, config_file=options.config, base=base, listener=listener)
        self.paint.root = opened.repository.root
        return opened

    def brief(self, findings: Sequence[Finding]) -> list[Finding]:
        """Make one finding of many additions that a changelog does not mention; not in JSON, nor where all is wanted."""
        from lockstep.cli.additions import summarised  # noqa: PLC0415 - only what reads changelogs

        return list(findings) if self.verbose or self.format is Format.JSON else summarised(findings)

    def say_newer(self, opened: Session, tag: str, how: str, group: str | None = None) -> None:
        """Say that there is a newer release than the one that is compared with, where this history does not hold it; `how` compares with it."""
        from lockstep.app.diff import newer_release  # noqa: PLC0415 - not every comparison is with the last release

        name = tag.removeprefix("refs/tags/")
        if (newer := newer_release(opened, tag, group)) is not None:
            self.say(f"{newer} is newer than {name}, but not in this history (a release branch?), and is not compared with; {how.format(newer)} does")

    def _reading(self, tree: Tree) -> AbstractContextManager[Tree]:
        """Draw how far a long reading is."""
        from lockstep.cli.progress import reading  # noqa: PLC0415 - only who reads surfaces

        return nullcontext(tree) if self.quiet else reading(tree)

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

    def findings(self, report: Report) -> None:
        """Print what a command found, in the format that is wanted."""
        self.report(self.paint.fold(reports.writer(self.format).report(report, self._report_options())), annotations=self.format is Format.GITHUB)
        self._summarise(lambda: reports.writer(Format.MARKDOWN).report(report, self._report_options()))

    def count(self, report: Report) -> None:
        """Say on stderr how much was found, and in Actions that nothing was; a document counts for itself."""
        from lockstep.reports.sentences import STRICTNESS, level_counts  # noqa: PLC0415 - only what judges

        if report.findings and self.format is not Format.JSON:
            self.say(level_counts(report.findings) + (f"; {STRICTNESS}" if report.fails_by_strictness else ""))
        elif report.success and self.format is Format.GITHUB:
            self.say(report.success.rstrip("\n"))

    def review(self, found: Review) -> str:
        """Print a compatibility review, in the format that is wanted, and give what was printed."""
        from lockstep.reports.sentences import conclusion  # noqa: PLC0415 - only what compares

        text = self.paint.fold(reports.writer(self.format).review(found, self._report_options()))
        self.report(text, annotations=self.format is Format.GITHUB)
        self._summarise(lambda: reports.writer(Format.MARKDOWN).review(found, self._report_options()))
        if self.format is Format.GITHUB:
            for line in conclusion(found):
                self.say(line)
        if found.base.lacks or found.head.lacks:
            self.say(f"  help: {ALL_OBJECTS} brings what a partial clone left out")
        return text

    def _summarise(self, written: Callable[[], str]) -> None:
        """Add a report to the summary of the step, where it goes to the page of a run."""
        path = os.environ.get("GITHUB_STEP_SUMMARY")
        if self.format is not Format.GITHUB or not path:
            return
        from lockstep.writing.github_files import append_summary  # noqa: PLC0415 - in GitHub Actions alone

        if not append_summary(path, written()):
            self.say("the summary of this step is full; the log has the report")

    def _report_options(self) -> ReportOptions:
        return ReportOptions(paint=self.paint, quiet=self.quiet, verbose=self.verbose, rules=_manuals)

    def say(self, text: str) -> None:
        """Tell something on stderr, unless quiet is wanted."""
        if not self.quiet:
            sys.stdout.flush()  # a log of both has them in their order
            sys.stderr.write((inert(printable(text)) if _in_actions() else printable(text)) + "\n")


def say_untracked(output: Output, opened: Session) -> None:
    """Say which manifests lie in the work tree and are not looked at, since git does not track them."""
    if found := opened.untracked_manifests():
        output.say(f"not looked at, since git does not track it: {_named(found)}; git add it, or ignore it")


def say_unseen(output: Output, opened: Session) -> None:
    """Say which manifests cannot be looked at, since neither the sparse checkout nor the partial clone has them."""
    if found := opened.unseen_manifests():
        output.say(f"not looked at, since this partial clone does not have it: {_named(found)}; git sparse-checkout add its folder, or {ALL_OBJECTS}")


def _named(paths: Sequence[str]) -> str:
    return ", ".join(paths[:MOST_NAMED]) + (f" and {len(paths) - MOST_NAMED} more" if len(paths) > MOST_NAMED else "")


def _painter(*, colour: bool) -> Painter:
    """Give what paints for a terminal; links stay away where colours do."""
    from lockstep.cli import terminal  # noqa: PLC0415 - in a pipe nobody asks

    links = terminal.links(os.environ, os.uname().nodename) if colour and hasattr(os, "uname") else ""
    return Painter(colour=colour, width=terminal.width(os.environ), links=links)


def _manuals() -> Iterable[Rule[Any]]:
    from lockstep.rules import every_rule  # noqa: PLC0415 - only an output that carries manuals loads all rules

    return every_rule()


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
