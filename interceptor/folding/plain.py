"""The plain view: text as a reader reads it, word by word.

Folds in order: invisible, letterlike, compatibility, marks, arabic, indic, kana, chinese, digits, case; then everything
that is no letter, digit or kept mark turns into a separator. The result is ``" word word "``: single spaces, one at
each end, so that a pattern with spaces around it matches whole words only. Scripts without spaces between words take
no padding: spaces between two such letters go (``児童 の`` is ``児童の``), and a space comes between such a letter
and one of another script.

Each character folds the same way wherever it stands, so the whole of it is one table look-up a character, for
ASCII and common alphabets in C (`alphabets`); other text that is not in normal form C is composed first, and runs of
loose Hangul letters and of regional indicators are read together (`hangul`, `regional`). `view` is the fast way,
`mapped` the same with a map back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from interceptor.folding import (
    arabic,
    case,
    chinese,
    compatibility,
    digits,
    hangul,
    indic,
    invisible,
    kana,
    letterlike,
    marks,
    regional,
)
from interceptor.folding.alphabets import Alphabets
from interceptor.folding.mapped import Mapped
from interceptor.folding.scripts import UNSPACED, ends_freely, unspaced

_SPACE = " "
_STOP = "\n"
"""Punctuation: a separator like a space, but one that keeps the words of an unspaced script apart."""

_SHORT = 64
"""Characters up to which a run of marks is sorted faster than it is looked for."""

REMEMBERED = 50_000
"""Characters the table remembers; hostile text of a million different ones must not fill the memory."""


_FOLDS: tuple[Callable[[str], str], ...] = (
    invisible.fold,
    letterlike.fold,
    compatibility.fold,
    marks.fold,
    arabic.fold,
    indic.fold,
    kana.fold,
    chinese.fold,
    digits.fold,
    case.fold,
)


def _fold_char(char: str) -> str:
    """Fold one character through every step until nothing changes."""
    if regional.is_indicator(char):
        return regional.fold(char)
    text = char
    for _ in range(4):
        before = text
        for fold in _FOLDS:
            text = fold(text) if len(text) == 1 else "".join(map(fold, text))
        if text == before:
            break
    return "".join(map(_separate, unicodedata.normalize("NFC", text)))


def _separate(char: str) -> str:
    if char.isspace():
        return _SPACE
    return char if unicodedata.category(char)[0] in "LNM" else _STOP


def _drop_char(char: str) -> str:
    """Drop what no view keeps, and nothing else."""
    return "" if invisible.is_invisible(char) or marks.is_decoration(char) else char


class _Table(dict[int, str]):
    """Code point to folded text, filled as characters are met."""

    def __init__(self, fold: Callable[[str], str]) -> None:
        super().__init__()
        self._fold = fold

    def __missing__(self, code: int) -> str:
        folded = self._fold(chr(code))
        if len(self) < REMEMBERED:
            self[code] = folded
        return folded


_table = _Table(_fold_char)
_dropped = _Table(_drop_char)
_ascii = [_fold_char(chr(code)).replace(_STOP, _SPACE) for code in range(128)]
_ascii_table = bytes(ord(folded or _SPACE) for folded in _ascii) + bytes(128)
_ascii_dropped = bytes(code for code, folded in enumerate(_ascii) if not folded)
_latin_1 = [_fold_char(chr(code)).replace(_STOP, _SPACE) for code in range(256)]
# What folds to more than one letter, or to none of ASCII, stays as it is, which tells that it is there.
_latin_1_table = bytes(
    ord(folded) if len(folded) == 1 and folded.isascii() else code for code, folded in enumerate(_latin_1)
)
_latin_1_dropped = bytes(code for code, folded in enumerate(_latin_1) if not folded)
_alphabets = Alphabets(lambda char: _table[ord(char)])
_latin = _alphabets.of("")
_SPACED_WORDS = re.compile(r"\S+")
_words = re.compile(f"[{UNSPACED}]+(?: +[{UNSPACED}]+)*|[^{UNSPACED}\\s]+")
"""A word of a spaced script, or a run of unspaced letters with the spaces that stand between them."""


_may_be_dropped = re.compile(
    r"[^\w\s!-/:-@\[-`{-~\u00a1-\u00ac\u00ae-\u00bf\u2010-\u2027\u2030-\u205e]|[\u115f\u1160\u3164\uffa0]"
)
"""Finds every character that no view keeps, and some others."""


def visible(text: str) -> str:
    """``text`` without the characters that no view keeps: invisible ones and decorating marks."""
    return text.translate(_dropped) if _may_be_dropped.search(text) else text


def fold_char(char: str) -> str:
    """Fold one character; white space gives a space, punctuation a newline, what is dropped nothing."""
    return _table[ord(char)]


def view(text: str) -> str:
    """Fold ``text`` into the plain view; the empty string where no letter or digit is left."""
    if text.isascii():
        folded = text.encode().translate(_ascii_table, _ascii_dropped).decode().strip()
        if "  " in folded:
            folded = " ".join(folded.split())
        return f" {folded} " if folded else ""
    words = words_of(text)
    return f" {' '.join(words)} " if words else ""


def words_of(text: str) -> list[str]:
    """The words of the plain view of ``text``; a run of letters of an unspaced script is one."""
    words = words_of_alphabet(text)
    return words_of_mixture(text) if words is None else words


def words_of_alphabet(text: str) -> list[str] | None:
    """As `words_of`, for a ``text`` in one common alphabet with spaces between words; None, soon, for any other."""
    if text.isascii():
        return text.encode().translate(_ascii_table, _ascii_dropped).decode().split()
    alphabet = _alphabets.of(text)
    if alphabet is _latin:
        octets = text.encode("latin-1", "ignore")
        if len(octets) == len(text):
            octets = octets.translate(_latin_1_table, _latin_1_dropped)
            if octets.isascii():
                return octets.decode().split()
    folded = alphabet.fold(text) if alphabet and alphabet.is_spaced else None
    return None if folded is None else folded.split()


def words_of_mixture(text: str) -> list[str]:
    """As `words_of`, for a ``text`` of which `words_of_alphabet` gives None."""
    alphabet = _alphabets.of(text)
    folded = alphabet.fold(text) if alphabet and not alphabet.is_spaced else None
    if folded is None:
        folded = _looked_up(text)
    if not folded.isascii() and unspaced.search(folded):
        return [word.replace(_SPACE, "") for word in _words.findall(folded)]
    return folded.split()


def _looked_up(text: str) -> str:
    """Fold ``text`` character by character."""
    if not unicodedata.is_normalized("NFC", text):
        text = _composed(text)
    folded = text.translate(_table)
    # Halfwidth kana and jamo have become letters and marks that compose.
    if not unicodedata.is_normalized("NFC", folded):
        folded = _normal(hangul.composed(folded))
    return regional.words(folded) if regional.SIGN in folded else folded


def _composed(text: str) -> str:
    """Bring ``text`` into normal form C, without the characters that are dropped anyway."""
    return _normal(text.translate(_dropped))


def _normal(text: str) -> str:
    """Bring ``text`` into normal form C in linear time."""
    return unicodedata.normalize("NFC", text if len(text) <= _SHORT else marks.bounded_runs(text))


def mapped(source: str) -> Mapped:
    """Fold ``source`` as `view` does and keep the map back to it."""
    text = Mapped.of(source)
    if not unicodedata.is_normalized("NFC", source):
        text = _normal_mapped(text.replace_each(lambda char: _dropped[ord(char)]))
    text = text.replace_each(lambda char: _table[ord(char)])
    if not unicodedata.is_normalized("NFC", text.text):
        text = _normal_mapped(text.rebuilt(hangul.pieces(text.text)))
    if regional.SIGN in text.text:
        text = text.rebuilt(regional.pieces(text.text))
    pattern = _words if unspaced.search(text.text) else _SPACED_WORDS
    pieces: list[tuple[str, int, int]] = [(_SPACE, 0, 0)]
    for word in pattern.finditer(text.text):
        pieces += [(text.text[i], i, i + 1) for i in range(*word.span()) if text.text[i] != _SPACE]
        pieces.append((_SPACE, word.end(), word.end()))
    return text.rebuilt(pieces) if len(pieces) > 1 else Mapped("", (), ())


def _normal_mapped(text: Mapped) -> Mapped:
    if len(text.text) > _SHORT:
        text = text.rebuilt((text.text[i], i, i + 1) for i in marks.places_in_bounded_runs(text.text))
    return text.rebuilt(_composed_pieces(text.text))


def _composed_pieces(text: str) -> list[tuple[str, int, int]]:
    """Compose ``text`` piece by piece; a piece ends where composition cannot reach across."""
    pieces: list[tuple[str, int, int]] = []
    start = 0
    for index in range(1, len(text) + 1):
        if index < len(text) and not _begins_piece(text[index]):
            continue
        composed = unicodedata.normalize("NFC", text[start:index])
        pieces.append((composed, start, index))
        start = index
    return pieces


def _begins_piece(char: str) -> bool:
    """Whether ``char`` neither composes with nor is reordered before what stands in front of it."""
    # Starters that compose backwards are spacing marks and Hangul vowels and finals; some marks of class zero
    # (U+0F73) decompose into marks that are reordered.
    return unicodedata.category(char) not in ("Mc", "Mn", "Me") and not 0x1160 <= ord(char) <= 0x11FF


def pattern(term: str, *, starts_word: bool, ends_word: bool) -> str:
    """Fold ``term`` into what to look for in a view, padded where a word has to begin or end.

    Letters of unspaced scripts take no padding; Hangul takes none behind it, where particles follow. The empty
    string where the term folds to nothing.
    """
    folded = view(term).strip()
    if not folded:
        return ""
    left = _SPACE if starts_word and not unspaced.match(folded[0]) else ""
    right = _SPACE if ends_word and not ends_freely.match(folded[-1]) else ""
    return left + folded + right
