"""What the fault drill is held on: an engine, the interceptor started again whenever it ends, nginx in front."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from benchmarks.processes import called

ROOT = Path(__file__).parents[1]
START_SECONDS = 30.0
RESTART_SECONDS = 0.2
"""As RestartSec= of the unit in deploy/systemd."""
OPEN_FILES = 512

LIST = 'id: garden\nversion: "1"\nlanguage: en\nentries:\n  - {id: a, terms: [purple garden lantern]}\n'

ENGINE = """
import asyncio, sys
from benchmarks.drill_load import PAGE

ANSWER = b"HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\nContent-Length: %d\\r\\n\\r\\n%s" % (len(PAGE), PAGE)

async def talk(reader, writer):
    try:
        while True:
            await reader.readuntil(b"\\r\\n\\r\\n")
            writer.write(ANSWER)
            await writer.drain()
    except (OSError, asyncio.IncompleteReadError):
        writer.close()

async def main():
    server = await asyncio.start_server(talk, "127.0.0.1", int(sys.argv[1]))
    async with server:
        await server.serve_forever()

asyncio.run(main())
"""

NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log /dev/null emerg;
events {{ worker_connections 2048; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/search.conf;
}}
"""


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@dataclass
class Site:
    """The running parts; ``port`` is nginx's, ``direct`` the interceptor's own."""

    folder: Path
    policy: str
    port: int
    direct: int
    admin: int
    engine_port: int
    engine: subprocess.Popen[bytes]
    service: subprocess.Popen[bytes]

    @property
    def list_file(self) -> Path:
        return self.folder / "lists" / "garden.yaml"

    @property
    def config_file(self) -> Path:
        return self.folder / "interceptor.yaml"

    def workers(self) -> list[int]:
        """The worker processes."""
        return called("worker", self.service.pid)

    def fork_server(self) -> int | None:
        """The process that holds the lists, where there is one."""
        return next(iter(called("fork server", self.service.pid)), None)

    def start_engine(self) -> None:
        """Start the engine, again."""
        self.engine = subprocess.Popen([sys.executable, "-c", ENGINE, str(self.engine_port)], cwd=ROOT)

    def readiness(self) -> str:
        """What the admin listener says; empty where it says nothing."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/readyz", timeout=2) as answer:
                return str(answer.read().decode())
        except OSError:
            return ""

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait for ``condition``; raises `TimeoutError`."""
        for _ in range(int(START_SECONDS / 0.05)):
            if await asyncio.to_thread(condition):
                return
            await asyncio.sleep(0.05)
        raise TimeoutError(what)


def _configuration(site_folder: Path, policy: str, direct: int, admin: int, engine: int) -> dict[str, Any]:
    return {
        "fault_policy": policy,
        "lists": "lists",
        "limits": {"engine": "1s", "connect": "1s", "drain": "2s", "connections": 200},
        "privacy": {"window": "1s", "linger": "0s"},
        "tickets": {"lifetime": "3s"},
        "history": {"file": str(site_folder / "history" / "history.db")},
        "authz": {"auth_request": {"enabled": True}, "annotated": "hand-over"},
        "server": {
            "listen": f"127.0.0.1:{direct}",
            "admin": f"127.0.0.1:{admin}",
            "upstream": f"http://127.0.0.1:{engine}",
            "workers": 2,
            "watch": "200ms",
        },
    }


def nginx_configuration(folder: Path, policy: str, port: int, direct: int, engine: int) -> None:
    """The shipped one, with our addresses, and with the choice that its comments show for ``closed``."""
    text = (ROOT / "deploy" / "nginx" / "search.conf").read_text()
    text = text.replace("listen 80;", f"listen 127.0.0.1:{port};")
    text = text.replace("127.0.0.1:8080", f"127.0.0.1:{direct}").replace(
        "127.0.0.1:8888", f"127.0.0.1:{engine}"
    )
    if policy == "closed":
        text = text.replace("return 204;", "return 403;")
        text = text.replace("error_page 502 504 = @engine_alone;", "")
    (folder / "search.conf").write_text(text)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder))


def _limit_files() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))


@contextlib.asynccontextmanager
async def running(folder: Path, policy: str, history_bytes: int = 400_000) -> AsyncIterator[Site]:
    """Start everything in ``folder``; the history lies on a small disk of its own where one may be mounted."""
    (folder / "lists").mkdir()
    history = folder / "history"
    history.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={history_bytes}", "none", str(history)]
    mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    port, direct, admin, engine_port = (free_port() for _ in range(4))
    (folder / "lists" / "garden.yaml").write_text(LIST)
    tree = _configuration(folder, policy, direct, admin, engine_port)
    (folder / "interceptor.yaml").write_text(yaml.safe_dump(tree))
    nginx_configuration(folder, policy, port, direct, engine_port)

    def serve() -> subprocess.Popen[bytes]:
        with (folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "interceptor", "serve", "--config", str(folder / "interceptor.yaml")],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                preexec_fn=_limit_files,
            )

    async def keep_running(site: Site) -> None:
        while True:
            await asyncio.sleep(0.02)
            if site.service.poll() is not None:
                await asyncio.sleep(RESTART_SECONDS)
                site.service = serve()

    engine = subprocess.Popen([sys.executable, "-c", ENGINE, str(engine_port)], cwd=ROOT)
    site = Site(folder, policy, port, direct, admin, engine_port, engine, serve())
    program = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if program is None:
        raise FileNotFoundError("nginx is not installed")
    nginx = subprocess.Popen([program, "-p", str(folder), "-c", str(folder / "nginx.conf")])
    keeper = asyncio.create_task(keep_running(site))
    try:
        await site.until(lambda: site.readiness().startswith("ready"), "the interceptor")
        yield site
    finally:
        keeper.cancel()
        for process in (nginx, site.service, site.engine):
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGCONT)
                process.terminate()
            process.wait(20)
        if mounted:
            subprocess.run(["umount", str(history)], check=False)
