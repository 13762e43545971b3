"""Addresses of web pages, as a visitor's phone opens them from a QR code: what may stand there. It opens none."""

import re
import unicodedata
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?!\d+(?:/|$))")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", re.IGNORECASE)
_ODD = re.compile(r"[^A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]|%(?![0-9A-Fa-f]{2})")


def checked_address(text: str, /) -> str:
    """The text itself where it is the https or http address of a page on a named host, else ValueError("what; help")."""
    scheme = _SCHEME.match(text)
    if scheme is None:
        bare = unicodedata.normalize("NFKC", text).replace("。", ".").strip().lstrip("/")
        help = f"write https://{bare}" if _HOST.fullmatch(bare.split("/")[0]) else "write https:// and the page's name"
        raise ValueError(f"the address must begin with https:// or http://; {help}")
    if scheme[1].lower() not in ("https", "http"):
        raise ValueError(f"'{scheme[1]}:' does not open a service's page; give an address that begins with https:// or http://")
    odd = _ODD.search(text)
    if odd:
        plain = unicodedata.normalize("NFKC", text).replace("。", ".").strip()
        help = f"write {plain}" if not _ODD.search(plain) else "copy it from a browser's address bar"
        raise ValueError(f"the address has {_named(odd[0])} in it; {help}")
    try:
        parts = urlsplit(text)
        host, has_port_fault = parts.hostname or "", parts.port == 0
    except ValueError:
        raise ValueError("the address cannot be read; copy it again from a browser's address bar") from None
    if "@" in parts.netloc:
        raise ValueError("the address has a name or a password before an '@'; write only the page's own address")
    if not text[scheme.end() :].startswith("//") or not host:
        raise ValueError(f"the address has no host; write {scheme[1].lower()}:// and the page's name")
    if not _HOST.fullmatch(host) or has_port_fault:
        what = (
            "is a number" if re.fullmatch(r"[\d.:a-f]*[.:][\d.:a-f]*", host) else "is not a name that a visitor's phone can find"
        )
        raise ValueError(f"the host '{host}' {what}; give the page's public name, such as www.fengxian.gov.cn")
    return text


def host_of(address: str, /) -> str:
    """The name of an address's host, to be read by people."""
    return urlsplit(address).hostname or address


def _named(character: str) -> str:
    if character == "%":
        return "a '%' without two digits"
    if character.isspace() or unicodedata.category(character) in ("Cc", "Cf", "Mn"):
        return "a space or an invisible character"
    return f"the character '{character}'"


WebAddress = Annotated[
    str,
    Field(min_length=1, max_length=200, examples=["https://www.fengxian.gov.cn"]),
    AfterValidator(checked_address),
]
"""The https or http address of a page."""
