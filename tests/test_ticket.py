"""Sealed tickets: what goes in comes out, and nothing else opens."""

from __future__ import annotations

import base64
import string
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from interceptor.binding import parse_duration
from interceptor.errors import StartError, TicketError
from interceptor.ticket import GRAINS, MAX_PRIOR, Names, Ticket, TicketBox, load_key
from interceptor.vocabulary import Category

HOUR = timedelta(hours=1)
KEY = bytes(range(32))
NOW = 1_790_000_000.0
LANGUAGES = ("en", "fi", "zh-Hant", "pt-BR")
MESSAGES = ("neutral", "harm-legal", "legal-loss")
PLANS = ("weighted-0123456789", "fixed-0123456789")
NAMES = Names(LANGUAGES, MESSAGES, PLANS)
ALPHABET = string.ascii_letters + string.digits + "-_"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


def box(
    clock: Callable[[], float] = lambda: NOW,
    key: bytes = KEY,
    lifetime: timedelta = HOUR,
    names: Names = NAMES,
) -> TicketBox:
    return TicketBox(key, lifetime, names, clock=clock)


def mint(tickets: TicketBox, language: str = "fi", prior: int = 1) -> tuple[str, Ticket]:
    return tickets.mint(
        category=Category.SEEKING,
        language=language,
        message="harm-legal",
        plan=PLANS[1],
        prior=prior,
    )


def refused(tickets: TicketBox, text: str) -> bool:
    try:
        tickets.open(text)
    except TicketError as error:
        assert len(text) < 10 or text not in f"{error!r} {error}"
        assert error.__cause__ is None
        return True
    return False


TEXT, _ = mint(box())


@given(
    category=st.sampled_from(Category),
    language=st.sampled_from(LANGUAGES),
    message=st.sampled_from(MESSAGES),
    plan=st.sampled_from(PLANS),
    prior=st.integers(-5, 9),
)
def test_what_was_sealed_is_what_is_opened(
    category: Category, language: str, message: str, plan: str, prior: int
) -> None:
    text, ticket = box().mint(category=category, language=language, message=message, plan=plan, prior=prior)
    assert box().open(text) == ticket
    assert (ticket.category, ticket.language, ticket.message, ticket.plan) == (
        category,
        language,
        message,
        plan,
    )
    assert ticket.prior == min(max(prior, 0), MAX_PRIOR)
    assert set(text) <= set(ALPHABET)


def test_it_is_short_enough_for_an_address() -> None:
    text, _ = mint(box(), language="zh-Hant")
    assert len(text) == 50


def test_no_two_are_alike() -> None:
    minted = [mint(box()) for _ in range(500)]
    assert len({text for text, _ in minted}) == len({ticket.serial for _, ticket in minted}) == 500


def test_any_changed_bit_is_refused() -> None:
    sealed = base64.urlsafe_b64decode(TEXT + "=" * (-len(TEXT) % 4))
    for bit in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        assert refused(box(), base64.urlsafe_b64encode(changed).rstrip(b"=").decode())


def test_any_changed_cut_or_added_character_is_refused() -> None:
    for place in range(len(TEXT)):
        for char in {"A", "_", "-", "/", "+", "=", " ", "\0", "é", "%"} - {TEXT[place]}:
            assert refused(box(), TEXT[:place] + char + TEXT[place + 1 :])
            assert refused(box(), TEXT[:place] + char + TEXT[place:])
        assert refused(box(), TEXT[:place])
        assert refused(box(), TEXT[:place] + TEXT[place + 1 :])


def test_one_ticket_has_one_spelling() -> None:
    for _ in range(3):
        text, ticket = mint(box())
        assert box().open(text) == ticket
        for other in (
            *(text + "=" * n for n in range(1, 5)),
            *(text + end for end in ("\n", " ", "%3D", "\0")),
            " " + text,
            text.replace("-", "+").replace("_", "/") + "=",
            text + "A",
            text + "AAAA",
        ):
            assert refused(box(), other)
        spellings = [text[:-1] + char for char in ALPHABET]
        assert [spelling for spelling in spellings if not refused(box(), spelling)] == [text]


def test_another_key_does_not_open_it() -> None:
    assert refused(box(key=bytes(32)), TEXT)
    assert not refused(box(), TEXT)


