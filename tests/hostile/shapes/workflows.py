"""Release workflows: jobs, matrices, scripts and expressions."""

from __future__ import annotations

from tests.hostile.shapes import AUDIT, WHEEL, Files, Shape, nested, one, times

TAGS = "on: {push: {tags: ['v*']}}\n"
RELEASE = f"{TAGS}jobs:\n  ship:\n    runs-on: ubuntu-latest\n    steps:\n"
BINARY = 'echo "${{ '


def _workflow(text: str, **more: str) -> Files:
    return {"pyproject.toml": WHEEL, ".github/workflows/release.yml": text, **{f".github/workflows/{name}.yml": one for name, one in more.items()}}


def _script(lines: str) -> Files:
    return _workflow(f"{RELEASE}      - run: |\n" + "".join(f"          {line}\n" for line in lines.splitlines()))


def _calls(count: int) -> Files:
    def jobs(before: str) -> str:
        return before + "jobs:\n" + times(count, lambda n: f"  j{n}: {{uses: ./.github/workflows/w{n}.yml}}\n")

    return _workflow(jobs(TAGS), **{f"w{n}": jobs("on: workflow_call\n") for n in range(count)})


def _call_chain(count: int) -> Files:
    def call(n: int) -> str:
        return f"jobs:\n  a: {{uses: ./.github/workflows/w{n}.yml}}\n  b: {{uses: ./.github/workflows/w{n}.yml}}\n"

    last = "on: workflow_call\njobs:\n  a: {runs-on: u, steps: [{run: cargo publish}]}\n"
    return _workflow(TAGS + call(0), **{f"w{n}": "on: workflow_call\n" + call(n + 1) for n in range(count)}, **{f"w{count}": last})


def _jobs(count: int, line: str) -> Files:
    return _workflow(
        f"{TAGS}jobs:\n"
        + times(
            count, lambda n: f"  j{n}:\n    runs-on: ubuntu-latest\n    {line.format(before=max(n - 1, 0), n=n)}\n    steps: [{{run: cargo publish -p c{n}}}]\n"
        )
    )


def _actions(count: int) -> Files:
    """Give composite actions that each use the next twice."""
    actions = {f"a{n}/action.yml": f"runs:\n  using: composite\n  steps:\n    - uses: ./a{n + 1}\n    - uses: ./a{n + 1}\n" for n in range(count)}
    last = {f"a{count}/action.yml": "runs:\n  using: composite\n  steps: [{run: cargo publish, shell: bash}]\n"}
    return {**_workflow(f"{RELEASE}      - uses: ./a0\n"), **actions, **last}


def _artifacts(count: int) -> Files:
    up = times(count, lambda n: f"  u{n}:\n    runs-on: u\n    steps: [{{uses: actions/upload-artifact@v4, with: {{name: a{n}, path: dist}}}}]\n")
    needs = ", ".join(f"u{n}" for n in range(count))
    down = "      - uses: actions/download-artifact@v4\n        with: {pattern: 'a*'}\n" * count
    return _workflow(f"{TAGS}jobs:\n{up}  p:\n    needs: [{needs}]\n    runs-on: u\n    steps:\n{down}      - run: twine upload dist/*\n")


