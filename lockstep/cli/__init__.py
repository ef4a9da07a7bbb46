"""The door: one file per command, each gathers, decides, renders and leaves with an exit code.

0 fine; 1 a finding of level error, or a verdict that refuses; 2 could not run; 3 unproven or not visible.
"""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import wraps
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, get_args

import lockstep
from lockstep.cli import straight
from lockstep.cli.options import REQUIRED, Argument, Declared, Option, arguments, parameters
from lockstep.errors import LockstepError
from lockstep.registry import members

if TYPE_CHECKING:
    import typer

NAMES = ("check", "bump", "diff", "surface", "changelog", "gate", "audit", "release", "pr", "show", "init", "cache", "explain", "lsp", "mcp")
EPILOG = "Start with `lockstep show`: it tells what lockstep found and why. Manual: lockstep COMMAND --help, lockstep explain RULE."


def _print_version() -> None:
    sys.stdout.write(f"lockstep {lockstep.__version__}\n")


def _version(value: bool) -> None:  # noqa: FBT001 - typer calls it
    if value:
        _print_version()
        raise SystemExit(0)


def _callback(
    version: Annotated[bool, Option("--version", help="Print the version of lockstep.")] = False,
) -> None:
    """Keep one version true across everything a repository ships: Rust crates, Python packages, npm packages, locks and copies."""


def app(words: Sequence[str] | None = None) -> typer.Typer:
    """Give the command line application; with words, as much of it as these need: it is built each time."""
    import typer  # noqa: PLC0415 - an ordinary line is read without it

    overview = words is not None and words in ([], ["--help"], ["-h"])
    names = tuple(words[:1]) if words and words[0] in NAMES else NAMES
    callback = _typed(_callback, eager=_version)
    built = typer.Typer(
        name="lockstep",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        epilog=EPILOG,
        callback=callback,
        context_settings={"help_option_names": ["-h", "--help"]},  # the commands inherit it
    )
    for name, module in zip(names, members(__name__, names), strict=True):
        if hasattr(module, "NAMES"):
            built.add_typer(_several(module, words or (), overview=overview), name=name)
        else:
            built.command(name)(_titled(module.command) if overview else _typed(_guarded(module.command)))
    return built


def _several(module: ModuleType, words: Sequence[str], *, overview: bool) -> typer.Typer:
    """Give a command that has commands of its own, of which an overview says nothing; its help is the module's HELP."""
    import typer  # noqa: PLC0415 - likewise

    wanted = tuple(words[1:2]) if words[1:2] and words[1] in module.NAMES else module.NAMES
    if hasattr(module, "command"):  # a command by itself, which has others beside it
        alone = _titled(module.command) if overview else _alone(_typed(_guarded(module.command)))
        group = typer.Typer(invoke_without_command=True, rich_markup_mode=None, callback=alone)
    else:
        group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=module.HELP)
    for name in ("",) if overview else wanted:
        group.command(name)(_titled(lambda: None) if overview else _typed(_guarded(_of_several(module, name))))
    return group


def _alone(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command that does nothing where one of its own commands is meant."""
    import inspect  # noqa: PLC0415 - likewise

    import typer  # noqa: PLC0415

    @wraps(command)
    def run(context: typer.Context, **options: object) -> None:
        if context.invoked_subcommand is None:
            command(**options)

    own = inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    run.__signature__ = inspect.Signature([own, *inspect.signature(command).parameters.values()])  # type: ignore[attr-defined]
    return run


def _of_several(module: ModuleType, name: str) -> Callable[..., None]:
    """Give a command of a command: `gate ci` is in the file `gate_ci`."""
    command: Callable[..., None] = import_module(f"{module.__name__}_{name}").command
    return command


def _titled(command: Callable[..., None]) -> Callable[[], None]:
    """Give what stands for a command in the overview: its description."""

    def title() -> None: ...

    title.__doc__ = command.__doc__
    return title


def _typed(command: Callable[..., None], eager: Callable[[bool], None] | None = None) -> Callable[..., None]:
    """Give a command with its declarations as typer's; `eager` is called with the value of its options before any other is looked at."""
    import inspect  # noqa: PLC0415 - likewise
    from pathlib import Path  # noqa: PLC0415 - likewise

    import typer  # noqa: PLC0415

    from lockstep.cli import completing  # noqa: PLC0415

    plain = inspect.unwrap(command)
    taken, folders = [], list[str]()
    for name, annotation, default in parameters(plain):
        kind, declared = get_args(annotation)
        parameter = inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=inspect.Parameter.empty if default is REQUIRED else default)
        if isinstance(declared, Declared) and declared.folder:
            kind = Path
            folders.append(name)
        if not isinstance(declared, Declared):  # what only typer knows how to say
            taken.append(parameter.replace(annotation=annotation))
            continue
        offers = getattr(completing, declared.offers) if declared.offers is not None else None
        made = (
            typer.Argument(help=declared.help, metavar=declared.metavar, show_default=declared.show_default, autocompletion=offers)
            if isinstance(declared, Argument)
            else typer.Option(
                *declared.names,
                help=declared.help,
                metavar=declared.metavar,
                show_default=declared.show_default,
                callback=eager,
                is_eager=eager is not None,
                autocompletion=offers,
            )
        )
        taken.append(parameter.replace(annotation=Annotated[kind, made]))

    @wraps(command)
    def run(**options: object) -> None:
        command(**arguments(plain, options | {name: str(options[name]) for name in folders}))

    run.__signature__ = inspect.Signature(taken)  # type: ignore[attr-defined]
    return run


