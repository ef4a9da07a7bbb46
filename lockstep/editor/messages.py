"""The protocol's values, made of an analysis: diagnostics, edits, code actions and hovers.

Source: https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from lockstep import api
from lockstep.editor.positions import Positions
from lockstep.reports.escape import printable
from lockstep.wording import counted

if TYPE_CHECKING:
    from lsprotocol import types as lsp

    from lockstep.editor.analysis import Analysis, Problem

SOURCE = "lockstep"
FIX_ALL = "source.fixAll.lockstep"
LONGEST_TITLE = 80
"""Characters; longer ones name the file alone."""


class Document(NamedTuple):
    """What the editor calls a file, and the number of the text that it has sent; None for a file that is not open."""

    uri: str
    version: int | None


class Client(NamedTuple):
    """What the editor has agreed on: how columns are counted, and whether edits may name the number of the text that they are of."""

    encoding: str
    versioned: bool
    markdown: bool


def diagnostics(analysis: Analysis, path: str, client: Client) -> list[lsp.Diagnostic]:
    """Give what is wrong in a file."""
    from lsprotocol import types  # noqa: PLC0415 - the extra `lsp`

    text = analysis.text(path)
    positions = None if text is None else Positions(text, client.encoding)
    severities = {
        api.Level.ERROR: types.DiagnosticSeverity.Error,
        api.Level.WARNING: types.DiagnosticSeverity.Warning,
        api.Level.NOTE: types.DiagnosticSeverity.Information,
    }
    return [
        types.Diagnostic(
            range=_underlined(one, positions),
            severity=severities[one.level],
            code=one.finding.rule if one.finding is not None else None,
            source=SOURCE,
            message=printable(one.message) + (f"\nhelp: {printable(one.help)}" if one.help else ""),
        )
        for one in analysis.problems.get(path, ())
    ]


def _underlined(one: Problem, positions: Positions | None) -> lsp.Range:
    from lsprotocol import types  # noqa: PLC0415 - the extra `lsp`

    if positions is None or one.start is None or one.end is None:
        line, character = (one.place.line or 1) - 1, (one.place.column or 1) - 1
        return types.Range(types.Position(line, character), types.Position(line + 1, 0))
    return range_of(positions, one.start, one.end)


def range_of(positions: Positions, start: int, end: int) -> lsp.Range:
    """Give a range of the protocol, from and to a character."""
    from lsprotocol import types  # noqa: PLC0415 - the extra `lsp`

    return types.Range(types.Position(*positions.point(start)), types.Position(*positions.point(end)))


def problems_in(analysis: Analysis, path: str, wanted: lsp.Range, client: Client) -> Iterator[Problem]:
    """Give the problems of a file that a range touches."""
    text = analysis.text(path)
    if text is None:
        return
    positions = Positions(text, client.encoding)
    first = positions.offset(wanted.start.line, wanted.start.character)
    last = positions.offset(wanted.end.line, wanted.end.character)
    for one in analysis.problems.get(path, ()):
        if one.start is not None and one.end is not None and one.start <= last and first <= one.end:
            yield one


def workspace_edit(analysis: Analysis, edits: Iterable[api.Edit], named: Callable[[str], Document], client: Client) -> lsp.WorkspaceEdit:
    """Give edits as the editor makes them: in the texts that were looked at, and in no later ones, where it can tell them apart."""
    from lsprotocol import types  # noqa: PLC0415 - the extra `lsp`

    by_path: dict[str, list[lsp.TextEdit]] = {}
    known: dict[str, Positions] = {}
    for edit in edits:
        site = edit.site
        if site.path not in known:
            known[site.path] = Positions(analysis.text(site.path) or "", client.encoding)
        change = types.TextEdit(range=range_of(known[site.path], site.start, site.start + len(site.text)), new_text=edit.new)
        by_path.setdefault(site.path, []).append(change)
    if not client.versioned:
        return types.WorkspaceEdit(changes={named(path).uri: changes for path, changes in by_path.items()})
    return types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(text_document=types.OptionalVersionedTextDocumentIdentifier(named(path).uri, named(path).version), edits=[*changes])
            for path, changes in by_path.items()
        ]
    )


def fix_title(edits: Sequence[api.Edit], path: str) -> str:
    """Say what a fix does: what it writes in the file that it is asked for in, and in how many other places."""
    here = [one for one in edits if one.site.path == path] or [*edits]
    others = len(edits) - 1
    said = f"Change {here[0].site.text} to {here[0].new}"
    if len(here) > 1 or "\n" in said or len(said) > LONGEST_TITLE:
        said, others = f"Align {here[0].site.path}", len(edits) - len(here)
    return printable(said) + (f", and {counted(others, 'place')} that follow{'s' if others == 1 else ''}" if others else "")


def hover_text(project: api.Project, site: api.Site, *, markdown: bool) -> str:
    """Say whose version stands there, and why it moves with others or alone."""
    package = site.package
    group = project.group_of(package)
    roles = {
        api.Role.OWN: "The version of",
        api.Role.REQUIREMENT: "A requirement on",
        api.Role.LOCK: "The entry of a lock for",
        api.Role.MIRROR: "A copy of the version of",
        api.Role.NOTES: "The notes of",
    }
    strong, code = ("**{}**".format, _code) if markdown else (str, str)
    lines = [f"{strong(roles[site.role])} {code(package.id)}, which is at {code(str(package.version or 'no version'))} ({code(package.manifest)})"]
    if site.why:
        lines.append(_prose(site.why, markdown=markdown))
    if group is not None and package.group is not None:
        members, why = counted(len(group.packages), "package"), _prose(package.why or group.basis, markdown=markdown)
        lines.append(f"It moves with the group {code(group.name)}, {members} at {code(str(group.version))}: {why}")
    else:
        lines.append(f"It moves on its own: {_prose(package.why.removeprefix('outside: '), markdown=markdown)}")
    if site.weak:
        lines.append("It is not sure that this place moves along, and it is left alone.")
    if site.awaits:
        lines.append("It waits for the release that is to come.")
    return ("\n\n" if markdown else "\n").join(lines)


def _code(text: str) -> str:
    """Give a text of the repository as code, which no character of it can end."""
    shown = printable(text)
    longest = max((len(run) for run in "".join(char if char == "`" else " " for char in shown).split()), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {shown} {fence}" if longest else f"`{shown}`"


def _prose(text: str, *, markdown: bool) -> str:
    """Give words that may hold names of the repository; nothing of them is markup."""
    shown = printable(text)
    return "".join(f"\\{char}" if char in r"\`*_{}[]()<>#+-!|~&" else char for char in shown) if markdown else shown
