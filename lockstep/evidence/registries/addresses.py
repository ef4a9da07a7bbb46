"""Where the registries are: as the project's configuration says, else as Cargo, pip and npm are set up for this user, else the public ones.

The files of the repository that Cargo, pip and npm read (.cargo/config.toml, pip.conf, .npmrc) are not looked at: whoever sends a pull request would
choose where a token goes. A token is taken from the user's settings alone, and is sent to the host that it stands there for.

Sources: https://doc.rust-lang.org/cargo/reference/config.html, https://doc.rust-lang.org/cargo/reference/source-replacement.html,
https://pip.pypa.io/en/stable/topics/configuration/, https://docs.npmjs.com/cli/configuring-npm/npmrc
"""

from __future__ import annotations

import base64
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from configparser import ConfigParser
from configparser import Error as ConfigParserError
from urllib.parse import unquote, urlsplit

from lockstep.config import RegistriesConfig
from lockstep.dataclass import dataclass, field
from lockstep.errors import UsageError
from lockstep.evidence.http import Server, is_safe, origin
from lockstep.release.candidate import Registry

LARGEST = 2**20
"""Bytes of a file of settings that are read."""
CRATES_IO = "https://index.crates.io"
DOCS_RS = "https://docs.rs"
NPM = "https://registry.npmjs.org"
PYPI = {"https://pypi.org/simple": "PyPI", "https://test.pypi.org/simple": "TestPyPI"}
_FILES = {"https://pypi.org/simple": "files.pythonhosted.org", "https://test.pypi.org/simple": "test-files.pythonhosted.org"}
_PRINTABLE = r"[\x20-\x7e]+"
_HINT = "https, a host, perhaps a path: docs/release.md lists what is read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a registry is asked. `server` is what installers read: the sparse index, the Simple API, npm's registry.

    `api` is PyPI's JSON API, `integrity` its Integrity API; `docs` is docs.rs, where crates are crates.io's own. `mirror` is the setting that names a
    mirror to be asked in the registry's place, `fault` why it cannot be asked. `scopes` are the registries of npm's scopes. With `index_alone` an index
    of crates is taken at its word, whatever API there is. `owner` is what crates.io itself is
    sent where it shows something to owners alone.
    """

    server: Server
    api: Server | None = None
    integrity: Server | None = None
    docs: Server | None = None
    mirror: str = ""
    fault: str = ""
    index_alone: bool = False
    scopes: Mapping[str, Address] = field(default_factory=dict)
    owner: str = field(default="", repr=False)

    def of_package(self, name: str) -> Address:
        """Give where a package of npm is: its scope may have a registry of its own."""
        return self.scopes.get(name.partition("/")[0], self) if name.startswith("@") else self


Addresses = Mapping[Registry, Address]


def addresses(config: RegistriesConfig, environment: Mapping[str, str], home: str) -> Addresses:
    """Say where crates.io, PyPI and npm are; `home` is the user's folder.

    Raises: UsageError for an address that a token must not be sent to.
    """
    return {
        Registry.CRATES_IO: _crates_io(config, environment, home),
        Registry.PYPI: _pypi(config, environment, home),
        Registry.NPM: _npm(config.npm, environment, home),
    }


# ---- Cargo


def _crates_io(config: RegistriesConfig, environment: Mapping[str, str], home: str) -> Address:
    folder = environment.get("CARGO_HOME") or os.path.join(home, ".cargo")
    settings, credentials = ({**_toml(os.path.join(folder, name)), **_toml(os.path.join(folder, f"{name}.toml"))} for name in ("config", "credentials"))
    source, mirror, token = config.crates_io, "", ""
    if not source and (replacement := _text(_table(settings, "source", "crates-io"), "replace-with")):
        source, mirror = _text(_table(settings, "source", replacement), "registry") or replacement, "replace-with of Cargo's settings"
    if source and "://" not in source:
        source, token = _named_registry(source, settings, credentials, environment)
    url = (source or CRATES_IO).removeprefix("sparse+").rstrip("/")
    if source.startswith("git+") or (source and not source.startswith("sparse+") and "://" in source and mirror):
        return Address(server=Server(name=_host(url), url=url), mirror=mirror, fault="it is an index in git, and only a sparse one is asked")
    name = "crates.io" if url == CRATES_IO else _host(url)
    docs = Server(name="docs.rs", url=DOCS_RS) if url == CRATES_IO else None
    trouble = "status.crates.io tells of trouble" * (url == CRATES_IO)
    server = _server(name, url, mirror or "registries.crates-io", token, trouble)
    owner = (environment.get("CARGO_REGISTRY_TOKEN") or _text(_table(credentials, "registry"), "token")).strip() if url == CRATES_IO else ""
    if owner and not re.fullmatch(_PRINTABLE, owner):
        raise UsageError("the token for crates.io holds characters that no token has", help="set it anew; it is not printed here")
    return Address(server=server, mirror=mirror, index_alone=not config.crates_io_api, docs=docs, owner=owner)


def _named_registry(name: str, settings: Mapping[str, object], credentials: Mapping[str, object], environment: Mapping[str, str]) -> tuple[str, str]:
    """Give index and token of a registry that Cargo's settings name.

    Raises: UsageError when they do not.
    """
    variable = f"CARGO_REGISTRIES_{name.upper().replace('-', '_')}"
    index = environment.get(f"{variable}_INDEX") or _text(_table(settings, "registries", name), "index")
    if not index:
        raise UsageError(f"Cargo's settings of this user name no registry {name!r}", help=f"set {variable}_INDEX, or give the address of its sparse index")
    token = environment.get(f"{variable}_TOKEN") or _text(_table(credentials, "registries", name), "token")
    return index, token or _text(_table(settings, "registries", name), "token")


def _toml(path: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(_read(path))
    except (ValueError, RecursionError):
        raise UsageError(f"{path} is no TOML", help="Cargo cannot read it either") from None


def _table(table: Mapping[str, object], *keys: str) -> Mapping[str, object]:
    for key in keys:
        inner = table.get(key)
        table = inner if isinstance(inner, dict) else {}
    return table


def _text(table: Mapping[str, object], key: str) -> str:
    value = table.get(key)
    return value if isinstance(value, str) else ""


# ---- pip


def _pypi(config: RegistriesConfig, environment: Mapping[str, str], home: str) -> Address:
    setting = "registries.pypi" if config.pypi else "PIP_INDEX_URL" if environment.get("PIP_INDEX_URL") else "index-url of pip's settings"
    said = config.pypi or environment.get("PIP_INDEX_URL") or next(_pip_indexes(environment, home), "") or next(iter(PYPI))
    url, token = _without_password(said.strip().rstrip("/"))
    known = PYPI.get(url)
    server = _server(known or _host(url), url, setting, token, "status.python.org tells of trouble" * (known is not None))
    if known is None:
        api = _server(server.name, config.pypi_api.rstrip("/"), "registries.pypi-api") if config.pypi_api else None
        beside = config.pypi_api.rstrip("/").removesuffix("/pypi")
        integrity = _server(server.name, f"{beside}/integrity", "registries.pypi-api") if config.pypi_api.rstrip("/").endswith("/pypi") else None
        return Address(server=server, api=api, integrity=integrity, mirror="" if config.pypi else setting)
    base = url.removesuffix("/simple")
    server = Server(name=known, url=url, follow=frozenset({f"https://{_FILES[url]}:443"}), trouble=server.trouble)
    parts = (Server(name=known, url=f"{base}/{part}", follow=frozenset({server.origin}), trouble=server.trouble) for part in ("pypi", "integrity"))
    return Address(server=server, api=next(parts), integrity=next(parts), mirror="" if config.pypi or known == "PyPI" else setting)


def _pip_indexes(environment: Mapping[str, str], home: str) -> Iterator[str]:
    """Give the index of pip's files of settings, the strongest first: those that `PIP_CONFIG_FILE` names, the user's, the machine's."""
    if environment.get("PIP_CONFIG_FILE") == os.devnull:
        return
    config = environment.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    user = (
        os.path.join(environment.get("APPDATA") or home, "pip", "pip.ini"),
        os.path.join(home, "Library", "Application Support", "pip", "pip.conf"),
        os.path.join(config, "pip", "pip.conf"),
        os.path.join(home, ".pip", "pip.conf"),
        os.path.join(home, "pip", "pip.ini"),
    )
    for path in (environment.get("PIP_CONFIG_FILE", ""), *user, "/etc/xdg/pip/pip.conf", "/etc/pip.conf"):
        parser = ConfigParser(interpolation=None)
        try:
            parser.read_string(_read(path))
        except ConfigParserError:
            raise UsageError(f"{path} is no file of settings", help="pip cannot read it either") from None
        for section in ("download", "install", "global"):
            if (found := parser.get(section, "index-url", fallback="")) or (found := parser.get(section, "index_url", fallback="")):
                yield found


