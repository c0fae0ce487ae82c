"""The whole of the matching path behind one call: `Interceptor.decide`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from interceptor.config import Config
from interceptor.errors import Mistake, TermListError
from interceptor.filtering import T, filtered, shown_texts
from interceptor.folding import chinese, plain
from interceptor.matching import compiled
from interceptor.matching.compiled import Compiled
from interceptor.matching.matcher import Match, Matcher
from interceptor.termlists.model import TermList
from interceptor.termlists.reading import Summary, is_compiled, read_lists, shipped_lists
from interceptor.termlists.sealing import Identity, load_identity
from interceptor.vocabulary import Action, Category

_STRENGTH = {Action.REPLACE: 2, Action.ANNOTATE: 1, Action.PASS: 0}
_ORDER = (Category.SEEKING, Category.HELP_SEEKING, Category.AMBIGUOUS, Category.INFORMATIONAL)


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do with a search. Holds neither the query nor a term."""

    action: Action
    category: Category | None = None
    language: str | None = None
    """BCP 47 tag of what matched, or None."""


_PASS = Decision(Action.PASS)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One entry that matched, for `check --explain`.

    ``span`` counts characters of the query as it was given; of a match that was found by undoing rewritings
    (``steps``, in order) it is the whole query.
    """

    list_id: str
    entry_id: str
    category: Category | None
    language: str | None
    span: tuple[int, int]
    steps: tuple[str, ...]


class Interceptor:
    """Decides on searches. Immutable, thread-safe, does no input or output and counts nothing."""

    def __init__(self, config: Config, lists: Iterable[TermList] | Compiled) -> None:
        self.config = config
        self.lists: tuple[TermList, ...] = ()
        """The lists as they were written; none of them where they came in compiled form."""
        self.summaries: tuple[Summary, ...]
        """What is told of each list, in whichever form it came."""
        if isinstance(lists, Compiled):
            self.summaries = lists.summaries
            self._matcher = Matcher(lists.tables, config.matching)
        else:
            self.lists = tuple(lists)
            self.summaries = tuple(map(Summary.of, self.lists))
            self._matcher = Matcher(self.lists, config.matching)
        self._look = self._matcher.look

    @classmethod
    def load(cls, config: Config | Path | str | None = None) -> Interceptor:
        """Make an interceptor from a configuration, the path of a configuration file, or the defaults.

        Sealed lists are opened in memory. Raises `ConfigError` or `TermListError` with every mistake, its line and
        its remedy, and `StartError` where what opens sealed lists cannot be read.
        """
        if config is None:
            config = Config()
        elif not isinstance(config, Config):
            config = Config.load(config)
        paths = (*(config.lists or shipped_lists()), *config.updates.in_force())
        return cls(config, _read(paths, load_identity(config.lists_identity)))

    def __repr__(self) -> str:
        return f"Interceptor(mode={self.config.mode.value!r}, lists={len(self.summaries)})"

    def decide(self, query: str) -> Decision:
        """Decide on ``query``; linear in its length, never raises for any text.

        Of several entries that match, the one with the strongest configured action counts; at equal strength
        seeking goes before help-seeking, ambiguous and informational.
        """
        text = self._look(query)
        if text is None:
            return _PASS
        matches = self._matcher.find_in(query, text)
        return self._strongest(query, matches) if matches else _PASS

    def decide_all(self, queries: Iterable[str]) -> Decision:
        """Decide on several readings of one request's query; the strongest decision counts."""
        best = _PASS
        for query in queries:
            decision = self.decide(query)
            if decision is not _PASS and _rank(decision) < _rank(best):
                best = decision
        return best

    def filter(
        self,
        results: Iterable[T],
        texts: Callable[[T], Iterable[str]] = shown_texts,
        mark: Callable[[T], T] | None = None,
    ) -> list[T]:
        """Leave out results of an engine whose title or snippet would be replaced as a search.

        ``texts`` gives the texts of a result that people read; by default those under the keys or attributes named
        in `interceptor.filtering.SHOWN`. With ``mark``, such a result stays, as what ``mark`` makes of it.
        """
        return filtered(self.decide_all, results, texts, mark)

    def explain(self, query: str) -> tuple[Evidence, ...]:
        """Tell which entries match ``query`` and where, for a curator on their own machine."""
        text = plain.mapped(self._matcher.searched(query))
        table = self._matcher.entries
        return tuple(
            Evidence(
                table.list_id(match.entry),
                table.ids[match.entry],
                match.category,
                table.language(match.entry),
                (0, len(query)) if match.steps else text.span(match.start, match.end),
                match.steps,
            )
            for match in self._matcher.find(query)
        )

    def left_out(self, query: str) -> tuple[str, ...]:
        """Tell which parts of ``query`` were not looked at, for `check --explain`: excluded words, ``site:``."""
        return self._matcher.left_out(query)

    def _strongest(self, query: str, matches: list[Match]) -> Decision:
        best = _PASS
        tied: list[str | None] = []
        for match in matches:
            if match.category is None:
                continue
            language = self._matcher.entries.language(match.entry)
            decision = Decision(self.config.action_for(match.category), match.category, language)
            if _rank(decision) < _rank(best):
                best, tied = decision, [language]
            elif _rank(decision) == _rank(best):
                tied.append(language)
        if "zh-Hans" in tied and "zh-Hant" in tied:
            # The two scripts are folded into one, so both match: the one that was typed counts.
            script = "zh-Hant" if chinese.is_traditional(query) else "zh-Hans"
            return Decision(best.action, best.category, script)
        return best


def _read(paths: Sequence[Path], identity: Identity | None) -> Iterable[TermList] | Compiled:
    """Read lists, or the one compiled file that holds them all. Raises `TermListError`."""
    files = [path for path in paths if is_compiled(path)]
    if not files:
        return read_lists(paths, identity=identity)
    if len(paths) > 1:
        raise TermListError(
            Mistake(
                str(files[0]),
                0,
                "is a compiled file, beside which no other list can be used",
                "Compile all lists into one file, or name the lists that it was compiled from.",
            )
        )
    return compiled.read(files[0], identity)


def _rank(decision: Decision) -> tuple[int, int]:
    """Order decisions: the strongest action first, then the category."""
    position = _ORDER.index(decision.category) if decision.category else len(_ORDER)
    return -_STRENGTH[decision.action], position
