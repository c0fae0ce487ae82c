"""The skeleton of a text: its letters alone, look-alikes and leet brought to one key, repeats and gaps gone.

Two texts that one rewriting of spacing, punctuation, repetition, look-alike or leet turns into each other have the
same skeleton. So have many that no rewriting does: a shared skeleton is a candidate, which
`interceptor.matching.alignment` has to confirm. Both sides go through it, as UTS #39 (section 4) has it of skeletons.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from interceptor.folding import plain
from interceptor.folding.alphabets import Alphabets
from interceptor.folding.leet import LEET
from interceptor.folding.lookalikes import LOOKALIKES

_CLASSES = {"l": "i", "g": "b", "q": "b", "v": "u"}
"""Letters that one sign may stand for alike, merged: ``1`` is i or l, ``6`` b or g, ``9`` g or q, ``ʋ`` u or v."""

_repeated = re.compile(r"(.)(?=\1)", re.DOTALL)


def latin(letter: str) -> str:
    """The Latin letter that ``letter`` looks like; itself where it is like none."""
    return LOOKALIKES.get(ord(letter), letter)


def key(letter: str) -> str:
    """The skeleton's character for a folded ``letter``, digit or sign; the empty string for what it leaves out."""
    letter = latin(letter)
    if letter in LEET:
        letter = LEET[letter][:1]
    elif not letter.isalnum() and unicodedata.category(letter)[0] != "M":
        # Marks that the plain view keeps are letters of their scripts: without vowel signs words are others.
        return ""
    return _CLASSES.get(letter, letter)


def keys_of(char: str, *, signs: bool) -> str:
    """What the skeleton has for ``char`` as it was written; nothing, or several characters, for a few."""
    return "".join(key(letter) for letter, _ in _letters(char, signs=signs))


def _letters(char: str, *, signs: bool) -> Iterable[tuple[str, str]]:
    """What ``char`` stands for: letters, each with the folded one that was written."""
    if signs and char in LEET:
        return ((char, char),)
    # As written, before case is folded: a Greek capital eta looks like H, a small one like n.
    if alike := LOOKALIKES.get(ord(char)):
        return ((alike, plain.fold_char(char)),)
    return ((letter, letter) for letter in plain.fold_char(char))


class _Table(dict[int, str | None]):
    def __init__(self, *, signs: bool) -> None:
        super().__init__()
        self._signs = signs

    def __missing__(self, code: int) -> str | None:
        # None rather than an empty string: str.translate has a fast way for ASCII that knows only the former.
        keys = keys_of(chr(code), signs=self._signs) or None
        if len(self) < plain.REMEMBERED:
            self[code] = keys
        return keys


class _Keys:
    """Puts keys for the characters of a text: for ASCII and common alphabets in C."""

    def __init__(self, *, signs: bool) -> None:
        self._table = _Table(signs=signs)
        ascii_keys = [keys_of(chr(code), signs=signs) for code in range(128)]
        self._ascii = bytes(ord(keys or " ") for keys in ascii_keys) + bytes(128)
        self._ascii_dropped = bytes(code for code, keys in enumerate(ascii_keys) if not keys)
        self._alphabets = Alphabets(lambda char: keys_of(char, signs=signs), composes=False)

    def of(self, text: str) -> str:
        if text.isascii():
            return text.encode().translate(self._ascii, self._ascii_dropped).decode()
        found = self._alphabets.fold(text)
        return text.translate(self._table) if found is None else found


UNFOLDED = [
    char
    for char in map(chr, LOOKALIKES)
    if keys_of(char, signs=False) != "".join(map(key, plain.fold_char(char)))
]
"""Characters that look like other letters than they fold to. A text without one whose plain view is ASCII has the
skeleton of that view, which is found much faster."""

_both = {signs: _Keys(signs=signs) for signs in (False, True)}


def skeleton(text: str, *, signs: bool) -> str:
    """The skeleton of ``text``; with ``signs`` such as ``$`` read as letters, without them as punctuation."""
    return _repeated.sub("", _both[signs].of(text))


@dataclass(frozen=True, slots=True)
class Unit:
    """One letter of a text, as folded (or a sign that stands for one), and where in the text it stands."""

    letter: str
    place: int
    written: str
    """The letter as it was written, folded; another than ``letter`` where that is what it looks like."""


def runs(text: str, *, signs: bool) -> list[list[Unit]]:
    """The units of ``text``, grouped so that each group is one character of ``skeleton(text, signs=signs)``."""
    found: list[list[Unit]] = []
    last = ""
    for unit, unit_key in _units(text, signs=signs):
        if unit_key == last:
            found[-1].append(unit)
        else:
            found.append([unit])
            last = unit_key
    return found


def _units(text: str, *, signs: bool) -> Iterator[tuple[Unit, str]]:
    for place, char in enumerate(text):
        for letter, written in _letters(char, signs=signs):
            if unit_key := key(letter):
                yield Unit(letter, place, written), unit_key
