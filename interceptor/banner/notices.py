"""What a check of the configuration says about the banner: nothing of it stops the banner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from interceptor.banner.inspection import MAX_BYTES
from interceptor.banner.resources import Catalogue, Role
from interceptor.banner.texts import Language
from interceptor.vocabulary import Review


def notices(catalogue: Catalogue, languages: Mapping[str, Language], page_size: int) -> Iterator[str]:
    """Yield what an operator should know; ``page_size`` is the largest page in bytes, headers included."""
    for name, resource in catalogue.resources.items():
        if not resource.is_shown:
            yield f"resources.{name}: has no address and is not shown; give it one, or switch it off."
        elif resource.confirmed is None:
            yield (
                f"resources.{name}: unconfirmed (from: {resource.source}); open or call it, "
                f"then set resources.{name}.confirmed to the date."
            )
    for name in catalogue.unknown_off:
        yield f"resources.{name}: is switched off, but there is no such resource; correct the name."
    if not any(True for _ in catalogue.shown(Role.CRISIS)):
        yield "resources: no crisis line is left; the page names the local emergency number alone."
    unreviewed: dict[tuple[str, ...], list[str]] = {}
    for tag, language in languages.items():
        if language.borrowed:
            yield f"banner: '{tag}' borrows texts of another language: {', '.join(language.borrowed)}."
        texts = tuple(name for name, text in language.messages.items() if text.review is Review.NONE)
        if texts:
            unreviewed.setdefault(texts, []).append(f"'{tag}'")
    for texts, tags in unreviewed.items():
        yield f"banner: texts that nobody has reviewed in {', '.join(tags)}: {', '.join(texts)}."
    if page_size > MAX_BYTES:
        yield (
            f"banner: the page takes up to {page_size:,} bytes where {MAX_BYTES:,} go out at once; "
            "shorten titles, or offer fewer languages or resources."
        )
