"""`init` writes down what was inferred and learned, and nothing changes but what a clone without history can know."""

from __future__ import annotations

import json

from tests.conftest import Fresh, Run, Story

POM = (
    "<project>\n  <artifactId>spam</artifactId>\n  <version>{0}</version>\n"
    "  <dependency>\n    <artifactId>other</artifactId>\n    <version>9.9.9</version>\n  </dependency>\n</project>\n"
)
CARGO = '[package]\nname = "spam"\nversion = "{0}"\n'


def test_an_outsider_stays_outside_without_its_history(story: Story, run: Run) -> None:
    repo = story("outsider")
    before = json.loads(run("show", "--format", "json", repo=repo, code=0).out)["groups"]
    run("init", repo=repo, code=0)
    for tag in repo.tags():
        repo.git("tag", "-d", tag)
    repo.commit()
    run("check", repo=repo, code=0)
    after = json.loads(run("show", "--format", "json", repo=repo, code=0).out)["groups"]
    assert [group["packages"] for group in after] == [group["packages"] for group in before]


def test_what_the_last_bump_taught_is_written_down_and_held_from_then_on(fresh: Fresh, run: Run) -> None:
    repo = fresh({"Cargo.toml": CARGO.format("0.1.0"), "java/pom.xml": POM.format("0.1.0"), "STATUS.txt": "state of 0.1.0: fine\n"})
    repo.write({"Cargo.toml": CARGO.format("0.2.0"), "java/pom.xml": POM.format("0.2.0"), "STATUS.txt": "state of 0.2.0: fine\n"}).commit("0.2.0")
    run("init", repo=repo, code=0)
    written = repo.read("lockstep.toml")
    assert 'pattern = "state of {version}: fine"' in written
    run("check", repo=repo, code=0)
    repo.replace("STATUS.txt", "0.2.0", "0.1.9")
    drifted = run("check", repo=repo, code=1)
    assert drifted.out.startswith("STATUS.txt:1:10 version-mismatch")
    repo.replace("STATUS.txt", "state of", "condition in")
    assert "configured-site-missing" in run("check", repo=repo, code=1).out


def test_a_clone_without_history_sees_what_was_left_behind(fresh: Fresh, run: Run) -> None:
    repo = fresh({"Cargo.toml": CARGO.format("0.2.0"), "java/pom.xml": POM.format("0.2.0"), "README.md": '```toml\nspam = "0.2.0"\n```\n'})
    run("init", repo=repo, code=0)
    assert repo.read("lockstep.toml").count("path =") == 1  # the install line has a time of its own
    run("check", repo=repo, code=0)
    repo.write({"Cargo.toml": CARGO.format("0.3.0")}).commit()
    assert run("check", repo=repo, code=1).out.startswith("java/pom.xml:3:12 version-mismatch")
    repo.replace("Cargo.toml", "0.3.0", "0.2.0").commit()
    run("bump", "minor", repo=repo, code=0)
    assert repo.read("java/pom.xml") == POM.format("0.3.0")


def test_learned_places_move_without_any_configuration(fresh: Fresh, run: Run) -> None:
    repo = fresh({"Cargo.toml": CARGO.format("0.1.0"), "java/pom.xml": POM.format("0.1.0"), "CHANGELOG.md": "0.1.0\n", "old.txt": "since 0.1.0\n"})
    repo.write({"Cargo.toml": CARGO.format("0.2.0"), "java/pom.xml": POM.format("0.2.0"), "CHANGELOG.md": "0.2.0\n", "old.txt": "since 0.2.0\n"}).commit(
        "0.2.0"
    )
    result = run("bump", "minor", "-v", repo=repo, code=0)
    assert repo.read("java/pom.xml") == POM.format("0.3.0")
    assert repo.read("CHANGELOG.md") == "0.2.0\n"
    assert repo.read("old.txt") == "since 0.2.0\n"
    assert "java/pom.xml:3:12  0.2.0 -> 0.3.0" in result.out


def test_comments_and_order_of_the_file_stay(story: Story, run: Run) -> None:
    repo = story("outsider")
    home = "pyproject.toml" if repo.path("pyproject.toml").exists() else "Cargo.toml"
    before = repo.read(home)
    run("init", repo=repo, code=0)
    after = repo.read(home)
    kept = iter(after.splitlines())
    assert all(line in kept for line in before.splitlines())


def test_twice_is_once_and_a_dry_run_writes_nothing(story: Story, run: Run) -> None:
    repo = story("outsider")
    before = repo.contents()
    shown = run("init", "--dry-run", repo=repo, code=0).out
    assert repo.contents() == before
    assert run("init", repo=repo, code=0).out == shown
    once = repo.contents()
    assert run("init", repo=repo, code=0).out == ""
    assert repo.contents() == once


def test_where_nothing_was_inferred_nothing_is_written(story: Story, run: Run) -> None:
    repo = story("twins")
    before = repo.contents()
    assert "nothing to write down" in run("init", repo=repo, code=0).err
    assert repo.contents() == before


def test_a_package_on_its_own_is_bumped_by_its_name(story: Story, run: Run) -> None:
    repo = story("outsider")
    outside = json.loads(run("show", "--format", "json", repo=repo, code=0).out)["groups"][0]["outside"]
    name = next(one["package"] for one in outside if one["version"] not in (None, "0.0.0"))
    run("bump", "minor", "--group", name, repo=repo, code=0)
    run("check", repo=repo, code=0)


def test_a_crate_and_a_wheel_of_one_name_are_listed_once(fresh: Fresh, run: Run) -> None:
    pyproject = '[project]\nname = "{0}"\nversion = "{1}"\n'
    files = {
        f"{name}/{file}": text
        for name, version in (("egg", "0.2.0"), ("ham", "0.7.0"))
        for file, text in (("Cargo.toml", CARGO.replace("spam", name).format(version)), ("pyproject.toml", pyproject.format(name, version)))
    }
    repo = fresh({**files, "lockstep.toml": '[groups.egg]\npackages = ["egg"]\n\n[groups.ham]\npackages = ["ham"]\n'})
    repo.write({"lockstep.toml": "# groups by hand\n"}).commit("again")
    planned = run("init", "--dry-run", repo=repo, code=0).out
    assert planned.count('"egg"') <= 1
    assert planned.count('"ham"') <= 1
