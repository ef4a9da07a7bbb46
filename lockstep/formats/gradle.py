"""Gradle: `version=` of gradle.properties, and `version = "..."` of build.gradle and build.gradle.kts.

A plugin's version stands behind its id in the same line, a dependency's behind its name: neither starts a line.

Source: https://docs.gradle.org/current/userguide/build_environment.html#sec:gradle_configuration_properties
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lockstep.formats.kin import VERSION, mention
from lockstep.manifest import Manifest, Mention, Source
from lockstep.pattern import pattern

_PROPERTY = pattern(
    rf"^[ \t]*(?P<key>version|VERSION_NAME|(?:project|library|release|sdk|pom)\.?[vV]ersion)(?:[ \t]*+[=:][ \t]*+|[ \t]++)[\"']?{VERSION}[\"']?[ \t]*\r?$",
    re.MULTILINE,
)
_ASSIGNED = pattern(
    rf"^[ \t]*(?:(?:project|ext|extra)\.)?(?P<key>version|version_number|(?:project|library)Version)[ \t]*+(?:=[ \t]*+)?(?P<quote>[\"']){VERSION}(?P=quote)"
    rf"[ \t;]*(?://[^\r\n]*)?\r?$",
    re.MULTILINE,
)
_NAME = pattern(
    r"^[ \t]*(?:artifactId|archivesBaseName|archivesName|POM_ARTIFACT_ID|rootProject\.name|group|GROUP)[ \t]*+(?:=[ \t]*+)?[\"']?(?P<name>[\w.:-]+)",
    re.MULTILINE,
)


def read(source: Source) -> Manifest:
    """Find the versions that a project states of itself."""
    return Manifest(source=source, mentions=tuple(_mentions(source)))


def _mentions(source: Source) -> Iterator[Mention]:
    name = next((found["name"] for found in _NAME.finditer(source.text)), "")
    for found in (_PROPERTY if source.path.endswith(".properties") else _ASSIGNED).finditer(source.text):
        yield mention(found["key"], name, found.start("version"), found["version"], why="version of a Gradle project")
