"""Random Cargo repositories, and what may happen to them; what they need of registries stands on the shelf."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.locks.shelf import CRATES, REQUIREMENTS

VERSIONS = ("0.1.0", "0.2.0", "1.0.0", "1.2.3", "0.3.0-rc.1", "0.10.0", "2.0.0-alpha.2")
TABLES = ("dependencies", "dev-dependencies", "build-dependencies", "target.'cfg(unix)'.dependencies", "target.x86_64-pc-windows-gnu.build-dependencies")
NAMES = ("ant", "bee", "cat-fish", "dog", "eel", "fox", "gnu", "hen")


@dataclass
class Edge:
    to: int
    table: str
    operator: str | None = "^"
    alias: str = ""
    optional: bool = False
    default: bool = True
    features: tuple[str, ...] = ()
    inherited: bool = False


@dataclass
class Wish:
    """A dependency on a crate of a registry."""

    name: str
    table: str
    requirement: str
    alias: str = ""
    optional: bool = False
    default: bool = True
    registry: str = ""
    inherited: bool = False
    features: tuple[str, ...] = ()


@dataclass
class Override:
    """A crate of this repository in place of one of a registry: in [patch], [replace] or paths, in a manifest or in cargo's configuration."""

    box: int
    how: str
    name: str
    version: str


@dataclass
class Box:
    """One crate: `home` is the workspace that it belongs to."""

    name: str
    folder: str
    version: str
    home: str = ""
    inherits: bool = False
    edges: list[Edge] = field(default_factory=list)
    features: dict[str, list[str]] = field(default_factory=dict)
    wishes: list[Wish] = field(default_factory=list)


