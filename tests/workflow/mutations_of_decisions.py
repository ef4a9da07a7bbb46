"""Faults in what a release decides: gates, guards, conditions, comparisons, folders, triggers; `mutations.py` tries them with the others."""

from __future__ import annotations

import re

from lockstep.workflow.model import Job, Role
from tests.workflow.mutating import PIN, Source, mutation, need, spelled

CI = ".github/workflows/ci.yml"

# ---- which workflows the gate asks about

spelled("gate-incomplete", "the gate drops the tests", lambda s: s.swap(r"^( +for \w+ in )ci\.yml ", r"\1", s.job(Role.GATE)))
spelled("gate-incomplete", "the gate drops the last workflow", lambda s: s.swap(r"^( +for \w+ in .*) [\w-]+\.yml; do", r"\1; do", s.job(Role.GATE)))
spelled("gate-incomplete", "the gate asks about one twice", lambda s: s.swap(r"^( +for \w+ in )\S+ (\S+?)(;?) ", r"\1\2 \2\3 ", s.job(Role.GATE)))


@mutation("gate-incomplete", "the gate asks about another workflow")
def _(s: Source) -> None:
    s.files[".github/workflows/pages.yml"] = "on: { push: { branches: [main] } }\njobs: { pages: { runs-on: ubuntu-latest, steps: [{ run: mkdocs build }] } }\n"
    s.swap(r"^( +for \w+ in )ci\.yml\b", r"\1pages.yml", s.job(Role.GATE))


@mutation("gate-incomplete", "the gate knows nothing of a new workflow of tests")
def _(s: Source) -> None:
    s.files[".github/workflows/browser.yml"] = (
        "on: { push: { branches: [main] } }\njobs: { browser: { runs-on: ubuntu-latest, steps: [{ run: npx playwright test }] } }\n"
    )


# ---- a gate that is skipped while its job stays green


def _gate_if(s: Source, text: str) -> None:
    s.step_add(s.job(Role.GATE), r"actions/workflows/|lockstep gate ci", f"if: {text}")


for text in (
    "vars.SKIP_GATE != 'true'",
    "github.run_attempt == 1",
    "github.actor != 'release-bot'",
    "\"!contains(github.event.head_commit.message, '[skip gate]')\"",
    "${{ !vars.HOTFIX }}",
):
    spelled("check-skippable", f"the gate asks only if {text}", lambda s, text=text: _gate_if(s, text))  # type: ignore[misc]
for text in (
    "github.event_name == 'workflow_dispatch'",
    "github.ref == 'refs/heads/main'",
    "\"startsWith(github.ref, 'refs/heads/')\"",
    "github.event.pull_request",
):
    spelled("publish-ungated", f"the gate asks only if {text}", lambda s, text=text: _gate_if(s, text))  # type: ignore[misc]


def _leaves(s: Source, job: Job, step: str, *lines: str, variable: str = "SKIP: ${{ vars.SKIP }}") -> None:
    old = s.step(job, step)
    new = re.sub(r"^( +)set -euo pipefail\n", lambda found: found[0] + "".join(f"{found[1]}{line}\n" for line in lines), old, count=1, flags=re.MULTILINE)
    new = re.sub(r"^(?:( +)|( +)- )env:\n", lambda found: f"{found[0]}{' ' * (len(found[0]) - 3)}{variable}\n", new, count=1, flags=re.MULTILINE)
    need(old != new, "no such script")
    s.put(job, s.block(job).replace(old, new, 1))


spelled(
    "check-skippable",
    "the gate leaves when a setting says so",
    lambda s: _leaves(s, s.job(Role.GATE), "actions/workflows/", 'if [ "$SKIP" = true ]; then', "  exit 0", "fi"),
)
spelled("check-skippable", "the same in one line", lambda s: _leaves(s, s.job(Role.GATE), "actions/workflows/", '[ -n "$SKIP" ] && exit 0'))
spelled(
    "check-skippable",
    "the comparison leaves when a setting says so",
    lambda s: _leaves(s, s.crate, r"PACKAGED=", 'if [ "${SKIP:-}" != "" ]; then', '  echo "::warning::not compared"', "  exit 0", "fi"),
)
spelled(
    "check-skippable",
    "the gate leaves for one person",
    lambda s: _leaves(s, s.job(Role.GATE), "actions/workflows/", '[ "$WHO" != bot ] || exit 0', variable="WHO: ${{ github.actor }}"),
)

