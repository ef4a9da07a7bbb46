"""`lockstep mcp`: what an agent may ask of a repository."""

from __future__ import annotations

from typing import Annotated

from lockstep.cli.options import Argument, Option


def command(
    folders: Annotated[
        str | None,
        Argument(metavar="[DIR...]", help="Folders of the repositories that may be asked about; the one here without.", several=True, show_default=False),
    ] = None,
    allow_writes: Annotated[bool, Option("--allow-writes", help="Offer the tool that writes a bump, commits and tags it where that is asked for.")] = False,
) -> None:
    """Let an agent check, compare and plan: the Model Context Protocol.

    An agent's program starts this, and talks to it over stdin and stdout; docs/agents.md has the settings. The commands are tools with structured answers:
    show, check, plan_bump, diff, changelog, gate, audit, release status. None writes, unless --allow-writes adds bump; none reads another repository; nothing
    of the repository runs. Needs the extra: pip install 'lockstep-release[mcp]'.

    Exit code 0: the client left. 2: could not run.
    """
    from lockstep.cli.extras import refuse_terminal, require  # noqa: PLC0415 - `--help` pays for nothing

    require("mcp", "mcp")
    refuse_terminal("mcp", "Model Context Protocol", "an agent's program", "docs/agents.md")
    from lockstep.agents.server import serve  # noqa: PLC0415 - likewise
    from lockstep.errors import UsageError  # noqa: PLC0415 - likewise
    from lockstep.repository.repository import find  # noqa: PLC0415 - likewise

    roots = []
    for folder in (folders or ".").split("\n"):
        root = find(folder).root
        if root is None:
            raise UsageError(f"{folder} is a bare repository, which has no work tree", help="name a folder of a clone")
        roots.append(root)
    serve(tuple(dict.fromkeys(roots)), writes=allow_writes)
