"""Everything that must hold before a change is taken: run with the Python of an environment that has the extra ``dev``.

``python .ci/check.py`` runs all steps in order and stops at the first that fails; ``--only STEP`` runs one of them,
or one of ``build``, ``installs`` and ``lowest``, which a release asks for beside them.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import packaging_steps
from running import ROOT, WORKERS, run, run_module

PACKAGE = ROOT / "src" / "sor_addressing"

# What decides who gets a letter: every line and every branch of it is run by a test.
FULLY_COVERED = ("identifiers.py", "addressing", "index")


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
    """The wheel builds from the source distribution, is small, and passes the tests in an environment of its own."""
    with wheel() as built:
        packaging_steps.check_wheel(built)


def check_build() -> None:
    """The source distribution and the wheel build, and hold what they should; ``--keep FOLDER`` leaves them there."""
    with wheel():
        pass


def check_installs() -> None:
    """The wheel installs into clean environments, by pip and by uv, and answers."""
    with wheel() as built:
        packaging_steps.check_installs(built)


@contextlib.contextmanager
def wheel() -> Iterator[Path]:
    """The wheel: that of ``--dist``, else one that is built now."""
    if ASKED.dist is not None:
        yield packaging_steps.built_wheel(ASKED.dist.resolve())
        return
    with tempfile.TemporaryDirectory() as folder:
        yield packaging_steps.build(ASKED.keep.resolve() if ASKED.keep else Path(folder))


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
# What a release asks for beside them, each by its name.
MORE_STEPS: dict[str, Callable[[], None]] = {
    "build": check_build,
    "installs": check_installs,
    "lowest": packaging_steps.check_lowest,
}
ASKED = argparse.Namespace(only=None, dist=None, keep=None)


def main() -> None:
    """Run the steps that were asked for."""
    every = STEPS | MORE_STEPS
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=every, metavar="STEP", help=f"one of {', '.join(every)}")
    parser.add_argument("--dist", type=Path, metavar="FOLDER", help="take the wheel there instead of building one")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave what is built there")
    parser.parse_args(namespace=ASKED)
    began = time.monotonic()
    for name in [ASKED.only] if ASKED.only else STEPS:
        print(f"\n== {name}: {every[name].__doc__} ({time.monotonic() - began:.0f} s)", flush=True)
        every[name]()


if __name__ == "__main__":
    main()
