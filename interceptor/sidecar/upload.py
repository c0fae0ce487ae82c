"""A request's body on its way from the client to the engine, while the engine may answer already."""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp.web_protocol import RequestPayloadError

from interceptor.sidecar.engine import BROKEN, EngineTimeoutError, Exchange
from interceptor.sidecar.http_server import Request, expects_continue, invite_body

_CONTINUE_SECONDS: Final = 1.0
"""How long an engine may think about ``Expect: 100-continue``; then the client is invited without it."""


class Upload:
    """Streams a body in a task of its own; ``status`` is set where the client failed to send it."""

    def __init__(self, request: Request, exchange: Exchange, *, chunked: bool, patience: float) -> None:
        self.status: int | None = None
        self._request, self._exchange, self._patience = request, exchange, patience
        self._go_on = asyncio.Event()
        if not expects_continue(request):
            self._go_on.set()
        if chunked:
            exchange.writer.enable_chunking()
        self._task = asyncio.get_running_loop().create_task(self._run())

    @property
    def complete(self) -> bool:
        """Whether the whole body is with the engine."""
        return self._task.done() and not self._task.cancelled() and self._task.result()

    def go_on(self) -> None:
        """Take note that the engine wants the body."""
        self._go_on.set()

    async def stop(self) -> None:
        """Send no more."""
        self._task.cancel()
        await asyncio.wait((self._task,))

    async def _run(self) -> bool:
        if not self._go_on.is_set():
            try:
                async with asyncio.timeout(_CONTINUE_SECONDS):
                    await self._go_on.wait()
            except TimeoutError:
                pass
            await invite_body(self._request)
        try:
            return await self._carry()
        except TimeoutError:
            self.status = 408
        except RequestPayloadError:
            self.status = 400
        except (EngineTimeoutError, *BROKEN):
            # The engine reads no more. It may have answered, for example that the body is too large.
            return False
        self._exchange.protocol.close()
        return False

    async def _carry(self) -> bool:
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
        return True
