"""Workspaces, dependencies, locks and lockstep's own configuration."""

from __future__ import annotations

from collections.abc import Callable

from tests.hostile.shapes import CHECK, CRATE, PACKAGE, SURFACE, WHEEL, Files, Shape, one, step, times

SHOW = ("show", "--sites")
UV_LOCK = 'version = 1\nrevision = 3\nrequires-python = ">=3.9"\n\n'


def _members(count: int) -> Files:
    crates = {f"crates/c{n}/Cargo.toml": CRATE.replace("spam", f"c{n}") for n in range(count)}
    libraries = {f"crates/c{n}/src/lib.rs": "pub fn f() {}\n" for n in range(count)}
    return {"Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n', **crates, **libraries}


def _needing_all(count: int) -> Files:
    needs = "[dependencies]\n" + times(count, lambda n: f'd{n} = {{path = "../d{n}", version = "1.0.0"}}\n')
    return {
        "Cargo.toml": '[workspace]\nmembers = ["crates/*", "d*"]\n',
        **{f"d{n}/Cargo.toml": CRATE.replace("spam", f"d{n}") for n in range(count)},
        **{f"crates/c{n}/Cargo.toml": CRATE.replace("spam", f"c{n}") + needs.replace("../", "../../") for n in range(count)},
    }


def _listed(count: int) -> Files:
    names = ", ".join(f'"crates/c{n}"' for n in range(count))
    return {**_members(count), "Cargo.toml": f"[workspace]\nmembers = [{names}]\n"}


def _excluded(count: int) -> Files:
    names = ", ".join(f'"x{n}"' for n in range(count))
    return {**_members(count), "Cargo.toml": f'[workspace]\nmembers = ["crates/*"]\nexclude = [{names}]\n'}


def _npm(count: int) -> Files:
    listed = ", ".join(f'"@spam/p{n}": "1.0.0"' for n in range(count))
    others = {f"npm/p{n}/package.json": f'{{"name": "@spam/p{n}", "version": "1.0.0"}}' for n in range(count)}
    return {"package.json": f'{PACKAGE}, "workspaces": ["npm/*"], "optionalDependencies": {{{listed}}}}}', **others}


def _workspaces(count: int, glob: str) -> Files:
    return {
        "package.json": f'{PACKAGE}, "workspaces": ["{glob}"]}}',
        **{f"npm/p{n}/package.json": f'{{"name": "p{n}", "version": "1.0.0"}}' for n in range(count)},
    }


def _many_workspaces(count: int) -> Files:
    globs = ", ".join(f'"npm/p{n}/**/*"' for n in range(count))
    others = {f"npm/p{n}/a/package.json": f'{{"name": "p{n}", "version": "1.0.0"}}' for n in range(count)}
    return {"package.json": f'{PACKAGE}, "workspaces": [{globs}]}}', **others}


def _uv(groups: str, lock: str = "", own: str = "") -> Files:
    package = f'[[package]]\nname = "spam"\nversion = "1.0.0"\nsource = {{ virtual = "." }}\n{own}'
    return {"pyproject.toml": f'{WHEEL}requires-python = ">=3.9"\n' + groups, "uv.lock": UV_LOCK + package + lock}


def _uv_members(count: int) -> Files:
    members = {f"p{n}/pyproject.toml": WHEEL.replace("spam", f"p{n}") for n in range(count)}
    entries = times(count, lambda n: f'[[package]]\nname = "p{n}"\nversion = "1.0.0"\nsource = {{ virtual = "p{n}" }}\n\n')
    return {"pyproject.toml": WHEEL + '[tool.uv.workspace]\nmembers = ["p*"]\n', **members, "uv.lock": UV_LOCK + entries}


def _uv_needing_all(count: int) -> Files:
    """Give members that need all others, and a lock that says so."""
    needs = ", ".join(f'"p{n}"' for n in range(count))
    sources = "[tool.uv.sources]\n" + times(count, lambda n: f"p{n} = {{workspace = true}}\n")
    members = {f"p{n}/pyproject.toml": f"{WHEEL.replace('spam', f'p{n}')}dependencies = [{needs}]\n{sources}" for n in range(count)}
    listed = "dependencies = [\n" + times(count, lambda n: f'    {{ name = "p{n}" }},\n') + "]\n"
    entries = times(count, lambda n: f'[[package]]\nname = "p{n}"\nversion = "1.0.0"\nsource = {{ virtual = "p{n}" }}\n{listed}\n')
    return {"pyproject.toml": WHEEL + '[tool.uv.workspace]\nmembers = ["p*"]\n', **members, "uv.lock": UV_LOCK + entries}


def _groups(count: int) -> str:
    return "[dependency-groups]\n" + times(count, lambda n: f'g{n} = ["a{n}"]\n')


def _locked_groups(count: int, lines: Callable[[int], str]) -> Files:
    """Give groups, and a lock that has them."""
    tables = "\n[package.dev-dependencies]\n{}\n[package.metadata]\n\n[package.metadata.requires-dev]\n{}\n"
    has = times(count, lambda n: f"g{n} = [{', '.join(f'{{ name = {chr(34)}a{one}{chr(34)} }}' for one in lines(n).split())}]\n")
    entries = times(count + 1, lambda n: f'[[package]]\nname = "a{n}"\nversion = "1.0.0"\nsource = {{ registry = "https://pypi.org/simple" }}\n\n')
    return _uv(_groups(count), entries, tables.format(has, has))


def _group_chain(count: int) -> str:
    return (
        "[dependency-groups]\n"
        + times(count, lambda n: f'g{n} = [{{include-group = "g{n + 1}"}}, {{include-group = "g{n + 1}"}}, "a{n}"]\n')
        + f'g{count} = ["a"]\n'
    )


def _all_groups(count: int) -> str:
    lines = ", ".join(f'{{include-group = "h{n}"}}' for n in range(count))
    return "[dependency-groups]\n" + times(count, lambda n: f"g{n} = [{lines}]\nh{n} = ['a{n}']\n")


def _extras(count: int) -> str:
    return "[project.optional-dependencies]\n" + times(count, lambda n: f'e{n} = ["spam[e{n + 1}]", "a{n}"]\n') + f'e{count} = ["a"]\n'


def _conflicts(count: int) -> str:
    pairs = ", ".join(f'[{{group = "g{n}"}}, {{group = "g{n + 1}"}}]' for n in range(count))
    return f"{_groups(count + 1)}[tool.uv]\nconflicts = [{pairs}]\n"


def _markers(count: int, marker: str) -> Files:
    """Give a lock whose packages depend on each other under markers."""
    entries = times(
        count,
        lambda n: (
            f'[[package]]\nname = "a{n}"\nversion = "1.0.0"\nsource = {{ registry = "https://pypi.org/simple" }}\n'
            f'dependencies = [{{ name = "a{n + 1}", marker = "{marker}" }}]\n\n'
        ),
    )
    last = f'[[package]]\nname = "a{count}"\nversion = "1.0.0"\nsource = {{ registry = "https://pypi.org/simple" }}\n'
    files = dict(_uv("", entries + last))
    files["pyproject.toml"] = WHEEL + 'requires-python = ">=3.9"\ndependencies = ["a0"]\n'
    files["uv.lock"] = _uv("", entries + last, 'dependencies = [\n    { name = "a0" },\n]\n\n[package.metadata]\nrequires-dist = [{ name = "a0" }]\n\n')[
        "uv.lock"
    ]
    return files


def _cargo_lock(count: int) -> Files:
    entries = times(
        count,
        lambda n: (
            f'[[package]]\nname = "a{n}"\nversion = "1.0.0"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "0"\n'
            f'dependencies = [\n "a{n + 1}",\n]\n\n'
        ),
    )
    last = f'[[package]]\nname = "a{count}"\nversion = "1.0.0"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "0"\n\n'
    own = '[[package]]\nname = "spam"\nversion = "1.0.0"\ndependencies = [\n "a0",\n]\n'
    return {"Cargo.toml": CRATE + '[dependencies]\na0 = "1"\n', "Cargo.lock": f"version = 4\n\n{entries}{last}{own}"}


def _cargo_versions(count: int) -> Files:
    entries = times(
        count, lambda n: f'[[package]]\nname = "a"\nversion = "1.{n}.0"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "0"\n\n'
    )
    needs = times(count, lambda n: f' "a 1.{n}.0",\n')
    wanted = times(count, lambda n: f'a{n} = {{package = "a", version = "=1.{n}.0"}}\n')
    return {
        "Cargo.toml": f"{CRATE}[dependencies]\n{wanted}",
        "Cargo.lock": f'version = 4\n\n{entries}[[package]]\nname = "spam"\nversion = "1.0.0"\ndependencies = [\n{needs}]\n',
    }


def _config(text: str, **more: str) -> Files:
    return {"pyproject.toml": WHEEL, "lockstep.toml": text, **more}


def _many_files(count: int) -> Files:
    return {"pyproject.toml": WHEEL, **{f"d{n % 50}/f{n}.txt": "a\n" for n in range(count)}}


def _needs(count: int, operator: str) -> Files:
    return {"pyproject.toml": WHEEL + f"dependencies = ['a {','.join(f'{operator}{n}' for n in range(count))}']\n"}


SHAPES: dict[str, Shape] = {
    "members of a workspace": one(_members, CHECK, 30, 250),
    "members that are listed": one(_listed, CHECK, 30, 250),
    "folders that are excluded": one(_excluded, CHECK, 30, 250),
    "members that need all others": one(_needing_all, CHECK, 8, 16, square=True),
    "dependencies of a crate": one(lambda n: {"Cargo.toml": CRATE + "[dependencies]\n" + times(n, lambda i: f'a{i} = "1"\n')}, CHECK, 200, 4000),
    "targets of a crate": one(
        lambda n: {"Cargo.toml": CRATE + times(n, lambda i: f"[target.'cfg(a{i})'.dependencies]\na{i} = \"1\"\n"), "src/lib.rs": ""}, SURFACE, 100, 1000
    ),
    "binaries of a crate": one(
        lambda n: {"Cargo.toml": CRATE + times(n, lambda i: f'[[bin]]\nname = "b{i}"\npath = "src/b{i}.rs"\n'), "src/lib.rs": ""}, SURFACE, 100, 1000
    ),
    "files": one(_many_files, CHECK, 0, 1000),
    "files that git does not have": Shape(
        make=lambda repo, n: (repo.write({"pyproject.toml": WHEEL}).commit(), repo.write({f"d{i % 50}/f{i}.txt": "a\n" for i in range(n)})),
        ask=CHECK,
        size=0,
        large=1000,
    ),
    "folders in folders": one(lambda n: {"pyproject.toml": WHEEL, "/".join(["a"] * n) + "/b.txt": ""}, CHECK, 0, 100),
    "packages of npm": one(_npm, CHECK, 40, 250),
    "workspaces of npm with stars": one(lambda n: _workspaces(n, "**/*/**/*/**"), CHECK, 30, 250),
    "stars of a workspace": one(lambda n: _workspaces(20, "**/" + "*a" * n + "/*"), CHECK, 0, 100),
    "braces of a workspace": one(lambda n: _workspaces(20, "{a,b}" * n), CHECK, 0, 16),
    "braces in braces": one(lambda n: _workspaces(20, "{a," * n + "b" + "}" * n), CHECK, 0, 16),
    "globs of workspaces": one(_many_workspaces, CHECK, 20, 100),
    "exports of npm": one(
        lambda n: {"package.json": f"{PACKAGE}, " + '"exports": {' + ", ".join(f'"./a{i}": "./a{i}.js"' for i in range(n)) + "}}"}, CHECK, 100, 4000
    ),
    "exports in exports": one(lambda n: {"package.json": f"{PACKAGE}, " + '"exports": {".": ' + '{"node": ' * n + '"./a.js"' + "}" * n + "}}"}, CHECK, 20, 200),
    "groups of uv": one(lambda n: _uv(_groups(n)), CHECK, 40, 400),
    "groups of uv in the lock": one(lambda n: _locked_groups(n, str), CHECK, 40, 200),
    "groups of uv that include the next twice": one(lambda n: _uv(_group_chain(n)), CHECK, 20, 100, square=True),
    "groups of uv that include all": one(lambda n: _uv(_all_groups(n)), CHECK, 10, 32, square=True),
    "extras that need the next": one(lambda n: _uv(_extras(n)), CHECK, 20, 100, square=True),
    "conflicts of uv": one(lambda n: _uv(_conflicts(n)), CHECK, 20, 100),
    "entries of a uv lock": one(
        lambda n: _uv("", times(n, lambda i: f'\n[[package]]\nname = "a{i}"\nversion = "1.0.0"\nsource = {{ registry = "https://pypi.org/simple" }}\n')),
        CHECK,
        100,
        2000,
    ),
    "entries that need the next": one(lambda n: _markers(n, "sys_platform == 'linux'"), CHECK, 50, 500),
    "terms of a marker": one(lambda n: _markers(4, " and ".join(f"(sys_platform == 'a{i}' or python_version > '3.{i}')" for i in range(n))), CHECK, 10, 50),
    "brackets of a marker": one(lambda n: _markers(4, "(" * n + "sys_platform == 'a'" + ")" * n), CHECK, 20, 200),
    "members of uv": one(_uv_members, CHECK, 20, 125),
    "members of uv that need all": one(_uv_needing_all, CHECK, 8, 16, square=True),
    "entries of a Cargo lock": one(_cargo_lock, CHECK, 100, 1000),
    "versions of one crate in a lock": one(_cargo_versions, CHECK, 50, 250),
    "entries of an npm lock": one(
        lambda n: {
            "package.json": PACKAGE + "}",
            "package-lock.json": f'{PACKAGE}, "lockfileVersion": 3, "packages": {{"": {PACKAGE}}}'
            + times(n, lambda i: f', "node_modules/a{i}": {{"version": "1.0.0"}}')
            + "}}",
        },
        CHECK,
        100,
        4000,
    ),
    "entries of a pnpm lock": one(
        lambda n: {
            "package.json": PACKAGE + "}",
            "pnpm-lock.yaml": "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n"
            + times(n, lambda i: f"      a{i}:\n        specifier: ^1.0.0\n        version: 1.0.0\n"),
        },
        CHECK,
        100,
        2000,
    ),
    "entries of a yarn lock": one(
        lambda n: {"package.json": PACKAGE + "}", "yarn.lock": "# yarn lockfile v1\n\n\n" + times(n, lambda i: f'a{i}@^1.0.0:\n  version "1.0.0"\n\n')},
        CHECK,
        100,
        4000,
    ),
    "entries of a poetry lock": one(
        lambda n: {
            "pyproject.toml": '[tool.poetry]\nname = "spam"\nversion = "1.0.0"\n[tool.poetry.dependencies]\npython = "^3.9"\n',
            "poetry.lock": times(n, lambda i: f'[[package]]\nname = "a{i}"\nversion = "1.0.0"\n\n') + '[metadata]\nlock-version = "2.0"\ncontent-hash = "0"\n',
        },
        CHECK,
        100,
        2000,
    ),
    "comparisons of a requirement": one(lambda n: _needs(n, ">"), CHECK, 100, 1000),
    "exclusions of a requirement": one(lambda n: _needs(n, "!="), CHECK, 100, 1000),
    "requirements of a wheel": one(lambda n: {"pyproject.toml": WHEEL + "dependencies = [" + times(n, lambda i: f"'a{i} >= 1', ") + "]\n"}, CHECK, 100, 2000),
    "extras of a wheel": one(
        lambda n: {"pyproject.toml": WHEEL + "[project.optional-dependencies]\n" + times(n, lambda i: f"e{i} = ['a{i}']\n"), "spam/__init__.py": ""},
        SURFACE,
        100,
        2000,
    ),
    "scripts of a wheel": one(
        lambda n: {"pyproject.toml": WHEEL + "[project.scripts]\n" + times(n, lambda i: f"s{i} = 'spam:f{i}'\n"), "spam/__init__.py": ""}, SURFACE, 100, 2000
    ),
    "sites of the configuration": one(
        lambda n: _config(times(n, lambda i: f'[[sites]]\npath = "d{i}.md"\npattern = "spam {{version}}"\n'), **{f"d{i}.md": "spam 1.0.0\n" for i in range(n)}),
        CHECK,
        30,
        250,
    ),
    "sites in one file": one(
        lambda n: _config(
            times(n, lambda i: f'[[sites]]\npath = "d.md"\npattern = "spam{i} {{version}}"\n'), **{"d.md": times(n, lambda i: f"spam{i} 1.0.0\n")}
        ),
        CHECK,
        20,
        64,
        square=True,
    ),
    "files that a site's glob takes": one(
        lambda n: _config('[[sites]]\npath = "**/*.md"\npattern = "spam {version}"\n', **{f"d/d{i}.md": "spam 1.0.0\n" for i in range(n)}), CHECK, 30, 250
    ),
    "stars of a site's pattern": one(lambda n: _config(f"[[sites]]\npath = 'd.md'\npattern = '{'*a' * n}{{version}}'\n", **{"d.md": "a" * 2000}), CHECK, 0, 50),
    "globs that exclude": one(
        lambda n: _config("exclude = [" + times(n, lambda i: f'"**/x{i}*/**/*.y*", ') + "]\n", **{f"d/d{i}.md": "" for i in range(200)}), CHECK, 30, 250
    ),
    "a glob of stars": one(lambda n: _config("exclude = ['" + "*a" * n + "b']\n", **{"a" * 200: ""}), CHECK, 0, 100),
    "a glob of two stars": one(lambda n: _config("exclude = ['" + "**/a" * n + "b']\n", **{"a/" * 60 + "c": ""}), CHECK, 0, 100),
    "a glob of brackets": one(lambda n: _config("exclude = ['" + "[a" * n + "]']\n"), CHECK, 0, 4000),
    "a glob of braces": one(lambda n: _config("exclude = ['" + "{a,b}" * n + "']\n"), CHECK, 0, 4000),
    "groups of the configuration": one(
        lambda n: {
            "lockstep.toml": times(n, lambda i: f'[groups.g{i}]\npackages = ["p{i}"]\n'),
            **{f"p{i}/pyproject.toml": WHEEL.replace("spam", f"p{i}") for i in range(n)},
        },
        CHECK,
        20,
        125,
    ),
    "groups with globs": one(
        lambda n: {
            "lockstep.toml": times(n, lambda i: f'[groups.g{i}]\npackages = ["p{i}-*"]\n'),
            **{f"p{i}/pyproject.toml": WHEEL.replace("spam", f"p{i}-a") for i in range(n)},
        },
        CHECK,
        20,
        64,
        square=True,
    ),
    "packages that are outside": one(
        lambda n: {
            "lockstep.toml": "outside = [" + times(n, lambda i: f'"p{i}", ') + "]\n",
            "pyproject.toml": WHEEL,
            **{f"p{i}/pyproject.toml": WHEEL.replace("spam", f"p{i}") for i in range(n)},
        },
        CHECK,
        20,
        125,
    ),
    "waivers": one(
        lambda n: _config(times(n, lambda i: f'[[waivers]]\nrule = "name-removed"\nsymbol = "spam.f{i}"\nreason = "old"\nexpires = "2099-01-01"\n')),
        CHECK,
        100,
        2000,
    ),
    "symbols that are hidden": step(
        lambda n: _config("hidden = [" + times(n, lambda i: f'"spam.a{i}*", ') + "]\n", **{"spam/__init__.py": times(n, lambda i: f"def f{i}(): ...\n")}),
        lambda n: _config("hidden = [" + times(n, lambda i: f'"spam.a{i}*", ') + "]\n", **{"spam/__init__.py": times(n, lambda i: f"def f{i}(a): ...\n")}),
        20,
        125,
    ),
    "schemas in schemas": one(
        lambda n: _config(
            "[[declared]]\npath = 's.json'\nkind = 'json-schema'\n", **{"s.json": '{"type": "object", "properties": {"a": ' * n + "{}" + "}}" * n}
        ),
        SURFACE,
        20,
        200,
    ),
    "schemas that refer to the next twice": one(
        lambda n: _config(
            "[[declared]]\npath = 's.json'\nkind = 'json-schema'\n",
            **{
                "s.json": '{"$defs": {'
                + times(n, lambda i: f'"d{i}": {{"properties": {{"a": {{"$ref": "#/$defs/d{i + 1}"}}, "b": {{"$ref": "#/$defs/d{i + 1}"}}}}}}, ')
                + f'"d{n}": {{"type": "string"}}}}, "$ref": "#/$defs/d0"}}'
            },
        ),
        SURFACE,
        10,
        50,
    ),
    "properties of a schema": one(
        lambda n: _config(
            "[[declared]]\npath = 's.json'\nkind = 'json-schema'\n",
            **{"s.json": '{"properties": {' + times(n, lambda i: f'"a{i}": {{"type": "string"}}, ') + '"z": {}}}'},
        ),
        SURFACE,
        100,
        2000,
    ),
    "sites that are shown": one(_members, SHOW, 30, 125),
}
