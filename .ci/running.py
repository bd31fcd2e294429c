"""How the steps of the check run their commands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORKERS = ["-n", str(min(4, os.cpu_count() or 1))]

# What the test suite reads beside itself: the examples it runs and the house rules' subjects. No src among it.
TEST_INPUTS = ("tests", "docs", "examples", "README.md", "CHANGELOG.md", "pyproject.toml")
NOT_COPIED = shutil.ignore_patterns("__pycache__", "_build", ".*_cache", ".hypothesis")


def run(*command: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Run a command with its output on the terminal; its failure ends the whole check."""
    words = [str(word) for word in command]
    print("$", " ".join(words), flush=True)
    outcome = subprocess.run(words, cwd=cwd, env=env, check=False)
    if outcome.returncode:
        sys.exit(outcome.returncode if outcome.returncode > 0 else 1)


def run_module(module: str, *arguments: str | Path) -> None:
    """Run a module with the Python that runs this script."""
    run(sys.executable, "-m", module, *arguments)


def new_environment(folder: Path) -> Path:
    """A clean environment; its Python."""
    venv.create(folder, with_pip=True)
    return program_of(folder, "python")


def program_of(environment: Path, name: str) -> Path:
    """A program of an environment."""
    return environment / (f"Scripts/{name}.exe" if os.name == "nt" else f"bin/{name}")


def run_tests(python: Path, copy: Path, *folders: str) -> None:
    """Run the tests with the package that is installed for ``python``: from a copy that has no sources beside it."""
    copy.mkdir()
    for name in TEST_INPUTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=NOT_COPIED)
        else:
            shutil.copy2(source, copy / name)
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    run(python, "-m", "pytest", *WORKERS, *folders, cwd=copy, env=env)
