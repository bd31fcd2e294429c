"""How the steps of the check run their commands, and in which environments."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# Each worker keeps to tests that lie beside each other, which share what they make; who is done first takes over from the other.
WORKERS = ["-n", str(min(4, os.cpu_count() or 1)), "--dist", "worksteal"]


def run(*command: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None, quiet: bool = False) -> None:
    """Run a command with its output on the terminal, if it is ``quiet`` only where it fails; a failure ends the whole check."""
    words = [str(word) for word in command]
    if not quiet:
        print("$", " ".join(words), flush=True)
    said = subprocess.PIPE if quiet else None
    outcome = subprocess.run(words, cwd=cwd, env=env, check=False, text=True, stdout=said, stderr=said)
    if outcome.returncode:
        print(outcome.stdout or "", outcome.stderr or "", sep="", file=sys.stderr)
        sys.exit(outcome.returncode if outcome.returncode > 0 else 1)


def run_module(module: str, *arguments: str | Path) -> None:
    """Run a module with the Python that runs this script."""
    run(sys.executable, "-m", module, *arguments)


def new_environment(folder: Path, *, upgraded: bool = False) -> Path:
    """A clean environment, with the pip that CPython brings or with the newest; its Python."""
    venv.create(folder, with_pip=True, upgrade_deps=upgraded)
    return program_of(folder, "python")


def program_of(environment: Path, name: str) -> Path:
    """A program of an environment."""
    return environment / (f"Scripts/{name}.exe" if os.name == "nt" else f"bin/{name}")


def run_tests(python: Path, *arguments: str | Path, env: dict[str, str] | None = None) -> None:
    """Run the tests with the package that is installed for ``python``, not with the sources that lie here."""
    run(python, "-m", "pytest", *WORKERS, *arguments, env=without_paths() | (env or {}))


def without_paths() -> dict[str, str]:
    """The environment's variables but for what would make Python find other modules than the installed ones."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
