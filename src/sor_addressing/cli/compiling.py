"""``compile``: an extract to one file that every process opens in a millisecond."""

from __future__ import annotations

from pathlib import Path

import click

from sor_addressing.cli.options.asking import Asking, print_json, register_options
from sor_addressing.cli.output.progress import busy
from sor_addressing.cli.output.terminal import console
from sor_addressing.whole_file import is_stream


@click.command("compile")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Overwrite what stands there.")
@register_options
def compile_register(asking: Asking, target: Path, force: bool) -> None:
    """Load the register and compile it to TARGET, which --register and Register.open then take instead of the extract."""
    screen = asking.screen
    if target.exists() and not is_stream(target) and not force:
        raise click.UsageError(screen.say("compile.refused", target=str(target)))
    loaded = asking.load()
    with busy(console(stderr=True), screen.say("compile.working")):
        loaded.register.save(target)
    if is_stream(target):
        return
    size = target.stat().st_size
    if asking.as_json:
        print_json({"file": str(target), "bytes": size, "units": len(loaded.register), **loaded.mark()})
        return
    asking.head(screen, loaded)
    screen.line(
        screen.say(
            "compile.written",
            target=str(target),
            megabytes=f"{size / 1e6:.1f}",
            units=len(loaded.register),
            day=loaded.register.snapshot_date,
        )
    )
