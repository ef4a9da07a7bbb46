"""A new major of a dependency breaks users where its types stand in the public API: told from imports, and said where they do not tell."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Fresh, Run

MANIFEST = '[package]\nname = "spam"\nversion = "1.0.0"\nedition = "2021"\n[dependencies]\negg-yolk = "{}"\nham = "1"\n'

BREAKING = {
    "path in a parameter": "pub fn f(x: &egg_yolk::Yolk) {}",
    "import in a result": "use egg_yolk::shell::Yolk;\npub fn f() -> Option<Yolk> { None }",
    "renamed import": "use egg_yolk::Yolk as Y;\npub struct S { pub y: Y }",
    "module import": "use egg_yolk::shell;\npub type T = shell::Yolk;",
    "bound": "use egg_yolk::Cook;\npub fn f<T: Cook>(x: T) {}",
    "where clause": "use egg_yolk::Cook;\npub fn f<T>(x: T) where T: Cook {}",
    "the only glob": "use egg_yolk::prelude::*;\npub fn f(x: Yolk) {}",
    "method": "pub struct S;\nimpl S { pub fn f(&self) -> egg_yolk::Yolk { todo!() } }",
    "implementation": "pub struct S;\nimpl egg_yolk::Cook for S {}",
    "own alias of it": "mod inner { pub use egg_yolk::Yolk; }\nuse inner::Yolk;\npub fn f(x: Yolk) {}",
    "re-export": "pub use egg_yolk::Yolk;",
    "re-export of all": "pub use egg_yolk;",
    "pointer to a function": "use egg_yolk::Yolk;\npub fn f(x: fn(&Yolk)) {}",
}
PATCH = {
    "private function": "fn f(x: egg_yolk::Yolk) {}\npub fn g() {}",
    "inside a body": "pub fn f() { let _ = egg_yolk::Yolk; }",
    "private field": "pub struct S { y: egg_yolk::Yolk }",
    "own type of that name": "use egg_yolk::Yolk as _;\npub struct Yolk;\npub fn f(x: Yolk) {}",
    "another crate": "use ham::Yolk;\npub fn f(x: Yolk) {}",
    "parameter named like it": "pub fn f(egg_yolk: u8) {}",
}
OPEN = {
    "two globs": "use egg_yolk::prelude::*;\nuse ham::*;\npub fn f(x: Yolk) {}",
    "a derive": "#[derive(egg_yolk::Cook)]\npub struct S;",
}


def told(fresh: Fresh, run: Run, code: str) -> tuple[str, str, str]:
    repo = fresh({"Cargo.toml": MANIFEST.format("1"), "src/lib.rs": f"{code}\n"})
    repo.git("tag", "v1.0.0")
    repo.write({"Cargo.toml": MANIFEST.format("2").replace("1.0.0", "1.0.1")}).commit()
    found = json.loads(run("diff", "v1.0.0", "HEAD", "--format", "json", repo=repo).out)["findings"]
    [one] = [one for one in found if one["rule"] == "dependency-major-changed"]
    return one["requires"], one["confidence"], one["message"]


@pytest.mark.parametrize("name", BREAKING)
def test_a_type_of_it_in_the_public_api_is_a_break(name: str, fresh: Fresh, run: Run) -> None:
    requires, confidence, message = told(fresh, run, BREAKING[name])
    assert (requires, confidence) == ("major", "certain"), message
    assert "in the public API (spam" in message


@pytest.mark.parametrize("name", PATCH)
def test_what_no_user_meets_may_change_in_a_patch(name: str, fresh: Fresh, run: Run) -> None:
    requires, confidence, message = told(fresh, run, PATCH[name])
    assert (requires, confidence) == ("patch", "certain"), message
    assert "no public item names it" in message


@pytest.mark.parametrize("name", OPEN)
def test_what_cannot_be_told_is_for_a_person(name: str, fresh: Fresh, run: Run) -> None:
    requires, confidence, message = told(fresh, run, OPEN[name])
    assert (requires, confidence) == ("patch", "review"), message
    assert "it cannot be told" in message
