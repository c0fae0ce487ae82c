"""Decisions: no query of any octets raises or takes longer than its length allows, and every span lies within it."""

from __future__ import annotations

import atheris

with atheris.instrument_imports(include=["interceptor.folding", "interceptor.matching"]):
    from interceptor import Interceptor

from driving import bounded, drive, text_of

from interceptor.config import Config
from interceptor.termlists.model import Entry, Group, MatchMode, Outcome, TermList, Unless

TERMS = (
    "purple garden lantern",
    "lanternfestival",
    "Lámpara de jardín",
    "садовый фонарь",
    "فانوس الحديقة",
    "정원 등불",
    "庭園灯篭",
    "โคมไฟสวน",
    "बगीचे की लालटेन",
    "aaaa bbbb",
    "lillypilly",
)
GROUPS = {
    "colour": ("purple", "violet", "ab"),
    "light": ("lantern", "garden lantern", "b"),
    "where": ("a", "庭"),
}
GATE = Interceptor(
    Config(),
    [
        TermList(
            id="stand-in",
            groups={name: Group(words=words) for name, words in GROUPS.items()},
            entries=(
                *(Entry(id=f"term-{number}", terms=(term,)) for number, term in enumerate(TERMS)),
                *(
                    Entry(
                        id=f"near-{mode.value}",
                        all_of=tuple(GROUPS),
                        match=mode,
                        within=20,
                        unless=(Unless(then=Outcome.PASS, words=("museum",)),),
                    )
                    for mode in MatchMode
                ),
            ),
        )
    ],
)
SEEDS = (
    *TERMS,
    "l a n t e r n f e s t i v a l",
    "purp1e g4rden 1an7ern",
    "lanternfestval",
    "nretnal nedrag elprup",
    "\u202enretnal nedrag elprup\u202c",
    "рurрlе gаrdеn lаntеrn",
    "uɹǝʇuɐl uǝpɹɐƃ ǝldɹnd",
    "violet garden lantern in a museum",
    b"l\xffi\xcc\x81ll\xe2\x80\x8by\xed\xa0\x80pilly",
)


def test_one_input(data: bytes) -> None:
    text = text_of(data)
    with bounded(2 * len(text)):
        decision = GATE.decide(text)
        evidence = GATE.explain(text)
    assert bool(decision.category) == any(item.category for item in evidence)
    assert all(0 <= start < end <= len(text) for start, end in (item.span for item in evidence))


if __name__ == "__main__":
    drive(test_one_input, SEEDS)
