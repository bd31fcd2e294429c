"""What a service is started with: plain values, which go to every worker process."""

from __future__ import annotations

import attrs

from sor_addressing.addressing.policy import DEFAULT_POLICY, AddressingPolicy

LOOPBACK = "127.0.0.1"


@attrs.frozen(slots=True)
class ServiceLimits:
    """How much one worker takes on.

    Attributes:
        body_bytes: of one request; a stream of pairs may have :data:`STREAM` times as many.
        seconds: from the first byte of a request to the last of its answer; a stream of pairs may take :data:`STREAM` times as long.
        requests: that are answered at the same time.
    """

    body_bytes: int = 16 * 1024 * 1024
    seconds: float = 30.0
    requests: int = 64


STREAM = 20


@attrs.frozen(slots=True)
class RegisterSource:
    """Which register is served: the sample, the compiled file at ``path``, else the newest of the store at ``home``."""

    sample: bool = False
    path: str | None = None
    home: str | None = None


@attrs.frozen(slots=True)
class ServiceSettings:
    """All that a worker has to know.

    Attributes:
        tokens: digests of what a request has to bring; none are asked for where it is empty.
        drain_seconds: so long running requests may go on once the service is told to end.
        log_requests: a line each on standard error, with the route's name, never its path.
    """

    source: RegisterSource
    host: str = LOOPBACK
    port: int = 8000
    workers: int = 2
    policy: AddressingPolicy = DEFAULT_POLICY
    limits: ServiceLimits = ServiceLimits()
    tokens: tuple[bytes, ...] = attrs.field(default=(), repr=False)
    drain_seconds: int = 10
    log_requests: bool = False
