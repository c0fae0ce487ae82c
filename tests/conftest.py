"""Fixtures that tests of every part share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from running import GARDEN, Engine, Running, start

if TYPE_CHECKING:
    from browsing import Opener

# Speed is measured in benchmarks/; a busy machine must not fail a test.
hypothesis.settings.register_profile("project", deadline=None)
hypothesis.settings.load_profile("project")


@pytest.fixture
def garden(tmp_path: Path) -> Path:
    """A folder with a stand-in list."""
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "garden.yaml").write_text(GARDEN)
    return folder


@pytest.fixture(scope="module")
def opener() -> Iterator[Opener]:
    """What opens pages in Debian's Chromium."""
    # The tests that need no browser are many, and its packages load slowly.
    import browsing

    if not browsing.CHROMIUM.exists():
        pytest.skip(f"{browsing.CHROMIUM} is not installed")
    with browsing.running_browser() as browser:
        opener = browsing.Opener(browser)
        yield opener
        opener.close()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Start services; each is stopped at the end of the test."""
    started: list[Running] = []

    def begin(config: dict[str, object] | None = None, *arguments: str, **more: Any) -> Running:
        folder = tmp_path / f"service-{len(started)}"
        folder.mkdir()
        started.append(start(folder, config, *arguments, **more))
        return started[-1]

    yield begin
    for running in started:
        running.stop()


@pytest.fixture
async def engine() -> AsyncIterator[Engine]:
    """An engine that keeps what it was sent."""
    async with Engine() as running:
        yield running
