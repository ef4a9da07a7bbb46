"""A setup.py that takes its version from a file it names: the file is found, and nothing is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from lockstep.formats import setup_py
from lockstep.manifest import Derived, Source, Unwritten
from tests.conftest import Repo, Run

Fresh = Callable[[Mapping[str, str | bytes]], Repo]

SHAPES = {
    "loader": 'from importlib.machinery import SourceFileLoader\nVERSION = SourceFileLoader("v", "spam/_version.py").load_module().__version__\n',
    "loaded module": "from importlib.machinery import SourceFileLoader as Loader, SourceFileLoader\n"
    'v = SourceFileLoader("v", "spam/_version.py").load_module()\nVERSION = str(v.__version__)\n',
    "exec into a dictionary": 'ns = {}\nexec(open("spam/_version.py").read(), ns)\nVERSION = ns["__version__"]\n',
    "exec in a with": "import os\nhere = os.path.abspath(os.path.dirname(__file__))\nabout = {}\n"
    'with open(os.path.join(here, "spam", "_version.py")) as f:\n    exec(f.read(), about)\nVERSION = about["__version__"]\n',
    "exec here": 'exec(open("spam/_version.py").read())\nVERSION = __version__\n',
    "exec of compiled": 'ns = {}\nexec(compile(open("spam/_version.py").read(), "v", "exec"), ns)\nVERSION = ns["__version__"]\n',
    "search": 'import re\nVERSION = re.search(r"version = .(.*)\'", open("spam/_version.py").read()).group(1)\n',
    "search in a with": 'import io, re\nwith io.open("spam/_version.py", "rt", encoding="utf8") as f:\n    VERSION = re.search("=(.*)", f.read()).group(1)\n',
    "lines": 'for line in open("spam/_version.py"):\n    if line.startswith("__version__"):\n        VERSION = line.split("=")[1]\n',
    "runpy": 'import runpy\nVERSION = runpy.run_path("spam/_version.py")["__version__"]\n',
    "import": "from spam._version import __version__\nVERSION = __version__\n",
    "import of a module": "import spam._version as v\nVERSION = v.__version__\n",
    "helper": 'def get_version(path):\n    with open(path) as f:\n        return f.read()\n\n\nVERSION = get_version("spam/_version.py")\n',
    "helper of parts": "import codecs, os, re\nHERE = os.path.dirname(os.path.realpath(__file__))\n\n\ndef read(*parts):\n"
    "    with codecs.open(os.path.join(HERE, *parts), encoding='utf-8') as f:\n        return f.read()\n\n\ndef find_version(*parts):\n"
    '    return re.search("v", read(*parts)).group(1)\n\n\nVERSION = find_version("spam", "_version.py")\n',
    "helper with a constant": 'import os, re\nMETA_PATH = os.path.join("spam", "_version.py")\n\n\ndef read(path):\n    return open(path).read()\n\n\n'
    'META = read(META_PATH)\n\n\ndef find_meta(name):\n    return re.search(name, META).group(1)\n\n\nVERSION = find_meta("version")\n',
    "helper of a package": "from pathlib import Path\n\n\ndef get_version(package):\n    text = Path(package, '_version.py').read_text()\n    return text\n\n\n"
    'VERSION = get_version("spam")\n',
    "helper that makes the path": "import codecs, os, re\n\n\ndef fpath(name):\n    return os.path.join(os.path.dirname(__file__), name)\n\n\n"
    "def read(name):\n    return codecs.open(fpath(name), encoding='utf-8').read()\n\n\ntext = read(fpath('spam/_version.py'))\n\n\n"
    "def grep(name):\n    (found,) = re.findall(name, text)\n    return found\n\n\nVERSION = grep('__version__')\n",
    "a folder or a dot": "import codecs, os, re\nTOP = os.path.dirname(__file__) or '.'\n"
    "VERSION = re.search('v', codecs.open(TOP + '/spam/_version.py', encoding='utf-8').read()).group(1)\n",
    "open of a path": "import pathlib, re\nfile = pathlib.Path(__file__).parent / 'spam' / '_version.py'\nwith file.open(encoding='utf8') as fp:\n"
    "    try:\n        VERSION = re.findall('v', fp.read())[0]\n    except IndexError:\n        raise RuntimeError('none')\n",
    "path": 'from pathlib import Path\nHERE = Path(__file__).resolve().parent\nVERSION = (HERE / "spam" / "_version.py").read_text().split()[2]\n',
    "format": 'NAME = "spam"\nVERSION = open(f"{NAME}/_version.py").read()[15:20]\n',
    "spec": 'import importlib.util\nspec = importlib.util.spec_from_file_location("v", "spam/_version.py")\nv = importlib.util.module_from_spec(spec)\n'
    "spec.loader.exec_module(v)\nVERSION = v.__version__\n",
    "foreign helper": 'from build_helpers import get_version\nVERSION = get_version("spam/_version.py")\n',
}
SETUP = '{}\n\nfrom setuptools import setup\n\nsetup(name="spam", version=VERSION, long_description=open("README.md").read())\n'


@pytest.mark.parametrize("shape", SHAPES)
def test_the_file_is_found(shape: str) -> None:
    (declared,) = setup_py.read(Source("python/setup.py", SETUP.format(SHAPES[shape]))).declared
    assert isinstance(declared.version, Derived)
    assert any(path in ("python/spam/_version", "python/spam/_version.py") for path in declared.version.paths)
    assert not any("README" in path for path in declared.version.paths)


@pytest.mark.parametrize("shape", SHAPES)
def test_its_version_moves(fresh: Fresh, run: Run, shape: str) -> None:
    repo = fresh(
        {"setup.py": SETUP.format(SHAPES[shape]), "spam/_version.py": '__version__ = "1.2.0"\n', "spam/__init__.py": "", "README.md": "1.2.0\n"}
    ).commit()
    run("bump", "minor", repo=repo, code=0)
    assert repo.read("spam/_version.py") == '__version__ = "1.3.0"\n'
    assert repo.read("README.md") == "1.2.0\n"


@pytest.mark.parametrize("name", ["VERSION", "version.txt", "spam/VERSION"])
@pytest.mark.parametrize("shape", ['open("{}").read().strip()', 'Path("{}").read_text().strip()', 'read("{}")'])
def test_a_file_that_holds_the_version_alone_moves(fresh: Fresh, run: Run, name: str, shape: str) -> None:
    head = "from pathlib import Path\n\n\ndef read(name):\n    return open(name).read().strip()\n\n\nVERSION = "
    repo = fresh({"setup.py": SETUP.format(head + shape.format(name)), name: "1.2.0\n", "spam/__init__.py": "", "README.md": ""}).commit()
    run("bump", "minor", repo=repo, code=0)
    assert repo.read(name) == "1.3.0\n"


def test_a_pyproject_may_leave_its_version_to_a_script_without_a_name(fresh: Fresh, run: Run) -> None:
    manifest = '[build-system]\nrequires = ["setuptools"]\n\n[project]\nname = "spam"\ndynamic = ["version"]\n'
    script = 'from setuptools import setup\n\nsetup(version=open("VERSION").read())\n'
    repo = fresh({"pyproject.toml": manifest, "setup.py": script, "VERSION": "1.2.0\n", "spam/__init__.py": ""}).commit()
    run("bump", "minor", repo=repo, code=0)
    assert repo.read("VERSION") == "1.3.0\n"


def test_a_tuple_that_the_version_is_computed_from_moves(fresh: Fresh, run: Run) -> None:
    module = '__version_info__ = (1, 2, 0)\n__version__ = ".".join(map(str, __version_info__))\n'
    repo = fresh({"setup.py": SETUP.format(SHAPES["exec into a dictionary"]), "spam/_version.py": module, "spam/__init__.py": "", "README.md": ""}).commit()
    assert "from 1.2.0 to 1.3.0" in run("bump", "minor", repo=repo, code=0).out
    assert repo.read("spam/_version.py") == module.replace("(1, 2, 0)", "(1, 3, 0)")


@pytest.mark.parametrize("value", ["compute()", "sys.argv[1]", 'open("../VERSION").read()', 'open("/etc/version").read()', "open(name).read()", "f(f(f(1)))"])
def test_what_is_no_literal_path_is_not_followed(value: str) -> None:
    (declared,) = setup_py.read(Source("setup.py", SETUP.format(f"def f(x):\n    return f(x)\n\n\nVERSION = {value}"))).declared
    assert isinstance(declared.version, Unwritten)


def test_a_script_that_never_ends_is_read_in_bounded_time() -> None:
    body = "".join(f"def f{i}(x):\n    return f{i + 1}(x) + f{i + 1}(x)\n\n\n" for i in range(40))
    (declared,) = setup_py.read(Source("setup.py", SETUP.format(f"{body}VERSION = f0(open)"))).declared
    assert isinstance(declared.version, Unwritten)


@pytest.mark.parametrize("args", ["args = dict(name='spam', version={})", "args = {{'name': 'spam', 'version': {}}}"])
@pytest.mark.parametrize("value", ["'1.2.3'", "open('VERSION').read()"])
def test_arguments_that_are_unpacked_are_read(args: str, value: str, fresh: Fresh, run: Run) -> None:
    repo = fresh({"setup.py": f"from setuptools import setup\n\n{args.format(value)}\nsetup(**args)\n", "VERSION": "1.2.3\n"})
    run("bump", "1.2.4", repo=repo, code=0)
    assert "1.2.4" in repo.read("VERSION" if "open" in value else "setup.py")


def test_a_package_whose_module_says_its_name_too_is_one(fresh: Fresh, run: Run) -> None:
    script = "from setuptools import setup\n\nabout = {}\nexec(open('src/spam/__about__.py').read(), about)\n"
    call = "setup(name=about['__title__'], version=about['__version__'])\n"
    repo = fresh({"setup.py": script + call, "src/spam/__about__.py": "__title__ = 'spam'\n__version__ = '1.2.3'\n"})
    assert "python:spam  1.2.3  setup.py" in run("show", repo=repo, code=0).out
    run("bump", "1.2.4", repo=repo, code=0)
    assert "1.2.4" in repo.read("src/spam/__about__.py")
