"""The documentation that every Python brings along, as plain documents to search in.

Source files of the standard library are parsed, never imported: nothing of them runs. What is read is
bounded, so that the demo starts in two or three seconds: private modules, tests, the largest files and the
packages that hold tables or graphical programs are left out.
"""

from __future__ import annotations

import ast
import inspect
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MAX_SOURCE_BYTES = 100_000
"""Larger source files are passed over: a dozen of them would take a third of the time."""

_LEFT_OUT = frozenset(
    {"antigravity", "distutils", "encodings", "ensurepip", "idlelib", "lib2to3", "pydoc_data"}
    | {"test", "this", "tkinter", "turtle", "turtledemo"}
)
_Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Document:
    """One page: what it is about, of which kind it is, and its text."""

    title: str
    kind: str
    text: str


def read_documents(library: Path | None = None) -> Iterator[Document]:
    """Yield a document for each language topic, module, class and function of the library at ``library``.

    Without ``library`` it is the one of the running Python. Files that cannot be read or parsed are passed
    over; a library without source files yields nothing.
    """
    library = library or Path(sysconfig.get_path("stdlib"))
    yield from _topics(library / "pydoc_data" / "topics.py")
    for name in sorted(sys.stdlib_module_names - _LEFT_OUT):
        if not name.startswith("_"):
            for path, module in _source_files(library, name):
                yield from _documents_of(path, module)


def _source_files(library: Path, name: str) -> Iterator[tuple[Path, str]]:
    """The source files of the module or package ``name``, with the dotted name of each."""
    if (path := library / f"{name}.py").is_file():
        yield path, name
    for path in sorted((library / name).rglob("*.py")):
        parts = path.relative_to(library).with_suffix("").parts
        if parts[-1] == "__init__":
            parts = parts[:-1]
        if not any(part.startswith("_") or part in ("test", "tests") for part in parts):
            yield path, ".".join(parts)


def _parse(path: Path) -> ast.Module | None:
    try:
        return ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return None


def _topics(path: Path) -> Iterator[Document]:
    """The reference pages behind ``help("...")``: one dictionary literal, read without running it."""
    tree = _parse(path)
    for statement in tree.body if tree else ():
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Dict):
            for text in ast.literal_eval(statement.value).values():
                heading, _, rest = text.lstrip().partition("\n")
                body = rest.lstrip("*=-~^\n")
                if body.strip():
                    yield Document(heading.replace('"', ""), "language", body.strip())


def _documents_of(path: Path, module: str) -> Iterator[Document]:
    if path.stat().st_size > MAX_SOURCE_BYTES or (tree := _parse(path)) is None:
        return
    if text := ast.get_docstring(tree):
        yield Document(module, "module", text)
    for node in tree.body:
        if not isinstance(node, _Definition) or node.name.startswith("_"):
            continue
        if isinstance(node, ast.ClassDef):
            text = _class_text(node)
        else:
            text = _text(node)
        if text:
            kind = "class" if isinstance(node, ast.ClassDef) else "function"
            yield Document(f"{module}.{node.name}", kind, text)


def _text(node: _Definition) -> str:
    """The signature and the docstring of ``node``; nothing where it has no docstring."""
    docstring = ast.get_docstring(node, clean=False)
    if not docstring:
        return ""
    docstring = inspect.cleandoc(docstring)
    if isinstance(node, ast.ClassDef):
        return docstring
    return f"{node.name}({ast.unparse(node.args)})\n\n{docstring}"


def _class_text(node: ast.ClassDef) -> str:
    """The docstring of a class with those of its public methods."""
    methods = [
        _text(item)
        for item in node.body
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and not item.name.startswith("_")
    ]
    return "\n\n".join(filter(None, [_text(node), *methods]))
