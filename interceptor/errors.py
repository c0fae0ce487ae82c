"""What can go wrong, as one tree of exceptions.

No message here ever holds a query, a term of a list, or an address of a peer: callers log and print these
messages. A message names where the fault is (``file:line``), what is wrong and what to do about it.
"""

from __future__ import annotations

from dataclasses import dataclass


class InterceptorError(Exception):
    """Base of every exception that this package raises on purpose."""


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing wrong with a file: where it stands, what it is, how to mend it."""

    file: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.what}. {self.remedy}"


class FaultyFileError(InterceptorError):
    """A file that a person wrote cannot be used; ``mistakes`` holds every fault found in it."""

    def __init__(self, *mistakes: Mistake) -> None:
        self.mistakes = tuple(sorted(mistakes))
        super().__init__("\n".join(map(str, self.mistakes)))


class ConfigError(FaultyFileError):
    """The configuration is at fault."""


class TermListError(FaultyFileError):
    """A term list is at fault."""


class TicketError(InterceptorError):
    """A ticket is forged, expired, or was sealed with another key."""


class ExtractionError(InterceptorError):
    """A request cannot be read far enough to know what was searched; ``status`` is the HTTP answer."""

    status = 400

    def __init__(self) -> None:
        super().__init__((self.__doc__ or "").strip().partition("\n")[0])


class MalformedError(ExtractionError):
    """The request's body is not what its content type says."""


class BodyTooLargeError(ExtractionError):
    """The request's body is larger than a search may be."""

    status = 413


class TargetTooLongError(ExtractionError):
    """The request's target is longer than a search may be."""

    status = 414


class EncodingRefusedError(ExtractionError):
    """The request's body comes in a content coding or character set that cannot be read."""

    status = 415


class StartError(InterceptorError):
    """The service cannot start: an address is taken, a socket's folder is missing, a key is unreadable."""


class CallError(InterceptorError):
    """A command is called with something that it cannot use."""
