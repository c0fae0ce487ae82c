"""One fetch in a process of its own: settings as JSON on standard input, results as JSON on standard output.

The process that talks to the network holds no list in the clear and no identity that opens one.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from interceptor.quiet import silence_libraries
from interceptor.settings.updates import Proxy, Source
from interceptor.signatures import PublicKey
from interceptor.transport.client import Fetched, fetch
from interceptor.vocabulary import Refusal


def to_json(source: Source, folder: Path, deadline: float) -> bytes:
    """What `main` reads."""
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


def from_json(data: bytes) -> tuple[Fetched, ...]:
    """What `main` wrote. Raises `ValueError`, `LookupError` or `TypeError` for anything else."""
    return tuple(
        Fetched(item["name"], item["changed"], item["reason"] and Refusal(item["reason"]))
        for item in json.loads(data)
    )


def main() -> None:
    """Read, fetch, write."""
    silence_libraries()
    asked: dict[str, Any] = json.load(sys.stdin)
    source = Source(
        name=asked["name"],
        url=asked["url"],
        root=Path(asked["root"]),
        signers=tuple(map(PublicKey.parse, asked["signers"])),
        lists=tuple(asked["lists"]),
        proxy=Proxy(asked["proxy"]) if asked["proxy"] else None,
    )
    results = fetch(source, Path(asked["folder"]), asked["deadline"])
    json.dump(
        [{"name": each.name, "changed": each.changed, "reason": each.reason} for each in results], sys.stdout
    )


if __name__ == "__main__":
    main()
