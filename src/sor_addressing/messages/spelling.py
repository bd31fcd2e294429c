"""How people and systems write a message type: a code, a version, both in any order, or more around them.

How a type is spelt in the published message-type file is not known, so every spelling seen elsewhere is read:
``DIS91``, ``D9134L``, ``dis91 (d9134l)``, ``D9134L/DIS91``, ``MEDDIS91``, the EDIFACT text ``MEDDIS:D:93A:UN:D9134L``,
the envelope's ``MCM:FDIS91#…``, MedCom's URNs, the event codes, definitions and names of FHIR messages. What a code and a
version mean together is the catalogue's business; here they are only found. What is in no catalogue is taken apart too,
so that it is the same type in every spelling.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

# EDIFACT message types that don't spell out the first letters of the code, as MEDDIS does (UNH, S009).
_FAMILY_WORDS = {"PRODAT": "DAO", "CONTRL": "CTL"}
_AGENCIES = frozenset({"UN", "ZZ"})
_EVENT = "EVENT:"
_ENVELOPE = "MCM:"
_URN = "URN:DK:"
_AROUND_NAMES = ("messaging", "medcom", "structuredefinition", "messagedefinition", "definition", "message")
_BETWEEN_WORDS = str.maketrans(dict.fromkeys("()[]{}:;,/|+–", " "))
_DIGITS = frozenset("0123456789")
_LONGEST = 200


class Spelling(NamedTuple):
    """What was found in a text: the text itself in its kept form, and code and version (empty where there is none).

    A version without its code has the plain code's, the shortest that bears the version.
    """

    text: str
    code: str
    version: str


def is_numeric(version: str) -> bool:
    """Whether a version is numbers and dots: as FHIR types have it, and saying nothing of the type.

    >>> is_numeric("5.0"), is_numeric("D9134L")
    (True, False)
    """
    return version.isascii() and version.replace(".", "").isdigit() and version[0] != "."


class Spellings:
    """Reads spellings, knowing codes and versions of a catalogue.

    Args:
        rows: code and version of each line of the catalogue.
        numbered: the codes whose versions are numbers, as FHIR has them.
        names: gives name, code and version of the names that types have; asked when one is first looked for.
    """

    __slots__ = ("_codes", "_family_words", "_names", "_names_of", "_numbered", "_rows", "_squeezed", "_versions")

    def __init__(
        self,
        rows: Iterable[tuple[str, str]],
        *,
        numbered: Iterable[str],
        names: Callable[[], Iterable[list[str]]] = tuple,
    ) -> None:
        self._rows = tuple(rows)
        self._numbered = frozenset(numbered)
        self._codes = {code for code, _ in self._rows}
        self._versions: dict[str, str] = {}
        self._names_of = names
        self._names: Mapping[str, tuple[str, str]] | None = None
        for code, version in self._rows:
            if code not in self._numbered and len(code) < len(self._versions.get(version, code + " ")):
                self._versions[version] = code
        lettered = self._codes - self._numbered
        self._family_words = {"MED" + _stem(code): _stem(code) for code in lettered} | _FAMILY_WORDS
        self._squeezed: Mapping[str, tuple[str, str]] | None = None

    def read(self, text: str) -> Spelling:
        """Code and version in ``text``; both empty where it can't be read as one message type, the text where it says nothing."""
        cleaned = " ".join("".join(char for char in text if char.isprintable() or char.isspace()).split()).upper()
        kept = self._without_envelope(cleaned)
        if len(kept) > _LONGEST:
            return Spelling(kept, "", "")
        if kept.startswith("URN:"):
            found = self._code_and_version(" ".join(kept.split(":")[-2:])) or self._by_name(kept)
        else:
            found = self._code_and_version(kept) or self._by_squeezing(kept) or self._by_name(kept)
        return Spelling(kept, *found) if found else Spelling(kept, "", "")

    def apart(self, text: str) -> tuple[str, str]:
        """Code and version of a type that is in no catalogue, from its kept form; the whole text where it is not these two alone."""
        if text.startswith(_URN):
            parts = [part for part in text.rpartition("#")[2].split(":") if part]
            words = parts[-2:] if len(parts) > 2 else []
        elif "#" in text:
            words = []
        else:
            words = text.translate(_BETWEEN_WORDS).split()
            if len(words) == 1:
                words = _parted_at_one_dash(words[0])
        if any(not word.isascii() or self._means_something(word) for word in words) or not 0 < len(words) < 3:
            return text, ""
        if len(words) == 1:
            return (words[0], "") if words[0] == text.strip("()[]{} ") else (text, "")
        first, second = words
        for code, version in ((first, second), (second, first)):
            if _looks_like_code(code) and not _looks_like_code(version) and _has_digit(version):
                return code, version
        if _looks_like_code(first) or _looks_like_code(second):
            return text, ""
        if _has_digit(second) and any(map(str.isalpha, first)):
            return first, second
        return (second, first) if is_numeric(first) and any(map(str.isalpha, second)) else (text, "")

    def _means_something(self, word: str) -> bool:
        """Whether a word is one of the catalogue's: then a text with it contradicts itself, and is left whole."""
        return bool(self._as_code(word)) or word in self._versions or word in self._family_words or word == "MED"

    def _without_envelope(self, text: str) -> str:
        """What stands between ``MCM:`` and ``#``; after that is a statistical variant, and perhaps a version."""
        bare = text
        while bare.startswith(_ENVELOPE):
            bare = bare[len(_ENVELOPE) :].lstrip()
        head, mark, variant = bare.partition("#")
        head = head.rstrip()
        if mark and (bare is not text or head in self._codes):
            last = variant.split()[1:][-1:]
            bare = f"{head} {last[0]}" if head and last and self._is_known_or_numeric(last[0]) else head
        return bare or text

    def _is_known_or_numeric(self, version: str) -> bool:
        return version in self._versions or is_numeric(version)

    def _by_name(self, text: str) -> tuple[str, str] | None:
        """Code and version behind a name: an event, a definition or profile with its address, MedCom's word on a list, a document id."""
        names = self._known_names()
        if text.startswith("URN:"):
            *_, before, last = ["", "", *(part for part in text.rpartition("#")[2].split(":") if part)]
            if before and (is_numeric(last) or last in self._versions):
                return self._named(before, last, names)
            return self._named(before if _bare(before) in names else last, "", names)
        before_bar, bar, after = text.removeprefix(_EVENT).rpartition("|")
        name = after.strip()
        if bar and is_numeric(name):
            return self._named(before_bar.rpartition("/")[2], name, names)
        name = name.rpartition("/")[2]
        if name in self._codes:
            return name, ""
        whole = _bare(name, kept=".")
        if whole in names:
            return names[whole]
        words = name.translate(_BETWEEN_WORDS).split()
        if len(words) > 1 and words[-1] in self._versions:
            return self._named("".join(words[:-1]), words[-1], names)
        name = name.rstrip(")] ")
        start = name.rstrip("0123456789.")
        return self._named(start, name[len(start) :].strip("."), names)

    def _named(self, name: str, version: str, names: Mapping[str, tuple[str, str]]) -> tuple[str, str] | None:
        code, own_version = names.get(_bare(name)) or ("", "")
        return (code, version or own_version) if code else None

    def _known_names(self) -> Mapping[str, tuple[str, str]]:
        if self._names is None:
            rows = self._names_of()
            self._names = {
                _bare(name, kept="."): (code, version) for name, code, version in rows if code in self._codes
            }
        return self._names

    def _code_and_version(self, text: str) -> tuple[str, str] | None:
        code = version = ""
        stems = set()
        for word in dict.fromkeys(self._words(text)):
            if word in self._family_words:
                stems.add(self._family_words[word])
            elif word == "MED":
                continue
            elif found := self._as_code(word):
                if code not in ("", found):
                    return None
                code = found
            elif not version and self._can_be_version(word):
                version = word
            else:
                return None
        code = code or self._versions.get(version, "")
        if not code or (stems and stems != {_stem(code)}):
            return None
        if version and is_numeric(version) is not (code in self._numbered):
            return None
        return code, version

    def _words(self, text: str) -> list[str]:
        words = []
        for piece in "".join(char if char.isalnum() or char == "." else " " for char in text).split():
            words += self._parted_at_dots(piece.strip("."))
        if len(words) > 4 and words[1] == "D" and words[3] in _AGENCIES:
            del words[1:4]
        return words

    def _parted_at_dots(self, piece: str) -> list[str]:
        """A dot is part of some versions, so it parts code and version only next to a word that is known."""
        if "." in piece and not self._is_known_or_numeric(piece):
            for position, char in enumerate(piece):
                if char == ".":
                    parts = piece[:position].strip("."), piece[position + 1 :].strip(".")
                    if any(self._as_code(part) or part in self._versions for part in parts):
                        return [*self._parted_at_dots(parts[0]), *self._parted_at_dots(parts[1])]
        return [piece] if piece else []

    def _as_code(self, word: str) -> str:
        if word in self._codes:
            return word
        without_word = word.removeprefix("MED")
        return without_word if without_word in self._codes else ""

    def _can_be_version(self, word: str) -> bool:
        if word in self._versions:
            return True
        return word.isascii() and not _DIGITS.isdisjoint(word) and not _looks_like_code(word)

    def _by_squeezing(self, text: str) -> tuple[str, str] | None:
        """A line of the catalogue parted where it shouldn't be, ``D 9134 L``, or not at all, ``DIS91D9134L``."""
        if self._squeezed is None:
            squeezed = {}
            for code, version in self._rows:
                squeezed[code] = (code, "")
                if code not in self._numbered:
                    plain = _without_separators(version)
                    squeezed[plain] = (self._versions[version], version)
                    squeezed[code + plain] = squeezed[plain + code] = (code, version)
            self._squeezed = squeezed
        return self._squeezed.get(_without_separators(text))


