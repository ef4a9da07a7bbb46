"""The lock that cargo would write as far as no resolver is needed: entries of path packages, references and order put right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from lockstep.locks.cargo_resolve import Resolve
from lockstep.locks.crates import DEV, Crate
from lockstep.text import cargo_lock
from lockstep.text.cargo_lock import Entry, Speller, Written


def rewritten(resolve: Resolve, settled: Speller | None, removed: set[int]) -> str | None:
    """Give the text with our own entries, references and order put right; None when it is right, or cannot be.

    `settled` spells the references of a lock that is laid out as cargo does; `removed` are entries of registries that nobody uses, by their ids.
    """
    if not resolve.lock.exact or resolve.broken:
        return None
    return _Rewrite(resolve, settled, removed).text()


class _Rewrite:
    """One lock, written again."""

    def __init__(self, resolve: Resolve, settled: Speller | None, removed: set[int]) -> None:
        self.resolve, self.lock, self.settled, self.removed = resolve, resolve.lock, settled, removed

    def text(self) -> str | None:
        """Give the text of the lock; None where it says so already."""
        ours = {**self.resolve.entry_of, **dict.fromkeys(self.resolve.addable())}
        written = [self._written(folder, entry, ours) for folder, entry in ours.items()]
        removed = self.removed | (set() if self.resolve.incomplete else {id(entry) for entry in self.resolve.unclaimed})
        known = {(one.name, one.version) for one in self.lock.unused}
        expected = self.resolve.unused_patches()
        if expected is not None:
            expected = [one for one in expected if (one.name, one.version) in known or not self.resolve.may_be_used(one.name)]
        unused = self.lock.unused if expected is None else _merged(self.lock.unused, expected)
        others = [entry for entry in self.lock.entries if id(entry) not in self.resolve.folder_of and id(entry) not in removed]
        kept: list[Entry] = []
        if self.settled is not None:
            if not removed and list(unused) == list(self.lock.unused) and self._is_written(self.settled, ours, written):
                return None
            kept = self._unchanged(self.settled, others, written)
            stay = set(map(id, kept))
            others = [entry for entry in others if id(entry) not in stay]
        referenced = self.resolve.referenced
        for entry in others:
            named = {text: one for text in entry.references if (one := referenced.get(text)) is not None and id(one) not in removed}
            replace = self._key(found) if entry.replace is not None and (found := referenced.get(entry.replace)) is not None else None
            # What names nothing stays: a resolver must give it, and would not be asked for what nobody sees.
            lost = tuple(text for text in entry.references if text not in named) if entry.source is not None else ()
            written.append(Written(entry.name, entry.version, entry.source, entry.checksum, tuple(map(self._key, named.values())), replace, lost))
        text = cargo_lock.write(self.lock, written, unused, kept)
        return None if text == self.lock.text or text.splitlines() == self.lock.text.splitlines() else text

    def _is_written(self, speller: Speller, ours: Mapping[str, Entry | None], written: Sequence[Written]) -> bool:
        """Say whether a settled lock already says of our packages what it should, so that nothing in it has to be written."""
        text, end = self.lock.text, cargo_lock.line_end(self.lock.text)
        return text[: self.lock.entries[0].start] == cargo_lock.header(self.lock, end) and all(
            entry is not None and text[entry.start : entry.end].rstrip("\r\n") == cargo_lock.block(one, speller, end).rstrip("\r\n")
            for entry, one in zip(ours.values(), written, strict=True)
        )

    def _unchanged(self, before: Speller, others: Sequence[Entry], ours: Sequence[Written]) -> list[Entry]:
        """Give the entries of a settled lock whose text stays when ours become these: they refer to nothing that is now spelled another way."""
        after = Counter([(one.name, one.version) for one in others])
        after.update([(one.name, one.version) for one in ours])
        moved = {name for (name, _), _ in before.entries.items() ^ after.items()}
        respelled = {one for one in self.lock.references if one.partition(" ")[0] in moved} if moved else set()
        return [entry for entry in others if respelled.isdisjoint(entry.references)] if respelled else list(others)

    def _key(self, entry: Entry) -> tuple[str, str, str | None]:
        folder = self.resolve.folder_of.get(id(entry))
        if folder is not None and (crate := self.resolve.crate(folder)).readable:
            return (crate.name, crate.version, None)
        return (entry.name, entry.version, entry.origin)

    def _written(self, folder: str, entry: Entry | None, ours: Mapping[str, Entry | None]) -> Written:
        crate = self.resolve.crate(folder)
        if entry is not None and not crate.readable:
            return Written(entry.name, entry.version, None, entry.checksum, tuple(map(self._key, self.resolve.listed_by(entry))))
        dependencies = [one for one in self.resolve.dependencies_of(folder) if self.resolve.target(one) in ours]
        targets = [self.resolve.crate(target) for one in dependencies if (target := self.resolve.target(one)) is not None]
        keys: list[tuple[str, str, str | None]] = [(target.name, target.version, None) for target in targets]
        for one in self.resolve.listed_by(entry) if entry is not None else ():
            unknown = one.source is None and (id(one) not in self.resolve.folder_of and self.resolve.incomplete)
            if one.source is not None or unknown or (folder in self.resolve.features_unknown and self._may_list(crate, one)):
                keys.append(self._key(one))
        return Written(crate.name, crate.version, None, None, tuple(dict.fromkeys(keys)))

    def _may_list(self, crate: Crate, entry: Entry) -> bool:
        return any(self.resolve.meets(one, entry) for one in crate.dependencies if one.kind != DEV)


def _merged(have: Sequence[Entry], want: Sequence[Entry]) -> list[Entry]:
    """Keep what is wanted in its order, then add what is new."""
    wanted = {(entry.name, entry.version) for entry in want}
    kept = [entry for entry in have if entry.source is not None or (entry.name, entry.version) in wanted]
    there = {(entry.name, entry.version) for entry in kept}
    return [*kept, *(entry for entry in want if (entry.name, entry.version) not in there)]
