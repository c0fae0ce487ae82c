import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interceptor.errors import TermListError
from interceptor.termlists import checks
from interceptor.termlists.model import MatchMode, Outcome, Sharing, Status
from interceptor.termlists.reading import read_list, read_lists, shipped_lists
from interceptor.vocabulary import Category, Review

HERE = Path(__file__).parent
GOOD = sorted((HERE / "good").iterdir())
BAD = sorted((HERE / "bad").iterdir())
SECRET = ("purple", "garden", "lantern", "violet")
"""The stand-in words of the bad files: no message may hold one."""


def fault(*paths: Path, max_bytes: int = 1_000_000) -> TermListError:
    with pytest.raises(TermListError) as caught:
        read_lists(paths, max_bytes=max_bytes)
    return caught.value


def write(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_good_files_are_read(path: Path) -> None:
    (term_list,) = read_lists([path])
    assert term_list.entries


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_files_are_refused_with_line_and_remedy(path: Path) -> None:
    first = path.read_bytes().partition(b"\n")[0].decode()
    expected, line, what = first.split(": ", 2)
    assert expected == "# expect"

    error = fault(path)

    (mistake,) = error.mistakes
    assert mistake.file == str(path)
    assert mistake.line == int(line)
    assert what in f"{mistake.what}. {mistake.remedy}"
    assert mistake.remedy.endswith((".", "?"))
    said = f"{error!r} {error} {error.args}".replace(str(path), "")
    assert not [word for word in SECRET if word in said]
    assert error.__cause__ is None


def test_every_key_is_read() -> None:
    term_list = read_list(HERE / "good" / "every-key.yaml")
    assert (term_list.id, term_list.version, term_list.expires) == (
        "every-key",
        "2026.11",
        date(2026, 12, 31),
    )
    assert (term_list.sharing, term_list.review) == (Sharing.AMBER_STRICT, Review.NATIVE)
    assert term_list.groups["more-colours"].words == ("violet",)

    entry, *others = term_list.entries
    assert entry.terms == ("purple garden lantern", "lantern: purple")
    assert (entry.all_of, entry.within) == (("colours", "lanterns"), 4)
    assert [unless.then for unless in entry.unless] == [
        Outcome.PASS,
        Outcome.HELP_SEEKING,
        Outcome.AMBIGUOUS,
        Outcome.INFORMATIONAL,
    ]
    assert entry.unless[3].groups == ("gardening",)
    assert (entry.category, entry.language) == (Category.AMBIGUOUS, "pt-BR")
    assert (entry.status, entry.review) == (Status.TESTING, Review.PROGRAMME)
    assert (entry.samples.match, entry.samples.pass_) == (("purple lantern",), ("seeds of a purple lantern",))
    assert (entry.related, entry.modified, entry.note) == (("lantern-2",), date(2026, 11, 1), "A note.")
    assert entry.line == 27
    assert [other.match for other in others] == [MatchMode.PREFIX, MatchMode.SUBSTRING, MatchMode.EXACT]


def test_what_yaml_would_turn_into_other_things_stays_text() -> None:
    term_list = read_list(HERE / "good" / "text-stays-text.yaml")
    assert (term_list.id, term_list.version, term_list.language) == ("1984", "2.0", "no")
    assert term_list.entries[0].id == "01"
    assert term_list.entries[0].terms == (
        *("no", "yes", "1984", "1_000", "0x10", "2026-11-22", "1e3", "null", "~", "on"),
    )


def test_plain_text_is_a_term_a_line() -> None:
    term_list = read_list(HERE / "good" / "plain.txt")
    assert term_list.id == "plain"
    assert term_list.category is Category.SEEKING
    assert [entry.terms for entry in term_list.entries] == [
        ("purple garden lantern",),
        ("violet garden lantern",),
        ("C#",),
        ("café lantern",),
    ]
    assert [entry.line for entry in term_list.entries] == [2, 4, 5, 6]


def test_ids_made_up_stay_with_the_term_and_do_not_show_it(tmp_path: Path) -> None:
    before = read_list(write(tmp_path, "a.txt", "purple lantern\nviolet lantern\n"))
    after = read_list(write(tmp_path, "b.txt", "new lantern\nviolet   lantern\r\npurple lantern"))
    table = read_list(write(tmp_path, "c.csv", "term\npurple lantern\n"))

    ids = {entry.terms[0]: entry.id for entry in before.entries}
    assert {entry.id for entry in after.entries} > set(ids.values())
    assert table.entries[0].id == ids["purple lantern"]
    assert not [label for label in ids.values() if any(word in label for word in SECRET)]


def test_semicolons_quotes_empty_cells_and_a_byte_order_mark() -> None:
    first, second = read_list(HERE / "good" / "semicolons.csv").entries
    assert (first.id, first.terms, first.category) == ("first", ("purple; garden",), Category.AMBIGUOUS)
    assert (first.language, first.match, first.status) == ("en", MatchMode.PREFIX, Status.TESTING)
    assert first.note == 'said "so"'
    assert (second.terms, second.category, second.match) == (("lantern",), None, MatchMode.WORD)
    assert (first.line, second.line) == (2, 3)


def test_several_terms_in_a_cell_and_rows_that_repeat() -> None:
    first, second = read_list(HERE / "good" / "several.csv").entries
    assert (first.terms, first.language) == (("purple lantern", "violet lantern"), "en")
    assert second.terms == ("lantern",)


def test_tabs_part_cells_that_hold_other_delimiters() -> None:
    (entry,) = read_list(HERE / "good" / "tabs.csv").entries
    assert (entry.terms, entry.note) == (("purple lantern",), "with, comma; and semicolon")


@pytest.mark.parametrize(
    ("name", "data", "line", "what"),
    [
        ("x.txt", b"violet\ncaf\xe9 lantern\n", 2, "is not UTF-8"),
        ("x.txt", "violet lantern\n".encode("utf-16"), 1, "is not UTF-8"),
        ("x.txt", b"violet\npurple\x00lantern\n", 2, "holds a control character"),
        ("x.txt", b"", 0, "holds no entries"),
        ("x.txt", b"# nothing but a comment\n", 0, "holds no entries"),
        ("x.csv", b"", 1, "has no column of terms"),
        ("x.csv", b"purple lantern,en\nviolet lantern,en\n", 1, "has no column of terms"),
        ("x.csv", b"term,langauge\npurple,en\n", 1, "Did you mean 'language'?"),
        ("x.csv", b"term,purple lantern\nviolet,en\n", 1, "has an unknown name in column 2"),
        ("x.csv", b"term,note,term\npurple,,violet\n", 1, "has the column 'term' twice"),
        ("x.csv", b"term,language\n\n,en\n", 3, "has no term"),
        ("x.csv", b"term,language\npurple,en,violet\n", 2, "has more cells than the header"),
        (
            "x.csv",
            b'term,language\n"purple\nlantern",en\nviolet,purple\n',
            4,
            "'language' is no language tag",
        ),
        ("x.csv", b'term,language\nviolet,en\n"purple,en\n', 3, "is not a table"),
        ("x.csv", b"term,id\npurple,one\nviolet,one\n", 3, "repeats the entry of line 2"),
        ("x.csv", b"term\nviolet\n" + b"purple" * 50_000, 3, "is not a table"),
        ("x.md", b"purple lantern", 0, "is of no kind that is read as a list"),
    ],
)
def test_faulty_text_and_tables(tmp_path: Path, name: str, data: bytes, line: int, what: str) -> None:
    error = fault(write(tmp_path, name, data))
    (mistake,) = error.mistakes
    assert mistake.line == line
    assert what in f"{mistake.what}. {mistake.remedy}"
    said = f"{error!r} {error}".replace(str(tmp_path), "")
    assert not [word for word in SECRET if word in said]


def test_every_mistake_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        "a.yaml",
        "id: a\nentries:\n  - id: one\n    term: x\n  - id: two\n    terms: y\n    match: far\n",
    )
    write(tmp_path, "b.txt", b"\xff")
    lines = [(Path(mistake.file).name, mistake.line) for mistake in fault(tmp_path).mistakes]
    assert lines == [("a.yaml", 4), ("a.yaml", 7), ("b.txt", 1)]