# ---- the guard

for text in (
    "steps.{}.outcome == 'success'",
    "steps.{}.conclusion == 'success' && 'true' || 'false'",
    "steps.{}.outcome != 'failure'",
    "job.status == 'success'",
):

    @mutation("guard-ignored", f"the guard's output is {text}")
    def _(s: Source, text: str = text) -> None:
        s.swap(r"^( +ok:) \$\{\{ steps\.(\w+)\.outputs\.ok \}\}", lambda found: f"{found[1]} ${{{{ {text.format(found[2])} }}}}", s.job(Role.GUARD))


_SEGMENT = r"\(0\|\[1-9\]\[0-9\]\*\)"
spelled("guard-loose", "every segment may be empty", lambda s: s.swap(_SEGMENT, "[0-9]*", s.job(Role.GUARD), count=9))
spelled("guard-loose", "the first segment may be empty", lambda s: s.swap(_SEGMENT, "(0|[1-9][0-9]*)?", s.job(Role.GUARD)))
spelled("guard-loose", "an empty alternative", lambda s: s.swap(_SEGMENT, "(|0|[1-9][0-9]*)", s.job(Role.GUARD), count=9))
spelled("guard-loose", "the last segment may begin with a zero", lambda s: s.swap(rf"\\\.{_SEGMENT}\$'", r"\\.([0-9]+)$'", s.job(Role.GUARD)))
spelled("guard-loose", "anything may stand before it", lambda s: s.swap(r"='\^v\(0", "='v(0", s.job(Role.GUARD)))
spelled("guard-loose", "any character is a dot", lambda s: s.swap(r"\\\.\(0", ".(0", s.job(Role.GUARD), count=9))

# ---- what the registry serves

_READ = r'^( +)curl -fsSL --output (served\.crate) (.*)$|^( +)\[ -s "\$PUBLISHED" \] \\\n +\|\| \{.*\}$'


def _served(s: Source, plain: str, looped: str) -> None:
    """Change how a publish goes on when what is served cannot be downloaded: by one command, or behind a loop."""
    s.swap(
        _READ,
        lambda found: f"{found[1]}curl -fsSL --output {found[2]} {found[3]} || {plain}" if found[1] else found[4] + looped.replace("\n", "\n" + found[4]),
        s.crate,
    )


_ATTESTED = 'cp "${RUNNER_TEMP}/attested/spam-${VERSION}.crate" served.crate'
spelled("readback-optional", "the local file in its place", lambda s: _served(s, _ATTESTED, '[ -s "$PUBLISHED" ] || cp "$ATTESTED" "$PUBLISHED"'))
spelled("readback-optional", "nothing served is success", lambda s: _served(s, "exit 0", '[ -s "$PUBLISHED" ] || exit 0'))
spelled(
    "readback-optional",
    "a warning in its place",
    lambda s: _served(s, '{ echo "::warning::not served yet"; exit 0; }', 'if [ ! -s "$PUBLISHED" ]; then\n  echo "::warning::not served yet"\n  exit 0\nfi'),
)
spelled(
    "readback-optional",
    "a link to the local file",
    lambda s: _served(s, _ATTESTED.replace("cp", "ln -sf", 1), 'if [ ! -s "$PUBLISHED" ]; then ln -sf "$ATTESTED" "$PUBLISHED"; fi'),
)


def _last_if(s: Source, job: Job, condition: str) -> None:
    last = s.steps(job)[-1]
    s.put(job, s.block(job).replace(last, last.replace("      - ", f"      - if: {condition}\n        ", 1), 1))


def _published_if(s: Source, job: Job) -> str:
    """Give the condition of the step that publishes."""
    found = re.search(r"if: (.*)\n", s.step(job, r"run: cargo publish -p \S+ --locked\n"))
    need(found is not None, "it always publishes")
    return found[1] if found else ""


