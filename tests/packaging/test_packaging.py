import configparser
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the tree without the network."""
    tree = tmp_path_factory.mktemp("tree")
    for name in ("interceptor", "keyword_lists"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (ROOT / "setup.cfg", ROOT / "pyproject.toml", ROOT / "LICENSE", ROOT / "README.md"):
        shutil.copy(path, tree)
    folder = tmp_path_factory.mktemp("wheel")
    build = f"from setuptools import build_meta; build_meta.build_wheel({str(folder)!r})"
    subprocess.run([sys.executable, "-c", build], cwd=tree, check=True, capture_output=True)
    (built,) = folder.glob("search_interceptor-*.whl")
    return built


def test_every_package_is_named() -> None:
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg")
    named = settings["options"]["packages"].split()
    folders = {
        ".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "interceptor").rglob("__init__.py")
    }
    assert sorted(named) == sorted(folders | {"interceptor.keyword_lists"})


def test_the_wheel_holds_every_file(wheel: Path) -> None:
    files = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "interceptor").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    files |= {f"interceptor/keyword_lists/{path.name}" for path in (ROOT / "keyword_lists").glob("*.yaml")}
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert "interceptor/keyword_lists/en.yaml" in packed
    assert packed == files


def test_the_wheel_decides_with_the_shipped_lists(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    program = (
        "import interceptor\n"
        "gate = interceptor.Interceptor.load()\n"
        "print(interceptor.__file__, gate.decide('weather tomorrow').action, gate.decide('csam').action)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert result.stdout.split() == [str(tmp_path / "interceptor" / "__init__.py"), "pass", "replace"]
