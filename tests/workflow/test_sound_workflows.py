"""What is sound is no error: each case has the shape of a release workflow in use, and the rule that once refused it."""

from __future__ import annotations

import pytest

from lockstep.config import Config
from lockstep.evidence.workflows import audits
from lockstep.model import Level
from lockstep.rules import judge_workflow
from lockstep.tree import MemoryTree

PUBLISH = "{ runs-on: ubuntu-latest, steps: [{ uses: pypa/gh-action-pypi-publish@release/v1 }] }"


def levels(rule: str, text: str, **others: str) -> set[Level]:
    files = {".github/workflows/release.yml": text, **{name.replace("__", "/").replace("_sh", ".sh"): other for name, other in others.items()}}
    return {one.level for audit in audits(MemoryTree(files), Config()) for one in judge_workflow(audit) if one.rule == rule}


def run(script: str, *, on: str = "push: { tags: ['*'] }", env: str = "") -> str:
    body = "\n".join(f"          {line}" for line in script.splitlines())
    env = f"        env: {env}\n" if env else ""
    return f"on:\n  {on}\njobs:\n  publish:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n{body}\n          twine upload dist/*\n{env}"


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ("echo run=${{ contains(github.event.pull_request.labels.*.name, 'nightly') || github.event_name == 'schedule' }}", set()),
        ("echo ${{ github.event.pull_request.title == 'release' }} ${{ !github.event.pull_request.body }}", set()),
        ("build ${{ github.event.pull_request && 'plan' || 'host' }}", set()),
        ("build ${{ github.event.inputs.channel }}", {Level.WARNING}),
        ("build ${{ (!github.event.pull_request && format('--tag={0}', github.ref_name)) || 'plan' }}", {Level.WARNING}),
        ("build ${{ github.event.pull_request && github.event.pull_request.title || 'none' }}", {Level.ERROR}),
        ("build ${{ format('{0}', github.event.pull_request.title) }}", {Level.ERROR}),
        ("build ${{ fromJSON(github.event.pull_request.body)['x'] }}", {Level.ERROR}),
    ],
)
def test_a_text_that_is_only_compared_does_not_reach_the_script(script: str, found: set[Level]) -> None:
    assert levels("expression-in-script", run(script)) == found


@pytest.mark.parametrize(
    ("script", "found"),
    [
        ('[[ "$VERSION" =~ ^[A-Za-z0-9._+-]+$ ]] || exit 1', set()),
        ('VERSION=$(echo "$TAG" | grep -oE "[0-9]+\\.[0-9]+\\.[0-9]+")', set()),
        ('[[ "$VERSION" =~ ^v[0-9]+ ]] || exit 1', {Level.WARNING}),
    ],
)
def test_an_alphabet_and_an_extraction_are_no_guard(script: str, found: set[Level]) -> None:
    text = run(script, env="{ VERSION: '${{ github.ref_name }}', TAG: '${{ github.ref_name }}' }")
    assert levels("guard-loose", text) == found
    assert levels("guard-inverted", text) == set()


def test_a_question_about_a_tag_is_none_about_the_head_of_a_branch() -> None:
    asks = 'found=$(git ls-remote {} | cut -f1)\necho "$found"'
    assert levels("check-toothless", run(asks.format("--tags origin refs/tags/v1"))) == set()
    assert levels("check-toothless", run(asks.format("origin refs/heads/main"))) == {Level.ERROR}


@pytest.mark.parametrize(
    ("filters", "condition", "found"),
    [
        ("['*']", "startsWith(github.ref_name, 'tools-')", set()),
        ("['*']", "startsWith(github.ref, 'refs/tags/tools-')", set()),
        ("['tools-*']", "startsWith(github.ref_name, 'tools-')", set()),
        ("['release/[0-9]*']", "startsWith(github.ref_name, 'release/')", set()),
        ("['[0-9]+.[0-9]+.[0-9]+']", "startsWith(github.ref_name, '1.')", set()),
        ("['v*']", "startsWith(github.ref_name, 'tools-')", {Level.ERROR}),
        ("['v*']", "startsWith(github.ref, 'refs/heads/')", {Level.ERROR}),
        ("['v*']", "false", {Level.NOTE}),
    ],
)
def test_a_tag_is_what_the_filter_and_the_conditions_say(filters: str, condition: str, found: set[Level]) -> None:
    publish = PUBLISH.replace("{ runs-on", f'{{ if: "{condition}", runs-on')
    assert levels("job-never-runs", f"on: {{ push: {{ tags: {filters} }} }}\njobs: {{ publish: {publish} }}\n") == found