spelled("served-bytes-unverified", "what is served is compared after a failure", lambda s: _last_if(s, s.crate, "failure()"))
spelled(
    "served-bytes-unverified", "what is served is compared in recovery alone", lambda s: _last_if(s, s.crate, _published_if(s, s.crate).replace("!=", "=="))
)
spelled(
    "failure-ignored", "the comparison of what is served may fail", lambda s: s.step_add(s.crate, r"(?i)(post-publish|served crate)", "continue-on-error: true")
)
spelled(
    "bytes-unverified",
    "the package is compared in recovery alone",
    lambda s: s.step_add(s.crate, r"PACKAGED=", f"if: {_published_if(s, s.crate).replace('!=', '==')}"),
)
spelled("bytes-unverified", "the package is compared in a second attempt", lambda s: s.step_add(s.crate, r"PACKAGED=", "if: github.run_attempt > 1"))
spelled("bytes-unverified", "the package is compared if a setting says so", lambda s: s.step_add(s.crate, r"PACKAGED=", "if: vars.COMPARE == 'yes'"))

# ---- files that are not the canonical ones


def _raw_wheels(s: Source) -> str:
    """Give the pattern by which wheels are taken before they are made canonical."""
    found = re.search(r"pattern: (\S*wheels-\*)", s.text)
    need(found is not None, "nothing takes raw wheels")
    return found[1] if found else ""


_TAKES = (f"- uses: actions/download-artifact@{PIN}", "  with:", "    path: dist", "    merge-multiple: true")
spelled(
    "upload-unattested",
    "raw wheels beside the canonical ones",
    lambda s: s.step_before(s.pypi, r"gh-action-pypi-publish", *_TAKES, f"    pattern: '{_raw_wheels(s)}'"),
)
for script in (
    "python -m build --outdir dist",
    "uv build",
    "maturin build --release --out dist",
    "pip wheel --no-deps -w dist .",
    "pip download --no-deps -d dist spam",
):
    spelled("upload-folder-foreign", script, lambda s, script=script: s.step_before(s.pypi, r"gh-action-pypi-publish", f"- run: {script}"))  # type: ignore[misc]


def _canonical(s: Source) -> Job:
    """Give the job that makes files canonical."""
    found = next((job for job in s.audit.jobs.values() if "canonical" in job.id and job.steps), None)
    need(found is not None, "nothing is made canonical")
    assert found is not None
    return found


_UPLOADED = r"^( +)canonical(?:-dist)?/\*\.({})$"


def _uploads_raw(s: Source, endings: str) -> None:
    folder = re.search(r"path: (built\S*)", s.block(_canonical(s)))
    need(folder is not None, "no folder of what was built")
    s.swap(_UPLOADED.format(endings), rf"\1{folder[1] if folder else ''}/*.\2", _canonical(s), count=9)


spelled("artifact-raw", "the files are uploaded as they were built", lambda s: _uploads_raw(s, r"whl|tar\.gz"))
spelled("artifact-raw", "the sdist is uploaded as it was built", lambda s: _uploads_raw(s, r"tar\.gz"))

# ---- a second way to make it public

