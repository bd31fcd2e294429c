# The names of this room: the only list of them, which _lazy.py reads too.
from sor_addressing.errors import PlanError as PlanError
from sor_addressing.index.history import UnitVersion as UnitVersion
from sor_addressing.index.shak import ShakEntry as ShakEntry
from sor_addressing.index.shak import ShakName as ShakName
from sor_addressing.register.face import Register as Register
from sor_addressing.register.face import Source as Source
from sor_addressing.register.overview.report import ConversionCount as ConversionCount
from sor_addressing.register.overview.report import Conversions as Conversions
from sor_addressing.register.proposals.overlay import RowEffect as RowEffect
from sor_addressing.register.proposals.planned_rows import ChangePlan as ChangePlan
from sor_addressing.register.proposals.planned_rows import PlannedChange as PlannedChange
from sor_addressing.register.proposals.planned_rows import PlannedDirection as PlannedDirection
from sor_addressing.register.proposals.planned_rows import PlanRow as PlanRow
from sor_addressing.register.questions import Table as Table
