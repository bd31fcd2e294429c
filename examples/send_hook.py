"""A hook between a system that writes letters and the client that hands them to the network.

``may_leave`` is called with each finished message file. It lets a letter go, holds it back with what a person needs to know, and tells
apart three things that need a way of their own: the letter is wrong, the file is wrong, and the check could not be made.
"""

from __future__ import annotations

import json
import logging
import pathlib
import shutil
import sys
import time

from sor_addressing import AddressingPolicy, LetterError, Register, SorAddressingError
from sor_addressing.testing import MadeUpLetter, MadeUpParty, edifact_of, fhir_of

log = logging.getLogger("send_hook")
POLICY = AddressingPolicy(severities={"sender-receipt-impossible": "error"})


def may_leave(register: Register, path: pathlib.Path, held: pathlib.Path) -> bool:
    """Whether the letters in the file at ``path`` may leave; where they may not, the file is moved to ``held`` with its reasons beside it."""
    try:
        reports = register.validate_message(path, policy=POLICY)
    except LetterError as error:
        # The file is not what was meant to be written. The text names file and place, and shows nothing of what stands in it.
        hold(path, held, str(error))
        return False
    except SorAddressingError:
        # The check itself could not be made: a damaged register, say. Stopping every letter is worse than sending unchecked.
        log.exception("%s was not checked", path.name)
        return True
    for report in reports:
        # Identifiers, codes and dates, in plain types: nothing of the patient was read.
        log.info("%s", json.dumps(report.to_dict(), ensure_ascii=False))
    if all(report.deliverable for report in reports):
        return True
    hold(path, held, "\n\n".join(report.explain("da") for report in reports))
    return False


def hold(path: pathlib.Path, held: pathlib.Path, reasons: str) -> None:
    """Put a letter aside for a person to look at, with the reasons in a file beside it."""
    held.mkdir(exist_ok=True)
    # A second letter by the name of one that is held already must not take its place.
    name = path.name if not (held / path.name).exists() else f"{time.time_ns()}-{path.name}"
    (held / f"{name}.reasons.txt").write_text(reasons, encoding="utf-8")
    shutil.move(path, held / name)


def main() -> None:
    # A real sender keeps LiveRegister(RegisterStore()).current, which renews itself while the program runs.
    register = Register.sample()
    clinic = register.search("Lægehuset Entydig")[0].unit
    closed = register.search("Lukket Klinik")[0].unit
    outbox, held = pathlib.Path("outbox"), pathlib.Path("held")
    outbox.mkdir()
    sender = MadeUpParty(location_number=clinic.location.number, sor_code=clinic.sor_code)
    good = MadeUpLetter(code="DIS91", version="D9134L", sender=sender, receiver=sender)
    lost = MadeUpLetter(
        code="FDIS91",
        version="5.0",
        sender=sender,
        receiver=MadeUpParty(location_number=closed.location.number, sor_code=closed.sor_code),
    )
    (outbox / "1-good.edi").write_bytes(edifact_of(good))
    (outbox / "2-closed.json").write_bytes(fhir_of(lost))
    (outbox / "3-cut-off.edi").write_bytes(edifact_of(good)[:200])
    for path in sorted(outbox.iterdir()):
        print(f"{path.name}: {'sent' if may_leave(register, path, held) else 'held back'}")
    print("held:", ", ".join(sorted(path.name for path in held.iterdir())))


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, stream=sys.stdout)
    main()
