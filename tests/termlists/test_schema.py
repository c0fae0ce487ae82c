"""docs/term-list.schema.json says the same as the dataclasses."""

import dataclasses
import enum
import json
import re
import types
import typing
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from interceptor import documents
from interceptor.documents import Mapping, Node, Sequence
from interceptor.termlists import checks, model
from interceptor.termlists.reading import shipped_lists

ROOT = Path(__file__).parents[2]
SCHEMA: dict[str, Any] = json.loads((ROOT / "docs" / "term-list.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
HERE = Path(__file__).parent

OBJECTS = {
    model.TermList: SCHEMA,
    model.Entry: SCHEMA["$defs"]["entry"],
    model.Unless: SCHEMA["$defs"]["unless"],
    model.Samples: SCHEMA["$defs"]["samples"],
    model.Lint: SCHEMA["$defs"]["lint"],
    model.Group: SCHEMA["$defs"]["group"]["anyOf"][1],
}

# What a reader of YAML 1.2 makes of the file, and so an editor that checks it against the schema.
SCALARS = {"true": True, "false": False, "null": None, "~": None, "": None}


def value(node: Node) -> Any:
    if isinstance(node, Mapping):
        return {key: value(item) for key, (_, item) in node.items.items()}
    if isinstance(node, Sequence):
        return [value(item) for item in node.items]
    if node.quoted:
        return node.text
    if re.fullmatch(r"-?[0-9]+", node.text):
        return int(node.text)
    if re.fullmatch(r"-?[0-9]+\.[0-9]+", node.text):
        return float(node.text)
    return SCALARS.get(node.text, node.text)


def load(path: Path) -> Any:
    return value(documents.read(path, max_bytes=1_000_000))


def fields(cls: type) -> dict[str, dataclasses.Field[Any]]:
    assert dataclasses.is_dataclass(cls)
    return {
        field.metadata.get("key") or field.name: field
        for field in dataclasses.fields(cls)
        if not field.metadata.get("line")
    }


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "path",
    [*sorted(shipped_lists()[0].glob("*.yaml")), *sorted((HERE / "good").glob("*.yaml"))],
    ids=lambda path: path.name,
)
def test_lists_that_are_read_fit_the_schema(path: Path) -> None:
    VALIDATOR.validate(load(path))


@pytest.mark.parametrize(
    "name",
    [
        *(
            "unknown-key",
            "no-id",
            "entry-without-id",
            "id-not-an-identifier",
            "nothing-to-match",
            "empty-term",
        ),
        *(
            "empty-group-word",
            "group-name",
            "within-zero",
            "within-absurd",
            "within-not-a-number",
            "language",
            "too-many-groups",
        ),
        *("category", "status", "unless-without-words", "unless-to-seeking", "date", "format-newer"),
        *("format-older", "format-not-a-number", "no-entries", "entries-not-mappings", "not-a-mapping"),
        *("term-is-a-mapping", "groups-not-a-mapping", "list-id-not-an-identifier", "term-as-key"),
    ],
)
def test_lists_that_are_refused_do_not_fit_the_schema(name: str) -> None:
    assert not VALIDATOR.is_valid(load(HERE / "bad" / f"{name}.yaml"))


@pytest.mark.parametrize("cls", OBJECTS, ids=lambda cls: cls.__name__)
def test_keys_are_the_same(cls: type) -> None:
    assert set(OBJECTS[cls]["properties"]) == set(fields(cls))
    assert OBJECTS[cls]["additionalProperties"] is False


@pytest.mark.parametrize("cls", OBJECTS, ids=lambda cls: cls.__name__)
def test_required_keys_are_the_same(cls: type) -> None:
    required = {
        key
        for key, field in fields(cls).items()
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    }
    # A list without entries is well-typed and refused by the checks.
    assert set(OBJECTS[cls].get("required", ())) == required | (
        {"entries"} if cls is model.TermList else set()
    )


@pytest.mark.parametrize("cls", OBJECTS, ids=lambda cls: cls.__name__)
def test_words_and_defaults_are_the_same(cls: type) -> None:
    hints = typing.get_type_hints(cls)
    for key, field in fields(cls).items():
        said = OBJECTS[cls]["properties"][key]
        target = SCHEMA["$defs"][said["$ref"].rpartition("/")[2]] if "$ref" in said else said
        for hint in typing.get_args(hints[field.name]) or (hints[field.name],):
            if (
                isinstance(hint, type)
                and issubclass(hint, enum.Enum)
                and not isinstance(hint, types.GenericAlias)
            ):
                assert target["enum"] == [member.value for member in hint]
        if "default" in said:
            default = field.default if field.default is not dataclasses.MISSING else {}
            assert said["default"] == default


def test_bounds_are_the_same() -> None:
    entry = SCHEMA["$defs"]["entry"]["properties"]
    assert entry["within"]["maximum"] == model.MAX_WITHIN
    assert entry["all"]["maxItems"] == model.MAX_GROUPS
    assert SCHEMA["properties"]["entries"]["maxItems"] == checks.MAX_ENTRIES
    assert SCHEMA["properties"]["format"]["const"] == model.FORMAT