def test_two_lists_of_one_id(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "id: same\nentries: [{id: one, terms: x}]\n")
    write(tmp_path, "same.txt", "y\n")
    (mistake,) = fault(tmp_path).mistakes
    assert mistake.file.endswith("same.txt")
    assert "has the id 'same', as " in mistake.what


def test_a_folder_is_read_in_the_order_of_names_and_other_files_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".hidden").mkdir()
    write(tmp_path, "c.txt", "x")
    write(tmp_path / "b", "d.CSV", "term\nx\n")
    write(tmp_path, "a.yml", "id: a\nentries: [{id: one, terms: x}]\n")
    for name in ("README.md", "notes.docx", ".c.txt.swp", ".draft.txt", ".hidden/e.txt"):
        write(tmp_path, name, b"\xff")
    assert [term_list.id for term_list in read_lists([tmp_path])] == ["a", "d", "c"]


def test_a_file_that_several_paths_lead_to_is_read_once(tmp_path: Path) -> None:
    # As Kubernetes mounts a ConfigMap: links to a hidden folder that is swapped as one.
    (tmp_path / "..2026").mkdir()
    file = write(tmp_path / "..2026", "list.txt", "x")
    (tmp_path / "..data").symlink_to("..2026")
    (tmp_path / "list.txt").symlink_to("..data/list.txt")
    assert len(read_lists([tmp_path, tmp_path / "list.txt", file])) == 1


