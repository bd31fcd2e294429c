"""How a file comes to stand: whole or not at all. The only room that opens a target for writing.

A target is followed to what links lead to. A file is written beside its place, under a name that nobody else can have put there, brought to
the disk, given the rights and the owner of the file that it replaces, and renamed. Devices, pipes and standard output (``-``) are written
straight into. Whatever goes wrong is one line of an error of the library's: of the room that asked (``error=``), else :class:`NotWritten`.
"""

from __future__ import annotations

from sor_addressing.whole_file.faults import STANDARD_OUTPUT, BinaryTarget, PathTarget, Target, not_written
from sor_addressing.whole_file.files import WholeFiles, folder_made, is_stream, put_text, written_binary, written_text
from sor_addressing.whole_file.growing import GrowingFile
from sor_addressing.whole_file.place import output_let_go
from sor_addressing.whole_file.renaming import TEMPORARY, replace, sync_folder, unused_name

__all__ = [
    "STANDARD_OUTPUT",
    "TEMPORARY",
    "BinaryTarget",
    "GrowingFile",
    "PathTarget",
    "Target",
    "WholeFiles",
    "folder_made",
    "is_stream",
    "not_written",
    "output_let_go",
    "put_text",
    "replace",
    "sync_folder",
    "unused_name",
    "written_binary",
    "written_text",
]
