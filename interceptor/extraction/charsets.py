"""Character sets: the labels that a request may name, and the texts that its octets may stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from encodings.aliases import aliases

_NOT_TEXT = frozenset(
    {"base64_codec", "bz2_codec", "hex_codec", "mbcs", "quopri_codec", "rot_13", "uu_codec", "zlib_codec"}
)
"""Python codecs that turn octets into octets, or that exist on one system only."""

_SUPERSETS = {
    "ascii": "cp1252",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859_9": "cp1254",
    "latin_1": "cp1252",
    "shift_jis": "cp932",
    "tis_620": "cp874",
}
"""What browsers read under a narrower label (WHATWG Encoding Standard, section 4.2)."""

# A fixed table, because codecs.lookup() imports modules by the name it is given and remembers every name that
# it could not find: a request's text would choose the import and stay in memory.
_CODECS = {
    label: _SUPERSETS.get(codec, codec)
    for label, codec in (
        *aliases.items(),
        *((codec, codec) for codec in set(aliases.values())),
        *((name, name) for name in ("cp720", "cp737", "cp856", "cp874", "cp875", "koi8_t", "koi8_u")),
        ("sjis", "shift_jis"),
        ("windows_874", "cp874"),
        ("windows_31j", "cp932"),
        ("windows_949", "cp949"),
    )
    if codec not in _NOT_TEXT
}
_LONGEST_LABEL = 40
_LABEL_BREAK = re.compile(r"[^a-z0-9]+")

_LEGACY_SINGLE = (
    *("cp1252", "cp1251", "koi8_r", "cp1250", "cp1254", "cp1256"),
    *("cp1253", "cp1255", "cp1257", "cp1258", "cp874"),
)
_LEGACY_MULTIPLE = ("gb18030", "cp932", "euc_jp", "big5hkscs", "cp949")
"""With the single-octet ones: the encodings that browsers fall back to, locale by locale (HTML Standard,
section 13.2.3.2, "determining the character encoding"), and the two that are common in Russian and Japanese
besides."""

_ASCII = bytes(range(0x20, 0x7F))


def codec_for(label: str) -> str | None:
    """Return the Python text codec that a character set's label names; None for UTF-8 and for unknown labels.

    UTF-8 is None because it is always tried, named or not.
    """
    if len(label) > _LONGEST_LABEL or not label.isascii():
        return None
    key = _LABEL_BREAK.sub("_", label.lower()).strip("_")
    codec = _CODECS.get(key) or _CODECS.get(key.removeprefix("x_"))
    return None if codec in ("utf_8", "utf_8_sig") else codec


def keeps_ascii(codec: str) -> bool:
    """Tell whether ``codec`` reads ASCII as ASCII, so that ``&`` and ``=`` stand where they seem to."""
    return _ASCII.decode(codec, "replace") == _ASCII.decode("ascii")


def texts_of(octets: bytes, codecs: Sequence[str] = (), *, guess: bool = True) -> Iterator[str]:
    """Yield the texts that ``octets`` may stand for, the likeliest first, not all of them distinct.

    UTF-8 comes first and then each of ``codecs`` (what the request says). Octets that are not UTF-8 are also
    read as lenient engines read them, with the faulty ones replaced or dropped, and where ``guess`` holds in
    the encodings that browsers used before UTF-8: at most twenty texts beside ``codecs``.
    """
    try:
        yield octets.decode("utf-8")
        guess = False
    except UnicodeDecodeError:
        yield octets.decode("utf-8", "replace")
        yield octets.decode("utf-8", "ignore")
    for codec in codecs:
        yield well_formed(octets.decode(codec, "replace"))
    if b"\x1b" in octets:
        yield octets.decode("iso2022_jp_2", "replace")
    if not guess:
        return
    if octets.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield well_formed(octets.decode("utf-16", "replace"))
    for codec in _LEGACY_SINGLE:
        yield octets.decode(codec, "replace")
    for codec in _LEGACY_MULTIPLE:
        try:
            yield octets.decode(codec)
        except UnicodeDecodeError:  # only a clean reading is a likely one
            continue


def well_formed(text: str) -> str:
    """Return ``text`` with pairs of surrogates joined and lone ones replaced by U+FFFD."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
