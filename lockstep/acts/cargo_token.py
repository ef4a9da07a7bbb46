"""How cargo is given a token: by a program that it asks when it has packed what it is about to send, and that gives one for the candidate's bytes alone.

cargo packs a crate anew before it sends it, and what it packs may have changed since it was proven: another commit, another file. So cargo starts with no
token. It asks a credential provider for one, with the digest of the very file that it then sends; another digest is refused, and nothing leaves.

Source: https://doc.rust-lang.org/cargo/reference/credential-provider-protocol.html (cargo 1.74)
"""

from __future__ import annotations

import json
import os
import shlex
import sys

from lockstep.release.candidate import Artifact

REFUSED = "nothing was sent: cargo packed"
"""How the sentence begins that says what cargo packed in place of the candidate's bytes."""
LAUNCHER = "token.cmd" if os.name == "nt" else "token"
"""The file that cargo starts."""
_PROGRAM = f"""import json, os, sys
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "token.json"), encoding="utf-8") as file:
    known = json.load(file)
sys.stdout.write(json.dumps({{"v": [1]}}) + "\\n")
sys.stdout.flush()
for line in sys.stdin:
    asked = json.loads(line)
    said = {{name: asked.get(name) for name in ("name", "vers", "cksum")}}
    if asked.get("kind") != "get" or asked.get("operation") not in ("read", "publish"):
        answer = {{"Err": {{"kind": "operation-not-supported"}}}}
    elif asked["operation"] == "publish" and said != known["crate"]:
        why = "{REFUSED} {{name}} {{vers}} with sha256 {{cksum}} this time, and the candidate's is ".format(**said) + known["crate"]["cksum"]
        answer = {{"Err": {{"kind": "other", "message": why, "caused-by": []}}}}
    else:
        answer = {{"Ok": {{"kind": "get", "token": known["token"], "cache": "never", "operation_independent": False}}}}
    sys.stdout.write(json.dumps(answer) + "\\n")
    sys.stdout.flush()
"""


def files(artifact: Artifact, token: str) -> dict[str, bytes]:
    """Give the files of the program, for a folder that nobody else can read: `LAUNCHER` is the one that is run."""
    known = {"token": token, "crate": {"name": artifact.package, "vers": artifact.version, "cksum": artifact.sha256}}
    start = f'@"{sys.executable}" -I "%~dp0token.py"\r\n' if os.name == "nt" else f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -I "${{0%/*}}/token.py"\n'
    return {"token.py": _PROGRAM.encode(), "token.json": json.dumps(known).encode(), LAUNCHER: start.encode()}


def setting(folder: str, registry: str) -> str:
    """Give the setting by which cargo asks the program in a folder for the token of a registry; crates.io is "crates-io"."""
    table = "registry" if registry == "crates-io" else f"registries.{registry}"
    return f"{table}.credential-provider={json.dumps([os.path.join(folder, LAUNCHER)])}"
