"""``v1/decide``: decisions as data, for engines in any language; described by ``v1/openapi.json``.

It answers whether a query matches a list that may be sealed, so it is off until enabled and open to configured
peers only.
"""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from interceptor.adapters.http import JSON, Answer, Request, json_answer
from interceptor.banner.content import View
from interceptor.banner.render import Banner
from interceptor.config import Config
from interceptor.decision import Decision, Interceptor
from interceptor.folding.scripts import script_of
from interceptor.vocabulary import Action

_DESCRIPTION = "v1/openapi.json"
_METHODS = {"v1/decide": ("POST",), _DESCRIPTION: ("GET", "HEAD")}
_ACTION_ORDER = (Action.PASS, Action.ANNOTATE, Action.REPLACE)


def allows(config: Config, request: Request) -> bool:
    """Whether the endpoint is enabled and ``request`` comes from a configured peer."""
    return config.decide_api.enabled and any(net.holds(request.peer) for net in config.decide_api.peers)


def answer(endpoint: str, request: Request, body: bytes | None, gate: Interceptor, banner: Banner) -> Answer:
    """Answer ``v1/decide`` and ``v1/openapi.json``; anything else is 404."""
    if endpoint not in _METHODS:
        return _problem(404, "no such endpoint")
    if request.method not in _METHODS[endpoint]:
        allowed = ", ".join(_METHODS[endpoint])
        return json_answer(405, {"error": f"use {allowed}"}, ("Allow", allowed))
    if endpoint == _DESCRIPTION:
        return json_answer(200, description(gate.config))
    if (request.header("Content-Type") or "").partition(";")[0].strip().lower() != JSON:
        return _problem(415, "the body has to be application/json")
    queries, problem = _queries(body or b"", gate.config)
    if problem is not None:
        return problem
    decisions = [(query, gate.decide(query)) for query in queries]
    strongest = max((decision.action for _, decision in decisions), key=_ACTION_ORDER.index)
    return json_answer(
        200,
        {"decisions": [_as_data(query, decision, request, banner) for query, decision in decisions]},
        ("X-Interceptor-Action", strongest),
    )


def _queries(body: bytes, config: Config) -> tuple[list[str], Answer | None]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return [], _problem(400, "the body is not JSON")
    if not isinstance(value, dict) or len(value) != 1 or not value.keys() <= {"query", "queries"}:
        return [], _problem(422, "the body has to be an object with either 'query' or 'queries'")
    queries = value["queries"] if "queries" in value else [value["query"]]
    if not isinstance(queries, list) or not queries or not all(isinstance(query, str) for query in queries):
        return [], _problem(422, "'query' has to be a string, 'queries' a list of one string or more")
    if len(queries) > config.decide_api.max_queries:
        return [], _problem(422, f"at most {config.decide_api.max_queries} queries in one call")
    if any(len(query) > config.limits.query for query in queries):
        return [], _problem(422, f"a query has at most {config.limits.query} characters")
    return queries, None


def _problem(status: int, text: str) -> Answer:
    return json_answer(status, {"error": text})


def _as_data(query: str, decision: Decision, request: Request, banner: Banner) -> dict[str, Any]:
    data: dict[str, Any] = {
        "action": decision.action,
        "category": decision.category,
        "language": decision.language,
    }
    if decision.category is not None and decision.action is not Action.PASS:
        language = banner.choose_language(
            requested=None,
            matched=decision.language,
            script=script_of(query),
            accept_language=request.header("Accept-Language"),
        )
        data["banner"] = banner.data(View(decision.category, language))
    return data


def description(config: Config) -> dict[str, Any]:
    """The OpenAPI description, with the prefix and the bounds that are configured."""
    text = resources.files("interceptor.adapters").joinpath("openapi.json").read_text("utf-8")
    document: dict[str, Any] = json.loads(text)
    document["servers"] = [{"url": config.prefix.rstrip("/")}]
    schemas = document["components"]["schemas"]
    schemas["Query"]["maxLength"] = config.limits.query
    schemas["Queries"]["maxItems"] = config.decide_api.max_queries
    return document
