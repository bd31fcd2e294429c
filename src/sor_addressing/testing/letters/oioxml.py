"""Writes made-up letters as OIOXML (``Emessage``), also with what is odd in real ones."""

from __future__ import annotations

from html import escape

from sor_addressing.testing.letters.made_up import MadeUpLetter, MadeUpParty

NAMESPACE = "http://rep.oio.dk/sundcom.dk/medcom.dk/xml/schemas/2006/07/01/"
"""The generation of XDIS91 XD9134L."""

_ELEMENTS = {
    "XBIN01": "BinaryLetter",
    "XCTL01": "NegativeVansReceipt",
    "XCTL02": "NegativeReceipt",
    "XCTL03": "PositiveReceipt",
    "XDIS01": "DischargeLetter",
    "XDIS16": "ReportOfAdmission",
    "XDIS20": "NotificationOfAdmission",
    "XDIS91": "ClinicalEmail",
    "XREF01": "HospitalReferral",
    "XRPT01": "LaboratoryReport",
    "GGOP": "RehabilitationPlan",
}
_RECEIPTS = frozenset(["XCTL01", "XCTL02", "XCTL03"])
_REASON = "ukendt_lokationsnummer"


def oioxml_of(
    *letters: MadeUpLetter,
    namespace: str | None = NAMESPACE,
    inner_namespace: str | None = None,
    encoding: str = "UTF-8",
    declared: str | None = None,
    byte_order_mark: bool = False,
    in_front: str = "",
    statistical_code: str | None = None,
    inside_sender: str = "",
    before_patient: str = "",
    patient: str | None = None,
) -> bytes:
    """One file with ``letters``, in the envelope of the first; the patient's part is obviously made up.

    A party's first identifier in the order SOR code, provider number, SHAK code and municipality code becomes its ``Identifier``, for
    there is room for one. Copy receivers have no ``EANIdentifier``, so a location number of theirs is written there too.

    >>> from sor_addressing.testing.letters.made_up import MadeUpLetter
    >>> oioxml_of(MadeUpLetter()).startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    True

    Args:
        letters: at least one.
        namespace: that of the root; None for none.
        inner_namespace: that of the fields in parties, where it is another one, as in GGOP.
        encoding: what the file is written in, any of Python's.
        declared: what it says that it is written in, where that is something else; empty for no declaration.
        byte_order_mark: whether a byte order mark of UTF-8 stands in front.
        in_front: what else stands in front, such as white space or a DOCTYPE behind the declaration.
        statistical_code: where it is not the type code.
        inside_sender: XML that goes into each sender, behind its identifiers.
        before_patient: XML that goes in front of each patient.
        patient: XML that stands in place of the patient.
    """
    first = letters[0]
    named = f' xmlns="{namespace}"' if namespace else ""
    prefix = "inner:" if inner_namespace else ""
    if inner_namespace:
        named += f' xmlns:inner="{inner_namespace}"'
    wanted = "pluspositivkvitt" if first.receipt_wanted and first.code not in _RECEIPTS else "minuspositivkvitt"
    parts = [
        f"<Emessage{named}><Envelope><Sent><Date>{first.sent:%Y-%m-%d}</Date><Time>{first.sent:%H:%M}</Time></Sent>",
        f"<Identifier>{escape(first.envelope_id)}</Identifier><AcknowledgementCode>{wanted}</AcknowledgementCode></Envelope>",
    ]
    for letter in letters:
        inside = inside_sender
        if letter.reply_to is not None and letter.reply_to.location_number:
            inside += f"<AnswerTo><EANIdentifier>{escape(letter.reply_to.location_number)}</EANIdentifier></AnswerTo>"
        parts += [
            f"<{_element(letter)}>",
            _letter(letter, statistical_code),
            _party("Sender", letter.sender, prefix, inside),
            _party("Receiver", letter.receiver, prefix),
            *(_party("CCReceiver", party, prefix) for party in letter.copy_receivers),
            before_patient,
            _original(letter) if letter.answers else patient if patient is not None else _patient(letter),
            f"</{_element(letter)}>",
        ]
    stated = encoding if declared is None else declared
    declaration = f'<?xml version="1.0" encoding="{stated}"?>' if stated else ""
    text = in_front + declaration + "\n" + "".join(parts) + "</Emessage>\n"
    if not in_front.isspace() and in_front:
        text = declaration + in_front + "".join(parts) + "</Emessage>\n"
    return (b"\xef\xbb\xbf" if byte_order_mark else b"") + text.encode(encoding, "xmlcharrefreplace")


def _element(letter: MadeUpLetter) -> str:
    return _ELEMENTS.get(letter.code, "ClinicalEmail")


def _letter(letter: MadeUpLetter, statistical_code: str | None) -> str:
    fields = [
        _field("Identifier", letter.letter_id),
        _field("VersionCode", letter.version),
        _field("StatisticalCode", statistical_code or letter.code),
    ]
    if letter.code not in _RECEIPTS:
        day, time = f"{letter.sent:%Y-%m-%d}", f"{letter.sent:%H:%M}"
        fields += [
            f"<Authorisation><Date>{day}</Date><Time>{time}</Time></Authorisation>",
            _field("TypeCode", letter.code),
            _field("StatusCode", "nytbrev"),
        ]
    return f"<Letter>{''.join(fields)}</Letter>"


def _party(name: str, party: MadeUpParty, prefix: str, inside: str = "") -> str:
    slots = [
        (party.sor_code, "sorkode"),
        (party.provider_number, "ydernummer"),
        (party.shak_code, "sygehusafdelingsnummer"),
        (party.municipality_code, "kommunenummer"),
    ]
    number = party.location_number
    if name == "CCReceiver":
        slots.append((number, "lokationsnummer"))
        number = None
    fields = [_field("EANIdentifier", number, prefix)]
    identifier = next((slot for slot in slots if slot[0]), None)
    if identifier:
        fields += [_field("Identifier", identifier[0], prefix), _field("IdentifierCode", identifier[1])]
    fields.append(_field("OrganisationName", "Opdigtet Lægehus", prefix))
    return f"<{name}>{''.join(fields)}{inside}</{name}>"


def _original(letter: MadeUpLetter) -> str:
    """What a receipt says of the letter that it answers."""
    answered = letter.answers
    if answered is None:
        return ""
    fields = [
        _field("OriginalEnvelopeIdentifier", answered.envelope_id),
        f"<OriginalSender>{_field('EANIdentifier', answered.sender.location_number)}</OriginalSender>",
        f"<OriginalReceiver>{_field('EANIdentifier', answered.receiver.location_number)}</OriginalReceiver>",
        "" if letter.answer_positive else _field("RefuseCode", _REASON),
        f"<OriginalLetter>{_field('OriginalLetterIdentifier', answered.letter_id)}",
        f"{_field('OriginalVersionCode', answered.version)}</OriginalLetter>",
    ]
    return f"<OriginalEmessage>{''.join(fields)}</OriginalEmessage>"


def _patient(letter: MadeUpLetter) -> str:
    content = escape(letter.content)
    name = "<PersonGivenName>Opdigtet</PersonGivenName>"
    return f"<Patient>{name}<EANIdentifier>{content}</EANIdentifier></Patient><ClinicalInformation>{content}</ClinicalInformation>"


def _field(name: str, value: str | None, prefix: str = "") -> str:
    return f"<{prefix}{name}>{escape(value)}</{prefix}{name}>" if value is not None else ""
