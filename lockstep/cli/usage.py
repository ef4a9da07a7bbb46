"""What the command line library says of a command line that makes no sense, in our words: what is, what should be, the next step."""

from __future__ import annotations

import re
from typing import Any

from lockstep.errors import UsageError
from lockstep.wording import did_you_mean


def usage_error(error: Any) -> UsageError:  # noqa: ANN401 - typer's errors have no public type but their base
    """Give the error with the nearest name that exists, else the page of the manual that lists them."""
    command = error.ctx.command_path if error.ctx is not None else "lockstep"
    manual = f"{command} --help"
    said = " ".join(error.format_message().split()).rstrip(".")
    if (option := getattr(error, "option_name", None)) is not None and said.startswith("No such option"):
        known = _options(error.ctx.command)
        if (below := next((name for name, one in getattr(error.ctx.command, "commands", {}).items() if option in _options(one)), None)) is not None:
            return UsageError(f"{option} is an option of the commands, and stands behind them", help=f"{command} {below} {option}")
        return UsageError(f"{command} has no option {option}", help=did_you_mean(option, known, f"{manual} lists them"))
    if unknown := re.match(r"No such command '(.*?)'\.", error.format_message(), re.DOTALL):
        return UsageError(f"there is no command {unknown[1]}", help=did_you_mean(unknown[1], error.ctx.command.commands, f"{manual} lists them"))
    if choice := re.match(r"(?P<given>'.*') is not one of (?P<known>'.*')", error.message, re.DOTALL):
        known = re.findall(r"'([^']*)'", choice["known"])
        name = _name(error)
        expected = f"is one of {', '.join(known)}" if len(known) > 1 else f"is {known[0]}"
        return UsageError(f"{name} {expected}, not {choice['given']}", help=did_you_mean(choice["given"].strip("'"), known, manual))
    if missing := re.fullmatch(r"Missing argument '(.*?)'\.", " ".join(error.format_message().split())):
        return UsageError(f"{command} needs {missing[1]}", help=manual)
    return UsageError(said[:1].lower() + said[1:], help=manual)


def _options(command: Any) -> list[str]:  # noqa: ANN401
    return [name for one in command.params for name in (*one.opts, *one.secondary_opts) if name.startswith("-")]


def _name(error: Any) -> str:  # noqa: ANN401
    """Give the parameter as its user writes it."""
    options = [name for name in error.param.opts if name.startswith("--")] if error.param is not None else []
    return str(options[0] if options else error.param.name if error.param is not None else "it")