def _without_separators(text: str) -> str:
    return text if text.isalnum() else "".join(char for char in text if char.isalnum())


def _bare(name: str, *, kept: str = "") -> str:
    """The letters and digits of a name, without the words that stand around names."""
    bare = "".join(char for char in name.lower() if char.isalnum() or char in kept)
    while around := next((word for word in _AROUND_NAMES if bare.startswith(word) or bare.endswith(word)), ""):
        left = bare.removeprefix(around) if bare.startswith(around) else bare.removesuffix(around)
        if not left:
            break
        bare = left
    return bare


def _has_digit(word: str) -> bool:
    return not _DIGITS.isdisjoint(word)


def _parted_at_one_dash(word: str) -> list[str]:
    """The two halves of ``XABC01-XA0130M``; a word with a dash that is no such pair stays one."""
    halves = word.replace("_", "-").split("-")
    return halves if len(halves) == 2 and all(map(_has_digit, halves)) else [word]


def _stem(code: str) -> str:
    """The first letters of a code, the same in EDI and XML: ``DIS`` of ``XDIS91``."""
    return code[1:4] if code[0] == "X" else code[:3]


def _looks_like_code(word: str) -> bool:
    """Whether a word is built as most codes are (``DIS91``, ``XRPT01``, ``RPT01F``), so that it is no version."""
    body = word[1:] if word[0] in "XF" and word[1:4].isalpha() else word
    return len(body) in (5, 6) and body[:3].isalpha() and body[3:5].isdigit() and body[5:].isalpha() is (len(body) == 6)
