"""What is shipped beside Cargo, PyPI and npm says the version too: it moves where it is ours, and only there."""

from __future__ import annotations

import re
import time
from contextlib import suppress

import pytest

from lockstep import formats
from lockstep.errors import LockstepError
from lockstep.manifest import Source
from lockstep.project.kinship import is_named_like
from tests.conftest import Fresh, Repo, Run, part

CARGO = '[package]\nname = "spam"\nversion = "@"\nedition = "2021"\n'
POM = """<?xml version="1.0"?>
<!-- <project><version>@</version></project> -->
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <parent><groupId>org.base</groupId><artifactId>base</artifactId><version>2.3.4</version></parent>
  <groupId>org.spam</groupId>
  <artifactId>spam-java</artifactId>
  <version>@</version> <!-- keep in step -->
  <properties><revision>@</revision><junit.version>2.3.4</junit.version></properties>
  <dependencies>
    <dependency><groupId>${project.groupId}</groupId><artifactId>spam-core</artifactId><version>@</version></dependency>
    <dependency><groupId>junit</groupId><artifactId>spam-junit</artifactId><version>2.3.4</version></dependency>
  </dependencies>
</project>
"""
GRADLE = """plugins {
    id 'org.ham' version '2.3.4'
}
group = 'org.spam'
version = '@' // the release
dependencies { implementation 'org.ham:ham:2.3.4' }
"""
CSPROJ = """<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <PackageId>Org.Spam</PackageId>
    <!-- <Version>2.3.4</Version> -->
    <VersionPrefix>@</VersionPrefix>
    <PackageVersion>@</PackageVersion>
  </PropertyGroup>
  <ItemGroup><PackageReference Include="Ham" Version="2.3.4" /></ItemGroup>
</Project>
"""
PODSPEC = """# a pod
Pod::Spec.new do |s|
  s.name    = 'SpamClient'
  s.version = '@' # keep in step
  s.source  = { :http => "https://spam.test/v@/spam-@.zip", :tag => 'v@' }
  s.dependency 'Ham', '2.3.4'
end
"""
PROPS = "<Project><PropertyGroup><Version>@</Version></PropertyGroup></Project>\n"
GEMSPEC = """Gem::Specification.new do |spec|
  spec.name = "spam" # a gem
  spec.version = "@"
  spec.add_dependency "ham", "2.3.4"
end
"""
GEMFILE_LOCK = """PATH
  remote: .
  specs:
    spam (@)
      ham (>= 0.9, < 1.0)
      ham-core (= 2.3.4)

PATH
  remote: core
  specs:
    spam-core (@)
      spam (= @)

GEM
  remote: https://rubygems.org/
  specs:
    ham (2.3.4)
      spam-old (= 2.3.4)
    spam-old (2.3.4)

DEPENDENCIES
  spam!
  ham

CHECKSUMS
  ham (2.3.4) sha256=00
  spam (@)
  spam-old (2.3.4) sha256=00

BUNDLED WITH
   2.3.4
"""
MIX = """defmodule Spam.MixProject do
  use Mix.Project
  \x00version "@" # keep in step
  def project, do: [
    app: :spam,
    version: \x00version,
    deps: [{:ham, "2.3.4"}]
  ]
end
"""
META = """{% set name = "spam" %}
{% set version = "@" %}  # keep in step

package:
  name: {{ name|lower }}
  version: {{ version }}
source:
  url: https://spam.test/v@/spam-@.tar.gz
requirements:
  run:
    - ham ==2.3.4
"""
RECIPE = """context:
  name: spam
  version: "@"  # keep in step
package:
  name: ${{ name }}
  version: ${{ version }}
requirements:
  run: [ham ==2.3.4]
"""
PIXI = """[workspace]
name = "spam" # ours
version = "@"
channels = ["conda-forge"]
[dependencies]
ham = "2.3.4"
"""
CHART = """# a chart
apiVersion: v2
name: spam
version: 0.1.7
appVersion: "v@"  # what it installs
dependencies:
  - name: ham
    version: 2.3.4
"""
CMAKE = """cmake_minimum_required(VERSION 3.10.0)
# project(spam VERSION 2.3.4)
project(spam
  VERSION @ # keep in step
  LANGUAGES C)
set(SPAM_VERSION "@")
set(HAM_VERSION 2.3.4)
"""
CMAKE_PARTS = "set(SPAM_VERSION_MAJOR {}) # one\nset(SPAM_VERSION_MINOR {})\nset(SPAM_VERSION_PATCH {})\n"
MESON = """project('spam', 'c',
  # keep in step
  version: '@',
  meson_version: '>=2.3.4')
ham = dependency('ham', version: '2.3.4')
"""
DESCRIPTION = "Package: spam\nTitle: Spam\nVersion: @\nImports: ham (>= 2.3.4)\n"
JULIA = '# a package\nname = "Spam"\nuuid = "1"\nversion = "@" # keep\n\n[compat]\nHam = "2.3.4"\n'
PUBSPEC = "name: spam_dart # ours\nversion: @+34\ndependencies:\n  ham: 2.3.4\n"
NIX = """{ lib, rustPlatform }:
rustPlatform.buildRustPackage {
  pname = "spam";
  version = "@"; # keep in step
  ham = { version = "2.3.4"; };
}
"""

