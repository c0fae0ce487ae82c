"""What a request target searches for, as `cases.json` has it, and where the configuration says to look."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interceptor.config import Limits, Search
from interceptor.errors import TargetTooLongError
from interceptor.extraction import Extractor

CASES = json.loads(Path(__file__).with_name("cases.json").read_text(encoding="utf-8"))
EVERYWHERE = Extractor((Search(),), Limits())


@pytest.mark.parametrize("case", CASES["target"] + CASES["encoding"], ids=lambda case: case["why"])
def test_a_target_is_read_as_engines_read_it(case: dict[str, Any]) -> None:
    texts = EVERYWHERE.extract(case.get("method", "GET"), case["target"])
    if "texts" in case:
        assert list(texts) == case["texts"]
    assert set(case.get("among", ())) <= set(texts)
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize(
    ("configured", "path", "found"),
    [
        ("/search", "/search", True),
        ("/search", "/search/", True),
        ("/search/", "/search", True),
        ("/search", "//search", True),
        ("/search", "/x/../search", True),
        ("/search", "/./search/.", True),
        ("/search", "/%73earch", True),
        ("/search", "/%2573earch", True),
        ("/search", "/x/%2e%2e/search", True),
        ("/search", "/x/..%2Fsearch", True),
        ("/search", "/search;v=1", True),
        ("/search", "\\search", True),
        ("/search", "/search#top", True),
        ("/search", "/Search", False),
        ("/search", "/search.php", False),
        ("/search", "/search/more", False),
        ("/search", "/", False),
        ("/", "/", True),
        ("/", "", True),
        ("/", "/search", False),
        ("/a.b", "/axb", False),
        ("/b%C3%BAsqueda", "/b\u00c3\u00basqueda", True),
        ("/búsqueda", "/b%C3%BAsqueda", True),
        ("/find/*", "/find/images/new", True),
        ("/find/*", "/find", True),
        ("/find/*", "/finder", False),
        ("/find*", "/finder", True),
        ("/find*", "/fin", False),
        ("*", "/anything", True),
        ("/*", "/anything", True),
    ],
)
def test_a_path_is_compared_as_servers_compare_it(configured: str, path: str, found: bool) -> None:
    extractor = Extractor((Search(configured, ("q",)),), Limits())
    assert extractor.extract("GET", path + "?q=lantern") == (("lantern",) if found else ())


@pytest.mark.parametrize(
    ("configured", "target", "texts"),
    [
        ("/search/{query}", "/search/purple+garden", ["purple+garden", "purple garden"]),
        ("/search/{query}", "/search/purple%20garden/", ["purple garden"]),
        ("/search/{query}", "/search/purple/garden", ["purple/garden"]),
        ("/search/{query}", "/search/purple%2Fgarden", ["purple/garden"]),
        ("/search/{query}", "/search/%D1%84%D0%BE%D0%BD", ["фон"]),
        ("/search/{query}", "/%73earch//lantern", ["lantern"]),
        ("/search/{query}", "/search", []),
        ("/search/{query}", "/search/", []),
        ("/search/{query}", "/search/%20", []),
        ("/search/{query}", "/other/lantern", []),
        ("/search/{query}", "/search/lantern?q=garden", ["garden", "lantern"]),
        ("/search/{query}/*", "/search/lantern/2/date", ["lantern"]),
        ("/search/{query}/*", "/search/purple%2Fgarden/2", ["purple/garden", "purple"]),
        ("/search/{query}/*", "/search/lantern", ["lantern"]),
        ("/s-{query}.html", "/s-purple-garden.html", ["purple-garden"]),
        ("/s-{query}.html", "/s-purple-garden.htm", []),
        ("/{query}/results", "/lantern/results", ["lantern"]),
    ],
)
def test_a_path_may_hold_the_query(configured: str, target: str, texts: list[str]) -> None:
    extractor = Extractor((Search(configured, ("q",)),), Limits())
    assert sorted(extractor.extract("GET", target)) == sorted(texts)


def test_a_query_in_a_path_is_found_beneath_parameters_and_deeper_escapes() -> None:
    extractor = Extractor((Search("/search/{query}"),), Limits())
    assert {"lantern;v=1", "lantern"} <= set(extractor.extract("GET", "/search/lantern;v=1"))
    assert "lantern" in extractor.extract("GET", "/search/%256Cantern")


def test_every_search_that_a_path_belongs_to_counts() -> None:
    searches = (Search("/images", ("q",)), Search("/ima*", ("subject",)), Search("*", ("everywhere",)))
    extractor = Extractor(searches, Limits())
    target = "?q=lantern&subject=garden&everywhere=bench&other=chair"
    assert extractor.extract("GET", "/images" + target) == ("lantern", "garden", "bench")
    assert extractor.extract("GET", "/imagery" + target) == ("garden", "bench")
    assert extractor.extract("GET", "/news" + target) == ("bench",)


@pytest.mark.parametrize(
    "target", ["/?search[text]=lantern", "/?search%5Btext%5D=lantern", "/?SEARCH[Text]=lantern"]
)
def test_a_configured_name_may_hold_brackets(target: str) -> None:
    extractor = Extractor((Search("*", ("search[text]",)),), Limits())
    assert extractor.extract("GET", target) == ("lantern",)
    assert extractor.extract("GET", "/?search[page]=2") == ()


def test_a_configured_name_need_not_be_ascii() -> None:
    extractor = Extractor((Search("*", ("запрос",)),), Limits())
    target = "/?%D0%B7%D0%B0%D0%BF%D1%80%D0%BE%D1%81=lantern"
    assert extractor.extract("GET", target) == ("lantern",)
    assert extractor.extract("POST", "/", "application/json", '{"запрос": "lantern"}'.encode()) == (
        "lantern",
    )


PLAIN = st.lists(
    st.sampled_from(
        ["q", "Q", "qq", "x", "ie", "p-1", "=", "=", "&", "&", "+", "word", "1+1=2", "?", "'", "é", "#", ";"]
    ),
    max_size=16,
).map("".join)


@settings(deadline=None, max_examples=500)
@given(PLAIN)
def test_what_is_told_at_one_glance_is_what_a_look_at_every_field_tells(query: str) -> None:
    texts = EVERYWHERE.extract("GET", f"/?{query}")
    # A field with an escape in its name is looked at by itself, and holds nothing.
    assert texts == EVERYWHERE.extract("GET", f"/?{query}&%20")


def test_a_bound_below_a_plain_query_holds_for_it_too() -> None:
    bounded = Extractor((Search("*", ("q",)),), Limits(query=20))
    assert bounded.extract("GET", "/?q=" + "x" * 20) == ("x" * 20,)
    with pytest.raises(TargetTooLongError):
        bounded.extract("GET", "/?q=" + "x" * 21)
