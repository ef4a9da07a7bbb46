"""Project files of .NET: `<Version>`, `<VersionPrefix>`, `<PackageVersion>` of a .csproj or a Directory.Build.props, and a .nuspec.

Source: https://learn.microsoft.com/en-us/dotnet/core/project-sdk/msbuild-props#packageversion
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.formats.kin import stated
from lockstep.manifest import Manifest, Mention, Source
from lockstep.text.xml import Element
from lockstep.text.xml import read as read_xml
from lockstep.versions.version import Spelling

_SPELLINGS = {
    "Version": Spelling.SEMVER,
    "PackageVersion": Spelling.SEMVER,
    "InformationalVersion": Spelling.SEMVER,
    "VersionPrefix": Spelling.NUMBERS,
    "AssemblyVersion": Spelling.NUMBERS,
    "FileVersion": Spelling.NUMBERS,
}
_NAMES = ("PackageId", "AssemblyName", "Product", "RootNamespace")


def read(source: Source) -> Manifest:
    """Find the literal versions."""
    return Manifest(source=source, mentions=tuple(_mentions(source, read_xml(source.text))))


def _mentions(source: Source, top: Element) -> Iterator[Mention]:
    for metadata in top.all("package", "metadata"):
        for one in metadata.all("version"):
            yield from stated("version", metadata.text_of("id"), one.start, one.text, why="version of a NuGet package")
    groups = list(top.all("Project", "PropertyGroup"))
    stem, _, ending = source.path.rpartition("/")[2].rpartition(".")
    name = next((text for key in _NAMES for group in groups if (text := group.text_of(key)) and "$" not in text), "" if ending == "props" else stem)
    for group in groups:
        for key, spelling in _SPELLINGS.items():
            for one in group.all(key):
                yield from stated(key, name, one.start, one.text, spelling, why="version of a .NET package")
