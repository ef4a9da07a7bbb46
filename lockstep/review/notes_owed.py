"""A compatibility review becomes what the changelog owes: one change a symbol, whatever number of rules and surfaces saw it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from functools import cache

from lockstep.changelog.changes import Change, ChangeKind
from lockstep.changelog.mentions import symbol_parts
from lockstep.dataclass import replace
from lockstep.model import Confidence, Finding, Requires
from lockstep.policy.semver import Impact, requires
from lockstep.registry import members
from lockstep.review.review import Review
from lockstep.rules import room, rules
from lockstep.surface import Item, Stability, Surface
from lockstep.versions.version import Version

ROOMS = ("compat", "package")
"""The rules whose findings a changelog owes something."""
_OWED = (Impact.BREAKING, Impact.TYPING, Impact.ENVIRONMENT)
_LANGUAGES = (("python", "python"), ("pyo3", "python"), ("native", "python"), ("rust", "rust"), ("cargo", "toml"), ("c", "c"), ("go", "go"))


def impacts() -> dict[str, Impact]:
    """Give what each compatibility rule's fault does, by the rule's id."""
    folders = [room(name) for name in ROOMS]
    modules = [module for folder in folders for module in members(folder.__name__, folder.NAMES)]
    found = {module.__name__.rpartition(".")[2].replace("_", "-"): getattr(module, "IMPACT", None) for module in modules}
    return {name: impact for name, impact in found.items() if isinstance(impact, Impact)}


def owed(review: Review, *, additions: bool = True) -> tuple[Change, ...]:
    """Give what a step owes its changelog: breaks first, then `additions` where they are wanted, each symbol once."""
    known = impacts()
    breaks = [
        _change(one, ChangeKind.TYPING if known[one.rule] is Impact.TYPING else ChangeKind.BREAK)
        for one in review.findings
        if _is_break(one, known, _version(review, one))
    ]
    if not additions:
        return tuple(merged(breaks))
    told = [_change(one, ChangeKind.ADDITION) for one in review.findings if known.get(one.rule) is Impact.ADDITION and one.symbol]
    return (*merged(breaks), *merged([*told, *_added(review)]))


@cache
def _why(rule: str) -> str:
    """Give the first sentence of what a rule's manual says about its reason."""
    doc = next((one.doc for name in ROOMS for one in rules(name) if one.id == rule), "")
    _, _, said = doc.partition("## Why\n")
    return " ".join(said.partition("\n\n")[0].split()).partition(". ")[0].rstrip(".")


def _is_break(one: Finding, known: dict[str, Impact], version: Version) -> bool:
    """Say whether a finding owes a note: not where a person must look first, nor where nothing was promised."""
    impact = known.get(one.rule)
    if impact not in _OWED or not one.symbol or one.confidence is not Confidence.CERTAIN:
        return False
    promised = requires(impact, version)
    return impact is Impact.TYPING or promised is Requires.PATCH or one.requires is not Requires.PATCH


def _version(review: Review, one: Finding) -> Version:
    mine = (package.version for package in review.base.packages if package.name == one.package and package.version is not None)
    return next(mine, None) or review.base.version or Version(release=(0, 1, 0))


def _change(one: Finding, kind: ChangeKind) -> Change:
    return Change(
        kind=kind,
        symbol=one.symbol or "",
        message=one.message,
        place=one.place,
        package=one.package,
        rule=one.rule,
        old=one.old,
        new=one.new,
        witness=one.witness,
        language=language(one.surface or ""),
        why=_why(one.rule),
        instead=one.instead,
    )


def language(surface: str) -> str:
    """Give the language that the signatures of a surface are written in, "" where there is none."""
    if surface.endswith("-manifest"):
        return "toml"
    return next((name for start, name in _LANGUAGES if surface.startswith(start)), "")


def _added(review: Review) -> Iterator[Change]:
    """Give the names that are new: a new class, not its methods; not those that nobody promised."""
    before = {(one.surface, one.package): one for one in review.base.surfaces}
    private = {package.name for package in review.head.packages if package.publish is False}
    private -= {package.name for package in review.head.packages if package.publish is not False}
    for head in review.head.surfaces:
        base = before.get((head.surface, head.package))
        if base is None or head.package in private or head.surface.endswith("-manifest"):
            continue
        yield from (_addition(head, item) for item in _new(base, head))


def _new(base: Surface, head: Surface) -> Iterator[Item]:
    if base.items is head.items:
        return
    fresh = {path: item for path, item in head.items.items() if path not in base.items and item.stability is Stability.STABLE}
    moved = {item.origin for item in base.items.values() if item.origin}
    for path, item in fresh.items():
        names = _above(path)
        if not any(name in fresh for name in names) and not any(part.startswith("_") for part in symbol_parts(path)) and item.origin not in moved:
            yield item


def _above(path: str) -> list[str]:
    """Give the paths above a path, by either separator."""
    found = []
    for separator in ("::", ".", "#"):
        names = path.split(separator)
        found += [separator.join(names[:number]) for number in range(1, len(names))]
    return found


def _addition(surface: Surface, item: Item) -> Change:
    return Change(
        kind=ChangeKind.ADDITION,
        symbol=item.path,
        message=f"{item.path} is new",
        place=item.place,
        package=surface.package,
        new=item.signature,
        language=language(surface.surface),
        kin=(item.origin,) if item.origin and item.origin != item.path else (),
    )


def merged(changes: Iterable[Change]) -> list[Change]:
    """Join what is said about one symbol, and about one thing under several paths: the shortest path names it."""
    found: list[Change] = []
    known: dict[Hashable, int] = {}
    for one in sorted(changes, key=lambda one: (len(symbol_parts(one.symbol)), one.symbol, not one.rule)):
        said = "" if one.kind is ChangeKind.ADDITION else f"\0{one.message}"
        paths: list[Hashable] = [f"{path}{said}" for path in (one.symbol, *one.kin)]
        if one.place.line is not None:
            paths.append(_thing(one))
        number = next((known[path] for path in paths if path in known), len(found))
        if number == len(found):
            found.append(one)
        else:
            first = found[number]
            kin = dict.fromkeys((*first.kin, *(path for path in (one.symbol, *one.kin) if path != first.symbol)))
            found[number] = replace(first, kin=tuple(kin))
        known |= dict.fromkeys(paths, number)
    return sorted(found, key=lambda one: (one.place.path, one.place.line or 0, one.symbol))


def _thing(one: Change) -> Hashable:
    """Give what is the same of one thing under several paths: what is said of its name, and where. A macro may write members of many types there."""
    path = symbol_parts(one.symbol)
    owner = path[-2] if len(path) > 1 and path[-2][:1].isupper() else ""
    message = one.message.replace(one.symbol, path[-1]) if path else one.message
    return one.kind, one.place, one.rule, one.old, one.new, owner, path[-1:], message
