# The names of this room: the only list of them, which _lazy.py reads too.
from sor_addressing.search.rules.facets import UnknownValue as UnknownValue
from sor_addressing.search.rules.narrowing import Step as Step
from sor_addressing.search.words.matches import MatchedField as MatchedField
from sor_addressing.search.words.matches import MatchedWord as MatchedWord
from sor_addressing.search.words.readings import MatchedHow as MatchedHow
