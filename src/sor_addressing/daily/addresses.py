"""Addresses on the web: which may be asked, which may be followed, and what of them may be shown."""

from __future__ import annotations

import base64
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

from sor_addressing.errors import StoreError


def shown_address(address: str) -> str:
    """An address as people and logs may see it: without user, password and query.

    >>> shown_address("https://reader:secret@mirror.example:8443/sor/Sor.zip?token=secret")
    'https://mirror.example:8443/sor/Sor.zip'
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        port = parts.port
    except ValueError:
        return "<unreadable address>"
    if ":" in host:
        host = f"[{host}]"
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{parts.path}"


def check_address(address: str, what: str) -> None:
    """Refuse what can't be asked: no http or https, no host, or a query, in which a token would end up in logs.

    Args:
        address: the address.
        what: what it is to the caller, for the error.

    Raises:
        StoreError: it can't be used.
    """
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable, parts = False, urlsplit("")
    if not usable:
        raise StoreError(
            f"{what} is not an address of http or https: {shown_address(address)}; for a folder or a file share use FolderOrigin"
        )
    if parts.query or parts.fragment:
        # Libraries below write the addresses that they ask for into the log.
        raise StoreError(
            f"{what} has a query or fragment: {shown_address(address)}; give a token by headers=, where no log shows it"
        )


def without_login(address: str) -> tuple[str, dict[str, str]]:
    """An address without user and password, and the header that says them instead."""
    parts = urlsplit(address)
    if parts.username is None:
        return address, {}
    login = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
    bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    return bare, {"Authorization": f"Basic {base64.b64encode(login).decode('ascii')}"}


def is_same_place(known: str, other: str) -> bool:
    """Whether two addresses are of one host and port, the other one no less protected than the known one."""
    one, two = urlsplit(known), urlsplit(other)
    same = (one.scheme, one.hostname, one.port) == (two.scheme, two.hostname, two.port)
    return same or (one.hostname == two.hostname and (one.scheme, two.scheme) == ("http", "https"))


def redirected(address: str, location: str) -> str:
    """Where a redirect leads.

    Raises:
        StoreError: it leads to another host, or from https to http, or nowhere.
    """
    try:
        target = urljoin(address, location) if location else ""
        allowed = bool(location) and is_same_place(address, target)
    except ValueError:
        target, allowed = "", False
    if not allowed:
        raise StoreError(
            f"{shown_address(address)}: redirects to {shown_address(target) if target else 'nowhere'}, which is not followed: "
            "another host, or an address without encryption; if it is right, give that address (--from, --file; base=, files=)"
        )
    return target