def _without_password(url: str) -> tuple[str, str]:
    """Take name and password out of an address, as an `Authorization`."""
    try:
        parts = urlsplit(url)
        if parts.username is None:
            return url, ""
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        return "", ""
    said = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return parts._replace(netloc=f"{parts.hostname}{port}").geturl(), f"Basic {base64.b64encode(said.encode()).decode('ascii')}"


# ---- npm


def _npm(named: str, environment: Mapping[str, str], home: str) -> Address:
    lower = {name.lower(): value for name, value in environment.items() if name.lower().startswith("npm_config_")}
    path = lower.get("npm_config_userconfig") or os.path.join(home, ".npmrc")
    settings = dict(_npmrc(_read(path), environment))
    said = named or lower.get("npm_config_registry") or settings.get("registry") or NPM
    mirror = "" if named or said.rstrip("/") == NPM else "npm_config_registry" if lower.get("npm_config_registry") else f"registry in {path}"
    own = _npm_address(said, mirror or "registries.npm", settings)
    scopes = {
        key.removesuffix(":registry"): _npm_address(value, f"{key} in {path}", settings)
        for key, value in settings.items()
        if key.startswith("@") and key.endswith(":registry")
    }
    return Address(server=own.server, mirror=mirror, scopes={} if named else scopes)


