# The names of this room: the only list of them, which _lazy.py reads too.
from sor_addressing.messages.catalogue import Catalogue as Catalogue
from sor_addressing.messages.catalogue import MessageFormat as MessageFormat
from sor_addressing.messages.catalogue import MessageType as MessageType
from sor_addressing.messages.conversions import ConversionModel as ConversionModel
from sor_addressing.messages.conversions import ConversionParty as ConversionParty
from sor_addressing.messages.conversions import ConversionRow as ConversionRow
from sor_addressing.messages.conversions import ConversionScope as ConversionScope
from sor_addressing.messages.conversions import Converter as Converter
from sor_addressing.messages.evidence import ConversionEvidence as ConversionEvidence
from sor_addressing.messages.evidence import conversion_evidence as conversion_evidence
from sor_addressing.messages.evidence import cross_family_conversions as cross_family_conversions
from sor_addressing.messages.refusals import RefusalAbout as RefusalAbout
