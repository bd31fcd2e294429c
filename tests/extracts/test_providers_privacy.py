"""Nothing of the persons in a provider register reaches a record, a problem, an error, a log or a traceback."""

from __future__ import annotations

import gc
import io
import re
import subprocess
import sys
import traceback
from pathlib import Path

import attrs
import pytest
from lxml import etree

import sor_addressing
from sor_addressing import Register
from sor_addressing.errors import ExtractError
from sor_addressing.extracts import published
from sor_addressing.extracts.detect import recognise
from sor_addressing.extracts.xml.providers import ProviderReader
from sor_addressing.extracts.xml.sor_tree import SorXmlReader
from sor_addressing.model import Problem

# The shape of a CPR number, of a day that there isn't; built here, so that none stands in any file.
NUMBER = "31" + "02" + "12" + "34" + "56"
DASHED = NUMBER[:6] + "-" + NUMBER[6:]
NAME = "Opdigtet" + "Personnavn"
SECRETS = (NUMBER, DASHED, NAME)

PERSON = (
    f'<Person CprNr="{NUMBER}" Navn="{NAME}">{DASHED} {NAME}<Under CprNr="{NUMBER}">{NUMBER}</Under></Person>{DASHED}'
)


def document(inside: str, *, start: str = '<Start OpgDato="20260115"/>', root: str = "etds1040025XML") -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}>{start}{inside}</{root}>'.encode()


def yder(inside: str = PERSON, **attributes: str) -> str:
    said = "".join(f' {name}="{value}"' for name, value in {"YdernrYder": "990001", **attributes}.items())
    return f"<Yder{said}>{inside}</Yder>"


def everything_said(data: bytes, caplog: pytest.LogCaptureFixture) -> str:
    """All that a reader and the one before it let out: records, problems, errors with their frames, logs."""
    problems: list[Problem] = []
    said: list[object] = []
    reader = ProviderReader(io.BytesIO(data), file="fil", report=problems.append)
    try:
        assert recognise(data[:65_536], file="fil") in (published.PROVIDERS, published.SOR_XML)
    except ExtractError as error:
        said.append(error)
    try:
        for record in reader:
            said += [record, attrs.asdict(record), str(record)]
    except ExtractError as error:
        # With the values of local variables, as services that gather errors take them.
        kept = traceback.TracebackException.from_exception(error, capture_locals=True)
        lines = [line for line in kept.format() if "test_providers_privacy" not in line]
        said += [error, repr(error), error.args, error.__cause__, error.__context__, lines]
    said += [vars(reader), reader, *problems]
    for problem in problems:
        said += [problem.text("da"), problem.text("en"), problem.to_dict()]
    said.append(caplog.text)
    return "\n".join(map(repr, said))


