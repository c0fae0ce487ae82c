import pytest

from interceptor.termlists.groups import cycle_in, words_of
from interceptor.termlists.model import Entry, Group, TermList


def with_groups(**groups: Group) -> TermList:
    return TermList(id="list", groups=groups, entries=(Entry(id="one", terms=("x",)),))


def test_words_of_groups_in_groups_come_once_and_in_order() -> None:
    term_list = with_groups(
        colours=Group(words=("purple", "violet"), groups=("more", "lamps")),
        more=Group(words=("violet", "blue"), groups=("lamps",)),
        lamps=Group(words=("lantern",)),
        other=Group(words=("garden",)),
    )
    assert words_of(term_list, ["colours"]) == ("purple", "violet", "blue", "lantern")
    assert words_of(term_list, ["lamps", "colours"]) == ("lantern", "purple", "violet", "blue")
    assert words_of(term_list, []) == ()


def test_a_long_chain_of_groups_is_no_recursion() -> None:
    chain = {f"g{i}": Group(words=(f"w{i}",), groups=(f"g{i + 1}",)) for i in range(5000)}
    term_list = with_groups(**chain, g5000=Group(words=("end",)))
    assert len(words_of(term_list, ["g0"])) == 5001
    assert cycle_in(term_list.groups) == ()


def test_an_unknown_group_is_an_error() -> None:
    with pytest.raises(KeyError):
        words_of(with_groups(), ["missing"])


def test_cycles_are_found_wherever_they_begin() -> None:
    groups = {
        "start": Group(words=("x",), groups=("a", "b")),
        "a": Group(groups=("shared",)),
        "b": Group(groups=("shared", "c")),
        "c": Group(groups=("d",)),
        "d": Group(groups=("c",)),
        "shared": Group(words=("y",)),
    }
    assert cycle_in(groups) == ("c", "d")


def test_a_group_reached_twice_is_no_cycle() -> None:
    groups = {
        "a": Group(groups=("b", "c")),
        "b": Group(groups=("d",)),
        "c": Group(groups=("d",)),
        "d": Group(words=("x",)),
    }
    assert cycle_in(groups) == ()
