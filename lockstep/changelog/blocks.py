"""The blocks of a section: titles, entries, and placeholders, which are no entries: a comment for contributors, a link that compares with the branch."""

from __future__ import annotations

import re

from lockstep.changelog.model import Block, BlockKind, Section
from lockstep.pattern import pattern
from lockstep.versions.release_links import TO_BRANCH

_PLACEHOLDER = pattern(
    r"(?:no(?:thing|ne)?\b|n/a\b|tb[ad]\b|unreleased(?: changes)?\b|empty\b|to be (?:written|done|announced|determined)\b)[^\n]{0,80}"
    r"(?:\n[^\n]{0,80})?",
    re.IGNORECASE,
)
_SAYS_NOTHING = pattern(
    r"\b(?:no|nothing|none)\b.{0,40}\b(?:changes?|yet|so far|here|entries|unreleased|released?)\b|not (?:yet )?(?:been )?written"
    r"|^\W*(?:unreleased|none|nothing|n/a|tb[ad]|empty|no (?:unreleased )?changes)\W*$",
    re.IGNORECASE | re.DOTALL,
)
_LINK_ALONE = pattern(r"[*_]{0,2}!?\[[^\]]*\]\([^()\s]*\)[*_.]{0,2}|<?https?://\S+>?")


def is_placeholder(block: Block) -> bool:
    """Say whether a block belongs to the heading above it, not to what is released."""
    match block.kind:
        case BlockKind.COMMENT:
            return True
        case BlockKind.PARAGRAPH:
            said = block.text.strip("*_()[]- \n")
            placeholder = _PLACEHOLDER.fullmatch(said) is not None and _SAYS_NOTHING.search(said) is not None
            return placeholder or (_LINK_ALONE.fullmatch(block.text.strip()) is not None and TO_BRANCH.search(block.text) is not None)
        case _:
            return False


def leading_placeholders(section: Section) -> tuple[Block, ...]:
    """Give the placeholders at the start of a section."""
    found: list[Block] = []
    for block in section.blocks:
        if not is_placeholder(block):
            break
        found.append(block)
    return tuple(found)


_BOLD = pattern(r"\*\*[^*\n]+\*\*:?|__[^_\n]+__:?")


def is_title(block: Block) -> bool:
    """Say whether a block is the title of what follows: a heading, or a paragraph that is bold from end to end."""
    return block.kind is BlockKind.HEADING or (block.kind is BlockKind.PARAGRAPH and _BOLD.fullmatch(block.text.strip()) is not None)


def entry_blocks(section: Section) -> tuple[Block, ...]:
    """Give the blocks that say something: no titles, no rules, no placeholders."""
    return tuple(
        block
        for block in section.blocks
        if block is not section.dated_below
        and block is not section.pending
        and block.kind is not BlockKind.RULE
        and not is_placeholder(block)
        and not is_title(block)
    )
