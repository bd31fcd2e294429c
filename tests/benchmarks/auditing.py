"""An audit by all rules that need nothing given, against loading the units it looks at."""

from __future__ import annotations

from tests.benchmarks.measuring import least_times, row
from tests.benchmarks.nation import nation_files

from sor_addressing import Register, audit


def audit_nation(units: int, repeats: int) -> None:
    """Audit a register just loaded, every time with a new scope; then what its reports cost."""
    path, types = nation_files(units)
    register = Register.load(path, message_types=types)
    found = audit(register)
    print(f"{len(found.remarks):,} remarks on {found.units:,} units and {found.numbers:,} location numbers")
    loaded, audited = least_times(lambda: Register.load(path), lambda: audit(register), repeats=min(repeats, 3))
    row("audit", "loading the units", audited / loaded, 1.0, f"{audited:.2f} s against {loaded:.2f} s")
    target = path.with_name("audit.csv")
    for name, job in (
        ("audit, by administrator", lambda: found.by("administrator")),
        ("audit, as HTML", lambda: found.to_html(by=["administrator", "region"])),
        ("audit, as CSV", lambda: found.to_csv(target)),
    ):
        (seconds,) = least_times(job, repeats=1)
        print(f"{name:<28} {seconds:.2f} s")
    target.unlink()
