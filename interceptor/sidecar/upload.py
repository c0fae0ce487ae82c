"""A request's body on its way from the client to the engine, while the engine may answer already."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Final

from aiohttp.web_protocol import RequestPayloadError

from interceptor.sidecar.engine import BROKEN, EngineTimeoutError, Exchange
from interceptor.sidecar.incoming import Request, expects_continue, invite_body

_CONTINUE_SECONDS: Final = 1.0
"""How long an engine may think about ``Expect: 100-continue``; then the client is invited without it."""


class Upload:
    """Streams a body in a task of its own.

    ``complete`` tells that the engine has all of it, ``status`` that either side was too slow or broke it.
    """

    def __init__(self, request: Request, exchange: Exchange, *, chunked: bool, patience: float) -> None:
        self.status: int | None = None
        self.complete = False
        self._request, self._exchange, self._patience = request, exchange, patience
        self._go_on = asyncio.Event()
        if not expects_continue(request):
            self._go_on.set()
        if chunked:
            exchange.writer.enable_chunking()
        self._task = asyncio.get_running_loop().create_task(self._run())

    def go_on(self) -> None:
        """Take note that the engine wants the body."""
        self._go_on.set()

    async def stop(self) -> None:
        """Send no more."""
        self._task.cancel()
        await asyncio.wait((self._task,))

    async def _run(self) -> None:
        try:
            await self._invite()
            await self._carry()
        except TimeoutError:
            self.status = 408
        except RequestPayloadError:
            self.status = 400
        except EngineTimeoutError as failure:
            self.status = failure.status
        except BROKEN:
            # The engine reads no more. It may have answered, for example that the body is too large.
            self._exchange.sent()
        if self.status is not None:
            self._exchange.protocol.abort()

    async def _invite(self) -> None:
        """Wait until the engine wants the body of a client that waits for that."""
        if not self._go_on.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_CONTINUE_SECONDS):
                    await self._go_on.wait()
            await invite_body(self._request)

    async def _carry(self) -> None:
        body, exchange = self._request.content, self._exchange
        while True:
            async with asyncio.timeout(self._patience):
                data = await body.readany()
            if not data:
                break
            await exchange.writer.write(data, drain=False)
            await exchange.drain()
        await exchange.writer.write_eof()
        exchange.sent()
        self.complete = True
