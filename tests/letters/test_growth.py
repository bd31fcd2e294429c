"""Each reader of letters does linear work: counted in lines of this package that are run, not in time."""

from __future__ import annotations

import base64
import gzip
import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType

import pytest

import sor_addressing
from sor_addressing.errors import LetterError
from sor_addressing.letters.reading import read_letters

PACKAGE = str(Path(sor_addressing.__file__).parent)
UNB, UNZ = b"UNB+UNOC:3+5790999000017:14+5790999000024:14+260115:0930+K'", b"UNZ+1+K'"
UNH = b"UNH+B+MEDDIS:D:93A:UN:D9134L+DIS91'BGM+EPI++9+NA'"
GLN = '"system": "https://www.gs1.org/gln", "value": "5790999000024"'
NS = 'xmlns="http://rep.oio.dk/sundcom.dk/medcom.dk/xml/schemas/2006/07/01/"'
PARTY = "<EANIdentifier>5790999000024</EANIdentifier>"


def letter(middle: bytes, n: int) -> bytes:
    return UNB + UNH + middle + b"S02+02'GIS+N'UNT+%d+B'" % n + UNZ


def bundle(destinations: str, entries: str, header: str = "") -> bytes:
    return (
        '{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "https://a.dk/MessageHeader/h", "resource":'
        ' {"resourceType": "MessageHeader", "id": "h", "eventCoding": {"code": "care-communication-message"}, '
        f'{header}"destination": [{destinations}]}}}}{entries}]}}'
    ).encode()


def to(*references: str) -> str:
    use = '"extension": [{"url": "x/medcom-messaging-destinationUseExtension", "valueCoding": {"code": "%s"}}]'
    return ", ".join(
        f'{{{use % ("cc" if number else "primary")}, "receiver": {{"reference": "{reference}"}}}}'
        for number, reference in enumerate(references)
    )


def organization(name: str, url: str, version: str = "", value: str = GLN) -> str:
    meta = f'"meta": {{"versionId": "{version}"}}, ' if version else ""
    return f', {{"fullUrl": "{url}", "resource": {{"resourceType": "Organization", "id": "{name}", {meta}"identifier": [{{{value}}}]}}}}'


def contained(n: int) -> str:
    return ", ".join(
        f'{{"resourceType": "Organization", "id": "c{number}", "identifier": [{{{GLN}}}]}}' for number in range(n)
    )


def oioxml(inside: str) -> bytes:
    return f"<Emessage {NS}>{inside}</Emessage>".encode()


def one(inside: str) -> str:
    return f"<ClinicalEmail><Letter><Identifier>B</Identifier></Letter><Sender>{PARTY}</Sender>{inside}</ClinicalEmail>"


def vans(content: bytes) -> bytes:
    return (
        b'<VANSEnvelope xmlns="urn:oio:medcom:vans-envelope:1.0.4"><Message><MetaInformation><Document><Format>EDIFACT</Format></Document>'
        b"</MetaInformation><Data>" + content + b"</Data></Message></VANSEnvelope>"
    )


def sbdh(scopes: str) -> bytes:
    return (
        "<StandardBusinessDocument><StandardBusinessDocumentHeader><DocumentIdentification><Type>ReceiptAcknowledgement</Type>"
        f"</DocumentIdentification><BusinessScope>{scopes}</BusinessScope></StandardBusinessDocumentHeader></StandardBusinessDocument>"
    ).encode()


SCOPE = "<Scope><Type>SENDERID</Type><InstanceIdentifier>9000011000016006</InstanceIdentifier></Scope>"

