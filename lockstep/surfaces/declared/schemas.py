"""A JSON Schema or an OpenAPI document as keys: each with its types, its values, and whether it must be there.

References inside of the document are followed, to each definition once on every path, so that one that refers to itself ends.
Sources: https://json-schema.org/draft/2020-12/json-schema-validation, https://spec.openapis.org/oas/v3.1.0
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

from lockstep.dataclass import dataclass

MOST_STEPS = 50_000
"""Schemas that are looked at in one document, each as often as something refers to it."""
DEEPEST = 12
"""Levels of objects below the root."""
ANY = frozenset({"any"})
_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key: `types` and `values` (as JSON, empty where any value will do) are what may stand there; `closed` is its object's refusal of others.

    `direction` is `in` for what users send, `out` for what they are sent, empty where the configuration decides.
    """

    path: str
    name: str
    types: frozenset[str]
    values: frozenset[str]
    required: bool = False
    closed: bool = False
    direction: str = ""
    above: str = ""
    """The key around it, where its path does not say so."""


def keys(document: Mapping[str, object]) -> tuple[list[Key], bool]:
    """Give the keys of a document in its order, operations of an OpenAPI document among them, and whether these are all."""
    walk, inline = _Walk(document), _Walk(document, follow=False)
    found = list({key.path: key for key in _keys(document, walk, inline)}.values())
    return found, walk.whole and inline.whole


def _keys(document: Mapping[str, object], walk: _Walk, inline: _Walk) -> Iterator[Key]:
    if "openapi" in document or "swagger" in document:
        for path, body in _table(document.get("paths")).items():
            for method, operation in _table(body).items():
                if method in _METHODS:
                    name = f"{method.upper()} {path}"
                    yield Key(path=name, name=method, types=frozenset({"operation"}), values=frozenset(), above=path)
                    yield from _operation(name, _table(operation), _list(_table(body).get("parameters")), inline)
        roots = {**_table(_table(document.get("components")).get("schemas")), **_table(document.get("definitions"))}
        for name, schema in roots.items():
            yield from walk.keys(_table(schema), f"{name}.", (f"{name}",), 0)
    else:
        yield from walk.keys(document, "", (), 0)


def _operation(name: str, operation: Mapping[str, object], shared: list[object], walk: _Walk) -> Iterator[Key]:
    """Give the parameters of an operation, and the keys of what it takes and gives where they are written there; components stand for themselves."""
    for one in (*shared, *_list(operation.get("parameters"))):
        written = _table(one)
        reference = written.get("$ref")
        written = _Walk(walk.document).target(reference) or {} if isinstance(reference, str) else written
        called = written.get("name")
        if not isinstance(called, str):
            continue
        if written.get("in") == "body":  # of OpenAPI 2
            yield from _body(f"{name}.request", _table(written.get("schema")), walk, "in", required=written.get("required") is True)
            continue
        types, values = walk.types(_table(written.get("schema", written)), ())
        yield Key(path=f"{name}.{called}", name=called, types=types, values=values, required=written.get("required") is True, direction="in")
    request = _table(operation.get("requestBody"))
    if request:
        yield from _body(f"{name}.request", _content(request), walk, "in", required=request.get("required") is True)
    for status, response in _table(operation.get("responses")).items():
        yield from _body(f"{name}.{status}", _content(_table(response)), walk, "out", called=status)


def _content(body: Mapping[str, object]) -> Mapping[str, object]:
    """Give the schema of a body: that of its first media type, or of OpenAPI 2."""
    first = next(iter(_table(body.get("content")).values()), None)
    return _table(_table(first).get("schema") if first is not None else body.get("schema"))


def _body(path: str, schema: Mapping[str, object], walk: _Walk, direction: str, *, called: str = "requestBody", required: bool = False) -> Iterator[Key]:
    types, values = walk.types(schema, ())
    yield Key(path=path, name=called, types=types, values=values, required=required, direction=direction)
    yield from (replace(key, direction=direction) for key in walk.keys(schema, f"{path}.", (), 0))


def _table(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


class _Walk:
    """One walk through a document; it ends after MOST_STEPS schemas."""

    def __init__(self, document: Mapping[str, object], *, follow: bool = True) -> None:
        self.document = document
        self._follow = follow
        self._rooted = "openapi" in document or "swagger" in document
        self.left = MOST_STEPS
        self.whole = True
        """Whether the walk ended by itself, at neither limit."""

    def keys(self, schema: Mapping[str, object], prefix: str, seen: tuple[str, ...], depth: int) -> Iterator[Key]:
        """Give the keys of an object, and of the objects in it."""
        if depth > DEEPEST:
            self._stop(seen)
            return
        for part, above in self.parts(schema, seen):
            required = {name for name in _list(part.get("required")) if isinstance(name, str)}
            closed = part.get("additionalProperties") is False
            for name, body in _table(part.get("properties")).items():
                types, values = self.types(_table(body), above)
                yield Key(path=f"{prefix}{name}", name=name, types=types, values=values, required=name in required, closed=closed)
                yield from self.keys(_table(body), f"{prefix}{name}.", above, depth + 1)
            if isinstance(part.get("items"), dict):
                yield from self.keys(_table(part["items"]), f"{prefix.removesuffix('.')}[].", above, depth + 1)
            if isinstance(part.get("additionalProperties"), dict):
                yield from self.keys(_table(part["additionalProperties"]), f"{prefix}*.", above, depth + 1)

    def parts(self, schema: Mapping[str, object], seen: tuple[str, ...]) -> Iterator[tuple[Mapping[str, object], tuple[str, ...]]]:
        """Give a schema and those that it is put together from, with the references that led there."""
        self.left -= 1
        if self.left <= 0:
            self.whole = False
            return
        yield schema, seen
        reference = schema.get("$ref")
        if self._follow and isinstance(reference, str) and reference not in seen and (target := self.target(reference)) is not None:
            if len(seen) < DEEPEST:
                yield from self.parts(target, (*seen, reference))
            else:
                self._stop(seen)
        for word in ("allOf", "anyOf", "oneOf"):
            for one in _list(schema.get(word)):
                if len(seen) < DEEPEST:
                    yield from self.parts(_table(one), seen)
                else:
                    self._stop(seen)

    def _stop(self, seen: tuple[str, ...]) -> None:
        """Tell that it goes deeper than is read; what a component refers to is a component, which is read for itself."""
        self.whole = self.whole and len(seen) > 1 and self._rooted

    def target(self, reference: str) -> Mapping[str, object] | None:
        """Follow a reference inside of the document."""
        if not reference.startswith("#"):
            return None
        value: object = self.document
        for part in reference[1:].split("/")[1:]:
            value = _table(value).get(part.replace("~1", "/").replace("~0", "~"))
        return value if isinstance(value, dict) else None

    def types(self, schema: Mapping[str, object], seen: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
        """Give the types and the values that a schema takes."""
        types: set[str] = set()
        values: set[str] = set()
        for part, _ in self.parts(schema, seen):
            said = part.get("type")
            types |= {said} if isinstance(said, str) else {one for one in _list(said) if isinstance(one, str)}
            written = _list(part.get("enum")) + ([part["const"]] if "const" in part else [])
            values |= {json.dumps(one, sort_keys=True) for one in written}
        if schema.get("nullable") is True and types:  # of OpenAPI 3.0
            types.add("null")
        if not types and any(part.get("properties") for part, _ in self.parts(schema, seen)):
            types.add("object")
        return frozenset(types) or ANY, frozenset(values)
