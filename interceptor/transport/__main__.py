"""One fetch in a process of its own: an order on standard input, a report on standard output.

The process that talks to the network holds no list in the clear and no identity that opens one.
"""

from __future__ import annotations

import sys

from interceptor.quiet import silence_libraries
from interceptor.transport.client import fetch
from interceptor.transport.exchange import read_order, report


def main() -> None:
    """Read, fetch, write."""
    silence_libraries()
    sys.stdout.buffer.write(report(fetch(*read_order(sys.stdin.buffer.read()))))


if __name__ == "__main__":
    main()
