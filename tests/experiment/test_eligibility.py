"""Messages that may not be shown are refused by name; and how little is too little."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from interceptor.banner.texts import read_languages
from interceptor.config import Banner, Config, Experiment, PlanKind
from interceptor.errors import ConfigError
from interceptor.experiment import eligibility
from interceptor.experiment.limits import too_few
from interceptor.vocabulary import Review

ALL = ("neutral", "harm-legal", "legal-loss", "harm-gain", "supportive", "informational")


def reviews(**by_message: str) -> dict[str, dict[str, str]]:
    """Everything reviewed by the programme in two languages, but for what is named, in Finnish."""
    names = {name.replace("_", "-"): review for name, review in by_message.items()}
    return {"en": dict.fromkeys(ALL, "programme"), "fi": dict.fromkeys(ALL, "programme") | names}


def weighted(**changes: Any) -> Experiment:
    return Experiment(**({"kind": PlanKind.WEIGHTED, "messages": ("legal-loss", "harm-gain")} | changes))


def mistakes(config: Config, known: dict[str, dict[str, str]]) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        eligibility.check(config, known)
    return [str(mistake) for mistake in caught.value.mistakes]


def test_reviewed_messages_take_part() -> None:
    eligibility.check(Config(experiment=weighted()), reviews())
    eligibility.check(Config(experiment=weighted(review=Review.NATIVE)), reviews(legal_loss="native"))


def test_an_unreviewed_message_is_refused_by_name_and_language() -> None:
    (told,) = mistakes(Config(experiment=weighted()), reviews(legal_loss="native"))
    assert "'programme' is needed" in told
    assert "'legal-loss'" in told
    assert "lacks it in fi." in told
    assert "Have it reviewed" in told


def test_the_held_out_message_takes_part_too() -> None:
    held_out = weighted(neutral=0.05, ends=date(2027, 1, 1), approval="a", stop_rule="s")
    (told,) = mistakes(Config(experiment=held_out), reviews(neutral="none"))
    assert "'neutral'" in told


def test_what_ships_is_shown_and_takes_no_part_before_its_review() -> None:
    shipped = {
        tag: {name: message.review.value for name, message in language.messages.items()}
        for tag, language in read_languages().items()
    }
    eligibility.check(Config(), shipped)
    told = mistakes(Config(experiment=weighted(messages=("harm-legal", "neutral-not"))), shipped)
    assert any("'harm-legal' lacks it" in each for each in told)
    assert any("does not have" in each for each in told)


def test_a_page_can_ask_for_reviews_too() -> None:
    config = Config(banner=Banner(review=Review.NATIVE))
    eligibility.check(config, reviews(legal_loss="none"))  # is not shown
    (told,) = mistakes(config, reviews(supportive="none"))
    assert "banner.review" in told
    assert "'supportive'" in told


def test_a_wrong_name_is_answered_with_the_right_one() -> None:
    (told,) = mistakes(Config(experiment=weighted(messages=("legal-los", "harm-gain"))), reviews())
    assert "Did you mean 'legal-loss'?" in told
    (told,) = mistakes(Config(experiment=Experiment(after={2: "harm-gian"})), reviews())
    assert "experiment.after" in told
    assert "Did you mean 'harm-gain'?" in told


def test_messages_for_other_searches_are_not_compared() -> None:
    (told,) = mistakes(Config(experiment=weighted(messages=("supportive", "harm-gain"))), reviews())
    assert "'supportive', which belongs to another kind of search" in told


FEW = "below 1,000 warnings a day no message is called better than another"


@pytest.mark.parametrize(
    ("experiment", "today", "expected"),
    [
        (Experiment(), date(2027, 1, 1), []),
        (weighted(), date(2027, 1, 1), [FEW]),
        (weighted(ends=date(2027, 1, 1)), date(2027, 1, 1), [FEW]),
        (
            weighted(ends=date(2027, 1, 1)),
            date(2027, 1, 2),
            [FEW, "ended on 2027-01-01; 'harm-legal' is shown"],
        ),
        (
            weighted(starts=date(2027, 1, 2)),
            date(2027, 1, 1),
            [FEW, "starts on 2027-01-02; until then 'harm-legal'"],
        ),
        (weighted(review=Review.NONE), date(2027, 1, 1), [FEW, "experiment.review: 'none'"]),
    ],
)
def test_notices(experiment: Experiment, today: date, expected: list[str]) -> None:
    found = eligibility.notices(Config(experiment=experiment), today)
    assert len(found) == len(expected)
    assert all(part in notice for part, notice in zip(expected, found, strict=True))


def test_too_few_warnings_are_told() -> None:
    assert too_few(21_000 * 140, 140) is None
    assert too_few(1_000, 1) is None
    assert "About 999 warnings a day" in (too_few(999, 1) or "")
    assert "below 1,000 a day no message is called better" in (too_few(20 * 7, 7) or "")
    assert "About 0 warnings a day" in (too_few(-30, 1) or "")
    assert too_few(0, 0) == "No window has closed yet."
