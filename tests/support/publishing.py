"""A curator with keys and a repository, a static host for it that can misbehave, and a SOCKS proxy."""

from __future__ import annotations

import contextlib
import http.server
import select
import shutil
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from interceptor.settings.updates import Proxy, Source
from interceptor.signatures import SIGNATURE, PublicKey, sign
from interceptor.termlists.sealing import new_identity, recipient, seal
from interceptor.transport.repository import Keys, Repository
from interceptor.transport.roles import ROLES

NAME = "garden.yaml.age"


class Curator:
    """Somebody who publishes a list in the folder ``path``."""

    def __init__(self, path: Path, *, root_keys: int = 1, now: datetime | None = None) -> None:
        self.path = path
        self.keys: dict[str, list[Ed25519PrivateKey]] = {
            role: [Ed25519PrivateKey.generate()] for role in ROLES
        }
        self.keys["root"] = [Ed25519PrivateKey.generate() for _ in range(root_keys)]
        self.signer = Ed25519PrivateKey.generate()
        self.identity, self.recipient = new_identity()
        self.repository = Repository.init(path, self.keys, root_threshold=root_keys, now=now)
        self.root = path.with_name(f"{path.name}.root.json")
        shutil.copy(path / "metadata" / "root.json", self.root)

    def sealed(self, text: str) -> bytes:
        return seal(text.encode(), [recipient(self.recipient)])

    def publish(
        self,
        text: str,
        *,
        name: str = NAME,
        now: datetime | None = None,
        signer: Ed25519PrivateKey | None = None,
        signed_name: str | None = None,
        signed_at: float | None = None,
        keys: Keys | None = None,
    ) -> None:
        data = self.sealed(text)
        at = int(time.time() if signed_at is None else signed_at)
        signature = sign(data, signed_name or name, signer or self.signer, time=at)
        self.repository.publish({name: data, f"{name}{SIGNATURE}": signature}, keys or self.keys, now=now)

    def source(self, url: str, *, proxy: str | None = None, lists: tuple[str, ...] = (NAME,)) -> Source:
        return Source(
            name="hotline",
            url=url,
            root=self.root,
            signers=(PublicKey.of(self.signer),),
            lists=lists,
            proxy=(proxy and Proxy.parse(proxy)) or None,
        )


@dataclass
class Host:
    """A static host on loopback. ``fault`` is met by requests whose path ends as ``at`` says."""

    folder: Path
    url: str = ""
    fault: str = ""
    at: str = ""
    asked: list[str] = field(default_factory=list)
    sent: int = 0


@contextlib.contextmanager
def host(folder: Path) -> Iterator[Host]:
    """Serve ``folder``."""
    hosting = Host(folder)
    stopped = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: Any) -> None:
            pass

        def do_GET(self) -> None:
            hosting.asked.append(self.path)
            file = hosting.folder / self.path.lstrip("/")
            fault = hosting.fault if hosting.at and self.path.endswith(hosting.at) else ""
            self.close_connection = True
            with contextlib.suppress(OSError):
                if fault == "silent":
                    stopped.wait(30)
                elif fault == "slow-head":
                    self.drip(b"HTTP/1.1 200 OK\r\n" + b"X-Slow: 1\r\n" * 10_000)
                elif fault == "refuses":
                    self.send_error(503)
                elif fault == "endless":
                    self.send(b"", fault)
                elif not file.is_file():
                    self.send_error(404)
                else:
                    self.send(file.read_bytes(), fault)

        def send(self, data: bytes, fault: str) -> None:
            self.send_response(200)
            if fault != "endless":
                self.send_header("Content-Length", str(len(data)))
            self.send_header("Connection", "close")
            self.end_headers()
            if fault == "endless":
                while not stopped.is_set():
                    self.wfile.write(bytes(65_536))
                    hosting.sent += 65_536
            elif fault == "slow":
                self.drip(data)
            elif fault == "cut":
                self.wfile.write(data[: len(data) // 2])
            elif fault == "changed":
                self.wfile.write(data[:-1] + bytes([data[-1] ^ 1]))
            else:
                self.wfile.write(data)

        def drip(self, data: bytes) -> None:
            for place in range(len(data)):
                self.wfile.write(data[place : place + 1])
                if stopped.wait(0.1):
                    return

    with _served(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        hosting.url = f"http://127.0.0.1:{port}/"
        try:
            yield hosting
        finally:
            stopped.set()


@contextlib.contextmanager
def socks_proxy(names: dict[str, int]) -> Iterator[tuple[str, list[str]]]:
    """A SOCKS5 proxy (RFC 1928, without authentication) that knows ``names`` and the loopback ports they lead to.

    Yields its address and the names it was asked for.
    """
    asked: list[str] = []

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            client: socket.socket = self.request
            _, methods = self.read(client, 2)
            self.read(client, methods)
            client.sendall(b"\x05\x00")
            _, command, _, kind = self.read(client, 4)
            assert (command, kind) == (1, 3), "a name is to be resolved by the proxy"
            name = self.read(client, self.read(client, 1)[0]).decode()
            (_,) = struct.unpack("!H", self.read(client, 2))
            asked.append(name)
            if name not in names:
                client.sendall(b"\x05\x04\x00\x01" + bytes(6))
                return
            with socket.create_connection(("127.0.0.1", names[name]), 10) as server:
                client.sendall(b"\x05\x00\x00\x01" + bytes(6))
                ends = {client: server, server: client}
                while True:
                    for end in select.select(list(ends), [], [], 10)[0] or [client]:
                        if not (data := end.recv(65_536)):
                            return
                        ends[end].sendall(data)

        @staticmethod
        def read(client: socket.socket, count: int) -> bytes:
            data = b""
            while len(data) < count:
                data += client.recv(count - len(data)) or bytes(count)
            return data

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with _served(Server(("127.0.0.1", 0), Handler)) as port:
        yield f"socks5://127.0.0.1:{port}", asked


@contextlib.contextmanager
def _served(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
