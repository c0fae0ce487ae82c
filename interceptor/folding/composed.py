"""Whether a text is in normal form C already, told faster than `unicodedata.is_normalized` tells it.

That function composes the whole text wherever a single character *may* compose with the one before it, which is so
of nearly every Bengali text and of Russian ones with a stress mark. Here one search looks for two neighbours that do
compose or would change places. It may find such where there are none, never the other way round; then the exact
answer is asked for.
Source: Unicode Standard Annex #15, section 9; the decompositions are those of `unicodedata`.
"""

from __future__ import annotations

import re
import unicodedata

_SCANNED = range(0x80, 0x3100)
_LATER = "\u3100-\u33ff\u4dc0-\u4dff\ua000-\uabff\ud7a4-\uff00\uff9e-\U0010ffff"
"""Code points behind those that are looked at one by one, but for Han, Hangul syllables and fullwidth forms, which
stay as they are: never settled unseen."""


def _unsettled() -> re.Pattern[str]:
    changed, marks = [], []
    firsts, seconds = set(), set()
    for char in map(chr, _SCANNED):
        if unicodedata.combining(char):
            marks.append(char)
        parts = unicodedata.normalize("NFD", char)
        if unicodedata.normalize("NFC", char) != char or 0x1100 <= ord(char) <= 0x11FF:
            changed.append(char)
        elif len(parts) > 1:
            # The last of them joined what the others make.
            firsts.add(unicodedata.normalize("NFC", parts[:-1]))
            seconds.add(parts[-1])

    def any_of(chars: list[str] | set[str]) -> str:
        return "".join(map(re.escape, sorted(chars)))

    return re.compile(
        f"[{any_of(changed)}{_LATER}]|[{any_of(firsts)}][{any_of(seconds)}]|[{any_of(marks)}]{{2}}"
    )


_unsettled_search = _unsettled().search


def is_composed(text: str) -> bool:
    """Whether ``text`` is in normal form C."""
    return not _unsettled_search(text) or unicodedata.is_normalized("NFC", text)
