"""Everything that must hold before a change is taken: run with the Python of an environment that has the extra ``dev``.

``python .ci/check.py`` runs all steps in order and stops at the first that fails; ``--only STEP`` runs one of them.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
import tomllib
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "sor_addressing"

# What decides who gets a letter: every line and every branch of it is run by a test.
FULLY_COVERED = ("identifiers.py", "addressing", "index")

# What the test suite imports, as far as the extra "dev" names it; the rest of that extra is tools.
TEST_PACKAGES = {
    "fastapi",
    "fhir.resources",
    "httpx",
    "httpx2",
    "hypothesis",
    "openpyxl",
    "pydifact",
    "pytest",
    "pytest-xdist",
    "python-stdnum",
    "starlette",
    "sybil",
}

# What the test suite reads beside itself: the examples it runs and the house rules' subjects. No src among it.
TEST_INPUTS = ("tests", "docs", "examples", "README.md", "CHANGELOG.md", "pyproject.toml")
NOT_COPIED = shutil.ignore_patterns("__pycache__", "_build", ".*_cache", ".hypothesis")

WORKERS = ["-n", str(min(4, os.cpu_count() or 1))]


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


def check_format() -> None:
    """The formatter has nothing to change."""
    run_module("ruff", "format", "--check", ".")


def check_lint() -> None:
    """The linter has nothing to say."""
    run_module("ruff", "check", ".")


def check_types() -> None:
    """Types of the package, and of the public face as users see it."""
    run_module("mypy")


def check_imports() -> None:
    """No floor imports one above it."""
    script = shutil.which("lint-imports", path=sysconfig.get_path("scripts"))
    if script is None:
        sys.exit("lint-imports is not installed here: install the extra with  pip install -e '.[dev]'")
    run(script, "--no-cache")


def check_tests() -> None:
    """Tests, docstrings, README and docs; every branch of what decides who gets a letter."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "coverage")
        env = dict(os.environ, COVERAGE_FILE=str(data))
        run(sys.executable, "-m", "pytest", *WORKERS, "--cov", "--cov-branch", "--cov-report=term", env=env)
        present = [PACKAGE / name for name in FULLY_COVERED if (PACKAGE / name).exists()]
        include = ",".join(str(path / "*") if path.is_dir() else str(path) for path in present)
        print(f"every branch of {', '.join(path.name for path in present)}:", flush=True)
        run(sys.executable, "-m", "coverage", "report", f"--include={include}", "--fail-under=100", env=env)


def check_docs() -> None:
    """The documentation builds without a warning."""
    with tempfile.TemporaryDirectory() as folder:
        run_module("sphinx", "-W", "--keep-going", "--quiet", "-b", "html", "docs", folder)


def check_wheel() -> None:
    """The wheel builds from the source distribution, and passes the tests in an environment of its own."""
    with tempfile.TemporaryDirectory() as folder:
        built, environment, copy = (Path(folder, name) for name in ("dist", "environment", "copy"))
        run_module("build", "--no-isolation", "--outdir", built, ROOT)
        (wheel,) = built.glob("*.whl")
        venv.create(environment, with_pip=True)
        python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        run(python, "-m", "pip", "install", "--quiet", f"{wheel}[cli]", *_test_requirements())
        copy.mkdir()
        for name in TEST_INPUTS:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=NOT_COPIED)
            else:
                shutil.copy2(source, copy / name)
        env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        run(python, "-m", "pytest", *WORKERS, cwd=copy, env=env)


def _test_requirements() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [line for line in project["optional-dependencies"]["dev"] if re.split(r"[^\w-]", line)[0] in TEST_PACKAGES]
    if len(wanted) != len(TEST_PACKAGES):
        sys.exit(f"the extra dev of pyproject.toml should name each of {', '.join(sorted(TEST_PACKAGES))}")
    return wanted


# In this order; the installed wheel comes last, so that the output ends with pytest's closing line.
STEPS: dict[str, Callable[[], None]] = {
    "format": check_format,
    "lint": check_lint,
    "types": check_types,
    "imports": check_imports,
    "tests": check_tests,
    "docs": check_docs,
    "wheel": check_wheel,
}


def main() -> None:
    """Run the steps that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=STEPS, metavar="STEP", help=f"one of {', '.join(STEPS)}")
    only = parser.parse_args().only
    began = time.monotonic()
    for name in [only] if only else STEPS:
        print(f"\n== {name}: {STEPS[name].__doc__} ({time.monotonic() - began:.0f} s)", flush=True)
        STEPS[name]()


if __name__ == "__main__":
    main()
