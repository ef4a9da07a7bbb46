"""What an audit cannot ask anybody: promises that no documented API shows, each with the page on which a person sees it."""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.dataclass import dataclass
from lockstep.workflow.github_settings import SettingsAudit
from lockstep.workflow.publishers import PublishersAudit
from lockstep.workflow.registries import CRATES_IO


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """What should be so, and the address of the page that shows whether it is."""

    what: str
    url: str


def of_settings(audit: SettingsAudit) -> Iterator[ByHand]:
    """Give what is to be confirmed about a repository on GitHub.

    Source: https://docs.github.com/en/rest/deployments/environments, whose answers do not say who may bypass the rules of an environment
    """
    url = audit.settings.url
    if names := ", ".join(dict.fromkeys(one.name for one in audit.used if one.name)):
        yield ByHand(what=f"administrators cannot bypass the protection rules of {names}", url=f"{url}/settings/environments")
    yield ByHand(what="everybody who may write is known, and has two-factor authentication", url=f"{url}/settings/access")


def of_publishers(audit: PublishersAudit) -> Iterator[ByHand]:
    """Give what is to be confirmed about packages at their registries: none shows to the public who may publish, and PyPI and npm show it to nobody by an API.

    Source: https://docs.pypi.org/api/, https://docs.npmjs.com/trusted-publishers
    """
    for one in audit.published:
        here = " or ".join(map(str, audit.here.get(one.registry, ())))
        if not one.page or not here or one.absent:
            continue
        if one.registry != CRATES_IO:
            yield ByHand(what=f"the one trusted publisher of {one.package} at {one.registry} is {here}, and no token may publish it", url=one.page)
        elif one.records is None:
            yield ByHand(what=f"the one trusted publisher of {one.package} at {one.registry} is {here}", url=one.page)
