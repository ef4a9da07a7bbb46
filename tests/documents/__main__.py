"""Write anew what the README, the guides and the schemas show: `python -m tests.documents`."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from lockstep.config.schema import SCHEMAS, schema
from tests.conftest import FIXTURES, Repo, _build, environment
from tests.documents import pictures, tables
from tests.documents.blocks import PAGES, ROOT, renewed


def main() -> None:
    """Renew every page and picture, and say which changed."""
    os.environ.update(environment())
    with tempfile.TemporaryDirectory() as folder:
        count = 0

        def story(name: str, tag: str | None) -> Repo:
            nonlocal count
            count += 1
            repo = Repo(Path(folder) / f"{count}-{name}")
            _build(repo, FIXTURES / name)
            if tag:
                repo.git("checkout", "-q", tag)
            return repo

        for page in PAGES:
            text = page.read_text()
            _write(page, renewed(tables.renewed(text) if page.name == "configuration.md" else text, story))
        for home, name in SCHEMAS.items():
            _write(ROOT / f"lockstep/schemas/{name}.json", json.dumps(schema(home), indent=2) + "\n")
        for one in pictures.PICTURES:
            _write(ROOT / f"docs/pictures/{one.name}.svg", pictures.taken(one, story))


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        print(f"wrote {path.relative_to(ROOT)}")  # noqa: T201 - it is a command


main()
