"""What changes from one version of lists to the next: in the lists, and in what is done with ordinary searches."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter
from typing import Any

from interceptor.curation.queries import UNKNOWN, Query
from interceptor.decision import Interceptor
from interceptor.termlists.model import Entry, TermList
from interceptor.termlists.writing import entry_data
from interceptor.vocabulary import Action

_STRENGTH = {Action.PASS: 0, Action.ANNOTATE: 1, Action.REPLACE: 2}

Name = tuple[str, str]
"""A list's id and an entry's."""


@dataclass(frozen=True, slots=True)
class Changes:
    """How the lists differ, each entry by the ids of its list and its own."""

    added: tuple[Name, ...]
    removed: tuple[Name, ...]
    changed: tuple[tuple[Name, tuple[str, ...]], ...]
    """With the keys that differ; ``groups`` where a group that it names does."""
    same: int


def changes(old: tuple[TermList, ...], new: tuple[TermList, ...]) -> Changes:
    """Compare ``old`` with ``new``. One list with another is compared whatever they are called."""
    alone = len(old) == len(new) == 1
    before, after = _named(old, alone=alone), _named(new, alone=alone)
    changed = []
    for key, place in after.items():
        if key in before and (keys := _different(before[key], place)):
            changed.append((_name(place), keys))
    added = tuple(_name(place) for key, place in after.items() if key not in before)
    removed = tuple(_name(place) for key, place in before.items() if key not in after)
    return Changes(added, removed, tuple(changed), len(after) - len(added) - len(changed))


_Place = tuple[TermList, Entry]


def _name(place: _Place) -> Name:
    return place[0].id, place[1].id


def _named(lists: tuple[TermList, ...], *, alone: bool) -> dict[object, _Place]:
    return {
        entry.id if alone else (term_list.id, entry.id): (term_list, entry)
        for term_list in lists
        for entry in term_list.entries
    }


_said = attrgetter(
    *(field.name for field in dataclasses.fields(Entry) if field.name not in ("line", "unless"))
)
_said_by_list = attrgetter("category", "language", "review")


def _different(one: _Place, other: _Place) -> tuple[str, ...]:
    """The keys in which two entries differ."""
    # Most entries of most lists are as they were, and need no closer look.
    plain = not (one[1].unless or other[1].unless or one[1].all_of)
    if plain and _said(one[1]) == _said(other[1]) and _said_by_list(one[0]) == _said_by_list(other[0]):
        return ()
    before, after = _whole(*one), _whole(*other)
    return tuple(key for key in {**before, **after} if before.get(key) != after.get(key))


def _whole(term_list: TermList, entry: Entry) -> dict[str, Any]:
    """What an entry says, with what its list says for it."""
    data = entry_data(entry)
    data.setdefault("category", term_list.category.value)
    data.setdefault("language", term_list.language)
    data.setdefault("review", term_list.review.value)
    names = {*entry.all_of, *(name for unless in entry.unless for name in unless.groups)}
    waiting = list(names)
    while waiting:  # the groups within these groups
        inner = set(term_list.groups[waiting.pop()].groups) - names
        names |= inner
        waiting += inner
    if names:
        data["groups"] = {
            name: (term_list.groups[name].words, term_list.groups[name].groups) for name in names
        }
    return data


class Effect(StrEnum):
    """How what is done with a search changes."""

    NEWLY = "newly acted on"
    STRONGER = "acted on more strongly"
    WEAKER = "acted on less strongly"
    NO_LONGER = "no longer acted on"


@dataclass(slots=True)
class Effects:
    """What the new lists do to a body of ordinary searches, counted as `effects` goes through it."""

    queries: int = 0
    acted_on: int = 0
    """By the new lists."""
    before: int = 0
    """By the old ones."""
    counts: Counter[Effect] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    """Searches that are newly acted on, by their language; by that of what matched where they have none."""
    causes: Counter[Name] = field(default_factory=Counter)
    """Searches that are newly acted on or more strongly, by the entries that match them."""
    examples: dict[Name, list[str]] = field(default_factory=dict, repr=False)
    """A few of these searches, for eyes that may see them."""


_EXAMPLES = 5


def effects(old: Interceptor, new: Interceptor, queries: Iterable[Query], into: Effects) -> Iterator[None]:
    """Count in ``into`` what changes for ``queries``; yields after each."""
    for query in queries:
        was, now = old.decide(query.text), new.decide(query.text)
        into.queries += 1
        into.before += was.action is not Action.PASS
        into.acted_on += now.action is not Action.PASS
        if (effect := _effect(was.action, now.action)) is not None:
            into.counts[effect] += 1
            if effect is Effect.NEWLY:
                into.languages[query.language if query.language != UNKNOWN else now.language or UNKNOWN] += 1
            if effect in (Effect.NEWLY, Effect.STRONGER):
                _note_causes(new, query.text, now.action, into)
        yield


def _note_causes(gate: Interceptor, text: str, action: Action, into: Effects) -> None:
    causes = {
        (evidence.list_id, evidence.entry_id)
        for evidence in gate.explain(text)
        if evidence.category is not None and gate.config.action_for(evidence.category) is action
    }
    for name in causes:
        into.causes[name] += 1
        if len(examples := into.examples.setdefault(name, [])) < _EXAMPLES:
            examples.append(text)


def _effect(was: Action, now: Action) -> Effect | None:
    if was is now:
        return None
    if was is Action.PASS:
        return Effect.NEWLY
    if now is Action.PASS:
        return Effect.NO_LONGER
    return Effect.STRONGER if _STRENGTH[now] > _STRENGTH[was] else Effect.WEAKER
