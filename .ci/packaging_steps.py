"""The steps about what is released: building it, looking at it, installing it anywhere, and the lowest versions it runs with."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

from running import ROOT, new_environment, program_of, run, run_module, run_tests

MOST_BYTES_OF_A_WHEEL = 1_500_000
IN_THE_WHEEL = ("sor_addressing/__init__.py", "sor_addressing/py.typed", "sor_addressing/sample/")
IN_THE_SDIST = (
    "src/sor_addressing/__init__.py",
    "tests/",
    "docs/",
    "examples/",
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
)

# What decides who gets a letter: every line and every branch of it is run by a test.
FULLY_COVERED = ("identifiers.py", "addressing/*", "index/*")

# Which extras run beside the base, and which tests say whether a version is too low: not the house, whose tools are others.
RUN_EXTRAS = ("cli", "fetch", "arrow", "excel", "serve")
LOWEST_TESTED = (
    "addressing", "changes", "cli", "daily", "exports", "extracts", "identifiers", "index", "letters", "loading",
    "messages", "model", "quality", "register", "search", "tables",
)  # fmt: skip

_ASK = """
from sor_addressing import Register
verdict = Register.sample().validate("990001", "DIS91")
assert verdict.deliverable, verdict.explain()
"""


def build(folder: Path) -> Path:
    """Build the source distribution, the wheel from that, look at both; the wheel."""
    run_module("build", "--no-isolation", "--outdir", folder, ROOT)
    return built_wheel(folder)


def built_wheel(folder: Path) -> Path:
    """The wheel in a folder, after a look at it and at the source distribution beside it."""
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    size = wheel.stat().st_size
    print(f"{wheel.name}: {size / 1e6:.2f} MB of at most {MOST_BYTES_OF_A_WHEEL / 1e6:.1f} MB", flush=True)
    if size > MOST_BYTES_OF_A_WHEEL:
        sys.exit(f"the wheel has {size} bytes, more than {MOST_BYTES_OF_A_WHEEL}")
    with zipfile.ZipFile(wheel) as archive:
        _look_at(wheel, archive.namelist(), IN_THE_WHEEL)
        strange = [name for name in archive.namelist() if not re.match(r"sor_addressing(-[^/]+\.dist-info)?/", name)]
    if strange:
        sys.exit(f"{wheel.name} holds what is no part of the package: {', '.join(strange)}")
    with tarfile.open(sdist) as packed:
        _look_at(sdist, [name.partition("/")[2] for name in packed.getnames()], IN_THE_SDIST)
    return wheel


def _look_at(file: Path, names: list[str], wanted: tuple[str, ...]) -> None:
    missing = [one for one in wanted if not any(name.startswith(one) for name in names)]
    if missing:
        sys.exit(f"{file.name} lacks {', '.join(missing)}")


def check_tests(wheel: Path, *covered: str) -> None:
    """The whole test suite against the wheel, in an environment of its own; ``covered`` asks for every branch of what decides who gets a letter."""
    with tempfile.TemporaryDirectory() as folder:
        python = new_environment(Path(folder, "environment"), upgraded=True)
        run(python, "-m", "pip", "install", "--quiet", f"{wheel}[{','.join(RUN_EXTRAS)}]", "--group", "test")
        measures = {"COVERAGE_FILE": str(Path(folder, "coverage"))}
        newcomer = {"SOR_ADDRESSING_WHEEL": str(wheel)}
        run_tests(python, *covered, env=measures | newcomer)
        if covered:
            include = ",".join(f"src/sor_addressing/{name}" for name in FULLY_COVERED)
            run(
                *(python, "-m", "coverage", "report", f"--include={include}", "--fail-under=100"),
                env=os.environ | measures,
                quiet=True,
            )


def check_installs(wheel: Path) -> None:
    """By pip and by uv, bare and with the command line, each into a clean environment; quick."""
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv is None:
        print("uv is not installed here: pip alone is tried")
    for tool in ("pip", "uv") if uv else ("pip",):
        for extra in ("", "[cli]"):
            with tempfile.TemporaryDirectory() as folder:
                environment = Path(folder, "environment")
                python = new_environment(environment)
                if tool == "pip":
                    run(python, "-m", "pip", "install", "--quiet", f"{wheel}{extra}")
                else:
                    run(uv or "uv", "pip", "install", "--quiet", "--python", python, f"{wheel}{extra}")
                run(python, "-W", "error", "-c", _ASK, cwd=Path(folder))
                run(python, "-m", "pip", "check")
                if extra:
                    program = program_of(environment, "sor-addressing")
                    run(program, "validate", "990001", "DIS91", "--sample", cwd=Path(folder))


def check_lowest() -> None:
    """The core's tests with the lowest versions that pyproject.toml allows; for the lowest CPython, 3.11."""
    if sys.version_info[:2] != (3, 11):
        print("the lowest versions are those of CPython 3.11; another may find none of them built for it", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        constraints = Path(folder, "lowest.txt")
        constraints.write_text("".join(f"{line}\n" for line in _lowest()), "utf-8")
        print(constraints.read_text("utf-8"), end="")
        python = new_environment(Path(folder, "environment"), upgraded=True)
        wanted = f"{ROOT}[{','.join(RUN_EXTRAS)}]"
        run(python, "-m", "pip", "install", "--quiet", "-c", constraints, wanted, "--group", "test")
        run_tests(python, *(f"tests/{name}" for name in LOWEST_TESTED))


def _lowest() -> Iterator[str]:
    project = _project()
    lines = [*project["dependencies"], *(line for one in RUN_EXTRAS for line in project["optional-dependencies"][one])]
    for line in lines:
        name, found, version = line.partition(">=")
        if not found or not re.fullmatch(r"[\d.]+", version):
            sys.exit(f"{line!r} in pyproject.toml has no lowest version: write it as name>=1.2")
        yield f"{name}=={version}"


def _project() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
