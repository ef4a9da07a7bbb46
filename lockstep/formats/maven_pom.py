"""pom.xml: the version of a Maven project, of its parent, of `${revision}`, and of the modules that it takes from its own group.

Source: https://maven.apache.org/pom.html
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.formats.kin import stated
from lockstep.manifest import Manifest, Mention, Source
from lockstep.text.xml import Element
from lockstep.text.xml import read as read_xml


def read(source: Source) -> Manifest:
    """Find the literal versions."""
    project = next(read_xml(source.text).all("project"), None)
    return Manifest(source=source, mentions=tuple(_mentions(project)) if project is not None else ())


def _mentions(project: Element) -> Iterator[Mention]:
    name = project.text_of("artifactId")
    own = project.text_of("groupId") or project.text_of("parent", "groupId")
    for key, way in (("version", ("version",)), ("revision", ("properties", "revision"))):
        for one in project.all(*way):
            yield from stated(key, name, one.start, one.text, why="version of a Maven project")
    for one in project.all("parent", "version"):
        yield from stated("parent.version", project.text_of("parent", "artifactId"), one.start, one.text, why="version of the Maven parent", beside=False)
    for way in (("dependencies",), ("dependencyManagement", "dependencies")):
        for dependency in project.all(*way, "dependency"):
            artifact = dependency.text_of("artifactId")
            for one in dependency.all("version") if dependency.text_of("groupId") in (own, "${project.groupId}") else ():
                yield from stated(f"dependency {artifact}", artifact, one.start, one.text, why="version of a Maven module beside it", beside=False)
