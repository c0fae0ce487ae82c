"""Compiled lists: they decide as the lists do, and what is not whole or not ours is refused by name."""

from __future__ import annotations

import hashlib
import json
import struct
import subprocess
import sys
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interceptor import Interceptor
from interceptor.cli.main import main
from interceptor.config import Config, Matching
from interceptor.errors import TermListError
from interceptor.matching import compiled, sections
from interceptor.matching.compiled import Compiled
from interceptor.termlists.model import Entry, MatchMode, TermList
from interceptor.termlists.reading import Summary, notices, read_lists, shipped_lists

HEAD = 18 + 4 + 8 + 32
LIST = """\
id: lanterns
version: "3"
expires: 2020-01-31
category: ambiguous
language: sv
groups:
  colours: [purple, violet, 紫]
  lamps: [lantern, lanterns, 灯]
  law: [law, statute on]
entries:
  - id: phrase
    terms: [purple garden lantern, Gärtnerlampe]
    category: seeking
    unless:
      - {then: informational, groups: law}
      - {then: pass, words: [purple garden lantern inn]}
  - id: near
    all: [colours, lamps]
    within: 2
    language: und
    unless: {then: informational, groups: law}
  - id: both
    terms: [garden]
    all: [lamps]
  - {id: whole, terms: [lantern], match: exact}
  - {id: whole-too, terms: [lantern, shed], match: exact, category: help-seeking}
  - {id: begins, terms: [greenhous], match: prefix}
  - {id: inside, terms: [pavilion, '1984'], match: substring}
  - {id: gone, terms: [bench], status: retired}
"""
QUERIES = (
    "purple garden lantern",
    "law purple garden lantern",
    "purple garden lantern inn",
    "gartnerlampe",
    "GÄRTNERLAMPE",
    "gaertnerlampe",
    "purple old iron lantern",
    "紫の灯",
    "lantern",
    "a lantern",
    "shed",
    "garden lanterns",
    "greenhouses",
    "bigpavilions",
    "in 1984",
    "bench",
    "purp1e g4rden l@ntern",
    "p u r p l e g a r d e n l a n t e r n",
    "nretnal nedrag elprup",
    "greenhuose",
    "weather tomorrow",
    "",
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "lanterns.yaml"
    path.write_text(LIST)
    return path


@pytest.fixture
def file(source: Path) -> Path:
    path = source.with_suffix(".compiled")
    compiled.write(path, compiled.compile_lists(read_lists([source])))
    return path


def load(path: Path, matching: Matching | None = None) -> Interceptor:
    return Interceptor.load(Config(lists=(path,), matching=matching or Matching()))


def refused(path: Path) -> str:
    with pytest.raises(TermListError) as caught:
        load(path)
    (mistake,) = caught.value.mistakes
    assert mistake.file == str(path)
    assert "lantern" not in f"{mistake.what} {mistake.remedy}"
    return f"{mistake.what}. {mistake.remedy}"


def with_checksum(data: bytes) -> bytes:
    """``data`` as someone would forge it: a head that fits what follows."""
    content = data[HEAD:]
    head = data[:22] + struct.pack("<Q32s", len(content), hashlib.sha256(content).digest())
    return head + content


@pytest.mark.parametrize(
    "matching", [Matching(), Matching(loosened=False), Matching(shortest_spaced_out=8, shortest_turned=12)]
)
def test_decides_as_the_lists_do_whatever_the_bounds(source: Path, file: Path, matching: Matching) -> None:
    lists, ours = load(source, matching), load(file, matching)
    for query in QUERIES:
        assert ours.decide(query) == lists.decide(query), query
        assert ours.explain(query) == lists.explain(query), query
    assert ours.decide(QUERIES[0]).action == "replace"
    assert "informational" in [evidence.category for evidence in ours.explain(QUERIES[1])]


def test_decides_as_the_shipped_lists_do_on_all_their_samples() -> None:
    lists = Interceptor.load()
    ours = Interceptor(
        Config(), compiled.restore(compiled.compile_lists(read_lists(shipped_lists())), "shipped")
    )
    for term_list in lists.lists:
        for entry in term_list.entries:
            for sample in (*entry.samples.match, *entry.samples.pass_):
                assert ours.explain(sample) == lists.explain(sample), (term_list.id, entry.id)


@given(
    terms=st.lists(st.lists(st.text(max_size=8), min_size=1, max_size=3), min_size=1, max_size=5),
    mode=st.sampled_from(MatchMode),
    query=st.text(max_size=12),
)
def test_any_terms_survive(terms: list[list[str]], mode: MatchMode, query: str) -> None:
    entries = tuple(
        Entry(id=f"e{number}", terms=tuple(words), match=mode) for number, words in enumerate(terms)
    )
    lists = [TermList(id="x", entries=entries)]
    ours = Interceptor(Config(), compiled.restore(compiled.compile_lists(lists), "x"))
    theirs = Interceptor(Config(), lists)
    for text in (query, *(word for words in terms for word in words)):
        assert ours.explain(text) == theirs.explain(text)


def test_entries_share_the_phrases_of_their_exceptions(file: Path) -> None:
    rules = compiled.read(file).tables.entries.rules
    first, second = rules[0].exceptions[0], rules[1].exceptions[0]
    assert first.phrases is second.phrases


def test_tells_of_its_lists_without_their_entries(source: Path, file: Path) -> None:
    gate = load(file)
    assert gate.lists == ()
    assert gate.summaries == (Summary("lanterns", "3", date(2020, 1, 31), 8, 7),)
    assert gate.summaries == load(source).summaries
    assert "lists=1" in repr(gate)
    (notice,) = notices(gate.summaries, date(2026, 1, 1))
    assert "'lanterns' expired on 2020-01-31" in notice
    for shown in (gate, compiled.read(file), gate.summaries):
        assert "purple" not in repr(shown)


def test_the_same_lists_give_the_same_bytes(source: Path, file: Path) -> None:
    assert compiled.compile_lists(read_lists([source])) == file.read_bytes()


def test_only_its_owner_may_read_it_and_nothing_is_left_beside_it(file: Path) -> None:
    compiled.write(file, file.read_bytes())
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in file.parent.iterdir()) == ["lanterns.compiled", "lanterns.yaml"]


