import configparser
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


COMPILED = (".c", ".so")


def has_compiler() -> bool:
    """Whether what is compiled can be compiled here."""
    compiler = sysconfig.get_config_var("CC").split()[0]
    headers = Path(sysconfig.get_path("include")) / "Python.h"
    return shutil.which(os.environ.get("CC", compiler)) is not None and headers.exists()


def built(folder: Path, **environment: str) -> Path:
    """The wheel, built in ``folder`` from a copy of the tree, without the network."""
    tree = folder / "tree"
    for name in ("interceptor", "keyword_lists"):
        ignored = shutil.ignore_patterns("__pycache__", *(f"*{ending}" for ending in COMPILED))
        shutil.copytree(ROOT / name, tree / name, ignore=ignored)
    for name in ("setup.cfg", "setup.py", "pyproject.toml", "LICENSE", "README.md"):
        shutil.copy(ROOT / name, tree)
    build = f"from setuptools import build_meta; build_meta.build_wheel({str(folder)!r})"
    subprocess.run(
        [sys.executable, "-c", build],
        cwd=tree,
        env=os.environ | environment,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("search_interceptor-*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("wheel"))


def packed(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def decides(wheel: Path, folder: Path) -> list[str]:
    """Where the package is that the unpacked ``wheel`` holds, whether it is compiled, and two decisions."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    program = (
        "import interceptor\n"
        "from interceptor.matching.prefilter import IS_COMPILED\n"
        "gate = interceptor.Interceptor.load()\n"
        "print(interceptor.__file__, IS_COMPILED)\n"
        "print(gate.decide('weather tomorrow').action, gate.decide('csam').action)"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert not result.stderr
    return result.stdout.split()


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
        if path.is_file() and "__pycache__" not in path.parts and path.suffix not in COMPILED
    }
    files |= {f"interceptor/keyword_lists/{path.name}" for path in (ROOT / "keyword_lists").glob("*.yaml")}
    held = packed(wheel)
    assert "interceptor/keyword_lists/en.yaml" in held
    assert {name for name in held if not name.endswith(".so")} == files


@pytest.mark.skipif(not has_compiler(), reason="there is no C compiler here, or no header of Python's")
def test_what_is_compiled_is_in_the_wheel(wheel: Path) -> None:
    """A part that cannot be compiled is left out, so a mistake in it would go unnoticed."""
    sources = {path.stem for path in (ROOT / "interceptor").rglob("*.pyx")}
    compiled = {Path(name).name.partition(".")[0] for name in packed(wheel) if name.endswith(".so")}
    assert compiled == sources != set()


def test_the_wheel_decides_with_the_shipped_lists(wheel: Path, tmp_path: Path) -> None:
    found = decides(wheel, tmp_path)
    assert found == [str(tmp_path / "interceptor" / "__init__.py"), str(has_compiler()), "pass", "replace"]


def test_without_a_compiler_it_is_built_and_decides_alike(tmp_path: Path) -> None:
    wheel = built(tmp_path, CC="false")
    assert not [name for name in packed(wheel) if name.endswith(".so")]
    assert decides(wheel, tmp_path / "unpacked")[1:] == ["False", "pass", "replace"]
