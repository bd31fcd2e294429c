"""``serve``: the register over HTTP, for those who can't import Python."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from sor_addressing.cli.options.asking import Asking, print_json, register_options
from sor_addressing.cli.options.completion import complete_path
from sor_addressing.cli.options.parameters import Seconds
from sor_addressing.cli.output.progress import busy
from sor_addressing.cli.output.rendering import Screen
from sor_addressing.cli.output.terminal import console
from sor_addressing.daily.store import RegisterStore
from sor_addressing.errors import MissingExtra
from sor_addressing.index.opening import is_compiled
from sor_addressing.serving.service.settings import LOOPBACK, RegisterSource, ServiceLimits, ServiceSettings

_PACKAGES = ("starlette", "uvicorn", "h11", "anyio")
_MEGABYTE = 1024 * 1024
_LOOPBACKS = (LOOPBACK, "localhost", "::1")


@click.command()
@click.option(
    "--host",
    metavar="ADDRESS",
    default=LOOPBACK,
    show_default=True,
    help="Address to listen on; only this machine by default.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port; 0 takes any that is free."
)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Processes that answer.")
@click.option(
    "--token-file",
    metavar="FILE",
    shell_complete=complete_path,
    help="Answer only who shows one of the tokens in it, one a line.",
)
@click.option(
    "--limit-body",
    metavar="MB",
    type=click.IntRange(1, 1024),
    default=16,
    show_default=True,
    help="The largest body of a request.",
)
@click.option(
    "--limit-seconds",
    metavar="SECONDS",
    type=Seconds(0.1, 3600),
    default=30.0,
    show_default=True,
    help="How long a request may take.",
)
@click.option(
    "--limit-requests",
    metavar="NUMBER",
    type=click.IntRange(1, 10_000),
    default=64,
    show_default=True,
    help="Requests that one worker answers at once.",
)
@click.option(
    "--drain-seconds",
    metavar="SECONDS",
    type=click.IntRange(0, 3600),
    default=10,
    show_default=True,
    help="How long running requests may go on once it is told to end.",
)
@click.option(
    "--log-requests", is_flag=True, help="A line a request on standard error: the route's name, never its path."
)
@register_options
def serve(
    asking: Asking,
    host: str,
    port: int,
    workers: int,
    token_file: str | None,
    limit_body: int,
    limit_seconds: float,
    limit_requests: int,
    drain_seconds: int,
    log_requests: bool,
) -> None:
    """Answer over HTTP, until it is told to end: resolve, validate, letters, search and find as JSON, and EHMI's addressing under /fhir.

    The newest register of the store is taken up while it runs. OpenAPI is at /openapi.json.
    """
    try:
        from sor_addressing.serving.service.supervisor import serve as run
        from sor_addressing.serving.service.tokens import read_tokens
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in _PACKAGES:
            raise
        raise MissingExtra("the service", "serve", package) from error
    tokens = read_tokens(token_file) if token_file is not None else ()
    beside = Screen(asking.language, console(stderr=True))
    if not tokens and host not in _LOOPBACKS:
        beside.line(beside.say("serve.open", host=host))
    with _source(asking, beside) as source:
        settings = ServiceSettings(
            source=source,
            host=host,
            port=port,
            workers=workers,
            policy=asking.policy,
            limits=ServiceLimits(limit_body * _MEGABYTE, limit_seconds, limit_requests),
            tokens=tokens,
            drain_seconds=drain_seconds,
            log_requests=log_requests,
        )

        def listening(address: str) -> None:
            if asking.as_json:
                print_json({"address": address, "workers": workers, "made_up": source.sample})
            else:
                click.echo(asking.screen.say("serve.listening", address=address, workers=workers))

        run(settings, listening=listening)


@contextmanager
def _source(asking: Asking, beside: Screen) -> Iterator[RegisterSource]:
    """The register to serve. An extract is compiled once, so that all workers share it."""
    choice = asking.choice
    if choice.sample:
        beside.line(beside.say("made-up"))
        yield RegisterSource(sample=True)
    elif choice.file is None:
        store = RegisterStore(choice.home)
        if not store.pointer():
            beside.line(beside.say("serve.waiting", home=str(store.home)))
        yield RegisterSource(home=str(store.home))
    else:
        loaded = asking.load()
        if is_compiled(loaded.where):
            yield RegisterSource(path=str(Path(loaded.where).absolute()))
            return
        with tempfile.TemporaryDirectory(prefix="sor-addressing-") as folder:
            path = Path(folder) / "register"
            with busy(console(stderr=True), beside.say("compile.working")):
                loaded.register.save(path)
            del loaded
            yield RegisterSource(path=str(path))
