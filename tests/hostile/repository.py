"""A repository that was made to harm whoever looks at it: everything in it and in its git folder that could run, does run a canary."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import Repo

SECRET = "password-of-somebody"
HOOKS = (
    "applypatch-msg",
    "pre-applypatch",
    "post-applypatch",
    "pre-commit",
    "pre-merge-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "pre-rebase",
    "post-checkout",
    "post-merge",
    "pre-push",
    "pre-receive",
    "update",
    "proc-receive",
    "post-receive",
    "post-update",
    "reference-transaction",
    "push-to-checkout",
    "pre-auto-gc",
    "post-rewrite",
    "sendemail-validate",
    "fsmonitor-watchman",
    "post-index-change",
)
PLUMBING = ("rev-parse", "ls-files", "ls-tree", "cat-file", "for-each-ref", "rev-list", "merge-base", "diff-tree")
"""What lockstep may call, by the docstring of `lockstep.repository.git_plumbing`."""

CONFIG = """
[core]
\tfsmonitor = {canary} fsmonitor
\thooksPath = {hooks}
\tsshCommand = {canary} ssh
\tgitProxy = {canary} proxy
\tpager = {canary} pager
\teditor = {canary} editor
\taskPass = {canary} askpass
\talternateRefsCommand = {canary} alternate-refs
\tattributesFile = {attributes}
\tuntrackedCache = true
[alias]
{aliases}
[pager]
{pagers}
[filter "evil"]
\tclean = {canary} clean
\tsmudge = {canary} smudge
\tprocess = {canary} process
\trequired = true
[diff]
\texternal = {canary} external-diff
\tnoprefix = true
\tsubmodule = log
\torderFile = {outside}/secret
[diff "evil"]
\tcommand = {canary} diff-command
\ttextconv = {canary} textconv
\tcachetextconv = true
\tbinary = false
[merge "evil"]
\tdriver = {canary} merge
[gpg]
\tprogram = {canary} gpg
\tformat = ssh
[gpg "ssh"]
\tprogram = {canary} gpg-ssh
\tdefaultKeyCommand = {canary} gpg-key
[log]
\tshowSignature = true
\tmailmap = true
[credential]
\thelper = !{canary} credential
[uploadpack]
\tpackObjectsHook = {canary} pack-objects
[protocol]
\tallow = always
[protocol "ext"]
\tallow = always
[protocol "file"]
\tallow = always
[remote "origin"]
\turl = ext::{canary} remote
\tfetch = +refs/heads/*:refs/remotes/origin/*
\tuploadpack = {canary} upload-pack
[remote "helper"]
\turl = {outside}
\tvcs = evil
[submodule "evil"]
\turl = ext::{canary} submodule
\tupdate = !{canary} submodule-update
[sequence]
\teditor = {canary} sequence
[interactive]
\tdiffFilter = {canary} filter
[browser "evil"]
\tcmd = {canary} browser
[trace2]
\teventTarget = {fired}/trace2
\tnormalTarget = {fired}/trace2
[safe]
\tdirectory = *
[gc]
\tauto = 1
"""
PROMISOR = """
[remote "origin"]
\tpromisor = true
\tpartialclonefilter = blob:none
[extensions]
\tpartialClone = origin
[include]
\tpath = {included}
"""


@dataclass(frozen=True)
class Hostile:
    """The repository, where canaries leave their names when they run, and what lies outside of it and must not be read."""

    repo: Repo
    fired: Path
    outside: Path
    promisor: bool

    def heard(self) -> list[str]:
        return sorted(path.name for path in self.fired.iterdir())


def build(story: Repo, tmp_path: Path, *, promisor: bool) -> Hostile:
    """Make it of the story `promises`: harmless files first, committed and tagged, then everything else.

    With `promisor` it is a partial clone, which lacks a file that is asked for.
    """
    repo = story.copy(tmp_path / "promises")
    fired, outside, canary = tmp_path / "fired", tmp_path / "outside", tmp_path / "canary"
    fired.mkdir()
    outside.mkdir()
    for name in ("secret", "Cargo.toml", "spam.py", "README.md"):
        (outside / name).write_text(f'[package]\nname = "spam"\nversion = "{SECRET}"\n')
    canary.write_text(f'#!/bin/sh\n: > "{fired}/${{1:-nameless}}"\nexit 1\n')
    canary.chmod(0o755)
    hook = f"#!/bin/sh\nexec {canary} hook-$(basename $0)\n"
    repo.write(dict(tree(canary, fired, hook)))
    for path in ("git", "python3", "cargo", "zizmor", "evil-hooks/pre-commit", *(f"evil-hooks/{name}" for name in HOOKS)):
        repo.path(path).chmod(0o755)
    links(repo, outside)
    repo.git("add", "-A")
    repo.git("commit", "-q", "-m", "\x1b]0;evil\x07 ::error::evil\n\n::set-output name=x::y")
    repo.git("tag", "-a", "-m", "release", "v0.6.0")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{repo.git('rev-parse', 'HEAD').strip()},submodule")
    repo.git("commit", "-q", "-m", "submodule")
    git_dir(repo, canary, fired, outside, hook, promisor=promisor)
    return Hostile(repo=repo, fired=fired, outside=outside, promisor=promisor)


def tree(canary: Path, fired: Path, hook: str) -> Iterator[tuple[str, str | bytes]]:
    """Give the files of the work tree."""
    python = f"import subprocess\nsubprocess.run([{str(canary)!r}, 'python'])\n"
    for name in (
        "setup.py",
        "conftest.py",
        "sitecustomize.py",
        "usercustomize.py",
        "noxfile.py",
        "backend/evil.py",
        "typer.py",
        "griffe.py",
        "tests/conftest.py",
    ):
        yield name, python
    yield (
        "evil/pyproject.toml",
        '[build-system]\nrequires = []\nbuild-backend = "evil"\nbackend-path = ["../backend"]\n[project]\nname = "evil"\nversion = "1.0.0"\n',
    )
    for name in ("git", "python3", "cargo", "zizmor"):
        yield name, f"#!/bin/sh\nexec {canary} program-{name}\n"
    yield "build.rs", f'fn main() {{ std::process::Command::new("{canary}").arg("build.rs").status(); }}\n'
    yield "rust-toolchain.toml", f'[toolchain]\npath = "{canary.parent}"\n'
    yield (
        ".cargo/config.toml",
        (
            f'[build]\nrustc-wrapper = "{canary}"\nrustc = "{canary}"\n[target.x86_64-unknown-linux-gnu]\nrunner = "{canary}"\nlinker = "{canary}"\n'
            f'[registry]\nglobal-credential-providers = ["{canary}"]\n[registries.evil]\ncredential-provider = ["{canary}"]\n'
            f'index = "sparse+http://127.0.0.1:9/"\n[alias]\nx = "!{canary}"\n'
        ),
    )
    yield "package.json", f'{{"name": "evil", "version": "1.0.0", "scripts": {{"preinstall": "{canary} npm", "version": "{canary} npm"}}}}\n'
    yield ".gitmodules", f'[submodule "evil"]\n\tpath = submodule\n\turl = ext::{canary} submodule\n\tupdate = !{canary} submodule\n'
    yield ".gitattributes", "* filter=evil diff=evil merge=evil\n"
    yield ".mailmap", f"Evil <evil@example.org> <$({canary} mailmap)>\n"
    yield ".lockstep", f"#!/bin/sh\nexec {canary} lockstep\n"
    yield (
        ".github/workflows/release.yml",
        (
            f"on:\n  push:\n    tags: ['v*']\njobs:\n  go:\n    runs-on: ubuntu-latest\n"
            f"    steps:\n      - run: $({canary} run); cargo publish\n      - uses: ./evil\n"
        ),
    )
    yield "evil/action.yml", f"runs:\n  using: composite\n  steps:\n    - run: {canary} action\n      shell: bash\n"
    yield "zizmor.yml", "rules: {}\n"
    yield (
        "CHANGELOG.md",
        (
            f"# Changelog\n\n## [Unreleased]\n\n<script>{canary}</script> ![x](http://127.0.0.1:9/x) [y](file://{fired})\n\n::error::evil\n##[error]evil\n\n"
            "## [0.6.0] - 2024-01-01\n\n- x\n"
        ),
    )
    for name in HOOKS:
        yield f"evil-hooks/{name}", hook
    for name in (
        f"$({canary} name)",
        f";{canary} name",
        "-rf",
        "--upload-pack=x",
        "new\nline",
        "\x1b[31mred",
        "\u202eevil",
        "per%0Acent",
        os.fsdecode(b"caf\xe9"),
        "::error::x",
    ):
        yield f"{name.replace('/', '_')}/Cargo.toml", '[package]\nname = "odd"\nversion = "1.0.0"\n'
    yield "bombs/deep/Cargo.toml", '[package]\nname = "deep"\nversion = "1.0.0"\n' + "".join(f"[a{'.b' * 60}.c{number}]\n" for number in range(500))
    yield "bombs/README.md", ">" * 5_000 + "[" * 5_000 + "\n" + "`" * 5_000
    yield "bombs/spam/__init__.py", "x = " + "(" * 5_000 + ")" * 5_000 + "\n"
    yield "include/spam.h", "#if A\n" * 200 + "int f(int a);\n" + "#endif\n" * 200


def links(repo: Repo, outside: Path) -> None:
    """Put links where files and folders are looked for."""
    for path, target in {
        "README.md": outside / "README.md",
        "docs": outside,
        "linked/Cargo.toml": outside / "Cargo.toml",
        "linked/folder": outside,
        "linked/up": Path("../.."),
        "linked/loop": Path("loop"),
        "linked/passwd.toml": Path("/etc/passwd"),
        "linked/zero.toml": Path("/dev/zero"),
        "python/spam/stolen.py": outside / "spam.py",
        "LICENSE": Path("/proc/self/environ"),
    }.items():
        place = repo.path(path)
        place.parent.mkdir(exist_ok=True)
        place.unlink(missing_ok=True)
        place.symlink_to(target)


def git_dir(repo: Repo, canary: Path, fired: Path, outside: Path, hook: str, *, promisor: bool) -> None:
    """Fill the git folder: configuration, hooks, attributes, alternates, replaced objects and grafts."""
    head, old = repo.git("rev-parse", "HEAD").strip(), repo.git("rev-parse", "v0.4.0^{commit}").strip()
    lost = repo.git("rev-parse", "HEAD:CHANGELOG.md").strip()
    inner = repo.path(".git")
    (inner / "hooks").mkdir(exist_ok=True)
    for name in HOOKS:
        (inner / "hooks" / name).write_text(hook)
        (inner / "hooks" / name).chmod(0o755)
    (inner / "info").mkdir(exist_ok=True)
    (inner / "info/attributes").write_text("* filter=evil diff=evil merge=evil\n")
    (inner / "attributes").write_text("* filter=evil diff=evil merge=evil\n")
    (inner / "objects/info").mkdir(exist_ok=True)
    (inner / "objects/info/alternates").write_text(f"{outside}\n/nonexistent\n../../../../outside\n")
    (inner / "refs/replace").mkdir(parents=True)
    (inner / "refs/replace" / head).write_text(f"{old}\n")
    (inner / "info/grafts").write_text(f"{head}\n")
    (inner / "included").write_text(f"[core]\n\tfsmonitor = {canary} included\n\tsshCommand = {canary} included\n")
    aliases = "\n".join(f"\t{name} = !{canary} alias-{name}" for name in PLUMBING)
    pagers = "\n".join(f"\t{name} = {canary} pager-{name}" for name in PLUMBING)
    filled = CONFIG.format(
        canary=canary, hooks=repo.path("evil-hooks"), attributes=inner / "attributes", aliases=aliases, pagers=pagers, outside=outside, fired=fired
    )
    with (inner / "config").open("a") as file:
        file.write(filled)
        if promisor:
            file.write(PROMISOR.format(included=inner / "included"))
    if promisor:
        (inner / "objects" / lost[:2] / lost[2:]).unlink()
