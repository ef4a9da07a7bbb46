"""Which shell asks for completion? One that cannot complete is answered with those that can."""

from __future__ import annotations

from lockstep.errors import UsageError

KNOWN = ("bash", "zsh", "fish", "powershell", "pwsh")


def refuse_unknown(option: str) -> None:
    """Refuse to write completion for a shell that has none.

    Raises: UsageError.
    """
    import shellingham  # type: ignore[import-untyped] # noqa: PLC0415 - typer asks it too, once this is answered

    try:
        name = shellingham.detect_shell()[0].lower()
    except shellingham.ShellDetectionFailure:
        return  # typer says what it sees
    if name not in KNOWN:
        raise UsageError(f"{name} completes no options of programs", help=f"call it in bash, zsh, fish or PowerShell: bash -ic 'lockstep {option}'")
