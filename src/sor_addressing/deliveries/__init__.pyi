# The names of this room: the only list of them, which _lazy.py reads too.
from sor_addressing.deliveries.answers import Added as Added
from sor_addressing.deliveries.answers import DeliveryState as DeliveryState
from sor_addressing.deliveries.answers import Fared as Fared
from sor_addressing.deliveries.answers import Forgotten as Forgotten
from sor_addressing.deliveries.answers import LetterState as LetterState
from sor_addressing.deliveries.answers import OverdueLetter as OverdueLetter
from sor_addressing.deliveries.answers import Refusal as Refusal
from sor_addressing.deliveries.causes import RefusalCause as RefusalCause
from sor_addressing.deliveries.causes import RefusalCauseKind as RefusalCauseKind
from sor_addressing.deliveries.ledger import DeliveryLedger as DeliveryLedger
from sor_addressing.deliveries.report.counting import DeliveryReport as DeliveryReport
from sor_addressing.deliveries.report.counting import DeliveryRow as DeliveryRow
from sor_addressing.deliveries.waiting import WaitingTime as WaitingTime
from sor_addressing.deliveries.waiting import WaitingTimes as WaitingTimes
from sor_addressing.errors import DeliveryError as DeliveryError