# Each grows with n; what a reader refuses counts too.
GROWING: dict[str, Callable[[int], bytes]] = {
    "edifact letters": lambda n: UNB + (UNH + b"S02+02'UNT+4+B'") * n + UNZ,
    "edifact interchanges": lambda n: (UNB + UNH + b"S02+02'UNT+4+B'" + UNZ) * n,
    "edifact copies": lambda n: letter(b"NAD+CCR+990002:YNR:SFU'" * n, n),
    "edifact line breaks": lambda n: letter(b"NAD+CCR+990\n002:YNR:SFU'" * n, n),
    "edifact nothing but breaks": lambda n: letter(b"\r\n" * 40 * n + b"NAD+CCR+990002:YNR:SFU'", n),
    "edifact breaks in a tag": lambda n: letter(b"N" + b"\r\n" * 40 * n + b"AD+CCR+990002:YNR:SFU'", n),
    "edifact release characters": lambda n: letter(b"FTX+" + b"?\n" * 40 * n + b"'", n),
    "edifact releases and terminators": lambda n: letter(b"S02+02'" + b"?'" * 40 * n + b"'", n),
    "edifact blanks": lambda n: letter(b"S02+02'" + b"' " * 40 * n, n),
    "edifact raw bytes": lambda n: letter(b"S02+02'UNO+1+A+B+%d'" % (40 * n) + b"UNT+1'" * (60 * n), n),
    "edifact raw bytes again": lambda n: letter(b"S02+02'" + b"UNO+1+A+B+9'II*'\n+UNT+UNP+9+1'" * n, n),
    "edifact lines that end a segment": lambda n: UNB[:-1] + b"\nABC+" * 40 * n + b"'" + UNH + UNZ,
    "receipt in edifact": lambda n: UNB + b"UNH+1+CONTRL+CTL02'UCI+K'" + b"UCM+B++4'FTX+LOK'" * n + b"UNT+1+1'" + UNZ,
    "oioxml letters": lambda n: oioxml(one("") * n),
    "oioxml copies": lambda n: oioxml(one(f"<CCReceiver>{PARTY}</CCReceiver>" * n)),
    "oioxml identifiers": lambda n: oioxml(one(f"<Receiver>{PARTY * n}</Receiver>")),
    "oioxml comments": lambda n: oioxml(one("<Receiver><EANIdentifier>" + "5<!-- -->" * n + "</EANIdentifier></Receiver>")),
    "oioxml receipt": lambda n: oioxml(
        one(
            "<OriginalEmessage>"
            + "<OriginalLetter><OriginalLetterIdentifier>B</OriginalLetterIdentifier><RefuseCode>a</RefuseCode></OriginalLetter>" * n
            + "</OriginalEmessage>"
        )
    ),
    "fhir organizations": lambda n: bundle(
        to("Organization/x"), "".join(organization(f"o{k}", f"urn:uuid:o{k}") for k in range(n))
    ),
    "fhir copies": lambda n: bundle(
        to(*[f"ORGANIZATION/O{k}" for k in range(n)]), "".join(organization(f"o{k}", f"https://a.dk/Organization/o{k}") for k in range(n))
    ),
    "fhir versions": lambda n: bundle(
        to(*[f"Organization/o/_history/{k}" for k in range(n)]),
        "".join(organization("o", "https://a.dk/Organization/o", str(k)) for k in range(n)),
    ),
    "fhir one id": lambda n: bundle(
        to(*["Organization/o"] * n), "".join(organization("o", "https://a.dk/Organization/o") for _ in range(n))
    ),
    "fhir contained": lambda n: bundle(
        to(*[f"#C{k}" for k in range(n)]), "", f'"contained": [{contained(n)}], '
    ),
    "fhir identifiers": lambda n: bundle(to("#c"), "", '"contained": [{"resourceType": "Organization", "id": "c", "identifier": ['
        + ", ".join([f'{{"use": "old", {GLN}}}'] * n) + "]}], "),
    "vans lines of base64": lambda n: vans(b"\n".join([base64.b64encode(letter(b"", 4))[:76]] * n)),
    "vans comments": lambda n: vans(b"VU5C<!-- -->" * n),
    "sbdh scopes": lambda n: sbdh(SCOPE * n),
    "packed": lambda n: gzip.compress(UNB) * n,
}  # fmt: skip


def lines_run(data: bytes) -> int:
    """How many lines of this package are run while a file is read."""
    counted = 0
    ours: dict[CodeType, bool] = {}

    def count(_frame: FrameType, event: str, _arg: object) -> object:
        nonlocal counted
        counted += event == "line"
        return count

    def begin(frame: FrameType, _event: str, _arg: object) -> object:
        code = frame.f_code
        if code not in ours:
            ours[code] = code.co_filename.startswith(PACKAGE)
        return count if ours[code] else None

    before = sys.gettrace()
    sys.settrace(begin)
    try:
        read_letters(data, "fil")
    except LetterError:
        pass
    finally:
        sys.settrace(before)
    return counted


@pytest.mark.parametrize("name", GROWING)
def test_twice_as_much_is_twice_the_work(name: str) -> None:
    make = GROWING[name]
    lines_run(make(1))  # tables are read, and modules imported
    small, large = lines_run(make(60)), lines_run(make(240))
    assert large <= 4.6 * small + 400
