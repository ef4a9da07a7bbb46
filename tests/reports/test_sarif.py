"""SARIF holds what was found, in the shape that its standard asks for, with fingerprints that last."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from lockstep.about import REPOSITORY
from lockstep.model import Confidence, Level, Place, Rule
from lockstep.reports import sarif
from lockstep.reports.manuals import address, title
from lockstep.review.review import Review
from lockstep.rules import every_rule
from tests.conftest import Repo, Run, Story
from tests.reports.samples import CANARY, OPTIONS, finding, hostile, report, review

SCHEMA = jsonschema.Draft7Validator(json.loads((Path(__file__).parent / "sarif-schema-2.1.0.json").read_text()))


def run_of(text: str) -> dict[str, Any]:
    """Give the only run of a log, which holds to the schema."""
    log = json.loads(text)
    SCHEMA.validate(log)
    (one,) = log["runs"]
    assert isinstance(one, dict)
    for result in one["results"]:
        assert one["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert not any(each["physicalLocation"]["artifactLocation"]["uri"].startswith("/") for each in result["locations"])
    return one


def of_review(one: Review) -> dict[str, Any]:
    return run_of(sarif.review(one, OPTIONS))


def test_the_schema_is_no_rubber_stamp() -> None:
    with pytest.raises(jsonschema.ValidationError):
        SCHEMA.validate({"version": "2.1.0", "runs": [{"tool": {"driver": {}}}]})


def drifted(story: Story) -> Repo:
    return story("drifted")


def hanging(story: Story) -> Repo:
    return story("promises")


def unnoted(story: Story) -> Repo:
    return story("promises").write({"CHANGELOG.md": "# Changelog\n\n## [Unreleased]\n\n## [0.5.0] - 2024-01-01\n\n- x\n"})


def careless(story: Story) -> Repo:
    steps = "on: {push: {tags: ['v*']}}\njobs:\n  ship:\n    runs-on: ubuntu-latest\n    steps: [{run: cargo publish}]\n"
    return story("twins").write({".github/workflows/release.yml": steps})


@pytest.mark.parametrize(
    ("args", "made", "code", "least"),
    [
        (("check",), drifted, 1, 1),
        (("diff", "v0.4.0", "v0.5.0"), hanging, 0, 2),
        (("diff",), hanging, 1, 1),
        (("changelog", "check"), unnoted, 1, 1),
        (("audit", "workflow", "--no-zizmor"), careless, 0, 3),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else "",
)
def test_every_command_that_judges_writes_it(args: tuple[str, ...], made: Callable[[Story], Repo], code: int, least: int, story: Story, run: Run) -> None:
    repo = made(story)
    repo.git("add", "-A")
    said = run(*args, "--format", "sarif", repo=repo, code=code).out
    assert "<root>" not in said
    one = run_of(said)
    found = json.loads(run(*args, "--format", "json", "-v", repo=repo, code=code).out)["findings"]
    assert len(one["results"]) >= least
    assert {result["ruleId"] for result in one["results"]} == {each["rule"] for each in found}
    assert all(rule["help"]["markdown"] and rule["helpUri"].startswith("https://") for rule in one["tool"]["driver"]["rules"])


@pytest.mark.parametrize(
    "args", [("show",), ("surface",), ("explain",), ("bump", "minor"), ("changelog", "draft"), ("changelog", "show", "1.0.0"), ("init",)], ids=" ".join
)
def test_a_command_without_findings_refuses_it_before_it_does_anything(args: tuple[str, ...], story: Story, run: Run) -> None:
    repo = story("drifted")
    before = repo.contents()
    result = run(*args, "--format", "sarif", repo=repo, code=2)
    assert "--format is one of text, json, github, markdown, not 'sarif'" in result.err
    assert (result.out, repo.contents()) == ("", before)


def test_a_hostile_repository_stays_text() -> None:
    one = of_review(hostile())
    shown = json.dumps(one, ensure_ascii=False)
    for steering in ("\u202e", "\u2066", "\x1b"):
        assert steering not in json.dumps([result["message"] for result in one["results"]], ensure_ascii=False)
    assert "\\[a](" in one["results"][0]["message"]["text"]
    assert "{{0}}" in one["results"][0]["message"]["text"]
    uri = one["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert not set(uri) & set("<>\"'` \r\n:{}[]")
    assert "%3Cscript%3E" in uri
    assert "waiver-unused" in shown


def test_a_path_that_is_no_utf_8_is_its_bytes() -> None:
    (result,) = run_of(sarif.report(report(finding(place=Place(path="a b/\udcff:%.py", line=1))), OPTIONS))["results"]
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "a%20b/%FF%3A%25.py", "uriBaseId": "%SRCROOT%"}


def test_levels_and_what_a_person_must_decide() -> None:
    levels = [finding(0), finding(1, Level.WARNING, confidence=Confidence.REVIEW), finding(2, Level.NOTE, confidence=Confidence.REVIEW), finding(3, Level.NOTE)]
    found = {one["message"]["text"][:27]: (one.get("kind"), one["level"]) for one in of_review(review(*levels))["results"]}
    assert [*found.values()] == [(None, "error"), (None, "warning"), ("review", "none"), (None, "note")]


def test_what_is_waived_is_suppressed_with_its_reason_and_the_rest_is_not() -> None:
    kept, waived = of_review(review(finding(0), waived=(finding(1),)))["results"]
    assert kept["suppressions"] == []
    (suppression,) = waived["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert suppression["justification"] == f"{CANARY}, until 2027-01-31"
    assert suppression["location"]["physicalLocation"]["region"] == {"startLine": 3}
    assert "suppressions" not in of_review(review(finding(0)))["results"][0]


def test_what_could_not_be_seen_is_a_notification() -> None:
    (notice,) = of_review(hostile())["invocations"][0]["toolExecutionNotifications"]
    assert notice["level"] == "warning"
    assert "could not be seen" in notice["message"]["text"]
    assert notice["locations"][0]["physicalLocation"]["region"] == {"startLine": 2}


def marks(one: dict[str, Any]) -> list[str]:
    found = [result["partialFingerprints"]["primaryLocationLineHash"] for result in one["results"]]
    assert len(set(found)) == len(found)
    return found


def test_a_fingerprint_survives_lines_that_move_and_versions_that_go_on(story: Story, run: Run) -> None:
    repo = story("drifted")
    before = marks(run_of(run("check", "--format", "sarif", repo=repo, code=1).out))
    text = repo.read("Cargo.toml")
    repo.write({"Cargo.toml": "# one more line\n\n" + text})
    moved = run_of(run("check", "--format", "sarif", repo=repo, code=1).out)
    assert marks(moved) == before
    promises = story("promises")
    old = run_of(run("diff", "--format", "sarif", repo=promises, code=1).out)
    path = old["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    promises.write({path: f"{'#' if path.endswith('.py') else '//'} x\n\n" + promises.read(path)})
    new = run_of(run("diff", "--format", "sarif", repo=promises, code=1).out)
    assert marks(new) == marks(old)
    assert [each["locations"] for each in new["results"]] != [each["locations"] for each in old["results"]]


def test_two_of_the_same_are_told_apart() -> None:
    same = [finding(0, place=Place(path="a.py", line=line)) for line in (1, 2)]
    first, second = marks(run_of(sarif.report(report(*same), OPTIONS)))
    assert (first[-2:], second[-2:]) == (":1", ":2")
    assert first[:-2] == second[:-2]


def test_no_more_results_than_are_taken_the_worst_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 3)
    many = [finding(number, Level.NOTE) for number in range(5)] + [finding(9)]
    one = of_review(review(*many, waived=(finding(10),)))
    assert [result["level"] for result in one["results"]] == ["error", "note", "note"]
    assert "4 more results do not fit" in one["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]


def test_every_manual_fits() -> None:
    of_all = [finding(number, rule=rule.id) for number, rule in enumerate(every_rule())]
    for rule in run_of(sarif.report(report(*of_all), OPTIONS))["tool"]["driver"]["rules"]:
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024


@pytest.mark.parametrize("rule", every_rule(), ids=lambda one: one.id)
def test_a_manual_is_where_its_address_leads(rule: Rule[Any]) -> None:
    path = address(rule).removeprefix(f"{REPOSITORY}/blob/main/")
    found = Path(__file__).parent.parent.parent / path
    assert found.stem == rule.id.replace("-", "_")
    assert found.read_text().removeprefix("r").startswith(f'"""{title(rule)}')
