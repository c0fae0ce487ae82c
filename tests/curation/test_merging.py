"""Suggestions taken into a list, whose text is otherwise left alone."""

from datetime import date
from pathlib import Path

import pytest

from interceptor.curation import merging
from interceptor.curation.merging import Merge
from interceptor.curation.splicing import splice
from interceptor.errors import CallError, TermListError
from interceptor.termlists.model import Entry, Status
from interceptor.termlists.reading import read_list

TODAY = date(2026, 11, 22)
LIST = """\
# Lanterns
id: lanterns
groups:
  colours: [purple, violet]  # more to come
entries:
  # the first
  - id: one
    terms: [purple garden lantern]
    related: [zero]

  - id: two   # a comment
    all: colours
    note: |
      entries:
        - id: no entry

# the end
"""
SUGGESTION = """\
for: lanterns
entries:
  - id: three
    terms: [amber garden lantern]
    samples: {match: [amber garden lantern]}
"""


def merged(folder: Path, suggestion: str, text: str = LIST, *, replace: bool = False) -> Merge:
    (folder / "list.yaml").write_text(text)
    (path := folder / "suggestion.yaml").write_text(suggestion)
    term_list = read_list(folder / "list.yaml")
    return merging.merge(term_list, [("suggestion.yaml", merging.read(path))], TODAY, replace=replace)


def test_a_new_entry_comes_behind_the_last_as_a_draft(tmp_path: Path) -> None:
    result = merged(tmp_path, SUGGESTION)
    (entry,) = result.added
    assert (entry.status, entry.modified) == (Status.DRAFT, TODAY)
    text = splice(LIST, {}, result.added, "list.yaml")
    assert text == LIST.replace(
        "        - id: no entry\n",
        "        - id: no entry\n"
        "  - id: three\n"
        "    terms: [amber garden lantern]\n"
        "    status: draft\n"
        "    samples:\n"
        "      match: [amber garden lantern]\n"
        "    modified: 2026-11-22\n",
    )


def test_an_entry_takes_the_place_of_another_if_it_is_told_to(tmp_path: Path) -> None:
    suggestion = SUGGESTION.replace("three", "one").replace("    samples", "    related: [two]\n    samples")
    result = merged(tmp_path, suggestion)
    assert [remark.entry_id for remark in result.conflicts] == ["one"]
    assert not result.added
    result = merged(tmp_path, suggestion, replace=True)
    (entry,) = result.replaced.values()
    assert (entry.related, entry.modified) == (("zero", "two"), TODAY)
    text = splice(LIST, result.replaced, (), "list.yaml")
    assert text.startswith(
        LIST.partition("  - id: one\n")[0] + "  - id: one\n    terms: [amber garden lantern]\n"
    )
    assert text.endswith(LIST[LIST.index("\n  - id: two") :])


def test_what_says_nothing_new_is_left_out(tmp_path: Path) -> None:
    again = SUGGESTION.replace("amber garden", "Purple-Garden")
    assert [remark.what for remark in merged(tmp_path, again).left_out] == [
        "has no term that the list does not have"
    ]
    same = "for: lanterns\nentries:\n  - {id: one, terms: purple garden lantern, related: zero}\n"
    assert [remark.what for remark in merged(tmp_path, same).left_out] == ["is in the list already"]


def test_where_an_entry_comes_from_becomes_its_note(tmp_path: Path) -> None:
    head = "by: Lantern team\nnote: seen in May\n"
    assert merged(tmp_path, head + SUGGESTION).added[0].note == "Lantern team: seen in May"
    own = head + SUGGESTION.replace("    samples", "    note: my own\n    samples")
    assert merged(tmp_path, own).added[0].note == "my own"


def test_two_suggestions_of_one_id_are_a_conflict(tmp_path: Path) -> None:
    (path := tmp_path / "s.yaml").write_text(SUGGESTION)
    (other := tmp_path / "t.yaml").write_text(SUGGESTION.replace("amber", "lilac"))
    (tmp_path / "list.yaml").write_text(LIST)
    both = [(str(each), merging.read(each)) for each in (path, other)]
    result = merging.merge(read_list(tmp_path / "list.yaml"), both, TODAY, replace=True)
    assert (len(result.added), len(result.conflicts)) == (1, 1)


@pytest.mark.parametrize(
    ("suggestion", "said"),
    [
        (SUGGESTION.replace("lanterns", "benches"), "is meant for another list"),
        (
            SUGGESTION.replace("    terms", "    all: lamps\n    terms"),
            "suggestion.yaml:3: item 1 of 'all' is no group",
        ),
        ("for: lanterns\nentries: []\n", "suggests no entries"),
        (SUGGESTION.replace("terms", "tems"), "Did you mean 'terms'"),
    ],
)
def test_a_suggestion_at_fault_is_said(tmp_path: Path, suggestion: str, said: str) -> None:
    with pytest.raises(TermListError, match=said):
        merged(tmp_path, suggestion)


def test_the_form_is_a_suggestion(tmp_path: Path) -> None:
    (entry,) = merged(tmp_path, merging.FORM).added
    assert entry.samples.match
    assert entry.samples.pass_


@pytest.mark.parametrize(
    "text", ["id: a\nentries: [{id: one, terms: lamp}]\n", "id: a\nentries: []\n"], ids=["flow", "empty"]
)
def test_entries_that_are_not_one_below_the_other_are_refused(text: str) -> None:
    with pytest.raises(CallError, match="one below the other"):
        splice(text, {}, [Entry("two", ("bench",))], "list.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "id: a\nentries:\n- id: one\n  terms:\n  - lamp\n  - bench\nnote: after\n",
        "entries:\n    -   id: one\n        terms: lamp\nid: a",
        "id: a\nentries:\n  - {id: one,\n     terms: lamp}",
        'id: a\nentries:\n  - id: one\n    terms: "lamp\n      and bench"\n',
        "id: a\nentries:\n  -\n    id: one\n    terms: lamp\n  # trailing\nnote: x\n",
    ],
)
def test_any_layout_takes_another_entry(text: str, tmp_path: Path) -> None:
    (path := tmp_path / "a.yaml").write_text(splice(text, {}, [Entry("two", ("chair",))], "a.yaml"))
    before, after = text.splitlines(), path.read_text().splitlines()
    assert [line for line in after if line in before] == before
    assert [entry.id for entry in read_list(path).entries] == ["one", "two"]