@dataclass
class World:
    """A repository: crates, the workspace `root` ("" or a folder), further workspaces of one crate each."""

    root: str
    virtual: bool
    glob: bool
    shared: str
    boxes: list[Box]
    alone: list[int]
    excluded: list[str] = field(default_factory=list)
    bare: list[int] = field(default_factory=list)
    overrides: list[Override] = field(default_factory=list)
    shelf: dict[str, Wish] = field(default_factory=dict)
    """What members inherit from registries; `bare` are the lone crates whose manifest has no table [workspace]."""

    def requirement(self, edge: Edge) -> str:
        version = self.boxes[edge.to].version
        return "" if edge.operator is None else edge.operator + version

    def files(self) -> dict[str, str]:
        found: dict[str, str] = {}
        inherited: dict[str, Edge] = {}
        for box in self.boxes:
            if box.home == self.root and box.folder not in self.standalone():
                for edge in box.edges:
                    if edge.inherited and self.boxes[edge.to].name not in inherited:
                        inherited[self.boxes[edge.to].name] = edge
        for number, box in enumerate(self.boxes):
            found[_in(box.folder, "Cargo.toml")] = self._manifest(number, box, inherited)
            found[_in(box.folder, "src/lib.rs")] = ""
            if any("build" in edge.table for edge in box.edges):
                found[_in(box.folder, "build.rs")] = "fn main() {}\n"
        if self.virtual:
            found[_in(self.root, "Cargo.toml")] = self._workspace(inherited).lstrip()
        found[_in(self.root, "Cargo.toml")] += self._overriding("manifest", self.root)
        if configuration := self._overriding("config", ""):
            found[".cargo/config.toml"] = configuration.lstrip()
        return found

    def _manifest(self, number: int, box: Box, inherited: dict[str, Edge]) -> str:
        text = f'[package]\nname = "{box.name}"\nedition = "2021"\n'
        text += "version.workspace = true\n" if box.inherits else f'version = "{box.version}"\n'
        for table in TABLES:
            lines = [self._line(box, edge, inherited) for edge in box.edges if edge.table == table]
            lines += [self._wish(box, wish) for wish in box.wishes if wish.table == table]
            text += f"\n[{table}]\n" + "".join(lines) if lines else ""
        if box.features:
            text += "\n[features]\n" + "".join(f"{name} = [{', '.join(f'{one!r}' for one in values)}]\n" for name, values in box.features.items())
        if number in self.alone and number not in self.bare:
            text += "\n[workspace]\n"
        if box.folder == self.root:
            text += self._workspace(inherited)
        return text

    def _overriding(self, where: str, base: str) -> str:
        text = ""
        for how in ("patch", "replace", "paths"):
            for one in self.overrides:
                folder = _relative(base, self.boxes[one.box].folder)
                if one.how == f"{where} {how}" and how == "patch":
                    text += f'\n[patch.crates-io]\n{one.name} = {{ path = "{folder}" }}\n'
                elif one.how == f"{where} {how}" and how == "replace":
                    text += f'\n[replace]\n"{one.name}:{one.version}" = {{ path = "{folder}" }}\n'
                elif one.how == f"{where} {how}":
                    text = f'paths = ["{folder}"]\n{text}'
        return text

    def _wish(self, box: Box, wish: Wish) -> str:
        key = wish.alias or wish.name
        shared = self.shelf.get(key)
        use = wish.inherited and shared is not None and box.home == self.root and box.folder not in self.standalone()
        parts = ["workspace = true"] if use else [f'version = "{wish.requirement}"']
        if not use:
            parts += [f'package = "{wish.name}"'] if wish.alias else []
            parts += [f'registry = "{wish.registry}"'] if wish.registry else []
            parts += [] if wish.default else ["default-features = false"]
        parts += ["optional = true"] if wish.optional else []
        parts += [f"features = [{', '.join(f'{one!r}' for one in wish.features)}]"] if wish.features else []
        return f"{key} = {{ {', '.join(parts)} }}\n"

    def wishes(self) -> list[Wish]:
        return [wish for box in self.boxes for wish in box.wishes]

    def standalone(self) -> list[str]:
        return [self.boxes[number].folder for number in self.alone]

    def _workspace(self, inherited: dict[str, Edge]) -> str:
        members = (
            ["crates/*"] if self.glob else [box.folder.removeprefix(self.root + "/") for box in self.boxes if box.home == self.root and box.folder != self.root]
        )
        text = '\n[workspace]\nresolver = "2"\nmembers = [' + ", ".join(f'"{one}"' for one in members) + "]\n"
        text += "exclude = [" + ", ".join(f'"{one}"' for one in self.excluded) + "]\n" if self.excluded else ""
        text += f'\n[workspace.package]\nversion = "{self.shared}"\n'
        if inherited or self.shelf:
            text += "\n[workspace.dependencies]\n"
            for key, wish in self.shelf.items():
                text += f'{key} = {{ version = "{wish.requirement}"' + (f', package = "{wish.name}"' if wish.alias else "") + " }\n"
            for name, edge in inherited.items():
                requirement = self.requirement(edge)
                parts = [f'path = "{_relative(self.root, self.boxes[edge.to].folder)}"', *([f'version = "{requirement}"'] if requirement else [])]
                text += f"{name} = {{ {', '.join(parts)} }}\n"
        return text

    def _line(self, box: Box, edge: Edge, inherited: dict[str, Edge]) -> str:
        target = self.boxes[edge.to]
        first = inherited.get(target.name)
        use = edge.inherited and first is not None and first.to == edge.to and box.home == self.root and box.folder not in self.standalone()
        parts = ["workspace = true"] if use else [f'path = "{_relative(box.folder, target.folder)}"']
        if not use and self.requirement(edge):
            parts.append(f'version = "{self.requirement(edge)}"')
        if edge.alias and not use:
            parts.append(f'package = "{target.name}"')
        if edge.optional:
            parts.append("optional = true")
        if not edge.default and not use:
            parts.append("default-features = false")
        if edge.features:
            parts.append(f"features = [{', '.join(f'{one!r}' for one in edge.features)}]")
        return f"{target.name if use else edge.alias or target.name} = {{ {', '.join(parts)} }}\n"

    def locks(self) -> list[str]:
        return [_in(folder, "Cargo.lock") for folder in [self.root, *self.standalone()]]


