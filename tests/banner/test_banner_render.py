from __future__ import annotations

import html
import json
import re
import shutil
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from interceptor import config, documents
from interceptor.banner import Banner, View
from interceptor.banner.inspection import Outline
from interceptor.banner.render import sample
from interceptor.banner.resources import read_catalogue
from interceptor.banner.texts import FOLDER, read_languages
from interceptor.binding import bind
from interceptor.config import Config
from interceptor.errors import ConfigError
from interceptor.ticket import Names, TicketBox
from interceptor.vocabulary import Action, Category, Review

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "banner.md"
TICKET = "Zm9v-_" * 18
LANGUAGES = read_languages()
EVERY = [(language, category) for language in ("ar", "en", "fi", "ta", "zh-Hans") for category in Category]


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits_into_one_answer_and_loads_nothing(banner: Banner, language: str) -> None:
    for message in banner.messages:
        view = sample(View(Category.SEEKING, language, message=message))
        # 300 bytes are left for what a proxy in front adds to the headers.
        assert banner.page_size(view) <= 14_000 - 300, message
        shown = Outline(banner.page(view).decode())
        assert shown.loading == set()
        assert (shown.root["lang"], shown.root["dir"]) == (language, LANGUAGES[language].dir)
        for part in (
            LANGUAGES[language].messages[message].heading,
            *LANGUAGES[language].messages[message].text,
        ):
            assert part in shown.text


def test_the_sample_ticket_is_as_long_as_any(banner: Banner) -> None:
    view = sample(View(Category.SEEKING, "zh-Hans", message="distress-loss"))
    names = Names(banner.languages, banner.messages, ("weighted-0123456789", "fixed-0123456789"))
    text, _ = TicketBox(bytes(32), timedelta(hours=1), names).mint(
        category=view.category, language=view.language, message="distress-loss", plan=names.plans[0], prior=3
    )
    assert view.ticket is not None
    assert len(view.ticket) == len(text)


def test_a_digest_tells_one_wording_from_another(banner: Banner) -> None:
    assert Banner(Config()).wording == banner.wording
    assert Banner(Config(banner=config.Banner(languages=("en", "fi")))).wording != banner.wording
    assert banner.reviews["fi"]["harm-legal"] == "none"
    assert banner.reviews.keys() == set(banner.languages)


@pytest.mark.parametrize(("language", "category"), EVERY)
def test_page_and_strip_always_name_a_crisis_line_help_and_where_to_report(
    banner: Banner, language: str, category: Category
) -> None:
    view = View(category, language, ticket=TICKET)
    words = LANGUAGES[language].words
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


def test_sentences_run_on_as_their_script_has_it(banner: Banner) -> None:
    for tag, joined in (("zh-Hans", "帮助。此次"), ("en", "to stop. No results")):
        assert joined in page(banner, View(Category.SEEKING, tag)).text
    assert "。 " not in html.unescape(banner.strip(View(Category.AMBIGUOUS, "ja", message="legal-loss")))


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
    assert linked.pop() == "trap"
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


def test_every_other_language_is_one_button_away_with_the_ticket(banner: Banner) -> None:
    source = banner.page(View(Category.SEEKING, "es", ticket='a b&"c')).decode()
    form = re.search(r'<form action="/_interceptor/banner">.*?</form>', source, re.DOTALL)
    assert form is not None
    assert '<input type=hidden name=t value="a b&amp;&#34;c">' in form[0]
    buttons = dict(re.findall(r"<button name=lang value=(\S+) lang=\S+>([^<]+)</button>", form[0]))
    assert buttons == {tag: language.name for tag, language in LANGUAGES.items() if tag != "es"}
    assert "name=t" not in banner.page(View(Category.SEEKING, "es")).decode()


def test_the_last_link_is_one_that_only_programs_follow(banner: Banner) -> None:
    view = View(Category.SEEKING, "en", ticket=TICKET)
    for source in (banner.page(view).decode(), banner.strip(view)):
        last = re.findall(r"<a [^>]*>[^<]*", source)[-1]
        assert f'href="/_interceptor/go/trap/{TICKET}"' in last
        assert re.search(r'tabindex="?-1', last)
        assert re.search(r'aria-hidden="?true', last)
        assert last.endswith("automatic check, please skip")
    assert "/trap/" not in banner.page(View(Category.SEEKING, "en")).decode()
    assert "/trap/" not in banner.strip(View(Category.SEEKING, "en"))
    assert "/trap/" not in banner.strip(view, direct=True)
    assert "trap" not in banner.counted
    assert banner.trap_target(onion=False) == "https://www.redirectionprogram.com/"
    assert ".onion/" in str(banner.trap_target(onion=True))


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
    assert "Stop it Now Netherlands · 0800 266 64 36" in shown.text
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


