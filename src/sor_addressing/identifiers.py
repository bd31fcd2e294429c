"""The identifiers of Danish health organisations, and how each is written and checked.

Five kinds, one class each, all with the same three functions: ``compact`` (to canonical form),
``validate`` (canonical form or :class:`MalformedIdentifier`) and ``is_valid``. Canonical form is plain
text without spaces or dashes, ASCII digits, upper-case letters, leading zeros kept.

The rule of this library is *read leniently, ask strictly*: readers only ``compact``; questions are
checked, but only after the register was asked, for a number that the register holds is never refused.

>>> SorCode.compact("900001 1000016 006")
'9000011000016006'
>>> LocationNumber.validate("579-0999-0000-17")
'5790999000017'
>>> ProviderNumber.compact("9906")
'009906'
>>> detect("5790999000017")
(<IdentifierKind.LOCATION_NUMBER: 'location_number'>,)
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from typing import ClassVar, NamedTuple

from sor_addressing.errors import MalformedIdentifier

__all__ = [
    "CvrNumber",
    "IdentifierKind",
    "LocationNumber",
    "ParsedIdentifier",
    "ProviderNumber",
    "ShakCode",
    "SorCode",
    "compact",
    "detect",
    "identifier_class",
    "kind_of_system",
    "parse",
    "without_system",
]


class IdentifierKind(StrEnum):
    """What kind of number an identifier is; the values are the parameter names of ``resolve``."""

    SOR_CODE = "sor_code"
    LOCATION_NUMBER = "location_number"
    PROVIDER_NUMBER = "provider_number"
    SHAK_CODE = "shak_code"
    CVR_NUMBER = "cvr_number"


def compact(text: str) -> str:
    """Text without white space, dashes and invisible characters, digits in ASCII, letters upper case.

    >>> compact(" 5790\\u2011999\\u00a0000017 ")
    '5790999000017'
    >>> compact("\\uff15\\uff17\\uff19\\uff10")
    '5790'
    """
    if text.isascii() and text.isdigit():
        return text
    import unicodedata

    kept = []
    for char in text:
        category = unicodedata.category(char)
        if category == "Nd":
            kept.append(str(unicodedata.decimal(char)))
        elif category in _DROPPED_CATEGORIES or char == _MINUS_SIGN:
            continue
        else:
            kept.append(char)
    return "".join(kept).upper()


# Separators, control and format characters (among them no-break and zero-width spaces and the soft
# hyphen), and all dashes.
_DROPPED_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Pd"})
_MINUS_SIGN = "\N{MINUS SIGN}"


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _is_letters_or_digits(text: str) -> bool:
    # str.isalnum lets fractions, superscripts and the like through, which are neither.
    return text.isalnum() and (text.isascii() or all(char.isalpha() or char.isdecimal() for char in text))


class _Identifier:
    """What all five kinds share; the kinds say what their shape and check digit are."""

    kind: ClassVar[IdentifierKind]
    shape_text: ClassVar[str]

    @classmethod
    def compact(cls, text: str) -> str:
        """Canonical form of ``text``; nothing is checked."""
        return compact(text)

    @classmethod
    def fits(cls, text: str) -> bool:
        """Whether canonical ``text`` has the shape of this kind, whatever its check digit."""
        raise NotImplementedError  # pragma: no cover

    @classmethod
    def expected_check_digit(cls, text: str) -> str | None:
        """The digit that canonical ``text`` of the right shape should end in; None where there is none."""
        return None

    @classmethod
    def validate(cls, text: str) -> str:
        """Canonical form of ``text``.

        Raises:
            MalformedIdentifier: the shape is wrong, or the check digit; the text says which digit it should be.
        """
        value = cls.compact(text)
        if not cls.fits(value):
            raise MalformedIdentifier(f"{text!r} is not a {cls._name()}: expected {cls.shape_text}")
        expected = cls.expected_check_digit(value)
        if expected is not None and value[-1] != expected:
            right = f"should be {expected}" if expected.isdigit() else "no digit is right after those before it"
            raise MalformedIdentifier(
                f"{text!r} is not a {cls._name()}: its check digit is {value[-1]} and {right}; "
                "a digit was mistyped, or a spreadsheet rounded the number"
            )
        return value

    @classmethod
    def _name(cls) -> str:
        from sor_addressing.texts import entries

        return entries("names")[cls.kind]["en"]

    @classmethod
    def is_canonical(cls, text: str) -> bool:
        """Whether ``text`` is in canonical form already and right: the fast question that readers ask of every unit."""
        return text == cls.compact(text) and cls.fits(text) and cls.expected_check_digit(text) in (None, text[-1])

    @classmethod
    def is_valid(cls, text: str) -> bool:
        """Whether :meth:`validate` would accept ``text``."""
        try:
            cls.validate(text)
        except MalformedIdentifier:
            return False
        return True


def _multiplication_in_dihedral_group(a: int, b: int) -> int:
    if a < 5:
        return (a + b) % 5 if b < 5 else 5 + (a + b) % 5
    return 5 + (a - b) % 5 if b < 5 else (a - b) % 5


def _permutations() -> list[list[int]]:
    first = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
    rows = [list(range(10)), first]
    while len(rows) < 8:
        rows.append([first[digit] for digit in rows[-1]])
    return rows


_VERHOEFF_D = [[_multiplication_in_dihedral_group(a, b) for b in range(10)] for a in range(10)]
_VERHOEFF_P = _permutations()
_VERHOEFF_INVERSE = [row.index(0) for row in _VERHOEFF_D]


def verhoeff(digits: str, *, before: int = 0) -> int:
    """The Verhoeff sum of ``digits``, with ``before`` more behind them; a number that ends in its check digit has the sum 0."""
    state = 0
    for position, char in enumerate(reversed(digits), start=before):
        state = _VERHOEFF_D[state][_VERHOEFF_P[position % 8][ord(char) - 48]]
    return state


def verhoeff_rest(state: int) -> int:
    """The sum of what must stand in front of digits with the sum ``state``, so that all together have the sum 0."""
    return _VERHOEFF_INVERSE[state]


class SorCode(_Identifier):
    """SOR code (*SOR-kode*), issued by Sundhedsdatastyrelsen: a unit's only unique identifier.

    A running number, the issuer's ``1000016``, ``00`` and a Verhoeff check digit over all before it;
    11 to 18 digits in all. A code is an SNOMED CT-shaped identifier of the Danish namespace 1000016.

    >>> SorCode.validate("9000011000016006")
    '9000011000016006'
    >>> SorCode.check_digit("900001100001600")
    '6'
    """

    kind = IdentifierKind.SOR_CODE
    shape_text = "11 to 18 digits that end in 1000016, 00 and a check digit"
    infix: ClassVar[str] = "100001600"

    @classmethod
    def fits(cls, text: str) -> bool:
        return text[-10:-1] == cls.infix and 11 <= len(text) <= 18 and _is_digits(text)

    @staticmethod
    def check_digit(body: str) -> str:
        """Verhoeff digit that belongs after the digits in ``body``."""
        return str(_VERHOEFF_INVERSE[verhoeff(body, before=1)])

    @classmethod
    def expected_check_digit(cls, text: str) -> str | None:
        return cls.check_digit(text[:-1])

    @classmethod
    def is_canonical(cls, text: str) -> bool:
        state = _STATE_AFTER_INFIX.get(text[-10:])
        if state is None or not 11 <= len(text) <= 18 or not _is_digits(text):
            return False
        for step, character in zip(_STEPS_BEFORE_INFIX, text[-11::-1].encode("ascii"), strict=False):
            state = step[state][character - 48]
        return state == 0


# The last ten digits of every SOR code are one of ten, so their share of the Verhoeff sum is known beforehand.
_STATE_AFTER_INFIX = {end: verhoeff(end) for end in (SorCode.infix + digit for digit in "0123456789")}
_STEPS_BEFORE_INFIX = [
    [[_VERHOEFF_D[state][_VERHOEFF_P[position % 8][digit]] for digit in range(10)] for state in range(10)]
    for position in range(10, 18)
]


class LocationNumber(_Identifier):
    """Location number (*lokationsnummer*, GLN, EAN), issued within GS1: a unit's electronic address.

    13 digits, the last a GS1 modulo 10 check digit; Danish ones start with 5790. It is **not unique**:
    units below its owner may inherit it.

    >>> LocationNumber.validate("5790999000024")
    '5790999000024'
    >>> LocationNumber.check_digit("579099900002")
    '4'
    """

    kind = IdentifierKind.LOCATION_NUMBER
    shape_text = "13 digits"

    @classmethod
    def fits(cls, text: str) -> bool:
        return len(text) == 13 and _is_digits(text)

    @staticmethod
    def check_digit(body: str) -> str:
        """GS1 digit that belongs after the digits in ``body``."""
        total = sum((3 if i % 2 == 0 else 1) * (ord(char) - 48) for i, char in enumerate(reversed(body)))
        return str(-total % 10)

    @classmethod
    def expected_check_digit(cls, text: str) -> str | None:
        return cls.check_digit(text[:-1])

    @classmethod
    def is_canonical(cls, text: str) -> bool:
        if len(text) != 13 or not _is_digits(text):
            return False
        characters = text.encode("ascii")  # 48, the code of "0", falls out: it is added 25 times, and 25 * 48 ends in 0
        return (sum(characters[::2]) + 3 * sum(characters[1::2])) % 10 == 0


PROVIDER_DIGITS = 6
"""With fewer digits, and nothing but digits, zeros were lost in front of a provider number."""


class ProviderNumber(_Identifier):
    """Provider number (*ydernummer*): who is paid by the public health insurance. Issued by the regions.

    Six digits with leading zeros; the register's schema allows 1 to 9 letters or digits. There is no
    check digit, several units can share one, and numbers are used again. Digits only and shorter than
    six means that zeros were lost in front.

    >>> ProviderNumber.compact("9 906")
    '009906'
    """

    kind = IdentifierKind.PROVIDER_NUMBER
    shape_text = "1 to 9 letters or digits, normally 6 digits"

    @classmethod
    def compact(cls, text: str) -> str:
        value = compact(text)
        return value.zfill(PROVIDER_DIGITS) if value and len(value) < PROVIDER_DIGITS and _is_digits(value) else value

    @classmethod
    def fits(cls, text: str) -> bool:
        return 1 <= len(text) <= 9 and _is_letters_or_digits(text)


class ShakCode(_Identifier):
    """SHAK code (*SHAK-kode, SghAfd-kode*): the old hospital department code, being phased out.

    4 characters name a hospital, 6 a department, 7 a ward; letters occur. No check digit, not unique.

    >>> ShakCode.is_valid("9999 010")
    True
    """

    kind = IdentifierKind.SHAK_CODE
    shape_text = "4 to 7 letters or digits"

    @classmethod
    def fits(cls, text: str) -> bool:
        return 4 <= len(text) <= 7 and _is_letters_or_digits(text)


class CvrNumber(_Identifier):
    """CVR number (*CVR-nummer*), issued by Erhvervsstyrelsen: a legal entity.

    8 digits; weights 2, 7, 6, 5, 4, 3, 2, 1 and a sum divisible by 11. One number can stand on hundreds
    of units, so it is looked up and never resolved to a recipient.

    >>> CvrNumber.check_digit("9900000")
    '7'
    """

    kind = IdentifierKind.CVR_NUMBER
    shape_text = "8 digits"

    @classmethod
    def fits(cls, text: str) -> bool:
        return len(text) == 8 and _is_digits(text)

    @staticmethod
    def check_digit(body: str) -> str:
        """Modulo 11 digit that belongs after the seven digits in ``body``; ``X`` where no digit fits."""
        total = sum(weight * (ord(char) - 48) for weight, char in zip((2, 7, 6, 5, 4, 3, 2), body, strict=True))
        digit = -total % 11
        return "X" if digit == 10 else str(digit)

    @classmethod
    def expected_check_digit(cls, text: str) -> str | None:
        return cls.check_digit(text[:-1])


_CLASSES: dict[IdentifierKind, type[_Identifier]] = {
    cls.kind: cls for cls in (SorCode, LocationNumber, ProviderNumber, ShakCode, CvrNumber)
}


def identifier_class(kind: IdentifierKind) -> type[_Identifier]:
    """The class that knows the shape and check digit of ``kind``."""
    return _CLASSES[kind]


class ParsedIdentifier(NamedTuple):
    """An identifier as someone wrote it, taken apart: canonical value, and the kind its system names."""

    value: str
    kind: IdentifierKind | None
    system: str | None


_REGISTER_LINK = "sor2.sum.dsdn.dk/#id"

# Systems as MedCom's FHIR profiles, dk-core, the EHMI envelope and the eHealth infrastructure write them, without what makes no difference:
# upper or lower case, http or https, a leading "www.", "urn:oid:", a final slash. SKS has hospital departments too, which are SHAK codes.
_OIDS: dict[str, IdentifierKind] = {
    "1.2.208.176.1.1": IdentifierKind.SOR_CODE,
    "1.3.88": IdentifierKind.LOCATION_NUMBER,
    "2.16.17.710.802.1000.990.1.60.2": IdentifierKind.LOCATION_NUMBER,
    "1.2.208.176.1.4": IdentifierKind.PROVIDER_NUMBER,
    "1.2.208.176.2.4": IdentifierKind.SHAK_CODE,
    "2.16.17.710.802.1000.990.1.60.1": IdentifierKind.SHAK_CODE,
    "1.3.184": IdentifierKind.CVR_NUMBER,
    "1.3.198": IdentifierKind.CVR_NUMBER,
    "2.16.840.1.113883.2.24.1.1": IdentifierKind.CVR_NUMBER,
    "2.16.17.710.802.1000.990.1.60.3": IdentifierKind.CVR_NUMBER,
}
_SYSTEMS: dict[str, IdentifierKind] = {
    **_OIDS,
    **{f"urn:oid:{oid}": kind for oid, kind in _OIDS.items()},
    _REGISTER_LINK: IdentifierKind.SOR_CODE,  # any page of SOR's browser: …/Units/Index#id=
    "esundhed.dk/namingsystem/sor": IdentifierKind.SOR_CODE,
    "ehealth.sundhed.dk/fhir/namingsystem/sor": IdentifierKind.SOR_CODE,
    "sundhedsdatastyrelsen.dk/sor": IdentifierKind.SOR_CODE,
    "sundhedsdatastyrelsen.dk/sor/soridentifier": IdentifierKind.SOR_CODE,
    "sundhedsdatastyrelsen.dk/da/registre-og-services/om-sor": IdentifierKind.SOR_CODE,
    "gs1.org/gln": IdentifierKind.LOCATION_NUMBER,
    "terminology.hl7.org/namingsystem/gln": IdentifierKind.LOCATION_NUMBER,
    "0088": IdentifierKind.LOCATION_NUMBER,
    "ehealth.sundhed.dk/fhir/namingsystem/ydernummer": IdentifierKind.PROVIDER_NUMBER,
    "cvr.dk": IdentifierKind.CVR_NUMBER,
}


_BEFORE_ADDRESS = r"\s*(?:https?://)?(?:www\.)?"
_ACTORS = (
    r"(?:iso6523-actorid-upis\s*(?:[|#/]|::?)\s*)?"  # the scheme of 0088 in envelopes and addresses of access points
)


@cache
def _system_patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """A known system in front, a page of SOR's browser, and a certificate's CVR number; compiled when first needed."""
    known = "|".join(re.escape(name) for name in sorted(_SYSTEMS, key=len, reverse=True))
    return (
        re.compile(rf"{_BEFORE_ADDRESS}{_ACTORS}({known})/?\s*[|#:/=]\s*(\S.*)", re.IGNORECASE | re.DOTALL),
        # Whatever page it is: …/Units/Index#id=9…, with what else the address tells after & or before it.
        re.compile(
            rf"{_BEFORE_ADDRESS}sor2\.sum\.dsdn\.dk(?::\d+)?/[^#?]*[#?](?:[^=&#]*=[^&#]*[&#])*id\s*=\s*([^&#]+)(?:[&#].*)?",
            re.IGNORECASE | re.DOTALL,
        ),
        re.compile(r"\s*NTRDK\s*[-:]\s*(\S.*)", re.IGNORECASE | re.DOTALL),
    )


def kind_of_system(system: str) -> IdentifierKind | None:
    """The kind of number that an identifier system stands for, in any of its spellings; None where it isn't known.

    >>> kind_of_system("HTTPS://www.gs1.org/gln/"), kind_of_system("urn:oid:1.2.208.176.1.2")
    (<IdentifierKind.LOCATION_NUMBER: 'location_number'>, None)
    """
    bare = _system_before().fullmatch(_without_format_characters(system).strip().rstrip("/").lower())
    if bare is None:
        return None
    return IdentifierKind.LOCATION_NUMBER if bare[1] == "iso6523-actorid-upis" else _SYSTEMS.get(bare[1])


@cache
def _system_before() -> re.Pattern[str]:
    return re.compile(rf"{_BEFORE_ADDRESS}(\S+)", re.IGNORECASE)


def without_system(value: str) -> str:
    """A value that is given beside its system, in canonical form: the system may stand in front of it once more.

    >>> without_system("0088:5790999000017")
    '5790999000017'
    """
    return parse(value).value


def _without_format_characters(text: str) -> str:
    if text.isascii():
        return text
    import unicodedata

    return "".join(char for char in text if unicodedata.category(char) != "Cf")


def parse(text: str) -> ParsedIdentifier:
    """Take an identifier apart that may have its system in front (URN, OID or URL, then ``|``, ``#``, ``:`` or ``/``).

    An unknown system before a ``|`` is returned as ``system`` with no kind: the caller must refuse it.

    >>> parse("urn:oid:1.2.208.176.1.1|9000011000016006").kind
    <IdentifierKind.SOR_CODE: 'sor_code'>
    >>> parse("https://www.gs1.org/gln/5790999000017").value
    '5790999000017'
    >>> parse("990001")
    ParsedIdentifier(value='990001', kind=None, system=None)
    """
    if text.isascii() and text.isdigit():
        return ParsedIdentifier(text, None, None)
    visible = _without_format_characters(text)
    known, browser, certificate = _system_patterns()
    match = browser.fullmatch(visible)
    if match:
        return ParsedIdentifier(compact(match[1]), IdentifierKind.SOR_CODE, _REGISTER_LINK)
    match = known.fullmatch(visible)
    if match:
        system = match[1].lower()
        kind, again = _SYSTEMS[system], certificate.fullmatch(match[2]) or known.fullmatch(match[2])
        value = match[2] if again is None else again[again.re.groups]
        return ParsedIdentifier(compact(value), kind, system)
    match = certificate.fullmatch(visible)
    if match:
        return ParsedIdentifier(compact(match[1]), IdentifierKind.CVR_NUMBER, "ntrdk")
    # By hand: a pattern tries every blank of many as the one where the system ends.
    system, bar, value = visible.rpartition("|")
    if bar and system.strip():
        return ParsedIdentifier(compact(value), None, system.strip())
    return ParsedIdentifier(compact(text), None, None)


def detect(text: str) -> tuple[IdentifierKind, ...]:
    """The kinds whose shape fits, most particular first; a system in front decides. Check digits are not looked at.

    >>> detect("9999010")
    (<IdentifierKind.PROVIDER_NUMBER: 'provider_number'>, <IdentifierKind.SHAK_CODE: 'shak_code'>)
    """
    parsed = parse(text)
    if parsed.kind is not None:
        return (parsed.kind,)
    if parsed.system is not None:
        return ()
    return tuple(kind for kind, cls in _CLASSES.items() if cls.fits(parsed.value))
