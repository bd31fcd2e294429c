"""What importing costs: the package, the face, every public name, and the command line, each in new processes."""

from __future__ import annotations

from tests.benchmarks.measuring import least_times, row
from tests.benchmarks.processes import run

_ALL = "import sor_addressing; [getattr(sor_addressing, name) for name in sor_addressing.__all__]"
_COMMAND_LINE = "from sor_addressing.cli.app import program; import sor_addressing.cli.questions"

# What is imported, the code, and how many times the import of attrs it may take: all but the first import attrs themselves.
_MEASURED = (
    ("import the package", "import sor_addressing", 1.0),
    ("import Register", "from sor_addressing import Register", 1.5),
    ("import every public name", _ALL, 12.0),
    ("import the command line", _COMMAND_LINE, 6.0),
)


def imports(units: int, repeats: int) -> None:
    """New processes that import, against new processes that import attrs."""
    jobs = [lambda code=code: run(code) for code in ("import attrs", *(code for _, code, _ in _MEASURED))]
    attrs, *others = least_times(*jobs, repeats=max(repeats, 20))
    for (name, _, budget), seconds in zip(_MEASURED, others, strict=True):
        row(
            name,
            'python -c "import attrs"',
            seconds / attrs,
            budget,
            f"{seconds * 1e3:.0f} ms against {attrs * 1e3:.0f} ms",
        )
