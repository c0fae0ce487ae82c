"""Downloads for python-tuf, with a deadline for all of them together and through a SOCKS proxy where there is one.

python-tuf's own fetcher bounds only the gaps between bytes, so that a server that sends one byte a minute holds it
for ever, and knows no proxy. Here the clock runs from the first connection to the last byte of the last file.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Iterator
from types import TracebackType
from typing import Self, TypeVar

import aiohttp
from aiohttp_socks import ProxyConnectionError, ProxyConnector, ProxyError, ProxyTimeoutError
from tuf.api.exceptions import DownloadError, DownloadHTTPError, SlowRetrievalError
from tuf.ngclient import FetcherInterface

from interceptor.settings.updates import Proxy

T = TypeVar("T")

_CHUNK = 65_536
_PROXY_FAULTS = (ProxyError, ProxyConnectionError, ProxyTimeoutError, asyncio.IncompleteReadError)
_CONNECT_SECONDS = 60.0
"""Longest that one connection takes to be made; a circuit through Tor may need most of it."""


class Fetcher(FetcherInterface):
    """Fetches over HTTP until ``deadline`` seconds from now; a context manager, for one thread.

    Follows no redirects and unpacks nothing: a static host needs neither. ``last`` is the name of the file that was
    asked for last.
    """

    def __init__(self, proxy: Proxy | None, deadline: float) -> None:
        self._proxy = proxy
        self._end = time.monotonic() + deadline
        self._runner = asyncio.Runner()
        self._session: aiohttp.ClientSession | None = None
        self.last = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            self._runner.run(self._session.close())
        self._runner.close()

    def _fetch(self, url: str) -> Iterator[bytes]:
        self.last = url.rpartition("/")[2]
        return self._chunks(url)

    def _chunks(self, url: str) -> Iterator[bytes]:
        try:
            answer = self._runner.run(self._within(self._open(url)))
            try:
                if answer.status != 200:
                    raise DownloadHTTPError(f"status {answer.status}", answer.status)
                while chunk := self._runner.run(self._within(answer.content.read(_CHUNK))):
                    yield chunk
            finally:
                answer.close()
        except TimeoutError:
            raise SlowRetrievalError("the deadline has passed") from None
        except (aiohttp.ClientError, OSError, *_PROXY_FAULTS) as cause:
            # The cause's message may hold addresses.
            raise DownloadError(type(cause).__name__) from None

    async def _open(self, url: str) -> aiohttp.ClientResponse:
        if self._session is None:
            connector = (
                ProxyConnector.from_url(self._proxy.text, rdns=True)
                if self._proxy is not None
                else aiohttp.TCPConnector()
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                auto_decompress=False,
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS),
                headers={"Accept-Encoding": "identity", "User-Agent": "search-interceptor"},
            )
        return await self._session.get(url, allow_redirects=False)

    async def _within(self, work: Awaitable[T]) -> T:
        async with asyncio.timeout(max(self._end - time.monotonic(), 0.0)):
            return await work
