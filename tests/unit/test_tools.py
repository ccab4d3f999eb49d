"""What `make` runs: prerequisites are named with their command, locks hold no address, results are counted as they are."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from tools.check import addresses_in_locks
from tools.install import environment
from tools.test import QUICK_PATHS, Count, all_ordinary, count

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "tools" / "prerequisites.sh"


def _prerequisites(path: str):
    return subprocess.run(["/bin/sh", str(SCRIPT)], env={"PATH": path}, capture_output=True, text=True, check=False)


@pytest.fixture
def bare(tmp_path):
    """A machine that has a shell's own commands and nothing else."""
    for name in ("uname", "id"):
        (tmp_path / name).symlink_to(shutil.which(name))
    return tmp_path


def _install(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_a_bare_machine_is_told_one_command_for_everything(bare):
    done = _prerequisites(str(bare))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "install git make python" in done.stderr


def test_a_python_that_is_too_old_is_not_taken(bare):
    for name in ("git", "make"):
        _install(bare, name, "exit 0")
    _install(bare, "python3", "exit 1")
    done = _prerequisites(str(bare))
    assert done.returncode == 1
    assert "Python 3.11 or newer" in done.stderr


def test_a_newer_python_beside_an_old_one_is_found(bare):
    for name in ("git", "make", "python3.12"):
        _install(bare, name, "exit 0")
    _install(bare, "python3", "exit 1")
    done = _prerequisites(str(bare))
    assert (done.returncode, done.stdout) == (0, "python3.12\n")


def test_our_locks_hold_no_address():
    assert addresses_in_locks(ROOT) == ""


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("requirements/base.txt", "--index-url https://mirror.example/simple"),
        ("requirements/base.txt", "cairn @ file:///home/somebody/cairn"),
        ("package-lock.json", '  "resolved": "https://mirror.example/a.tgz",'),
    ],
)
def test_an_address_in_a_lock_is_found(tmp_path, file, line):
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "base.txt").write_text("django==5.2\n")
    (tmp_path / "package-lock.json").write_text("{\n}\n")
    with (tmp_path / file).open("a") as lock:
        lock.write(f"{line}\n")
    assert line.strip() in addresses_in_locks(tmp_path)


REPORT = '<testsuites><testsuite tests="10" failures="{}" errors="{}" skipped="2"/></testsuites>'


@pytest.mark.parametrize(
    ("failures", "errors", "code", "expected"),
    [(0, 0, 0, Count(8, 0, 2)), (1, 2, 1, Count(5, 3, 2)), (0, 0, 3, Count(8, 1, 2))],
)
def test_results_are_counted_and_a_run_that_broke_off_has_failed(tmp_path, failures, errors, code, expected):
    report = tmp_path / "report.xml"
    report.write_text(REPORT.format(failures, errors))
    assert count(report, code) == expected


def test_a_run_without_a_report_has_failed(tmp_path):
    assert count(tmp_path / "nothing.xml", 1) == Count(0, 1, 0)


@pytest.mark.long
def test_a_wheel_holds_all_of_the_product_but_its_readmes(tmp_path):
    shutil.copytree(ROOT / "cairn", tmp_path / "cairn", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    subprocess.run([ROOT / ".tools" / "bin" / "uv", "build", "--quiet", "--wheel", tmp_path], env=environment(), check=True)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("cairn/")}
    ours = {str(path.relative_to(ROOT)) for path in (ROOT / "cairn").rglob("*") if path.is_file() and path.parent.name != "__pycache__"}
    assert packed == {name for name in ours if not name.endswith("README.md")}


def test_every_file_of_tests_runs_on_both_databases_or_once():
    runs = dict(all_ordinary())
    (_, left_to_others), (_, same) = runs.pop("SQLite"), runs.pop("PostgreSQL")
    assert left_to_others == same
    once = [file for _, files in runs.values() for file in files]
    assert len(once) == len(set(once))
    assert [file for file in once if not (ROOT / file).is_file()] == []
    ignored = tuple(path.removeprefix("--ignore=") for path in same)
    apart = {str(file.relative_to(ROOT)) for file in (ROOT / "tests").rglob("test_*.py") if str(file.relative_to(ROOT)).startswith(ignored)}
    assert {file for file in apart if not file.startswith(tuple(QUICK_PATHS))} == set(once)
