"""Whole repositories to begin with: every fixture, and one file of each format that no fixture has."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from tests.conftest import FIXTURES

Files = Mapping[str, bytes]
CORPUS = Path(__file__).parent / "corpus"
LARGEST = 40_000
"""Bytes of a file that is taken: what is larger makes a trial slow, and holds the same more often."""

WHEEL = b'[project]\nname = "spam"\nversion = "1.0.0"\n'
MORE: dict[str, bytes] = {
    "pom.xml": b'<?xml version="1.0"?>\n<project>\n  <groupId>a</groupId>\n  <artifactId>spam</artifactId>\n  <version>1.0.0</version>\n</project>\n',
    "gradle.properties": b"version=1.0.0\n",
    "build.gradle": b'plugins { id "java" }\nversion = "1.0.0"\n',
    "a/spam.csproj": b'<Project Sdk="Microsoft.NET.Sdk">\n  <PropertyGroup><Version>1.0.0</Version></PropertyGroup>\n</Project>\n',
    "spam.podspec": b'Pod::Spec.new do |s|\n  s.name = "spam"\n  s.version = "1.0.0"\nend\n',
    "spam.gemspec": b'Gem::Specification.new do |s|\n  s.version = "1.0.0"\nend\n',
    "lib/spam/version.rb": b'module Spam\n  VERSION = "1.0.0"\nend\n',
    "Gemfile.lock": b"PATH\n  remote: .\n  specs:\n    spam (1.0.0)\n",
    "mix.exs": b'defmodule Spam do\n  @version "1.0.0"\n  def project, do: [version: @version]\nend\n',
    "recipe/meta.yaml": b'{% set version = "1.0.0" %}\npackage:\n  name: spam\n  version: {{ version }}\n',
    "recipe.yaml": b"context:\n  version: 1.0.0\npackage:\n  name: spam\n  version: ${{ version }}\n",
    "pixi.toml": b'[workspace]\nname = "spam"\nversion = "1.0.0"\n',
    "pixi.lock": b"version: 6\npackages:\n- pypi: ./\n  name: spam\n  version: 1.0.0\n",
    "chart/Chart.yaml": b"apiVersion: v2\nname: spam\nversion: 1.0.0\nappVersion: 1.0.0\n",
    "CMakeLists.txt": b"cmake_minimum_required(VERSION 3.20)\nproject(spam VERSION 1.0.0 LANGUAGES C)\n",
    "meson.build": b"project('spam', 'c', version: '1.0.0')\n",
    "DESCRIPTION": b"Package: spam\nVersion: 1.0.0\n",
    "Project.toml": b'name = "Spam"\nversion = "1.0.0"\n',
    "pubspec.yaml": b"name: spam\nversion: 1.0.0\n",
    "default.nix": b'{ pkgs }: pkgs.buildRustPackage { pname = "spam"; version = "1.0.0"; }\n',
    "CITATION.cff": b"cff-version: 1.2.0\ntitle: spam\nversion: 1.0.0\n",
    "bun.lock": b'{\n  "lockfileVersion": 1,\n  "workspaces": {"": {"name": "spam"}},\n  "packages": {\n    "eggs": ["eggs@1.0.0", "", {}, "sha"],\n  }\n}\n',
    "pnpm-lock.yaml": b"lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      eggs:\n        specifier: ^1.0.0\n        version: 1.0.0\n",
    "yarn.lock": b'# yarn lockfile v1\n\n\neggs@^1.0.0:\n  version "1.0.0"\n  resolved "x"\n',
    "pdm.lock": b'[metadata]\ngroups = ["default"]\nlock_version = "4.5.0"\ncontent_hash = "sha256:00"\n\n[[package]]\nname = "eggs"\nversion = "1.0"\n',
    "package-lock.json": b'{"name": "spam", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"name": "spam", "version": "1.0.0"}}}\n',
    "package.json": b'{"name": "spam", "version": "1.0.0", "workspaces": ["npm/*"], "exports": {".": {"import": "./a.js"}}, "engines": {"node": ">=18"}}\n',
    ".bumpversion.cfg": b"[bumpversion]\ncurrent_version = 1.0.0\n\n[bumpversion:file:setup.py]\n",
    ".cz.toml": b'[tool.commitizen]\nversion = "1.0.0"\n',
    ".release-please-manifest.json": b'{".": "1.0.0"}\n',
    "setup.cfg": b"[metadata]\nname = spam\nversion = attr: spam.__version__\n",
    "setup.py": b'from setuptools import setup\nversion = "1.0.0"\nsetup(name="spam", version=version)\n',
    "docs/conf.py": b'project = "spam"\nrelease = version = "1.0.0"\n',
    "VERSION": b"1.0.0\n",
    "README.md": b'# spam\n\nCurrent version: 1.0.0\n\n```toml\nspam = "1.0.0"\n```\n\n`pip install spam==1.0.0`\n',
    "README.rst": b"spam\n====\n\n.. code:: shell\n\n    pip install spam==1.0.0\n",
    "include/spam.h": b'#ifndef SPAM_H\n#define SPAM_H\n#define SPAM_VERSION "1.0.0"\n#define SPAM_VERSION_MAJOR 1\n'
    b"typedef struct { int a; double b[3]; } spam_t;\nint spam_f(const spam_t *s, int (*cb)(void *));\n#endif\n",
    "go.mod": b"module example.org/spam/v2\n\ngo 1.22\n\nrequire example.org/eggs v1.2.3\n",
    "spam.go": b'// Package spam is food.\npackage spam\n\nconst Version = "1.0.0"\n\n'
    b"type T[K comparable] struct { A K; b int }\n\nfunc (t *T[K]) F(a int, b ...string) (err error) { return nil }\n\n"
    b"type I interface { ~int | string; F() }\n",
    "CHANGELOG.md": b"# Changelog\n\n## [Unreleased]\n\n"
    b"### Added\n\n- `spam.f` takes [a thing](x.md).\n\n"
    b"## [1.0.0] - 2024-01-01\n\n- first\n\n[Unreleased]: https://github.com/a/spam/compare/v1.0.0...HEAD\n",
    "CHANGES.rst": b"Changes\n=======\n\n1.0.0 (2024-01-01)\n------------------\n\n- first\n",
}
RELEASE = b"""name: release
on:
  push: {tags: ['v*']}
  workflow_dispatch: {inputs: {dry: {type: boolean, default: true}}}
