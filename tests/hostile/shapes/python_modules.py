"""Python packages of many modules."""

from __future__ import annotations

from tests.hostile.shapes import DIFF, SURFACE, WHEEL, Files, Shape, module_of, one, step, times


def _stars(count: int) -> Files:
    ring = {f"spam/m{n}.py": f"from .m{(n + 1) % count} import *\ndef f{n}(): ...\n" for n in range(count)}
    return {"pyproject.toml": WHEEL, "spam/__init__.py": "from .m0 import *\n", **ring}


def _star_chain(count: int) -> Files:
    chain = {f"spam/m{n}.py": f"from .m{n + 1} import *\ndef f{n}(): ...\n" for n in range(count)}
    return {"pyproject.toml": WHEEL, "spam/__init__.py": "from .m0 import *\n", **chain, f"spam/m{count}.py": "def f(): ...\n"}


def _all_stars(count: int) -> Files:
    lines = times(count, lambda n: f"from .m{n} import *\n")
    return {"pyproject.toml": WHEEL, "spam/__init__.py": "from .m0 import *\n", **{f"spam/m{n}.py": lines + f"def f{n}(): ...\n" for n in range(count)}}


def _imports(count: int) -> Files:
    chain = {f"spam/m{n}.py": f"from .m{n + 1} import f\n" for n in range(count)}
    return {"pyproject.toml": WHEEL, "spam/__init__.py": "from .m0 import f\n", **chain, f"spam/m{count}.py": "def f(): ...\n"}


def _modules(count: int) -> Files:
    return {"pyproject.toml": WHEEL, "spam/__init__.py": "", **{f"spam/m{n}.py": "def f(a: int) -> int: ...\n" for n in range(count)}}


def _stubs(count: int) -> Files:
    return {**_modules(count), **{f"spam/m{n}.pyi": "def f(a: int) -> int: ...\ndef g(): ...\n" for n in range(count)}}


def _packages(count: int) -> Files:
    return {"pyproject.toml": WHEEL, **{f"spam/{'a/' * n}__init__.py": "x = 1\n" for n in range(count)}}


def _bases(count: int) -> Files:
    chain = {f"spam/m{n}.py": f"from .m{n + 1} import C as B\nclass C(B):\n    def f{n}(self): ...\n" for n in range(count)}
    return {"pyproject.toml": WHEEL, "spam/__init__.py": "", **chain, f"spam/m{count}.py": "class C: ...\n"}


def _wheels(count: int) -> Files:
    wheels = {f"p{n}/pyproject.toml": WHEEL.replace("spam", f"spam{n}") for n in range(count)}
    return {**wheels, **{f"p{n}/spam{n}/__init__.py": "def f(): ...\n" for n in range(count)}}


def _needing(count: int) -> Files:
    """Give wheels that each import the one after."""
    files = dict(_wheels(count))
    for n in range(count - 1):
        files[f"p{n}/pyproject.toml"] += f'dependencies = ["spam{n + 1}"]\n'
        files[f"p{n}/spam{n}/__init__.py"] = f"from spam{n + 1} import *\ndef f{n}(): ...\n"
    return files


def _cycle_of_names(count: int) -> Files:
    return {
        "pyproject.toml": WHEEL,
        "spam/__init__.py": "",
        **{f"spam/m{n}.py": times(20, lambda i, n=n: f"from .m{(n + 1) % count} import a{i}\n") for n in range(count)},  # type: ignore[misc]
    }


SHAPES: dict[str, Shape] = {
    "star imports in a ring": one(_stars, SURFACE, 16, 16, square=True),
    "star imports in a chain": one(_star_chain, SURFACE, 16, 16, square=True),
    "star imports of all": one(_all_stars, SURFACE, 8, 16, square=True),
    "imports in a chain": one(_imports, SURFACE, 16, 100),
    "imports in a ring": one(_cycle_of_names, SURFACE, 16, 100),
    "modules of a package": one(_modules, SURFACE, 40, 500),
    "stubs of a package": one(_stubs, SURFACE, 40, 250),
    "packages in packages": one(_packages, SURFACE, 16, 40),
    "bases in other modules": one(_bases, SURFACE, 16, 50, square=True),
    "wheels": one(_wheels, SURFACE, 10, 50),
    "wheels that import each other": one(_needing, SURFACE, 8, 20),
    "names that one module imports": one(
        lambda n: {**module_of(times(n, lambda i: f"from .m import f{i}\n")), "spam/m.py": times(n, lambda i: f"def f{i}(): ...\n")}, SURFACE, 100, 2000
    ),
    "modules that are gone": step(_modules, lambda n: {f"spam/m{i}.py": "" for i in range(n)}, 20, 250),
    "modules that moved": Shape(
        make=lambda repo, n: (
            repo.write({**module_of(""), **{f"spam/m{i}.py": f"def f{i}(a{i}): ...\n" for i in range(n)}}).commit(),
            repo.git("rm", "-rq", "spam"),
            repo.write({"spam/__init__.py": "", **{f"spam/n{i}.py": f"def f{i}(a{i}): ...\n" for i in range(n)}}).commit(),
        ),
        ask=DIFF,
        size=20,
        large=250,
    ),
}