PLACES = {
    "maven_pom": ("java/pom.xml", POM, 3),
    "gradle": ("java/build.gradle", GRADLE, 1),
    "gradle.kts": ("java/build.gradle.kts", GRADLE.replace("'", '"'), 1),
    "gradle.properties": ("java/gradle.properties", "# ours\nPOM_ARTIFACT_ID=spam-android\nVERSION_NAME=@\nham=2.3.4\n", 1),
    "dotnet_project": ("net/Spam/Spam.csproj", CSPROJ, 2),
    "Directory.Build.props": ("net/Directory.Build.props", PROPS.replace("<Version>", "<Product>Spam</Product><Version>"), 1),
    "nuspec": ("net/Spam.nuspec", "<package><metadata><id>Spam</id><version>@</version></metadata></package>\n", 1),
    "podspec": ("swift/Spam.podspec", PODSPEC, 4),
    "gemspec": ("ruby/spam.gemspec", GEMSPEC, 1),
    "version.rb": ("ruby/lib/spam/version.rb", 'module Spam\n  # ours\n  VERSION = "@"\nend\n', 1),
    "gemfile_lock": ("ruby/Gemfile.lock", GEMFILE_LOCK, 4),
    "mix_exs": ("elixir/mix.exs", MIX, 1),
    "native.ex": ("elixir/lib/spam/native.ex", 'use RustlerPrecompiled,\n  otp_app: :spam,\n  version: "@"\n', 1),
    "conda_recipe": ("conda/meta.yaml", META, 3),
    "recipe.yaml": (".conda/recipe.yaml", RECIPE, 1),
    "pixi_toml": ("env/pixi.toml", PIXI, 1),
    "helm_chart": ("deploy/chart/Chart.yaml", CHART, 1),
    "cmake_project": ("cpp/CMakeLists.txt", CMAKE, 2),
    "meson_project": ("c/meson.build", MESON, 1),
    "r_description": ("r/DESCRIPTION", DESCRIPTION, 1),
    "julia_project": ("julia/Project.toml", JULIA, 1),
    "pubspec": ("dart/pubspec.yaml", PUBSPEC, 1),
    "nix_expression": ("nix/package.nix", NIX, 1),
}
FOREIGN = ("spam", "bacon"), ("Spam", "Bacon"), ("SPAM", "BACON")


def at(text: str, version: str) -> str:
    return text.replace("@", version).replace("\x00", "@")


def foreign(text: str) -> str:
    """Give the same file of somebody else's package."""
    for ours, theirs in FOREIGN:
        text = text.replace(ours, theirs)
    return text


def made(fresh: Fresh, version: str, **files: str) -> Repo:
    repo = fresh({"Cargo.toml": at(CARGO, version)})
    return repo.write({path: at(text, version) for path, text in files.items()}).commit()


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("name", PLACES)
def test_a_package_that_is_named_like_ours_moves_with_it_and_nothing_else_does(name: str, newline: str, fresh: Fresh, run: Run) -> None:
    path, text, count = PLACES[name]
    repo = fresh({"Cargo.toml": at(CARGO, "2.3.4")})
    comment_less = text.replace("<!-- <project><version>@</version></project> -->\n", "")
    repo.path(path).parent.mkdir(parents=True, exist_ok=True)
    repo.path(path).write_bytes(at(comment_less, "2.3.4").replace("\n", newline).encode())
    repo.git("add", "-A")
    repo.commit()
    run("check", repo=repo, code=0)
    assert run("show", "--sites", repo=repo, code=0).out.count(f"{path}:") == count
    run("bump", "2.4.0", repo=repo, code=0)
    assert repo.path(path).read_bytes() == at(comment_less, "2.4.0").replace("\n", newline).encode()


