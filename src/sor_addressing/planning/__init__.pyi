# The names of this room: the only list of them, which _lazy.py reads too.
from sor_addressing.errors import PlanError as PlanError
from sor_addressing.planning.effects import PairChange as PairChange
from sor_addressing.planning.effects import PairOutcome as PairOutcome
from sor_addressing.planning.effects import PlanEffect as PlanEffect
from sor_addressing.planning.report import WhatIf as WhatIf
from sor_addressing.planning.report import WhatIfStep as WhatIfStep
from sor_addressing.planning.weighing import what_if as what_if
from sor_addressing.proposals.overlay import RowEffect as RowEffect
from sor_addressing.proposals.planned_rows import ChangePlan as ChangePlan
from sor_addressing.proposals.planned_rows import PlannedChange as PlannedChange
from sor_addressing.proposals.planned_rows import PlannedDirection as PlannedDirection
from sor_addressing.proposals.planned_rows import PlanRow as PlanRow