def test_an_image_that_is_pushed_for_no_pull_request() -> None:
    step = "{ uses: docker/build-push-action@v6, with: { push: PUSH, tags: 'cheese:1' } }"
    text = f"on: {{ pull_request: , push: {{ branches: [main] }}, release: }}\njobs: {{ image: {{ runs-on: ubuntu-latest, steps: [{step}] }} }}\n"
    assert levels("trigger-unguarded", text.replace("PUSH", "\"${{ github.event_name != 'pull_request' }}\"")) == {Level.WARNING}  # by a push to main
    assert Level.ERROR in levels("trigger-unguarded", text.replace("PUSH", "true"))


def test_a_pull_request_that_a_step_may_refuse() -> None:
    asks = "{ runs-on: ubuntu-latest, steps: [{ id: ask, uses: dairy/ask@v1 }, { if: steps.ask.outputs.approved != 'true', run: exit 1 }] }"
    text = f"on: pull_request\njobs: {{ ask: {asks}, publish: {PUBLISH.replace('{ runs-on', '{ needs: [ask], runs-on')} }}\n"
    assert levels("trigger-unguarded", text) == {Level.WARNING}
    assert levels("trigger-unguarded", text.replace("exit 1", "echo no")) == {Level.ERROR}


def test_the_artifact_of_the_very_name_is_meant() -> None:
    up = "{ uses: actions/upload-artifact@v4, with: { name: 'cheese-${{ env.V }}-${{ matrix.arch }}%s', path: dist } }"
    down = "{ uses: actions/download-artifact@v4, with: { name: 'cheese-${{ env.V }}-${{ matrix.arch }}.deb' } }"
    build, other = (f"{{ runs-on: ubuntu-latest, steps: [{up % end}] }}" for end in (".deb", "-small.deb"))
    publish = PUBLISH.replace("{ runs-on", "{ needs: NEEDS, runs-on").replace("steps: [", f"steps: [{down}, ")
    text = f"on: {{ push: {{ tags: ['*'] }} }}\njobs: {{ build: {build}, other: {other}, publish: {publish} }}\n"
    assert levels("artifact-unordered", text.replace("NEEDS", "[build]")) == set()
    assert levels("artifact-unordered", text.replace("NEEDS", "[other]")) == {Level.ERROR}


def test_a_function_of_a_script_belongs_to_another_use_of_it() -> None:
    script = "ask() {\n  gh release view x\n}\ncase $1 in\n  ask) ask ;;\n  version) echo 1 ;;\nesac\n"
    text = run("tools/release.sh version")
    assert levels("gh-without-token", text, tools__release_sh=script) == set()
    assert levels("gh-without-token", text, tools__release_sh="gh release view x\n") == {Level.ERROR}


def test_a_verdict_that_is_used_in_another_way_than_by_a_condition() -> None:
    guard = (
        "  kind:\n    runs-on: ubuntu-latest\n    outputs: { value: '${{ steps.kind.outputs.value }}' }\n    steps:\n      - id: kind\n        run: |\n"
        '          if [[ "$GITHUB_REF_NAME" =~ ^[0-9]+\\.[0-9]+\\.[0-9]+$ ]]; then\n            echo value=true >> $GITHUB_OUTPUT\n'
        "          else\n            echo value=false >> $GITHUB_OUTPUT\n          fi\n"
    )
    publish = "  publish:\n    needs: kind\n    runs-on: ubuntu-latest\n    steps:\n      - run: USE\n      - run: twine upload dist/*\n"
    text = f"on: {{ push: {{ tags: ['*'] }} }}\njobs:\n{guard}{publish}"
    assert levels("guard-ignored", text.replace("USE", "label ${{ needs.kind.outputs.value }}")) == set()
    assert levels("guard-ignored", text.replace("USE", "make")) == {Level.ERROR}