@pytest.mark.parametrize("name", PLACES)
def test_a_package_of_somebody_else_stays_though_it_is_at_our_version(name: str, fresh: Fresh, run: Run) -> None:
    path, text, _ = PLACES[name]
    repo = fresh({"Cargo.toml": at(CARGO, "2.3.4"), foreign(path): foreign(at(text, "2.3.4"))})
    repo.git("tag", "v2.3.4")
    run("bump", "2.4.0", repo=repo, code=0)
    assert repo.read(foreign(path)) == foreign(at(text, "2.3.4"))


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("folder", ["vendor", "tests/data", "third_party/eggs", "examples"])
@part(3)
def test_what_is_vendored_or_shown_stays(folder: str, name: str, fresh: Fresh, run: Run) -> None:
    path, text, _ = PLACES[name]
    repo = fresh({"Cargo.toml": at(CARGO, "2.3.4"), f"{folder}/{path}": at(text, "2.3.4")})
    run("bump", "2.4.0", repo=repo, code=0)
    assert repo.read(f"{folder}/{path}") == at(text, "2.3.4")


def test_the_three_numbers_of_cmake_move_together(fresh: Fresh, run: Run) -> None:
    repo = made(fresh, "2.3.4", **{"cmake/version.cmake": CMAKE_PARTS.format(2, 3, 4)})
    run("bump", "3.0.0", repo=repo, code=0)
    assert repo.read("cmake/version.cmake") == CMAKE_PARTS.format(3, 0, 0)


# ---- what history tells


def released(fresh: Fresh, path: str, text: str, *versions: tuple[str, str]) -> Repo:
    """Make a repository whose crate and whose file were at these versions, release by release."""
    repo: Repo | None = None
    for when, (crate, theirs) in enumerate(versions):
        files = {"Cargo.toml": at(CARGO, crate), path: at(text, theirs)}
        repo = fresh(files) if repo is None else repo.write(files).commit(f"release {crate}", when=1_700_000_000 + when)
        repo.git("tag", f"v{crate}")
    assert repo is not None
    return repo


@pytest.mark.parametrize("name", ["maven_pom", "gradle.properties", "helm_chart", "cmake_project", "r_description", "podspec"])
def test_what_moved_with_the_last_releases_and_stayed_is_left_behind(name: str, fresh: Fresh, run: Run) -> None:
    path, text, _ = PLACES[name]
    repo = released(fresh, path, text, ("2.2.0", "2.2.0"), ("2.3.4", "2.3.4"))
    repo.write({"Cargo.toml": at(CARGO, "2.4.0")}).commit()
    result = run("check", repo=repo, code=1)
    assert f"{path}:" in result.out
    assert "2.4.0" in result.out
    run("check", "--fix", repo=repo)
    assert repo.read(path).count("2.4.0") >= 1


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize("theirs", [("1.0.0", "1.0.1"), ("2.2.0", "7.0.0"), ("0.9.0", "2.3.4"), ("2.3.4", "2.3.4")])
@part(3)
def test_what_has_a_life_of_its_own_is_never_wrong(theirs: tuple[str, str], name: str, fresh: Fresh, run: Run) -> None:
    path, text, _ = PLACES[name]
    repo = released(fresh, path, text, ("2.2.0", theirs[0]), ("2.3.4", theirs[1]))
    repo.write({"Cargo.toml": at(CARGO, "2.4.0")}).commit()
    run("check", repo=repo, code=0)


@pytest.mark.parametrize(
    ("path", "text"), [("rails/lib/spam/rails/version.rb", "VERSION = '@'\n"), ("spring/pom.xml", POM.replace("spam-java", "spam-spring"))]
)
def test_what_connects_ours_with_something_else_may_rest(path: str, text: str, fresh: Fresh, run: Run) -> None:
    text = text.replace("spam-core</artifactId><version>@", "spam-core</artifactId><version>1.0.0")
    repo = released(fresh, path, text, ("2.2.0", "2.2.0"), ("2.3.4", "2.3.4"))
    repo.write({"Cargo.toml": at(CARGO, "2.4.0")}).commit()
    run("check", repo=repo, code=0)


