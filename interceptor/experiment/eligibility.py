"""Whether the messages of a plan may be shown: they exist, they are warnings, and their texts are reviewed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from interceptor.config import NEUTRAL, Config, PlanKind
from interceptor.errors import ConfigError, Mistake
from interceptor.experiment.limits import MIN_WARNINGS_A_DAY
from interceptor.experiment.plan import OWN_MESSAGES
from interceptor.vocabulary import Review

_NOT_COMPARED = frozenset(OWN_MESSAGES.values()) - {NEUTRAL}

Reviews = Mapping[str, Mapping[str, str]]
"""For each offered language the messages that it has, and who reviewed each (a value of `Review`)."""


def check(config: Config, reviews: Reviews) -> None:
    """Raise `ConfigError` naming every message that the configuration shows and may not."""
    if mistakes := [*_unusable(config, reviews), *_unreviewed(config, reviews), *_keyless(config)]:
        raise ConfigError(*mistakes)


def notices(config: Config, today: date) -> tuple[str, ...]:
    """What a check of the configuration should say of its experiment: nothing here is a mistake."""
    experiment, found = config.experiment, []
    if experiment.kind is PlanKind.FIXED:
        return ()
    found.append(
        f"experiment: below {MIN_WARNINGS_A_DAY:,} warnings a day no message is called better than another"
    )
    if experiment.ends and today > experiment.ends:
        found.append(f"experiment: ended on {experiment.ends}; '{config.banner.message}' is shown")
    elif experiment.starts and today < experiment.starts:
        found.append(
            f"experiment: starts on {experiment.starts}; until then '{config.banner.message}' is shown"
        )
    if experiment.review is not Review.PROGRAMME:
        found.append(
            f"experiment.review: '{experiment.review.value}'; compared texts need not be reviewed by the programme"
        )
    return tuple(found)


def compared(config: Config) -> tuple[str, ...]:
    """The messages that the experiment shows, the held-out one included; none where there is no experiment."""
    experiment = config.experiment
    if experiment.kind is PlanKind.FIXED:
        return ()
    policies = (message for policy in experiment.policies.values() for message in policy)
    held_out = (NEUTRAL,) if experiment.neutral else ()
    return tuple(dict.fromkeys((*experiment.messages, *policies, *held_out)))


def _unusable(config: Config, reviews: Reviews) -> Iterator[Mistake]:
    known = {message for messages in reviews.values() for message in messages} - _NOT_COMPARED
    named = dict.fromkeys(compared(config), "experiment")
    named |= dict.fromkeys(config.experiment.after.values(), "experiment.after")
    for message, key in named.items():
        if message in _NOT_COMPARED:
            yield _mistake(
                f"{key} names '{message}', which belongs to another kind of search",
                f"Use one of: {', '.join(sorted(known))}.",
            )
        elif message not in known:
            close = difflib.get_close_matches(message, known, 1)
            remedy = f"Did you mean '{close[0]}'?" if close else f"Use one of: {', '.join(sorted(known))}."
            yield _mistake(f"{key} names a message that the banner does not have", remedy)


def _unreviewed(config: Config, reviews: Reviews) -> Iterator[Mistake]:
    in_experiment = compared(config)
    shown = {config.banner.message, *OWN_MESSAGES.values(), *config.experiment.after.values()}
    yield from _below(
        "experiment.review",
        config.experiment.review,
        in_experiment,
        reviews,
        "Have it reviewed, take it out of 'experiment', or offer only reviewed languages in 'banner.languages'.",
    )
    yield from _below(
        "banner.review",
        config.banner.review,
        sorted(shown | set(in_experiment)),
        reviews,
        "Have it reviewed, or offer only reviewed languages in 'banner.languages'.",
    )


def _below(
    key: str, needed: Review, messages: Iterable[str], reviews: Reviews, remedy: str
) -> Iterator[Mistake]:
    for message in messages:
        lacking = [
            language
            for language, texts in reviews.items()
            if message in texts and not Review(texts[message]).covers(needed)
        ]
        if lacking:
            yield _mistake(
                f"{key}: '{needed.value}' is needed, and the message '{message}' lacks it in {', '.join(lacking)}",
                remedy,
            )


def _keyless(config: Config) -> Iterator[Mistake]:
    if config.experiment.kind is PlanKind.BLOCKS and config.tickets.key_file is None:
        yield _mistake(
            "experiment: day-blocks follow from the ticket key, and there is none that outlasts a restart",
            "Set 'tickets.key_file', the same for all replicas.",
        )


def _mistake(what: str, remedy: str) -> Mistake:
    return Mistake("configuration", 0, what, remedy)
