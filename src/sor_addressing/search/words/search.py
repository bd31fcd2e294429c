"""Searching: from what somebody typed to the units that could be meant, best first."""

from __future__ import annotations

import threading
from collections.abc import Container
from weakref import WeakKeyDictionary

from sor_addressing.addressing.plan import plan_for
from sor_addressing.addressing.policy import AddressingPolicy
from sor_addressing.addressing.question import Question
from sor_addressing.errors import FilterError
from sor_addressing.identifiers import IdentifierKind
from sor_addressing.index.lookup import Index
from sor_addressing.index.unit import Unit
from sor_addressing.messages.catalogue import MessageType
from sor_addressing.search.kept import KeptColumns, kept_columns
from sor_addressing.search.words.alias_texts import AliasTexts
from sor_addressing.search.words.aliases import Aliases
from sor_addressing.search.words.columns import make_word_columns
from sor_addressing.search.words.compounds import take_apart
from sor_addressing.search.words.everyday import EverydayWords
from sor_addressing.search.words.identifiers import Identifiers
from sor_addressing.search.words.lexicon import Lexicon, shipped_lexicon
from sor_addressing.search.words.matches import Match, SearchQuestion
from sor_addressing.search.words.query import MOST_CHARACTERS, read_query
from sor_addressing.search.words.ranking import ranked
from sor_addressing.search.words.readings import Expansions, Reader
from sor_addressing.search.words.retrieval import Extra, Retrieval, Scored, Units
from sor_addressing.search.words.vocabulary import whole

_MOST_SCORED = 100
_LESS_THAN_A_PLACE = 0.85
"""What four digits are worth as an identifier, where they are a postal code of the register."""

_MOST_SCORED_WITH_A_TYPE = 1_500


class WordSearch:
    """What searching one register keeps: its words, its units, and the alias tables it was asked with."""

    def __init__(self, index: Index, columns: KeptColumns) -> None:
        self.reader = Reader(columns)
        self.units = Units(columns)
        self._index = index
        self._columns = columns
        self._identifiers: Identifiers | None = None
        self._aliases: WeakKeyDictionary[Aliases, AliasTexts] = WeakKeyDictionary()
        self._shipped = Expansions(self.reader, shipped_lexicon())
        self._words: WeakKeyDictionary[EverydayWords, Expansions] = WeakKeyDictionary()
        self._adding = threading.Lock()

    @property
    def identifiers(self) -> Identifiers:
        """Identifiers to look for parts in; read when somebody first types a number."""
        if self._identifiers is None:
            self._identifiers = Identifiers(self._index, bytes(whole(self._columns, "words_identifiers")))
        return self._identifiers

    def aliases(self, aliases: Aliases) -> AliasTexts:
        """A table of aliases as texts of this register."""
        with self._adding:
            texts = self._aliases.get(aliases)
            if texts is None:
                texts = self._aliases[aliases] = AliasTexts(self._index, self.units, aliases)
            return texts

    def everyday(self, words: EverydayWords | None) -> Expansions:
        """The everyday words of the package, and those given, in the words of this register."""
        if words is None:
            return self._shipped
        with self._adding:
            expansions = self._words.get(words)
            if expansions is None:
                expansions = self._words[words] = Expansions(self.reader, Lexicon(words))
            return expansions


def word_search(index: Index) -> WordSearch:
    """What searching ``index`` keeps; made when somebody first searches."""
    columns = kept_columns(index, make_word_columns)
    if columns.beside is None:
        columns.beside = WordSearch(index, columns)
    kept: WordSearch = columns.beside
    return kept


def search(
    index: Index,
    text: str,
    *,
    limit: int,
    message_type: str | MessageType | None,
    day: int,
    today: int,
    policy: AddressingPolicy,
    allowed: Container[int] | None,
    aliases: Aliases | None,
    words: EverydayWords | None = None,
) -> tuple[Match, ...]:
    """The units that ``text`` could mean, best first.

    ``allowed`` holds the rows that may be found, None where all may; ``day`` and ``today`` are day numbers.

    Raises:
        FilterError: the text is blank and nothing narrows the answer, or it is too long; or the limit is below 1.
    """
    if limit < 1:
        raise FilterError(f"limit is {limit}: ask for 1 match or more")
    if len(text) > MOST_CHARACTERS:
        raise FilterError(
            f"a text of {len(text)} characters is no search: {MOST_CHARACTERS} are the most; type what people call the unit"
        )
    blank = not text.strip()
    if blank and allowed is None:
        raise FilterError("nothing to search for: type part of a name, place or identifier, or give a filter")
    plan = None if message_type is None else plan_for(index, message_type)
    kept = word_search(index)
    units = kept.units
    everyday = kept.everyday(words)
    query = read_query(text, take_apart(kept.reader.vocabulary, everyday.lexicon), everyday.lexicon)
    hits = kept.reader.read(query, everyday)
    alias_texts = None if aliases is None else kept.aliases(aliases)
    if alias_texts is not None:
        alias_texts.add_hits(query, hits.texts)
    identifiers: dict[int, str] = {}
    likeness: list[dict[int, float]] = [{} for _ in query.words]
    for span, part in query.numbers:
        place = kept.reader.is_postal_code(part)
        for row, like, identifier in kept.identifiers.with_part(part, whole_only=place):
            position = units.place[row]
            used = like * _LESS_THAN_A_PLACE if place else like
            for word in span:
                if used > likeness[word].get(position, 0.0):
                    likeness[word][position] = used
                    identifiers[position] = identifier
    if blank:
        scored = [
            Scored(0.0, position, ()) for position, row in enumerate(units.order) if allowed is None or row in allowed
        ]
    else:
        extra = Extra(
            alias_texts.texts_of if alias_texts else {},
            alias_texts.units_of if alias_texts else {},
            alias_texts.lengths if alias_texts else {},
            likeness,
        )
        most = _MOST_SCORED if plan is None else _MOST_SCORED_WITH_A_TYPE
        scored = Retrieval(units, hits, extra, query.bound, kept.reader.small).best(allowed, most=max(most, 5 * limit))
    found = ranked(index, units, scored, limit=limit, day=day, policy=policy, plan=plan)
    asked = SearchQuestion(
        index,
        units,
        kept.reader,
        query.words,
        tuple(query.typed),
        hits,
        identifiers,
        alias_texts.written if alias_texts else {},
        Question("", IdentifierKind.SOR_CODE, day, policy, plan.asked if plan else None),
        today,
    )
    return tuple(
        [
            Match(
                Unit(index, units.order[one.position]),
                round(100 * one.score, 1),
                one.places,
                tuple([units.order[other] for other in others]),
                asked,
            )
            for one, others in found
        ]
    )