@pytest.mark.parametrize("theirs", ["2.5.0", "2.4.0-SNAPSHOT", "3.0.0"])
def test_what_went_ahead_was_not_left_behind(theirs: str, fresh: Fresh, run: Run) -> None:
    repo = released(fresh, "java/pom.xml", POM, ("2.2.0", "2.2.0"), ("2.3.4", "2.3.4"))
    repo.write({"Cargo.toml": at(CARGO, "2.4.0"), "java/pom.xml": at(POM, theirs)}).commit()
    run("check", repo=repo, code=0)


SNAPSHOTS = {"java/pom.xml": POM.replace("<!-- <project><version>@</version></project> -->\n", ""), "java/gradle.properties": PLACES["gradle.properties"][1]}


def developed(fresh: Fresh, path: str, *said: str) -> Repo:
    """Make a repository at 2.3.4 whose file was in step or not at the releases, and is under way to the next one."""
    text = SNAPSHOTS[path]
    repo = released(fresh, path, text, ("2.2.0", said[0]), ("2.3.4", said[1]))
    return repo.write({path: at(text, "2.4.0-SNAPSHOT")}).commit("next", when=1_700_000_009)


@pytest.mark.parametrize("path", SNAPSHOTS)
@pytest.mark.parametrize("new", ["2.4.0", "2.3.5", "3.0.0"])
@part(3)
def test_a_snapshot_of_the_next_release_is_no_drift_and_becomes_that_release(new: str, path: str, fresh: Fresh, run: Run) -> None:
    repo = developed(fresh, path, "2.2.0", "2.3.4")
    assert "warning" not in run("check", "--fix", repo=repo, code=0).out
    assert repo.read(path) == at(SNAPSHOTS[path], "2.4.0-SNAPSHOT")
    run("bump", new, repo=repo, code=0)
    assert repo.read(path) == at(SNAPSHOTS[path], new)


@pytest.mark.parametrize("path", SNAPSHOTS)
def test_a_pre_release_leaves_a_snapshot(path: str, fresh: Fresh, run: Run) -> None:
    repo = developed(fresh, path, "2.2.0", "2.3.4")
    run("bump", "2.4.0-rc.1", repo=repo, code=0)
    assert repo.read(path) == at(SNAPSHOTS[path], "2.4.0-SNAPSHOT")


@pytest.mark.parametrize("said", [("2.2.0-SNAPSHOT", "2.3.4-SNAPSHOT"), ("1.0.0", "1.1.0")])
@pytest.mark.parametrize("path", SNAPSHOTS)
def test_a_snapshot_of_what_never_said_a_release_stays(path: str, said: tuple[str, str], fresh: Fresh, run: Run) -> None:
    repo = developed(fresh, path, *said)
    run("check", repo=repo, code=0)
    run("bump", "2.4.0", repo=repo, code=0)
    assert repo.read(path) == at(SNAPSHOTS[path], "2.4.0-SNAPSHOT")


def test_a_file_without_a_name_moves_if_it_moved_before(fresh: Fresh, run: Run) -> None:
    path = "net/Directory.Build.props"
    repo = released(fresh, path, PROPS, ("2.2.0", "2.2.0"), ("2.3.4", "2.3.4"))
    assert "in step at v2.2.0" in run("show", "--sites", repo=repo, code=0).out
    run("bump", "2.4.0", repo=repo, code=0)
    assert repo.read(path) == at(PROPS, "2.4.0")


def test_a_file_without_a_name_that_never_moved_stays(fresh: Fresh, run: Run) -> None:
    repo = released(fresh, "net/Directory.Build.props", PROPS, ("2.2.0", "2.3.4"), ("2.3.4", "2.3.4"))
    run("bump", "2.4.0", repo=repo, code=0)
    assert repo.read("net/Directory.Build.props") == at(PROPS, "2.3.4")


def test_what_every_template_starts_with_proves_nothing_where_history_speaks(fresh: Fresh, run: Run) -> None:
    repo = released(fresh, "r/DESCRIPTION", DESCRIPTION, ("0.0.9", "1.0.0"), ("1.0.0", "1.0.0"))
    run("bump", "1.1.0", repo=repo, code=0)
    assert repo.read("r/DESCRIPTION") == at(DESCRIPTION, "1.0.0")


REVISED = DESCRIPTION.replace("@", "@.1")


