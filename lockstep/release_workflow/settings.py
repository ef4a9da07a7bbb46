"""What is set once outside of the workflow, with the values that it needs: GitHub's settings, and the publishers that each registry trusts.

Sources: https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/manage-environments,
https://crates.io/docs/trusted-publishing, https://docs.pypi.org/trusted-publishers/adding-a-publisher/, https://docs.npmjs.com/trusted-publishers
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lockstep.dataclass import dataclass
from lockstep.release.candidate import Registry
from lockstep.release_workflow.project import Project
from lockstep.release_workflow.publishing import ENVIRONMENTS, PUBLISHERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One thing that is set once: the page where, what it is, and its values by the names that the page has for them."""

    page: str
    what: str
    values: Mapping[str, str]
    note: str = ""


_PAGES = {
    Registry.CRATES_IO: "https://crates.io/crates/{}/settings",
    Registry.PYPI: "https://pypi.org/manage/project/{}/settings/publishing/",
    Registry.NPM: "https://www.npmjs.com/package/{}/access",
}
_FIRST = {
    Registry.CRATES_IO: "a crate that is not there yet is published once with a token of yours",
    Registry.PYPI: "a project that is not there yet gets a pending publisher at https://pypi.org/manage/account/publishing/",
    Registry.NPM: "a package that is not there yet is published once with a token of yours",
}


def on_github(project: Project, page: str) -> Iterator[Setting]:
    """Give what is set at GitHub; `page` is the repository's."""
    tags = tag_pattern(project.tag)
    names = list(dict.fromkeys(environment_of(project, one.registry) for one in project.packages if one.registry in PUBLISHERS))
    for name in names:
        yield Setting(
            page=f"{page}/settings/environments",
            what=f"environment {name}",
            values={
                "deployment branches and tags": "selected branches and tags",
                "tag": tags,
                "required reviewers": "one at least, with prevent self-review where you are several",
            },
            note="no branch: whoever can push one could publish from it",
        )
    rules = f"{page}/settings/rules"
    yield Setting(page=rules, what="tag ruleset", values={"target": tags, "rules": "restrict updates, restrict deletions"}, note="a bypass list that is empty")
    branch = {"target": project.branch, "rules": "restrict deletions, block force pushes, require a pull request with an approval"}
    yield Setting(page=rules, what="branch ruleset", values=branch)
    yield Setting(page=f"{page}/settings", what="releases", values={"release immutability": "on"})
    actions = {"workflow permissions": "read repository contents and packages", "allow to create and approve pull requests": "off"}
    yield Setting(page=f"{page}/settings/actions", what="Actions", values=actions)


def at_registries(project: Project, slug: str, workflow: str) -> Iterator[Setting]:
    """Give the trusted publisher of each package; `slug` is `owner/name`, `workflow` the name of the file."""
    owner, _, name = slug.partition("/")
    for one in project.packages:
        registry = one.registry
        if registry is None or registry not in PUBLISHERS:
            continue
        yield Setting(
            page=_PAGES[registry].format(one.package.name),
            what=f"{registry}: {one.package.name}",
            values={"owner": owner, "repository": name, "workflow": workflow, "environment": environment_of(project, registry)},
            note=_FIRST[registry],
        )


def environment_of(project: Project, registry: Registry | None) -> str:
    """Give the environment that publishes to a registry."""
    assert registry is not None
    return project.environments.get(registry, ENVIRONMENTS[registry])


def tag_pattern(template: str) -> str:
    """Give the pattern of GitHub's settings for release tags: there `*` is any characters of a name, and `[0-9]` one digit."""
    before, _, after = template.partition("{version}")
    return f"{_escaped(before)}*.*.*{_escaped(after)}"


def _escaped(text: str) -> str:
    return "".join(f"\\{char}" if char in "*?[]\\" else char for char in text)


def text(github: Sequence[Setting], registries: Sequence[Setting], remark: str = "") -> str:
    """Write the list for a person, what has the same values together; `remark` is said first."""
    lines = [f"{remark}", ""] if remark else []
    lines += ["Once, at GitHub (lockstep audit settings confirms it):", ""]
    lines += _lines(github)
    lines += ["Once, at the registries, who may publish (lockstep audit publishers confirms it):", ""]
    lines += _lines(registries)
    return "\n".join(lines[:-1]) + "\n"


def _lines(settings: Sequence[Setting]) -> Iterator[str]:
    alike: dict[tuple[tuple[tuple[str, str], ...], str], list[Setting]] = {}
    for one in settings:
        alike.setdefault((tuple(one.values.items()), one.note), []).append(one)
    for (values, note), same in alike.items():
        wide = max(len(one.what) for one in same)
        yield from (f"  {one.what:{wide}}  {one.page}" for one in same)
        width = max(len(name) for name, _ in values)
        yield from (f"    {name:{width}}  {value}" for name, value in values)
        if note:
            yield f"    ({note})"
        yield ""
