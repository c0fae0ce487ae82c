"""The strip, put into an engine's HTML while it streams past.

The strip goes right behind the ``<body>`` tag or, where that tag is left out, in front of the first token
that makes an HTML parser open a body by itself (WHATWG HTML, section 13.2.6.4: the insertion modes
*initial* to *after head*). Everything else leaves byte for byte as it came.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable

from interceptor.banner.csp import blocks_style
from interceptor.banner.scanning import BodyFinder

_UTF_16 = {
    "utf-16": "utf-16-le",
    "utf-16le": "utf-16-le",
    "csunicode": "utf-16-le",
    "iso-10646-ucs-2": "utf-16-le",
    "ucs-2": "utf-16-le",
    "unicode": "utf-16-le",
    "unicodefeff": "utf-16-le",
    "utf-16be": "utf-16-be",
    "unicodefffe": "utf-16-be",
}
"""Labels of UTF-16 in the WHATWG Encoding Standard; Python's own ``utf-16`` would write a mark."""

_ISO_2022_JP = frozenset({"iso-2022-jp", "csiso2022jp"})
_BOMS = {codecs.BOM_UTF8: "ascii", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_SHIFTS = {b"(B": False, b"(J": False, b"(I": True, b"$@": True, b"$B": True}
"""The escape sequences of ISO-2022-JP (behind ESC): whether the bytes that follow are other than ASCII."""


class StripInserter:
    """Puts a strip into one HTML document.

    ``make(styled, direct)`` gives the strip, in ASCII, once the place is reached: ``styled`` False where a
    policy keeps style out of the page, ``direct`` True where a ``<base>`` would turn our links elsewhere.
    ``csp`` says that a Content-Security-Policy of the response blocks or reports inline style (see
    `interceptor.banner.csp.blocks_style`); policies in ``meta`` tags are seen here. ``charset`` is that of
    the Content-Type, if it names one.

    Nothing is inserted (``inserted`` stays False) into a frameset, a document without a byte, or one that
    ends within a comment, a tag, a script or the like. However long a token grows, only its first few bytes
    are ever held back; a ``meta`` or ``base`` tag above 64 KiB is taken for the kind that asks for caution.
    """

    def __init__(self, make: Callable[[bool, bool], str], *, csp: bool, charset: str | None) -> None:
        self.inserted = False
        self._make, self._csp = make, csp
        self._charset = (charset or "").strip().lower()
        self._finder: BodyFinder | None = BodyFinder()
        self._encoding: str | None = None
        self._held = b""
        self._read = 0
        self._escape: bytes | None = None
        self._shifted = False

    def feed(self, chunk: bytes) -> bytes:
        """Take bytes of the document; give those that can go on."""
        if self._finder is None:
            return chunk
        self._held += chunk
        return self._advance(self._finder, final=False)

    def close(self) -> bytes:
        """The document has ended; give what was still held back."""
        if self._finder is None:
            return b""
        passed = self._advance(self._finder, final=True)
        if not self.inserted:
            passed += self._pass(*self._finder.finish()) + self._held
        self._finder, self._held = None, b""
        return passed

    def _advance(self, finder: BodyFinder, *, final: bool) -> bytes:
        mark = b""
        if self._encoding is None:
            if not final and any(whole != self._held and whole.startswith(self._held) for whole in _BOMS):
                return b""
            mark = self._settle_encoding()
        fresh = self._held[self._read :]
        fresh = fresh[: len(fresh) // self._width * self._width]
        self._read += len(fresh)
        passed = mark + self._pass(*finder.feed(self._units(fresh)))
        if finder.gave_up:
            passed, self._held, self._finder = passed + self._held, b"", None
        return passed

    def _settle_encoding(self) -> bytes:
        """Tell the encoding; a byte order mark, which is taken off, goes before the Content-Type."""
        self._encoding = _UTF_16.get(self._charset, "ascii")
        for mark, encoding in _BOMS.items():
            if self._held.startswith(mark):
                self._encoding, self._charset = encoding, "told by its mark"
                self._held = self._held[len(mark) :]
                return mark
        return b""

    @property
    def _width(self) -> int:
        """Bytes in a code unit."""
        return 1 if self._encoding == "ascii" else 2

    def _units(self, fresh: bytes) -> bytes:
        """``fresh`` as the finder wants it: a byte for each code unit, ``0x80`` for any that is not ASCII."""
        if self._width == 2:
            low, high = (
                (fresh[0::2], fresh[1::2]) if self._encoding == "utf-16-le" else (fresh[1::2], fresh[0::2])
            )
            return bytes(byte if above == 0 else 0x80 for byte, above in zip(low, high, strict=True))
        # Without a declared charset the document itself may declare ISO-2022-JP; nothing else holds ESC.
        if self._charset not in ("", *_ISO_2022_JP) or not (
            self._shifted or self._escape is not None or b"\x1b" in fresh
        ):
            return fresh
        return bytes(map(self._shift, fresh))

    def _shift(self, byte: int) -> int:
        """One byte of ISO-2022-JP, where escape sequences switch what the following bytes mean."""
        if self._escape is not None:
            self._escape += bytes((byte,))
            if len(self._escape) == 2:
                self._shifted = _SHIFTS.get(self._escape, self._shifted)
                self._escape = None
            return 0x80
        if byte == 0x1B:
            self._escape = b""
            return 0x80
        return 0x80 if self._shifted else byte

    def _pass(self, units: int, found: bool) -> bytes:
        """Let ``units`` of what is held go on, and behind them the strip if the place is ``found``."""
        size = units * self._width
        passed, self._held = self._held[:size], self._held[size:]
        self._read -= size
        if found and self._finder is not None:
            finder, self._finder = self._finder, None
            blocked = self._csp or finder.policies is None or blocks_style(finder.policies)
            strip = self._make(not blocked, finder.base).encode(self._encoding or "ascii")
            passed, self._held, self.inserted = passed + strip + self._held, b"", True
        return passed