def test_the_examples_of_the_documentation_work() -> None:
    examples = re.findall(r"```yaml\n(.*?)```", DOCUMENTATION.read_text(encoding="utf-8"), re.DOTALL)
    look, places, _, by_form, at_home = (
        Banner(
            bind(
                documents.parse(text.encode(), "docs/banner.md", max_bytes=10_000),
                Config,
                name="docs/banner.md",
                error=ConfigError,
            )
        )
        for text in examples
    )
    assert b"#9cc2ff" in look.page(View(Category.SEEKING, "fi"))
    shown = page(places, View(Category.SEEKING, "fi"))
    assert "tel:116123" in shown.links
    assert shown.links["https://clinic.example/"] == "Our clinic"
    assert "survey-help-us" not in places.counted
    assert not any("resources.redirection:" in notice for notice in places.notices())
    assert b'name="text"' in by_form.page(View(Category.SEEKING, "fi"))
    assert "https://search.example/" in page(at_home, View(Category.SEEKING, "fi")).links
    assert (
        at_home.page_headers["Content-Security-Policy"].count("form-action 'self' https://search.example;")
        == 1
    )
    assert "tel:116123" in strip(places, View(Category.INFORMATIONAL, "fi")).links


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
    shown = Outline(banner.page(View(Category.SEEKING, "en", ticket=TICKET)).decode())
    assert f"/_interceptor/search?t={TICKET}" in shown.actions
    assert shown.fields == {"q": None, "t": TICKET}
    assert Outline(banner.page(View(Category.SEEKING, "en")).decode()).fields == {"q": None}


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
    assert b"value=en" in banner.page(View(Category.SEEKING, "fi"))
    assert b"value=es" not in banner.page(View(Category.SEEKING, "fi"))
    alone = Banner(Config(banner=config.Banner(languages=("fi",), default_language="fi")))
    assert b"<details" not in alone.page(View(Category.SEEKING, "fi"))


@pytest.mark.parametrize(
    ("settings", "where", "remedy"),
    [
        (Config(banner=config.Banner(message="harm-leagl")), "banner.message", "Did you mean 'harm-legal'?"),
        (Config(banner=config.Banner(message="informational")), "banner.message", "Use one of:"),
        (
            Config(banner=config.Banner(languages=("en", "tlh"))),
            "banner.languages",
            "Use one of: ar, bs, de,",
        ),
        (Config(banner=config.Banner(languages=("es",))), "banner.default_language", "Use one of: es."),
        (Config(resources={"new": config.Resource(address="https://x.example/")}), "resources.new", "title"),
        (Config(resources={"new": config.Resource(title="New")}), "resources.new", "address"),
        (
            Config(resources={"trap": config.Resource(title="New", address="https://x.example/")}),
            "resources.trap",
            "Choose another name.",
        ),
        (
            Config(banner=config.Banner(review=Review.NATIVE)),
            "texts in 'en'",
            "have the texts reviewed",
        ),
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


def test_a_missing_text_comes_from_the_nearest_language_and_says_so(tmp_path: Path) -> None:
    for tag in ("en", "pt"):
        shutil.copy(FOLDER / f"{tag}.yaml", tmp_path)
    (tmp_path / "pt-BR.yaml").write_text(
        "tag: pt-BR\nname: Português (Brasil)\ndir: ltr\nscripts: [Latn]\n"
        "messages: {}\nwords: {way_out: Outra coisa}\n",
        "utf-8",
    )
    text = (FOLDER / "ar.yaml").read_text("utf-8").replace("  supportive:\n", "  another:\n")
    (tmp_path / "ar.yaml").write_text(text, "utf-8")
    languages = read_languages(tmp_path)
    brazil, arabic = languages["pt-BR"], languages["ar"]
    assert brazil.words.way_out == "Outra coisa"
    assert brazil.words.back == languages["pt"].words.back
    assert brazil.messages["neutral"] == languages["pt"].messages["neutral"]
    assert brazil.borrowed["messages.neutral"].tag == "pt"
    assert arabic.messages["supportive"] == languages["en"].messages["supportive"]
    assert {name: origin.tag for name, origin in arabic.borrowed.items()} == {"messages.supportive": "en"}


def test_a_borrowed_message_says_its_language(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for tag in ("en", "ar"):
        text = (FOLDER / f"{tag}.yaml").read_text("utf-8")
        (tmp_path / f"{tag}.yaml").write_text(
            text.replace("  harm-legal:\n", "  other:\n") if tag == "ar" else text, "utf-8"
        )
    monkeypatch.setattr("interceptor.banner.render.read_languages", lambda: read_languages(tmp_path))
    banner = Banner(Config())
    view = View(Category.SEEKING, "ar", ticket=TICKET)
    assert '<div lang="en" dir="ltr"><h1>Real children are harmed.' in banner.page(view).decode()
    assert '<p lang="en" dir="ltr"><b>Real children are harmed.' in banner.strip(view)
    assert any("'ar' borrows texts" in notice for notice in banner.notices())


def test_only_reviewed_languages_are_offered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for tag in ("en", "fi"):
        text = (FOLDER / f"{tag}.yaml").read_text("utf-8")
        reviewed = text.replace("review: none", "review: programme") if tag == "en" else text
        (tmp_path / f"{tag}.yaml").write_text(reviewed, "utf-8")
    monkeypatch.setattr("interceptor.banner.render.read_languages", lambda: read_languages(tmp_path))
    assert Banner(Config()).languages == ("en", "fi")
    assert Banner(Config(banner=config.Banner(review=Review.NATIVE))).languages == ("en",)


def test_a_page_that_grows_too_large_is_noticed(banner: Banner) -> None:
    assert not any("bytes" in notice for notice in banner.notices())
    more = {
        f"help-{number}": config.Resource(title="Help " * 10, address=f"https://help-{number}.example/")
        for number in range(10)
    }
    assert any("where 14,000 go out" in notice for notice in Banner(Config(resources=more)).notices())


def test_a_view_is_immutable_and_plain() -> None:
    view = View(Category.SEEKING, "en")
    assert replace(view, onion=True).onion
    assert set(View.__slots__) == {"category", "language", "message", "ticket", "onion"}
