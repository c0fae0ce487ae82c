"""Groups of words, and groups within groups."""

from __future__ import annotations

from collections.abc import Iterable

from interceptor.termlists.model import Group, TermList


def words_of(term_list: TermList, names: Iterable[str]) -> tuple[str, ...]:
    """The words of the groups ``names`` and of all groups in them, each once, in the order written.

    The list must have passed `checks.mistakes_in`. Raises `KeyError` for a group that it does not have.
    """
    words: dict[str, None] = {}
    seen: set[str] = set()
    # A stack rather than recursion: a chain of groups may be longer than Python's stack is deep.
    waiting = list(names)[::-1]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            group = term_list.groups[name]
            words.update(dict.fromkeys(group.words))
            waiting.extend(reversed(group.groups))
    return tuple(words)


def cycle_in(groups: dict[str, Group]) -> tuple[str, ...]:
    """The names of groups that lead back to the first of them, or nothing where no group holds itself.

    Depth-first search with three colours (Cormen et al., Introduction to Algorithms, section 20.3).
    """
    done: set[str] = set()
    for start in groups:
        trail: dict[str, None] = {}
        waiting = [(start, False)]
        while waiting:
            name, leaving = waiting.pop()
            if leaving:
                del trail[name]
                done.add(name)
            elif name in trail:
                names = list(trail)
                return tuple(names[names.index(name) :])
            elif name not in done and name in groups:
                trail[name] = None
                waiting.append((name, True))
                waiting.extend((inner, False) for inner in reversed(groups[name].groups))
    return ()
