from collections import Counter
from pathlib import Path

from interceptor.demo.documentation import read_documents


def test_the_library_of_this_python_is_read() -> None:
    documents = list(read_documents())
    kinds = Counter(document.kind for document in documents)
    assert set(kinds) == {"language", "module", "class", "function"}
    assert min(kinds.values()) > 50
    titles = {document.title for document in documents}
    assert {"json", "json.dumps", "pathlib.Path", "The if statement"} <= titles
    assert all(document.text.strip() for document in documents)


def test_nothing_of_the_library_is_run(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text('"""Text about JSON."""\nraise SystemExit\n')
    documents = list(read_documents(tmp_path))
    assert [(document.title, document.text) for document in documents] == [("json", "Text about JSON.")]


def test_unreadable_and_private_sources_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_bytes(b'"""caf\xe9"""')
    (tmp_path / "csv.py").write_text("def (")
    (tmp_path / "_csv.py").write_text('"""Private."""')
    (tmp_path / "bz2.py").write_text('def _open():\n    """Private."""\n\n\nclass File:\n    pass\n')
    (tmp_path / "logging").mkdir()
    (tmp_path / "logging" / "__init__.py").write_text(
        'class Handler:\n    """Handles."""\n\n    def emit(self, record):\n        """Write."""\n'
    )
    documents = list(read_documents(tmp_path))
    assert [document.title for document in documents] == ["logging.Handler"]
    assert documents[0].text == "Handles.\n\nemit(self, record)\n\nWrite."
