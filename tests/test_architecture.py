"""The walls of the house: who may import whom, who writes, who prints, and that every registry is complete.

A wall that stands in the way may be moved; then it is moved here, in the same commit.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import lockstep
from lockstep import cli, formats, pattern, reports, rules
from lockstep.model import Level, Rule
from lockstep.versions.version import Version
from tests.conftest import Repo, Story
from tests.conftest import lockstep as program

HOUSE = Path(lockstep.__file__).parent
MODULES = {
    ".".join(("lockstep", *path.relative_to(HOUSE).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in sorted(HOUSE.rglob("*.py"))
    if path.name != "__main__.py"
}
ROOMS = tuple(sorted({name.split(".")[1] for name in MODULES if name != "lockstep"}))

STANDARD = set(sys.stdlib_module_names)
WORLD = {
    "os",
    "pathlib",
    "subprocess",
    "shutil",
    "tempfile",
    "socket",
    "urllib",
    "http",
    "io",
    "glob",
    "signal",
    "time",
    "datetime",
    "random",
    "secrets",
}
"""What reads the world: files, processes, the network, the clock."""
EXTRAS = {"anyio", "lsprotocol", "mcp", "pygls", "sigstore", "pypi_attestations"}
"""What need not be installed."""
HEAVY = {*EXTRAS, "griffe", "ruamel", "libcst", "markdown_it", "tomlkit", "tree_sitter", "rich", "networkx", "httpx", "pydantic"}

PURE = (
    "errors",
    "versions",
    "model",
    "surface",
    "workflow",
    "comparison",
    "policy",
    "registry",
    "manifest",
    "text",
    "tree",
    "config",
    "project",
)
PURE_ROOMS = ("changelog", "formats", "locks", "release", "release_workflow", "surfaces", "rules", "plans", "reports", "workflow")

MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "registry": set(),
    "pattern": set(),
    "dataclass": set(),
    "versions": {"errors", "pattern"},
    "model": {"versions"},
    "surface": {"model"},
    "workflow": {"errors", "model", "pattern", "text"},
    "comparison": {"errors", "model", "pattern", "policy", "surface", "versions"},
    "policy": {"config", "errors", "model", "surface", "tree", "versions"},
    "surfaces": {
        "comparison",
        "config",
        "errors",
        "formats",
        "locks",
        "manifest",
        "model",
        "pattern",
        "project",
        "registry",
        "surface",
        "text",
        "tree",
        "versions",
    },
    "tree": {"errors", "model", "pattern"},
    "text": {"errors", "pattern", "versions"},
    "config": {"errors", "pattern", "text", "tree", "versions"},
    "project": {"config", "errors", "formats", "locks", "manifest", "model", "pattern", "surface", "text", "tree", "versions"},
    "manifest": {"model", "text", "versions"},
    "repository": {"errors", "pattern", "tree"},
    "cache": {"pattern"},
    "review": {"changelog", "comparison", "config", "model", "policy", "registry", "rules", "surface", "versions"},
    "writing": {"errors", "model", "repository"},
    "rules": {
        "changelog",
        "comparison",
        "errors",
        "locks",
        "model",
        "pattern",
        "policy",
        "project",
        "registry",
        "release",
        "surface",
        "text",
        "tree",
        "versions",
        "workflow",
    },
    "changelog": {"config", "errors", "model", "pattern", "project", "text", "tree", "versions"},
    "plans": {"changelog", "config", "errors", "locks", "model", "pattern", "policy", "project", "tree", "versions"},
    "release": {"errors", "model"},
    "release_workflow": {"manifest", "model", "pattern", "project", "release", "text", "tree"},
    "acts": {"errors", "evidence", "release", "repository", "workflow", "writing"},
    "agents": {"api", "lockstep", "wording"},
    "editor": {"api", "lockstep", "pattern", "reports"},
    "reports": {"comparison", "lockstep", "model", "pattern", "policy", "project", "release", "review", "surface", "versions", "workflow"},
}
"""Rooms and modules whose neighbours are few; the others are held by the walls below."""
GROUND = {"about", "dataclass", "wording"}
"""What everybody stands on, like the standard library that it is a part of."""
OUTSIDE = {"acts", "agents", "api", "app", "cache", "cli", "editor", "evidence", "repository", "writing"}
"""What no judging, planning or finding room may know: where evidence comes from, who writes, who asks."""


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(MODULES[name].read_text())


@cache
def nodes(name: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree(name)))


@pytest.fixture(scope="module", autouse=True)
def _forgotten() -> Iterator[None]:
    """Forget the trees of a thousand modules afterwards: every collection of garbage in this process would walk them."""
    yield
    for one in (tree, nodes):
        one.cache_clear()


def imports(name: str, node: ast.AST | None = None) -> Iterator[str]:
    """Give every module that `name` imports, wherever in it, as absolute dotted names."""
    for one in nodes(name) if node is None else ast.walk(node):
        match one:
            case ast.Import(names=aliases):
                yield from (alias.name for alias in aliases)
            case ast.ImportFrom(module=str(module), names=aliases, level=0):
                for alias in aliases:
                    yield f"{module}.{alias.name}" if f"{module}.{alias.name}" in MODULES else module
            case ast.ImportFrom():
                pytest.fail(f"{name} imports relatively; write the name in full")


def room(name: str) -> str:
    return name.split(".")[1] if "." in name else ""


def neighbours(name: str) -> set[str]:
    return {room(one) or "lockstep" for one in imports(name) if one.split(".")[0] == "lockstep"}


def foreign(name: str) -> set[str]:
    return {one.split(".")[0] for one in imports(name)} - {"lockstep", "__future__"}


def at_import(name: str) -> set[str]:
    """Give what is imported as soon as `name` is: not inside of a function, not for type checkers alone."""
    found: set[str] = set()

    def walk(body: list[ast.stmt]) -> None:
        for one in body:
            match one:
                case ast.Import() | ast.ImportFrom():
                    found.update(imports(name, one))
                case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                    pass
                case ast.If() | ast.Try() | ast.With() | ast.ClassDef():
                    walk([inner for inner in ast.iter_child_nodes(one) if isinstance(inner, ast.stmt)])
                case _:
                    pass

    walk(tree(name).body)
    return found


def dotted(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            return f"{dotted(value)}.{name}"
    return "?"


def calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    return ((dotted(one.func), one) for one in nodes(name) if isinstance(one, ast.Call))


def over(names: Iterable[str]) -> Callable[[Callable[[str], None]], Callable[[], None]]:
    """Hold a law of a module over many of them, in one test that names all that break it."""

    def decorate(law: Callable[[str], None]) -> Callable[[], None]:
        def test() -> None:
            broken = []
            for name in names:
                try:
                    law(name)
                except AssertionError as error:
                    broken.append(f"{name}: {error}")
            if broken:
                pytest.fail("\n".join(broken), pytrace=False)

        return test

    return decorate


every_module = over(MODULES)


# ---- who may import whom


@over([name for name in MODULES if room(name) in MAY_IMPORT])
def test_a_room_knows_its_neighbours_only(name: str) -> None:
    assert neighbours(name) - {room(name)} - GROUND <= MAY_IMPORT[room(name)]


@over([name for name in MODULES if room(name) not in {"", *OUTSIDE}])
def test_nobody_who_judges_plans_or_finds_knows_the_outside_world(name: str) -> None:
    assert not neighbours(name) & OUTSIDE
    assert not foreign(name) & WORLD


def test_nobody_knows_the_door() -> None:
    assert {name for name in MODULES if "cli" in neighbours(name)} == {name for name in MODULES if room(name) == "cli" and "cli" in neighbours(name)}


def test_what_an_extra_is_for_is_loaded_by_its_command_alone() -> None:
    for extra, command in COMMAND_OF.items():
        assert {room(name) for name in MODULES if extra in neighbours(name)} - {extra} == {"cli"}
        assert {name for name in MODULES if extra in neighbours(name) and room(name) == "cli"} == {f"lockstep.cli.{command}"}


COMMAND_OF = {"editor": "lsp", "agents": "mcp"}


def test_formats_see_texts_not_trees() -> None:
    for name in (name for name in MODULES if room(name) in ("formats", "locks")):
        assert not neighbours(name) & {"tree", "project", "config", "rules", "plans", "reports"}, name


def test_the_libraries_of_the_field_stay_in_their_rooms() -> None:
    allowed = {
        "typer": {"cli"},
        "shellingham": {"cli"},
        "semver": {"versions"},
        "packaging": {"acts", "versions", "formats", "evidence", "release", "rules"},
        "griffe": {"surfaces"},
        "tree_sitter": {"surfaces"},
        "tree_sitter_rust": {"surfaces"},
        "tree_sitter_c": {"surfaces"},
        "tree_sitter_go": {"surfaces"},
        "libcst": {"text", "formats", "surfaces"},
        "tomli": {"text", "locks"},
        "tomlkit": {"formats", "config", "text", "cli", "plans"},
        "markdown_it": {"changelog"},
        "rich": {"cli", "reports"},
        "platformdirs": {"app", "writing"},
        "ruamel": {"text"},
        "httpx": {"evidence"},
        "pydantic": {"evidence"},
        "pypi_attestations": {"evidence"},
        "sigstore": {"evidence"},
        "sigstore_models": {"evidence"},
        "lsprotocol": {"editor"},
        "pygls": {"editor"},
        "anyio": {"agents"},
        "jsonschema": {"agents"},
        "mcp": {"agents"},
    }
    for name in MODULES:
        for library in foreign(name) - STANDARD:
            assert room(name) in allowed.get(library, set()), f"{name} imports {library}"


@every_module
def test_heavy_libraries_are_imported_inside_of_the_function_that_needs_them(name: str) -> None:
    assert not {one.split(".")[0] for one in at_import(name)} & HEAVY


def test_imports_make_no_circle() -> None:
    """What is imported at the top of modules is a directed graph without a circle."""
    graph = {name: {one for one in at_import(name) if one in MODULES} - {name} for name in MODULES}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join((*path[path.index(name) :], name))
        if name not in done:
            for one in sorted(graph[name]):
                visit(one, (*path, name))
            done.add(name)

    for name in graph:
        # A room's leaves import from the room itself (`from lockstep.rules.tag import TagClaim`); the room loads its leaves by name, later.
        visit(name, ())


def test_rooms_make_no_circle() -> None:
    """What rooms know of each other runs one way, whenever it is imported, and for type checkers alone too."""
    graph = {one: set[str]() for one in ROOMS}
    for name in MODULES:
        if room(name):
            graph[room(name)] |= neighbours(name) & graph.keys() - {room(name)}
    while leaves := {one for one, known in graph.items() if not known & graph.keys()}:
        graph = {one: known for one, known in graph.items() if one not in leaves}
    assert graph == {}


# ---- who writes, who prints


WRITES = re.compile(
    r"os\.(?:rename|renames|replace|remove|unlink|rmdir|removedirs|mkdir|makedirs|link|symlink|truncate|ftruncate|chmod|fchmod|chown|fchown|lchown|write|pwrite|fsync|utime)"
    r"|shutil\.(?:copy\w*|move|rmtree|chown|make_archive|unpack_archive)|tempfile\..*"
    r"|.*\.(?:write_text|write_bytes|touch|hardlink_to|symlink_to|unlink|rmdir|mkdir|rename|chmod)"
)


@over([name for name in MODULES if room(name) != "writing" and name not in ("lockstep.cache", "lockstep.repository.export")])
def test_only_writing_writes_and_cache_and_export_in_folders_of_their_own(name: str) -> None:
    for call, node in calls(name):
        assert not WRITES.fullmatch(call), f"{name}:{node.lineno} calls {call}"
        if call in ("open", "io.open", "os.fdopen") or call.endswith(".open"):
            texts = [one.value for one in (*node.args[1:2], *(k.value for k in node.keywords if k.arg == "mode")) if isinstance(one, ast.Constant)]
            if name != "lockstep.cli.extras":  # it opens stdout a second time, for a protocol alone
                assert not any(isinstance(text, str) and set(text) & set("wax+") for text in texts), f"{name}:{node.lineno} opens a file for writing"
    flags = {dotted(one) for one in nodes(name) if isinstance(one, ast.Attribute)}
    if name != "lockstep.cli":  # it opens os.devnull when the reader of its output has left
        assert not flags & {"os.O_CREAT", "os.O_WRONLY", "os.O_RDWR", "os.O_TRUNC", "os.O_APPEND"}


@over([name for name in MODULES if room(name) != "cli"])
def test_only_the_door_prints_asks_and_leaves(name: str) -> None:
    forbidden = {"print", "input", "exit", "quit", "sys.exit", "os._exit", "sys.stdout.write", "sys.stderr.write", "logging.basicConfig"}
    if name == "lockstep.app.parallel_surfaces":  # the copy of the process that reads with it ends at once, whatever happened
        forbidden -= {"os._exit"}
    assert not {call for call, _ in calls(name)} & forbidden
    raised = {dotted(one.exc.func if isinstance(one.exc, ast.Call) else one.exc) for one in nodes(name) if isinstance(one, ast.Raise) and one.exc}
    assert "SystemExit" not in raised
    used = {dotted(one) for one in nodes(name) if isinstance(one, ast.Attribute)}
    assert not used & {"sys.stdout", "sys.stderr", "sys.stdin", "sys.argv"}


@over([name for name in MODULES if room(name) in PURE or room(name) in PURE_ROOMS])
def test_the_core_reads_no_environment_and_no_clock(name: str) -> None:
    used = {dotted(one) for one in nodes(name) if isinstance(one, ast.Attribute)}
    assert not used & {"os.environ", "os.getcwd", "time.time", "datetime.now", "date.today"}


@every_module
def test_a_bug_is_a_traceback(name: str) -> None:
    for one in nodes(name):
        if isinstance(one, ast.ExceptHandler):
            assert one.type is not None, f"{name}:{one.lineno} catches everything"
            caught = {dotted(kind) for kind in (one.type.elts if isinstance(one.type, ast.Tuple) else [one.type])}
            assert "Exception" not in caught, f"{name}:{one.lineno}"
            if "BaseException" in caught and name != "lockstep.writing.parallel":  # it raises what a thread caught in the thread that waits
                assert any(isinstance(inner, ast.Raise) for inner in ast.walk(one)), f"{name}:{one.lineno} swallows Ctrl-C"


@every_module
def test_every_pattern_that_is_compiled_later_compiles(name: str) -> None:
    for value in vars(import_module(name)).values():
        if isinstance(value, pattern._Later):  # noqa: SLF001 - what stands in a pattern's place
            assert isinstance(re.compile(value._text, value._flags), re.Pattern)  # noqa: SLF001


@every_module
def test_a_module_says_what_it_is_for(name: str) -> None:
    assert ast.get_docstring(tree(name)), name


# ---- registries


REGISTRIES: tuple[ModuleType, ...] = (formats, reports, cli, *map(rules.room, rules.ROOMS))
registries = pytest.mark.parametrize("registry", REGISTRIES, ids=lambda one: one.__name__)


def files(registry: ModuleType) -> set[str]:
    assert registry.__file__ is not None
    return {path.stem for path in Path(registry.__file__).parent.glob("*.py")} - {"__init__"}


@registries
def test_every_name_in_a_registry_has_its_file_and_stands_once(registry: ModuleType) -> None:
    assert set(registry.NAMES) <= files(registry)
    assert len(set(registry.NAMES)) == len(registry.NAMES)
    for name in registry.NAMES:
        import_module(f"{registry.__name__}.{name}")


@registries
def test_every_file_of_a_room_is_registered_or_shared_by_what_is(registry: ModuleType) -> None:
    shared = {
        one.rpartition(".")[2] for name in MODULES if name.startswith(registry.__name__) for one in imports(name) if one.startswith(f"{registry.__name__}.")
    }
    alone = {"audits", "packages_text"} if registry is reports else set()  # what one command prints, and no finding stands in
    alone |= {one for one in files(registry) if one.startswith("release_")} if registry is reports else set()
    if registry is cli:  # a command that has commands of its own names them, and they are loaded when one is wanted
        groups = ((name, import_module(f"{cli.__name__}.{name}")) for name in cli.NAMES)
        alone |= {f"{name}_{inner}" for name, group in groups for inner in getattr(group, "NAMES", ())}
    assert files(registry) - set(registry.NAMES) <= shared | alone
    assert registry in (formats, reports, cli) or files(registry) == set(registry.NAMES), "a folder of rules holds rules only"


@registries
def test_a_leaf_never_imports_a_sibling_leaf(registry: ModuleType) -> None:
    leaves = {f"{registry.__name__}.{name}" for name in registry.NAMES}
    for name in (f"{registry.__name__}.{file}" for file in files(registry)):
        assert not set(imports(name)) & leaves - {name}, name


def test_every_room_of_rules_is_known() -> None:
    assert set(rules.ROOMS) == {path.name for path in (HOUSE / "rules").iterdir() if (path / "__init__.py").exists()}


def test_every_format_offers_what_a_format_is() -> None:
    for name, one in formats.formats().items():
        assert one.FILES, name
        assert all(isinstance(pattern, str) for pattern in one.FILES), name
        assert callable(one.read), name


def test_every_output_writes_a_report_and_a_review() -> None:
    assert len(reports.NAMES) == len(reports.Format)
    for one in reports.Format:
        assert [*inspect.signature(reports.writer(one).report).parameters] == ["report", "options"], one
        assert [*inspect.signature(reports.writer(one).review).parameters] == ["review", "options"], one


# ---- rules


every_rule = pytest.mark.parametrize("rule", rules.every_rule(), ids=lambda rule: rule.id)


@every_rule
def test_a_rule_has_its_manual(rule: Rule[Any]) -> None:
    assert re.findall(r"^## (.*)$", rule.doc, re.MULTILINE) == ["What it does", "Why", "Example", "Source"]
    title, *_ = rule.doc.splitlines()
    assert title.endswith("."), "the first line is a sentence"
    for body in re.split(r"^## .*$", rule.doc, flags=re.MULTILINE):
        assert body.strip()


@every_rule
def test_a_rule_is_named_for_the_fault_and_says_since_when(rule: Rule[Any]) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", rule.id)
    assert isinstance(rule.level, Level)
    assert Version.read(rule.since) <= Version.read(lockstep.__version__)


def test_rule_names_are_unique() -> None:
    names = [rule.id for rule in rules.every_rule()]
    assert sorted(set(names)) == names


def test_a_rule_never_speaks_in_the_name_of_another() -> None:
    """A rule's module names no rule but itself in a Finding."""
    known = {rule.id for rule in rules.every_rule()}
    for name in (name for name in MODULES if name.startswith("lockstep.rules.") and name.count(".") == 3):
        own = name.rpartition(".")[2].replace("_", "-")
        for call, node in calls(name):
            said = {one.value.value for one in node.keywords if one.arg == "rule" and isinstance(one.value, ast.Constant)}
            assert said <= {own}, f"{name}:{node.lineno} {call}"
        assert own in known


