"""Messages and descriptors between processes of the service."""

from __future__ import annotations

import asyncio
import os
import threading

import pytest

from interceptor.sidecar.channel import Channel


async def test_messages_of_any_size_arrive_whole_and_in_order() -> None:
    here, there = Channel.pair()
    sent = ["x" * 3_000_000, 7, {"one": (1, 2)}, ""]
    sending = threading.Thread(target=lambda: [*map(there.send, sent)])
    sending.start()
    assert [await asyncio.wait_for(here.received(), 10) for _ in sent] == sent
    sending.join()
    here.close()
    there.close()


def test_descriptors_come_with_the_message_that_they_were_sent_with() -> None:
    here, there = Channel.pair()
    pipes = [os.pipe() for _ in range(3)]
    for number, (reads, writes) in enumerate(pipes):
        here.send(("x" * 20_000, number), [reads, writes])
        os.close(reads)
        os.close(writes)
    here.send("none")
    for number in range(3):
        (_, said), (reads, writes) = there.receive()
        assert said == number
        os.write(writes, b"through")
        assert os.read(reads, 10) == b"through"
        os.close(reads)
        os.close(writes)
    assert there.receive() == ("none", [])
    here.close()
    there.close()


async def test_the_end_is_told() -> None:
    here, there = Channel.pair()
    there.close()
    with pytest.raises(EOFError):
        await asyncio.wait_for(here.received(), 10)
    with pytest.raises(EOFError):
        here.receive()
    with pytest.raises(OSError):
        here.send("anything")
    here.close()
