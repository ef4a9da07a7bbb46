"""What the code says of itself, as pages: the rules from their docstrings, the commands from their `--help`.

The pages are written before each build of the site, so that none can be stale; in a terminal `lockstep explain` and `--help` say the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from lockstep import cli, rules
from lockstep.model import Rule
from lockstep.registry import members

ROOMS = {
    "consistency": ("Versions, requirements, locks", "Asked by `lockstep check` and before each `lockstep bump`."),
    "package": ("What became of a package", "Asked by `lockstep diff` about packages that are published no more, new, or called otherwise."),
    "policy": ("Changes of the configuration", "Asked by `lockstep diff --base` about a change that alters what judges it."),
    "tag": ("Release tags", "Asked by `lockstep check --tag` and `lockstep gate tag`."),
    "ci": ("Runs of the gated workflows", "Asked by `lockstep gate ci`: see [the gates of a release](../../gate.md)."),
    "compat": (
        "Breaks",
        "Asked by `lockstep diff`, `lockstep bump` and `lockstep changelog`. [Policy](../../policy.md) says what each asks of the version.",
    ),
    "waiver": ("Waivers", "Asked by `lockstep diff` about the waivers of the configuration."),
    "notes": ("Changelog and migration notes", "Asked by `lockstep changelog check` and `lockstep check --release`."),
    "workflow": ("Release workflows", "Asked by `lockstep audit workflow`."),
    "artifacts": ("Built files", "Asked by `lockstep release seal` about every file of a release."),
    "assembly": ("The files of a release together", "Asked by `lockstep release seal`."),
    "published": ("A release that is out", "Asked by `lockstep release verify` about what registries, GitHub and docs.rs have of it."),
    "publishers": ("Publishers at the registries", "Asked by `lockstep audit publishers`: see [the gates of a release](../../gate.md)."),
    "settings": ("GitHub's settings", "Asked by `lockstep audit settings`: see [the gates of a release](../../gate.md)."),
}
"""The title of each folder of rules, and who asks them; a folder that is not here is called by its name."""
SURFACES = {
    "python": "Python packages and native modules",
    "rust": "Rust crates",
    "c": "C headers",
    "go": "Go packages",
    "cargo-manifest": "Cargo manifests",
    "python-manifest": "Python manifests",
    "declared": "Declared promises",
}
"""The kinds of surface, in the order of the page; the rules of others stand below their names."""


def write(folder: Path) -> None:
    """Write all pages into a folder; those that are as they should be keep their time, so that the next build is quick."""
    pages = {**dict(_rules()), "commands.md": _commands()}
    for path in folder.rglob("*.md"):
        if path.relative_to(folder).as_posix() not in pages:
            path.unlink()
    for name, text in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


# ---- rules


def _rules() -> Iterator[tuple[str, str]]:
    pages = [page for room in sorted(rules.ROOMS, key=[*ROOMS, *rules.ROOMS].index) for page in _room(room)]
    tables = []
    for name, title, asked, every in pages:
        yield name, f"# {title}\n\n{asked}\n\n" + "\n".join(map(_manual, every))
        rows = "".join(f"| [{one.id}]({one.id}) | {one.level} | {_cell(one.doc.splitlines()[0])} |\n" for one in every)
        tables.append(f"## [{title}]({name.removeprefix('rules/')})\n\n| rule | level | |\n| --- | --- | --- |\n{rows}")
    toctree = "\n".join(name.removeprefix("rules/").removesuffix(".md") for name, *_ in pages)
    text = (
        f"# Rules\n\nEvery finding carries the name of its rule. `lockstep explain RULE` shows the same manual in a terminal, `lockstep explain` lists all"
        f" {len(rules.every_rule())}.\n\n```{{toctree}}\n:hidden:\n\n{toctree}\n```\n\n"
    )
    yield "rules/index.md", text + "\n".join(tables)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _room(room: str) -> Iterator[tuple[str, str, str, list[Rule[Any]]]]:
    """Give the pages of a folder of rules: file, title, who asks, the rules by name. `compat` has a page for each surface."""
    title, asked = ROOMS.get(room, (room.capitalize(), ""))
    every = sorted(rules.rules(room), key=lambda rule: rule.id)
    if room != "compat":
        yield f"rules/{room}.md", title, asked, every
        return
    folder = rules.room(room)
    modules = {module.__name__.rpartition(".")[2].replace("_", "-"): module for module in members(folder.__name__, folder.NAMES)}
    by_surface: dict[str, list[Rule[Any]]] = {name: [] for name in SURFACES}
    for rule in every:
        by_surface.setdefault(modules[rule.id].SURFACES[0], []).append(rule)
    for surface, chosen in by_surface.items():
        if chosen:
            yield f"rules/{room}-{surface}.md", f"{title}: {SURFACES.get(surface, surface.capitalize())}", asked, chosen


def _manual(rule: Rule[Any]) -> str:
    first, _, rest = rule.doc.partition("\n")
    body = re.sub(r"^## (.*)$", r"**\1**\n", rest.strip(), flags=re.MULTILINE)
    body = re.sub(r"^```(\S+) .*$", r"```\1", body, flags=re.MULTILINE)
    return f"({rule.id})=\n\n## {rule.id}\n\n{first}\n\n*{rule.level}, since {rule.since}*\n\n{body}\n"


# ---- commands


def _commands() -> str:
    command = typer.main.get_command(cli.app())
    text = "# Commands\n\nWhat `--help` prints. Exit codes are the same for every command and format: see [exit codes](../exit-codes.md).\n\n"
    return text + "\n".join(_command(words, one) for words, one in _walk(("lockstep",), command))


def _walk(words: tuple[str, ...], command: Any) -> Iterator[tuple[tuple[str, ...], Any]]:  # noqa: ANN401 - typer's classes are not public
    yield words, command
    for name, one in getattr(command, "commands", {}).items():
        yield from _walk((*words, name), one)


def _command(words: tuple[str, ...], command: Any) -> str:  # noqa: ANN401
    context = typer.Context(command, info_name=" ".join(words), max_content_width=100, terminal_width=100)
    return f"## {' '.join(words)}\n\n```text\n{command.get_help(context)}\n```\n"