def test_every_fault_that_discovery_meets_has_its_rule() -> None:
    """A Finding made outside of `rules/` carries the name of a rule, or nobody would ever see it."""
    known = {rule.id for rule in rules.every_rule()}
    for name in (name for name in MODULES if room(name) not in ("rules", "cli", "reports")):
        for call, node in calls(name):
            texts = [one.value for one in (*node.args[:3], *(k.value for k in node.keywords if k.arg == "rule")) if isinstance(one, ast.Constant)]
            if call.endswith((".add", "_fault", "Finding")):
                named = [text for text in texts if isinstance(text, str) and re.fullmatch(r"[a-z]+(-[a-z]+)+", text)]
                assert set(named) <= known, f"{name}:{node.lineno} {named}"


# ---- the cost of a start


def loaded(repo: Repo, *args: str) -> set[str]:
    """Give the top-level modules that a command has loaded when it ends."""
    code = (
        "import sys, json, atexit\n"
        "sys.argv = ['lockstep', *json.loads(sys.argv[1])]\n"
        "atexit.register(lambda: sys.stderr.write('\\n' + json.dumps(sorted({name.partition('.')[0] for name in sys.modules}))))\n"
        "from lockstep.cli import main\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code, json.dumps(args)], cwd=repo.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize("args", [("--help",), ("--version",), ("bump", "--help"), ("check",), ("check", "--staged"), ("check", "--ref", "HEAD")], ids=" ".join)
def test_a_light_command_loads_nothing_heavy(args: tuple[str, ...], story: Story) -> None:
    assert not loaded(story("twins"), *args) & HEAVY


ORDINARY = ("--version", "check", "check --staged --format=json", "bump minor --dry-run", "show --sites", "diff HEAD HEAD", "explain")


@pytest.mark.parametrize("line", ORDINARY)
def test_an_ordinary_line_is_read_without_typer(line: str, story: Story) -> None:
    assert "typer" not in loaded(story("twins"), *line.split())


UNNEEDED = {"dataclasses", "inspect", "difflib", "json", "subprocess", "hashlib", "secrets", "shutil", "tempfile", "packaging", "platformdirs"}
"""What the standard library and others offer, and a check of an ordinary work tree does without."""


MOST = [("--version", 10), ("--help", 28), ("check", 114), ("bump minor --dry-run", 163), ("diff HEAD HEAD", 418)]


def modules(repo: Repo, line: str) -> set[str]:
    """Give all modules that a command has loaded when it ends."""
    code = "import sys, atexit; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); from lockstep.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code, *line.split()], cwd=repo.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.splitlines()[-1].split())


@pytest.mark.parametrize(("line", "most"), MOST)
def test_a_command_loads_what_it_needs(line: str, most: int, story: Story) -> None:
    """The number of our own modules is a promise too: each of them is a file to find, read and run. Raise it when a command does more."""
    found = modules(story("twins"), line)
    assert len({name for name in found if name.startswith("lockstep")}) <= most
    if line in ("check", "--version"):
        assert found & UNNEEDED == set()


def test_a_check_that_has_nothing_to_learn_loads_what_says_so_and_nothing_more(story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = story("twins")
    plain = modules(repo, "check")
    monkeypatch.setenv("LOCKSTEP_CACHE_DIR", str(tmp_path / "cache"))
    first, later = modules(repo, "check"), modules(repo, "check")
    assert first & UNNEEDED == set()
    assert "lockstep.evidence.past_bump" in first
    assert later & UNNEEDED == set()
    more = {name for name in later - plain if name.startswith("lockstep")}
    assert more <= {"lockstep.app.past_bumps", "lockstep.project.learning", "lockstep.cache"}  # the last where the files are old enough for it to be kept


def test_what_was_said_of_two_commits_is_said_again_without_what_reads(story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOCKSTEP_CACHE_DIR", str(tmp_path / "cache"))
    repo = story("twins")
    assert {"lockstep.review.review", "lockstep.config"} <= modules(repo, "diff HEAD HEAD")
    found = modules(repo, "diff HEAD HEAD")
    assert len({name for name in found if name.startswith("lockstep")}) <= 20
    assert found & (UNNEEDED - {"hashlib"}) == set()


def test_the_module_is_the_program(story: Story) -> None:
    assert program("--version", repo=story("twins"), code=0).out == f"lockstep {lockstep.__version__}\n"
