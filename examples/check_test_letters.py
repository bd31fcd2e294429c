"""A check for a pipeline: the letters that a project keeps for its tests must be addressed as real ones are.

Like a style check before a commit: it looks over a folder, says what is wrong with which letter, and ends with 1 where something is.
On the command line the same is ``sor-addressing validate-file tests/letters --sample``; here the project has rules of its own.
"""

from __future__ import annotations

import pathlib
import sys

from sor_addressing import AddressingPolicy, Register
from sor_addressing.letters import BatchSummary
from sor_addressing.testing import MadeUpLetter, MadeUpParty, edifact_of, fhir_of

# What is a warning in the field is an error in letters that are kept: they are examples that people copy from.
STRICT = AddressingPolicy(
    severities=dict.fromkeys(
        [
            "identifiers-disagree",
            "envelope-differs",
            "letter-count-wrong",
            "type-contradicts-version",
            "encoding-differs",
            "message-type-unknown",
        ],
        "error",
    )
)


def check(register: Register, folder: pathlib.Path) -> BatchSummary:
    """Say what is wrong with the letters in ``folder``."""
    summary = BatchSummary()
    for report in register.validate_messages([folder], policy=STRICT):
        summary.add(report)
        name = pathlib.Path(report.file).relative_to(folder)
        if report.error is not None:
            print(f"{name}: {report.error.reason}")
        for letter in report.letters:
            for reason in letter.reasons:
                if reason.severity == "error":
                    print(f"{name}: {reason.code}: {reason.text('en')}")
            for correction in letter.corrections:
                print(f"{name}: put {correction.suggested} in {correction.role}'s {correction.field}")
    return summary


def main() -> int:
    # A project keeps a made-up register beside its letters: a RegisterBuilder in its conftest, or an extract written by the test kit.
    register = Register.sample()
    clinic = register.search("Lægehuset Entydig")[0].unit
    ours = MadeUpParty(location_number=clinic.location.number, sor_code=clinic.sor_code)
    letters = pathlib.Path("letters")
    letters.mkdir()
    (letters / "reply.json").write_bytes(
        fhir_of(MadeUpLetter(code="FDIS91", version="5.0", sender=ours, receiver=ours))
    )
    mistyped = MadeUpParty(location_number=clinic.location.number[:-1] + "9")
    (letters / "mistyped.edi").write_bytes(
        edifact_of(MadeUpLetter(code="DIS91", version="D9134L", sender=ours, receiver=mistyped))
    )
    summary = check(register, letters)
    print(f"{summary.deliverable} of {summary.letters} letters are addressed as they should be")
    return 1 if summary.would_fail else 0


if __name__ == "__main__":
    # In a pipeline: sys.exit(main()). Shown here for its words, and one letter is wrong on purpose.
    print("exit code", main(), file=sys.stdout)
