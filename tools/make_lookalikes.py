"""Make interceptor/folding/data/lookalikes.txt from Unicode's confusables.txt (Unicode Technical Standard #39).

The file is published by the Unicode Consortium with every version, and comes with the source of ICU as
source/data/unidata/confusables.txt (Debian: apt-get source icu).

    python tools/make_lookalikes.py confusables.txt > interceptor/folding/data/lookalikes.txt
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from interceptor.folding import plain

HEADER = """\
# Characters that are drawn like a Latin letter or a digit. Read by interceptor/folding/lookalikes.py.
# Source: confusables.txt of Unicode Technical Standard #39, version {version}, dated {date}; copyright Unicode, Inc.,
# used under LICENSE-UNICODE.txt. Made by tools/make_lookalikes.py, which tells what is kept.
"""

_ONE = re.compile("[a-z0-9]")

_READ = {"\ua793": "e"}
"""A prototype (c with bar, of epsilon and of Ukrainian ie) that the plain view folds to another letter than is read."""


def _plain(text: str) -> str:
    return plain.view(text).strip()


def prototypes(lines: Iterable[str]) -> dict[str, str]:
    """Read the rows of confusables.txt that lead from one character to its prototype."""
    found = {}
    for line in lines:
        source, *rest = (field.strip() for field in line.partition("#")[0].split(";"))
        if rest and " " not in source:
            found[chr(int(source, 16))] = "".join(chr(int(code, 16)) for code in rest[0].split())
    return found


def lookalikes(found: dict[str, str]) -> dict[str, str]:
    """Keep what is drawn like one letter or digit, is not ASCII itself and does not fold to ASCII anyway.

    Unicode takes l, I, 1 and | for one; a capital whose small letter is drawn like i is an I (Cyrillic and Greek
    iota). What a character folds to takes its letter where it is like nothing itself: readers of ``к`` know ``К``.
    """
    kept = {}
    for char, prototype in found.items():
        letter = _READ.get(prototype.lower()) or _plain(prototype)
        if char.isascii():
            continue
        if _ONE.fullmatch(letter) and not (_plain(char) and _plain(char).isascii()):
            kept[char] = letter
    for char, letter in sorted(kept.items()):
        folded = _plain(char)
        if letter == "l" and kept.get(folded) == "i":
            kept[char] = "i"
        elif len(folded) == 1:
            kept.setdefault(folded, letter)
    return kept


def rows(kept: dict[str, str]) -> list[str]:
    """The lines of the data file: code point, letter, name."""
    return [f"{ord(char):04X} {kept[char]} {unicodedata.name(char, 'unnamed')}" for char in sorted(kept)]


def main() -> None:
    """Print the data file for the confusables.txt that the first argument names."""
    text = Path(sys.argv[1]).read_text(encoding="utf-8-sig")
    version, date = (
        re.search(rf"^# {key}: (\S+?),?(?:\s|$)", text, re.MULTILINE) for key in ("Version", "Date")
    )
    assert version, "no version in the file's head"
    assert date, "no date in the file's head"
    sys.stdout.write(HEADER.format(version=version[1], date=date[1]))
    sys.stdout.writelines(f"{row}\n" for row in rows(lookalikes(prototypes(text.splitlines()))))


if __name__ == "__main__":
    main()
