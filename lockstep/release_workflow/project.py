"""What a release workflow is written for: the packages in the order in which they are published, and what the manifests say of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from lockstep.dataclass import dataclass, field, replace
from lockstep.model import Ecosystem, Package
from lockstep.release.candidate import Registry
from lockstep.release.owed import OwedFile
from lockstep.release.registries import REGISTRIES
from lockstep.tree import Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipped:
    """A package that is released, and its manifest as values.

    `workspace` is the folder of its lock. Of a Python package: `backend` is what builds it, `abi3` the least Python of the stable ABI (`cp310`, "" where it
    is not told, None without one), `program` says that it is a program and no module, `owed` are the files that a release workflow builds already.
    """

    package: Package
    manifest: Mapping[str, object]
    workspace: str = ""
    backend: str = ""
    abi3: str | None = None
    program: bool = False
    owed: tuple[OwedFile, ...] = ()
    untold: tuple[str, ...] = ()
    """Why a release workflow of the project does not tell all that is built."""

    @property
    def id(self) -> str:
        """The package's id."""
        return self.package.id

    @property
    def registry(self) -> Registry | None:
        """Where it goes."""
        return REGISTRIES.get(self.package.ecosystem)


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What a workflow is written for.

    `packages` are in the order in which they are published. `tag` is how release tags are written, `branch` the one that is released from, `gates` the
    workflows that must have succeeded, `environments` those that publish, by registry. `lockstep` is what pip installs lockstep by. With `configured`
    registries every job that asks one reads the configuration, and so needs the tag checked out. `group` is "" for the main one.
    """

    tree: Tree
    title: str
    packages: tuple[Shipped, ...]
    tag: str
    branch: str
    gates: tuple[str, ...]
    lockstep: str
    environments: Mapping[Registry, str] = field(default_factory=dict)
    configured: bool = False
    group: str = ""
    notes: bool = True
    """Whether there is a changelog, of which a section becomes the text of the release."""

    def without(self, ids: Collection[str]) -> Project:
        """Leave packages out."""
        return replace(self, packages=tuple(one for one in self.packages if one.id not in ids))

    def of(self, ecosystem: Ecosystem) -> tuple[Shipped, ...]:
        """Give the packages of an ecosystem."""
        return tuple(one for one in self.packages if one.package.ecosystem is ecosystem)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job: its name in the workflow, and its text, from the first column."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one kind of package brings: the packages (their ids) that its jobs build, and what a person has to know of it."""

    packages: tuple[str, ...]
    jobs: tuple[Job, ...]
    told: tuple[str, ...] = ()
