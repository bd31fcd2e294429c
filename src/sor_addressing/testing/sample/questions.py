"""What to ask of the sample: one question for every status, outcome and finding that files can bring about."""

from __future__ import annotations

import attrs

from sor_addressing.testing import numbers
from sor_addressing.testing.extract import MadeUpExtract

__all__ = ["SampleQuestion", "questions_about"]


@attrs.frozen(slots=True)
class SampleQuestion:
    """A question that the sample answers tellingly.

    Attributes:
        about: name of the unit it is about, or what the identifier is.
        identifier: what to resolve, and to validate for.
        message_type: what to validate.
        shows: status, outcome and codes of findings that the verdict has, among others.
    """

    about: str
    identifier: str
    message_type: str
    shows: tuple[str, ...]


# By what a unit is asked for: its SOR code, or another of its numbers.
_QUESTIONS = (
    ("Lægehuset Entydig", "provider_number", "DIS91", "resolved supported"),
    ("Lægehuset Entydig", "location_number", "XDIS91", "converted conversion-needed conversion-by-sender"),
    ("Lægehuset Entydig", "sor_code", "DIS91 D9133L", "supported version-differs version-not-current"),
    ("Lægehuset Entydig", "sor_code", "XREF15", "unsupported message-type-unsupported"),
    ("Ambulatoriet Nedarvet", "sor_code", "XDIS91", "resolved supported location-inherited"),
    ("Hjertemedicinsk Sengeafsnit", "shak_code", "XREF01", "resolved supported location-inherited"),
    ("Røntgenafdelingen", "sor_code", "REF02", "converted conversion-needed"),
    ("Klinikken Kun XML", "provider_number", "DIS01 D0134L", "converted conversion-unproven"),
    ("Klinikken Kun FHIR", "provider_number", "XDIS91", "converted conversion-needed"),
    ("Klinikken Kun FHIR", "sor_code", "DIS91", "converted conversion-loses-content"),
    ("Klinikken Ukendt type", "sor_code", "HYGIEJNE1", "supported message-type-unknown"),
    ("Klinikken Uden registreringer", "sor_code", "DIS91", "resolved support_unknown no-registrations"),
    ("Sygehusadviser, Grævlingelund Kommune", "sor_code", "FDIS20", "resolved supported"),
    ("Grævlingelund Laboratorium", "sor_code", "RPT01", "supported version-unknown"),
    ("Lægerne Envejs", "provider_number", "DIS91", "supported reply-impossible"),
    ("Lægerne Gammel version", "provider_number", "DIS91 D9134L", "supported version-differs"),
    ("Lægerne Uden kvitteringer", "provider_number", "DIS91", "supported receipt-missing"),
    ("Lægerne Delt Ydernummer A", "provider_number", "DIS91", "resolved unit-shared moved-to-owner"),
    ("Lægerne To Adresser A", "provider_number", "DIS91", "ambiguous not_resolved recipient-ambiguous"),
    ("Afdelingen Delt SHAK A", "shak_code", "XDIS91", "ambiguous recipient-ambiguous"),
    ("Afdelingen Samme tal", "shak_code", "XDIS91", "ambiguous kind-ambiguous"),
    ("Sekretariatet Fælles nummer A", "location_number", "XDIS91", "resolved owner-shared"),
    ("Afdelingen Kun intern", "sor_code", "XDIS91", "not_addressable not_resolved location-internal-only"),
    ("Afdelingen Inaktivt nummer", "sor_code", "XDIS91", "not_addressable location-inactive"),
    ("Afdelingen Lukket nummer", "sor_code", "XDIS91", "not_addressable location-closed"),
    ("Afdelingen Kommende nummer", "sor_code", "XDIS91", "not_addressable location-not-yet-open"),
    ("Afdelingen Uden nummer", "sor_code", "XDIS91", "not_addressable location-missing"),
    ("Afsnittet Brudt arv", "sor_code", "XDIS91", "not_addressable inheritance-broken"),
    ("Afsnittet Åbent under lukket", "sor_code", "XDIS91", "resolved ancestor-not-in-force"),
    ("Afdelingen Lukker snart", "sor_code", "XDIS91", "resolved supported unit-closing"),
    ("Afdelingen Åbner til marts", "sor_code", "XDIS91", "not_addressable unit-not-yet-open"),
    ("Afdelingen Ulæselig dato", "sor_code", "XDIS91", "not_addressable period-unreadable"),
    ("Klinikken Lukket (afløst)", "sor_code", "XDIS91", "not_addressable unit-closed unit-replaced"),
    ("Klinikken Lukket (afløst i to led)", "sor_code", "XDIS91", "not_addressable unit-closed unit-replaced"),
    ("Klinikken Lukket (delt i to)", "sor_code", "XDIS91", "not_addressable unit-closed unit-replaced"),
    ("Klinikken Lukket (i ring A)", "sor_code", "XDIS91", "not_addressable unit-closed unit-replaced"),
    ("Klinikken Lukket (blindgyde)", "sor_code", "XDIS91", "not_addressable unit-closed unit-replaced"),
    ("Klinikken Lukket (uden afløser)", "sor_code", "XDIS91", "not_addressable unit-closed"),
)

_FREE_QUESTIONS = (
    (
        "et lokationsnummer uden enhed",
        numbers.location_number(9_000),
        "DIS91",
        "not_addressable not_resolved location-without-unit",
    ),
    ("et ukendt lokationsnummer", numbers.location_number(9_001), "DIS91", "unknown not_resolved recipient-unknown"),
    ("en SOR-kode med forkert kontrolciffer", "9000011000016000", "DIS91", "malformed check-digit-wrong"),
    ("noget, der ikke er et nummer", "Lægehuset på hjørnet", "DIS91", "malformed identifier-malformed"),
)


def questions_about(extract: MadeUpExtract) -> tuple[SampleQuestion, ...]:
    """The questions, with the identifiers that the sample has."""
    asked = []
    for name, kind, message_type, shows in _QUESTIONS:
        unit = extract.unit(name)
        if kind == "location_number":
            identifier = unit.location.number if unit.location is not None else ""
        else:
            identifier = getattr(unit, kind)
        asked.append(SampleQuestion(name, identifier, message_type, tuple(shows.split())))
    for about, identifier, message_type, shows in _FREE_QUESTIONS:
        asked.append(SampleQuestion(about, identifier, message_type, tuple(shows.split())))
    return tuple(asked)