def _guarded(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command that ends with a sentence and an exit code, whatever stops it."""

    @wraps(command)
    def run(*args: object, **options: object) -> None:
        try:
            try:
                command(*args, **options)
            finally:
                sys.stdout.flush()
        except LockstepError as error:
            _leave_with(error)
        except KeyboardInterrupt as error:
            from lockstep.cli import output  # noqa: PLC0415 - `--version` pays for nothing
            from lockstep.writing.signals import Interrupted  # noqa: PLC0415 - only here

            notes = ["nothing was changed"] if isinstance(error, Interrupted) else getattr(error, "__notes__", ())
            sys.stderr.write("; ".join(["interrupted", *notes]) + "\n")
            output.leave(output.INTERRUPTED)
        except BrokenPipeError:
            from lockstep.cli import output  # noqa: PLC0415 - likewise

            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left: say nothing more
            output.leave(output.FAILED)
        except OSError as error:
            failure = _failure(error)
            with suppress(OSError):  # no file can be opened at all: what is left in the buffer is lost at the end
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            _leave_with(LockstepError(failure))

    return run


def _failure(error: OSError) -> str:
    """Say what the system refused: a file by its name, the report (a full disk behind stdout), or what asked for anything else."""
    reason = (error.strerror or str(error)).lower()
    files = [os.fsdecode(one) for one in (error.filename, error.filename2) if isinstance(one, (str, bytes))]
    if files:
        return f"{' and '.join(files)} could not be used: {reason}"
    asking = ""
    trace = error.__traceback__
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        asking = module if module.startswith("lockstep") else asking
        trace = trace.tb_next
    if asking in (__name__, f"{__name__}.output"):
        return f"the report could not be printed: {reason}"
    return f"the system refused what {asking or 'lockstep'} needs: {reason}"


def _leave_with(error: LockstepError) -> None:
    from lockstep.cli import output  # noqa: PLC0415 - likewise

    output.complain(error)
    output.leave(output.FAILED)


def main() -> None:
    """Run the command line; the console script."""
    gc.set_threshold(100_000)  # a command makes much and drops little: collecting by the usual 700 costs a tenth of its time
    atexit.register(gc.freeze)  # nor is garbage looked for at the end, in what goes with the process: another twentieth
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    words = sys.argv[1:]
    if words == ["--version"]:
        _guarded(_print_version)()
        return
    command, rest = _wanted(words)
    if command is not None and (len(rest) > 1 or any(word.startswith("--") for word in rest)):
        words[len(words) - len(rest) :] = rest = straight.filled(command, rest)
    given = None if command is None else straight.read(command, rest)
    if command is None or given is None:
        _by_typer(words)
    else:
        _guarded(command)(**given)


def _by_typer(words: list[str]) -> None:
    """Let typer read a line; what it finds wrong is said in our words, with what was probably meant."""
    import typer  # noqa: PLC0415 - an ordinary line is read without it

    if words[:1] in (["--install-completion"], ["--show-completion"]):
        from lockstep.cli import shells  # noqa: PLC0415 - only who sets completion up

        _guarded(shells.refuse_unknown)(words[0])
    needed = None if "_LOCKSTEP_COMPLETE" in os.environ else words
    wrong: type[Exception] = typer.BadParameter.__mro__[1]  # what BadParameter is a kind of, which has no public name
    try:
        left = app(needed)(args=needed, standalone_mode=False)
    except wrong as error:
        from lockstep.cli import output, usage  # noqa: PLC0415 - only a mistake pays for it

        if type(error).__name__ == "NoArgsIsHelpError":  # it is the help
            sys.stderr.write(f"{error}\n")
        else:
            output.complain(usage.usage_error(error))
        left = output.FAILED
    raise SystemExit(left or 0)


def _wanted(words: list[str]) -> tuple[Callable[..., None] | None, list[str]]:
    """Give the command that a line begins with, and the rest of the line."""
    if not words or words[0] not in NAMES:
        return None, words
    module = import_module(f"{__name__}.{words[0]}")
    if not hasattr(module, "NAMES"):
        return module.command, words[1:]
    if len(words) > 1 and words[1] in module.NAMES:
        return _of_several(module, words[1]), words[2:]
    return (module.command, words[1:]) if hasattr(module, "command") else (None, words[2:])
