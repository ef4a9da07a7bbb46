"""The door: one file per command, each gathers, decides, renders and leaves with an exit code.

0 fine; 1 a finding of level error, or a verdict that refuses; 2 could not run; 3 unproven or not visible.
"""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Callable
from functools import wraps
from types import ModuleType
from typing import Annotated

import typer

import lockstep
from lockstep.errors import LockstepError
from lockstep.registry import members

NAMES = ("check", "bump", "diff", "surface", "changelog", "gate", "audit", "show", "init", "explain")
EPILOG = "Start with `lockstep show`: it tells what lockstep found and why. Manual: lockstep COMMAND --help, lockstep explain RULE."


def _version(value: bool) -> None:  # noqa: FBT001 - typer calls it
    if value:
        typer.echo(f"lockstep {lockstep.__version__}")
        raise typer.Exit


def _callback(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version of lockstep.")] = False,
) -> None:
    """Keep one version true across everything a repository ships: Rust crates, Python packages, npm packages, locks and copies."""


def app() -> typer.Typer:
    """Give the command line application."""
    built = typer.Typer(name="lockstep", no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False, epilog=EPILOG, callback=_callback)
    for name, module in zip(NAMES, members(__name__, NAMES), strict=True):
        if hasattr(module, "COMMANDS"):
            built.add_typer(_several(module), name=name)
        else:
            built.command(name)(_guarded(module.command))
    return built


def _several(module: ModuleType) -> typer.Typer:
    """Give a command that has commands of its own; its help is the module's HELP."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=module.HELP)
    for name, command in module.COMMANDS.items():
        group.command(name)(_guarded(command))
    return group


def _guarded(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command that ends with a sentence and an exit code, whatever stops it."""

    @wraps(command)
    def run(*args: object, **options: object) -> None:
        from lockstep.cli import session  # noqa: PLC0415 - `--help` pays for nothing

        try:
            try:
                command(*args, **options)
            finally:
                sys.stdout.flush()
        except LockstepError as error:
            session.complain(error)
            session.leave(session.FAILED)
        except KeyboardInterrupt as error:
            from lockstep.apply import Interrupted  # noqa: PLC0415 - only here

            notes = ["nothing was changed"] if isinstance(error, Interrupted) else getattr(error, "__notes__", ())
            sys.stderr.write("; ".join(["interrupted", *notes]) + "\n")
            session.leave(session.INTERRUPTED)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left: say nothing more
            session.leave(session.FAILED)
        except OSError as error:  # the report cannot be printed: a full disk behind stdout
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            session.complain(LockstepError(f"the report could not be printed: {(error.strerror or str(error)).lower()}"))
            session.leave(session.FAILED)

    return run


def main() -> None:
    """Run the command line; the console script."""
    gc.set_threshold(100_000)  # a command makes much and drops little: collecting by the usual 700 costs a tenth of its time
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    app()()
