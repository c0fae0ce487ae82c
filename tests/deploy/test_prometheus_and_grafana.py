"""Rules, alerts and the Grafana dashboard that are shipped: promtool passes them, and they name what exists."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from interceptor.config import FaultPolicy, Mode
from interceptor.counting.exposition import ListState, State, exposition
from interceptor.counting.families import Families
from interceptor.counting.release import Released
from interceptor.vocabulary import Refusal

DEPLOY = Path(__file__).parents[2] / "deploy"
PROMETHEUS = DEPLOY / "prometheus"
RULES = sorted((PROMETHEUS / "rules").glob("*.yml"))
UNIT_TESTS = sorted((PROMETHEUS / "tests").glob("*.yml"))
GRAFANA = DEPLOY / "grafana"
DASHBOARD: dict[str, Any] = json.loads((GRAFANA / "dashboards" / "interceptor.json").read_text())
NAME = re.compile(r"\binterceptor[_:][a-z0-9_:]+")


def promtool(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("promtool is not installed (Debian: prometheus)")
    return subprocess.run(
        [program, *map(str, arguments)], capture_output=True, text=True, timeout=100, check=False
    )


def rules() -> Iterator[dict[str, Any]]:
    for file in RULES:
        for group in yaml.safe_load(file.read_text())["groups"]:
            yield from group["rules"]


def expressions() -> list[str]:
    """Every expression of the Grafana dashboard, for all jobs."""
    found = [target["expr"] for panel in DASHBOARD["panels"] for target in panel.get("targets", ())]
    return [expression.replace("$job", ".*") for expression in found]


@pytest.fixture(scope="module")
def exposed() -> set[str]:
    """The names of all series of the metrics page."""
    families = Families(messages=("harm-legal",), languages=("en",), resources=("redirection",))
    state = State(
        version="1",
        mode=Mode.ENFORCE,
        plan="fixed",
        fault_policy=FaultPolicy.OPEN,
        ready=True,
        lists=(ListState("garden", "7", 3, date(2026, 12, 31)),),
        refused=frozenset({("garden", Refusal.GATE)}),
    )
    zeros = (0,) * len(families)
    page = exposition(families, Released(1, 0.0, zeros, zeros), state).decode()
    return {re.split(r"[{ ]", line)[0] for line in page.splitlines() if not line.startswith("#")}


def test_promtool_finds_nothing_wrong_with_the_rules() -> None:
    said = promtool("check", "rules", *RULES)
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize("file", UNIT_TESTS, ids=lambda file: file.stem)
def test_the_unit_tests_of_the_rules_pass(file: Path) -> None:
    said = promtool("test", "rules", file)
    assert said.returncode == 0, said.stdout + said.stderr


def test_every_alert_has_a_unit_test() -> None:
    tested = {
        case["alertname"]
        for file in UNIT_TESTS
        for test in yaml.safe_load(file.read_text())["tests"]
        for case in test.get("alert_rule_test", ())
        if case["exp_alerts"]
    }
    assert tested == {rule["alert"] for rule in rules() if "alert" in rule}


def test_promtool_finds_nothing_wrong_with_the_configuration(tmp_path: Path) -> None:
    shutil.copytree(PROMETHEUS / "rules", tmp_path / "rules")
    (tmp_path / "token").write_text("a-token-of-some-length")
    config = (PROMETHEUS / "prometheus.yml").read_text()
    moved = config.replace("/etc/prometheus/interceptor.token", str(tmp_path / "token"))
    assert moved != config
    (tmp_path / "prometheus.yml").write_text(moved)
    said = promtool("check", "config", tmp_path / "prometheus.yml")
    assert said.returncode == 0, said.stdout + said.stderr


def test_rules_name_only_what_is_exposed_or_recorded(exposed: set[str]) -> None:
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    named = {name for rule in rules() for name in NAME.findall(rule["expr"])}
    assert named <= exposed | recorded
    assert len(named) > 15


def test_the_dashboard_names_only_what_is_exposed_or_recorded(exposed: set[str]) -> None:
    recorded = {rule["record"] for rule in rules() if "record" in rule}
    named = {name for expression in expressions() for name in NAME.findall(expression)}
    assert named <= exposed | recorded
    assert len(named) > 15


def test_every_expression_of_the_dashboard_is_one(tmp_path: Path) -> None:
    made = [{"record": f"panel:{number}", "expr": each} for number, each in enumerate(expressions())]
    file = tmp_path / "panels.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": made}]}))
    said = promtool("check", "rules", file)
    assert said.returncode == 0, said.stdout + said.stderr


def test_the_dashboard_can_be_provisioned_for_any_data_source() -> None:
    assert DASHBOARD["uid"] == "interceptor"
    variables = {each["name"]: each for each in DASHBOARD["templating"]["list"]}
    assert variables["datasource"]["type"] == "datasource"
    assert variables["datasource"]["query"] == "prometheus"
    template = {"type": "prometheus", "uid": "${datasource}"}
    panels = [panel for panel in DASHBOARD["panels"] if panel["type"] != "text"]
    assert all(panel["datasource"] == template for panel in panels)
    assert all(target["datasource"] == template for panel in panels for target in panel["targets"])
    assert variables["job"]["datasource"] == template
    assert "id" not in DASHBOARD  # Grafana gives it
    identifiers = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(set(identifiers)) == len(identifiers)


def test_no_panel_lies_on_another() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells


def test_grafana_is_told_where_dashboard_and_data_source_are() -> None:
    (source,) = yaml.safe_load((GRAFANA / "provisioning/datasources/prometheus.yml").read_text())[
        "datasources"
    ]
    assert (source["type"], source["isDefault"]) == ("prometheus", True)
    (provider,) = yaml.safe_load((GRAFANA / "provisioning/dashboards/interceptor.yml").read_text())[
        "providers"
    ]
    assert provider["type"] == "file"
    assert provider["options"]["path"]
