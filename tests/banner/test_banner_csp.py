from __future__ import annotations

import pytest

from interceptor.banner.csp import blocks_style


@pytest.mark.parametrize(
    ("policies", "blocked"),
    [
        ([], False),
        (["upgrade-insecure-requests; script-src 'self'"], False),
        (["default-src 'self'"], True),
        (["default-src 'self'; style-src 'self' 'unsafe-inline'"], False),
        (["STYLE-SRC 'UNSAFE-INLINE'"], False),
        (["style-src 'unsafe-inline' 'nonce-abc'"], True),
        (["style-src 'unsafe-inline' 'sha256-abc='"], True),
        (["style-src 'unsafe-inline'; style-src-elem 'self'"], True),
        (["style-src-attr 'none'"], False),
        (["style-src 'none'; style-src 'unsafe-inline'"], True),
        (["style-src 'unsafe-inline', default-src 'none'"], True),
        (["style-src 'unsafe-inline'", "default-src 'self'"], True),
        (["style-src"], True),
        ([""], False),
    ],
)
def test_inline_style(policies: list[str], blocked: bool) -> None:
    assert blocks_style(policies) is blocked
