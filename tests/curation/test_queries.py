"""Bodies of ordinary searches."""

from pathlib import Path

import pytest

from interceptor.curation import queries
from interceptor.errors import CallError
from interceptor.termlists.reading import shipped_lists


def test_the_built_in_body_speaks_every_language_of_the_lists() -> None:
    languages = [query.language for query in queries.benign()]
    assert set(languages) == {path.stem for path in shipped_lists()[0].glob("*.yaml")}
    assert all(languages.count(language) >= 15 for language in set(languages))
    texts = [(query.language, query.text) for query in queries.benign()]
    assert len(set(texts)) == len(texts) >= 400


def test_a_folder_tells_languages_apart(tmp_path: Path) -> None:
    (tmp_path / "fi.txt").write_text("sää huomenna\n\n# a comment\n")
    (tmp_path / "zh-Hant.txt").write_text("明天天氣\n")
    (tmp_path / "frequent.txt").write_text("weather\n")
    found = queries.read(tmp_path)
    assert sorted(query.language for query in found) == ["fi", "und", "zh-Hant"]
    assert len(found) == 3


def test_a_file_is_read_whatever_it_is_called(tmp_path: Path) -> None:
    path = tmp_path / "frequent"
    path.write_bytes("\ufeffweather\r\nbench\r\n".encode())
    assert [query.text for query in queries.read(path)] == ["weather", "bench"]


@pytest.mark.parametrize(
    ("data", "said"), [(b"# nothing\n", "holds no search"), (b"\xff\xfe\xff", "is not UTF-8")]
)
def test_what_cannot_be_used_is_said(tmp_path: Path, data: bytes, said: str) -> None:
    (path := tmp_path / "a.txt").write_bytes(data)
    with pytest.raises(CallError, match=said):
        queries.read(path)


def test_a_search_is_not_shown() -> None:
    assert "weather" not in repr(queries.Query("en", "weather"))
