"""Everything that must hold before a change is taken: run with the Python of an environment that has the group ``dev``.

``python .ci/check.py`` runs all steps in order and stops at the first that fails; ``--only STEP`` runs one of them,
or one of ``build``, ``coverage``, ``installs`` and ``lowest``, which a release asks for beside them.
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import packaging_steps
from running import run, run_module


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
        sys.exit("lint-imports is not installed here: install the group with  pip install --group dev")
    run(script, "--no-cache")


def check_docs() -> None:
    """The documentation builds without a warning."""
    with tempfile.TemporaryDirectory() as folder:
        run_module("sphinx", "-W", "--keep-going", "--quiet", "-b", "html", "docs", folder)


def check_build() -> None:
    """The source distribution and the wheel build, and hold what they should; ``--keep FOLDER`` leaves them there."""
    with wheel():
        pass


def check_tests() -> None:
    """The whole test suite against the wheel, in an environment of its own."""
    with wheel() as built:
        packaging_steps.check_tests(built)


def check_coverage() -> None:
    """The same with coverage: every branch of what decides who gets a letter; it takes twice as long."""
    with wheel() as built:
        packaging_steps.check_tests(built, "--cov", "--cov-branch", "--cov-report=term")


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


# In this order; the tests come last, so that the output ends with pytest's closing line.
STEPS: dict[str, Callable[[], None]] = {
    "format": check_format,
    "lint": check_lint,
    "types": check_types,
    "imports": check_imports,
    "docs": check_docs,
    "tests": check_tests,
}
# What a release asks for beside them, each by its name.
MORE_STEPS: dict[str, Callable[[], None]] = {
    "build": check_build,
    "coverage": check_coverage,
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
