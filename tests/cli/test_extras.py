"""Commands that need an extra say how it is installed, and nobody else needs it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import Fresh

EXTRAS = [
    ("lsp", "pygls", "lockstep lsp needs pygls, which the extra lsp brings"),
    ("mcp", "mcp", "lockstep mcp needs mcp, which the extra mcp brings"),
]
WITHOUT = "import sys; sys.modules[{0!r}] = None; sys.argv = ['lockstep', {1!r}]; from lockstep.cli import main; main()"


@pytest.mark.parametrize(("extra", "module", "said"), EXTRAS)
def test_without_its_extra_a_command_says_how_to_install_it(extra: str, module: str, said: str, fresh: Fresh) -> None:
    repo = fresh({"Cargo.toml": '[package]\nname = "spam"\nversion = "0.5.0"\n'})
    done = subprocess.run([sys.executable, "-c", WITHOUT.format(module, extra)], cwd=repo.root, input=b"", capture_output=True, check=False)
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.decode() == f"error: {said}\n  help: pip install 'lockstep-release[{extra}]'\n"
