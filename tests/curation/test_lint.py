"""What lint finds, check by check, and what it leaves alone."""

import dataclasses
from datetime import date
from typing import Any

import pytest

from interceptor.curation.lint.checks import Material
from interceptor.curation.lint.running import CHECKS, Finding, run
from interceptor.termlists.model import (
    Entry,
    Group,
    Lint,
    MatchMode,
    Outcome,
    Samples,
    Status,
    TermList,
    Unless,
)
from interceptor.vocabulary import Category

TODAY = date(2026, 11, 22)
FINE = Entry("fine", ("purple garden lantern",), samples=Samples(("purple garden lantern",)))


def findings(*lists: TermList) -> list[Finding]:
    return [finding for _, found in run(Material(lists, TODAY)) for finding in found]


def ids(*entries: Entry, **head: Any) -> list[tuple[str, str | None]]:
    """The checks that speak, each with the entry they speak of."""
    found = findings(TermList("lanterns", language="en", entries=entries, **head))
    return [(finding.check, finding.entry_id) for finding in found]


def entry(*terms: str, **keys: Any) -> Entry:
    return Entry("one", terms, **({"status": Status.TESTING} | keys))


def test_an_entry_without_fault_is_left_alone() -> None:
    assert ids(FINE) == []


@pytest.mark.parametrize(
    ("found", "clean"),
    [
        (entry("qzx"), entry("lnts")),
        (entry("lntr", match=MatchMode.PREFIX), entry("lntrz", match=MatchMode.PREFIX)),
        (entry("lntrz", match=MatchMode.SUBSTRING), entry("lntrzq", match=MatchMode.SUBSTRING)),
        (entry("紫灯"), entry("紫色灯")),
    ],
    ids=["word", "prefix", "substring", "unspaced"],
)
def test_short(found: Entry, clean: Entry) -> None:
    assert ids(found) == [("short", "one")]
    assert ids(clean) == []


def test_short_terms_are_fine_beside_others_and_as_the_whole_search() -> None:
    groups = {"lamps": Group(("lantern",))}
    assert ids(entry("qzx", all_of=("lamps",)), groups=groups) == []
    assert ids(entry("qzx", match=MatchMode.EXACT)) == []


def test_empty() -> None:
    assert ids(entry("...", "purple garden lantern")) == [("empty", "one")]
    assert ids(FINE, groups={"g": Group(("!",))}) == [("empty", None), ("unused-group", None)]
    assert ids(entry("violet garden lantern", unless=(Unless(Outcome.PASS, ("?",)),))) == [("empty", "one")]


def test_ordinary_word() -> None:
    assert ids(entry("Weather")) == [("ordinary-word", "one")]
    assert ids(entry("weather lantern")) == []
    assert ids(entry("weather", match=MatchMode.EXACT)) == []
    assert ids(entry("weather", all_of=("lamps",)), groups={"lamps": Group(("lantern",))}) == []


def test_own_samples() -> None:
    wrong = dataclasses.replace(FINE, samples=Samples(("purple lantern",)))
    assert ids(wrong) == [("own-samples", "fine")]


def test_unknown_language() -> None:
    assert ids(entry("violet garden lantern", language="xq")) == [("unknown-language", "one")]
    assert ids(entry("violet garden lantern", language="zh-Hant")) == []
    assert [finding.check for finding in findings(TermList("a", language="xq", entries=(FINE,)))] == [
        "unknown-language"
    ]


def test_inside_words() -> None:
    (found,) = findings(TermList("a", language="en", entries=(entry("lantern", match=MatchMode.PREFIX),)))[1:]
    assert found.check == "inside-words"
    assert "lanterns" in found.text
    assert "lanterns" not in found.what
    assert ids(entry("purple garden lant", match=MatchMode.PREFIX)) == []


@pytest.mark.parametrize("name", ["Buenos Aires", "new york", "Mary Smith"])
def test_name(name: str) -> None:
    assert ids(entry(name)) == [("name", "one")]


