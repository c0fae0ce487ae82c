"""What a new version changes, in the list and for ordinary searches."""

import dataclasses

import pytest
from gates import STRICT, gate

from interceptor.config import Config
from interceptor.curation.comparing import Effect, Effects, changes, effects
from interceptor.curation.queries import Query
from interceptor.decision import Interceptor
from interceptor.termlists.model import Entry, Group, Outcome, TermList, Unless
from interceptor.vocabulary import Category

A, B, C = Entry("a", ("purple lantern",)), Entry("b", ("bench",)), Entry("c", ("lamp",))


def lists(*entries: Entry, name: str = "lanterns", **head: object) -> tuple[TermList, ...]:
    return (dataclasses.replace(TermList(name, entries=entries), **head),)  # type: ignore[arg-type]


def test_entries_come_change_and_go() -> None:
    found = changes(
        lists(A, B), lists(A, dataclasses.replace(C, line=9), dataclasses.replace(B, terms=("seat",)))
    )
    assert found.added == (("lanterns", "c"),)
    assert found.removed == ()
    assert found.changed == ((("lanterns", "b"), ("terms",)),)
    assert found.same == 1
    assert changes(lists(A, B), lists(B)).removed == (("lanterns", "a"),)


def test_where_an_entry_stands_is_no_change() -> None:
    assert changes(lists(A, B), lists(B, dataclasses.replace(A, line=7))).same == 2


def test_one_list_is_compared_with_another_by_any_name() -> None:
    assert changes(lists(A), lists(A, name="lanterns-2")).same == 1
    two = (*lists(A), *lists(B, name="benches"))
    assert changes(two, (*lists(A, name="other"), *lists(B, name="benches"))).added == (("other", "a"),)


def test_what_a_list_says_for_its_entries_changes_them() -> None:
    found = changes(lists(A), lists(A, category=Category.AMBIGUOUS, language="en"))
    assert found.changed == ((("lanterns", "a"), ("category", "language")),)


@pytest.mark.parametrize(
    "entry", [Entry("a", all_of=("both",)), Entry("a", ("x",), unless=(Unless(Outcome.PASS, (), ("both",)),))]
)
def test_a_group_changes_the_entries_that_name_it_through_others_too(entry: Entry) -> None:
    before = {"lamps": Group(("lamp",)), "both": Group(("bench",), ("lamps",))}
    after = before | {"lamps": Group(("lamp", "lantern"))}
    found = changes(lists(entry, B, groups=before), lists(entry, B, groups=after))
    assert found.changed == ((("lanterns", "a"), ("groups",)),)
    assert found.same == 1


def counted(old: Interceptor, new: Interceptor, *queries: Query) -> Effects:
    found = Effects()
    assert len(list(effects(old, new, queries, found))) == len(queries)
    return found


def test_searches_are_counted_by_what_changes() -> None:
    soft = dataclasses.replace(A, category=Category.AMBIGUOUS)
    queries = [
        Query("en", "a purple lantern"),
        Query("fi", "a bench"),
        Query("und", "a lamp"),
        Query("en", "a chair"),
    ]
    found = counted(gate(soft, B), gate(A, C), *queries)
    assert (found.queries, found.before, found.acted_on) == (4, 2, 2)
    assert found.counts == {Effect.STRONGER: 1, Effect.NO_LONGER: 1, Effect.NEWLY: 1}
    assert found.languages == {"en": 1}  # of the entry, as the search has none
    assert found.causes == {("stand-in", "a"): 1, ("stand-in", "c"): 1}
    assert found.examples["stand-in", "c"] == ["a lamp"]
    assert counted(gate(A), gate(soft), queries[0]).counts == {Effect.WEAKER: 1}
    assert "a lamp" not in repr(found)


def test_an_entry_whose_exception_lets_the_search_pass_is_no_cause() -> None:
    excused = Entry("d", ("lamp",), unless=(Unless(Outcome.PASS, ("desk",)),))
    found = counted(gate(B), gate(C, excused), Query("en", "desk lamp"))
    assert found.causes == {("stand-in", "c"): 1}


def test_an_entry_that_does_less_is_no_cause() -> None:
    assert STRICT.action_for(Category.AMBIGUOUS) is Config().action_for(Category.AMBIGUOUS)
    weaker = Entry("d", ("lamp",), category=Category.AMBIGUOUS)
    assert counted(gate(B), gate(C, weaker), Query("en", "lamp")).causes == {("stand-in", "c"): 1}
