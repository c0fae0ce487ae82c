"""The plain view: text as a reader reads it, word by word.

Folds in order: invisible, compatibility, marks, case; then everything that is no letter, digit or kept mark turns
into a separator. The result is ``" word word "``: single spaces, one at each end, so that a pattern with spaces
around it matches whole words only. Scripts without spaces between words take no padding: spaces between two such
letters go (``児童 の`` is ``児童の``), and a space comes between such a letter and one of another script.

Each character folds the same way wherever it stands, so the whole of it is one table look-up a character; only
text that is not in normal form C is composed first. `view` is the fast way, `mapped` the same with a map back.
"""

from __future__ import annotations

import re
import unicodedata

from interceptor.folding import case, compatibility, invisible, marks
from interceptor.folding.mapped import Mapped
from interceptor.folding.scripts import UNSPACED, ends_freely, unspaced

_SPACE = " "
_STOP = "\n"
"""Punctuation: a separator like a space, but one that keeps the words of an unspaced script apart."""

_REMEMBERED = 50_000
"""Characters the table remembers; hostile text of a million different ones must not fill the memory."""


def _fold_char(char: str) -> str:
    """Fold one character through every step until nothing changes."""
    text = char
    for _ in range(4):
        before = text
        text = "".join(map(invisible.fold, text))
        text = "".join(map(compatibility.fold, text))
        text = "".join(map(marks.fold, text))
        text = "".join(map(case.fold, text))
        if text == before:
            break
    return "".join(map(_separate, unicodedata.normalize("NFC", text)))


def _separate(char: str) -> str:
    if char.isspace():
        return _SPACE
    return char if unicodedata.category(char)[0] in "LNM" else _STOP


class _Table(dict[int, str]):
    """Code point to folded text, filled as characters are met."""

    def __missing__(self, code: int) -> str:
        folded = _fold_char(chr(code))
        if len(self) < _REMEMBERED:
            self[code] = folded
        return folded


_table = _Table()
_ascii = {code: _fold_char(chr(code)).replace(_STOP, _SPACE) for code in range(128)}
_joins = re.compile(f"(?<=[{UNSPACED}]) +(?=[{UNSPACED}])")
_borders = re.compile(f"(?<=[{UNSPACED}])(?=[^{UNSPACED}\\s])|(?<=[^{UNSPACED}\\s])(?=[{UNSPACED}])")


def view(text: str) -> str:
    """Fold ``text`` into the plain view; the empty string where no letter or digit is left."""
    if text.isascii():
        words = text.translate(_ascii).split()
    else:
        if not unicodedata.is_normalized("NFC", text):
            text = _composed(text)
        folded = text.translate(_table)
        if unspaced.search(folded):
            folded = _borders.sub(_SPACE, _joins.sub("", folded))
        words = folded.split()
    return f" {' '.join(words)} " if words else ""


def _composed(text: str) -> str:
    """Bring ``text`` into normal form C in linear time, without the marks that are dropped anyway."""
    kept = "".join(
        char for char in text if not marks.is_decoration(char) and not invisible.is_invisible(char)
    )
    return unicodedata.normalize("NFC", marks.bounded_runs(kept))


def mapped(source: str) -> Mapped:
    """Fold ``source`` as `view` does and keep the map back to it."""
    text = Mapped.of(source)
    if not unicodedata.is_normalized("NFC", source):
        text = _composed_mapped(text)
    text = text.replace_each(lambda char: _table[ord(char)])
    if unspaced.search(text.text):
        text = _cut(text, _joins)
        text = text.rebuilt(
            _with_spaces(text.text, [match.start() for match in _borders.finditer(text.text)])
        )
    words = list(re.finditer(r"\S+", text.text))
    if not words:
        return Mapped("", (), ())
    pieces: list[tuple[str, int, int]] = [(_SPACE, 0, 0)]
    for word in words:
        pieces += [(text.text[i], i, i + 1) for i in range(*word.span())]
        pieces.append((_SPACE, word.end(), word.end()))
    return text.rebuilt(pieces)


def _with_spaces(text: str, places: list[int]) -> list[tuple[str, int, int]]:
    pieces: list[tuple[str, int, int]] = []
    wanted = set(places)
    for index, char in enumerate(text):
        if index in wanted:
            pieces.append((_SPACE, index, index))
        pieces.append((char, index, index + 1))
    return pieces


def _cut(text: Mapped, pattern: re.Pattern[str]) -> Mapped:
    dropped = {i for match in pattern.finditer(text.text) for i in range(*match.span())}
    return text.rebuilt((char, i, i + 1) for i, char in enumerate(text.text) if i not in dropped)


def _composed_mapped(text: Mapped) -> Mapped:
    kept = text.rebuilt(
        (char, i, i + 1)
        for i, char in enumerate(text.text)
        if not marks.is_decoration(char) and not invisible.is_invisible(char)
    )
    bounded: list[tuple[str, int, int]] = []
    run = 0
    for index, char in enumerate(kept.text):
        run = run + 1 if unicodedata.combining(char) else 0
        if run <= marks.LONG_RUN:
            bounded.append((char, index, index + 1))
    kept = kept.rebuilt(bounded)
    return kept.rebuilt(_composed_pieces(kept.text))


def _composed_pieces(text: str) -> list[tuple[str, int, int]]:
    """Compose ``text`` piece by piece; a piece ends where composition cannot reach across."""
    pieces: list[tuple[str, int, int]] = []
    start = 0
    for index in range(1, len(text) + 1):
        if index < len(text) and not _begins_piece(text[index - 1], text[index]):
            continue
        composed = unicodedata.normalize("NFC", text[start:index])
        pieces.append((composed, start, index))
        start = index
    return pieces


def _begins_piece(before: str, char: str) -> bool:
    if unicodedata.combining(char):
        return False
    # Starters that compose with what stands before them: Hangul vowels and finals, some Indic vowel signs.
    if 0x1160 <= ord(char) <= 0x11FF:
        return False
    return unicodedata.category(char) not in ("Mc", "Mn") or unicodedata.category(before)[0] not in "LM"


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