def test_links_in_a_ring_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "ring").symlink_to(tmp_path)
    write(tmp_path, "list.txt", "x")
    assert len(read_lists([tmp_path])) == 1


def test_a_folder_without_lists_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "README.md", "nothing here")
    assert "is a folder without lists" in str(fault(tmp_path))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "cannot be read (No such file or directory)" in str(fault(tmp_path / "missing.yaml"))
    assert "cannot be read (No such file or directory)" in str(fault(tmp_path / "missing.txt"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_folder_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    write(tmp_path, "list.txt", "x")
    closed.chmod(0)
    try:
        assert "cannot be read (Permission denied)" in str(fault(tmp_path))
    finally:
        closed.chmod(0o700)


@pytest.mark.parametrize("name", ["a.yaml", "a.txt", "a.csv"])
def test_size_is_bounded(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, name, b"x" * 11)
    assert "is larger than 10 bytes" in str(fault(path, max_bytes=10))


def test_entries_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "MAX_ENTRIES", 2)
    path = write(tmp_path, "a.txt", "x\ny\nz\n")
    assert "holds more than 2 entries" in str(fault(path))


def test_no_paths_no_lists() -> None:
    assert read_lists([]) == ()


def test_file_names_become_ids(tmp_path: Path) -> None:
    assert read_list(write(tmp_path, "My list (2026).txt", "x")).id == "My-list-2026"
    assert read_list(write(tmp_path, "список.txt", "x")).id == "unnamed"


def test_shipped_lists_are_there() -> None:
    (folder,) = shipped_lists()
    ids = [term_list.id for term_list in read_lists([folder])]
    assert {"plain-en", "plain-es", "plain-fi"} <= set(ids)


def test_nothing_printed_holds_a_term() -> None:
    term_list = read_list(HERE / "good" / "every-key.yaml")
    entry = term_list.entries[0]
    shown = repr([term_list, entry, entry.unless, entry.samples, term_list.groups["colours"]])
    assert "purple" not in shown
    assert "seeds" not in shown


# A language tag is read as RFC 5646 writes it, whatever the registry holds.
@pytest.mark.parametrize(
    "tag", ["en", "PT-br", "zh-Hant", "sr-Latn-RS", "es-419", "sl-rozaj", "de-CH-1996", "fil", "en-x-own"]
)
def test_language_tags(tmp_path: Path, tag: str) -> None:
    path = write(tmp_path, "a.yaml", f"id: a\nlanguage: {tag}\nentries: [{{id: one, terms: x}}]\n")
    assert read_list(path).language == tag


@pytest.mark.parametrize("tag", ["e", "english", "en_GB", "en-", "en GB", "zh-Hant-", "ｅｎ"])
def test_what_is_no_language_tag(tmp_path: Path, tag: str) -> None:
    path = write(tmp_path, "a.yaml", f"id: a\nlanguage: '{tag}'\nentries: [{{id: one, terms: x}}]\n")
    assert "is no language tag" in str(fault(path))


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=300), kind=st.sampled_from(["yaml", "txt", "csv"]))
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, kind: str
) -> None:
    path = write(tmp_path_factory.getbasetemp(), f"any.{kind}", data)
    try:
        assert read_list(path).entries
    except TermListError as error:
        assert all(mistake.remedy for mistake in error.mistakes)


@settings(max_examples=100, deadline=None)
@given(
    rows=st.lists(
        st.lists(st.text(st.characters(codec="utf-8"), max_size=8), max_size=4).map(",".join), max_size=6
    )
)
def test_any_table_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, rows: list[str]) -> None:
    text = "\n".join(["term,language,category,id", *rows])
    path = write(tmp_path_factory.getbasetemp(), "table.csv", text)
    try:
        assert read_list(path).entries
    except TermListError as error:
        assert all(mistake.remedy for mistake in error.mistakes)
