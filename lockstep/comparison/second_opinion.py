"""What a stronger witness says of a package, and how its answer and ours become one.

The witness is cargo-semver-checks: it builds both versions and asks what the compiler knows. Where it speaks, its answer wins; where it is silent
about what it looks for, ours is for a person to judge; where it could not answer, nothing is proven.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from lockstep.comparison.rust_pairs import HOLDERS, parent_of
from lockstep.dataclass import dataclass, replace
from lockstep.model import Confidence, Finding, Level, Place, Requires
from lockstep.pattern import pattern
from lockstep.policy.semver import Impact, requires
from lockstep.surface import Item, ItemKind, RustFact, Surface
from lockstep.versions.version import Version

CARGO_SEMVER_CHECKS = "cargo-semver-checks"

LINTS: Mapping[str, str] = {
    "rust-abi-changed": "changed_abi|_unwind",
    "rust-arity-changed": "parameter_count|variadic|receiver",
    "rust-async-changed": "returns_unit",
    "rust-bounds-changed": "generic|sized_impl",
    "rust-const-lost": "const_removed",
    "rust-copy-added": "copy_impl_added",
    "rust-derive-helper-removed": "derive_helper",
    "rust-discriminant-changed": "discriminant",
    "rust-field-added": "adds_field|field_added",
    "rust-field-removed": "field_missing|changed",
    "rust-function-made-unsafe": "unsafe",
    "rust-generics-changed": "generic",
    "rust-implementation-lost": "impl_removed",
    "rust-item-conditional": "missing|feature",
    "rust-item-deprecated": "deprecated",
    "rust-item-hidden": "doc_hidden|missing",
    "rust-item-left-crate": "missing|doc_hidden",
    "rust-item-removed": "missing|no_longer_exported|removed|doc_hidden",
    "rust-kind-changed": "changed|became|missing|_to_",
    "rust-method-removed": "missing|removed|doc_hidden",
    "rust-must-use-added": "must_use",
    "rust-non-exhaustive-added": "non_exhaustive",
    "rust-order-changed": "reordered",
    "rust-private-field-added": "private_field|changed_type|field",
    "rust-receiver-changed": "receiver",
    "rust-repr-changed": "repr",
    "rust-return-lost": "return",
    "rust-shape-changed": "changed|plain_struct|field|missing",
    "rust-static-changed": "static",
    "rust-supertrait-added": "supertrait",
    "rust-supertrait-removed": "supertrait",
    "rust-trait-default-removed": "default",
    "rust-trait-item-added": "^trait_.*_added",
    "rust-trait-item-removed": "missing|removed|doc_hidden",
    "rust-trait-made-unsafe": "unsafe",
    "rust-trait-objects-lost": "dyn_compatible",
    "rust-trait-sealed": "sealed",
    "rust-type-changed": "return|receiver|generic|changed",
    "rust-variant-added": "variant_added",
    "rust-variant-field-added": "field_added",
    "rust-variant-removed": "variant_missing|doc_hidden",
}
"""By rule, the names of the lints that speak of the same fault."""
COVERED = frozenset(
    {
        "rust-arity-changed",
        "rust-const-lost",
        "rust-field-added",
        "rust-field-removed",
        "rust-function-made-unsafe",
        "rust-item-removed",
        "rust-method-removed",
        "rust-non-exhaustive-added",
        "rust-trait-made-unsafe",
        "rust-variant-added",
        "rust-variant-removed",
    }
)
"""The rules whose faults the witness looks for wherever they are: of those that it does not find, it says that they are none.

