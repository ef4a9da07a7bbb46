"""Where is a version written? One file per format, one line here.

A format is a module with `SCOPE` and `FILES` (where to look: `lockstep.manifest.Scope`, and globs), `ECOSYSTEM` (whose packages its
paths lead to, None for text) and `read(source) -> Manifest`, which finds what the text declares and mentions. It sees one file, writes
nothing, and does not know whose the versions are. Of a format of `RARE` the line here says all of this but `read`.
"""

from __future__ import annotations

from importlib import import_module
from typing import Protocol

from lockstep.manifest import Manifest, Scope, Source
from lockstep.model import Ecosystem
from lockstep.registry import members


class Later:
    """A format of files that few repositories have: it is known by their names, and loaded when there is one of them."""

    def __init__(self, scope: Scope, ecosystem: Ecosystem | None, *files: str) -> None:
        self.SCOPE = scope
        self.ECOSYSTEM = ecosystem
        self.FILES = files
        self.name = ""

    def read(self, source: Source) -> Manifest:
        """Read one file."""
        module: Format = import_module(f"{__name__}.{self.name}")
        return module.read(source)


def _kin(*files: str) -> Later:
    """Give a format of packages of another ecosystem, whose files may lie anywhere below a package."""
    return Later(Scope.TEXT, None, *files)


RARE = {
    "maven_pom": _kin("**/pom.xml"),
    "gradle": _kin("**/gradle.properties", "**/build.gradle{,.kts}"),
    "dotnet_project": _kin("**/*.csproj", "**/*.fsproj", "**/*.vbproj", "**/*.nuspec", "**/Directory.Build.props"),
    "podspec": _kin("**/*.podspec"),
    "gemspec": _kin("**/*.gemspec", "**/version.rb"),
    "gemfile_lock": _kin("**/Gemfile.lock", "**/gems.locked"),
    "mix_exs": _kin("**/mix.exs", "**/native.ex"),
    "conda_recipe": _kin("**/meta.yaml", "**/recipe.yaml"),
    "pixi_toml": _kin("**/pixi.toml"),
    "helm_chart": _kin("**/Chart.yaml"),
    "cmake_project": _kin("CMakeLists.txt", "*/CMakeLists.txt", "*/*/CMakeLists.txt", "**/{version,Version}.cmake"),
    "meson_project": _kin("meson.build", "*/meson.build", "*/*/meson.build"),
    "r_description": _kin("**/DESCRIPTION"),
    "julia_project": _kin("**/{Julia,}Project.toml"),
    "pubspec": _kin("**/pubspec.yaml"),
    "nix_expression": _kin("**/{default,package,flake}.nix", "*.nix", "nix/*.nix"),
    "pixi_lock": Later(Scope.TREE, Ecosystem.PYTHON, "**/pixi.lock"),
    "bun_lock": Later(Scope.TREE, Ecosystem.NPM, "**/bun.lock"),
    "pnpm_lock": Later(Scope.TREE, Ecosystem.NPM, "**/pnpm-lock.yaml"),
    "yarn_lock": Later(Scope.TREE, Ecosystem.NPM, "**/yarn.lock"),
}
"""The formats that are loaded when one of their files is there. What they offer beside `read` stands here, not in the module."""

NAMES = (
    "cargo_toml",
    "pyproject",
    "python_source",
    "setup_py",
    "setup_cfg",
    "package_json",
    "cargo_lock",
    "package_lock",
    "uv_lock",
    "poetry_lock",
    "pdm_lock",
    "version_file",
    "install_snippet",
    "readme_version",
    "html_root_url",
    "citation_cff",
    "c_header",
    "sphinx_conf",
    "changelog_link",
    "bump_tool",
    *RARE,
)


class Format(Protocol):
    """What a module of this room offers."""

    SCOPE: Scope
    ECOSYSTEM: Ecosystem | None
    FILES: tuple[str, ...]

    def read(self, source: Source) -> Manifest:
        """Read one file."""
        ...


def formats() -> dict[str, Format]:
    """Give the formats by name, in the order in which they are asked."""
    always = tuple(name for name in NAMES if name not in RARE)
    for name, later in RARE.items():
        later.name = name
    return {**dict(zip(always, members(__name__, always), strict=True)), **RARE}