@pytest.mark.parametrize(
    "names",
    [
        Names(LANGUAGES[::-1], MESSAGES, PLANS),
        Names(LANGUAGES, MESSAGES[:2], PLANS),
        Names(LANGUAGES, MESSAGES, PLANS[:1]),
        Names(LANGUAGES, MESSAGES, ("weighted-9876543210", PLANS[1])),
        Names((*LANGUAGES, MESSAGES[0]), MESSAGES[1:], PLANS),
    ],
)
def test_another_configuration_does_not_open_it(names: Names) -> None:
    assert refused(box(names=names), TEXT)


def test_a_name_that_is_not_in_the_table_is_not_sealed() -> None:
    with pytest.raises(KeyError):
        mint(box(), language="sv")


def test_a_table_has_room_for_what_a_ticket_can_number() -> None:
    many = tuple(f"m{number}" for number in range(257))
    Names(many[:256], many[:256], PLANS)
    for names in ((many, MESSAGES, PLANS), (LANGUAGES, many, PLANS), (LANGUAGES, MESSAGES, many[:3])):
        with pytest.raises(ValueError, match="more names"):
            Names(*names)


def test_it_expires_after_its_lifetime_and_within_a_grain_of_it() -> None:
    grain = HOUR.total_seconds() / GRAINS
    for offset in (0.0, 1.0, grain / 2, grain - 0.001):
        clock = Clock()
        tickets = box(clock)
        clock.now = NOW // grain * grain + offset
        minted = clock.now
        text, _ = mint(tickets)
        clock.now = minted + HOUR.total_seconds() - 0.001
        assert not refused(tickets, text)
        clock.now = minted + HOUR.total_seconds() + grain + 0.001
        assert refused(tickets, text)


def test_its_expiry_does_not_tell_when_it_was_minted() -> None:
    grain = HOUR.total_seconds() / GRAINS
    clock = Clock()
    first = NOW // grain * grain
    expiries = set()
    for second in range(0, int(grain), 100):
        clock.now = first + second
        expiries.add(mint(box(clock))[1].expires)
    assert len(expiries) == 1


@pytest.mark.parametrize("lifetime", ["1ms", "1s", "1m", "365d"])
def test_any_lifetime_can_be_configured(lifetime: str) -> None:
    tickets = box(lifetime=parse_duration(lifetime))
    text, ticket = mint(tickets)
    assert tickets.open(text) == ticket


@given(st.one_of(st.text(max_size=600), st.text(ALPHABET, max_size=200)))
@example("")
@example("\ud800")
@example("A" * 10_000)
@example("A" * 16)
@example("A" * 38)
def test_hostile_texts_are_refused(text: str) -> None:
    assert refused(box(), text)


@given(st.binary(max_size=60))
def test_hostile_contents_are_refused_even_when_sealed_here(content: bytes) -> None:
    # Only a holder of the key can do this; a ticket of a later version is one such.
    sealed = bytes(12) + box()._cipher.encrypt(bytes(12), content, box()._bound)
    assert refused(box(), base64.urlsafe_b64encode(sealed).rstrip(b"=").decode())


def test_nothing_printed_holds_the_key() -> None:
    assert repr(box()) == "TicketBox()"


def test_a_key_is_read_from_its_file_or_made(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(base64.b64encode(KEY) + b"\n")
    assert load_key(file) == KEY
    assert len({load_key(None) for _ in range(5)}) == 5
    assert {len(load_key(None)) for _ in range(5)} == {32}


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (base64.b64encode(KEY[:16]), "has 16 bytes where 32 are needed"),
        (b"", "has 0 bytes where 32 are needed"),
        (b"secret, but not base64", "is not base64"),
        (bytes(range(256)), "is not base64"),
        (None, r"cannot be read \(No such file or directory\)"),
    ],
)
def test_a_bad_key_file_is_refused_with_a_remedy(tmp_path: Path, data: bytes | None, what: str) -> None:
    file = tmp_path / "key"
    if data is not None:
        file.write_bytes(data)
    with pytest.raises(StartError, match=what) as caught:
        load_key(file)
    assert "head -c 32 /dev/urandom | base64" in str(caught.value)
    assert "secret" not in str(caught.value)
