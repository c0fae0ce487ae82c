"""No command about lists prints a term that it was not asked for: not in an answer, not in a fault."""

from pathlib import Path

import pytest

from interceptor.cli.main import main

CANARY = "qzxcanary lantern"
LIST = f"""\
id: canaries
groups:
  lamps: [{CANARY} one, "..."]
entries:
  - id: one
    terms: [{CANARY}, qzxcanary]
    match: substring
    samples: {{match: [{CANARY}, violet], pass: [{CANARY}]}}
  - id: two
    terms: [{CANARY} two, {CANARY}]
    match: substring
    language: xq
"""
TABLE = f"""\
term,category,id,note
{CANARY},,a/{CANARY},
{CANARY.upper()},,,
bad {CANARY},{CANARY},,{CANARY}
...{CANARY},,x,
"""
CALLS = [
    ["validate", "list.yaml"],
    ["validate", "broken.yaml"],
    ["test", "list.yaml"],
    ["lint", "list.yaml", "--all"],
    ["lint", "list.yaml", "--format", "json"],
    ["lint", "broken.yaml"],
    ["diff", "empty.yaml", "list.yaml", "--queries", "queries.txt", "--all"],
    ["diff", "list.yaml", "broken.yaml"],
    ["stats", "list.yaml"],
    ["merge", "empty.yaml", "suggestion.yaml"],
    ["merge", "list.yaml", "suggestion.yaml"],
    ["merge", "list.yaml", "broken.yaml"],
    ["merge", "flow.yaml", "for-flow.yaml"],
    ["import", "table.csv", "--out", "a.yaml", "--yes", "--all"],
    ["import", "table.csv", "--out", "b.yaml", "--yes", "--header", "no", "--map", "2=term"],
    ["import", "table.csv", "list.yaml", "--out", "c.yaml", "--yes"],
    ["import", "no-header.csv", "--out", "d.yaml", "--yes"],
    ["import", "no-header.csv", "--out", "e.yaml", "--yes", "--map", f"{CANARY}=note"],
    ["import", "text.xlsx", "--out", "f.yaml", "--yes"],
    ["import", "broken.yaml", "--out", "g.yaml", "--yes"],
    ["import", "table.csv", "--encoding", "utf-16", "--out", "h.yaml", "--yes"],
]


@pytest.mark.parametrize("arguments", CALLS, ids=" ".join)
def test_no_term_is_printed(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (
        ("list.yaml", LIST),
        ("broken.yaml", LIST.replace("terms:", f"{CANARY.split()[0]}:") + f"    {CANARY}\n  : [\n"),
        ("empty.yaml", "id: canaries\nentries: [{id: none, terms: chair}]\n"),
        ("flow.yaml", f"id: flow\nentries: [{{id: none, terms: {CANARY}}}]\n"),
        (
            "suggestion.yaml",
            f"for: canaries\nentries:\n  - {{id: one, terms: {CANARY}}}\n  - {{id: x, terms: {CANARY}}}\n",
        ),
        ("for-flow.yaml", f"for: flow\nentries:\n  - {{id: x, terms: {CANARY} more}}\n"),
        ("table.csv", TABLE),
        ("no-header.csv", TABLE.partition("\n")[2]),
        ("text.xlsx", CANARY),
        ("queries.txt", f"{CANARY}\nold {CANARY}\n"),
    ):
        (tmp_path / name).write_text(text)
    status = main(["lists", *arguments])
    out, err = capfd.readouterr()
    assert status in (0, 1, 2)
    assert out + err
    assert "qzxcanary" not in (out + err).lower()
