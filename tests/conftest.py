"""Programs that tests start find the package where this run has it, and what tests share, whatever folder they start in."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).parents[1]
GIVEN = [str(Path(one).absolute()) for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one]
os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys([*GIVEN, str(ROOT)]))
