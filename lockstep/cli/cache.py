"""`lockstep cache`: what is kept in the cache folder, and how to be rid of it."""

from __future__ import annotations

from typing import Annotated

from lockstep.cli.options import CommonOptions, Format, Option, PlainFormatOption


def command(
    clear: Annotated[bool, Option("--clear", help="Remove all entries of lockstep; what else lies in the folder stays.")] = False,
    format_: PlainFormatOption = None,
) -> None:
    """Show the cache: its folder, how much is in it, how much may be. LOCKSTEP_CACHE_DIR names another folder (empty: none), LOCKSTEP_CACHE_SIZE its MiB.

    What lockstep has read and said is kept there, and found by the contents that it was read from. Entries that nobody used for 30 days go, and those
    that were not used for longest when the folder grows too large. It may be removed at any time.
    """
    from lockstep.app.cache_folder import folder  # noqa: PLC0415 - `--help` pays for nothing
    from lockstep.cache import entries, most_bytes, remove  # noqa: PLC0415
    from lockstep.cli.output import Output  # noqa: PLC0415
    from lockstep.wording import counted  # noqa: PLC0415

    output = Output.of(CommonOptions(format_=None if format_ is None else Format(format_)))
    place = folder()
    found = entries(place) if place is not None else []
    size = sum(one for _, one, _ in found)
    if clear:
        remove(path for _, _, path in found)
    if output.format is Format.JSON:
        output.document({"schema": 1, "command": "cache", "folder": place, "entries": len(found), "bytes": size, "most_bytes": most_bytes(), "cleared": clear})
    elif place is None:
        output.report("no cache: LOCKSTEP_CACHE_DIR is empty\n")
    else:
        said = f"{counted(len(found), 'entry', 'entries')}, {size / 2**20:.1f} MiB"
        output.report(f"{place}: removed {said}\n" if clear else f"{place}: {said} of at most {most_bytes() // 2**20} MiB\n")
