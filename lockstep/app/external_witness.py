"""Asking a witness: both moments as folders outside of the repository, and cargo-semver-checks about every crate that both have."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lockstep.comparison.packages import published_packages
from lockstep.comparison.second_opinion import CARGO_SEMVER_CHECKS, SecondOpinion
from lockstep.evidence.semver_checks import Program, Roots
from lockstep.model import Ecosystem, Package, Place
from lockstep.repository.export import export, temporary_folder

if TYPE_CHECKING:
    from lockstep.app.session import Session
    from lockstep.review.review import Moment


def ask_witness(before: Session, old: Moment, head: Session, new: Moment, say: Callable[[str], None]) -> tuple[SecondOpinion, ...]:
    """Ask about every crate with a library at both moments that is published; what cannot be answered is told."""
    crates, unknown = _crates(old, new), _renamed(old, new)
    for one in unknown:
        say(f"{one.witness} {one.why}")
    if not crates:
        if not unknown:
            say(f"{CARGO_SEMVER_CHECKS} has nothing to look at: no published crate has a library in both commits")
        return unknown
    program = Program.find(head.repository.root or head.repository.git_dir)
    if not isinstance(program, Program):
        say(f"{CARGO_SEMVER_CHECKS} {program}")
        return (*unknown, *(SecondOpinion(package=after.name, place=Place(path=after.manifest), why=program) for _, after in crates))
    found = [*unknown]
    with temporary_folder(head.repository) as folder:
        roots = Roots(base=folder / "base", head=folder / "head", target=folder / "target")
        export(before.tree, roots.base)
        export(head.tree, roots.head)
        for number, (was, after) in enumerate(crates, 1):
            say(f"{CARGO_SEMVER_CHECKS} {program.version} builds {after.name} in both commits ({number} of {len(crates)})")
            found.append(program.ask(was, after, roots))
            if not found[-1].answered:
                say(f"{CARGO_SEMVER_CHECKS} {found[-1].why}")
    return tuple(found)


def _crates(old: Moment, new: Moment) -> list[tuple[Package, Package]]:
    read = [{one.package for one in moment.surfaces if one.surface == "rust"} for moment in (old, new)]
    was, now = ({one.name: one for one in moment.packages if one.ecosystem is Ecosystem.CARGO} for moment in (old, new))
    return [(was[name], package) for name, package in now.items() if package.publish is not False and name in was and all(name in names for names in read)]


def _renamed(old: Moment, new: Moment) -> tuple[SecondOpinion, ...]:
    names = published_packages(old.packages, old.surfaces, new.packages, new.surfaces).renamed
    known = {one.package for one in new.surfaces if one.surface == "rust"}
    return tuple(
        SecondOpinion(package=package.name, place=Place(path=package.manifest), why=f"does not know {package.name}: it was called {name}")
        for (ecosystem, name), package in names.items()
        if ecosystem is Ecosystem.CARGO and package.name in known
    )
