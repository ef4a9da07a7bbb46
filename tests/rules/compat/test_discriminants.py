"""Variants that take other numbers together are one finding, which names each of them."""

from __future__ import annotations

import json

from tests.conftest import Fresh, Run


def test_every_variant_that_moved_is_named(fresh: Fresh, run: Run) -> None:
    manifest = '[package]\nname = "spam"\nversion = "1.0.0"\nedition = "2021"\n'
    repo = fresh({"Cargo.toml": manifest, "src/lib.rs": "pub enum A { X, Y, Z }\npub enum B { P, Q }\n"})
    repo.git("tag", "v1.0.0")
    repo.write({"src/lib.rs": "pub enum A { New, X, Y, Z }\npub enum B { Q, P }\n"}).commit()
    found = json.loads(run("diff", "v1.0.0", "HEAD", "--format", "json", repo=repo).out)["findings"]
    said = [one["message"] for one in found if one["rule"] == "rust-discriminant-changed"]
    assert said == [
        "spam::A::X moved from 0 to 1; so did Y from 1 to 2, Z from 2 to 3",
        "spam::B::P moved from 0 to 1; so did Q from 1 to 0",
    ]