def _in(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _relative(start: str, to: str) -> str:
    ups = len([part for part in start.split("/") if part])
    return "../" * ups + to if to or ups else "."


def world(random: Random) -> World:
    """Make a repository that cargo takes; requirements go to earlier crates, so that nothing is a circle."""
    root = random.choice(["", "", "ws"])
    virtual = random.random() < 0.5
    glob = random.random() < 0.5
    shared = random.choice(VERSIONS)
    count = random.randint(2, 6)
    boxes: list[Box] = []
    alone: list[int] = []
    excluded: list[str] = []
    for number in range(count):
        box, lone = _box(number, boxes, root, shared, random)
        boxes.append(box)
        if lone:
            alone.append(number)
        if box.home == "-" and box.folder.startswith(root + "/" if root else ""):
            excluded.append("outer" if not lone else box.folder.removeprefix(root + "/") if root else box.folder)
    bare = [number for number in alone if random.random() < 0.4]
    made = World(root, virtual, glob, shared, boxes, alone, sorted(set(excluded)), bare)
    for number in range(len(boxes)):
        for _ in range(random.choice([0, 1, 1, 2, 3])):
            add_edge(made, number, random)
    if not virtual:
        top = Box("root-crate", root, random.choice(VERSIONS), root)
        boxes.append(top)
        for _ in range(random.choice([0, 1, 2])):
            add_edge(made, len(boxes) - 1, random)
    if random.random() < 0.6:  # the others need nothing from a registry
        for number in range(len(made.boxes)):
            for _ in range(random.choice([0, 0, 1, 2])):
                add_wish(made, number, random)
        if random.random() < 0.4:
            add_override(made, random)
    return made


def _box(number: int, boxes: list[Box], root: str, shared: str, random: Random) -> tuple[Box, bool]:
    """Make one crate, and say whether it is a workspace of its own."""
    name, version = NAMES[number], random.choice(VERSIONS)
    kind = random.choice(["member", "member", "member", "outer", "alone", "namesake"]) if number else "member"
    if kind == "namesake" and any(box.home != root for box in boxes):
        kind = "outer"
    folder, home = _in(root, f"crates/{name}"), root
    if kind == "outer":
        folder, home = f"outer/{name}", "-"
    elif kind == "namesake":
        other = boxes[random.randrange(len(boxes))]
        name, folder, home = other.name, f"outer/second-{other.name}", "-"
        version = next(one for one in VERSIONS if one not in (other.version, version))
    elif kind == "alone":
        folder, home = _in(root, f"fuzz-{name}"), "-"
    inherits = home == root and random.random() < 0.3
    return Box(name, folder, shared if inherits else version, home, inherits), kind == "alone"


def add_wish(made: World, number: int, random: Random) -> bool:
    """Add a requirement on a crate of a registry."""
    box = made.boxes[number]
    name = random.choice(sorted(CRATES))
    table = random.choice(TABLES)
    circle = box.name == "briar" or (box.name in CRATES and name != "briar")
    if any(wish.name == name for wish in box.wishes) or circle:
        return False
    wish = Wish(name, table, random.choice(REQUIREMENTS[name]))
    if random.random() < 0.2:
        wish.alias = f"our-{name}"
    key = wish.alias or name
    if random.random() < 0.2 and box.home == made.root:
        wish.inherited = True
        shared = made.shelf.setdefault(key, wish)
        wish.requirement, wish.alias = shared.requirement, shared.alias
    elif random.random() < 0.15:
        wish.registry = "ours"
    if table != "dev-dependencies" and random.random() < 0.3:
        wish.optional = True
        if random.random() < 0.5:
            box.features[f"use-{key}"] = [f"dep:{key}"]
    wish.default = random.random() < 0.8
    box.wishes.append(wish)
    return True


def add_override(made: World, random: Random) -> bool:
    """Put a crate of the repository in the place of one of a registry."""
    name = random.choice(["aster", "briar", "clover"])
    if any(box.name == name for box in made.boxes):
        return False
    how = random.choice(["manifest patch", "manifest patch", "config patch", "manifest replace", "config paths"])
    known = sorted(CRATES[name])
    version = random.choice(known) if "patch" not in how else random.choice([*known, "0.1.9", "1.0.7", "0.3.9", "7.0.0"])
    made.boxes.append(Box(name, f"outer/{name}", version, "-"))
    if made.root == "" and "outer" not in made.excluded:
        made.excluded.append("outer")
    made.overrides.append(Override(len(made.boxes) - 1, how, name, version))
    if random.random() < 0.3:
        add_wish(made, len(made.boxes) - 1, random)
    return True


def add_edge(made: World, number: int, random: Random) -> bool:
    """Add a requirement on an earlier crate; in dev-dependencies on a later one too."""
    box = made.boxes[number]
    table = random.choice(TABLES)
    pool = range(number) if table != "dev-dependencies" else range(len(made.boxes))
    targets = [one for one in pool if one != number and made.boxes[one].name not in (box.name, *CRATES) and one not in made.alone]
    if not targets:
        return False
    to = random.choice(targets)
    target = made.boxes[to]
    if any(edge.table == table and target.name in (edge.alias, made.boxes[edge.to].name) for edge in box.edges):
        return False
    if any(made.boxes[edge.to].name == target.name and edge.to != to for edge in box.edges):
        return False
    edge = Edge(to, table, random.choice(["^", "", "=", "~", ">=", None]))
    same = next((one for one in box.edges if one.to == to), None)  # cargo wants one name for one crate
    edge.inherited = same.inherited if same else random.random() < 0.25
    edge.alias = same.alias if same else f"re-{target.name}" if not edge.inherited and random.random() < 0.2 else ""
    key = edge.alias or target.name
    if table != "dev-dependencies" and random.random() < 0.4 and not any((one.alias or made.boxes[one.to].name) == key for one in box.edges):
        edge.optional = True
        how = random.choice(["implicit", "named", "default", "dep"])
        if how == "named":
            box.features[f"with-{key}"] = [key]
        elif how == "default":
            box.features.setdefault("default", []).append(f"dep:{key}")
        elif how == "dep":
            box.features[f"use-{key}"] = [f"dep:{key}"]
    if target.features and random.random() < 0.4 and not edge.inherited:
        edge.features = (random.choice(sorted(target.features)),)
    edge.default = random.random() < 0.8
    box.edges.append(edge)
    return True


# ---- what happens to manifests: each gives a changed copy, None where it cannot happen here

Change = Callable[[World, Random], World | None]


def _changed(change: Callable[[World, Random], bool]) -> Change:
    def run(old: World, random: Random) -> World | None:
        new = copy.deepcopy(old)
        return new if change(new, random) else None

    run.__name__ = change.__name__
    return run


def nothing(_made: World, _random: Random) -> bool:
    return True


def another_version(made: World, random: Random) -> bool:
    box = random.choice(made.boxes)
    if box.name in CRATES:
        return False  # `override_at_another_version` does that
    new = random.choice(VERSIONS)
    if any(one is not box and one.name == box.name and one.version == new for one in made.boxes) or new == box.version:
        return False
    box.version, box.inherits = new, False
    return True


def another_shared_version(made: World, random: Random) -> bool:
    made.shared = random.choice(VERSIONS)
    for box in made.boxes:
        if box.inherits:
            box.version = made.shared
    names = [(box.name, box.version) for box in made.boxes]
    return len(set(names)) == len(names)


def requirement_added(made: World, random: Random) -> bool:
    return add_edge(made, random.randrange(len(made.boxes)), random)


def requirement_removed(made: World, random: Random) -> bool:
    boxes = [box for box in made.boxes if box.edges]
    if not boxes:
        return False
    box = random.choice(boxes)
    edge = box.edges.pop(random.randrange(len(box.edges)))
    key = edge.alias or made.boxes[edge.to].name
    for name, values in list(box.features.items()):
        box.features[name] = [one for one in values if key not in one]
    return True


def requirement_moved(made: World, random: Random) -> bool:
    edges = [edge for box in made.boxes for edge in box.edges if not edge.optional and edge.table != "dev-dependencies"]
    if not edges:
        return False
    edge = random.choice(edges)
    edge.table = random.choice(TABLES)
    return all(
        len({made.boxes[one.to].name for one in box.edges if one.table == t}) == sum(one.table == t for one in box.edges) for box in made.boxes for t in TABLES
    )


def default_features_switched(made: World, random: Random) -> bool:
    edges = [edge for box in made.boxes for edge in box.edges if not edge.inherited]
    if not edges:
        return False
    edge = random.choice(edges)
    edge.default = not edge.default
    return True


def crate_added(made: World, random: Random) -> bool:
    made.boxes.append(Box("new-one", _in(made.root, "crates/new-one"), random.choice(VERSIONS), made.root))
    for _ in range(random.choice([0, 1, 2])):
        add_edge(made, len(made.boxes) - 1, random)
    return True


def crate_removed(made: World, random: Random) -> bool:
    needed = {edge.to for box in made.boxes for edge in box.edges}
    free = [number for number, box in enumerate(made.boxes) if number not in needed and number not in made.alone and box.folder != made.root]
    listed = [box for box in made.boxes if box.home == made.root and box.folder != made.root]
    if not free:
        return False
    gone = random.choice(free)
    if listed == [made.boxes[gone]]:
        return False  # cargo takes no pattern of members that names nobody
    del made.boxes[gone]
    made.alone = [number - (number > gone) for number in made.alone]
    made.bare = [number - (number > gone) for number in made.bare]
    made.overrides = [one for one in made.overrides if one.box != gone]
    for override in made.overrides:
        override.box -= override.box > gone
    for box in made.boxes:
        for edge in box.edges:
            edge.to -= edge.to > gone
    return True


def wish_added(made: World, random: Random) -> bool:
    return add_wish(made, random.randrange(len(made.boxes)), random)


def wish_removed(made: World, random: Random) -> bool:
    boxes = [box for box in made.boxes if box.wishes]
    if not boxes:
        return False
    box = random.choice(boxes)
    wish = box.wishes.pop(random.randrange(len(box.wishes)))
    box.features.pop(f"use-{wish.alias or wish.name}", None)
    return True


def wish_changed(made: World, random: Random) -> bool:
    wishes = [*made.shelf.values(), *(wish for box in made.boxes for wish in box.wishes if not wish.inherited)]
    if not wishes:
        return False
    wish = random.choice(wishes)
    match random.choice(["requirement", "requirement", "requirement", "registry", "table"]):
        case "registry" if not wish.inherited:
            wish.registry = "" if wish.registry else "ours"
        case "table" if not wish.optional:
            wish.table = random.choice(TABLES)
        case _:
            wish.requirement = random.choice(REQUIREMENTS[wish.name])
    return True


def override_added(made: World, random: Random) -> bool:
    return any(box.wishes for box in made.boxes) and not made.overrides and add_override(made, random)


def override_removed(made: World, _random: Random) -> bool:
    if not made.overrides:
        return False
    made.overrides.clear()
    return True


def override_at_another_version(made: World, random: Random) -> bool:
    if not made.overrides:
        return False
    box = made.boxes[random.choice(made.overrides).box]
    # Among compatible versions: whether a registry's crate still takes another one, no file of the repository tells.
    series = "1." if box.version.startswith("1.") else box.version.rpartition(".")[0]
    box.version = random.choice([one for one in (*sorted(CRATES[box.name]), "1.0.9", "0.1.8", box.version) if one.startswith(series) and "-" not in one])
    return True


CHANGES: tuple[Change, ...] = tuple(
    map(
        _changed,
        (
            nothing,
            another_version,
            another_version,
            another_shared_version,
            requirement_added,
            requirement_added,
            requirement_removed,
            requirement_moved,
            default_features_switched,
            crate_added,
            crate_removed,
            wish_added,
            wish_removed,
            wish_changed,
            wish_changed,
            override_added,
            override_removed,
            override_at_another_version,
        ),
    )
)


# ---- what happens to a lock


def _entries(text: str) -> tuple[str, list[str], str]:
    """Give the head, the entries, and the patches that nobody uses."""
    text, unused, rest = text.partition("\n[[patch.unused]]")
    head, *blocks = re.split(r"(?m)^(?=\[\[package\]\])", text)
    return head, [block.rstrip("\n") + "\n" for block in blocks], unused + rest


def _joined(head: str, blocks: list[str], unused: str) -> str:
    return head + "\n".join(blocks) + unused


def _ours(blocks: list[str]) -> list[int]:
    """Give the entries of this repository: what those of registries should say, no file of a repository tells."""
    return [i for i, block in enumerate(blocks) if "\nsource = " not in block]


def _references(text: str) -> list[re.Match[str]]:
    """Give the references that entries of this repository make."""
    blocks = list(re.finditer(r"(?ms)^\[\[package\]\]\n.*?(?=^\[|\Z)", text))
    own = [block for block in blocks if "\nsource = " not in block[0]]
    return [one for block in own for one in re.compile(r'^ "([^" ]*)(?: [^"]*)?",\n', re.MULTILINE).finditer(text, *block.span())]


def entry_at_another_version(text: str, random: Random) -> str:
    head, blocks, unused = _entries(text)
    at = random.choice(_ours(blocks))
    blocks[at] = re.sub(r'version = "[^"]*"', f'version = "{random.choice(VERSIONS)}"', blocks[at])
    return _joined(head, blocks, unused)


def entry_deleted(text: str, random: Random) -> str:
    head, blocks, unused = _entries(text)
    del blocks[random.randrange(len(blocks))]
    return _joined(head, blocks, unused)


def entry_twice(text: str, random: Random) -> str:
    head, blocks, unused = _entries(text)
    at = random.randrange(len(blocks))
    return _joined(head, [*blocks[: at + 1], blocks[at], *blocks[at + 1 :]], unused)


def entry_left_over(text: str, random: Random) -> str:
    head, blocks, unused = _entries(text)
    name = random.choice([*NAMES, "zebra"])
    source = random.choice(["", "", 'source = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "' + "0" * 64 + '"\n'])
    blocks.append(f'[[package]]\nname = "{name}"\nversion = "0.7.7"\n{source}')
    return _joined(head, sorted(blocks), unused)


def entries_swapped(text: str, random: Random) -> str:
    head, blocks, unused = _entries(text)
    random.shuffle(blocks)
    return _joined(head, blocks, unused)


def reference_deleted(text: str, random: Random) -> str:
    found = _references(text)
    if not found:
        return text
    one = random.choice(found)
    return (text[: one.start()] + text[one.end() :]).replace("dependencies = [\n]\n", "")


def reference_added(text: str, random: Random) -> str:
    head, blocks, unused = _entries(text)
    at = random.choice(_ours(blocks))
    name = re.findall(r'name = "([^"]*)"', random.choice(blocks))[0]
    if "dependencies = [" in blocks[at]:
        blocks[at] = blocks[at].replace("dependencies = [\n", f'dependencies = [\n "{name}",\n') if f' "{name}"' not in blocks[at] else blocks[at]
    else:
        blocks[at] += f'dependencies = [\n "{name}",\n]\n'
    return _joined(head, blocks, unused)


def reference_spelled_out(text: str, random: Random) -> str:
    found = [one for one in _references(text) if one[0].count(" ") == 1]
    if not found:
        return text
    one = random.choice(found)
    versions = re.findall(rf'name = "{one[1]}"\nversion = "([^"]*)"', text)
    return text[: one.end() - 3] + f" {random.choice([*versions, '9.9.9'])}" + text[one.end() - 3 :] if versions else text


def older_format(text: str, _random: Random) -> str:
    return text.replace("version = 4\n\n", "version = 3\n\n", 1)


def second_format(text: str, _random: Random) -> str:
    return text.replace("version = 4\n\n", "", 1)


def unknown_format(text: str, _random: Random) -> str:
    return text.replace("version = 4\n", "version = 7\n", 1)


def windows_lines(text: str, _random: Random) -> str:
    return text.replace("\n", "\r\n")


def conflicted(text: str, random: Random) -> str:
    lines = text.splitlines(keepends=True)
    at = random.randrange(len(lines))
    return "".join([*lines[:at], "<<<<<<< ours\n", "=======\n", ">>>>>>> theirs\n", *lines[at:]])


def truncated(text: str, random: Random) -> str:
    return text[: random.randrange(max(1, text.find("[[package]]")), len(text))]


DAMAGES: tuple[Callable[[str, Random], str], ...] = (
    entry_at_another_version,
    entry_deleted,
    entry_twice,
    entry_left_over,
    entry_left_over,
    entries_swapped,
    reference_deleted,
    reference_added,
    reference_spelled_out,
    older_format,
    second_format,
    unknown_format,
    windows_lines,
    conflicted,
    truncated,
)
