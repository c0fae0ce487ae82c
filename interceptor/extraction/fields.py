"""Named fields: which names are looked at, what was found under them, and query strings that hold them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from interceptor.errors import MalformedError
from interceptor.extraction.charsets import codec_for, well_formed
from interceptor.extraction.decoding import LEVELS, unquote

_CHARSET_NAMES = ("_charset_", "charset", "encoding", "ie")
"""Fields that name the encoding of the others: ``_charset_`` by the HTML Standard, the rest by custom."""
_MOST_CODECS = 4
_JOINED = str.maketrans(". ", "__")
_UNUSUAL = re.compile(r"[^a-z0-9_-]")


class Findings:
    """The values of configured parameters found in one place, and the encodings named there."""

    __slots__ = ("codecs", "encoded", "octets")

    def __init__(self) -> None:
        self.encoded: list[str] = []
        """Values as a query string or form holds them, octets as Latin-1 text."""
        self.octets: list[tuple[bytes, tuple[str, ...] | None]] = []
        """Values that need no such decoding, each with the codecs that it alone names; None: it is UTF-8."""
        self.codecs: list[str] = []
        """Python names of text codecs other than UTF-8."""

    def __bool__(self) -> bool:
        return bool(self.encoded or self.octets)

    def add_text(self, text: str) -> None:
        """Add a value whose encoding is settled."""
        self.octets.append((well_formed(text).encode("utf-8"), None))

    def add_charset(self, label: str) -> None:
        """Add the encoding that ``label`` names, where it is known."""
        codec = codec_for(label)
        if codec and codec not in self.codecs and len(self.codecs) < _MOST_CODECS:
            self.codecs.append(codec)


class Names:
    """The names of a search's parameters, compared as the most lenient engine compares them.

    Case is ignored, escapes are undone, white space around a name is dropped, ``q[]`` and ``q[0]`` are ``q``
    (PHP, Rails), dots and spaces are underscores and a name ends at a NUL (PHP).
    """

    __slots__ = ("_only", "_wanted")

    def __init__(self, parameters: Iterable[str]) -> None:
        self._wanted = dict.fromkeys(_CHARSET_NAMES, False)
        for name in parameters:
            self._wanted[_folded(name if name.isascii() else octets_as_text(name.encode("utf-8")))] = True
        self._only = _only(self._wanted)

    def get(self, name: str) -> bool | None:
        """Tell whether ``name`` (octets as Latin-1) is a parameter (True) or names an encoding (False)."""
        wanted = self._wanted.get(name)
        if wanted is None and _UNUSUAL.search(name):
            name = _folded(name)
            wanted = self._wanted.get(name)
            if wanted is None and "[" in name:
                wanted = self._wanted.get(name[: name.index("[")].rstrip("_"))
        return wanted

    def only(self, text: str) -> str | None:
        """The only value that `scan` finds in the query string ``text``, where that is told at one glance.

        It is ASCII and holds no escape but ``+``. None where the text has to be looked at field by field.
        """
        found = self._only(text)
        return found[1] if found else None


def octets_as_text(octets: bytes) -> str:
    """Return ``octets`` as text of as many characters (Latin-1), in which names and separators are found."""
    return octets.decode("latin-1")


def _only(wanted: Mapping[str, bool]) -> Callable[[str], re.Match[str] | None]:
    """What matches a query string with one field of a parameter, and others of usual names that are none of ours."""
    ours = "|".join(map(re.escape, wanted))
    parameters = "|".join(re.escape(name) for name, is_parameter in wanted.items() if is_parameter)
    value = "[!\"$'-:<-~]"  # what can be seen of ASCII but '#', '%', '&' and ';'
    other = rf"(?!(?:{ours})(?:[=&]|\Z))[a-z0-9_-]+(?:={value}*)?"
    return re.compile(
        rf"(?:{other}&)*(?:{parameters})=({value}+)(?:&{other})*" if parameters else "(?!)"
    ).fullmatch


def _folded(name: str) -> str:
    for _ in range(LEVELS):
        if "%" not in name:
            break
        name = octets_as_text(unquote(name))
    name = name.partition("\0")[0].replace("+", " ").lstrip("?").strip()
    return name.lower().translate(_JOINED)


def scan(text: str, names: Names, findings: Findings, most: int | None) -> None:
    """Add to ``findings`` what the query string or form ``text`` (octets as Latin-1) holds under ``names``.

    Fields end at ``&``; what a ``;`` parts is looked at both whole and parted, since engines differ. Raises
    `MalformedError` above ``most`` fields, which is bounded as PHP (``max_input_vars``) and Django
    (``DATA_UPLOAD_MAX_NUMBER_FIELDS``) bound it; None means no bound.
    """
    if most is not None and len(text) > most and text.count("&") + text.count(";") >= most:
        raise MalformedError
    pieces = text.split("&")
    if ";" in text:
        pieces += [part for piece in pieces if ";" in piece for part in piece.split(";")]
    for piece in pieces:
        name, _, value = piece.partition("=")
        if value:
            wanted = names.get(name)
            if wanted:
                findings.encoded.append(value)
            elif wanted is False:
                findings.add_charset(value)
