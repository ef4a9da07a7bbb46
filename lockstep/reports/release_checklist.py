"""The checklist of a release, as text, Markdown and JSON."""

from __future__ import annotations

from lockstep.release.checklist import Checklist, Item, Mark
from lockstep.reports.escape import markdown_text, printable
from lockstep.reports.style import Painter, Style
from lockstep.wording import counted

_BOXES = {Mark.DONE: "[x]", Mark.OPEN: "[ ]", Mark.REFUSED: "[!]", Mark.UNSEEN: "[?]", Mark.PERSON: "[ ]"}
_STYLES = {Mark.DONE: Style.NEW, Mark.REFUSED: Style.ERROR, Mark.UNSEEN: Style.WARNING}


def text(found: Checklist, paint: Painter | None = None) -> str:
    """Write it for people: a line for each step, what was observed, and the next step."""
    paint = paint or Painter()
    lines = [paint(Style.STRONG, f"{printable(found.tag)}: {_summary(found)}"), ""]
    for one in found.items:
        box = paint(_STYLES[one.mark], _BOXES[one.mark]) if one.mark in _STYLES else _BOXES[one.mark]
        lines.append(f"{box} {_title(one)}: {printable(one.why)}")
        lines += [f"      help: {printable(one.help)}"] if one.help else []
    return "\n".join([*lines, ""])


def markdown(found: Checklist) -> str:
    """Write it as a task list, for an issue or the summary of a job."""
    lines = [f"### {markdown_text(found.tag)}: {_summary(found)}", ""]
    for one in found.items:
        sign = {Mark.REFUSED: " **refused**:", Mark.UNSEEN: " *not visible*:"}.get(one.mark, "")
        box = "[x]" if one.mark is Mark.DONE else "[ ]"
        lines.append(f"- {box}{sign} {markdown_text(_title(one))}: {markdown_text(one.why)}" + (f" (`{one.help}`)" if one.help else ""))
    return "\n".join([*lines, ""])


def data(found: Checklist) -> dict[str, object]:
    """Give it as a JSON document."""
    items = [{"id": one.id, "title": one.title, "mark": one.mark.value, "why": one.why, "help": one.help or None} for one in found.items]
    state = "refused" if found.refused else "incomplete" if found.left else "complete"
    said = {"group": found.group, "version": found.version, "tag": found.tag, "tagged": found.tagged}
    return {"schema": 1, "command": "release checklist", **said, "state": state, "items": items}


def _title(one: Item) -> str:
    return printable(f"{one.title} (a person)" if one.mark is Mark.PERSON else one.title)


def _summary(found: Checklist) -> str:
    counts = {mark: sum(one.mark is mark for one in found.items) for mark in Mark}
    said = [f"{counts[mark]} {mark.value}" for mark in (Mark.DONE, Mark.REFUSED, Mark.UNSEEN, Mark.OPEN) if counts[mark]]
    return f"{counted(len(found.items), 'step')}: {', '.join([*said, f'{counts[Mark.PERSON]} for a person'])}"
