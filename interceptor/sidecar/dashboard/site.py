"""What stands below ``/dashboard/``: the page and its downloads, each for one period."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from typing import Final
from urllib.parse import parse_qs

from interceptor.adapters.http import Answer, plain_answer
from interceptor.counting.exposition import State
from interceptor.keeper import Keeper
from interceptor.report.exporting import as_csv, as_json
from interceptor.sidecar.dashboard.figures import Figures, figures
from interceptor.sidecar.dashboard.page import Page
from interceptor.sidecar.dashboard.periods import Period, read

ROOT: Final = "/dashboard/"

_USUAL: Final = Period.MONTH
_MOST_FIELDS: Final = 10


class Site:
    """Answers for the dashboard, from the windows that ``keeper`` has released.

    ``kept`` tells whether they outlive the process. Figures change only when a window is released, and are worked out
    once for each of them.
    """

    def __init__(self, keeper: Keeper, state: Callable[[], State], *, kept: bool) -> None:
        self._keeper, self._state = keeper, state
        self._kept = kept
        self._known: dict[Period, Figures] = {}
        self._known_at = -1

    @cached_property
    def _page(self) -> Page:
        """Made when it is first asked for: templates take a moment to compile, and a service is to start soon."""
        return Page(kept=self._kept)

    def answer(self, path: str, query: str) -> Answer:
        """Answer ``path``, which begins with `ROOT`; an unknown period is answered 404."""
        period = _period(query)
        if period is None:
            return plain_answer(404, f"There is no such period; there are: {', '.join(Period)}.")
        if path == ROOT:
            body = self._page.render(self._figures(period), self._state(), self._keeper.released)
            return Answer(200, self._page.headers, body)
        if path == f"{ROOT}released.csv":
            text = "".join(as_csv(read(self._keeper.history, period).windows))
            return self._download(text, "text/csv; charset=utf-8", f"{period}.csv")
        if path == f"{ROOT}released.json":
            text = as_json(read(self._keeper.history, period).windows) + "\n"
            return self._download(text, "application/json", f"{period}.json")
        return plain_answer(404, "There is no such page here.")

    def _figures(self, period: Period) -> Figures:
        released = self._keeper.released.windows
        if self._known_at != released:
            self._known.clear()
            self._known_at = released
        if period not in self._known:
            self._known[period] = figures(read(self._keeper.history, period))
        return self._known[period]

    def _download(self, text: str, kind: str, ending: str) -> Answer:
        newest = self._keeper.history.latest()
        day = datetime.fromtimestamp(newest.end if newest is not None else 0, UTC).strftime("%Y%m%d")
        name = f"interceptor-released-{day}-{ending}"
        headers = (
            ("Content-Type", kind),
            ("Content-Disposition", f'attachment; filename="{name}"'),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        )
        return Answer(200, headers, text.encode())


def _period(query: str) -> Period | None:
    try:
        return Period(parse_qs(query, max_num_fields=_MOST_FIELDS).get("days", [_USUAL.value])[0])
    except ValueError:
        return None
