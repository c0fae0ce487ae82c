"""Messages by lot as people see them: the real service, and shares that change at a window's close alone."""

from __future__ import annotations

import asyncio
import base64
import html
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from aiohttp import web
from running import Running, until

from interceptor import Interceptor
from interceptor.adapters.aiohttp import setup
from interceptor.banner import Banner
from interceptor.banner.texts import read_languages
from interceptor.config import Config
from interceptor.experiment import blocks
from interceptor.experiment.plan import Plan

Serve = Callable[..., Running]

TEXTS = {name: (each.heading, *each.text) for name, each in read_languages()["en"].messages.items()}
SEARCH = "/search?q=purple+garden+lantern"
RECORD = {"approval": "the board of a test", "stop_rule": "when it fails", "review": "none"}


def day(offset: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=offset)).isoformat()


def page(running: Running, target: str = SEARCH) -> str:
    with urllib.request.urlopen(running.url + target, timeout=20) as answer:
        return html.unescape(answer.read().decode())


def message_of(text: str) -> str:
    (found,) = [name for name, parts in TEXTS.items() if all(part in text for part in parts)]
    return found


def shown(running: Running, number: int) -> Counter[str]:
    return Counter(message_of(page(running)) for _ in range(number))


def plan_shown(running: Running) -> str:
    (sample,) = [name for name in running.samples() if name.startswith("interceptor_plan_info")]
    return sample.partition('plan="')[2].rstrip('"}')


def test_weights_are_what_people_see_and_what_is_counted(serve: Serve) -> None:
    running = serve(
        {
            "experiment": {
                "kind": "weighted",
                "messages": ["legal-loss", "harm-gain"],
                "weights": {"harm-gain": 3},
                "review": "none",
            }
        },
        "--workers",
        "2",
    )
    assert plan_shown(running).startswith("weighted-")
    counts = shown(running, 400)
    assert counts.keys() == {"legal-loss", "harm-gain"}
    # Binomial with a standard deviation of 8.7: off by 60 less than once in 10^11 runs.
    assert counts["harm-gain"] == pytest.approx(300, abs=60)
    for message, count in counts.items():
        running.until_counted(count, "warnings", message=message)
    assert running.counted("warnings", message="harm-legal") == 0


def test_searches_of_another_kind_and_later_warnings_are_counted_apart(serve: Serve) -> None:
    running = serve(
        {
            "actions": {"ambiguous": "replace"},
            "experiment": {
                "kind": "weighted",
                "messages": ["legal-loss", "harm-gain"],
                "neutral": 0.5,
                "after": {1: "control-gain"},
                "ends": day(3),
                **RECORD,
            },
        }
    )
    text = page(running)
    ticket = text.partition("/go/redirection/")[2].partition('"')[0]
    box = f"{running.url}/_interceptor/search?t={ticket}"
    with urllib.request.urlopen(box, b"q=purple+garden+lantern", timeout=20) as answer:
        assert message_of(html.unescape(answer.read().decode())) == "control-gain"
    assert message_of(page(running, "/search?q=lantern+festival")) == "neutral"
    running.until_counted(1, "warnings", message="control-gain:again")
    running.until_counted(1, "warnings", message="neutral:ambiguous")
    running.until_counted(1, "returns", message=message_of(text), outcome="matching")
    assert running.counted("warnings", message="control-gain") == 0
    assert running.counted("warnings", message=message_of(text)) == 1


@pytest.mark.parametrize(("starts", "ends"), [(-9, -1), (1, 9)])
def test_outside_of_its_days_the_usual_message_is_shown(serve: Serve, starts: int, ends: int) -> None:
    running = serve(
        {
            "experiment": {
                "kind": "weighted",
                "messages": ["legal-loss", "harm-gain"],
                "starts": day(starts),
                "ends": day(ends),
                "review": "none",
            }
        }
    )
    assert plan_shown(running).startswith("fixed-")
    assert shown(running, 30) == {"harm-legal": 30}