def test_the_revision_of_an_r_package_stays_where_the_version_moved_before(fresh: Fresh, run: Run) -> None:
    repo = released(fresh, "r/DESCRIPTION", REVISED, ("2.2.0", "2.2.0"), ("2.3.4", "2.3.4"))
    run("bump", "2.4.0", repo=repo, code=0)
    assert repo.read("r/DESCRIPTION") == at(REVISED, "2.4.0")


@pytest.mark.parametrize(("mark", "before"), [("@.9000", "@.9000"), ("@.9000", "@"), ("@.1", "@"), ("@.1", "@.2"), ("@.1", "1.0.0.1")])
def test_a_fourth_number_that_is_no_revision_stays_with_all_before_it(mark: str, before: str, fresh: Fresh, run: Run) -> None:
    then, now = (DESCRIPTION.replace("@", one) for one in (before, mark))
    repo = released(fresh, "r/DESCRIPTION", then, ("2.2.0", "2.2.0"), ("2.3.4", "2.3.4"))
    repo.write({"r/DESCRIPTION": at(now, "2.3.4")}).commit()
    run("bump", "2.4.0", repo=repo, code=0)
    assert repo.read("r/DESCRIPTION") == at(now, "2.3.4")


CHARTS = "apiVersion: v2\nname: spam\nversion: @\nappVersion: @\n"


def test_the_first_version_of_a_chart_is_its_own(fresh: Fresh, run: Run) -> None:
    repo = released(fresh, "chart/Chart.yaml", CHARTS, ("0.1.0", "0.1.0"))
    run("bump", "0.2.0", repo=repo, code=0)
    assert repo.read("chart/Chart.yaml") == "apiVersion: v2\nname: spam\nversion: 0.1.0\nappVersion: 0.2.0\n"


def test_the_version_of_a_chart_moves_where_it_did(fresh: Fresh, run: Run) -> None:
    repo = released(fresh, "chart/Chart.yaml", CHARTS, ("0.9.0", "0.9.0"), ("1.0.0", "1.0.0"))
    run("bump", "1.1.0", repo=repo, code=0)
    assert repo.read("chart/Chart.yaml") == at(CHARTS, "1.1.0")


RECIPES = {
    "conda/meta.yaml": META.replace("spam-@.tar.gz\n", "spam-@.tar.gz\n  sha256: " + 64 * "a" + "\n"),
    "spam.podspec": PODSPEC.replace(" }", f", :sha256 => '{64 * 'a'}' }}"),
    "nix/package.nix": NIX.replace("# keep in step", '\n  src = fetchFromGitHub { rev = "v1"; hash = ""; };'),
}


@pytest.mark.parametrize("path", RECIPES)
def test_a_recipe_that_fixes_a_checksum_is_what_was_released_last(path: str, fresh: Fresh, run: Run) -> None:
    repo = released(fresh, path, RECIPES[path], ("2.2.0", "2.1.0"), ("2.3.4", "2.3.4"))
    run("bump", "2.4.0", repo=repo, code=0)
    assert repo.read(path) == at(RECIPES[path], "2.3.4")


@pytest.mark.parametrize("path", RECIPES)
def test_a_recipe_that_moved_with_the_release_moves_though_it_fixes_a_checksum(path: str, fresh: Fresh, run: Run) -> None:
    repo = released(fresh, path, RECIPES[path], ("2.2.0", "2.2.0"), ("2.3.4", "2.3.4"))
    run("bump", "2.4.0", repo=repo, code=0)
    assert repo.read(path) == at(RECIPES[path], "2.4.0")


def test_what_belongs_to_an_outsider_stays(fresh: Fresh, run: Run) -> None:
    settings = '\n[package.metadata.docs]\n\n[workspace]\nmembers = ["java"]\n'
    outsider = CARGO.replace('"spam"', '"spam-jni"')
    files = {"Cargo.toml": at(CARGO, "2.3.4") + settings, "java/Cargo.toml": at(outsider, "2.3.4"), "java/pom.xml": at(POM, "2.3.4")}
    repo = fresh({**files, "lockstep.toml": 'outside = ["spam-jni"]\n'})
    run("bump", "2.4.0", repo=repo, code=0)
    assert repo.read("java/pom.xml") == at(POM, "2.3.4")


