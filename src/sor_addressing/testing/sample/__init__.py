"""The sample that ships with the package: some sixty made-up units, one recipient for every kind of answer.

Its day is 2026-01-15. The names say what they show:

| recipient | shows |
|---|---|
| Lægehuset Entydig | one recipient, EDI with receipts: supported; XML to it has to be converted by the sender |
| Hjerteafdelingen › Hjertemedicinsk Sengeafsnit › Ambulatoriet Nedarvet | a number inherited down to the fifth level |
| Sygehusadviser, Grævlingelund Kommune | FHIR: hospital notifications (FDIS20) and correspondence (FDIS91) |
| Lægerne Delt Ydernummer A and B | one provider number, one location number: the address is certain, the unit is not |
| Lægerne To Adresser A and B; Afdelingen Delt SHAK A and B | one number, two addresses: ambiguous |
| Afdelingen Samme tal, Lægerne Samme tal | the same digits as SHAK code and provider number: the kind is ambiguous |
| Sekretariatet Fælles nummer A and B | one location number with two owners |
| Afdelingen Kun intern, … Inaktivt nummer, … Lukket nummer, … Kommende nummer | numbers that can't be used |
| Afdelingen Uden nummer, Afsnittet Brudt arv | no location number; nothing there to inherit |
| Afsnittet Åbent under lukket | inherits from a closed department, and still works |
| Afdelingen Lukker snart, … Åbner til marts, … Ulæselig dato | closing in January, opening in March, no readable date |
| Klinikken Lukket (…) | closed: replaced, replaced in two steps, split, in a loop, with a dead end, not replaced |
| Klinikken Kun XML, Klinikken Kun FHIR, Røntgenafdelingen | one format only: conversions |
| Lægerne Envejs, … Gammel version, … Uden kvitteringer | receives but never sends; an old version; no receipts |
| Klinikken Ukendt type, … Uden registreringer; Grævlingelund Laboratorium | an unknown type; none; a bare RPT01 |
| Lægerne Ophørt ydernummer | its provider number has ceased (in the records only: the files can't say so) |
| location number 5790999090001 | has registrations, and no unit |

:func:`sample_questions` asks for each of them. The shipped files are written anew by
``python -m sor_addressing.testing.sample``; a test holds them to what :func:`sample_extract` writes.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from sor_addressing.testing.builder import RegisterBuilder
from sor_addressing.testing.sample.ground import SAMPLE_DAY
from sor_addressing.testing.sample.hospital import add_hospital
from sor_addressing.testing.sample.primary_care import add_primary_care
from sor_addressing.testing.sample.questions import SampleQuestion, questions_about

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from sor_addressing.testing.extract import MadeUpExtract

__all__ = ["SampleQuestion", "sample_extract", "sample_files", "sample_questions"]


def sample_extract() -> MadeUpExtract:
    """The records of the shipped sample. ``examples`` of the extract tells what shows what.

    >>> sample_extract().unit("Ambulatoriet Nedarvet").location_source
    <LocationSource.INHERITED: 'inherited'>
    """
    sample = RegisterBuilder(SAMPLE_DAY, first_number=1)
    add_hospital(sample)
    add_primary_care(sample)
    extract = sample.extract()
    examples: dict[str, list[str]] = {}
    for question in questions_about(extract):
        for shown in question.shows:
            examples.setdefault(shown, []).append(question.identifier)
    extract.examples = {shown: tuple(dict.fromkeys(identifiers)) for shown, identifiers in examples.items()}
    return extract


def sample_questions() -> tuple[SampleQuestion, ...]:
    """What to ask of the sample, and what the verdict then shows: every status and outcome, and most findings.

    >>> question = sample_questions()[0]
    >>> question.about, question.identifier, question.message_type, question.shows
    ('Lægehuset Entydig', '990001', 'DIS91', ('resolved', 'supported'))
    """
    return questions_about(sample_extract())


def sample_files() -> tuple[Traversable, Traversable]:
    """The shipped ``Sor.xml`` and ``Edityper.csv``, as package resources.

    >>> [file.name for file in sample_files()]
    ['Sor.xml', 'Edityper.csv']
    """
    folder = files("sor_addressing") / "sample"
    return folder / "Sor.xml", folder / "Edityper.csv"
