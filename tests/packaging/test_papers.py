"""What the papers say has to be there: links, keys, metrics, commands."""

import dataclasses
import re
import subprocess
import sys
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest

from interceptor import config
from interceptor.counting.families import Families

ROOT = Path(__file__).parents[2]
PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
OPERATORS = (ROOT / "docs" / "operators.md").read_text()


def keys(section: type) -> Iterator[str]:
    """Every key of the configuration below ``section``."""
    hints = typing.get_type_hints(section)
    for field in dataclasses.fields(section):
        yield field.metadata.get("key") or field.name
        for part in (hints[field.name], *typing.get_args(hints[field.name])):
            if dataclasses.is_dataclass(part) and isinstance(part, type) and not hasattr(part, "parse"):
                yield from keys(part)


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(paper: Path) -> None:
    text = re.sub(r"```.*?```", "", paper.read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?:", target):
            continue
        name, _, fragment = target.partition("#")
        linked = (paper.parent / name) if name else paper
        assert linked.exists(), f"{paper.name} links to {target}, which is not there"
        if fragment:
            headings = re.findall(r"^#+ (.+)$", linked.read_text(), re.MULTILINE)
            anchors = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
            assert fragment in anchors, f"{paper.name} links to {target}, a heading that is not there"


@pytest.mark.parametrize("key", sorted(set(keys(config.Config))))
def test_every_key_is_described(key: str) -> None:
    assert f"`{key}`" in OPERATORS


def test_every_count_is_described() -> None:
    for family in Families(messages=(), languages=(), resources=()).families:
        labels = f"{{{','.join(family.labels)}}}" if family.labels else ""
        assert f"`interceptor_{family.name}_total{labels}`" in OPERATORS


def test_make_lists_its_commands() -> None:
    result = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    for target in ("demo", "test", "lint", "bench"):
        assert re.search(rf"^{target} +\w", result.stdout, re.MULTILINE)


def test_help_names_every_command() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "interceptor", "--help"], capture_output=True, text=True, check=True
    )
    for command in ("serve", "demo", "check", "lists", "config"):
        assert re.search(rf"^ +{command} ", result.stdout, re.MULTILINE)
