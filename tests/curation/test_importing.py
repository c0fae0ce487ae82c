"""Tables, text and lists made into one list: what is found, what is taken, what is left out and why."""

import codecs
import dataclasses
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from interceptor.curation.importing import columns, sheets
from interceptor.curation.importing.collecting import Collection
from interceptor.curation.importing.updating import update
from interceptor.errors import CallError, TermListError
from interceptor.termlists.model import Entry, Group, MatchMode, Samples, Status, TermList
from interceptor.vocabulary import Category, Review

TODAY = date(2026, 11, 22)


def collected(path: Path, mapped: dict[str, str] | None = None, header: bool | None = None) -> Collection:
    sheet = sheets.read(path)
    collection = Collection()
    layout = columns.find(sheet, mapped or {}, header=header)
    assert list(collection.add_sheet(sheet, layout, status=Status.TESTING))
    return collection


def written(folder: Path, data: str | bytes, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def terms(collection: Collection) -> list[tuple[str, ...]]:
    return [entry.terms for entry in collection.entries]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("term,language\npurple lantern,en\n", "comma"),
        ("term;language\npurple lantern;en\n", "semicolon"),
        ("term\tlanguage\npurple lantern\ten\n", "tab"),
        ("term|language\r\npurple lantern|en\r\n", "bar"),
        ('term;language\n"purple, old lantern";en\n', "semicolon"),
    ],
)
def test_the_delimiter_is_found(tmp_path: Path, text: str, name: str) -> None:
    sheet = sheets.read(written(tmp_path, text))
    assert sheet.how.endswith(f"parted by {name}")
    assert sheet.rows[1].cells[1] == "en"


def test_plain_text_is_a_term_a_line_though_some_hold_commas(tmp_path: Path) -> None:
    text = '# Lanterns\npurple lantern, old\nviolet lantern\n\n"lilac lantern"  # seen twice\ngarden lamp\n'
    found = collected(written(tmp_path, text, "a.txt"))
    assert terms(found) == [
        ("purple lantern, old",),
        ("violet lantern",),
        ("lilac lantern",),
        ("garden lamp",),
    ]


def test_a_table_with_a_delimiter_that_is_named(tmp_path: Path) -> None:
    sheet = sheets.read(written(tmp_path, "a,b;c\n", "a.txt"), delimiter="semicolon")
    assert sheet.rows[0].cells == ("a,b", "c")
    assert sheets.read(sheet.path, delimiter="none").rows[0].cells == ("a,b;c",)


@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF8 + "term\nvioletté lantérn".encode(),
        "term\nvioletté lantérn".encode("utf-16"),
        "term\nvioletté lantérn".encode("utf-32"),
        "term\nvioletté lantérn".encode(),
        "term\nvioletté lantérn".encode("cp1252"),
    ],
    ids=["utf-8-sig", "utf-16", "utf-32", "utf-8", "cp1252"],
)
def test_the_encoding_is_found(tmp_path: Path, data: bytes) -> None:
    assert terms(collected(written(tmp_path, data))) == [("violetté lantérn",)]


def test_an_encoding_that_is_named_is_used(tmp_path: Path) -> None:
    path = written(tmp_path, "фонарь".encode("koi8_r"), "a.txt")
    assert sheets.read(path, encoding="koi8_r").rows[0].cells == ("фонарь",)
    with pytest.raises(CallError, match="--encoding"):
        sheets.read(path, encoding="utf-8")
    with pytest.raises(CallError, match="--encoding"):
        sheets.read(path, encoding="no such one")


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CallError, match="is no text"):
        sheets.read(written(tmp_path, b"term\0\n"))
    with pytest.raises(CallError, match="is no spreadsheet"):
        sheets.read(written(tmp_path, "purple lantern", "a.xlsx"))
    with pytest.raises(CallError, match=r"Save it as \.xlsx"):
        sheets.read(written(tmp_path, b"", "a.xls"))


def test_a_quote_that_is_not_closed_spoils_no_other_row(tmp_path: Path) -> None:
    found = collected(written(tmp_path, 'term,note\npurple "old" lantern,\nviolet lantern,"two\nlines"\n'))
    assert terms(found) == [('purple "old" lantern',), ("violet lantern",)]
    assert found.entries[1].line == 3


def test_a_spreadsheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Term", "Updated", "ID"])
    book.active.append(["purple lantern", datetime(2026, 3, 1, 12), 17.0])
    book.active.append([])
    book.active.append([1984, None, "x"])
    book.create_sheet("More").append(["violet lantern"])
    book.save(path := tmp_path / "a.xlsx")
    found = collected(path)
    assert terms(found) == [("purple lantern",), ("1984",)]
    assert [entry.id for entry in found.entries] == ["17", "x"]
    assert [entry.line for entry in found.entries] == [2, 4]
    assert found.entries[0].modified == date(2026, 3, 1)
    assert sheets.read(path, sheet="More").rows[0].cells == ("violet lantern",)
    with pytest.raises(CallError, match="no sheet of that name"):
        sheets.read(path, sheet="Less")


def test_columns_are_known_by_many_names(tmp_path: Path) -> None:
    table = (
        "Keyword;Variants;Lang;Class;Match-Type;State;Reviewed by;Example;False Positives;See also;Comments\n"
        "purple lantern;violet lantern|lilac lantern;pt_BR;Ambiguous;PREFIX;stable;native;"
        "purple lanterns|lilac lanterns;shops|inns;l-0;seen\n"
    )
    (entry,) = collected(written(tmp_path, table)).entries
    assert entry.terms == ("purple lantern", "violet lantern", "lilac lantern")
    assert (entry.language, entry.category, entry.match) == ("pt-BR", Category.AMBIGUOUS, MatchMode.PREFIX)
    assert (entry.status, entry.review, entry.note) == (Status.STABLE, Review.NATIVE, "seen")
    assert entry.samples.match == ("purple lanterns", "lilac lanterns")
    assert (entry.falsepositives, entry.related) == (("shops", "inns"), ("l-0",))


