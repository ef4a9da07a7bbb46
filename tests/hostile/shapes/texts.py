"""TOML, JSON, YAML and the other texts in which a version is looked for."""

from __future__ import annotations

from tests.hostile.shapes import AUDIT, CHECK, CRATE, PACKAGE, WHEEL, Files, Shape, nested, one, times


def _toml(text: str) -> Files:
    return {"pyproject.toml": WHEEL + text}


def _json(text: str) -> Files:
    return {"package.json": f"{PACKAGE}, {text}}}"}


def _yaml(text: str) -> Files:
    return {"pyproject.toml": WHEEL, ".github/workflows/release.yml": text}


def _beside(**files: str) -> Files:
    return {"pyproject.toml": WHEEL, **{name.replace("__", "."): text for name, text in files.items()}}


def _site(pattern: str, text: str) -> Files:
    return {"pyproject.toml": WHEEL, "lockstep.toml": f"[[sites]]\npath = \"d.md\"\npattern = '{pattern}'\n", "d.md": text}


SHAPES: dict[str, Shape] = {
    "a dotted key": one(lambda n: {"Cargo.toml": CRATE + "[package.metadata]\n" + "a." * n + "b = 1\n"}, CHECK, 400, 20_000),
    "a dotted header": one(lambda n: _toml("[" + "a." * n + "b]\n"), CHECK, 400, 20_000),
    "dotted keys in a table": one(lambda n: _toml("[tool.a]\n" + times(n, lambda i: f"a.b.c{i} = 1\n")), CHECK, 200, 4000),
    "dotted keys that go deeper": one(lambda n: _toml("[tool.a]\n" + times(n, lambda i: "a." * i + f"b{i} = 1\n")), CHECK, 20, 60, square=True),
    "headers that go deeper": one(lambda n: _toml(times(n, lambda i: "[tool" + ".a" * i + f".b{i}]\n")), CHECK, 20, 60, square=True),
    "tables of TOML": one(lambda n: _toml(times(n, lambda i: f"[tool.t{i}]\na = 1\n")), CHECK, 200, 4000),
    "arrays of tables": one(lambda n: _toml("[[tool.a]]\nb = 1\n" * n), CHECK, 200, 4000),
    "arrays of arrays of tables": one(lambda n: _toml("[[tool.a]]\n" + "[[tool.a.b]]\nc = 1\n" * n), CHECK, 200, 4000),
    "keys of a table": one(lambda n: _toml("[tool.a]\n" + times(n, lambda i: f"k{i} = 'v'\n")), CHECK, 200, 10_000),
    "elements of an array": one(lambda n: _toml("[tool.a]\nb = [" + "'a', " * n + "]\n"), CHECK, 200, 20_000),
    "inline tables in inline tables": one(lambda n: _toml("[tool.a]\nb = " + nested(n, "{a = ", "1", "}") + "\n"), CHECK, 40, 4000),
    "arrays in arrays": one(lambda n: _toml("[tool.a]\nb = " + nested(n, "[", "1", "]") + "\n"), CHECK, 40, 4000),
    "a text of many lines": one(lambda n: _toml('[tool.a]\nb = """\n' + "a\\\n" * n + '"""\n'), CHECK, 0, 50_000),
    "a text that never ends": one(lambda n: _toml('[tool.a]\nb = """\n' + 'a"\n' * n), CHECK, 0, 50_000),
    "escapes of a text": one(lambda n: _toml('[tool.a]\nb = "' + "\\u00e9" * n + '"\n'), CHECK, 0, 50_000),
    "digits of a TOML number": one(lambda n: _toml(f"[tool.a]\nb = {'1' * n}\n"), CHECK, 0, 20_000),
    "digits with underscores": one(lambda n: _toml(f"[tool.a]\nb = {'1_' * n}1\n"), CHECK, 0, 20_000),
    "a hexadecimal number of TOML": one(lambda n: _toml(f"[tool.a]\nb = 0x{'1' * n}\n"), CHECK, 0, 200_000),
    "digits of a fraction": one(lambda n: _toml(f"[tool.a]\nb = 1.{'1' * n}e{'1' * n}\n"), CHECK, 0, 100_000),
    "comments of TOML": one(lambda n: _toml("# a\n" * n), CHECK, 0, 200_000),
    "blanks of TOML": one(lambda n: _toml("[tool.a]\nb =" + " " * n + "1\n"), CHECK, 0, 500_000),
    "keys that stand twice": one(lambda n: _toml("[tool.a]\n" + "k = 1\n" * n), CHECK, 200, 10_000),
    "objects in objects": one(lambda n: _json(nested(n, '"a": {', '"b": 1', "}")), CHECK, 100, 4000),
    "brackets of JSON": one(lambda n: _json('"a": ' + nested(n, "[", "", "]")), CHECK, 500, 20_000),
    "keys of an object": one(lambda n: _json(times(n, lambda i: f'"k{i}": 1, ') + '"z": 1'), CHECK, 200, 20_000),
    "digits of a JSON number": one(lambda n: _json(f'"a": {"1" * n}'), CHECK, 0, 50_000),
    "surrogates of JSON": one(lambda n: _json('"a": "' + "\\ud800" * n + '"'), CHECK, 0, 50_000),
    "blanks of JSON": one(lambda n: _json(" " * n + '"a": 1'), CHECK, 0, 500_000),
    "brackets of YAML": one(lambda n: _yaml("on: " + nested(n, "[", "", "]")), AUDIT, 500, 4000),
    "anchors that double": one(
        lambda n: _yaml("a0: &a0 [x]\n" + times(n, lambda i: f"a{i + 1}: &a{i + 1} [*a{i}, *a{i}]\n") + "on: {push: {tags: ['v*']}}\njobs: {}\n"), AUDIT, 10, 50
    ),
    "keys of a YAML mapping": one(lambda n: _yaml("on: {push: {tags: ['v*']}}\nenv:\n" + times(n, lambda i: f"  k{i}: v\n") + "jobs: {}\n"), AUDIT, 200, 4000),
    "YAML that goes deeper": one(lambda n: _yaml(times(n, lambda i: " " * i + f"k{i}:\n")), AUDIT, 30, 60, square=True),
    "a YAML text of many lines": one(lambda n: _yaml("on: push\nname: |\n" + "  a\n" * n + "jobs: {}\n"), AUDIT, 0, 10_000),
    "a YAML text in quotes": one(lambda n: _yaml("on: push\nname: '" + "a\n\n  " * n + "'\njobs: {}\n"), AUDIT, 0, 10_000),
    "a YAML key without end": one(lambda n: _yaml("on: push\n" + "a " * n + "\n"), AUDIT, 0, 20_000),
    "tags of YAML": one(lambda n: _yaml("on: push\na: " + "!!str " * n + "\n"), AUDIT, 0, 10_000),
    "documents of YAML": one(lambda n: _yaml("---\n" * n + "on: push\n"), AUDIT, 0, 10_000),
    "elements of XML": one(lambda n: _beside(pom__xml="<project>" + nested(n, "<a>", "", "</a>") + "<version>1.0.0</version></project>\n"), CHECK, 30, 4000),
    "elements of XML in a row": one(lambda n: _beside(pom__xml="<project>" + "<a/>" * n + "<version>1.0.0</version></project>\n"), CHECK, 100, 8000),
    "entities of XML": one(
        lambda n: _beside(
            pom__xml='<!DOCTYPE a [<!ENTITY a0 "x">'
            + times(n, lambda i: f'<!ENTITY a{i + 1} "&a{i};&a{i};">')
            + f"]><project><version>&a{n};</version></project>\n"
        ),
        CHECK,
        10,
        20,
    ),
    "comments of XML that never end": one(lambda n: _beside(pom__xml="<project>" + "<!-- " * n), CHECK, 0, 20_000),
    "a pattern in a run of versions": one(lambda n: _site("{version} x", "1." * n), CHECK, 3000, 20_000),
    "a pattern at many places": one(lambda n: _site("spam {version}", "spam 1.0.0\n" * n), CHECK, 200, 4000),
    "a pattern that begins everywhere": one(lambda n: _site("a" * 100 + "{version}", "a" * n), CHECK, 0, 200_000),
    "digits of a version": one(lambda n: _site("spam {version}", "spam " + "1" * n), CHECK, 0, 100_000),
    "parts of a pre-release": one(lambda n: _site("spam {version}", "spam 1.0.0-" + "a." * n + "b"), CHECK, 0, 100_000),
    "a version of many digits": one(lambda n: {"Cargo.toml": CRATE.replace("1.0.0", "1" * n + ".0.0")}, CHECK, 0, 100_000),
    "a version of Python of many digits": one(lambda n: {"pyproject.toml": WHEEL.replace("1.0.0", "1." * n + "0")}, CHECK, 0, 50_000),
    "a version of npm of many digits": one(lambda n: {"package.json": PACKAGE.replace("1.0.0", "1.0.0-" + "1" * n) + "}"}, CHECK, 0, 100_000),
    "a version in a file": one(lambda n: _beside(VERSION="1" * n), CHECK, 0, 100_000),
    "a version in a Python file": one(lambda n: {**_toml(""), "spam/__init__.py": f'__version__ = "{"1" * n}"\n'}, CHECK, 0, 100_000),
    "lines of a readme": one(lambda n: _beside(README__md="# spam\n\n" + "`pip install spam==1.0.0`\n" * n), CHECK, 200, 4000),
    "one line of a readme": one(lambda n: _beside(README__md="# spam\n\n" + "pip install spam " * n + "\n"), CHECK, 0, 20_000),
    "a readme of stars": one(lambda n: _beside(README__md="# spam\n\n" + "* " * n + "\n" + "*" * n + "\n"), CHECK, 0, 20_000),
    "a readme of quotes": one(lambda n: _beside(README__md="# spam\n\n" + "`" * n + "\n" + "> " * n + "\n"), CHECK, 0, 20_000),
    "a readme of fences": one(lambda n: _beside(README__md="# spam\n\n" + "```\npip install spam==1.0.0\n" * n), CHECK, 0, 8000),
    "lines of CMake": one(lambda n: _beside(CMakeLists__txt="project(spam VERSION 1.0.0)\n" + "set(A 1)\n" * n), CHECK, 0, 10_000),
    "brackets of CMake": one(lambda n: _beside(CMakeLists__txt="project(" + "(" * n), CHECK, 0, 20_000),
    "projects of CMake that never close": one(lambda n: _beside(CMakeLists__txt="project(" * n), CHECK, 0, 10_000),
    "comments of CMake": one(lambda n: _beside(CMakeLists__txt="#[[" * n), CHECK, 0, 20_000),
    "lines of Meson": one(lambda n: _beside(meson__build="project('spam', version: '1.0.0')\n" + "a = 1\n" * n), CHECK, 0, 10_000),
    "projects of Meson that never close": one(lambda n: _beside(meson__build="project(" * n), CHECK, 0, 20_000),
    "lines of Gradle": one(lambda n: _beside(build__gradle='version = "1.0.0"\n' + "a { b }\n" * n), CHECK, 0, 10_000),
    "lines of a gemspec": one(
        lambda n: {**_toml(""), "spam.gemspec": 'Gem::Specification.new do |s|\n  s.version = "1.0.0"\n' + "s.a = 1\n" * n}, CHECK, 0, 10_000
    ),
    "lines of setup.cfg": one(lambda n: _beside(setup__cfg="[metadata]\nname = spam\nversion = 1.0.0\n[a]\nb =\n" + "    c\n" * n), CHECK, 200, 10_000),
    "lines of setup.py": one(
        lambda n: _beside(setup__py="from setuptools import setup\n" + "a = 1\n" * n + "setup(name='spam', version='1.0.0')\n"), CHECK, 100, 4000
    ),
    "names of setup.py in a chain": one(
        lambda n: _beside(
            setup__py="from setuptools import setup\na0 = '1.0.0'\n" + times(n, lambda i: f"a{i + 1} = a{i}\n") + f"setup(name='spam', version=a{n})\n"
        ),
        CHECK,
        30,
        500,
    ),
    "names of setup.py that double": one(
        lambda n: _beside(
            setup__py="from setuptools import setup\na0 = '1'\n" + times(n, lambda i: f"a{i + 1} = a{i} + a{i}\n") + f"setup(name='spam', version=a{n})\n"
        ),
        CHECK,
        10,
        25,
    ),
    "lines of a Nix expression": one(lambda n: {"Cargo.toml": CRATE, "default.nix": '{ pkgs }: { version = "1.0.0"; }\n' + "a = 1;\n" * n}, CHECK, 0, 10_000),
    "lines of a conda recipe": one(lambda n: {**_toml(""), "recipe/meta.yaml": '{% set version = "1.0.0" %}\n' + "{% set a = 1 %}\n" * n}, CHECK, 0, 8000),
}
