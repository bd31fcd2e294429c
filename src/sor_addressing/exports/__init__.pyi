# The names of this room: the only list of them, which _lazy.py reads too.
from sor_addressing.errors import ExportError as ExportError
from sor_addressing.exports.manifest import Manifest as Manifest
from sor_addressing.exports.uses import Clause as Clause
from sor_addressing.exports.uses import Front as Front
from sor_addressing.exports.uses import Key as Key
from sor_addressing.exports.uses import Use as Use