SHAPES: dict[str, Shape] = {
    "commands in a step": one(lambda n: _script("a && cargo publish || true; $(b)\n" * n), AUDIT, 200, 1000),
    "steps in a job": one(lambda n: _workflow(RELEASE + "      - run: cargo publish\n" * n), AUDIT, 60, 500),
    "steps that use actions": one(lambda n: _workflow(RELEASE + "      - uses: pypa/gh-action-pypi-publish@release/v1\n" * n), AUDIT, 60, 500),
    "jobs that publish": one(lambda n: _jobs(n, "env: {{A: x}}"), AUDIT, 20, 50),
    "jobs that publish in a chain": one(lambda n: _jobs(n, "needs: [j{before}]"), AUDIT, 20, 50),
    "jobs that need all before": one(
        lambda n: _workflow(
            f"{TAGS}jobs:\n"
            + times(n, lambda i: f"  j{i}:\n    runs-on: u\n    needs: [{', '.join(f'j{j}' for j in range(i))}]\n    steps: [{{run: cargo publish}}]\n")
        ),
        AUDIT,
        10,
        25,
        square=True,
    ),
    "jobs that need each other": one(
        lambda n: _workflow(
            f"{TAGS}jobs:\n" + times(n, lambda i: f"  j{i}:\n    runs-on: u\n    needs: [j{(i + 1) % n}]\n    steps: [{{run: cargo publish}}]\n")
        ),
        AUDIT,
        10,
        50,
    ),
    "jobs with outputs": one(
        lambda n: _workflow(
            f"{TAGS}jobs:\n"
            + times(
                n,
                lambda i: (
                    f"  j{i}:\n    runs-on: u\n    needs: [j{max(i - 1, 0)}]\n    if: needs.j{max(i - 1, 0)}.outputs.a == 'x'\n"
                    f"    outputs: {{a: '${{{{ needs.j{max(i - 1, 0)}.outputs.a }}}}'}}\n    steps: [{{run: cargo publish}}]\n"
                ),
            )
        ),
        AUDIT,
        10,
        50,
    ),
    "axes of a matrix": one(
        lambda n: _workflow(
            f"{TAGS}jobs:\n  j:\n    runs-on: u\n    strategy:\n      matrix:\n"
            + times(n, lambda i: f"        a{i}: [0, 1, 2]\n")
            + "    steps: [{run: cargo publish}]\n"
        ),
        AUDIT,
        10,
        50,
    ),
    "values of a matrix": one(
        lambda n: _workflow(
            f"{TAGS}jobs:\n  j:\n    runs-on: u\n    strategy:\n      matrix:\n        a: {list(range(n))}\n"
            f"    steps: [{{run: 'cargo publish -p ${{{{ matrix.a }}}}'}}]\n"
        ),
        AUDIT,
        50,
        500,
    ),
    "exclusions of a matrix": one(
        lambda n: _workflow(
            f"{TAGS}jobs:\n  j:\n    runs-on: u\n    strategy:\n      matrix:\n        a: {list(range(16))}\n        b: {list(range(16))}\n        exclude:\n"
            + times(n, lambda i: f"          - {{a: {i % 16}, b: {i}}}\n")
            + "    steps: [{run: cargo publish}]\n"
        ),
        AUDIT,
        50,
        1000,
    ),
    "inclusions of a matrix": one(
        lambda n: _workflow(
            f"{TAGS}jobs:\n  j:\n    runs-on: u\n    strategy:\n      matrix:\n        include:\n"
            + times(n, lambda i: f"          - {{a: {i}, b: x}}\n")
            + "    steps: [{run: cargo publish}]\n"
        ),
        AUDIT,
        50,
        500,
    ),
    "jobs with matrices": one(lambda n: _jobs(n, "strategy: {{matrix: {{a: [0, 1, 2, 3, 4, 5, 6, 7], b: [0, 1, 2, 3, 4, 5, 6, 7]}}}}"), AUDIT, 5, 25),
    "workflows that all call all": one(_calls, AUDIT, 4, 8, square=True),
    "workflows that call the next twice": one(_call_chain, AUDIT, 4, 8),
    "workflows": one(
        lambda n: _workflow(RELEASE + "      - run: cargo publish\n", **{f"w{i}": RELEASE + "      - run: cargo publish\n" for i in range(n)}), AUDIT, 10, 50
    ),
    "actions that use the next twice": one(_actions, AUDIT, 4, 8),
    "artifacts": one(_artifacts, AUDIT, 10, 50),
    "a variable that doubles line by line": one(lambda n: _script("A=xx\n" + "A=$A$A\n" * n + "$A\n"), AUDIT, 10, 20),
    "variables of a script": one(lambda n: _script(times(n, lambda i: f"A{i}=$A{max(i - 1, 0)}x\n") + "cargo publish\n"), AUDIT, 50, 1000),
    "variables of the environment": one(
        lambda n: _workflow(
            f"{TAGS}env:\n" + times(n, lambda i: f"  A{i}: x\n") + "jobs:\n  j:\n    runs-on: u\n    steps:\n      - run: echo $A1; cargo publish\n"
        ),
        AUDIT,
        100,
        1000,
    ),
    "conditions of a script": one(lambda n: _script("if a; then\n" * n + "cargo publish\n" + "fi\n" * n), AUDIT, 20, 200),
    "conditions of a script in a row": one(lambda n: _script("if a; then b; fi\n" * n + "cargo publish\n"), AUDIT, 50, 500),
    "alternatives of a script": one(lambda n: _script("if a; then b\n" + times(n, lambda i: f"elif a{i}; then cargo publish\n") + "fi\n"), AUDIT, 30, 250),
    "cases of a script": one(lambda n: _script("case $A in\n" + times(n, lambda i: f"a{i}) cargo publish ;;\n") + "esac\n"), AUDIT, 50, 500),
    "loops of a script": one(lambda n: _script("for a in b c; do\n" * n + "cargo publish\n" + "done\n" * n), AUDIT, 20, 100),
    "words of a loop": one(lambda n: _script("for a in " + times(n, lambda i: f"a{i} ") + "; do cargo publish -p $a; done\n"), AUDIT, 50, 500),
    "functions of a script": one(
        lambda n: _script(times(n, lambda i: f"f{i}() {{ f{i + 1}; f{i + 1}; }}\n") + f"f{n}() {{ cargo publish; }}\nf0\n"), AUDIT, 8, 16
    ),
    "commands in commands": one(lambda n: _script("echo " + nested(n, "$(a ", "cargo publish", ")") + "\n"), AUDIT, 20, 200),
    "shells in shells": one(lambda n: _script(nested(n, "(", "cargo publish", ")") + "\n"), AUDIT, 20, 200),
    "shells that are started": one(lambda n: _script("bash -c " * n + "'cargo publish'\n"), AUDIT, 20, 200),
    "quotes in quotes": one(lambda n: _script(nested(n, '"$(a ', "b", ')"') + "\n"), AUDIT, 20, 200),
    "backquotes": one(lambda n: _script("a " + "`" * n + "\n"), AUDIT, 50, 2000),
    "quotes that never close": one(lambda n: _script("a 'b\n" * n + "'"), AUDIT, 50, 1000),
    "parameters in parameters": one(lambda n: _script("a " + nested(n, "${A:-", "b", "}") + "\n"), AUDIT, 20, 200),
    "arithmetic": one(lambda n: _script("a $((" + "1 + " * n + "1))\n"), AUDIT, 50, 1000),
    "documents of a script": one(lambda n: _script("cat <<A\nb\nA\n" * n + "cargo publish\n"), AUDIT, 50, 500),
    "documents that never end": one(lambda n: _script(times(n, lambda i: f"cat <<A{i}\n") + "b\n"), AUDIT, 50, 500),
    "words of a command": one(lambda n: _script("cargo publish " + "a " * n + "\n"), AUDIT, 50, 5000),
    "lines of a command": one(lambda n: _script("cargo publish \\\n" + "a \\\n" * n + "b\n"), AUDIT, 50, 2000),
    "pipes": one(lambda n: _script("a | " * n + "cargo publish\n"), AUDIT, 50, 1000),
    "alternatives of a command": one(lambda n: _script("a || " * n + "cargo publish\n"), AUDIT, 50, 1000),
    "checks before publishing": one(
        lambda n: _script('[ "$(cat VERSION)" = "${GITHUB_REF#refs/tags/v}" ] || exit 1\n' * n + "cargo publish\n"), AUDIT, 30, 250
    ),
    "terms of a condition": one(lambda n: _workflow(RELEASE + "      - if: " + "a && " * n + "b\n        run: cargo publish\n"), AUDIT, 400, 1000),
    "terms of a condition, both ways": one(
        lambda n: _workflow(RELEASE + "      - if: " + "(github.ref == 'a' || github.event_name == 'b') && " * n + "c\n        run: cargo publish\n"),
        AUDIT,
        10,
        50,
    ),
    "denials of a condition": one(lambda n: _workflow(RELEASE + '      - if: "' + "!" * n + 'a"\n        run: cargo publish\n'), AUDIT, 20, 2000),
    "brackets of a condition": one(
        lambda n: _workflow(RELEASE + "      - if: " + nested(n, "(", "a", ")") + "\n        run: cargo publish\n"), AUDIT, 20, 2000
    ),
    "functions of a condition": one(
        lambda n: _workflow(RELEASE + "      - if: " + nested(n, "format('{0}{0}', ", "'ab'", ")") + "\n        run: cargo publish\n"), AUDIT, 10, 10
    ),
    "lists of a condition": one(
        lambda n: _workflow(RELEASE + "      - if: contains(fromJSON('[" + "1, " * n + "1]'), 1)\n        run: cargo publish\n"), AUDIT, 20, 1000
    ),
    "expressions of a script": one(lambda n: _script("echo ${{ github.ref }}\n" * n + "cargo publish\n"), AUDIT, 50, 500),
    "expressions that never end": one(lambda n: _script("echo ${{ a\n" * n + "cargo publish\n"), AUDIT, 50, 1000),
    "stars of a tag filter": one(lambda n: _workflow(RELEASE.replace("v*", "*a" * n) + "      - run: cargo publish\n"), AUDIT, 0, 20),
    "repetitions of a tag filter": one(lambda n: _workflow(RELEASE.replace("v*", "[0-9]+" * n) + "      - run: cargo publish\n"), AUDIT, 0, 20),
    "tag filters": one(lambda n: _workflow(RELEASE.replace("'v*'", ", ".join(f"'v{i}*'" for i in range(n))) + "      - run: cargo publish\n"), AUDIT, 20, 250),
    "tag filters that deny": one(
        lambda n: _workflow(RELEASE.replace("'v*'", ", ".join(["'v*'", *(f"'!v{i}*'" for i in range(n))])) + "      - run: cargo publish\n"), AUDIT, 20, 250
    ),
    "inputs of a workflow": one(
        lambda n: _workflow(
            "on:\n  workflow_dispatch:\n    inputs:\n"
            + times(n, lambda i: f"      i{i}: {{type: boolean}}\n")
            + RELEASE.replace(TAGS, "")
            + "      - run: cargo publish\n"
        ),
        AUDIT,
        50,
        500,
    ),
    "permissions": one(
        lambda n: _workflow(RELEASE.replace("jobs:", "permissions:\n" + times(n, lambda i: f"  p{i}: write\n") + "jobs:") + "      - run: cargo publish\n"),
        AUDIT,
        50,
        500,
    ),
    "scripts that a workflow runs": one(
        lambda n: {
            **_workflow(RELEASE + times(n, lambda i: f"      - run: ./s{i}.sh\n")),
            **{f"s{i}.sh": "#!/bin/sh\ncargo publish\n" for i in range(n)},
        },
        AUDIT,
        20,
        100,
    ),
    "scripts that run the next twice": one(
        lambda n: {
            **_workflow(RELEASE + "      - run: ./s0.sh\n"),
            **{f"s{i}.sh": f"#!/bin/sh\n./s{i + 1}.sh\n./s{i + 1}.sh\n" for i in range(n)},
            f"s{n}.sh": "cargo publish\n",
        },
        AUDIT,
        4,
        8,
    ),
}
