"""Renderings that are kept are what would be rendered anew."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from interceptor.banner import Banner, View
from interceptor.banner.prepared import Prepared
from interceptor.banner.render import sample
from interceptor.config import Config
from interceptor.vocabulary import Category


@pytest.fixture(scope="module")
def banner() -> Banner:
    return Banner(Config())


@given(st.one_of(st.none(), st.text("abcXYZ019-_", min_size=1), st.text(min_size=1)))
@example("<script>")
@example('"')
@example("a b")
@example("ticket\n")
def test_a_kept_rendering_has_the_ticket_it_is_asked_for(ticket: str | None) -> None:
    rendered: list[View] = []

    def render(view: View) -> str:
        rendered.append(view)
        return f"{view.language} {view.message} {view.ticket} and again {view.ticket}"

    prepared = Prepared(render)
    for language in ("fi", "sv", "fi", "fi"):
        view = View(Category.SEEKING, language, message="harm-legal", ticket=ticket)
        assert prepared(view) == f"{language} harm-legal {ticket} and again {ticket}"
    assert len(rendered) <= 4


def test_pages_and_strips_differ_in_their_tickets_alone(banner: Banner) -> None:
    fresh = Banner(Config())
    for category in Category:
        for onion in (False, True):
            views = [sample(View(category, "ar", onion=onion)) for _ in range(3)]
            assert len({banner.page(view) for view in views}) == 3
            for view in views:
                ticket = view.ticket or ""
                assert banner.page(view) == fresh._templates.page(fresh._page_context(view)).encode()
                for styled in (False, True):
                    for direct in (False, True):
                        assert banner.strip(view, styled=styled, direct=direct) == fresh._rendered_strip(
                            view, styled=styled, direct=direct
                        )
                without = banner.page(replace(view, ticket=None))
                assert ticket.encode() not in without
                assert without == banner.page(replace(view, ticket=None))


def test_a_view_is_rendered_once_for_all_tickets() -> None:
    rendered: list[View] = []

    def render(view: View) -> str:
        rendered.append(view)
        return f"<{view.ticket}>"

    prepared = Prepared(render)
    assert [prepared(View(Category.SEEKING, "fi", ticket=str(number))) for number in range(3)] == [
        "<0>",
        "<1>",
        "<2>",
    ]
    assert len(rendered) == 1