def test_what_follows_a_package_that_drifted_is_not_told_too(fresh: Fresh, run: Run) -> None:
    root = '[workspace]\nmembers = ["a", "b", "c"]\n'
    crates = {f"{one}/Cargo.toml": at(CARGO, "2.3.4").replace('"spam"', f'"spam-{one}"') for one in "abc"}
    repo = fresh({"Cargo.toml": root, **crates, "c/CMakeLists.txt": "project(spam-c VERSION 2.3.4)\n"})
    repo.git("tag", "v2.3.4")
    repo.replace("c/Cargo.toml", "2.3.4", "2.4.0").replace("c/CMakeLists.txt", "2.3.4", "2.4.0").commit()
    out = run("check", repo=repo, code=1).out
    assert "c/Cargo.toml:" in out
    assert "CMakeLists" not in out


# ---- pre-releases


def test_numbers_alone_stay_while_a_pre_release_is_out(fresh: Fresh, run: Run) -> None:
    repo = made(fresh, "2.3.4", **{"cpp/CMakeLists.txt": "project(spam VERSION @)\n", "r/DESCRIPTION": DESCRIPTION, "conda/recipe.yaml": RECIPE})
    run("bump", "3.0.0-rc.1", repo=repo, code=0)
    assert repo.read("cpp/CMakeLists.txt") == "project(spam VERSION 3.0.0)\n"
    assert "Version: 3.0.0\n" in repo.read("r/DESCRIPTION")
    assert 'version: "3.0.0rc1"' in repo.read("conda/recipe.yaml")
    repo.commit()
    run("check", repo=repo, code=0)
    run("bump", "3.0.0", repo=repo, code=0)
    assert repo.read("cpp/CMakeLists.txt") == "project(spam VERSION 3.0.0)\n"


# ---- hostile texts

BOMB = '<!DOCTYPE a [<!ENTITY a "' + "b" * 1000 + '"><!ENTITY c "' + "&a;" * 1000 + '">]><project><version>&c;</version></project>'
HOSTILE = [BOMB, "<" * 200_000, "<!--" * 100_000, "<a>" * 100_000, "project(" * 50_000, "project(a " + "VERSION " * 50_000, "s.source = {" * 20_000]
HOSTILE += ["- pypi: ./\n" * 50_000, " " * 300_000, "version:\n" * 50_000, '  "workspaces": {\n' * 20_000, "set(a_VERSION" * 20_000, "\n" * 300_000]
HOSTILE += ['"a@workspace:' * 20_000, "    version: link:\n" * 30_000, "{% set version = '" * 20_000, "version" * 50_000, "\x00", "\ufeff", "\ud7ff" * 9]
HOSTILE += [
    "project('a'" + "version:" * 20_000,
    "version = '1.2.3" + ".1a" * 90_000,
    "version: 1.2.3" + "-1" * 90_000,
    'pname = "a";\nversion = "1.2.3";\n' * 5_000,
]


@pytest.mark.parametrize("name", formats.RARE)
def test_whatever_a_file_holds_it_is_read_soon(name: str) -> None:
    for text in HOSTILE:
        for pattern in formats.RARE[name].FILES:
            path = f"lib/a/{re.sub('[{].*?[}]', 'package', pattern.rpartition('/')[2]).replace('*', 'a')}"
            start = time.process_time()
            with suppress(LockstepError):
                formats.formats()[name].read(Source(path, text))
            assert time.process_time() - start < 2, (name, text[:30])


@pytest.mark.parametrize(
    ("name", "ours", "alike"),
    [
        ("Spam", "spam", True),
        ("Org.SpamEggs", "spam-eggs", True),
        ("spam_eggs", "spameggs", True),
        ("spam-java", "spam", True),
        ("spam", "pyspam", True),
        ("libspam", "spam", True),
        ("spam", "spam-core", True),
        ("SpamClient", "@org/spam-client", True),
        ("ham", "spam", False),
        ("spam-helm-chart", "spam", True),
        ("core", "spam-core", False),
        ("helm-chart", "spam-helm", False),
        ("java", "spam-java", False),
        ("spring-boot-core", "spam-core", False),
        ("eggs", "spam-eggs", False),
        ("", "spam", False),
        ("spamalot", "spam", False),
        ("ab", "ab", False),
    ],
)
def test_names(name: str, ours: str, alike: bool) -> None:  # noqa: FBT001 - what is expected
    assert is_named_like(name, [ours]) is alike
