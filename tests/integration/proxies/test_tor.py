"""The onion service's configuration, before Tor itself."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from running import PATIENCE

from tests.integration.proxies.site import DEPLOY, substituted


def test_tor_takes_the_configuration_that_ships(tmp_path: Path) -> None:
    """Mishap: an option was gone in the Tor that the distribution shipped, and the onion service did not start."""
    tor = shutil.which("tor", path="/usr/sbin:/usr/bin:/usr/local/bin")
    if tor is None:
        pytest.skip("tor is not there: run .ci/install-system")
    shipped = (DEPLOY / "tor" / "torrc").read_text()
    file = tmp_path / "torrc"
    file.write_text(
        substituted(shipped, {"/var/lib/tor": f"{tmp_path}/tor", "/run/interceptor": str(tmp_path)})
    )
    (tmp_path / "tor").mkdir(mode=0o700)
    done = subprocess.run(
        [tor, "--verify-config", "--defaults-torrc", "/dev/null", "-f", str(file)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={"HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Configuration was valid" in done.stdout
    warnings = [line for line in done.stdout.splitlines() if "[warn]" in line and "as root" not in line]
    assert warnings == []
