"""An environment does not admit what starts the release.

## What it does
The deployment branches and tags of an environment admit the tags that start the workflow and that `bump --tag` makes; of a workflow that no tag starts,
the default branch. Its patterns are those of Ruby's `File.fnmatch`, and not those of `on.push.tags`: `+` is a plus, `?` one character.

## Why
The job is refused when the tag is pushed and the rest of the release has been done: nothing publishes. A workflow that tags start has an environment that
admits branches alone since the days when a person started it.

## Example
```
.github/workflows/release.yml:24:18 environment-refuses-release: pypi admits branch main, and not the tag v1.2.3 that starts release.yml
  help: add the tag pattern v*.*.* at https://github.com/spam/eggs/settings/environments
```

## Source
[Deployment branches and tags](https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments#deployment-branches-and-tags), [File.fnmatch](https://docs.ruby-lang.org/en/3.4/File.html#method-c-fnmatch)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level
from lockstep.wording import first_few
from lockstep.workflow.commit_runs import Unseen
from lockstep.workflow.github_settings import Environment, Refs, SettingsAudit, Used
from lockstep.workflow.ref_patterns import misread

LEVEL = Level.ERROR
SINCE = "0.1.0"


def check(audit: SettingsAudit) -> Iterator[Finding]:
    """Hold what each environment admits against what starts its workflow."""
    yield from audit.environments_unseen("environment-refuses-release", "which branches and tags may deploy to {}")
    for one in audit.each:
        environment = one.environment
        if environment is None:
            continue
        if environment.refs is Refs.SELECTED and isinstance(environment.patterns, Unseen):
            yield audit.not_visible("environment-refuses-release", f"which branches and tags may deploy to {one.name}", environment.patterns, one.place)
            continue
        refused = _refused(audit, one, environment)
        if refused:
            name = one.audit.path.rpartition("/")[2]
            message = f"{one.name} admits {_admitted(environment)}, and not the {refused} that starts {name}"
            yield audit.finding("environment-refuses-release", LEVEL, message, _help(audit, refused), one.place, one.name)


def _refused(audit: SettingsAudit, one: Used, environment: Environment) -> str:
    """Give what should be admitted and is not: the first tag, or the default branch."""
    tags = audit.release_tags(one.audit)
    if tags:
        return next((f"tag {tag}" for tag in tags if environment.admits(tag, tag=True) is False), "")
    branch = audit.settings.branch
    if isinstance(branch, Unseen) or environment.admits(branch.name, tag=False) is not False:
        return ""
    return f"branch {branch.name}"


def _admitted(environment: Environment) -> str:
    """Say what an environment admits, and what of its patterns was probably meant otherwise."""
    if environment.refs is Refs.PROTECTED:
        return "protected branches"
    patterns = () if isinstance(environment.patterns, Unseen) else environment.patterns
    why = next((f" ({said})" for one in patterns if (said := misread(one.name))), "")
    return (first_few([str(one) for one in patterns], 4) or "nothing") + why


def _help(audit: SettingsAudit, refused: str) -> str:
    kind, _, name = refused.partition(" ")
    pattern = f"the tag pattern {name.partition('.')[0].rstrip('0123456789')}*.*.*" if kind == "tag" and name.count(".") > 1 else f"the {kind} {name}"
    return f"add {pattern} at {audit.settings.url}/settings/environments"