def job(steps: str, **keys: str) -> str:
    given = "".join(f"{name}: {value}, " for name, value in keys.items())
    return f"{{ {given}runs-on: ubuntu-latest, steps: [{steps}] }}"


def flow(on: str, **jobs: str) -> str:
    return f"on: {{ {on} }}\njobs:\n" + "".join(f"  {name}: {text}\n" for name, text in jobs.items())


TAGS = "push: { tags: ['v*'] }"


def test_a_cache_matters_where_files_outputs_or_decisions_reach_the_release() -> None:
    cache, upload = "{ uses: Swatinem/rust-cache@v2 }", "{ uses: actions/upload-artifact@v4, with: { name: dist, path: dist } }"
    publish = job("{ uses: actions/download-artifact@v4, with: { name: dist } }, { run: twine upload dist/* }", needs="[test, build]")
    for test, found in ((cache, set()), (f"{cache}, {{ run: gh run list }}", {Level.WARNING}), (f"{cache}, {{ run: aws s3 cp x y }}", {Level.WARNING})):
        assert levels("cache-on-release-path", flow(TAGS, test=job(test), build=job(upload), publish=publish)) == found
    assert levels("cache-on-release-path", flow(TAGS, test=job("{ run: make }"), build=job(f"{cache}, {upload}"), publish=publish)) == {Level.WARNING}


@pytest.mark.parametrize(
    ("step", "found"),
    [
        ("{ id: try, continue-on-error: true, run: x }, { if: steps.try.outcome == 'failure', run: exit 1 }", set()),
        ("{ continue-on-error: true, if: github.event_name == 'pull_request', run: x }", set()),
        ("{ id: try, continue-on-error: true, run: x }", {Level.WARNING}),
    ],
)
def test_a_failure_that_is_looked_at_is_not_ignored(step: str, found: set[Level]) -> None:
    assert levels("failure-ignored", flow(f"{TAGS}, pull_request: ", publish=job(f"{step}, {{ run: twine upload dist/* }}"))) == found


@pytest.mark.parametrize(
    ("ref", "found"),
    [
        ("${{ github.event_name == 'pull_request' && github.head_ref || '' }}", set()),
        ("${{ inputs.sha || (github.event_name == 'pull_request' && github.event.pull_request.head.ref) || '' }}", set()),
        ("${{ github.head_ref || github.ref }}", {Level.WARNING}),
        ("main", {Level.WARNING}),
    ],
)
def test_a_ref_that_only_a_pull_request_decides(ref: str, found: set[Level]) -> None:
    step = f'{{ uses: actions/checkout@v4, with: {{ ref: "{ref}" }} }}'
    assert levels("checkout-elsewhere", flow(f"{TAGS}, pull_request: ", publish=job(f"{step}, {{ run: twine upload dist/* }}"))) == found
    asks = flow(TAGS, ask=job(f"{step}, {{ run: git merge-base --is-ancestor $SHA HEAD }}"), publish=job("{ run: cargo publish }", needs="ask"))
    assert levels("checkout-elsewhere", asks) == set()


@pytest.mark.parametrize(
    ("tags", "found"),
    [(("core-v1", "cli-v1"), set()), (("${{ github.ref_name }}", "v${{ github.ref_name }}"), {Level.WARNING}), (("v1", "v1"), {Level.WARNING})],
)
def test_two_releases_are_made_public_once_each(tags: tuple[str, str], found: set[Level]) -> None:
    jobs = {f"j{number}": job(f'{{ uses: softprops/action-gh-release@v2, with: {{ tag_name: "{tag}" }} }}') for number, tag in enumerate(tags)}
    assert levels("undraft-repeated", flow(TAGS, **jobs)) == found