TOKEN = ("- env:", "    GH_TOKEN: ${{ github.token }}", "    TAG: ${{ github.ref_name }}", "  run: |")
for name, script in (
    ("gh api with a field", 'gh api --method PATCH "/repos/$GITHUB_REPOSITORY/releases/1" --field draft=false'),
    ("gh api with a text", 'gh api --method PATCH "repos/$GITHUB_REPOSITORY/releases/1" --input - <<< \'{"draft":false}\''),
    ("gh api with a file", 'echo \'{"draft": false}\' > body.json\ngh api -X PATCH "repos/$GITHUB_REPOSITORY/releases/1" --input body.json'),
    ("curl", 'curl -X PATCH -H "Authorization: Bearer $GH_TOKEN" -d \'{"draft":false}\' "https://api.github.com/repos/$GITHUB_REPOSITORY/releases/1"'),
    (
        "curl by the server's name",
        'curl --request PATCH --data "{\\"draft\\": false}" -H "Authorization: token $GH_TOKEN" "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/releases/1"',
    ),
    ("a zero", 'gh release edit -R "$GITHUB_REPOSITORY" "$TAG" --draft=0'),
    ("hub", 'hub release edit --draft=false -m "" "$TAG"'),
    (
        "Python",
        (
            "python3 - <<'PY'\nimport os, requests\nurl = f'https://api.github.com/repos/{os.environ[\"GITHUB_REPOSITORY\"]}/releases/1'\n"
            "requests.patch(url, json={'draft': False}, headers={'Authorization': os.environ['GH_TOKEN']})\nPY"
        ),
    ),
):
    spelled(
        "undraft-repeated",
        f"the staging makes public by {name}",
        lambda s, script=script: s.step_append(s.stage_of(s.crate), *TOKEN, *(f"    {line}" for line in script.splitlines())),  # type: ignore[misc]
    )
for name, lines in (
    (
        "github-script",
        (
            f"- uses: actions/github-script@{PIN}",
            "  with:",
            "    script: |",
            "      await github.rest.repos.updateRelease({ ...context.repo, release_id: 1, draft: false })",
        ),
    ),
    (
        "github-script's request",
        (
            f"- uses: actions/github-script@{PIN}",
            "  with:",
            "    script: |",
            "      await github.request('PATCH /repos/{owner}/{repo}/releases/{id}', { draft: false })",
        ),
    ),
    ("ncipollo/release-action", (f"- uses: ncipollo/release-action@{PIN}", "  with: { allowUpdates: true }")),
    ("eregon/publish-release", (f"- uses: eregon/publish-release@{PIN}", "  with: { release_id: 1 }")),
):
    spelled("undraft-repeated", f"the staging makes public by {name}", lambda s, lines=lines: s.step_append(s.stage_of(s.crate), *lines))  # type: ignore[misc]

# ---- another commit, by a script

for script in (
    "git checkout main",
    "git switch --detach origin/main",
    "git fetch origin main && git reset --hard FETCH_HEAD",
    "git pull origin main",
    'git clone --branch main "https://github.com/$GITHUB_REPOSITORY" .',
    "git -C . checkout -f origin/main",
):
    spelled("checkout-elsewhere", script, lambda s, script=script: s.step_before(s.builder(), r"cargo package|maturin-action", f"- run: {script}"))  # type: ignore[misc]

# ---- gated workflows that are green whatever happens

spelled("gated-workflow-soft", "a job of it may fail", lambda s: s.swap(r"^    runs-on: .*\n", r"\g<0>    continue-on-error: true\n", path=CI))


def _soften(s: Source, key: str) -> None:
    """Give a key to every step of the workflow of tests that runs a script."""
    need(CI in s.files, "no ci.yml")
    steps = re.compile(r"^( +)- (?:.*\n)(?:\1 .*\n|\n)*", re.MULTILINE)
    old = s.files[CI]
    s.files[CI] = steps.sub(
        lambda one: re.sub(r"^( +)- ", rf"\1- {key}\n\1  ", one[0], count=1) if "run: " in one[0] and " if: " not in one[0] else one[0], old
    )
    need(s.files[CI] != old, "no steps")


for key in ("continue-on-error: true", "if: github.event_name == 'pull_request'", "if: vars.TESTS == 'yes'"):
    spelled("gated-workflow-soft", f"its steps have {key}", lambda s, key=key: _soften(s, key))  # type: ignore[misc]
spelled("gated-workflow-soft", "its tests throw their failure away", lambda s: s.swap(r"(run: cargo test\b.*)$", r"\1 || true", path=CI))
spelled(
    "gated-workflow-soft",
    "its jobs run for pull requests alone",
    lambda s: s.swap(r"^    runs-on: .*\n", r"\g<0>    if: github.event_name == 'pull_request'\n", path=CI, count=99),
)

# ---- triggers

