"""npm links the folders of a repository: what its lock says of their versions stops nothing."""

from __future__ import annotations

import json

from tests.conftest import Fresh, Run


def test_an_entry_of_another_folder_left_behind_is_a_warning(fresh: Fresh, run: Run) -> None:
    app = {"name": "app", "version": "1.0.0", "dependencies": {"web": "file:../web"}}
    packages = {"": app, "../web": {"version": "0.9.0"}, "node_modules/web": {"resolved": "../web", "link": True}}
    lock = {"name": "app", "version": "1.0.0", "lockfileVersion": 3, "packages": packages}
    web = {"name": "web", "version": "1.0.0"}
    files = {"app/package.json": app, "app/package-lock.json": lock, "web/package.json": web}
    repo = fresh({path: json.dumps(content, indent=2) for path, content in files.items()})
    assert "warning lock-left-behind: the lock has web at 0.9.0" in run("check", repo=repo, code=0).out
    run("check", "--fix", repo=repo, code=0)
    assert "lock-left-behind" not in run("check", repo=repo, code=0).out
    own = repo.read("app/package-lock.json").replace('"version": "1.0.0"', '"version": "0.8.0"', 1)
    repo.write({"app/package-lock.json": own})
    assert " lock-left-behind: the lock has app at 0.8.0" in run("check", repo=repo, code=1).out
