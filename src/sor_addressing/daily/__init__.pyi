# The names of this room: the only list of them, which _lazy.py reads too.
from sor_addressing.daily.days import StoredDay as StoredDay
from sor_addressing.daily.download import HttpOrigin as HttpOrigin
from sor_addressing.daily.origin import Fetched as Fetched
from sor_addressing.daily.origin import FolderOrigin as FolderOrigin
from sor_addressing.daily.origin import Origin as Origin
from sor_addressing.daily.outcomes import StoreState as StoreState
from sor_addressing.daily.outcomes import UpdateReason as UpdateReason
from sor_addressing.daily.outcomes import UpdateState as UpdateState
from sor_addressing.daily.publisher import LEGACY as LEGACY
from sor_addressing.daily.publisher import SOR2 as SOR2
from sor_addressing.daily.publisher import SOR2_DAILY as SOR2_DAILY
from sor_addressing.daily.publisher import FileSet as FileSet
from sor_addressing.daily.publisher import PublishedFile as PublishedFile
from sor_addressing.daily.publisher import Publisher as Publisher
