"""YAML in which every value knows its line, and nothing but values is obeyed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from interceptor import documents
from interceptor.documents import MAX_DEPTH, Mapping, Node, Scalar, Sequence, is_null
from interceptor.errors import ConfigError, FaultyFileError, Mistake

SECRET = "lantern"


def parse(text: str | bytes) -> Node:
    data = text if isinstance(text, bytes) else text.encode()
    return documents.parse(data, "x.yaml", max_bytes=100_000, error=ConfigError)


def mistake(text: str | bytes) -> Mistake:
    with pytest.raises(ConfigError) as caught:
        parse(text)
    (only,) = caught.value.mistakes
    assert SECRET not in f"{caught.value!r} {caught.value}"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return only


def test_values_know_their_lines() -> None:
    node = parse("# a comment\na: one\nb:\n  - x\n  - {c: 'y'}\n\nd: |\n  text\n  more\n")
    assert isinstance(node, Mapping)
    assert node.items["a"] == (2, Scalar(2, "one", False))
    assert node.items["b"] == (
        3,
        Sequence(4, (Scalar(4, "x", False), Mapping(5, {"c": (5, Scalar(5, "y", True))}))),
    )
    assert node.items["d"] == (7, Scalar(7, "text\nmore\n", True))


def test_text_stays_text() -> None:
    node = parse("[no, 1984, 2026-11-22, 0x10, 1e3, .inf, '', ~, null]")
    assert isinstance(node, Sequence)
    texts = [item.text for item in node.items if isinstance(item, Scalar)]
    assert texts == ["no", "1984", "2026-11-22", "0x10", "1e3", ".inf", "", "~", "null"]
    assert [is_null(item) for item in node.items] == [False] * 7 + [True, True]


@pytest.mark.parametrize("text", ["", "\n# nothing\n", "---\n", "~", "null\n", "\ufeff"])
def test_an_empty_document_is_an_empty_mapping(text: str) -> None:
    assert parse(text) == Mapping(1, {})


def test_a_byte_order_mark_and_crlf_are_read() -> None:
    assert parse("\ufeffa: b\r\nc: d\r\n") == Mapping(
        1, {"a": (1, Scalar(1, "b", False)), "c": (2, Scalar(2, "d", False))}
    )


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        (f"a: 1\nb: [{SECRET}\n", 3, "is not YAML"),
        (f"a: 1\n\tb: {SECRET}\n", 2, "is not YAML"),
        (f"a: '{SECRET}\n", 2, "is not YAML"),
        (f"a: {SECRET}: b\n", 1, "is not YAML"),
        (f"a: @{SECRET}", 1, "is not YAML"),
        (f"a: &{SECRET} b\n", 1, "uses an anchor"),
        (f"a: 1\nb: *{SECRET}\n", 2, "uses an alias"),
        (f"a: !{SECRET} b\n", 1, "uses a tag"),
        ("a: !!python/object/apply:os.system [id]\n", 1, "uses a tag"),
        ("a: !!str b", 1, "uses a tag"),
        (f"{SECRET}: 1\nb: 2\n{SECRET}: 3\n", 3, "repeats a key that stands in line 1"),
        (f"a: 1\n---\n{SECRET}: 2\n", 2, "holds a second document"),
        (f"? [{SECRET}]\n: b\n", 1, "uses a list or mapping as a key"),
        (f"{{{{{SECRET}: 1}}: 2}}", 1, "uses a list or mapping as a key"),
        (b"a: 1\nb: lantern\xff\n", 2, "is not UTF-8"),
        ("a: lantern".encode("utf-16"), 1, "is not UTF-8"),
        (b"a: 1\nb: lantern\x07\n", 2, "holds a character that YAML forbids"),
        ("\n" * 3 + "[" * (MAX_DEPTH + 1), 4, f"nests deeper than {MAX_DEPTH} levels"),
        (
            "".join(f"{' ' * i}a:\n" for i in range(200)),
            MAX_DEPTH + 1,
            f"nests deeper than {MAX_DEPTH} levels",
        ),
    ],
)
def test_mistakes_name_line_and_remedy_and_nothing_of_the_text(
    text: str | bytes, line: int, what: str
) -> None:
    found = mistake(text)
    assert (found.file, found.line) == ("x.yaml", line)
    assert what in found.what
    assert found.remedy.endswith(".")


def test_the_deepest_nesting_allowed_is_read() -> None:
    parse("[" * MAX_DEPTH + "]" * MAX_DEPTH)


def test_size_is_bounded_before_anything_is_parsed(tmp_path: Path) -> None:
    with pytest.raises(FaultyFileError, match="is larger than 4 bytes"):
        documents.parse(b"a: 12", "x", max_bytes=4)
    path = tmp_path / "x.yaml"
    path.write_text("a: 12")
    assert documents.read(path, max_bytes=5) == Mapping(1, {"a": (1, Scalar(1, "12", False))})
    with pytest.raises(FaultyFileError, match=r"x\.yaml: is larger than 4 bytes"):
        documents.read(path, max_bytes=4)


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"missing\.yaml: cannot be read \(No such file or directory\)"):
        documents.read(tmp_path / "missing.yaml", max_bytes=1, error=ConfigError)
    with pytest.raises(FaultyFileError, match=r"^the file: cannot be read \(Is a directory\)"):
        documents.read(tmp_path, max_bytes=1, name="the file")


yaml_like = st.text(st.sampled_from("ab :-?[]{},&*!|>'\"%@#\n\t\\~0é\u2028\ufeff"), max_size=30)


@given(st.one_of(st.binary(max_size=60), yaml_like.map(str.encode)))
@example(b'"\\ud800"')
@example(b"%YAML 9.9\n---\na")
def test_any_bytes_are_parsed_or_refused(data: bytes) -> None:
    try:
        node = documents.parse(data, "x", max_bytes=1_000)
    except FaultyFileError as error:
        assert all(mistake.remedy for mistake in error.mistakes)
    else:
        assert isinstance(node, Scalar | Sequence | Mapping)