def test_npm_attests_what_a_trusted_publisher_publishes() -> None:
    gate = job("{ run: lockstep gate ci }")
    for env, found in (("{}", set()), ("{ NODE_AUTH_TOKEN: '${{ secrets.NPM }}' }", {Level.WARNING})):
        build = job("{ uses: actions/upload-artifact@v4, with: { name: dist, path: dist } }")
        steps = f"{{ uses: actions/download-artifact@v4, with: {{ name: dist }} }}, {{ run: npm publish, env: {env} }}"
        publish = job(steps, needs="[gate, build]", permissions="{ id-token: write }")
        assert levels("publish-unattested", flow(TAGS, gate=gate, build=build, publish=publish)) == found


def test_what_the_caller_gives_stands_in_the_callers_file() -> None:
    called = "on: workflow_call\njobs:\n  up: { runs-on: ubuntu-latest, steps: [{ run: twine upload dist/* }] }\n"
    text = flow(TAGS, ship="{ uses: ./.github/workflows/up.yml, secrets: inherit }")
    files = {".github/workflows/release.yml": text, ".github/workflows/up.yml": called}
    found = [one.place for audit in audits(MemoryTree(files), Config()) for one in judge_workflow(audit) if one.rule == "secrets-inherited"]
    assert [(one.path, one.line) for one in found] == [(".github/workflows/release.yml", 3)]


@pytest.mark.parametrize(("script", "found"), [("node ./tools/publish.js", {Level.WARNING}), ("./install-from-release.sh", set()), ("make test", set())])
def test_a_push_to_a_branch_may_publish_by_a_script(script: str, found: set[Level]) -> None:
    job = f"{{ runs-on: ubuntu-latest, permissions: {{ id-token: write }}, steps: [{{ run: {script} }}] }}"
    assert levels("workflow-unclassified", f"on: {{ push: {{ branches: [main] }}, pull_request: }}\njobs: {{ ship: {job} }}\n") == found


RUN = "github.run_id"


@pytest.mark.parametrize(
    ("group", "found"),
    [
        (f"${{{{ github.event_name == 'pull_request' && format('{{0}}', github.ref) || {RUN} }}}}", set()),
        (f"ci-${{{{ github.head_ref || {RUN} }}}}", set()),
        (f"${{{{ format('{{0}}-{{1}}', github.workflow, {RUN}) }}}}", set()),
        (f"${{{{ {RUN} || github.ref }}}}", set()),
        (f"${{{{ format('{{0}}', github.workflow, {RUN}) }}}}", {Level.WARNING}),
        (f"${{{{ github.event_name == 'push' && github.ref || {RUN} }}}}", {Level.WARNING}),
        (f"${{{{ vars.GROUP || {RUN} }}}}", {Level.WARNING}),
        (f"${{{{ {RUN} && github.ref }}}}", {Level.WARNING}),
        (f"${{{{ {RUN} == '1' }}}}", {Level.WARNING}),
        ("${{ github.ref }}", {Level.WARNING}),
    ],
)
def test_a_group_that_no_other_run_has_cancels_nothing(group: str, found: set[Level]) -> None:
    concurrency = f'concurrency: {{ group: "{group}", cancel-in-progress: true }}'
    on = "on: { push: { tags: ['*'] }, pull_request: {} }"
    assert levels("concurrency-cancels", f"{on}\n{concurrency}\njobs: {{ publish: {PUBLISH} }}\n") == found
    assert levels("concurrency-cancels", f"{on}\njobs: {{ publish: {PUBLISH.replace('{ runs-on', f'{{ {concurrency}, runs-on')} }}\n") == found


def test_jobs_of_one_run_can_cancel_each_other() -> None:
    concurrency = "concurrency: { group: '${{ github.run_id }}', cancel-in-progress: true }"
    job = PUBLISH.replace("{ runs-on", f"{{ {concurrency}, runs-on")
    matrix = job.replace("runs-on", "strategy: { matrix: { a: [1, 2] } }, runs-on")
    for jobs in (f"a: {job}, b: {job}", f"a: {matrix}"):
        assert levels("concurrency-cancels", f"on: {{ push: {{ tags: ['*'] }} }}\njobs: {{ {jobs} }}\n") == {Level.WARNING}