What it looks for in some cases only (signatures, bounds, derives, layouts, kinds) is not here: its silence says nothing of them.
"""
_LISTED = frozenset({ItemKind.STRUCT, ItemKind.ENUM, ItemKind.UNION, ItemKind.FUNCTION, ItemKind.TRAIT, ItemKind.CONSTANT, ItemKind.STATIC})
"""What it misses when its path is gone; of macros, modules and aliases it does so in some cases only."""
BLANKET = frozenset({"borrow", "borrow_mut", "clone_into", "from", "into", "to_owned", "to_string", "try_from", "try_into", "type_id"})
"""Methods that traits of the standard library give to every type: where one of its own is gone, the witness still finds one."""
_WORD = pattern(r"\w+")
_PATH = pattern(r"\b[A-Za-z_]\w*(?:(?:::|\.|:)\w+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class LintResult:
    """One thing that the witness found: its lint and what that is about, the step by the rules of 1.0 and later, the item, and where it stands.

    `before` says that this is a place of the older moment. `place` is None where it is not in the repository.
    """

    lint: str
    title: str
    text: str
    requires: Requires
    place: Place | None = None
    before: bool = False

    @property
    def names(self) -> frozenset[str]:
        """The words in it."""
        return frozenset(_WORD.findall(self.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondOpinion:
    """The answer of a witness about one package; `why` says why there is none, `limits` what it did not look at.

    `whole` says that the project has not told it to pass over anything. `place` is the package's manifest.
    """

    package: str
    place: Place
    witness: str = CARGO_SEMVER_CHECKS
    version: str = ""
    lints: tuple[LintResult, ...] = ()
    why: str = ""
    limits: str = ""
    whole: bool = True

    @property
    def answered(self) -> bool:
        """Whether it could answer."""
        return not self.why


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reconciliation:
    """A second opinion beside the surfaces that it is about."""

    opinion: SecondOpinion
    base: Surface
    head: Surface
    version: Version

    def item(self, result: LintResult) -> tuple[Item | None, Item | None]:
        """Give the item that something was said about, before and after, as far as our own reading has it."""
        surface = self.base if result.before else self.head
        at = _place_key(result.place) if result.place is not None else None
        here = [one for one in surface.items.values() if _place_key(one.place) == at and _last(one.path) in result.names]
        found = max(here, key=lambda one: (len(set(_WORD.findall(one.path)) & result.names), -len(one.path)), default=None)
        if found is None:
            return None, None
        return self.base.items.get(found.path), self.head.items.get(found.path)

    def symbol(self, result: LintResult) -> str:
        """Name what something was said about: as our reading names it, or as the witness does."""
        found = next((one for one in self.item(result) if one is not None), None)
        if found is not None:
            return found.path
        named = _PATH.search(result.text)
        if named is not None:
            return named[0]
        words = result.text.split()
        return words[1] if len(words) > 1 else result.text

    def reconciled(self, every: Sequence[Finding]) -> list[Finding]:
        """Make one answer of ours and theirs; there is one finding of theirs for each thing that was said, in that order."""
        findings, theirs = [one for one in every if one.lint is None], [one for one in every if one.lint is not None]
        if not self.opinion.answered:
            return findings
        matched: dict[int, list[LintResult]] = {}
        alone: list[Finding] = []
        named = paths_by_place(self.base), paths_by_place(self.head)
        for result, finding in zip(self.opinion.lints, theirs, strict=True):
            known = with_user_paths(result, *named)
            same = [index for index, one in enumerate(findings) if _has_same_weight(one, result) and same_symbol(one, known)]
            fitting = [index for index in same if re.search(LINTS.get(findings[index].rule, "$^"), result.lint)]
            for index in fitting:
                matched.setdefault(index, []).append(result)
            if not fitting:
                alone.append(finding)
        return [*(self._judged(one, matched.get(index, [])) for index, one in enumerate(findings)), *alone]

    def _judged(self, one: Finding, results: Sequence[LintResult]) -> Finding:
        """Give a finding of ours as the witness leaves it."""
        if results:
            return self._confirmed(one, results)
        return self._doubted(one) if self._contradicts(one) else one

    def _confirmed(self, one: Finding, results: Sequence[LintResult]) -> Finding:
        lints = ", ".join(dict.fromkeys(result.lint for result in results))
        if not self._is_promised(one):  # an item of which nothing is promised may break, whoever sees it
            return replace(one, lint=lints)
        impact = Impact.BREAKING if any(result.requires is Requires.MAJOR for result in results) else Impact.ADDITION
        level = Level.ERROR if impact is Impact.BREAKING else Level.NOTE
        return replace(one, lint=lints, level=level, requires=requires(impact, self.version), confidence=Confidence.CERTAIN)

    def _is_promised(self, one: Finding) -> bool:
        found = self._items(one)
        return all(item.stability.value == "stable" for item in found)

    def _items(self, one: Finding) -> list[Item]:
        return [items[symbol] for items in (self.base.items, self.head.items) if (symbol := one.symbol or "") in items]

    def _contradicts(self, one: Finding) -> bool:
        """Say whether the witness looked for this very fault, in what it built, and did not find it."""
        if one.rule not in COVERED or not self.opinion.whole or one.confidence is not Confidence.CERTAIN or one.level is not Level.ERROR:
            return False
        found = self._items(one)
        if one.rule == "rust-method-removed" and _last(one.symbol or "") in BLANKET:
            return False
        if one.rule == "rust-item-removed" and not all(item.kind in _LISTED for item in found):
            return False
        holder = self.base.items.get(parent_of(one.symbol or ""))
        if (
            holder is not None
            and holder.kind in HOLDERS
            and any(result.requires is Requires.MAJOR and _last(holder.path) in result.names for result in self.opinion.lints)
        ):
            return False  # it was told of the type, with this in it
        uncertain = {RustFact.VARIES, RustFact.FOREIGN, RustFact.ALIAS}
        return bool(found) and not any(item.condition is not None or uncertain & item.traits for item in found)

    def _doubted(self, one: Finding) -> Finding:
        return replace(
            one,
            level=Level.WARNING,
            confidence=Confidence.REVIEW,
            requires=requires(Impact.REVIEW, self.version),
            message=f"{one.message}; {self.opinion.witness}, which built both, does not find it",
            help="see whether code that uses it still compiles: the source alone says that it does not",
        )


PathsByPlace: TypeAlias = Mapping[tuple[str, int | None], Sequence[tuple[frozenset[str], str]]]
"""For each place the paths by which users know what stands there, with the names that it has itself."""


def paths_by_place(surface: Surface) -> PathsByPlace:
    """Give the paths of a surface by place: a type is met under names that are not its own."""
    found: dict[tuple[str, int | None], list[tuple[frozenset[str], str]]] = {}
    for one in surface.items.values():
        origin = surface.items.get(one.origin, one)
        names = frozenset({_last(origin.path), *_WORD.findall(origin.signature)[1:2]})
        found.setdefault(_place_key(origin.place), []).append((names, one.path))
    return found


def with_user_paths(result: LintResult, base: PathsByPlace, head: PathsByPlace) -> LintResult:
    """Add the paths of what was said something about; the witness calls it by its own name, which may be none that users know."""
    here = (base if result.before else head).get(_place_key(result.place), ()) if result.place is not None else ()
    return replace(result, text=" ".join([result.text, *(path for names, path in here if names & result.names)]))


def _has_same_weight(one: Finding, result: LintResult) -> bool:
    """Say whether a finding may be the one that the witness speaks of: a break, or what may be one, where it says that something breaks."""
    return (one.level is Level.ERROR or one.confidence is Confidence.REVIEW) is (result.requires is Requires.MAJOR)


def same_symbol(one: Finding, result: LintResult) -> bool:
    """Say whether two findings are about one symbol, or ours about what the other's stands in."""
    path = (one.symbol or "").removeprefix("mod ").rstrip("!")
    if one.rule == "rust-discriminant-changed" and result.lint.endswith("variant_discriminant_changed"):  # of several that move, ours tells the first
        return path.split("::")[-2] in result.names
    if path and re.search(rf"\b{re.escape(path)}::", result.text):
        return True
    if one.rule == "rust-private-field-added" and result.lint == "constructible_struct_adds_private_field":  # ours names the struct alone
        return path.rpartition("::")[2] in result.names and result.place is not None and one.place.path == result.place.path
    parts = [part for part in re.split(r"::|\.", path) if part][1:]
    if not parts or parts[-1] not in result.names:
        return False
    return len(parts) == 1 or parts[-2] in result.names or (result.place is not None and _place_key(one.place) == _place_key(result.place))


def _place_key(place: Place) -> tuple[str, int | None]:
    return place.path, place.line


def _last(path: str) -> str:
    words = _WORD.findall(path)
    return words[-1] if words else ""
