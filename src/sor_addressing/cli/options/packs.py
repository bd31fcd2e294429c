"""The options of ``audit`` that write packs, and what they make: a :class:`Packing`."""

from __future__ import annotations

import datetime as dt
import re
from functools import wraps

import attrs
import click

from sor_addressing.cli.options.asking import Asking, Command
from sor_addressing.cli.options.parameters import read_day
from sor_addressing.cli.options.register import RegisterChoice
from sor_addressing.cli.output.rendering import printable
from sor_addressing.daily.store import RegisterStore
from sor_addressing.quality.audit import Audit
from sor_addressing.quality.groups import GroupKind
from sor_addressing.quality.packs.content import PackWords
from sor_addressing.quality.packs.texts import SHIPPED_TEXTS, PackTexts
from sor_addressing.quality.packs.writing import Packs
from sor_addressing.register.face import Register
from sor_addressing.shipped import shipped_bytes

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOST_NAMED = 5


def _show_texts(context: click.Context) -> None:
    click.echo(shipped_bytes("sor_addressing.quality", *SHIPPED_TEXTS), nl=False)
    context.exit()


_OPTIONS = (
    click.option(
        "--packs",
        metavar="DIR",
        type=click.Path(file_okay=False),
        help="Also write a pack for each hospital, or for each of the first --by: list, page, letter.",
    ),
    click.option(
        "--pack-texts",
        metavar="FILE",
        type=click.Path(dir_okay=False),
        help="Texts of your own for packs, in place of those of the package.",
    ),
    click.option(
        "--before",
        metavar="PATH|YYYY-MM-DD",
        help="The register of a former day, or a day of the store, that packs compare with.",
    ),
    click.option(
        "--show-pack-texts",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=lambda ctx, _, asked: _show_texts(ctx) if asked else None,
        help="Write the package's own texts of packs, to begin from, and end.",
    ),
    click.option("--csv-only", is_flag=True, help="Packs without workbooks, which need the extra excel."),
)


@attrs.frozen(slots=True)
class Packing:
    """Where packs are written, and how."""

    folder: str | None
    texts: str | None
    before: str | None
    csv_only: bool

    def checked(self) -> PackTexts | None:
        """The texts, before anything that takes its time."""
        if self.folder is None and (self.texts or self.before or self.csv_only):
            raise click.UsageError("--pack-texts, --before and --csv-only take --packs")
        return None if self.texts is None else PackTexts.load(self.texts)

    def former(self, asking: Asking) -> Register | None:
        """The register of the former day."""
        if self.before is None:
            return None
        if _DAY.fullmatch(self.before):
            day = read_day(click.get_current_context(), click.Option(["--before"]), self.before)
            return RegisterStore(asking.choice.home).on(day) if day else None
        return RegisterChoice(path=self.before).load(asking.language).register

    def write(
        self,
        found: Audit,
        by: tuple[str, ...],
        language: str,
        texts: PackTexts | None,
        before: Audit | None,
        until: dt.date | None,
    ) -> Packs | None:
        """Write them, where they are asked for."""
        if self.folder is None:
            return None
        whose = by[0] if by else str(GroupKind.HOSPITAL)
        return found.packs(
            self.folder,
            by=whose,
            language=language,
            texts=texts,
            before=before,
            until=until,
            csv_only=self.csv_only,
        )


def pack_options(command: Command) -> Command:
    """Adds them; the command gets them as ``packing``."""

    @wraps(command)
    def with_packing(
        *, packs: str | None, pack_texts: str | None, before: str | None, csv_only: bool, **own: object
    ) -> None:
        command(packing=Packing(packs, pack_texts, before, csv_only), **own)

    wrapped: Command = with_packing
    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def tell_packs(packs: Packs, language: str) -> None:
    """What was written, on standard error: standard output is the answer's."""
    say = PackWords(language)
    counts = {"packs": say.number(len(packs.packs)), "count": say.number(packs.rows)}
    lines = [say("written", folder=packs.folder, without=say.number(len(packs.without)), **counts)]
    if packs.nobodys:
        lines.append(say("nobodys-told", count=say.number(packs.nobodys)))
    if packs.left_over:
        names = [path.name for path in packs.left_over[:_MOST_NAMED]]
        more = len(packs.left_over) - len(names)
        lines.append(say("left-over-told", folders=", ".join(names) + (f" +{more}" if more else "")))
    neutralised = sum(pack.neutralised for pack in packs.packs)
    if neutralised:
        lines.append(say.of_reports("neutralised", count=say.number(neutralised)))
    for line in lines:
        click.echo(printable(line), err=True)
