from datetime import date

from interceptor.termlists.model import Entry, Status, TermList
from interceptor.termlists.reading import notices

TODAY = date(2026, 11, 22)
ENTRY = Entry(id="one", terms=("purple",))


def test_an_expired_list_is_named_with_its_date() -> None:
    expired = TermList(id="old", expires=date(2026, 11, 21), entries=(ENTRY,))
    (notice,) = notices([expired], TODAY)
    assert "'old' expired on 2026-11-21" in notice
    assert "still used" in notice


def test_a_list_on_its_last_day_or_without_one_is_current() -> None:
    lists = [TermList(id="a", expires=TODAY, entries=(ENTRY,)), TermList(id="b", entries=(ENTRY,))]
    assert notices(lists, TODAY) == ()


def test_a_list_that_matches_nothing_is_named() -> None:
    retired = Entry(id="one", terms=("purple",), status=Status.RETIRED)
    (notice,) = notices([TermList(id="spent", entries=(retired,))], TODAY)
    assert "'spent' matches nothing" in notice