def test_a_day_has_one_policy(serve: Serve, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_bytes(base64.b64encode(bytes(32)))
    experiment = {
        "kind": "blocks",
        "policies": {"one": {"legal-loss": 1, "legal-gain": 1}, "other": {"harm-loss": 1, "harm-gain": 1}},
        "ends": day(9),
        **RECORD,
    }
    tree = {"tickets": {"key_file": str(key)}, "experiment": experiment, "privacy": {"window": "1s"}}
    (tmp_path / "same.yaml").write_text(yaml.safe_dump(tree))
    config = Config.load(tmp_path / "same.yaml")
    plan = Plan.make(config, Banner(config).wording)
    running = serve(tree)
    assert plan_shown(running) == plan.identifier
    before = blocks.policy(plan, bytes(32), time.time())
    counts = shown(running, 40)
    after = blocks.policy(plan, bytes(32), time.time())  # a test may run over midnight
    assert counts.keys() <= set(plan.policies[before]) | set(plan.policies[after])
    if before == after:
        assert counts.keys() == set(plan.policies[before])


def test_adaptive_shares_follow_the_clicks_of_closed_windows(serve: Serve) -> None:
    running = serve(
        {
            "experiment": {
                "kind": "adaptive",
                "messages": ["legal-loss", "harm-gain"],
                "floor": 0.02,
                "ends": day(9),
                **RECORD,
            },
            "tickets": {"lifetime": "400ms"},
            "privacy": {"window": "2s", "release": "exact", "linger": "0s"},
        }
    )

    def better_is_shown_more() -> bool:
        counts: Counter[str] = Counter()
        for _ in range(60):
            text = page(running)
            counts[message := message_of(text)] += 1
            if message == "harm-gain":
                link = (
                    "/_interceptor/go/redirection/" + text.partition("/go/redirection/")[2].partition('"')[0]
                )
                visit(running, link)
        return counts["harm-gain"] > 50

    first = shown(running, 60)
    assert min(first["legal-loss"], first["harm-gain"]) > 8  # even, before anything is known
    until(better_is_shown_more, "the message that people click on to be shown more")
    assert plan_shown(running).startswith("adaptive-")


async def test_a_web_application_draws_by_what_the_keeper_says(serve: Serve, tmp_path: Path) -> None:
    socket = tmp_path / "keeper.sock"
    experiment = {"kind": "weighted", "messages": ["legal-loss", "harm-gain"], "review": "none"}
    keeper = serve({"keeper": {"socket": str(socket)}, "experiment": experiment}, command="keeper")
    config = Config.load(tmp_path / "service-0" / "interceptor.yaml")
    app = web.Application()
    setup(app, Interceptor.load(config))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = "http://{}:{}".format(*runner.addresses[0][:2])
    counts: Counter[str] = Counter()
    async with aiohttp.ClientSession() as session:
        for _ in range(80):
            async with session.get(url + SEARCH) as answer:
                counts[message_of(html.unescape(await answer.text()))] += 1
    await runner.cleanup()
    assert counts.keys() == {"legal-loss", "harm-gain"}
    for message, count in counts.items():
        await asyncio.to_thread(keeper.until_counted, count, "warnings", message=message)


class _Still(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *arguments: Any) -> None:
        """Follow nothing."""


def visit(running: Running, target: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.build_opener(_Still).open(running.url + target, timeout=20)
    assert answer.value.code == 303
    answer.value.close()


@pytest.mark.parametrize(
    ("experiment", "said"),
    [
        (
            {"kind": "adaptive", "messages": ["legal-loss", "harm-gain"], "review": "none"},
            "without 'approval'",
        ),
        ({"kind": "weighted", "messages": ["legal-loss", "harm-gain"]}, "'programme' is needed"),
        ({"kind": "weighted", "messages": ["legal-los", "harm-gain"], "review": "none"}, "Did you mean"),
    ],
)
def test_what_may_not_be_shown_is_refused_at_the_start_and_by_the_check(
    tmp_path: Path, experiment: dict[str, object], said: str
) -> None:
    (tmp_path / "c.yaml").write_text(yaml.safe_dump({"experiment": experiment}))
    for command in (("serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"), ("config", "check")):
        call = [sys.executable, "-m", "interceptor", *command, "--config", str(tmp_path / "c.yaml")]
        done = subprocess.run(call, capture_output=True, text=True, timeout=60)
        assert done.returncode in (1, 2)
        assert said in done.stderr
        assert "Traceback" not in done.stderr


def test_the_check_says_how_little_is_too_little(tmp_path: Path) -> None:
    experiment = {"kind": "weighted", "messages": ["legal-loss", "harm-gain"], "review": "none"}
    (tmp_path / "c.yaml").write_text(yaml.safe_dump({"experiment": experiment}))
    call = [sys.executable, "-m", "interceptor", "config", "check", "--config", str(tmp_path / "c.yaml")]
    done = subprocess.run(call, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "notice: experiment: below 1,000 warnings a day no message is called better" in done.stdout