def test_a_write_that_fails_leaves_the_old_file(file: Path) -> None:
    before = file.read_bytes()
    folder = file.parent / "folder.compiled"
    folder.mkdir()
    with pytest.raises(OSError):
        compiled.write(folder, before)
    assert sorted(path.name for path in file.parent.iterdir()) == [
        "folder.compiled",
        "lanterns.compiled",
        "lanterns.yaml",
    ]


def test_every_changed_octet_is_noticed(file: Path) -> None:
    data = file.read_bytes()
    for place in (*range(HEAD), *range(HEAD, len(data), 23), len(data) - 1):
        file.write_bytes(data[:place] + bytes([data[place] ^ 0x20]) + data[place + 1 :])
        assert "Compile it again" in refused(file)


def test_every_length_but_its_own_is_noticed(file: Path) -> None:
    data = file.read_bytes()
    for size in (0, 1, HEAD - 1, HEAD, HEAD + 1, len(data) // 2, len(data) - 1):
        file.write_bytes(data[:size])
        assert "cut short" in refused(file)
    file.write_bytes(data + b"\n")
    assert "damaged" in refused(file)


def test_newer_and_older_formats_are_refused(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[:18] + struct.pack("<I", sections.FORMAT + 1) + data[22:])
    assert "newer format" in refused(file)
    file.write_bytes(data[:18] + struct.pack("<I", 0) + data[22:])
    assert "no longer read" in refused(file)


def test_other_files_are_refused(file: Path, source: Path) -> None:
    file.write_text(source.read_text() * 2)
    assert "no compiled list" in refused(file)
    file.unlink()
    assert "No such file" in refused(file)
    file.mkdir()
    assert "Is a directory" in refused(file)


def test_what_was_compiled_with_other_folds_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(compiled, "_code", lambda: "other")
        assert refused(file).startswith("was compiled by another version of the interceptor. Compile")
    with monkeypatch.context() as patch:
        patch.setattr(unicodedata, "unidata_version", "3.0.0")
        assert "another version of Python" in refused(file)
    assert load(file).decide("purple garden lantern").action == "replace"


@pytest.mark.parametrize(
    "section", ["lists", "made with", "entries", "entries.rules", "patterns", "skeletons"]
)
@pytest.mark.parametrize("content", [b"", b'{"a": 1}', b"[[1]]", b"\xff" * 40, b"\0" * 8])
def test_forged_sections_are_refused_and_never_raise_otherwise(
    file: Path, section: str, content: bytes
) -> None:
    packed = {name: bytes(view) for name, view in sections.unpack(file.read_bytes(), "x").items()}
    file.write_bytes(sections.pack(packed | {section: content}))
    assert "Compile it again" in refused(file)


def test_uses_that_lead_nowhere_are_refused(file: Path) -> None:
    packed = {name: bytes(view) for name, view in sections.unpack(file.read_bytes(), "x").items()}
    for name, content in (
        ("patterns.uses", struct.pack("<q", 99) * (len(packed["patterns.uses"]) // 8)),
        ("patterns.uses", struct.pack("<q", -99) * (len(packed["patterns.uses"]) // 8)),
        ("patterns.shared", json.dumps([[[0, 7]]] * 99).encode()),
        ("entries.categories", b"\x09" * 7),
    ):
        file.write_bytes(sections.pack(packed | {name: content}))
        assert "holds what no compiled list holds" in refused(file)


@given(st.binary(max_size=200))
def test_any_content_under_a_fitting_checksum_is_refused(content: bytes) -> None:
    head = sections.pack({})[:HEAD]
    with pytest.raises(TermListError):
        compiled.restore(with_checksum(head + content), "x")


def test_cannot_be_mixed_with_other_lists(source: Path, file: Path) -> None:
    with pytest.raises(TermListError, match="beside which no other list can be used"):
        Interceptor.load(Config(lists=(source, file)))


def test_lists_cannot_be_read_back(file: Path) -> None:
    with pytest.raises(TermListError, match="cannot be read back"):
        read_lists([file])


def test_the_command_compiles_and_the_service_takes_it(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "all.compiled"

    def run(*arguments: str | Path, given: bytes = b"") -> bytes:
        command = [sys.executable, "-m", "interceptor", *arguments]
        done = subprocess.run(command, input=given, capture_output=True, timeout=100)
        assert (done.returncode, done.stderr) == (0, b"")
        return done.stdout

    said = run("lists", "compile", source, "--out", out)
    assert said.decode() == f"{out}: 1 list, 8 entries, {out.stat().st_size:,} bytes\n"
    decided = run("check", "--lists", out, given=b"weather tomorrow\nPurple-Garden Lantern\n")
    assert [json.loads(line)["action"] for line in decided.splitlines()] == ["pass", "replace"]


def test_the_command_refuses_wrong_calls(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lists", "compile", str(tmp_path / "none.yaml"), "--out", str(tmp_path / "x.compiled")]) == 2
    assert "no such file" in capsys.readouterr().err
    assert main(["lists", "compile", str(source), "--out", str(tmp_path / "none" / "x.compiled")]) == 2
    assert "cannot be written (No such file or directory)" in capsys.readouterr().err
    for arguments in ([str(source)], [str(source), "--out", str(source)]):
        with pytest.raises(SystemExit) as stopped:
            main(["lists", "compile", *arguments])
        assert stopped.value.code == 2
    assert "does not end in .compiled" in capsys.readouterr().err
    assert source.read_text() == LIST


def test_a_compiled_object_serves_several_interceptors(file: Path) -> None:
    held = compiled.read(file)
    assert isinstance(held, Compiled)
    for matching in (Matching(), Matching(loosened=False)):
        gate = Interceptor(Config(matching=matching), held)
        assert gate.decide("purple garden lantern").category == "seeking"
