"""What is shipped to run the service elsewhere: its own tools find nothing wrong with it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from interceptor.config import Config

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
MANIFESTS = DEPLOY / "kubernetes" / "interceptor.yaml"
EXPOSURE = 1.0
"""The score of `systemd-analyze security` that docs/operators.md states; lower is better."""


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=60, check=False
    )


def tool(name: str) -> str:
    """A program beside this Python, where its package was installed."""
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_are_hardened_as_stated(unit: Path) -> None:
    said = run(tool("systemd-analyze"), "security", "--offline=true", "--no-pager", unit)
    score = re.search(r"Overall exposure level for \S+: ([\d.]+)", said.stdout)
    assert score is not None, said.stderr
    assert float(score[1]) <= EXPOSURE


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_hold_nothing_that_systemd_does_not_know(unit: Path, tmp_path: Path) -> None:
    program = shutil.which("true")
    copy = tmp_path / unit.name
    copy.write_text(unit.read_text().replace("/opt/interceptor/bin/interceptor", str(program)))
    said = run(tool("systemd-analyze"), "verify", "--recursive-errors=no", copy)
    assert unit.name not in said.stderr


def test_the_image_is_built_as_hadolint_wants_it() -> None:
    said = run(tool("hadolint"), DEPLOY / "docker" / "Dockerfile")
    assert (said.returncode, said.stdout) == (0, "")


def test_the_image_holds_every_file_that_the_package_is_made_of() -> None:
    """A build without one of them fails in the middle, or leaves the lists out."""
    lines = (DEPLOY / "docker" / "Dockerfile.dockerignore").read_text().splitlines()
    let_in = {line[1:] for line in lines if line.startswith("!")}
    assert {"interceptor", "keyword_lists", "setup.cfg", "setup.py", "pyproject.toml", "README.md"} <= let_in
    assert all((DEPLOY.parent / name).exists() for name in let_in)


def compose() -> dict[str, Any]:
    tree: dict[str, Any] = yaml.safe_load((DEPLOY / "docker" / "compose.yaml").read_text())
    return tree


def test_compose_keeps_the_engine_and_the_counts_from_the_outside() -> None:
    tree = compose()
    services = tree["services"]
    assert "ports" not in services["engine"]
    assert all("9464" not in port for port in services["interceptor"]["ports"])
    for service in services.values():
        assert set(service["networks"]) <= set(tree["networks"])
    context = (DEPLOY / "docker" / services["interceptor"]["build"]["context"]).resolve()
    assert (context / services["interceptor"]["build"]["dockerfile"]).is_file()
    for volume in services["interceptor"]["volumes"]:
        source = volume.partition(":")[0]
        assert source in tree["volumes"] or (DEPLOY / "docker" / source).is_file()


def manifests(file: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(file.read_text()))


@pytest.mark.parametrize("version", ["1.27", "1.30", "1.33"])
def test_manifests_are_what_kubernetes_takes(version: str) -> None:
    said = run(tool("kubernetes-validate"), "--strict", "-k", version, MANIFESTS)
    assert said.returncode == 0, said.stdout + said.stderr


def test_manifests_name_each_other() -> None:
    found = {(each["kind"], each["metadata"]["name"]): each for each in manifests(MANIFESTS)}
    pod = found["Deployment", "interceptor"]["spec"]["template"]
    (container,) = pod["spec"]["containers"]
    ports = {port["name"] for port in container["ports"]}
    labels = pod["metadata"]["labels"].items()
    for name in ("interceptor", "interceptor-admin"):
        service = found["Service", name]["spec"]
        assert service["selector"].items() <= labels
        assert {port["targetPort"] for port in service["ports"]} <= ports
    for kind in ("PodDisruptionBudget", "Deployment"):
        assert found[kind, "interceptor"]["spec"]["selector"]["matchLabels"].items() <= labels
    assert found["NetworkPolicy", "interceptor"]["spec"]["podSelector"]["matchLabels"].items() <= labels
    volumes = {volume["name"] for volume in pod["spec"]["volumes"]}
    assert {mount["name"] for mount in container["volumeMounts"]} == volumes
    (monitor,) = manifests(DEPLOY / "kubernetes" / "servicemonitor.yaml")
    admin = found["Service", "interceptor-admin"]
    assert monitor["spec"]["selector"]["matchLabels"].items() <= admin["metadata"]["labels"].items()
    assert monitor["spec"]["endpoints"][0]["port"] == admin["spec"]["ports"][0]["name"]


def test_configurations_that_are_shipped_are_good(tmp_path: Path) -> None:
    config = manifests(MANIFESTS)[0]["data"]["interceptor.yaml"]
    (tmp_path / "interceptor.yaml").write_text(config)
    for file in (tmp_path / "interceptor.yaml", DEPLOY / "docker" / "interceptor.yaml"):
        loaded = Config.load(file)
        assert loaded.server.upstream is not None
        assert loaded.server.listen[0].port == 8080
        assert loaded.server.admin.port == 9464
