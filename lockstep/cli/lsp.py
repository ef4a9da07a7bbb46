"""`lockstep lsp`: what an editor shows of a repository."""

from __future__ import annotations

from typing import Annotated

from lockstep.cli.options import Option


def command(
    stdio: Annotated[bool, Option("--stdio", help="Talk over stdin and stdout: what it always does, and what some editors ask for.")] = False,  # noqa: ARG001 - it says what is so
) -> None:
    """Tell an editor what is wrong as you type: the Language Server Protocol.

    An editor starts this, and talks to it over stdin and stdout; docs/editors.md has the settings. Mismatched versions, stale locks, faults of the
    configuration and of open workflows come with a fix that the editor makes; hovering over a version tells whose it is. Nothing is written, and nothing of
    the repository runs. Needs the extra: pip install 'lockstep-release[lsp]'.

    Exit code 0: the editor said good-bye. 1: it left without. 2: could not run.
    """
    from lockstep.cli.extras import protocol_streams, refuse_terminal, require  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.cli.output import FINE, FOUND, leave  # noqa: PLC0415 - likewise

    require("lsp", "pygls", "lsprotocol")
    refuse_terminal("lsp", "Language Server Protocol", "an editor", "docs/editors.md")
    with protocol_streams() as (stdin, stdout):
        from lockstep.editor.server import serve  # noqa: PLC0415 - likewise

        left_well = serve(stdin, stdout)
    leave(FINE if left_well else FOUND)