for on in ("workflow_dispatch:", "workflow_dispatch: { inputs: { tag: { type: string } } }", "repository_dispatch: { types: [release] }", "create:"):
    spelled("trigger-unguarded", f"beside the tag: {on}", lambda s, on=on: s.swap(r"^on:\n", f"on:\n  {on}\n"))  # type: ignore[misc]


def _tagger(*steps: str) -> str:
    head = ("on: { push: { branches: [main] } }", "jobs:", "  tag:", "    runs-on: ubuntu-latest", "    permissions: { contents: write }", "    steps:")
    return "".join(f"{line}\n" for line in (*head, *(f"      {step}" for step in steps)))


_PUSHES = ("- run: |", "    git tag v1.2.3", "    git push origin v1.2.3")
for name, steps in (
    ("git, with the token that checkout keeps", (f"- uses: actions/checkout@{PIN}", *_PUSHES)),
    (
        "git, with the token that checkout is given",
        (f"- uses: actions/checkout@{PIN}", "  with: { token: '${{ secrets.GITHUB_TOKEN }}' }", *_PUSHES[:2], "    git push --follow-tags"),
    ),
    (
        "gh, which makes the tag",
        ("- env: { GH_TOKEN: '${{ github.token }}', GH_REPO: '${{ github.repository }}' }", "  run: gh release create v1.2.3 --generate-notes"),
    ),
    ("release-please", (f"- uses: googleapis/release-please-action@{PIN}",)),
    ("an action", (f"- uses: mathieudutour/github-tag-action@{PIN}", "  with: { github_token: '${{ secrets.GITHUB_TOKEN }}' }")),
):
    spelled("tag-starts-nothing", f"a tag by {name}", lambda s, steps=steps: s.files.update({".github/workflows/tag.yml": _tagger(*steps)}))  # type: ignore[misc]

# ---- digests that a condition chooses


def _digests(s: Source, operator: str) -> None:
    """Give the digests of the crate alone where wheels are published, and all of them where none are."""
    job = s.audit.jobs[s.slsa().needs[-1]]
    guard = s.job(Role.GUARD).id
    if re.search(r'" = "build" \]', s.block(job)):
        s.swap(r'" = "build" \]', '" = "-" ]', job)
        s.swap(r'" = "pypi" \]', '" = "build" ]', job)
        s.swap(r'" = "-" \]', '" = "pypi" ]', job)
        return
    lines = (
        f"env: {{ OK: '${{{{ needs.{guard}.outputs.ok }}}}' }}",
        "run: |",
        f'  if [ "$OK" {operator} "true" ]; then',
        '    echo "hashes=$(sha256sum ./*.crate | base64 -w0)" >> "$GITHUB_OUTPUT"',
        "  else",
        '    echo "hashes=$(sha256sum ./*.crate ./*.whl ./*.tar.gz | base64 -w0)" >> "$GITHUB_OUTPUT"',
        "  fi",
    )
    s.swap(r"^ +run: echo .*\n", "".join(f"        {line}\n" for line in lines), job)


spelled("attest-subject-missing", "the digests are those of the other case", lambda s: _digests(s, "="))

# ---- folders that nobody reads


def _elsewhere(s: Source, job: Job, name: str = r"\S+") -> None:
    s.swap(rf"^( +)(name|pattern): ({name})\n((?: *#.*\n)*) +path: \S.*$", r"\1\2: \3\n\4\1path: nowhere", job)


spelled("download-unread", "the attested crate is not where it is compared", lambda s: _elsewhere(s, s.crate))
spelled("download-unread", "the attested files are not the subjects", lambda s: _elsewhere(s, s.attest_of(s.crate)))
spelled("download-unread", "the files whose digests are made lie elsewhere", lambda s: _elsewhere(s, s.audit.jobs[s.slsa().needs[-1]]))
spelled("download-unread", "the staged files lie elsewhere", lambda s: _elsewhere(s, s.stage_of(s.crate)))
spelled("download-unread", "the sdist is not made canonical", lambda s: _elsewhere(s, _canonical(s), r"\S*sdist\S*"))
spelled("download-unread", "the wheels are not made canonical", lambda s: _elsewhere(s, _canonical(s), r"\S*wheels-\*"))

