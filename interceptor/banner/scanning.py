"""Where the body of a streamed HTML document begins.

The tokenizer follows WHATWG HTML, section 13.2.5, as far as it takes to tell markup from text in front of a
body: comments, doctypes, tags with quoted attributes, the escaped states of scripts, raw text elements and
templates. It works on *units*: one byte for each code unit of the document, ASCII as itself, anything else
as ``0x80``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

MAX_ATTRIBUTES = 65_536
"""Units of one tag's attributes that are kept to be read; only ``meta`` and ``base`` are read at all."""

_LONGEST_NAME = 10
"""The longest element name that is told apart; of a longer one it is enough to know that it is longer."""

_NO_BODY = frozenset({b"html", b"head", b"base", b"basefont", b"bgsound", b"link", b"meta"})
_RAW_TEXT = frozenset({b"title", b"style", b"script", b"noscript", b"noframes"})
_RAW_TEXT_IN_TEMPLATE = _RAW_TEXT | {b"textarea", b"xmp", b"iframe", b"noembed"}
_END_TAGS_FOR_BODY = frozenset({b"body", b"html", b"br"})

_SPACE = re.compile(rb"[\t\n\f\r ]*")
_NAME = re.compile(rb"[^\t\n\f\r />]*")
_COMMENT_END = re.compile(rb"--!?>")
_SCRIPT_MARK = re.compile(rb"<!--|-->|<(/?)script(?=[\t\n\f\r />])", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    rb"([^\t\n\f\r />][^\t\n\f\r />=]*)[\t\n\f\r ]*(?:=[\t\n\f\r ]*(\"[^\"]*\"|'[^']*'|[^\t\n\f\r >]*))?"
)
# The parts of a tag behind its name, each with what ends it.
_BEFORE_NAME = re.compile(rb"[\t\n\f\r /]*")
_IN_NAME = re.compile(rb"[^\t\n\f\r />=]*")
_UNQUOTED = re.compile(rb"[^\t\n\f\r >]*")

_Step = Callable[[int], int | None]


