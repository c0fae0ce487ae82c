"""What holds of every query: planted phrases are found, and words are not found inside others."""

from __future__ import annotations

from gates import gate, matches
from hypothesis import example, given
from hypothesis import strategies as st

from interceptor.folding import plain
from interceptor.termlists.model import Entry, MatchMode

PHRASES = (
    "purple garden lantern",
    "Lámpara de jardín",
    "садовый фонарь",
    "فانوس الحديقة",
    "정원 등불",
    "庭園灯篭",
    "โคมไฟสวน",
    "बगीचे की लालटेन",
    "lantern",
)
GATES = {phrase: gate(Entry(id="one", terms=(phrase,))) for phrase in PHRASES}

words = st.text(st.characters(codec="utf-8"), max_size=8)
letters = st.text(st.sampled_from("abcdefghijklmnopqrstuvwxyzäéñß0123456789"), min_size=1, max_size=5)
_VARIANTS = (str, str.upper, str.title, lambda text: text.replace(" ", "\u2003\t"), lambda text: f"({text})!")
_INVISIBLE = st.sampled_from(["", "\u200b", "\u00ad", "\u2060", "\ufe0f"])


@given(
    phrase=st.sampled_from(PHRASES),
    variant=st.sampled_from(_VARIANTS),
    before=st.lists(words, max_size=6),
    after=st.lists(words, max_size=6),
    hidden=_INVISIBLE,
    at=st.integers(1, 5),
)
@example(phrase="庭園灯篭", variant=str, before=["\uff76"], after=["\uff9e"], hidden="", at=1)
@example(phrase="lantern", variant=str, before=["庭"], after=["\u0301"], hidden="\u200b", at=3)
def test_a_planted_phrase_is_found(
    phrase: str, variant: type[str], before: list[str], after: list[str], hidden: str, at: int
) -> None:
    planted = variant(phrase)
    planted = planted[:at] + hidden + planted[at:]
    assert matches(GATES[phrase], " ".join([*before, planted, *after]))


@given(term=letters, before=letters, after=letters, side=st.sampled_from(["before", "after", "both"]))
def test_a_word_is_not_found_inside_a_longer_one(term: str, before: str, after: str, side: str) -> None:
    longer = {"before": before + term, "after": term + after, "both": before + term + after}[side]
    entry = Entry(id="one", terms=(term,))
    assert not matches(gate(entry), f"x1x {longer} x1x") or "x1x" in (term, longer)
    assert matches(gate(Entry(id="one", terms=(term,), match=MatchMode.SUBSTRING)), longer)


@given(st.text(max_size=60))
def test_any_text_can_be_asked_about(query: str) -> None:
    for interceptor in GATES.values():
        assert interceptor.decide(query) == interceptor.decide_all([query])
        for evidence in interceptor.explain(query):
            start, end = evidence.span
            assert 0 <= start < end <= len(query)


@given(terms=st.lists(st.text(max_size=6), min_size=1, max_size=8), mode=st.sampled_from(list(MatchMode)))
def test_any_term_can_be_matched(terms: list[str], mode: MatchMode) -> None:
    interceptor = gate(*(Entry(id=f"e{i}", terms=(term,), match=mode) for i, term in enumerate(terms)))
    for term in terms:
        assert matches(interceptor, term) is bool(plain.view(term))
