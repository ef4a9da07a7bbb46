"""What does a change of a surface break? Evidence: a Comparison.

A rule here names the surfaces that it knows in `SURFACES`, says what its fault does in `IMPACT`, and makes its findings with
`Comparison.finding`, which knows the policy, the stability of the item and its places.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from lockstep.comparison.c_abi import Break, breaks
from lockstep.comparison.c_abi import Fault as CFault
from lockstep.comparison.python_pairs import PythonPairs
from lockstep.comparison.rust_pairs import RustPairs
from lockstep.comparison.second_opinion import Reconciliation, SecondOpinion
from lockstep.dataclass import dataclass, replace
from lockstep.model import Confidence, Finding, Level, Requires
from lockstep.policy.semver import Impact, requires
from lockstep.surface import Item, RustFact, Stability, Surface, Trait
from lockstep.versions.version import Version

NAMES: tuple[str, ...] = (
    "abstract_method_added",
    "attribute_left_class",
    "attribute_made_final",
    "attribute_type_changed",
    "c_abi_version_unchanged",
    "c_constant_changed",
    "c_constant_removed",
    "c_function_changed",
    "c_header_removed",
    "c_item_added",
    "c_item_conditional",
    "c_struct_changed",
    "c_symbol_removed",
    "c_type_changed",
    "c_type_removed",
    "cargo_dependency_added",
    "cargo_dependency_floor_raised",
    "cargo_feature_added",
    "cargo_feature_removed",
    "class_base_lost",
    "class_bases_reordered",
    "class_equality_lost",
    "class_made_abstract",
    "class_made_final",
    "class_made_frozen",
    "class_made_unhashable",
    "class_made_unordered",
    "class_slots_added",
    "constant_type_changed",
    "constant_value_changed",
    "context_manager_changed",
    "declared_constant_changed",
    "declared_file_removed",
    "declared_file_touched",
    "declared_value_added",
    "declared_value_removed",
    "decorator_added",
    "default_changed",
    "default_feature_added",
    "default_feature_dropped",
    "dependency_major_changed",
    "edition_raised",
    "enum_members_reordered",
    "enum_text_changed",
    "enum_value_changed",
    "extra_added",
    "extra_removed",
    "feature_entry_dropped",
    "function_made_async",
    "function_made_sync",
    "generator_changed",
    "go_constant_changed",
    "go_identifier_added",
    "go_identifier_removed",
    "go_interface_method_added",
    "go_module_path_changed",
    "go_signature_changed",
    "go_type_changed",
    "go_version_raised",
    "kind_changed",
    "metaclass_changed",
    "method_made_final",
    "method_needs_instance",
    "name_added",
    "name_conditional",
    "name_deprecated",
    "name_removed",
    "name_unlisted",
    "namedtuple_fields_changed",
    "optional_dependency_removed",
    "overload_removed",
    "parameter_added",
    "parameter_made_keyword_only",
    "parameter_made_positional_only",
    "parameter_made_required",
    "parameter_moved",
    "parameter_removed",
    "parameter_renamed",
    "parameter_shadows_keyword",
    "parameter_type_narrowed",
    "platform_lost",
    "property_deleter_removed",
    "property_setter_removed",
    "protocol_made_nominal",
    "protocol_member_added",
    "protocol_member_changed",
    "protocol_member_removed",
    "python_cap_lowered",
    "python_dependency_added",
    "python_dependency_cap_lowered",
    "python_dependency_floor_raised",
    "python_dependency_removed",
    "python_floor_raised",
    "required_parameter_added",
    "return_type_widened",
    "runtime_check_dropped",
    "rust_abi_changed",
    "rust_arity_changed",
    "rust_async_changed",
    "rust_bounds_changed",
    "rust_const_lost",
    "rust_copy_added",
    "rust_derive_helper_removed",
    "rust_discriminant_changed",
    "rust_field_added",
    "rust_field_removed",
    "rust_function_made_unsafe",
    "rust_generics_changed",
    "rust_implementation_lost",
    "rust_item_added",
    "rust_item_conditional",
    "rust_item_deprecated",
    "rust_item_hidden",
    "rust_item_left_crate",
    "rust_item_removed",
    "rust_kind_changed",
    "rust_method_removed",
    "rust_must_use_added",
    "rust_non_exhaustive_added",
    "rust_order_changed",
    "rust_private_field_added",
    "rust_receiver_changed",
    "rust_repr_changed",
    "rust_return_lost",
    "rust_shape_changed",
    "rust_static_changed",
    "rust_supertrait_added",
    "rust_supertrait_removed",
    "rust_trait_default_removed",
    "rust_trait_item_added",
    "rust_trait_item_removed",
    "rust_trait_made_unsafe",
    "rust_trait_objects_lost",
    "rust_trait_sealed",
    "rust_type_changed",
    "rust_variant_added",
    "rust_variant_field_added",
    "rust_variant_removed",
    "rust_version_disagrees",
    "rust_version_raised",
    "schema_key_added",
    "schema_key_made_optional",
    "schema_key_made_required",
    "schema_key_removed",
    "schema_type_narrowed",
    "schema_type_widened",
    "schema_value_added",
    "schema_value_removed",
    "semver_check_failed",
    "stable_abi_dropped",
    "stable_abi_floor_raised",
    "stub_disagrees",
    "type_alias_changed",
    "type_parameter_narrowed",
    "type_parameters_changed",
    "typed_dict_key_added",
    "typed_dict_key_removed",
    "typed_dict_key_requirement_changed",
    "typing_name_removed",
    "variadic_parameter_removed",
)

LONGEST_SIGNATURE = 20_000
"""Characters of a signature that each finding about it shows."""
_DEPRECATED = {Trait.DEPRECATED, RustFact.DEPRECATED}
LEVELS = {
    Impact.BREAKING: Level.ERROR,
    Impact.TYPING: Level.WARNING,
    Impact.ENVIRONMENT: Level.WARNING,
    Impact.REVIEW: Level.WARNING,
    Impact.ADDITION: Level.NOTE,
    Impact.NOTE: Level.NOTE,
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """One surface of one package at two moments; `version` is the package's at the first, `strict` counts typing breaks as breaks.

    `opinion` is what a stronger witness says of it. `code` is, beside a crate's manifest, the Rust that it offered at the first; None where none was read.
    """

    base: Surface
    head: Surface
    version: Version
    strict: bool = False
    opinion: SecondOpinion | None = None
    code: Surface | None = None

    @property
    def reconciliation(self) -> Reconciliation | None:
        """What a stronger witness says, beside the surfaces; None where none was asked."""
        if self.opinion is None:
            return None
        return Reconciliation(opinion=self.opinion, base=self.base, head=self.head, version=self.version)

    def pairs(self) -> Iterator[tuple[Item, Item]]:
        """Give every item that is there in both versions."""
        for path, old in self.base.items.items():
            if (new := self.head.items.get(path)) is not None:
                yield old, new

    def before_and_after(self, path: str) -> tuple[Item | None, Item | None]:
        """Give the item at a path as it was and as it is, None where it is not there."""
        return self.base.items.get(path), self.head.items.get(path)

    def is_added(self, path: str) -> bool:
        """Say whether an item is new."""
        return path in self.head.items and path not in self.base.items

    def is_removed(self, path: str) -> bool:
        """Say whether an item was removed."""
        return path in self.base.items and path not in self.head.items

    def removed(self) -> Iterator[Item]:
        """Give every item that was removed."""
        return (item for path, item in self.base.items.items() if path not in self.head.items)

    def added(self) -> Iterator[Item]:
        """Give every item that is new."""
        return (item for path, item in self.head.items.items() if path not in self.base.items)

    @property
    def python(self) -> PythonPairs:
        """What became of the names of a Python package."""
        return _python_pairs(self)

    @property
    def rust(self) -> RustPairs:
        """What became of the paths of a Rust crate."""
        return _rust_pairs(self)

    @property
    def c(self) -> tuple[Break, ...]:
        """What broke in the headers of a C library."""
        return _c_breaks(self)

    def c_findings(self, fault: CFault, *, rule: str, impact: Impact, help: str) -> Iterator[Finding]:  # noqa: A002 - the field's name
        """Make a finding of every break of one kind in C headers; a person must look at one that is not certain."""
        for one in self.c:
            if one.fault is fault:
                yield self.finding(rule=rule, impact=impact if one.sure else Impact.REVIEW, old=one.old, new=one.new, message=one.message, help=help)

    def contradiction(self, *, rule: str, level: Level, old: Item | None, new: Item | None, message: str, help: str) -> Finding:  # noqa: A002 - likewise
        """Make a finding about what the head says twice: no version makes that right, so that no step is required."""
        found = self.finding(rule=rule, impact=Impact.REVIEW, old=old, new=new, message=message, help=help)
        return replace(found, level=level, requires=None, confidence=Confidence.CERTAIN)

    def finding(
        self,
        *,
        rule: str,
        impact: Impact,
        old: Item | None,
        new: Item | None,
        message: str,
        help: str,  # noqa: A002 - the field's name
        witness: str | None = None,
        unless: Trait | None = None,
    ) -> Finding:
        """Make a finding about an item: it stands at the new place, or where the item was.

        What an unknown decorator may have changed, which the trait `unless` says of one of the two, is for a person to judge.
        What is written to be called from another language is promised there: a break of it for Rust is for a person to judge.
        """
        item = new or old
        assert item is not None
        if unless is not None and any(unless in one.traits for one in (old, new) if one is not None):
            impact, witness = Impact.REVIEW, None
            help = f"check what callers of {item.name} get: what the decorator above it puts in its place is not known here"  # noqa: A001 - likewise
        if RustFact.BRIDGED in item.traits:
            impact = {Impact.BREAKING: Impact.REVIEW, Impact.ADDITION: Impact.NOTE}.get(impact, impact)
        if new is None and old is not None and _DEPRECATED & old.traits:
            help = f"it was deprecated: {old.deprecation}" if old.deprecation else "it was deprecated: say in the notes what to use instead"  # noqa: A001 - likewise
        unstable = Stability.STABLE not in {one.stability for one in (old, new) if one is not None}
        return Finding(
            rule=rule,
            level=Level.NOTE if unstable else LEVELS[impact],
            place=item.place,
            message=message,
            help=help,
            requires=Requires.PATCH if unstable else requires(impact, self.version, strict=self.strict),
            confidence=Confidence.REVIEW if impact is Impact.REVIEW else Confidence.CERTAIN,
            surface=self.base.surface,
            package=self.base.package,
            symbol=item.path,
            old=_shown(old),
            new=_shown(new),
            witness=witness,
            instead=item.deprecation,
        )


def _shown(item: Item | None) -> str | None:
    """Give the signature of an item, of a very long one its beginning: every finding about it repeats it."""
    if item is None or len(item.signature) <= LONGEST_SIGNATURE:
        return item.signature if item is not None else None
    return f"{item.signature[:LONGEST_SIGNATURE]} ..."


@lru_cache(maxsize=4)
def _python_pairs(comparison: Comparison) -> PythonPairs:
    """Match names once for all rules; a comparison is equal to itself alone."""
    return PythonPairs(comparison.base, comparison.head)


@lru_cache(maxsize=4)
def _rust_pairs(comparison: Comparison) -> RustPairs:
    """Match paths once for all rules."""
    return RustPairs(comparison.base, comparison.head)


@lru_cache(maxsize=4)
def _c_breaks(comparison: Comparison) -> tuple[Break, ...]:
    """Compare headers once for all rules."""
    return tuple(breaks(comparison.base, comparison.head))
