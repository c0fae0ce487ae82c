"""Each mistake in a text is found, with its place and its remedy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from interceptor.banner.lint import findings
from interceptor.banner.readability import lix, sentences
from interceptor.banner.texts import FOLDER
from interceptor.config import Config

KEPT = ("en", "fi")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for tag in KEPT:
        # Paragraphs on one line each, so that a test need not know how they are broken.
        text = re.sub(r"\n        (?=\S)", " ", (FOLDER / f"{tag}.yaml").read_text("utf-8"))
        (tmp_path / f"{tag}.yaml").write_text(text.replace("- >- ", "- >-\n        "), "utf-8")
    return tmp_path


def found(folder: Path) -> list[str]:
    """Findings about the texts that are there; languages that are not are another matter."""
    return [
        str(finding)
        for finding in findings(Config(), folder)
        if "in which help is offered" not in str(finding)
    ]


def edit(folder: Path, old: str, new: str, tag: str = "en") -> int:
    """Change a text; the line that its key stands on."""
    path = folder / f"{tag}.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_shipped_texts_are_without_findings(folder: Path) -> None:
    assert found(folder) == []


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("It harms children, and it has consequences", "It has consequences", "does not say: harm"),
        (
            "such images is a crime almost",
            "such images is a wrong almost",
            "does not say: crime",
        ),
        ("Free, anonymous help exists", "Free help exists", "does not say: anonymous"),
        ("This search matched words", "You searched for words", "says what a warning never says"),
        ("It harms children", "The police track this. It harms children", "says what a warning never says"),
        ("It harms children", "It harms <b>children</b>", "holds a sign that is not text"),
        ("It harms children", "It harms {children}", "holds a sign that is not text"),
        ("It harms children, and", "It harms children, and " + "on and " * 60, "characters"),
        (
            "heading: Information and help\n    text:\n      - >-\n        This search",
            'heading: "Information  and help"\n    text:\n      - >-\n        This search',
            "spare white space",
        ),
    ],
)
def test_a_mistake_in_a_message_is_found(folder: Path, old: str, new: str, what: str) -> None:
    edit(folder, old, new)
    line = 8  # where `neutral` stands
    assert (folder / "en.yaml").read_text("utf-8").splitlines()[line - 1].strip() == "neutral:"
    matching = [finding for finding in found(folder) if what in finding]
    assert matching
    assert all(finding.startswith(f"{folder}/en.yaml:{line}: 'messages.neutral'") for finding in matching)


def test_a_loss_without_help_in_its_sentence_is_found(folder: Path) -> None:
    edit(
        folder,
        ", and there is free, anonymous help to stop.",
        ". There is free, anonymous help to stop.",
    )
    assert any("'messages.legal-loss' names a loss without help" in finding for finding in found(folder))


def test_a_text_that_is_hard_to_read_is_found(folder: Path) -> None:
    edit(
        folder,
        "It harms children",
        "Irreversible psychological traumatisation disadvantages children; " * 2 + "it harms children",
    )
    assert any("'messages.neutral' is hard to read" in finding for finding in found(folder))


def test_an_untranslated_text_is_found_where_it_stands(folder: Path) -> None:
    line = edit(folder, "way_out: Etsin jotain muuta", "way_out: I was looking for something else", "fi")
    assert found(folder) == [f"{folder}/fi.yaml:{line}: 'words.way_out' is not translated. Translate it."]


def test_a_title_that_tells_is_found(folder: Path) -> None:
    edit(folder, "page_title: Search notice", "page_title: About images of children")
    assert any("'words.page_title' tells the subject" in finding for finding in found(folder))


def test_fixed_words_are_looked_at_too(folder: Path) -> None:
    line = edit(
        folder,
        "page_note: This page sets no cookie",
        "page_note: This page will not track you and sets no cookie",
    )
    assert found(folder)[0].startswith(
        f"{folder}/en.yaml:{line}: 'words.page_note' says what a warning never says"
    )


def test_a_missing_text_and_a_missing_language_are_named(folder: Path) -> None:
    path = folder / "fi.yaml"
    text = path.read_text("utf-8")
    path.write_text(
        text.replace("  supportive:\n", "  supporting:\n").replace("  trap:", "  #trap:"), "utf-8"
    )
    listed = [str(finding) for finding in findings(Config(), folder)]
    assert any("fi.yaml:1: lacks 'messages.supportive'. Translate it." in finding for finding in listed)
    assert any("fi.yaml:1: lacks 'words.trap'. Translate it." in finding for finding in listed)
    assert any(
        "has no texts in 'ar', in which help is offered. Write ar.yaml." in finding for finding in listed
    )


def test_a_language_without_rules_is_named(folder: Path) -> None:
    text = (folder / "en.yaml").read_text("utf-8").replace("tag: en", "tag: en-GB")
    (folder / "en-GB.yaml").write_text(text, "utf-8")
    assert any("en-GB.yaml:1: has no rules in wording.yaml" in finding for finding in found(folder))


def test_sentences_end_in_every_script() -> None:
    assert sentences("One. Two! Three") == ["One.", "Two!", "Three"]
    assert sentences("見る。共有する。") == ["見る。", "共有する。"]
    assert sentences("मदद है। वह गुमनाम है।") == ["मदद है।", "वह गुमनाम है।"]
    assert sentences("هل تريد مساعدة؟ نعم.") == ["هل تريد مساعدة؟", "نعم."]


def test_lix_is_what_bjornsson_defines() -> None:
    # Nine words in two sentences; library, Visitors and welcome have more than six letters.
    assert lix("The quiet library opens its doors today. Visitors welcome.") == pytest.approx(
        9 / 2 + 100 * 3 / 9
    )
    assert lix("") == 0
