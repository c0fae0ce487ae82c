"""10,000 banners under load: people, replays, forgeries, look-aheads and a robot that follows every link.

What the history then holds are the genuine warnings, clicks and returns, to the last one.
"""

from __future__ import annotations

import asyncio
import html
import random
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from running import Engine, Running

from interceptor.banner.texts import read_languages
from interceptor.history import History

Serve = Callable[..., Running]

MESSAGES = {
    name: html.escape(read_languages()["en"].messages[name].heading, quote=False)
    for name in ("legal-loss", "harm-gain")
}
SEARCH = "/search?q=purple+garden+lantern"
PREFETCH = {"Sec-Purpose": "prefetch;prerender"}
PREVIEW = {"User-Agent": "TelegramBot (like TwitterBot)"}
AT_ONCE = 24

KINDS = {
    "reads and goes": 4_600,
    "clicks": 2_500,
    "clicks again and again, and elsewhere too": 1_000,
    "has its links looked up by a preview": 600,
    "is loaded ahead and never seen": 300,
    "changes the language, then clicks": 300,
    "is forged": 300,
    "searches for something else": 200,
    "searches for the same": 100,
    "is read by a robot": 100,
}
assert sum(KINDS.values()) == 10_000


class Person:
    """One visitor, or what passes for one; ``counted`` is what the history should hold."""

    def __init__(self, session: aiohttp.ClientSession, url: str, counted: Counter[tuple[str, ...]]) -> None:
        self._session, self._url, self._counted = session, url, counted

    async def __call__(self, kind: str) -> None:
        if kind == "is loaded ahead and never seen":
            await self._page(headers=PREFETCH)
            return
        message, links = await self._page()
        helps = [link for link in links if "/go/trap/" not in link]
        if kind != "is read by a robot":
            self._counted["warnings", message] += 1
        link = random.choice(helps)
        match kind:
            case "clicks":
                await self._click(link, message)
            case "clicks again and again, and elsewhere too":
                await self._click(link, message)
                for other in (link, link, *random.sample(helps, 2)):
                    assert await self._status(other) == 303
            case "has its links looked up by a preview":
                assert await self._status(link, "HEAD") == 303
                assert await self._status(link, headers=PREFETCH) == 303
                assert await self._status(link, headers=PREVIEW) == 303
            case "changes the language, then clicks":
                ticket = link.rpartition("/")[2]
                await self._status(f"/_interceptor/banner?lang=fi&t={ticket}")
                await self._click(link, message)
            case "is forged":
                changed = link[:-3] + ("A" if link[-3] != "A" else "B") + link[-2:]
                for forged in (changed, link[:-1], link + "A", link.rpartition("/")[0] + "/" + "A" * 50):
                    assert await self._status(forged) == 303
            case "searches for something else":
                await self._search(link, "weather", 303)
                self._counted["returns", message, "other"] += 1
                await self._search(link, "purple garden lantern", 200)  # its own page: a warning of its own
            case "searches for the same":
                await self._search(link, "purple garden lantern", 200)
                self._counted["returns", message, "matching"] += 1
            case "is read by a robot":
                random.shuffle(links)
                statuses = await asyncio.gather(*map(self._status, links))
                assert set(statuses) == {303}

    async def _page(self, headers: dict[str, str] | None = None) -> tuple[str, list[str]]:
        async with self._session.get(self._url + SEARCH, headers=headers) as answer:
            return _read(await answer.text())

    async def _click(self, link: str, message: str) -> None:
        assert await self._status(link) == 303
        self._counted["clicks", message] += 1
        self._counted["clicks_by_resource", link.split("/")[3]] += 1

    async def _search(self, link: str, query: str, status: int) -> None:
        box = f"{self._url}/_interceptor/search?t={link.rpartition('/')[2]}"
        async with self._session.post(box, data={"q": query}, allow_redirects=False) as answer:
            assert answer.status == status
            if status == 200:
                self._counted["warnings", _read(await answer.text())[0]] += 1

    async def _status(self, target: str, method: str = "GET", headers: dict[str, str] | None = None) -> int:
        asked = self._session.request(method, self._url + target, headers=headers, allow_redirects=False)
        async with asked as answer:
            await answer.read()
            return answer.status


def _read(page: str) -> tuple[str, list[str]]:
    (message,) = [name for name, heading in MESSAGES.items() if heading in page]
    return message, re.findall(r'href="(/_interceptor/go/[^"]+)"', page)


async def _crowd(visits: list[str], visit: Callable[[str], Awaitable[None]]) -> None:
    async def one_after_the_other() -> None:
        while visits:
            await visit(visits.pop())

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(one_after_the_other())


@pytest.mark.timeout(300)
async def test_what_is_counted_is_what_people_did(serve: Serve, engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "history.sqlite"
    running = serve(
        {
            "experiment": {"kind": "weighted", "messages": list(MESSAGES), "review": "none"},
            "privacy": {"window": "1h"},
            "tickets": {"lifetime": "10m"},
            "history": {"file": str(file)},
        },
        "--upstream",
        engine.url,
        "--workers",
        "2",
    )
    counted: Counter[tuple[str, ...]] = Counter()
    visits = [kind for kind, number in KINDS.items() for _ in range(number)]
    random.shuffle(visits)
    begun = time.monotonic()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE * 2)) as session:
        await _crowd(visits, Person(session, running.url, counted))
    print(f"{time.monotonic() - begun:.0f} s for 10,000 banners")
    assert (
        await asyncio.to_thread(running.stop) == 0
    )  # releases what is open, tickets that are alive included
    sums = History.open(file, timedelta(days=1)).sums()
    families = ("warnings", "clicks", "clicks_by_resource", "returns")
    found = {cell: total.sum for cell, total in sums.items() if cell[0] in families and total.sum}
    assert found == counted
    shown = 10_000 - KINDS["is read by a robot"] - KINDS["is loaded ahead and never seen"]
    again = KINDS["searches for something else"] + KINDS["searches for the same"]
    assert sum(count for cell, count in counted.items() if cell[0] == "warnings") == shown + again
    assert sum(count for cell, count in counted.items() if cell[0] == "clicks") == 3_800
