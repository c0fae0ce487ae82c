"""`Interceptor.decide`: which of several readings counts, and what a decision says."""

from __future__ import annotations

import random
import threading
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest
from gates import gate

from interceptor import Action, Category, Decision, Interceptor
from interceptor.config import Config
from interceptor.errors import ConfigError, TermListError
from interceptor.termlists.model import Entry, TermList

QUERY = "purple garden lantern"


def of(category: Category, term: str, language: str | None = None) -> Entry:
    return Entry(id=f"{category}-{term}", terms=(term,), category=category, language=language)


@pytest.mark.parametrize(
    ("category", "action"),
    [
        (Category.SEEKING, Action.REPLACE),
        (Category.AMBIGUOUS, Action.ANNOTATE),
        (Category.HELP_SEEKING, Action.ANNOTATE),
        (Category.INFORMATIONAL, Action.ANNOTATE),
    ],
)
def test_default_actions(category: Category, action: Action) -> None:
    decision = gate(of(category, "lantern", "fi")).decide(QUERY)
    assert decision == Decision(action, category, "fi")


def test_no_match_passes() -> None:
    assert gate(of(Category.SEEKING, "lantern")).decide("weather tomorrow") == Decision(Action.PASS)
    assert gate().decide("") == Decision(Action.PASS, None, None)


@pytest.mark.parametrize("order", ["forwards", "backwards"])
def test_the_strongest_action_counts_then_the_category(order: str) -> None:
    ranked = [Category.SEEKING, Category.HELP_SEEKING, Category.AMBIGUOUS, Category.INFORMATIONAL]
    for number, strongest in enumerate(ranked):
        entries = [of(category, "lantern", category.name[:2].lower()) for category in ranked[number:]]
        decision = gate(*(entries if order == "forwards" else entries[::-1])).decide(QUERY)
        assert decision.category is strongest
        assert decision.language == strongest.name[:2].lower()


def test_at_equal_rank_the_first_entry_gives_the_language() -> None:
    lists = [
        TermList(id="one", language="fi", entries=(Entry(id="a", terms=("lantern",)),)),
        TermList(id="two", language="sv", entries=(Entry(id="a", terms=("lantern",)),)),
    ]
    assert Interceptor(Config(), lists).decide(QUERY).language == "fi"
    assert Interceptor(Config(), lists[::-1]).decide(QUERY).language == "sv"


def test_configuration_raises_and_lowers_categories() -> None:
    config = Config(
        actions={
            Category.AMBIGUOUS: Action.REPLACE,
            Category.SEEKING: Action.ANNOTATE,
            Category.INFORMATIONAL: Action.PASS,
        }
    )
    both = gate(of(Category.SEEKING, "purple"), of(Category.AMBIGUOUS, "lantern"), config=config)
    assert both.decide(QUERY) == Decision(Action.REPLACE, Category.AMBIGUOUS, "en")
    assert both.decide("purple").action is Action.ANNOTATE
    lowered = gate(of(Category.INFORMATIONAL, "lantern"), config=config)
    assert lowered.decide(QUERY) == Decision(Action.PASS, Category.INFORMATIONAL, "en")
    untouched = gate(of(Category.HELP_SEEKING, "lantern"), config=config)
    assert untouched.decide(QUERY).action is Action.ANNOTATE


def test_of_several_queries_the_strongest_decision_counts() -> None:
    interceptor = gate(of(Category.SEEKING, "purple"), of(Category.INFORMATIONAL, "garden"))
    assert interceptor.decide_all([]) == Decision(Action.PASS)
    assert interceptor.decide_all(["x", "y"]) == Decision(Action.PASS)
    assert interceptor.decide_all(["x", "garden"]).category is Category.INFORMATIONAL
    assert interceptor.decide_all(iter(["garden", "purple", "x"])).category is Category.SEEKING


def test_loading_takes_nothing_a_path_or_a_configuration(garden: Path, tmp_path: Path) -> None:
    assert Interceptor.load().decide("csam").action is Action.REPLACE
    file = tmp_path / "interceptor.yaml"
    file.write_text("mode: shadow\nlists: lists\n")
    for given in (file, str(file), Config(lists=(garden,))):
        interceptor = Interceptor.load(given)
        assert interceptor.decide(QUERY).action is Action.REPLACE
        assert interceptor.decide("csam").action is Action.PASS
    assert Interceptor.load(file).config.mode == "shadow"


def test_loading_tells_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot be read"):
        Interceptor.load(tmp_path / "missing.yaml")
    with pytest.raises(TermListError, match=r"missing\.yaml"):
        Interceptor.load(Config(lists=(tmp_path / "missing.yaml",)))


def test_nothing_printed_holds_a_query_or_a_term() -> None:
    interceptor = gate(of(Category.SEEKING, "lantern"))
    decision = interceptor.decide(QUERY)
    shown = f"{decision!r} {decision} {interceptor!r} {interceptor} {interceptor.lists!r}"
    shown += repr(interceptor.explain(QUERY)).replace("seeking-lantern", "")  # evidence names the entry's id
    assert not [word for word in QUERY.split() if word in shown]


def test_a_decision_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Decision(Action.PASS).action = Action.REPLACE  # type: ignore[misc]


def test_many_threads_may_decide_at_once() -> None:
    interceptor = gate(of(Category.SEEKING, "purple lantern"), of(Category.AMBIGUOUS, "灯篭"))
    known = {
        "purple lantern": Action.REPLACE,
        "紫の灯篭": Action.ANNOTATE,
        "weather": Action.PASS,
        "purple láńtern": Action.REPLACE,
        "ガーデン": Action.PASS,
    }
    wrong: list[str] = []

    def decide(seed: int) -> None:
        chosen = random.Random(seed)
        for _ in range(300):
            query = chosen.choice(list(known))
            text = f"{chr(chosen.randrange(0x4E00, 0x9FFF))} {query}"
            if interceptor.decide(text).action is not known[query]:
                wrong.append(query)

    threads = [threading.Thread(target=decide, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
