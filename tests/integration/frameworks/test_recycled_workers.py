"""Applications under gunicorn, whose four workers are forked and recycled, counting with the keeper of the host."""

from __future__ import annotations

import concurrent.futures
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import applications
import pytest
from asking import ask
from running import Running

from interceptor.history.store import History

PASSED, REPLACED, ANNOTATED, CLICKED = 120, 60, 30, 20


@pytest.mark.parametrize("preload", [(), ("--preload",)], ids=["each-loads", "preloaded"])
@pytest.mark.parametrize("name", ["flask", "django"])
def test_the_keepers_counts_are_exact(
    name: str, preload: tuple[str, ...], serve: Callable[..., Running], tmp_path: Path
) -> None:
    pytest.importorskip(name)
    keeper = serve(
        {
            "keeper": {"socket": str(tmp_path / "keeper.sock")},
            "history": {"file": str(tmp_path / "history.sqlite")},
            "tickets": {"lifetime": "20s"},
            "privacy": {"window": "5s"},
        },
        command="keeper",
    )
    # A worker serves 40 to 45 of the 250 requests: at least two of the four are replaced, however they share them.
    workers = ("--workers", "4", "--max-requests", "40", "--max-requests-jitter", "5", *preload)
    application = applications.serve(name, tmp_path / "service-0" / "interceptor.yaml", *workers)
    try:
        send(application.url)
    finally:
        status = application.stop()
    assert status == 0
    assert sum("Booting worker" in line for line in application.lines) >= 6, "no worker was recycled"

    assert keeper.stop() == 0  # releases what is open
    sums = History.open(tmp_path / "history.sqlite", timedelta(days=1)).sums()
    counted = {key: total.sum for key, total in sums.items() if total.sum}
    warned = REPLACED + ANNOTATED
    assert counted["searches",] == PASSED + warned
    assert counted["interventions", "replace", "seeking"] == REPLACED
    assert counted["interventions", "annotate", "informational"] == ANNOTATED
    assert counted["warnings_by_language", "en"] == warned
    assert sum(value for key, value in counted.items() if key[0] == "warnings") == warned
    assert sum(value for key, value in counted.items() if key[0] == "clicks") == CLICKED
    assert sum(value for key, value in counted.items() if key[0] == "clicks_by_resource") == CLICKED


def send(url: str) -> None:
    """Send the searches, and click on help in some of the pages."""

    def replaced(click: bool) -> None:
        page = ask(f"{url}/search?q=purple+garden+lantern").text
        link = re.search(r'href="(/_interceptor/go/[^"]+)"', page)
        assert link is not None
        if click:
            for _ in range(2):  # the second does not count
                assert ask(url + link[1]).status == 303

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        jobs: list[concurrent.futures.Future[Any]] = [
            pool.submit(ask, f"{url}/search?q=weather") for _ in range(PASSED)
        ]
        jobs += [pool.submit(replaced, number < CLICKED) for number in range(REPLACED)]
        jobs += [pool.submit(ask, f"{url}/search?q=purple+garden+lantern+law") for _ in range(ANNOTATED)]
        for job in jobs:
            job.result(60)
