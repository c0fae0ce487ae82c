"""Which column of a table holds what."""

from __future__ import annotations

from dataclasses import dataclass

from interceptor.curation.importing.sheets import Sheet
from interceptor.errors import CallError

FIELDS = (
    *("term", "terms", "id", "category", "language", "match", "status", "review"),
    *("sample", "falsepositives", "related", "modified", "note"),
)
"""What a column can hold: ``term`` one term, ``terms`` several, ``sample`` a search that has to match; for the others
see docs/term-lists.md."""

NOTHING = "-"
"""In place of a field: the column is passed over."""

_ALSO = {
    "term": ("keyword", "key word", "phrase", "word", "expression", "search term"),
    "terms": ("keywords", "phrases", "words", "variants", "synonyms", "spellings"),
    "id": ("identifier", "ref", "reference", "term id", "keyword id"),
    "category": ("class", "kind"),
    "language": ("lang", "locale", "language code"),
    "match": ("match type", "matching"),
    "status": ("state",),
    "review": ("reviewed by",),
    "sample": ("samples", "example", "examples"),
    "falsepositives": ("false positives", "false positive", "may also match"),
    "related": ("see also",),
    "modified": ("updated", "last updated", "last modified", "changed"),
    "note": ("notes", "comment", "comments", "remark", "remarks", "description"),
}
_KNOWN = {name: key for key, names in _ALSO.items() for name in (key, *names)}


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is to be read."""

    header: bool
    """Whether its first row names the columns."""
    fields: dict[int, str]
    """What each column that is used holds, by its place from 0."""
    names: dict[int, str]
    """What the header calls columns whose name is a known one, and so no term."""
    width: int
    """Columns of the widest row."""


def find(sheet: Sheet, mapped: dict[str, str], *, header: bool | None = None) -> Layout:
    """Find out how ``sheet`` is laid out.

    ``mapped`` says what columns hold, by the header's name or by number from 1; ``header`` whether there is one.
    Raises `CallError` where the column of terms cannot be told, or ``mapped`` names what is not there.
    """
    width = max((len(row.cells) for row in sheet.rows), default=0)
    first = [_normal(cell) for cell in sheet.rows[0].cells] if sheet.rows else []
    named = {_normal(name): field for name, field in mapped.items() if not name.isdigit()}
    if header is None:
        header = any(cell in _KNOWN or cell in named for cell in first)
    fields: dict[int, str] = {}
    names: dict[int, str] = {}
    if header:
        for place, cell in enumerate(first):
            field = named.get(cell) or _KNOWN.get(cell)
            if field is not None:
                names[place] = cell
                fields.setdefault(place, field)
    if missing := [name for name in named if not header or name not in first]:
        raise CallError(
            f"{sheet.path}: {len(missing)} of the columns that --map names by name are not in the header. "
            "Check the spelling, or name columns by number: --map 1=term."
        )
    for name, field in mapped.items():
        if name.isdigit():
            if not 1 <= int(name) <= width:
                raise CallError(f"{sheet.path}: has no column {name}, but {width}.")
            fields[int(name) - 1] = field
    fields = _once({place: field for place, field in fields.items() if field != NOTHING}, sheet, mapped)
    if not {"term", "terms"} & set(fields.values()):
        if width == 1:
            fields[0] = "term"
        else:
            raise CallError(
                f"{sheet.path}: no column says that it holds terms. Say which does, by number: --map 1=term."
            )
    return Layout(header, fields, names, width)


def _once(fields: dict[int, str], sheet: Sheet, mapped: dict[str, str]) -> dict[int, str]:
    """Check that no two columns hold what an entry has one of."""
    seen: dict[str, int] = {}
    for place, field in sorted(fields.items()):
        if field in seen and field not in ("term", "terms", "sample"):
            raise CallError(
                f"{sheet.path}: columns {seen[field] + 1} and {place + 1} both hold '{field}'. "
                f"Leave one out: --map {place + 1}={NOTHING}."
            )
        seen[field] = place
    return fields


def _normal(name: str) -> str:
    return " ".join(name.replace("_", " ").replace("-", " ").lower().split())
