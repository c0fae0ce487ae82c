from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from interceptor import config, documents
from interceptor.banner import Banner, View
from interceptor.banner.resources import read_catalogue
from interceptor.banner.texts import read_languages
from interceptor.binding import bind
from interceptor.config import Config
from interceptor.errors import ConfigError
from interceptor.vocabulary import Action, Category

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "banner.md"
TICKET = "Zm9v-_" * 18
LANGUAGES = ("en", "es", "fi")
EVERY = [(language, category) for language in LANGUAGES for category in Category]


class Links(HTMLParser):
    """The links and the visible text of a page."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.links: dict[str, str] = {}
        self.text = ""
        self._href: str | None = None
        self._hidden = False
        self.feed(source)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden = tag in ("style", "title")
        if tag == "a":
            self._href = dict(attrs)["href"] or ""
            self.links[self._href] = ""

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False
        if tag == "a":
            self._href = None

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text += data
            if self._href is not None:
                self.links[self._href] += data


@pytest.fixture(scope="module")
def banner() -> Banner:
    return Banner(Config())


def page(banner: Banner, view: View) -> Links:
    return Links(banner.page(view).decode())


def strip(banner: Banner, view: View, *, styled: bool = True, direct: bool = False) -> Links:
    return Links(banner.strip(view, styled=styled, direct=direct))


def with_resources(**changes: config.Resource) -> Banner:
    return Banner(Config(resources={name.replace("_", "-"): change for name, change in changes.items()}))


@pytest.mark.parametrize(("language", "category"), EVERY)
def test_the_page_fits_into_one_small_answer(banner: Banner, language: str, category: Category) -> None:
    status = b"HTTP/1.1 200 OK\r\nContent-Length: 12345\r\nDate: Sun, 22 Nov 2026 19:43:16 GMT\r\n\r\n"
    headers = sum(len(f"{name}: {value}\r\n") for name, value in banner.page_headers.items())
    body = banner.page(View(category, language, ticket="x" * 150))
    assert len(status) + headers + len(body) <= 14_000


@pytest.mark.parametrize(("language", "category"), EVERY)
def test_page_and_strip_always_name_a_crisis_line_help_and_where_to_report(
    banner: Banner, language: str, category: Category
) -> None:
    view = View(category, language, ticket=TICKET)
    words = read_languages()[language].words
    for shown in (page(banner, view), strip(banner, view), strip(banner, view, styled=False)):
        assert words.crisis_heading in shown.text
        assert "https://findahelpline.com/" in shown.links
        assert f"/_interceptor/go/redirection/{TICKET}" in shown.links
        assert "https://www.redirectionprogram.com/" in shown.text
        assert "https://www.inhope.org/EN#hotlineReferral" in shown.links


def test_each_category_has_its_message(banner: Banner) -> None:
    assert [banner.message_for(category) for category in Category] == [
        "harm-legal",
        "supportive",
        "neutral",
        "informational",
    ]
    assert Banner(Config(banner=config.Banner(message="neutral"))).message_for(Category.SEEKING) == "neutral"
    for message in banner.messages:
        heading = read_languages()["en"].messages[message].heading
        assert heading in page(banner, View(Category.SEEKING, "en", message=message)).text


def test_only_a_replaced_search_is_said_to_have_no_results(banner: Banner) -> None:
    words = "No results are shown"
    assert words in page(banner, View(Category.SEEKING, "en")).text
    assert words not in page(banner, View(Category.AMBIGUOUS, "en")).text
    raised = Banner(Config(actions={Category.AMBIGUOUS: Action.REPLACE}))
    assert words in page(raised, View(Category.AMBIGUOUS, "en")).text


def test_crisis_report_and_child_links_are_direct_and_every_other_link_is_counted(banner: Banner) -> None:
    outside = {
        href
        for href in page(banner, View(Category.SEEKING, "en", ticket=TICKET)).links
        if not href.startswith(("/", "#", "tel:"))
    }
    assert outside == {
        "https://findahelpline.com/",
        "https://www.inhope.org/EN#hotlineReferral",
        "https://takeitdown.ncmec.org/",
        "https://www.childline.org.uk/remove",
        "https://childhelplineinternational.org/helplines/",
    }
    assert {"report", "crisis", "take-it-down"}.isdisjoint(banner.counted)


def test_every_counted_link_is_a_declared_resource_with_its_address_in_plain_text(banner: Banner) -> None:
    shown = page(banner, View(Category.SEEKING, "en", ticket=TICKET))
    linked = [match[1] for href in shown.links if (match := re.search(r"/go/([^/]+)/", href))]
    assert len(linked) == 11
    for name in linked:
        assert name in banner.counted
        assert str(banner.target(name, onion=False)) in shown.text
    assert "counts that help was chosen, not by whom" in shown.text


def test_without_a_ticket_links_lead_straight_to_help_uncounted(banner: Banner) -> None:
    for shown in (page(banner, View(Category.SEEKING, "en")), strip(banner, View(Category.SEEKING, "en"))):
        assert "https://www.redirectionprogram.com/" in shown.links
        assert not any("/go/" in href or "t=" in href for href in shown.links)
        assert "counts" not in shown.text


def test_two_doors_lead_to_the_surveys_for_adults(banner: Banner) -> None:
    shown = page(banner, View(Category.SEEKING, "en", ticket=TICKET))
    assert shown.links[f"/_interceptor/go/survey-help-us/{TICKET}"] == "I want to stop or would like help"
    assert shown.links[f"/_interceptor/go/survey-no-need/{TICKET}"] == "I don’t think I need help"
    assert "18+" in shown.text


def test_languages_are_linked_with_the_ticket(banner: Banner) -> None:
    links = page(banner, View(Category.SEEKING, "es", ticket="a b&c")).links
    assert links["/_interceptor/banner?lang=en&t=a%20b%26c"] == "English"
    assert links["/_interceptor/banner?lang=fi&t=a%20b%26c"] == "Suomi"
    assert not any("lang=es" in href for href in links)
    assert "/_interceptor/banner?lang=en" in page(banner, View(Category.SEEKING, "es")).links


def test_an_onion_request_gets_the_onion_address_first(banner: Banner) -> None:
    onion = "http://redirec3yheqwd7psx2bjdw5zfmp25mv3uvrdxim23k6d4wkcpjwysad.onion/"
    tor = page(banner, View(Category.SEEKING, "en", ticket=TICKET, onion=True))
    assert f"/_interceptor/go/redirection-onion/{TICKET}" in tor.links
    assert f"{onion} Or on the web: https://www.redirectionprogram.com/" in tor.text
    assert page(banner, View(Category.SEEKING, "en", onion=True)).links[onion].startswith("Get help to stop")
    assert onion in strip(banner, View(Category.SEEKING, "en", onion=True)).links
    web = page(banner, View(Category.SEEKING, "en", ticket=TICKET))
    assert f"/_interceptor/go/redirection/{TICKET}" in web.links
    assert f"https://www.redirectionprogram.com/ On Tor: {onion}" in web.text
    assert not any("onion" in href for href in web.links)
    assert (
        banner.target("redirection-onion", onion=True)
        == banner.target("redirection-onion", onion=False)
        == onion
    )


def test_the_motivation_survey_stands_beside_the_supportive_message_only() -> None:
    banner = with_resources(survey_motivation=config.Resource(address="https://survey.example/"))
    assert "https://survey.example/" in page(banner, View(Category.HELP_SEEKING, "en")).links
    assert "https://survey.example/" not in page(banner, View(Category.SEEKING, "en")).links
    assert "survey-motivation" in banner.counted


def test_a_resource_without_an_address_is_not_shown(banner: Banner) -> None:
    assert "RDChat" not in page(banner, View(Category.SEEKING, "en")).text
    assert "rdchat" not in banner.counted
    assert banner.target("rdchat", onion=False) is None
    assert any("rdchat" in notice for notice in banner.notices())


def test_a_telephone_number_alone_is_shown_and_not_counted(banner: Banner) -> None:
    shown = page(banner, View(Category.SEEKING, "en", ticket=TICKET))
    assert "Stop it Now Netherlands · Phone: 0800 266 64 36" in shown.text
    assert "tel:08002666436" in shown.links
    assert "stop-it-now-nl" not in banner.counted


def test_help_in_the_readers_language_comes_first(banner: Banner) -> None:
    text = page(banner, View(Category.SEEKING, "es")).text
    assert text.index("Troubled Desire") < text.index("Stop It Now")


def test_operators_replace_switch_off_confirm_and_add() -> None:
    banner = with_resources(
        survey_help_us=config.Resource(enabled=False),
        survey_no_need=config.Resource(enabled=False),
        stop_it_now_uk=config.Resource(address="https://new.example/", title="Helpline"),
        redirection=config.Resource(confirmed=date(2026, 11, 20)),
        our_help=config.Resource(title="Our <b>own</b> help", address="https://own.example/?a=1&b=2"),
    )
    shown = page(banner, View(Category.SEEKING, "fi"))
    assert "webropolsurveys.com/S/8A07773150E3D599" not in shown.text
    assert banner.target("survey-help-us", onion=False) is None
    assert shown.links["https://new.example/"] == "Helpline"
    assert shown.links["https://own.example/?a=1&b=2"] == "Our <b>own</b> help"
    assert "our-help" in banner.counted
    notices = "\n".join(banner.notices())
    assert "resources.redirection:" not in notices
    assert "resources.stop-it-now-uk: unconfirmed (from: the configuration)" in notices


def test_the_example_of_the_documentation_works() -> None:
    example = re.search(r"```yaml\n(.*?)```", DOCUMENTATION.read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    node = documents.parse(example[1].encode(), "docs/banner.md", max_bytes=10_000)
    banner = Banner(bind(node, Config, name="docs/banner.md", error=ConfigError))
    shown = page(banner, View(Category.SEEKING, "fi"))
    assert "tel:116123" in shown.links
    assert shown.links["https://clinic.example/"] == "Our clinic"
    assert "survey-help-us" not in banner.counted
    assert not any("resources.redirection:" in notice for notice in banner.notices())
    assert "tel:116123" in strip(banner, View(Category.INFORMATIONAL, "fi")).links


def test_an_onion_address_given_as_an_address_is_one() -> None:
    banner = with_resources(redirection_onion=config.Resource(address="http://moved.onion/"))
    assert "http://moved.onion/" in page(banner, View(Category.SEEKING, "en", onion=True)).links
    assert "On Tor: http://moved.onion/" in page(banner, View(Category.SEEKING, "en")).text


def test_with_the_program_off_the_next_help_takes_its_place() -> None:
    off = config.Resource(enabled=False)
    banner = with_resources(redirection=off, redirection_onion=off)
    shown = page(banner, View(Category.SEEKING, "en", ticket=TICKET))
    assert shown.links[f"/_interceptor/go/redirection-mieli/{TICKET}"].startswith("Get help to stop")
    everything = dict.fromkeys(read_catalogue({}).resources, off)
    bare = Banner(Config(resources=everything))
    assert bare.counted == ()
    assert "local emergency number" in page(bare, View(Category.SEEKING, "en")).text
    assert "local emergency number" in strip(bare, View(Category.SEEKING, "en")).text
    assert any("no crisis line" in notice for notice in bare.notices())


def test_hostile_values_reach_the_page_only_as_text() -> None:
    evil = '"><script>alert(1)</script>'
    settings = Config(
        engine=config.Engine(name=evil + "{engine}", home='/"onclick="x'),
        resources={"redirection": config.Resource(title=evil, phone=evil, address='https://x.example/"a')},
    )
    banner = Banner(settings)
    view = View(Category.SEEKING, evil, message=evil, ticket=evil)
    for source in (banner.page(view).decode(), banner.strip(view)):
        assert "<script" not in source
        assert '"onclick' not in source
        assert 'example/"a' not in source
    assert view.ticket == evil
    assert evil in page(banner, view).text
    json.dumps(banner.data(view))


def test_what_an_old_ticket_names_and_nobody_knows_still_gives_the_page(banner: Banner) -> None:
    shown = page(banner, View(Category.SEEKING, "tlh", message="gone"))
    assert "Real children are harmed." in shown.text


def test_the_strip_is_ascii_in_every_language_and_says_the_same(banner: Banner) -> None:
    for language, category in EVERY:
        view = View(category, language, ticket=TICKET)
        text = banner.strip(view)
        assert text.isascii()
        assert "\\" not in text
        assert "~" not in text
        assert "\n" not in text
        message = read_languages()[language].messages[banner.message_for(category)]
        for paragraph in message.text:
            assert paragraph in html.unescape(text)


def test_the_bare_strip_has_no_style_and_the_direct_one_no_link_of_ours(banner: Banner) -> None:
    view = View(Category.AMBIGUOUS, "en", ticket=TICKET)
    bare = banner.strip(view, styled=False)
    assert "style" not in bare
    direct = strip(banner, view, direct=True)
    assert all(href.startswith("https://") for href in direct.links)
    assert "counts" not in direct.text
    assert any(href.startswith("/_interceptor/banner?") for href in strip(banner, view).links)


def test_links_from_the_engines_page_carry_no_referrer(banner: Banner) -> None:
    # The engine's page has the query in its address; the strip must not hand it on, not even to ourselves.
    source = banner.strip(View(Category.AMBIGUOUS, "en", ticket=TICKET))
    assert source.count("<a ") == source.count('referrerpolicy="no-referrer"')


def test_the_search_box_is_empty_and_carries_the_ticket(banner: Banner) -> None:
    source = banner.page(View(Category.SEEKING, "en", ticket=TICKET)).decode()
    assert '<form method="post" action="/_interceptor/search">' in source
    assert f'<input type="hidden" name="t" value="{TICKET}">' in source
    assert re.search(r'<input id="q" name="q"[^>]*>', source)
    assert "value" not in re.search(r'<input id="q"[^>]*>', source)[0]  # type: ignore[index]
    assert 'name="t"' not in banner.page(View(Category.SEEKING, "en")).decode()


def test_the_way_back_leads_to_the_engine() -> None:
    banner = Banner(Config(engine=config.Engine(name="Lantern", home="/start?x=1&y=2"), prefix="/x/"))
    shown = page(banner, View(Category.SEEKING, "en", ticket=TICKET))
    assert shown.links["/start?x=1&y=2"] == "Back to Lantern"
    assert f"/x/go/redirection/{TICKET}" in shown.links


def test_headers_forbid_everything_but_the_page(banner: Banner) -> None:
    headers = banner.page_headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in headers["X-Robots-Tag"]


def test_data_holds_what_the_page_says(banner: Banner) -> None:
    view = View(Category.HELP_SEEKING, "fi", ticket=TICKET)
    data = json.loads(json.dumps(banner.data(view)))
    assert (data["language"], data["dir"], data["message"]) == ("fi", "ltr", "supportive")
    assert data["help"][0] == {
        "id": "redirection",
        "title": "ReDirection-omahoito-ohjelma",
        "link": f"/_interceptor/go/redirection/{TICKET}",
        "address": "https://www.redirectionprogram.com/",
        "onion": "http://redirec3yheqwd7psx2bjdw5zfmp25mv3uvrdxim23k6d4wkcpjwysad.onion/",
        "phone": None,
    }
    text = page(banner, view).text
    for part in ("help", "surveys", "crisis", "young", "report"):
        for item in data[part]:
            assert item["title"] in text
    assert data["title"] in text
    assert all(paragraph in text for paragraph in data["paragraphs"])


def test_choosing_a_language_is_among_those_offered() -> None:
    banner = Banner(Config(banner=config.Banner(languages=("fi", "en"), default_language="fi")))
    assert banner.languages == ("fi", "en")
    assert banner.choose_language(requested="es", accept_language="es") == "fi"
    assert banner.choose_language(matched="en-GB") == "en"
    links = page(banner, View(Category.SEEKING, "fi")).links
    assert not any("lang=es" in href for href in links)
    alone = Banner(Config(banner=config.Banner(languages=("fi",), default_language="fi")))
    assert b"<nav" not in alone.page(View(Category.SEEKING, "fi"))


@pytest.mark.parametrize(
    ("settings", "where", "remedy"),
    [
        (Config(banner=config.Banner(message="harm-leagl")), "banner.message", "Did you mean 'harm-legal'?"),
        (Config(banner=config.Banner(message="informational")), "banner.message", "Use one of:"),
        (
            Config(banner=config.Banner(languages=("en", "tlh"))),
            "banner.languages",
            "Use one of: en, es, fi.",
        ),
        (Config(banner=config.Banner(languages=("es",))), "banner.default_language", "Use one of: es."),
        (Config(resources={"new": config.Resource(address="https://x.example/")}), "resources.new", "title"),
        (Config(resources={"new": config.Resource(title="New")}), "resources.new", "address"),
        (
            Config(resources={"a/b": config.Resource(title="New", address="https://x.example/")}),
            "cannot stand in a link",
            "letters",
        ),
    ],
)
def test_an_unusable_configuration_is_refused_with_a_remedy(
    settings: Config, where: str, remedy: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        Banner(settings)
    assert where in str(caught.value)
    assert remedy in str(caught.value)


def test_switching_off_what_does_not_exist_is_noticed() -> None:
    notices = with_resources(crisys=config.Resource(enabled=False)).notices()
    assert any("crisys" in notice and "no such resource" in notice for notice in notices)


def test_texts_nobody_reviewed_are_noticed(banner: Banner) -> None:
    assert any("'fi'" in notice and "harm-legal" in notice for notice in banner.notices())


def test_a_language_must_have_every_message(tmp_path: Path) -> None:
    folder = Path(read_languages.__globals__["FOLDER"])
    for path in folder.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        if path.stem == "fi":
            text = text.replace("  supportive:\n", "  other-thing:\n")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_languages(tmp_path)
    assert "fi.yaml: lacks the message 'supportive'" in str(caught.value)
    assert "en.yaml: lacks the message 'other-thing'" in str(caught.value)


def test_a_view_is_immutable_and_plain() -> None:
    view = View(Category.SEEKING, "en")
    assert replace(view, onion=True).onion
    assert set(View.__slots__) == {"category", "language", "message", "ticket", "onion"}
