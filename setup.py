"""What setup.cfg has no word for: the part that is compiled, wherever there is a C compiler (docs/rationale.md)."""

from setuptools import Extension, setup

setup(
    ext_modules=[
        Extension(
            f"interceptor.matching.native.{name}", [f"interceptor/matching/native/{name}.pyx"], optional=True
        )
        for name in ("prefilter", "scan", "trie")
    ]
)
