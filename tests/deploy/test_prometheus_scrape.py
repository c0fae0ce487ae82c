"""A real Prometheus under the configuration that is shipped: it reads a service that asks for a token."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from running import start, until

PROMETHEUS = Path(__file__).parents[2] / "deploy" / "prometheus"
TOKEN = "a-token-for-prometheus-alone"


def ask(address: str, path: str) -> Any:
    """What Prometheus answers; nothing while it starts."""
    try:
        with urllib.request.urlopen(f"http://{address}/api/v1/{path}", timeout=5) as answer:
            return json.load(answer)["data"]
    except urllib.error.HTTPError as busy:
        busy.close()
        return None
    except OSError:
        return None


@pytest.fixture
def prometheus(tmp_path: Path) -> Iterator[str]:
    """The address of a Prometheus that reads a service."""
    program = shutil.which("prometheus")
    if program is None:
        pytest.skip("prometheus is not installed (Debian: prometheus)")
    token = tmp_path / "token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    service = start(tmp_path, {"admin_auth": {"token": str(token)}})
    config = (PROMETHEUS / "prometheus.yml").read_text()
    for shipped, here in (
        ("/etc/prometheus/interceptor.token", str(token)),
        ("127.0.0.1:9464", service.admin),
        ("60s", "1s"),
        ("rules/*.yml", str(PROMETHEUS / "rules" / "*.yml")),
    ):
        assert shipped in config
        config = config.replace(shipped, here)
    (tmp_path / "prometheus.yml").write_text(config)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    process = subprocess.Popen(
        [
            program,
            f"--config.file={tmp_path / 'prometheus.yml'}",
            f"--storage.tsdb.path={tmp_path / 'data'}",
            f"--web.listen-address={address}",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield address
    finally:
        process.terminate()
        process.wait(20)
        service.stop()


def test_it_reads_the_service_and_evaluates_every_group(prometheus: str) -> None:
    def is_read() -> bool:
        found = ask(prometheus, "query?query=interceptor_release_windows_total")
        return bool(found and found["result"])

    until(is_read, "the service to be scraped")
    (target,) = ask(prometheus, "targets")["activeTargets"]
    assert (target["health"], target["lastError"]) == ("up", "")
    groups = ask(prometheus, "rules")["groups"]
    assert {group["name"] for group in groups} >= {"interceptor-released", "interceptor-release"}
    assert not [rule["lastError"] for group in groups for rule in group["rules"] if rule.get("lastError")]
    (version,) = ask(prometheus, "query?query=interceptor_build_info")["result"]
    assert version["metric"]["job"] == "interceptor"
