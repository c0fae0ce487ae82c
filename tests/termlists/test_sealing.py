"""Sealed lists: opened in memory with what was sealed for, refused with the reason otherwise."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from interceptor.binding import Wrong
from interceptor.config import Config
from interceptor.decision import Interceptor
from interceptor.errors import StartError, TermListError
from interceptor.matching import compiled
from interceptor.settings.custody import ListsIdentity
from interceptor.termlists.reading import read_list, read_lists
from interceptor.termlists.sealing import (
    Identity,
    load_identity,
    new_identity,
    recipient,
    seal,
    seal_with_passphrase,
)
from interceptor.vocabulary import Action

YAML = b"id: garden\nentries: [{id: one, terms: [purple garden lantern]}]\n"
SECRET, PUBLIC = new_identity()
IDENTITY = Identity.parse(SECRET, "test")


def sealed(data: bytes) -> bytes:
    return seal(data, [recipient(PUBLIC)])


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("garden.yaml.age", YAML),
        ("garden.YML.AGE", YAML),
        ("garden.txt.age", b"purple garden lantern\n"),
        ("garden.csv.age", b"term,id\npurple garden lantern,one\n"),
    ],
)
def test_each_kind_of_list_is_read_sealed_as_it_is_in_the_clear(
    tmp_path: Path, name: str, data: bytes
) -> None:
    (tmp_path / name).write_bytes(sealed(data))
    term_list = read_list(tmp_path / name, identity=IDENTITY)
    assert term_list.id == "garden"
    assert [entry.terms for entry in term_list.entries] == [("purple garden lantern",)]


def test_sealed_and_plain_lists_mix_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(YAML.replace(b"garden\n", b"plain\n"))
    (tmp_path / "b.yaml.age").write_bytes(sealed(YAML))
    (tmp_path / "c.pdf.age").write_bytes(b"passed over")
    assert [each.id for each in read_lists([tmp_path], identity=IDENTITY)] == ["plain", "garden"]


def test_a_passphrase_opens_what_it_sealed(tmp_path: Path) -> None:
    path = tmp_path / "garden.yaml.age"
    path.write_bytes(seal_with_passphrase(YAML, "four plain words here"))
    assert read_list(path, identity=Identity.parse("four plain words here\n", "test")).id == "garden"


def test_a_file_of_the_reference_implementation_opens(tmp_path: Path) -> None:
    """Sealed by age 1.1.1, armoured, for the identity beside it; both made for this test alone."""
    here = Path(__file__).parent / "sealed"
    identity = Identity.parse((here / "identity.txt").read_text(), "test")
    assert read_list(here / "garden.yaml.age", identity=identity).id == "garden"


def refusal(path: Path, identity: Identity | None) -> str:
    with pytest.raises(TermListError) as caught:
        read_list(path, identity=identity)
    (mistake,) = caught.value.mistakes
    assert mistake.file == str(path) and mistake.remedy
    assert caught.value.__cause__ is None
    return mistake.what


@pytest.mark.parametrize(
    ("data", "identity", "what"),
    [
        (sealed(YAML), None, "is sealed, and nothing is named that opens it"),
        (sealed(YAML), Identity.parse(new_identity()[0], ""), "sealed for another identity"),
        (sealed(YAML), Identity(passphrase="wrong"), "sealed for another identity"),
        (seal_with_passphrase(YAML, "right"), Identity(passphrase="wrong"), "another identity or passphrase"),
        (sealed(YAML)[:-20], IDENTITY, "damaged or was cut short"),
        (sealed(YAML)[:60], IDENTITY, "damaged or was cut short"),
        (YAML, IDENTITY, "is not sealed, though its name says so"),
        (b"", IDENTITY, "is not sealed, though its name says so"),
        (sealed(b"entries: ["), IDENTITY, "is not YAML"),
    ],
    # Keys are made anew in each process, and cases need names that are the same in all.
    ids=[
        "no-key",
        "another-key",
        "no-such-phrase",
        "another-phrase",
        "cut",
        "cut-early",
        "plain",
        "empty",
        "no-yaml",
    ],
)
def test_what_cannot_be_opened_is_refused_by_name(
    tmp_path: Path, data: bytes, identity: Identity | None, what: str
) -> None:
    path = tmp_path / "garden.yaml.age"
    path.write_bytes(data)
    assert what in refusal(path, identity)


def test_the_bound_holds_for_what_is_inside(tmp_path: Path) -> None:
    path = tmp_path / "garden.txt.age"
    path.write_bytes(sealed(b"lantern\n" * 1000))
    assert read_list(path, identity=IDENTITY, max_bytes=8000).id == "garden"
    with pytest.raises(TermListError, match="larger than 7,999 bytes"):
        read_list(path, identity=IDENTITY, max_bytes=7999)


def test_compiled_lists_are_read_sealed(tmp_path: Path) -> None:
    plain = tmp_path / "garden.yaml"
    plain.write_bytes(YAML)
    path = tmp_path / "lists.compiled.age"
    path.write_bytes(sealed(compiled.compile_lists([read_list(plain)])))
    (tmp_path / "identity").write_text(SECRET)
    (tmp_path / "identity").chmod(0o600)
    gate = Interceptor.load(Config(lists=(path,), lists_identity=ListsIdentity(file=tmp_path / "identity")))
    assert gate.decide("purple garden lantern").action is Action.REPLACE


def test_an_identity_shows_and_stores_nothing() -> None:
    for identity in (IDENTITY, Identity(passphrase="four plain words")):
        assert SECRET not in repr(identity) and "plain" not in repr(identity)
        for store in (pickle.dumps, copy.copy):
            with pytest.raises(TypeError):
                store(identity)


# ---- where identities come from


def test_an_identity_comes_from_a_file_a_variable_or_a_credential(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lists").write_text(f"# recipient: {PUBLIC}\n\n{SECRET}\n{new_identity()[0]}\n")
    (tmp_path / "lists").chmod(0o600)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("LISTS_IDENTITY", SECRET)
    for settings in (
        ListsIdentity(file=tmp_path / "lists"),
        ListsIdentity(environment="LISTS_IDENTITY"),
        ListsIdentity(credential="lists"),
    ):
        identity = load_identity(settings)
        assert identity is not None and identity.open(sealed(b"x"), "x") == b"x"
    assert load_identity(ListsIdentity()) is None


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "holds no identity"),
        ("# only a comment\n", "holds no identity"),
        (PUBLIC, "holds a recipient"),
        ("AGE-SECRET-KEY-1SECRET", "no age identity"),
        (f"{SECRET}\nsecret words", "no age identity"),
        ("two lines\nof secret words", "several lines"),
        ("\udcff", "is no identity"),
        ("x" * 200_000, "is no identity"),
    ],
    ids=["empty", "comment", "recipient", "half-a-key", "key-and-words", "two-lines", "no-text", "long"],
)
def test_what_is_no_identity_is_refused_without_showing_it(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "identity"
    path.write_bytes(text.encode(errors="surrogateescape"))
    path.chmod(0o600)
    with pytest.raises(StartError, match=what) as caught:
        load_identity(ListsIdentity(file=path))
    assert "secret" not in str(caught.value).lower().replace(str(path), "")
    assert caught.value.__cause__ is None


def test_an_identity_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "identity"
    path.write_text(SECRET)
    path.chmod(0o604)
    with pytest.raises(StartError, match="chmod o="):
        load_identity(ListsIdentity(file=path))
    path.chmod(0o640)
    assert load_identity(ListsIdentity(file=path))


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        (ListsIdentity(file=Path("/nowhere/identity")), "cannot be read"),
        (ListsIdentity(environment="NOT_SET_ANYWHERE"), "is not set"),
        (ListsIdentity(credential="lists"), "LoadCredential=lists:"),
    ],
)
def test_a_missing_identity_is_named(
    settings: ListsIdentity, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    with pytest.raises(StartError, match=what):
        load_identity(settings)


def test_what_is_no_recipient_is_refused() -> None:
    with pytest.raises(Wrong, match="no age recipient"):
        recipient(SECRET)


def test_a_process_that_has_opened_a_sealed_list_leaves_no_core_dump(tmp_path: Path) -> None:
    (tmp_path / "garden.yaml.age").write_bytes(sealed(YAML))
    (tmp_path / "identity").write_text(SECRET)
    (tmp_path / "identity").chmod(0o600)
    code = """
import ctypes, resource
from pathlib import Path
from interceptor.termlists.reading import read_list
from interceptor.termlists.sealing import read_identity
read_list(Path("garden.yaml.age"), identity=read_identity(Path("identity")))
print(resource.getrlimit(resource.RLIMIT_CORE)[0], ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["0", "0"]  # 3 is PR_GET_DUMPABLE
