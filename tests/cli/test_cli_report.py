"""``interceptor report`` from the command line."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from released import NOISE, released

from interceptor.cli.main import main
from interceptor.history import History
from interceptor.report.sources import history_file

SHARES = {"neutral": 0.5, "harm-legal": 0.5}
WINDOWS = [
    released(
        20_000 + day,
        {
            ("searches",): 20_000,
            ("interventions", "replace", "seeking"): 4_000,
            ("warnings", "neutral"): 2_000,
            ("warnings", "harm-legal"): 2_000,
            ("clicks", "neutral"): 180 + day % 5,
            ("clicks", "harm-legal"): 260 + day % 7 + 40 * (day >= 20),
            ("returns", "neutral", "other"): 60,
            ("returns", "neutral", "matching"): 40,
            ("returns", "harm-legal", "other"): 50,
            ("returns", "harm-legal", "matching"): 30,
        },
        noise=NOISE,
        shares=SHARES,
    )
    for day in range(40)
]


@pytest.fixture
def history(tmp_path: Path) -> Path:
    path = tmp_path / "history.sqlite"
    kept = History.open(path, timedelta(days=100_000))
    for window in WINDOWS:
        kept.append(window)
    return path


@pytest.fixture
def config(tmp_path: Path, history: Path) -> Path:
    path = tmp_path / "interceptor.yaml"
    path.write_text("history: {file: history.sqlite}\n", "utf-8")
    return path


def test_the_text_says_what_happened(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--config", str(config)]) == 0
    out = capsys.readouterr().out
    assert out.startswith(
        "Period: 2024-10-04 to 2024-11-12, 40 windows, 40 days\nPrivacy: ε = 1 for one search\n"
    )
    assert "warnings                   160,000 (4,000 a day)" in out
    assert "box, matching  1.75 [1.75, 1.75]  at most 97.2" in out
    assert "harm-legal has the highest rate so far" in out
    assert "higher" in out
    assert "Click-through is a lower bound" in out


def test_json_has_all_of_it(history: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "--history", str(history), "--format", "json", "--change", "2024-10-24"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["warnings"] == 160_000
    (plan,) = data["plans"]
    (compared,) = plan["with_neutral"]
    assert compared["message"] == "harm-legal"
    assert compared["click_through_is"] == "higher"
    assert compared["odds_ratio_interval"][0] > 1
    assert compared["p_adjusted"] < 0.001
    assert data["change"]["step"]["value"] == pytest.approx(0.01, abs=0.001)
    assert data["cannot_tell"] == []


def test_replicas_add_up(history: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    second = tmp_path / "second.sqlite"
    second.write_bytes(history.read_bytes())
    assert main(["report", "--history", str(history), str(second), "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["warnings"] == 320_000
    assert data["period"]["windows"] == 40
    assert data["warnings_a_day"] == 8_000


def test_days_can_be_chosen(history: Path, capsys: pytest.CaptureFixture[str]) -> None:
    called = ["report", "--history", str(history), "--since", "2024-10-05", "--until", "2024-10-11"]
    assert main(called) == 0
    assert "Period: 2024-10-05 to 2024-10-11, 7 windows, 7 days" in capsys.readouterr().out


def test_what_is_exported_gives_the_same_report(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "windows.csv"
    assert main(["report", "--config", str(config), "--export", "csv", "--out", str(out)]) == 0
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 400
    assert sum(int(row["value"]) for row in rows if row["family"] == "warnings") == 160_000
    assert main(["report", "--csv", str(out)]) == 0
    second = capsys.readouterr().out
    assert main(["report", "--config", str(config)]) == 0
    assert capsys.readouterr().out == second
    assert main(["report", "--config", str(config), "--export", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 40


def test_the_page_is_written(config: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    called = [
        "report",
        "--config",
        str(config),
        "--format",
        "html",
        "--change",
        "2024-10-24",
        "--out",
        str(out),
    ]
    assert main(called) == 0
    text = out.read_text("utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert "Before and after 2024-10-24" in text


def test_a_change_that_is_too_late_is_told_beside_the_rest(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "--config", str(config), "--change", "2024-11-10"]) == 0
    out = capsys.readouterr().out
    assert "Cannot tell: Before and after the change: 37 points before the change and 3 after it" in out
    assert "click-through, at least" in out


def test_an_empty_history_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "history.sqlite"
    History.open(path, timedelta(days=1))
    assert history_file.read(path) == []
    assert main(["report", "--history", str(path)]) == 0
    out = capsys.readouterr().out
    assert (
        out
        == "Period: no windows\nCannot tell: No window has been released: there is nothing to report yet.\n"
    )
    assert main(["report", "--history", str(path), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["epsilon"] is None


@pytest.mark.parametrize(
    ("called", "status", "said"),
    [
        ([], 2, "no history: set 'history.file'"),
        (["--history", "none.sqlite"], 2, "none.sqlite: there is no such file"),
        (["--csv", "none.csv"], 1, "none.csv: cannot be read"),
        (["--prometheus", "garden"], 2, "--prometheus: is no address of a server"),
        (["--selector", 'job="x"'], 2, "--selector: belongs to --prometheus"),
        (["--format", "html"], 2, "--format html: needs --out FILE"),
        (["--export", "csv", "--change", "2024-10-24"], 2, "--export: writes windows and no report"),
    ],
)
def test_a_wrong_call_is_told(
    called: list[str],
    status: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["report", *called]) == status
    assert said in capsys.readouterr().err


def test_a_day_that_is_none_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["report", "--since", "24.10.2024"])
    assert ended.value.code == 2
    assert "is not a date. Write it as 2026-10-15." in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_told(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "--config", str(config), "--out", str(tmp_path / "none" / "report.txt")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_the_report_without_a_change_loads_nothing_heavy(history: Path) -> None:
    program = (
        "import sys\n"
        "from interceptor.cli.main import main\n"
        f"main(['report', '--history', {str(history)!r}])\n"
        "sys.exit(any(name in sys.modules for name in ('statsmodels', 'scipy', 'numpy', 'pandas')))"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
