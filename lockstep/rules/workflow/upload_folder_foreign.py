"""Something that is no distribution reaches the folder that is uploaded.

## What it does
Looks at the folder that the publishing step uploads: nothing but artifacts of distributions may be put there, no SBOM, no signature, and nothing
that a script copies in.

## Why
The upload fails half way, or publishes a file that nobody reviewed.

## Example
```yaml
- uses: actions/download-artifact@...
  with: { name: sbom, path: dist }
- uses: pypa/gh-action-pypi-publish@... # uploads `dist`
```

## Source
[The PyPI action](https://github.com/pypa/gh-action-pypi-publish#customizing-target-package-dists-directory)
"""

from __future__ import annotations

from collections.abc import Iterator

from lockstep.model import Finding, Level, Place
from lockstep.workflow.artifacts import is_distribution, normalized_folder, uploaded_folder
from lockstep.workflow.audit import Audit
from lockstep.workflow.model import Deed
from lockstep.workflow.shell import Command

LEVEL = Level.ERROR
SINCE = "0.1.0"


_BUILDS = {
    ("build",): (("-o", "--outdir"), "dist"),
    ("pyproject-build",): (("-o", "--outdir"), "dist"),
    ("uv", "build"): (("-o", "--out-dir"), "dist"),
    ("maturin", "build"): (("-o", "--out"), "target/wheels"),
    ("maturin", "sdist"): (("-o", "--out"), "target/wheels"),
    ("pip", "wheel"): (("-w", "--wheel-dir"), "."),
    ("pip", "download"): (("-d", "--dest"), "."),
    ("poetry", "build"): (("-o", "--output"), "dist"),
    ("hatch", "build"): ((), "dist"),
    ("flit", "build"): ((), "dist"),
    ("pdm", "build"): (("-d", "--dest"), "dist"),
}
"""Programs that make distributions: the options that name the folder, and the folder without them."""
_COPIES = ("cp", "mv", "curl", "wget", "tee", "install", "rsync", "unzip", "tar", "ln", "touch")


def check(audit: Audit) -> Iterator[Finding]:
    """Look at every step before each upload."""
    for deed in audit.publishes:
        folder = _folder(audit, deed)
        if deed.step is None or not folder:
            continue
        for one in audit.downloads:
            if one.job.id == deed.job.id and one.index < deed.index and _within(one.folder, folder):
                taken = audit.uploads if one.everything and not one.foreign else audit.matching(one)
                for up in taken:
                    if not is_distribution(up) and (not one.everything or up.job.id in audit.before(deed.job)):
                        yield _finding(audit, deed, one.step.place, f"the artifact {up.name}, which holds no distribution,")
        for step in deed.job.steps[: deed.index] if audit.taken(deed.job) else ():
            for one_ in audit.commands(step):
                target = normalized_folder(one_.option("-o", "--output", "-t", "-d", "-C") or one_.words[-1]) if one_.words else ""
                if one_.name in _COPIES and len(one_.words) > 1 and _within(target, folder):
                    yield _finding(audit, deed, step.script_line(one_.line), f"what `{one_.name}` writes")
                elif audit.hardened and (made := _built(one_)) is not None and _within(made, folder):
                    yield _finding(audit, deed, step.script_line(one_.line), f"what `{' '.join(one_.words[:2])}` makes, which nobody attested,")


def _built(one: Command) -> str | None:
    """Give the folder that a command makes distributions in, None for another command."""
    for (program, *rest), (options, default) in _BUILDS.items():
        if one.name == program and one.words[1 : 1 + len(rest)] == tuple(rest):
            return normalized_folder(one.option(*options) or default)
    return None


def _folder(audit: Audit, deed: Deed) -> str:
    """Give the folder that is uploaded, "" where that is not known."""
    step = deed.step
    if step is None:
        return ""
    if step.uses is not None:
        return uploaded_folder(step) if step.action == "pypa/gh-action-pypi-publish" else ""
    for one in audit.commands(step):
        if one.name in ("twine", "uv", "maturin"):
            return next((normalized_folder(word.rpartition("/")[0]) for word in one.words if "/" in word and ("*" in word or word.endswith("/"))), "")
    return ""


def _within(path: str, folder: str) -> bool:
    return folder in (".", path) or path.startswith(f"{folder}/")


def _finding(audit: Audit, deed: Deed, place: Place, what: str) -> Finding:
    message = f"{what} reaches the folder that {deed.job.id} uploads to {deed.registry}"
    return audit.finding(rule="upload-folder-foreign", level=LEVEL, place=place, message=message, help="put it into another folder", symbol=deed.job.id)
