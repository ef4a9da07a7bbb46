"""The platform packages of a napi-rs project: npm packages that its own tool writes when it is released, one for each target, beside the one that needs them.

Source: https://napi.rs/docs/cli/napi-config, https://napi.rs/docs/deep-dive/release
"""

from __future__ import annotations

from collections.abc import Mapping

SUFFIXES: Mapping[str, str] = {
    "aarch64-apple-darwin": "darwin-arm64",
    "x86_64-apple-darwin": "darwin-x64",
    "universal-apple-darwin": "darwin-universal",
    "x86_64-pc-windows-msvc": "win32-x64-msvc",
    "i686-pc-windows-msvc": "win32-ia32-msvc",
    "aarch64-pc-windows-msvc": "win32-arm64-msvc",
    "x86_64-unknown-linux-gnu": "linux-x64-gnu",
    "aarch64-unknown-linux-gnu": "linux-arm64-gnu",
    "x86_64-unknown-linux-musl": "linux-x64-musl",
    "aarch64-unknown-linux-musl": "linux-arm64-musl",
    "armv7-unknown-linux-gnueabihf": "linux-arm-gnueabihf",
    "armv7-unknown-linux-musleabihf": "linux-arm-musleabihf",
    "riscv64gc-unknown-linux-gnu": "linux-riscv64-gnu",
    "riscv64gc-unknown-linux-musl": "linux-riscv64-musl",
    "powerpc64le-unknown-linux-gnu": "linux-ppc64-gnu",
    "s390x-unknown-linux-gnu": "linux-s390x-gnu",
    "aarch64-linux-android": "android-arm64",
    "arm-linux-androideabi": "android-arm-eabi",
    "armv7-linux-androideabi": "android-arm-eabi",
    "aarch64-unknown-linux-ohos": "openharmony-arm64",
    "x86_64-unknown-freebsd": "freebsd-x64",
    "wasm32-wasip1-threads": "wasm32-wasi",
}
"""How a package is called by its target."""
_DEFAULTS = ("x86_64-pc-windows-msvc", "x86_64-apple-darwin", "x86_64-unknown-linux-gnu")


def targets(manifest: Mapping[str, object]) -> tuple[str, ...]:
    """Give the targets that a package.json names, in the words of napi-rs 3 or 2; none where it is no such project."""
    table = manifest.get("napi")
    if not isinstance(table, dict):
        return ()
    named = table.get("targets")
    triples = table.get("triples")
    if isinstance(named, list):
        return tuple(one for one in named if isinstance(one, str))
    if isinstance(triples, dict):
        more = triples.get("additional")
        return (*(() if triples.get("defaults") is False else _DEFAULTS), *(one for one in (more if isinstance(more, list) else ()) if isinstance(one, str)))
    return ()


def platform_packages(manifest: Mapping[str, object]) -> dict[str, str]:
    """Give the names of the platform packages, each with its target; a target that is not known here has none."""
    table = manifest.get("napi")
    own = manifest.get("name")
    if not isinstance(table, dict) or not isinstance(own, str):
        return {}
    older = table.get("package")
    said = table.get("packageName") or (older.get("name") if isinstance(older, dict) else None)
    name = said if isinstance(said, str) else own
    return {f"{name}-{SUFFIXES[one]}": one for one in targets(manifest) if one in SUFFIXES}