def _npm_address(said: str, setting: str, settings: Mapping[str, str]) -> Address:
    url = said.strip().rstrip("/")
    public = url == NPM
    return Address(server=_server("npm" if public else _host(url), url, setting, _npm_token(url, settings), "status.npmjs.org tells of trouble" * public))


def _npm_token(url: str, settings: Mapping[str, str]) -> str:
    """Give what npm sends to a registry: the setting whose address is the nearest above it counts, `//host/path/:_authToken`."""
    rest = f"//{url.partition('://')[2]}/"
    while len(rest) > 2:
        if token := settings.get(f"{rest}:_authToken"):
            return f"Bearer {token}"
        if basic := settings.get(f"{rest}:_auth"):
            return f"Basic {basic}"
        if (name := settings.get(f"{rest}:username")) and (word := settings.get(f"{rest}:_password")):
            try:
                said = f"{name}:{base64.b64decode(word, validate=True).decode()}"
            except ValueError:
                return ""
            return f"Basic {base64.b64encode(said.encode()).decode('ascii')}"
        rest = rest.rstrip("/").rpartition("/")[0] + "/"
    return ""


def _npmrc(text: str, environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Read an .npmrc: `key = value`, `;` and `#` before a comment, `${NAME}` for the environment."""
    for line in text.splitlines():
        key, equals, value = line.strip().partition("=")
        if equals and not key.startswith((";", "#")):
            value = value.strip().strip("\"'")
            yield key.strip(), re.sub(r"\$\{([^}]+)\}", lambda found: environment.get(found[1].removesuffix("?"), ""), value)


# ---- all


def _read(path: str) -> str:
    """Read a file of the user's settings; "" where there is none.

    Raises: UsageError when it cannot be read.
    """
    if not path:
        return ""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read(LARGEST)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return ""
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{path} cannot be read", help="it says where a registry is") from None


def _server(name: str, url: str, setting: str, authorization: str = "", trouble: str = "") -> Server:
    """Make a server of an address.

    Raises: UsageError for one that a token must not be sent to; the address may hold a password, and is not printed.
    """
    if not is_safe(url):
        raise UsageError(f"{setting} is no address that can be asked", help=_HINT)
    if authorization and not re.fullmatch(_PRINTABLE, authorization):
        raise UsageError(f"the token for {name} holds characters that no token has", help="set it anew; it is not printed here")
    return Server(name=name, url=url, authorization=authorization, follow=frozenset({origin(url)}), trouble=trouble)


def _host(url: str) -> str:
    return urlsplit(url).hostname or "the registry" if origin(url) else "the registry"