class BodyFinder:
    """Finds the place for something that is to stand first in the body; fed with units as they come.

    ``feed`` and ``finish`` answer how many of the units held back may go on, and whether the place is right
    behind them. No more than a dozen units are ever held back. ``policies`` are the Content-Security-Policies
    of the ``meta`` tags passed (None once one of them was too long to read), ``base`` tells whether a
    ``<base href>`` was passed.
    """

    def __init__(self) -> None:
        self.policies: list[str] | None = []
        self.base = False
        self._pending = b""
        self._state: _Step | None = self._data
        self._found = False
        self._seen = False
        self._templates = 0
        self._raw = re.compile(rb"")
        self._raw_length = 0
        self._escaped = self._doubly = False
        self._tag = b""
        self._attributes: bytearray | None = None
        self._after_tag: _Step | None = None

    @property
    def gave_up(self) -> bool:
        """Whether the document has no place: it is a frameset, or plain text to its end."""
        return self._state is None and not self._found

    def feed(self, units: bytes) -> tuple[int, bool]:
        """Take more units; answer (how many may go on, whether the place is behind them)."""
        self._pending += units
        self._seen = self._seen or bool(units)
        position = 0
        while self._state is not None and not self._found and position < len(self._pending):
            attributes = self._attributes
            step = self._state(position)
            if step is None:
                break
            if attributes is not None and len(attributes) <= MAX_ATTRIBUTES:
                attributes += self._pending[position:step]
            position = step
            if self._tag and self._state == self._data:
                self._note_tag()
        if self.gave_up:
            position = len(self._pending)
        self._pending = self._pending[position:]
        return position, self._found

    def finish(self) -> tuple[int, bool]:
        """The document ends; between tokens of a head this is a place too."""
        in_head = self._state == self._data and not self._templates
        return (0, True) if in_head and self._seen else (len(self._pending), False)

    def _place_here(self, position: int) -> int:
        self._found = True
        return position

    def _data(self, position: int) -> int | None:
        """Between tokens."""
        if self._templates:
            if (start := self._pending.find(b"<", position)) != position:
                return start if start >= 0 else len(self._pending)
        elif (start := _end(_SPACE, self._pending, position)) != position:
            return start
        head = self._pending[position : position + 4]
        if head[:1] != b"<":
            return self._place_here(position)
        if head in (b"<", b"</", b"<!", b"<!-"):
            return None
        if head == b"<!--":
            self._state = self._comment_start
            return position + 2
        if head[1:2].isalpha():
            return self._start_tag(position)
        if head[:2] == b"</" and head[2:3].isalpha():
            return self._end_tag(position)
        if head[:2] in (b"<!", b"<?", b"</"):
            self._state = self._bogus_comment
            return position + 2
        return position + 1 if self._templates else self._place_here(position)

    def _name_at(self, position: int) -> bytes | None:
        """The element name at ``position``, in lower case and cut where too long; None until it is whole."""
        end = _end(_NAME, self._pending, position)
        if end == len(self._pending) and end - position <= _LONGEST_NAME:
            return None
        return self._pending[position : min(end, position + _LONGEST_NAME + 1)].lower()

    def _start_tag(self, position: int) -> int | None:
        name = self._name_at(position + 1)
        if name is None:
            return None
        after: _Step | None = self._data
        if name in (_RAW_TEXT_IN_TEMPLATE if self._templates else _RAW_TEXT):
            after = self._enter_raw_text(name)
        elif name == b"template":
            self._templates += 1
        elif self._templates:
            after = None if name == b"plaintext" else self._data
        elif name == b"body":
            after = self._body_begun
        elif name == b"frameset":
            self._state = None
            return position
        elif name not in _NO_BODY:
            return self._place_here(position)
        if name in (b"meta", b"base") and not self._templates:
            self._tag, self._attributes = name, bytearray()
        self._enter_tag(after)
        return position + 1 + len(name)

    def _end_tag(self, position: int) -> int | None:
        name = self._name_at(position + 2)
        if name is None:
            return None
        if self._templates:
            self._templates -= name == b"template"
        elif name in _END_TAGS_FOR_BODY:
            return self._place_here(position)
        self._enter_tag(self._data)
        return position + 2 + len(name)

    def _body_begun(self, position: int) -> int:
        return self._place_here(position)

    def _bogus_comment(self, position: int) -> int:
        """A doctype, a processing instruction, or what else ends at the next ``>``."""
        end = self._pending.find(b">", position)
        if end < 0:
            return len(self._pending)
        self._state = self._data
        return end + 1

    def _comment_start(self, position: int) -> int | None:
        """At the two hyphens of ``<!--``, which may be the hyphens of ``-->`` as well."""
        for short in (b"-->", b"--->"):
            if self._pending.startswith(short, position):
                self._state = self._data
                return position + len(short)
        if len(self._pending) - position < 4 and b"--->".startswith(self._pending[position:]):
            return None
        self._state = self._comment
        return position + 2

    def _comment(self, position: int) -> int | None:
        match = _COMMENT_END.search(self._pending, position)
        if match is None:
            return self._all_but(3, position)
        self._state = self._data
        return match.end()

    def _enter_raw_text(self, name: bytes) -> _Step:
        self._escaped = self._doubly = False
        self._raw = re.compile(rb"</" + name + rb"(?=[\t\n\f\r />])", re.IGNORECASE)
        self._raw_length = len(name) + 2
        return self._script if name == b"script" else self._raw_text

    def _raw_text(self, position: int) -> int | None:
        match = self._raw.search(self._pending, position)
        if match is None:
            return self._all_but(self._raw_length, position)
        self._enter_tag(self._data)
        return match.end()

    def _script(self, position: int) -> int | None:
        """Inside a script; ``<!--`` and a second ``<script`` can make it outlast its first end tag."""
        match = _SCRIPT_MARK.search(self._pending, position)
        if match is None:
            return self._all_but(len(b"</script"), position)
        mark = match[0].lower()
        if mark == b"<!--":
            self._escaped = True
            return match.start() + 2  # its hyphens may be those of "-->"
        if mark == b"-->":
            self._escaped = self._doubly = False
        elif mark == b"<script":
            self._doubly = self._escaped
        elif self._doubly:
            self._doubly = False
        else:
            self._enter_tag(self._data)
        return match.end()

    def _enter_tag(self, after: _Step | None) -> None:
        self._state, self._after_tag = self._before_name, after

    def _close_tag(self, position: int) -> int:
        self._state = self._after_tag
        if self._state == self._body_begun:
            self._found = True
        return position + 1

    def _before_name(self, position: int) -> int:
        end = _end(_BEFORE_NAME, self._pending, position)
        if end == len(self._pending):
            return end
        if self._pending[end] == ord(">"):
            return self._close_tag(end)
        self._state = self._in_name
        return end + 1  # even "=": here it begins a name

    def _in_name(self, position: int) -> int:
        end = _end(_IN_NAME, self._pending, position)
        if end < len(self._pending):
            self._state = self._after_name
        return end

    def _after_name(self, position: int) -> int:
        end = _end(_SPACE, self._pending, position)
        if end < len(self._pending):
            is_value = self._pending[end] == ord("=")
            self._state = self._before_value if is_value else self._before_name
            return end + is_value
        return end

    def _before_value(self, position: int) -> int:
        end = _end(_SPACE, self._pending, position)
        if end == len(self._pending):
            return end
        sign = self._pending[end : end + 1]
        if sign == b">":
            return self._close_tag(end)
        if sign in (b'"', b"'"):
            self._state = self._in_double_quotes if sign == b'"' else self._in_single_quotes
            return end + 1
        self._state = self._unquoted
        return end

    def _in_double_quotes(self, position: int) -> int:
        return self._past_quote(b'"', position)

    def _in_single_quotes(self, position: int) -> int:
        return self._past_quote(b"'", position)

    def _past_quote(self, quote: bytes, position: int) -> int:
        end = self._pending.find(quote, position)
        if end < 0:
            return len(self._pending)
        self._state = self._before_name
        return end + 1

    def _unquoted(self, position: int) -> int:
        end = _end(_UNQUOTED, self._pending, position)
        if end < len(self._pending):
            self._state = self._before_name
        return end

    def _all_but(self, count: int, position: int) -> int | None:
        """Let all units go on but the last ``count``, which may begin what is being looked for."""
        end = len(self._pending) - count
        return end if end > position else None

    def _note_tag(self) -> None:
        """Read the ``meta`` or ``base`` tag that has just ended."""
        name, self._tag = self._tag, b""
        source, self._attributes = self._attributes or b"", None
        found = _attributes(bytes(source))
        if name == b"base":
            self.base = self.base or "href" in found or len(source) > MAX_ATTRIBUTES
        elif len(source) > MAX_ATTRIBUTES:
            self.policies = None
        elif (
            found.get("http-equiv", "").strip().lower() == "content-security-policy"
            and self.policies is not None
        ):
            self.policies.append(found.get("content", ""))


def _end(pattern: re.Pattern[bytes], units: bytes, position: int) -> int:
    """Where the run of ``pattern`` (which matches nothing too) at ``position`` ends."""
    match = pattern.match(units, position)
    return match.end() if match else position


def _attributes(source: bytes) -> dict[str, str]:
    """The attributes of a tag, from what stands behind its name; of two with one name the first counts."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(source.removesuffix(b">")):
        value = (match[2] or b"").decode("latin-1")
        if value[:1] in ("'", '"'):
            value = value[1:-1]
        found.setdefault(match[1].decode("latin-1").lower(), html.unescape(value))
    return found
