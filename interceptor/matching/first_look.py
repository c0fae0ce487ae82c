"""A first look at a query, which is all that most searches pay for.

Two kinds of queries need no more of it: those in letters that are none of the lists' and cannot be read as any of
theirs (`letters`), and those of ordinary words and numbers with a space between each two. The latter are read in no
further way (`causes`), so nothing but a pattern as it stands can match there, and one of whole words asks for its
longest word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from interceptor.folding import plain
from interceptor.matching import operators
from interceptor.matching.causes import END, Causes, is_plainly_spaced
from interceptor.matching.index import PatternIndex
from interceptor.matching.letters import Letters
from interceptor.matching.pieces import Pieces, finder, longest_word
from interceptor.vocabularies import ordinary_words


class FirstLook:
    """Lets go of queries in which nothing can match, for the patterns of one set of lists. Immutable."""

    def __init__(
        self,
        pieces: Pieces,
        letters: Letters,
        index: PatternIndex,
        causes: Causes | None,
        holds_nothing: Callable[[str], bool] | None,
    ) -> None:
        """Take ``pieces`` of all patterns of ``index``, and their ``letters``.

        ``causes`` tell what is read in further ways, None: nothing. ``holds_nothing`` knows of many
        queries that nothing can match in them, None: of none.
        """
        self._holds_nothing = holds_nothing
        self._ordinary = ordinary_words()
        self._are_ordinary = self._ordinary.issuperset
        hints = pieces.words.union(
            map(longest_word, index.whole),
            causes.signs_of_split if causes else (),
            (operators.NOT.lower(),),
        )
        self._have_no_hint = hints.isdisjoint
        self._hold_nothing = _hold_none_of(pieces.unbounded)
        self._hold_nothing_ascii = _hold_none_of(filter(str.isascii, pieces.unbounded))
        self._letters, self._have_row = letters, letters.have_row
        self._patterns, self._whole = index.finder(), index.whole
        self._are_split = causes.are_split if causes else bool

    def __repr__(self) -> str:
        return "FirstLook()"

    def look(self, query: str) -> str | None:
        """None where nothing can match in ``query``, whatever operators leave of it, else what the sieve is to see.

        That is its plain view, sometimes without letters in which nothing can match.
        """
        holds_nothing = self._holds_nothing
        if query.isascii():
            if holds_nothing is not None and holds_nothing(query):
                return None
            # Where all are ordinary, these are the words of the plain view.
            words = query.rstrip(END).lower().split(" ")
            if not self._are_ordinary(words) and not self._are_numbers_beside_ordinary(words):
                return plain.view(query)
            if self._have_no_hint(words) and self._hold_nothing_ascii(words):
                return None
        elif self._have_row(query):
            if holds_nothing is not None and holds_nothing(query):
                return None
            of_alphabet = plain.words_of_alphabet(query)
            if of_alphabet is None:
                # To fold mixed scripts is slow.
                ours = self._letters.alone(query)
                if ours != query:
                    return plain.view(ours) if self._have_row(ours) else None
            words = plain.words_of_mixture(query) if of_alphabet is None else of_alphabet
            text = f" {' '.join(words)} " if words else ""
            if not self._are_ordinary(words) or not is_plainly_spaced(query, words, text):
                return text
            if self._have_no_hint(words) and self._hold_nothing(words):
                return None
        else:
            return None
        return self._look_closer(query, words)

    def _are_numbers_beside_ordinary(self, words: Sequence[str]) -> bool:
        """Whether what is not ordinary among ``words`` are numbers that are read as nothing else.

        They may be where so many short words stand around them that something may be spaced out.
        """
        ordinary = self._ordinary
        for word in words:
            if word not in ordinary and not word.isdecimal():
                return False
        return [len(word) < 3 for word in words].count(True) < 2

    def _look_closer(self, query: str, words: Sequence[str]) -> str | None:
        text = f" {' '.join(words)} "
        if self._are_split(words) or operators.NOT in query or text in self._whole:
            return text
        for _ in self._patterns(text):
            return text
        return None


def _hold_none_of(pieces: Iterable[str]) -> Callable[[Sequence[str]], bool]:
    """Return what tells of the words of a plain view whether none of ``pieces`` stands in it."""
    values = dict.fromkeys(pieces, 0)
    if not values:
        return lambda words: True
    find = finder(values)

    def hold_none(words: Sequence[str]) -> bool:
        for _ in find(f" {' '.join(words)} "):
            return False
        return True

    return hold_none
