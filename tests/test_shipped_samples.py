"""Every sample of every shipped entry, alone and with all shipped lists together."""

from typing import NamedTuple

import pytest

from interceptor import Action, Interceptor
from interceptor.config import Config
from interceptor.curation import samples
from interceptor.termlists.model import Entry, MatchMode, Sharing, TermList
from interceptor.termlists.reading import read_lists, shipped_lists
from interceptor.vocabulary import Category, Review

LISTS = read_lists(shipped_lists())
GATE = Interceptor(Config(), LISTS)


class Case(NamedTuple):
    term_list: TermList
    entry: Entry
    query: str

    @property
    def category(self) -> Category:
        return self.entry.category or self.term_list.category


def cases(kind: samples.Kind) -> list[object]:
    return [
        pytest.param(Case(term_list, entry, query), id=f"{term_list.id}-{entry.id}-{number}")
        for term_list in LISTS
        for entry in term_list.entries
        for number, query in enumerate(
            entry.samples.match if kind is samples.Kind.MATCH else entry.samples.pass_, 1
        )
    ]


def test_samples_hold_for_their_entries() -> None:
    assert list(samples.failures(GATE)) == []


@pytest.mark.parametrize("case", cases(samples.Kind.MATCH))
def test_a_match_sample_is_acted_on_in_its_category(case: Case) -> None:
    decision = GATE.decide(case.query)
    assert decision.category is case.category
    assert decision.action is Config().action_for(case.category)
    said = case.entry.language or case.term_list.language
    assert decision.language == (None if said == "und" else said)


@pytest.mark.parametrize("case", cases(samples.Kind.PASS))
def test_a_pass_sample_is_never_replaced(case: Case) -> None:
    decision = GATE.decide(case.query)
    assert decision.action is not Action.REPLACE
    assert decision.category is not case.category


@pytest.mark.parametrize("term_list", LISTS, ids=lambda term_list: term_list.id)
def test_shipped_lists_say_what_they_are(term_list: TermList) -> None:
    assert term_list.sharing is Sharing.CLEAR
    assert term_list.license == "Apache-2.0"
    assert term_list.review is Review.NONE
    assert term_list.language is not None
    for entry in term_list.entries:
        assert entry.samples.match, entry.id
        assert entry.samples.pass_, entry.id
        assert entry.falsepositives, entry.id
        assert entry.match is not MatchMode.SUBSTRING, entry.id


@pytest.mark.parametrize("term_list", LISTS, ids=lambda term_list: term_list.id)
def test_every_group_is_used(term_list: TermList) -> None:
    used = {name for group in term_list.groups.values() for name in group.groups}
    for entry in term_list.entries:
        used.update(entry.all_of, *(unless.groups for unless in entry.unless))
    assert used == set(term_list.groups)