# ---- skipped with another


def _rehearsal(s: Source, status: str, asked: str) -> None:
    notes = next((job for job in s.audit.jobs.values() if job.id == "notes"), s.job(Role.GATE))
    old = [scalar.text for scalar in notes.conditions]
    s.needs(notes, *notes.needs, "rehearsal")
    asks = " && ".join(f"needs.{name}.result == 'success'" for name in notes.needs)
    s.set(
        notes, "if", f"if: ${{{{ {status} && {asks} && {' && '.join(old)} && needs.rehearsal.result != 'failure' && needs.rehearsal.result != 'cancelled' }}}}"
    )
    s.put(notes, f"  rehearsal:\n    if: {asked}\n    runs-on: ubuntu-latest\n    permissions: {{}}\n    steps:\n      - run: 'true'\n" + s.block(notes))


for status, asked in (("!cancelled()", "vars.REHEARSE"), ("!failure() && !cancelled()", "vars.REHEARSE == 'yes' && github.actor != 'bot'")):
    spelled("skip-cascades", f"{status} and a rehearsal if {asked}", lambda s, status=status, asked=asked: _rehearsal(s, status, asked))  # type: ignore[misc]

# ---- indexes


def _twice(s: Source, url: str) -> None:
    step = s.step(s.pypi, "gh-action-pypi-publish")
    used = re.search(r"uses: (\S+gh-action-pypi-publish@\S+)", step)
    need(used is not None, "no action")
    s.step_before(s.pypi, "gh-action-pypi-publish", f"- uses: {used[1] if used else ''}", f"  with: {{ packages-dir: dist, repository-url: {url} }}")


spelled("publish-repeated", "TestPyPI before PyPI in one job", lambda s: _twice(s, "https://test.pypi.org/legacy/"))


@mutation("publish-repeated", "the action runs once for each half of the files")
def _(s: Source) -> None:
    step = s.step(s.pypi, "gh-action-pypi-publish")
    s.put(s.pypi, s.block(s.pypi).replace(step, step.rstrip("\n") + "\n" + step, 1))


# ---- caches that nobody asked for

for uses in (
    "astral-sh/setup-uv",
    "actions/setup-go",
    "actions-rust-lang/setup-rust-toolchain",
    "moonrepo/setup-rust",
    "gradle/actions/setup-gradle",
    "DeterminateSystems/magic-nix-cache-action",
):
    spelled("cache-on-release-path", f"{uses}, which caches by itself", lambda s, uses=uses: s.step_append(s.builder(), f"- uses: {uses}@{PIN}"))  # type: ignore[misc]
for uses, given in (
    ("actions/setup-node", "cache: npm"),
    ("ruby/setup-ruby", "bundler-cache: true"),
    ("denoland/setup-deno", "cache: true"),
    ("actions/setup-java", "cache: maven"),
):
    spelled(
        "cache-on-release-path",
        f"{uses} with {given}",
        lambda s, uses=uses, given=given: s.step_append(s.builder(), f"- uses: {uses}@{PIN}", f"  with: {{ {given} }}"),  # type: ignore[misc]
    )

# ---- the tag against the manifest

VERSION = 'version=$(grep -m1 "^version" Cargo.toml | cut -d"=" -f2)'
for script in (
    '[[ "$GITHUB_REF_NAME" =~ ^v$version ]] || exit 1',
    'echo "$GITHUB_REF_NAME" | grep -q "^v$version"',
    'grep -qF "$version" <<< "$GITHUB_REF_NAME" || exit 1',
    'case "$GITHUB_REF_NAME" in\n  v$version*) ;;\n  *) exit 1 ;;\nesac',
    'if [[ "$GITHUB_REF_NAME" != "v$version"* ]]; then\n  exit 1\nfi',
):
    spelled(
        "version-check-loose",
        script.splitlines()[0],
        lambda s, script=script: s.step_append(s.builder(), "- run: |", f"    {VERSION}", *(f"    {line}" for line in script.splitlines())),  # type: ignore[misc]
    )