def test_duplicate_in_one_list_and_between_lists() -> None:
    twin = entry("Purple-Garden Lantern", category=Category.AMBIGUOUS)
    assert ids(FINE, twin) == [("duplicate", "one")]
    (found,) = findings(
        TermList("a", language="en", entries=(FINE,)), TermList("b", language="en", entries=(twin,))
    )
    assert found.list_id == "b"
    assert found.what == ("term 1 is the same as term 1 of entry 'fine' of list 'a', in another category")


def test_spellings_of_one_entry_and_other_languages_are_no_duplicates() -> None:
    assert ids(entry("violet garden lantern", "Violet-Garden Lantern")) == []
    assert ids(FINE, entry("purple garden lantern", language="de")) == []


def test_no_samples_is_asked_of_stable_entries_only() -> None:
    assert ids(entry("violet garden lantern", status=Status.STABLE)) == [("no-samples", "one")]
    assert ids(entry("violet garden lantern", status=Status.DRAFT)) == []


def test_wide() -> None:
    groups = {"lamps": Group(("lantern",))}
    assert ids(entry("violet", all_of=("lamps",), within=11), groups=groups) == [("wide", "one")]
    assert ids(entry("violet", all_of=("lamps",), within=10), groups=groups) == []
    assert ids(entry("violet garden lantern", within=50)) == []


def test_unused_group() -> None:
    assert ids(FINE, groups={"lamps": Group(("lantern",))}) == [("unused-group", None)]
    used = {"lamps": Group(("lantern",)), "all": Group((), ("lamps",))}
    assert ids(entry("violet", all_of=("all",)), groups=used) == []
    assert (
        ids(entry("violet garden lantern", unless=(Unless(Outcome.PASS, (), ("all",)),)), groups=used) == []
    )


def test_expired() -> None:
    assert ids(FINE, expires=date(2026, 11, 21)) == [("expired", None)]
    assert ids(FINE, expires=TODAY) == []


def test_shadowed() -> None:
    shadow = dataclasses.replace(FINE, id="shadow", terms=("garden lantern",))
    longer = entry("purple garden lantern")
    assert ids(shadow, longer) == [("shadowed", "one")]
    weaker = dataclasses.replace(shadow, category=Category.AMBIGUOUS)
    assert ids(weaker, longer) == []
    with_exception = dataclasses.replace(shadow, unless=(Unless(Outcome.PASS, ("inn",)),))
    assert ids(with_exception, longer) == []


def test_a_longer_word_is_not_shadowed_by_a_shorter_one() -> None:
    shadow = dataclasses.replace(FINE, terms=("purple garden lantern",))
    assert ids(shadow, entry("purple garden lanternlight", match=MatchMode.WORD)) == []
    assert ids(shadow, entry("a purple garden lantern", match=MatchMode.PREFIX)) == []


def test_an_entry_may_allow_a_check() -> None:
    assert ids(entry("qzx", lint=Lint(("short",)))) == []
    assert ids(entry("qzx", lint=Lint(("name",)))) == [("short", "one")]
    assert ids(entry("lnts", lint=Lint(("shrt",)))) == [("unknown-allowance", "one")]


def test_retired_entries_are_left_alone() -> None:
    assert ids(FINE, entry("qzx", status=Status.RETIRED)) == []


def test_nothing_but_text_holds_a_term() -> None:
    found = findings(TermList("a", entries=(entry("qzx"), Entry("two", ("weather",), status=Status.TESTING))))
    assert {finding.text for finding in found} == {"qzx", "weather"}
    assert not any(term in repr(finding) for finding in found for term in ("qzx", "weather"))


def test_every_check_says_why_and_what_to_do() -> None:
    assert len({check.id for check in CHECKS}) == len(CHECKS) == 14
    assert all(check.reason.endswith(".") and check.remedy.endswith(".") for check in CHECKS)