permissions: {contents: read}
env: {A: x, B: '${{ github.ref_name }}'}
jobs:
  build:
    strategy: {matrix: {os: [ubuntu-latest, windows-latest], include: [{os: macos-14, x: 1}]}}
    runs-on: ${{ matrix.os }}
    outputs: {v: '${{ steps.v.outputs.v }}'}
    steps:
      - uses: actions/checkout@v4
        with: {persist-credentials: false}
      - id: v
        run: |
          if [[ "${GITHUB_REF#refs/tags/v}" != "$(cat VERSION)" ]]; then
            echo "::error::no" >&2; exit 1
          fi
          echo "v=$B" >> "$GITHUB_OUTPUT"
          cat <<EOF > x
          $A
          EOF
      - uses: actions/upload-artifact@v4
        with: {name: 'w-${{ matrix.os }}', path: dist/*}
  publish:
    needs: [build]
    if: ${{ github.event_name == 'push' && !inputs.dry || startsWith(github.ref, 'refs/tags/') }}
    runs-on: ubuntu-latest
    environment: pypi
    permissions: {id-token: write}
    steps:
      - uses: actions/download-artifact@v4
        with: {pattern: 'w-*', merge-multiple: true}
      - uses: pypa/gh-action-pypi-publish@release/v1
      - run: cargo publish -p spam || true
        env: {CARGO_REGISTRY_TOKEN: '${{ secrets.T }}'}
  call:
    uses: ./.github/workflows/other.yml
    with: {a: 1}
"""
CONFIG = (
    b'exclude = ["vendor/**"]\n\n[[sites]]\npath = "README.md"\npattern = "spam {version}"\n\n[groups.main]\npackages = ["spam"]\ntag = "v{version}"\n\n'
    b'[[waivers]]\nrule = "name-removed"\nsymbol = "spam.f"\nreason = "old"\n'
)


@cache
def repositories() -> tuple[Files, ...]:
    """Give every state of every fixture, and one repository that has a file of each format."""
    found: list[Files] = []
    for story in sorted(FIXTURES.iterdir()):
        for state in sorted(one for one in story.iterdir() if one.is_dir()) or [story]:
            files = {one.relative_to(state).as_posix(): one.read_bytes() for one in sorted(state.rglob("*")) if one.is_file() and one.stat().st_size < LARGEST}
            if files:
                found.append(files)
    workflows = {
        ".github/workflows/release.yml": RELEASE,
        ".github/workflows/other.yml": b"on: workflow_call\njobs:\n  a: {runs-on: u, steps: [{run: npm publish}]}\n",
    }
    found.append({"pyproject.toml": WHEEL, "lockstep.toml": CONFIG, **MORE, **workflows})
    found += [
        {"pyproject.toml": WHEEL, "lockstep.toml": CONFIG, **workflows},
        {"pyproject.toml": WHEEL, **{name: MORE[name] for name in ("CHANGELOG.md", "CHANGES.rst")}},
    ]
    found += [{name: text} for name, text in MORE.items() if name not in ("CHANGELOG.md", "CHANGES.rst")]
    return tuple(found)


@cache
def alike() -> Mapping[str, tuple[bytes, ...]]:
    """Give all texts by the ending of their names: what is crossed with what."""
    found: dict[str, list[bytes]] = {}
    for files in repositories():
        for name, data in files.items():
            found.setdefault(name.rpartition(".")[2], []).append(data)
    return {ending: tuple(texts) for ending, texts in found.items()}


def corpus() -> Iterator[tuple[str, str, Files]]:
    """Give what was found once: its name, the target, and the files."""
    for path in sorted(CORPUS.glob("*.json")):
        kept = json.loads(path.read_text(encoding="utf-8"))
        files = {name: text.encode() if isinstance(text, str) else bytes.fromhex(text["hex"]) for name, text in kept["files"].items()}
        yield path.stem, kept["target"], files
