"""A script over a CSV: each row says who gets a letter and of which type; the rows come out with the answer beside them.

``python check_csv.py IN.csv OUT.csv REGISTER`` reads a file with the columns ``recipient`` and ``message_type``, and a compiled register or
a published extract. Without arguments it shows itself on made-up rows. On the command line the same is ``sor-addressing validate-file IN.csv``;
a script is for those who want columns or rules of their own.
"""

from __future__ import annotations

import collections
import csv
import pathlib
import sys
from collections.abc import Iterator

from sor_addressing import Register

ANSWERS = ["deliverable", "outcome", "send_as", "to_unit", "to_location_number", "reasons"]


def checked(register: Register, rows: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    """The rows, each with the answer in columns of its own."""
    # One call for all rows: equal questions are answered once, and one that lacks its recipient or type is answered like the others.
    verdicts = register.validate_many((row["recipient"], row["message_type"]) for row in rows)
    for row, verdict in zip(rows, verdicts, strict=True):
        recipient = verdict.resolution.recipient
        yield row | {
            "deliverable": "yes" if verdict.deliverable else "no",
            "outcome": verdict.outcome,
            "send_as": verdict.send_as.text if verdict.send_as else "",
            "to_unit": recipient.name if recipient else "",
            "to_location_number": (recipient.location_number or "") if recipient else "",
            "reasons": " ".join(finding.code for finding in verdict.findings if finding.severity != "info"),
        }


def check(register: Register, source: pathlib.Path, target: pathlib.Path) -> collections.Counter[str]:
    """Write the rows of ``source`` with their answers to ``target``, and count the outcomes."""
    outcomes: collections.Counter[str] = collections.Counter()
    with source.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, delimiter=";")
        columns, rows = list(reader.fieldnames or ()), list(reader)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*columns, *ANSWERS], delimiter=";", extrasaction="ignore")
        writer.writeheader()
        for row in checked(register, rows):
            writer.writerow(row)
            outcomes[row["outcome"]] += 1
    return outcomes


def made_up_rows(register: Register, path: pathlib.Path) -> None:
    names = ["Lægehuset Entydig", "Lukket Klinik", "Hjerteafdelingen"]
    codes = [register.search(name)[0].unit.sor_code for name in names]
    lines = ["recipient;message_type;note"]
    lines += [f"{code};{wanted};made up" for code in codes for wanted in ("DIS91", "XDIS91")]
    lines += ["990003;DIS91;two practices share this provider number", "990001;;no type", ";DIS91;nobody", "990001"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    if len(sys.argv) == 4:
        source, target, where = map(pathlib.Path, sys.argv[1:])
        # A compiled register opens in a millisecond; an extract is read, which takes seconds.
        register = Register.open(where) if where.suffix == ".compiled" else Register.load(where)
    else:
        source, target, register = pathlib.Path("letters.csv"), pathlib.Path("checked.csv"), Register.sample()
        made_up_rows(register, source)
    for outcome, count in sorted(check(register, source, target).items()):
        print(f"{outcome:<16} {count:5}")
    print(f"written to {target}")


if __name__ == "__main__":
    main()
