"""What the service and the process that fetches for it say to each other, as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from interceptor.settings.updates import Proxy, Source
from interceptor.signatures import PublicKey
from interceptor.transport.staging import Fetched
from interceptor.vocabulary import Refusal


def order(source: Source, folder: Path, deadline: float) -> bytes:
    """The order to fetch from ``source`` into ``folder`` within ``deadline`` seconds."""
    return json.dumps(
        {
            "name": source.name,
            "url": source.url,
            "root": str(source.root.absolute()),
            "signers": list(map(str, source.signers)),
            "lists": source.lists,
            "proxy": source.proxy and source.proxy.text,
            "folder": str(folder.absolute()),
            "deadline": deadline,
        }
    ).encode()


def read_order(data: bytes) -> tuple[Source, Path, float]:
    """What `order` was given."""
    asked: dict[str, Any] = json.loads(data)
    source = Source(
        name=asked["name"],
        url=asked["url"],
        root=Path(asked["root"]),
        signers=tuple(map(PublicKey.parse, asked["signers"])),
        lists=tuple(asked["lists"]),
        proxy=Proxy(asked["proxy"]) if asked["proxy"] else None,
    )
    return source, Path(asked["folder"]), asked["deadline"]


def report(results: tuple[Fetched, ...]) -> bytes:
    """What became of an order."""
    return json.dumps([asdict(each) for each in results]).encode()


def read_report(data: bytes) -> tuple[Fetched, ...]:
    """What `report` was given. Raises `ValueError`, `LookupError` or `TypeError` for anything else."""
    return tuple(
        Fetched(item["name"], item["changed"], item["reason"] and Refusal(item["reason"]))
        for item in json.loads(data)
    )