def test_columns_are_mapped_by_name_and_number(tmp_path: Path) -> None:
    table = "Begriff,Sprache,Status\npurple lantern,en,old\n"
    (entry,) = collected(written(tmp_path, table), {"begriff": "term", "2": "language", "3": "-"}).entries
    assert (entry.terms, entry.language, entry.status) == (("purple lantern",), "en", Status.TESTING)


def test_a_table_without_a_header(tmp_path: Path) -> None:
    path = written(tmp_path, "1,purple lantern\n2,violet lantern\n")
    with pytest.raises(CallError, match="--map 1=term"):
        collected(path)
    assert terms(collected(path, {"2": "term"})) == [("purple lantern",), ("violet lantern",)]
    assert terms(collected(path, {"2": "term"}, header=True)) == [("violet lantern",)]


def test_a_map_that_fits_nothing_is_a_wrong_call(tmp_path: Path) -> None:
    path = written(tmp_path, "term,b\npurple lantern,c\n")
    for mapped in ({"Begriff": "term"}, {"3": "note"}, {"2": "id", "b": "note", "1": "id"}):
        with pytest.raises(CallError):
            collected(path, mapped)


def test_terms_that_fold_alike_are_taken_once(tmp_path: Path) -> None:
    found = collected(
        written(tmp_path, "term\npurple lantern\nPurple-Lantern\nPÚRPLE  LANTERN!\nviolet lantern\n")
    )
    assert terms(found) == [("purple lantern",), ("violet lantern",)]
    assert [(remark.line, remark.what) for remark in found.remarks] == [
        (3, "repeats a term of line 2"),
        (4, "repeats a term of line 2"),
    ]
    assert "urple" not in repr(found.remarks)


def test_terms_are_kept_where_they_say_something_else(tmp_path: Path) -> None:
    rows = ("lamp,en,,,", "lamp,nl,,,", "lamp,en,prefix,,", "lamp,en,,ambiguous,", "lamp,en,,,retired")
    found = collected(written(tmp_path, "\n".join(("term,language,match,category,status", *rows))))
    assert len({entry.id for entry in found.entries}) == 5
    assert not found.remarks


def test_rows_that_cannot_be_used_are_left_out_and_said(tmp_path: Path) -> None:
    rows = (",seeking,,", "...,,,", "purple lantern,worst,,", "lilac lamp,,not a tag,", "red lamp,,,a/b")
    found = collected(written(tmp_path, "\n".join(("term,category,language,id", *rows))))
    assert terms(found) == [("red lamp",)]
    assert [(remark.line, remark.dropped) for remark in found.remarks] == [
        (2, True),
        (3, True),
        (4, True),
        (5, True),
        (6, False),
    ]
    assert "category" in found.remarks[2].what
    assert found.entries[0].id.startswith("t-")


def test_an_id_that_stands_twice_is_given_once(tmp_path: Path) -> None:
    found = collected(written(tmp_path, "id,term\na,purple lantern\na,violet lantern\n"))
    assert found.entries[0].id == "a"
    assert found.entries[1].id.startswith("t-")
    assert found.dropped == 0


def test_lists_of_our_own_keep_what_their_list_says() -> None:
    collection = Collection()
    groups = {"lamps": Group(("lantern",))}
    collection.add_list(
        TermList(
            "a", language="fi", category=Category.AMBIGUOUS, groups=groups, entries=(Entry("x", ("lyhty",)),)
        ),
        "a",
    )
    collection.add_list(TermList("b", groups=groups, entries=(Entry("y", ("lyhty",), language="fi"),)), "b")
    assert [(entry.language, entry.category) for entry in collection.entries] == [
        ("fi", Category.AMBIGUOUS),
        ("fi", Category.SEEKING),
    ]
    with pytest.raises(TermListError, match="group 'lamps'"):
        collection.add_list(
            TermList("c", groups={"lamps": Group(("lamp",))}, entries=(Entry("z", ("z",)),)), "c"
        )


def test_an_update_keeps_what_only_the_list_knows() -> None:
    known = Entry(
        "a",
        ("purple lantern",),
        samples=Samples(("purple lantern",)),
        related=("z",),
        modified=date(2026, 1, 1),
        note="x",
    )
    old = TermList(
        "lanterns", title="Lanterns", entries=(known, Entry("b", ("lamp",)), Entry("c", ("bench",)))
    )
    new = [Entry("a", ("purple lantern",), note="y"), Entry("b", ("lamp",)), Entry("d", ("chair",))]
    result = update(old, new, {"term", "note"}, TODAY, retire=False)
    assert (result.added, result.changed, result.missing) == (1, 1, 1)
    a, b, c, d = result.term_list.entries
    assert a == dataclasses.replace(known, note="y", modified=TODAY)
    assert (b, c) == (old.entries[1], old.entries[2])
    assert d.modified == TODAY
    assert result.term_list.title == "Lanterns"


def test_an_update_retires_what_has_gone_if_it_is_told_to() -> None:
    old = TermList("lanterns", entries=(Entry("a", ("lamp",)), Entry("b", ("bench",), status=Status.RETIRED)))
    result = update(old, [], {"term"}, TODAY, retire=True)
    assert [entry.status for entry in result.term_list.entries] == [Status.RETIRED, Status.RETIRED]
    assert [entry.modified for entry in result.term_list.entries] == [TODAY, None]
