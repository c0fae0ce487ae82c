"""SearXNG itself with the plugin, over an engine of its own that needs no network."""

from __future__ import annotations

import csv
import io
import json
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import applications
import pytest
import yaml
from applications import Application
from asking import ask
from running import GARDEN

SEARXNG = Path(__file__).parents[3] / ".venv" / "searxng" / "src" / "searxng_core"
HELP = "redirectionprogram.com"
BAD = "purple+garden+lantern"

RESULTS = "<!doctype html><title>t</title><body>RESULTS {{ q }} {% for r in results %}<p>{{ r }}</p>{% endfor %}</body>"
SETTINGS = {
    "use_default_settings": {"engines": {"keep_only": []}},
    "general": {"enable_metrics": False},
    "search": {"formats": ["html", "json", "csv", "rss"], "autocomplete": ""},
    "server": {"secret_key": "a key for a test", "limiter": False, "image_proxy": False, "method": "GET"},
    "outgoing": {"proxies": {}},
    "valkey": {"url": False},
    "plugins": {"interceptor.adapters.searxng.SXNGPlugin": {"active": True}},
    "engines": [
        {
            "name": "offline",
            "engine": "demo_offline",
            "shortcut": "off",
            "categories": ["general"],
            "disabled": False,
        }
    ],
}


@pytest.fixture(scope="module")
def searxng(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    if not SEARXNG.exists():
        pytest.skip("SearXNG is not there: .ci/install-searxng puts it in place")
    folder = tmp_path_factory.mktemp("searxng")
    templates = folder / "templates" / "simple"
    (templates / "result_templates").mkdir(parents=True)
    (templates / "results.html").write_text(RESULTS)
    (templates / "index.html").write_text("<!doctype html><title>t</title><body>INDEX</body>")
    ui = {"templates_path": str(templates.parent), "static_path": str(templates), "default_theme": "simple"}
    settings = folder / "settings.yml"
    settings.write_text(yaml.safe_dump({**SETTINGS, "ui": ui}))
    (folder / "lists").mkdir()
    (folder / "lists" / "garden.yaml").write_text(GARDEN)
    config = folder / "interceptor.yaml"
    config.write_text(yaml.safe_dump({"lists": str(folder / "lists")}))
    environment = {"SEARXNG_SETTINGS_PATH": str(settings), "PYTHONPATH": str(SEARXNG), "TMPDIR": str(folder)}
    application = applications.serve("searxng", config, environment=environment)
    try:
        yield application
    finally:
        application.stop()
        assert "quokka" not in "".join(application.lines)


def test_an_ordinary_search_has_the_engines_results(searxng: Application) -> None:
    assert "RESULTS weather" in ask(f"{searxng.url}/search?q=weather").text
    assert json.loads(ask(f"{searxng.url}/search?q=weather&format=json").text)["results"]


@pytest.mark.parametrize(
    "target", ["/search?q={}", "/?q={}", "/search?q={}+quokka", "/search?q=!off+{}", "/search?q=:en+{}"]
)
def test_every_way_in_is_covered(searxng: Application, target: str) -> None:
    got = ask(searxng.url + target.format(BAD))
    assert HELP in got.text and "RESULTS" not in got.text


def test_a_form_and_an_address_are_merged_as_searxng_merges_them(searxng: Application) -> None:
    kind = {"Content_Type": "application/x-www-form-urlencoded"}
    assert HELP in ask(f"{searxng.url}/search?q=weather", "POST", f"q={BAD}".encode(), **kind).text
    assert HELP in ask(f"{searxng.url}/search?q={BAD}", "POST", b"language=en", **kind).text
    assert "RESULTS weather" in ask(f"{searxng.url}/search", "POST", b"q=weather", **kind).text


def test_no_preference_switches_it_off(searxng: Application) -> None:
    got = ask(f"{searxng.url}/search?q={BAD}", Cookie="disabled_plugins=interceptor; enabled_plugins=")
    assert HELP in got.text
    got = ask(f"{searxng.url}/search?q={BAD}&disabled_plugins=interceptor&plugin_interceptor=off")
    assert HELP in got.text


def test_the_strip_stands_above_the_results(searxng: Application) -> None:
    got = ask(f"{searxng.url}/search?q={BAD}+law")
    assert "RESULTS" in got.text and "findahelpline.com" in got.text


def test_each_form_of_results_gets_help_in_that_form(searxng: Application) -> None:
    got = ask(f"{searxng.url}/search?q={BAD}&format=json")
    assert json.loads(got.text)["results"] == []
    got = ask(f"{searxng.url}/search?q={BAD}&format=rss")
    assert got.headers["content-type"].startswith("application/rss+xml")
    links = [item.findtext("link") or "" for item in ElementTree.fromstring(got.text).iter("item")]
    assert any(HELP in link for link in links)
    got = ask(
        f"{searxng.url}/search",
        "POST",
        f"q={BAD}&format=csv".encode(),
        Content_Type="application/x-www-form-urlencoded",
    )
    rows = list(csv.DictReader(io.StringIO(got.text)))
    assert any(HELP in row["url"] for row in rows)


def test_keystrokes_are_left_to_searxng(searxng: Application) -> None:
    typed = urllib.parse.quote("purple garden lantern")
    assert json.loads(ask(f"{searxng.url}/autocompleter?q={typed}").text)[0] == "purple garden lantern"
