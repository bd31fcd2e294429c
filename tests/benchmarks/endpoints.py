"""A national endpoint register (EER) of 60,000 endpoints: read against ``json``, and a load with it against one without."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.measuring import Asked, Row, least_times, slower
from tests.benchmarks.nation import SEED, kept_folder, nation_files

from sor_addressing import Register
from sor_addressing.extracts.fhir.reader import EndpointRegisterReader
from sor_addressing.testing import made_up_nation, with_endpoints, write_endpoint_register


def endpoint_register(asked: Asked) -> Iterator[Row]:
    """Read the Bundle to records, and load it beside Sor.xml and Edityper.csv."""
    units, types = nation_files(asked.units)
    path = _written(asked.units)
    megabytes = path.stat().st_size / 1e6

    def parse() -> object:
        return json.loads(path.read_bytes())

    def read() -> object:
        # As when loading: nothing that is made here is part of a cycle.
        gc.disable()
        try:
            with path.open("rb") as stream:
                return sum(1 for _ in EndpointRegisterReader(stream, file=str(path), report=[].append))
        finally:
            gc.enable()

    reading, parsing = least_times(read, parse, turns=asked.turns)
    yield slower("eer", reading, parsing, 2.0, "json.loads of the same file", f"{megabytes:.0f} MB")
    both, without = least_times(
        lambda: Register.load(units, path, message_types=types),
        lambda: Register.load(units, message_types=types),
        turns=asked.turns,
    )
    yield slower("load with eer", both, without, 1.3, "the load without it")


def _written(units: int) -> Path:
    path = kept_folder(f"eer-{units}") / "eer.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_endpoint_register(with_endpoints(made_up_nation(units, seed=SEED), everywhere=True), path)
    return path
