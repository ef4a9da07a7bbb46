from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lockstep.surfaces.rust_source.tokens import DEEPEST, Group, Token, Tree, lex, literal, names, split, trees, unquote, write


def texts(parts: tuple[Tree, ...]) -> list[str]:
    found = []
    for part in parts:
        match part:
            case Token(text=text):
                found.append(text)
            case Group(opening=opening, trees=inner, closing=closing):
                found += [opening, *texts(inner), closing]
    return found


def test_a_text_is_cut_where_rust_cuts_it() -> None:
    found = [one.text for one in lex('r#type \'a \'b\' b\'\\n\' "x\\"y" r#"a"b"# c"z" 1_000u32 1.5 1..2 0x1F 1e-3 a::<b>::c => -> ..= \'static')]
    assert found == [
        "r#type", "'a", "'b'", "b'\\n'", '"x\\"y"', 'r#"a"b"#', 'c"z"', "1_000u32", "1.5", "1", "..", "2", "0x1F", "1e-3",
        "a", "::", "<", "b", ">", "::", "c", "=>", "->", "..=", "'static",
    ]  # fmt: skip


def test_comments_are_no_tokens_and_nest() -> None:
    assert [one.text for one in lex("a /* b /* c */ d */ e // f\ng")] == ["a", "e", "g"]


def test_a_separator_inside_of_brackets_or_generics_separates_nothing() -> None:
    assert [write(one) for one in split(trees("a: HashMap<K, V>, b(c, d), e = f::<G, H>(1, 2), x < y, z > w,"))] == [
        "a: HashMap<K, V>",
        "b(c, d)",
        "e = f::<G, H>(1, 2)",
        "x < y",
        "z > w",
    ]


def test_the_value_of_a_literal() -> None:
    assert unquote('"a\\n\\u{e9}\\x41\\"\\\n   b"') == "a\né" + 'A"b'
    assert unquote('r##"a"#b"##') == 'a"#b'
    assert literal(trees('c"name"')) == "name"
    assert literal(trees("name")) is None


def test_brackets_that_nest_too_deeply_leave_what_no_rust_has() -> None:
    assert "\ufffd" in write(trees("(" * (DEEPEST + 5) + ")" * (DEEPEST + 5)))
    assert "\ufffd" not in write(trees("(" * DEEPEST + ")" * DEEPEST))


def test_names_are_found_at_every_depth() -> None:
    assert list(names(trees("a(b[c], {r#type})"))) == ["a", "b", "c", "type"]


pieces = st.sampled_from(["a", "r#fn", "'x", '"s"', "1.0", "::", "<", ">", "=>", "(", ")", "[", "]", "{", "}", ",", ";", "#", "$", "/* c */", "&&", " "])


@given(st.lists(pieces, max_size=60).map(" ".join))
def test_what_is_written_lexes_to_the_same_trees(text: str) -> None:
    assert texts(trees(write(trees(text)))) == texts(trees(text))


@given(st.text(max_size=200))
def test_any_text_has_trees(text: str) -> None:
    trees(text)