def helps(rule: str, text: str) -> list[str]:
    files = {".github/workflows/release.yml": text}
    return [one.help for audit in audits(MemoryTree(files), Config()) for one in judge_workflow(audit) if one.rule == rule]


def jobs(**steps: str) -> str:
    """Write a release workflow of jobs, each with a script; `b__a` is a job b that needs a."""
    lines = []
    for name, script in steps.items():
        job, _, needs = name.partition("__")
        lines.append(f"  {job}: {{ runs-on: ubuntu-latest, needs: [{needs}], steps: [{script}] }}")
    return "on: { push: { tags: ['v*'] } }\njobs:\n" + "\n".join(lines) + "\n"


OPEN, CARGO = "{ run: gh release create v1 }", "{ run: cargo publish }"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (jobs(release=OPEN, crate__release=CARGO), []),  # there is no draft: the release is public from the start
        (jobs(release=OPEN, crate=CARGO), ["add crate to `needs`"]),
        (jobs(release=OPEN, crate__release=CARGO, other=CARGO), ["add other to `needs`"]),
        (jobs(release=f"{OPEN}, {CARGO}"), ["move the step behind the last that publishes"]),
        (
            jobs(notes="{ run: gh release create v1 --draft }", open__notes="{ run: gh release edit v1 --draft=false }", crate__open=CARGO),
            ["make the release public in a last job of its own, with crate in its `needs`"],
        ),
    ],
)
def test_no_advice_about_the_release_makes_a_cycle(text: str, found: list[str]) -> None:
    assert helps("undraft-early", text) == found


def test_no_advice_about_needs_makes_a_cycle() -> None:
    take, give = "{ uses: actions/download-artifact@v4, with: { name: x } }", "{ uses: actions/upload-artifact@v4, with: { name: x, path: x } }"
    text = jobs(stage=f"{take}, {CARGO}", make__stage=give)
    assert helps("artifact-unordered", text) == ["make waits for stage: take that out of `needs` first, then let stage wait for make"]
    text = jobs(stage="{ run: gh release upload v1 a }", notes__stage="{ run: gh release create v1 --draft }", crate__notes=CARGO)
    assert helps("stage-before-draft", text) == ["notes waits for stage: take that out of `needs` first, then let stage wait for notes"]
    text = jobs(crate=CARGO, stage__crate="{ run: gh release upload v1 a }")
    assert helps("publish-unstaged", text) == ["stage waits for crate: take that out of `needs` first, then let crate wait for stage"]


@pytest.mark.parametrize(
    ("step", "level", "label"),
    [
        ("uses: coverallsapp/github-action@v2", Level.NOTE, "coverallsapp/github-action@v2"),
        ("name: Cache, uses: Swatinem/rust-cache@v2", Level.NOTE, "Cache"),
        ("uses: actions/checkout@v6", Level.WARNING, "actions/checkout@v6"),
        ("uses: actions/download-artifact@v6", Level.WARNING, "actions/download-artifact@v6"),
        ("name: Look, uses: a/versions@v1, id: look", Level.WARNING, "Look"),
        ("uses: PyO3/maturin-action@v1", Level.WARNING, "PyO3/maturin-action@v1"),
        ("run: ./check.py", Level.WARNING, "./check.py"),
    ],
)
def test_a_step_whose_failure_is_ignored_is_named(step: str, level: Level, label: str) -> None:
    text = jobs(crate=f"{{ {step}, continue-on-error: true }}, {{ run: cargo publish, env: {{ V: '${{{{ steps.look.outputs.version }}}}' }} }}")
    (audit,) = audits(MemoryTree({".github/workflows/release.yml": text}), Config())
    (found,) = (one for one in judge_workflow(audit) if one.rule == "failure-ignored")
    assert found.level is level
    assert found.message.startswith(f"the step `{label}` of crate, which is part of the release, has continue-on-error: true")
