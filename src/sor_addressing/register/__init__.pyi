# The names of this room: the only list of them, which _lazy.py reads too.
from sor_addressing.index.history import UnitVersion as UnitVersion
from sor_addressing.index.shak import ShakEntry as ShakEntry
from sor_addressing.index.shak import ShakName as ShakName
from sor_addressing.register.face import Register as Register
from sor_addressing.register.face import Source as Source
from sor_addressing.register.questions import Table as Table
