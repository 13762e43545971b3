"""Addresses that a QR code may open, and what is said about others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrclient.showcase.addresses import checked_address, host_of

LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
HOST = st.builds(
    lambda labels, top: ".".join([*labels, top]), st.lists(LABEL, min_size=1, max_size=3), st.sampled_from(["cn", "org"])
)
TAIL = st.sampled_from(["", "/", "/a/b.html?x=1&y=%E6%B0%B4#part", "/~name/", ":8443/a"])


@given(st.sampled_from(["https", "http", "HTTPS"]), HOST, TAIL)
def test_pages_are_allowed_as_they_are(scheme: str, host: str, tail: str):
    address = f"{scheme}://{host}{tail}"
    assert checked_address(address) == address
    assert host_of(address) == host


@given(HOST, TAIL, st.sampled_from(["javascript", "data", "file", "ftp", "tel", "mailto", "weixin", "intent"]))
def test_other_schemes_are_refused(host: str, tail: str, scheme: str):
    for address in (f"{scheme}:{host}{tail}", f"{scheme}://{host}{tail}"):
        with pytest.raises(
            ValueError, match=f"^'{scheme}:' does not open a service's page; give an address that begins with https"
        ):
            checked_address(address)


@given(HOST, st.sampled_from(["me@", "me:secret@", "www.fengxian.gov.cn@", ":@"]))
def test_nobody_is_named_before_the_host(host: str, user: str):
    with pytest.raises(ValueError, match=r"^the address has a name or a password before an '@'; write only the page's own"):
        checked_address(f"https://{user}{host}/")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("zwdt.sh.gov.cn/a", "the address must begin with https:// or http://; write https://zwdt.sh.gov.cn/a"),
        ("zwdt.sh.gov.cn:80/a", "the address must begin with https:// or http://; write https:// and the page's name"),
        ("//zwdt.sh.gov.cn", "the address must begin with https:// or http://; write https://zwdt.sh.gov.cn"),
        ("一网通办", "the address must begin with https:// or http://; write https:// and the page's name"),
        ("https：//zwdt.sh.gov.cn", "the address must begin with https:// or http://; write https:// and the page's name"),
        ("https://zwdt。sh．gov.cn", "the address has the character '。' in it; write https://zwdt.sh.gov.cn"),
        ("https://zwdt.sh.gov.cn ", "the address has a space or an invisible character in it; write https://zwdt.sh.gov.cn"),
        (
            "https://zwdt.sh.gov.cn/\u200ba",
            "the address has a space or an invisible character in it; copy it from a browser's address bar",
        ),
        (
            "https://奉贤.cn",
            "the address has the character '奉' in it; copy it from a browser's address bar",
        ),
        (
            "https://a.cn/100%",
            "the address has a '%' without two digits in it; copy it from a browser's address bar",
        ),
        ("https:zwdt.sh.gov.cn", "the address has no host; write https:// and the page's name"),
        ("https:///a", "the address has no host; write https:// and the page's name"),
        ("https://[::1", "the address cannot be read; copy it again from a browser's address bar"),
        ("https://a.cn:99999/", "the address cannot be read; copy it again from a browser's address bar"),
        ("https://10.0.0.1/a", "the host '10.0.0.1' is a number; give the page's public name, such as www.fengxian.gov.cn"),
        ("https://[::1]/a", "the host '::1' is a number; give the page's public name, such as www.fengxian.gov.cn"),
        (
            "http://localhost/",
            "the host 'localhost' is not a name that a visitor's phone can find; give the page's public name, such as "
            "www.fengxian.gov.cn",
        ),
        (
            "http://a..cn/",
            "the host 'a..cn' is not a name that a visitor's phone can find; give the page's public name, such as "
            "www.fengxian.gov.cn",
        ),
    ],
)
def test_what_is_said(address: str, told: str):
    with pytest.raises(ValueError) as error:
        checked_address(address)
    assert str(error.value) == told


@given(st.text(max_size=40))
def test_anything_is_either_allowed_or_told(text: str):
    try:
        assert checked_address(text).lower().startswith(("https://", "http://"))
    except ValueError as error:
        message, _, remedy = str(error).partition("; ")
        assert message and remedy