DOCUMENTS = {
    "as it should be": document(yder()),
    "persons beside": document(PERSON + yder() + PERSON),
    "newer": document(f'<Ydere xmlns="urn:n">{yder()}</Ydere>', root="Yderregister"),
    "in the provider's own texts": document(
        yder(PrakBetegn=f"Læge {DASHED}", AdrYder=NUMBER, EmailYder=f"{NUMBER}@eksempel.dk", CprNr=NUMBER, HvdTlf=DASHED)
    ),
    "as days": document(yder(TilgDatoYder=NUMBER, AfgDatoYder=DASHED), start=f'<Start OpgDato="{NUMBER}" Timestamp="{DASHED}"/>'),
    "as a provider number": document(yder(YdernrYder=NUMBER) + yder(YdernrYder=DASHED) + yder()),
    "cut off": document(yder() * 3)[:-60],
    "cut off in a person": document(yder())[: document(yder()).index(b"Navn") - 3],
    "attribute without quotes": document(yder(f"<Person CprNr={NUMBER}/>")),
    "attribute without name": document(yder(f"<Person {NAME} {NUMBER}>")),
    "attribute twice": document(yder(f'<Person {NAME}="1" {NAME}="{NUMBER}"/>')),
    "element of that name": document(yder(f"<{NAME}>{NUMBER}</Andet>")),
    "entity of that name": document(yder(f"&{NAME};{NUMBER}")),
    "entity in an attribute": document(yder(f'<Person CprNr="&{NAME};{NUMBER}"/>')),
    "namespace without declaration": document(yder(f'<{NAME}:Person CprNr="{NUMBER}"/>')),
    "bytes that are no text": document(yder("<Person CprNr='X'/>")).replace(b"X", NUMBER.encode() + b"\xff\x01"),
    "comment not closed": document(yder(f"<!-- {NUMBER} {NAME}")),
    "instruction": document(f"<?{NAME} {NUMBER}?><!-- {NUMBER} -->" + yder()),
    "doctype": f"<!DOCTYPE {NAME} [<!ENTITY a '{NUMBER}'>]>".encode() + document(yder()).partition(b"\n")[2],
    "no providers": document(PERSON),
}  # fmt: skip


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_nothing_of_a_person_is_let_out(kind: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    said = everything_said(DOCUMENTS[kind], caplog)
    assert [secret for secret in SECRETS if secret in said] == []
    assert re.search(r"(?<!\d)3102\d\d-?\d{4}(?!\d)", said) is None


def test_the_file_is_read_all_the_same() -> None:
    for kind in (
        "as it should be",
        "persons beside",
        "newer",
        "in the provider's own texts",
        "as a provider number",
        "instruction",
    ):
        problems: list[Problem] = []
        reader = ProviderReader(io.BytesIO(DOCUMENTS[kind]), file="fil", report=problems.append)
        assert [record.number for record in reader] == ["990001"]
        assert len(problems) == (2 if kind == "as a provider number" else 0)


def test_no_parser_remembers_what_was_damaged() -> None:
    gc.collect()  # what tests before this one left behind
    with pytest.raises(ExtractError) as caught:
        list(ProviderReader(io.BytesIO(DOCUMENTS["element of that name"]), file="fil", report=print))
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    left = [thing for thing in gc.get_objects() if isinstance(thing, etree.XMLSyntaxError)]
    assert [error for error in left if NAME in str(error)] == []


def test_memory_does_not_grow_with_persons_or_providers() -> None:
    pytest.importorskip(
        "resource", reason="the peak of a process is asked of the system, which Windows does not tell so"
    )
    script = """
import io, resource, sys
from sor_addressing.extracts.xml.providers import ProviderReader
from sor_addressing.extracts.xml.sor_tree import SorXmlReader

class Endless(io.RawIOBase):
    def __init__(self, count):
        self.parts = self.generate(count)
    def generate(self, count):
        yield b'<etds1040025XML><Start OpgDato="20260115"/>'
        for n in range(count):
            yield b'<Yder YdernrYder="990001">' + b'<Person CprNr="x"><Navn>y</Navn></Person>' * 2_000 + b'</Yder>'
        yield b'<Yder YdernrYder="990002">'
        for n in range(count):
            yield b'<Person CprNr="x"><Navn>y</Navn></Person>' * 2_000
        yield b'</Yder></etds1040025XML>'
    def read(self, size=-1):
        return next(self.parts, b'')

assert sum(1 for _ in ProviderReader(Endless(int(sys.argv[1])), file='fil', report=print)) == int(sys.argv[1]) + 1
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
    peaks = [
        int(
            subprocess.run(
                [sys.executable, "-c", script, str(count)], capture_output=True, check=True, text=True
            ).stdout
        )
        for count in (5, 100)
    ]
    in_kilobytes = 1 if sys.platform != "darwin" else 1024
    assert (peaks[1] - peaks[0]) / in_kilobytes < 4_000


BROKEN = [
    f'<Person Navn="{NAME}" Navn="{NAME}"/>', f"<Person {NAME}>", f"<{NAME} a=1/>", f"<Person>{NAME}</{NAME}>", f'<Person a="&{NAME};"/>',
    f"<{NAME}:Person/>", f'<Person {NAME}:a="1"/>', f'<Person a="{NAME}<"/>', f"<?{NAME}", f"<!-- {NAME} -- -->", f"<![{NAME}", f"&{NAME};",
    f'<Person xmlns:{NAME}=""/>',
]  # fmt: skip


@pytest.mark.parametrize("inside", BROKEN)
def test_nothing_that_a_parser_says_of_a_person_lives_on_while_the_error_does(inside: str, tmp_path: Path) -> None:
    data = document(f'<Yder YdernrYder="990001"/>{inside}')
    unknown = document(inside, root="yder2030")
    path = tmp_path / "yder.xml"
    path.write_bytes(data)
    kept = []
    for read in (
        lambda: list(ProviderReader(io.BytesIO(data), file="fil", report=print)),
        lambda: recognise(data, file="fil"),
        lambda: recognise(unknown, file="fil"),
        lambda: list(SorXmlReader(io.BytesIO(unknown), file="fil", report=print)),
        lambda: Register.load(Path(sor_addressing.__file__).parent / "sample" / "Sor.xml", path),
    ):
        try:
            read()
        except ExtractError as error:
            kept.append(error)
    assert len(kept) >= 4
    gc.collect()
    left = [thing for thing in gc.get_objects() if isinstance(thing, (etree.XMLSyntaxError, etree._ListErrorLog))]
    assert [thing for thing in left if NAME in str(thing) or NAME in repr(thing)] == []
    for error in kept:
        told = traceback.TracebackException.from_exception(error, capture_locals=True)
        assert error.__cause__ is error.__context__ is None
        assert NAME not in "".join(line for line in told.format() if "test_providers_privacy" not in line)
