"""What scripts tell: which letters stand in words without spaces between them, and which script a text is in."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u0f00-\u0fff"  # Tibetan
    "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f"  # Myanmar
    "\u1780-\u17ff\u19e0-\u19ff"  # Khmer
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c"  # ideographic iteration and number signs
    "\u3040-\u30ff\u31f0-\u31ff"  # Hiragana, Katakana
    "\u3100-\u312f\u31a0-\u31bf"  # Bopomofo
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"  # Han
    "\ua000-\ua4cf"  # Yi
    "\U0001b000-\U0001b16f"  # Kana supplement
    "\U00020000-\U0003ffff"  # Han, supplementary planes
)
"""Scripts written without spaces between words, as the inside of a regular expression's character class."""

HANGUL = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7ff"
"""Korean letters: words begin at a space, particles follow without one."""

unspaced = re.compile(f"[{UNSPACED}]")
ends_freely = re.compile(f"[{UNSPACED}{HANGUL}]")

_ISO_15924 = {
    "LATIN": "Latn",
    "FULLWIDTH": "Latn",
    "CYRILLIC": "Cyrl",
    "GREEK": "Grek",
    "ARABIC": "Arab",
    "HEBREW": "Hebr",
    "DEVANAGARI": "Deva",
    "BENGALI": "Beng",
    "TAMIL": "Taml",
    "TELUGU": "Telu",
    "THAI": "Thai",
    "HANGUL": "Hang",
    "HIRAGANA": "Jpan",
    "KATAKANA": "Jpan",
    "CJK": "Hani",
    "GEORGIAN": "Geor",
    "ARMENIAN": "Armn",
}

_SCRIPT_SAMPLE = 256
"""Letters that are looked at: a script shows itself soon."""


def script_of(text: str) -> str | None:
    """Tell the script that most letters of ``text`` are in, as an ISO 15924 code, or None without letters.

    Kana anywhere tells Japanese (``Jpan``), whatever else stands beside it; Han alone is ``Hani``.
    """
    seen: Counter[str] = Counter()
    for char in text[: _SCRIPT_SAMPLE * 4]:
        if char.isalpha():
            word = unicodedata.name(char, "").partition(" ")[0]
            if code := _ISO_15924.get(word):
                seen[code] += 1
                if sum(seen.values()) >= _SCRIPT_SAMPLE:
                    break
    if seen["Jpan"]:
        return "Jpan"
    return seen.most_common(1)[0][0] if seen else None
