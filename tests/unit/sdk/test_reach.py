"""Which addresses a pipeline's way out and a webhook may lead to."""

import pytest

from studio_sdk.reach import may_reach


@pytest.mark.parametrize(
    ("address", "anywhere", "at_home"),
    [
        ("93.184.216.34", True, True),
        ("2606:2800:220:1::1", True, True),
        ("127.0.0.1", False, True),
        ("10.1.2.3", False, True),
        ("192.168.0.1", False, True),
        ("100.64.0.1", False, True),
        ("::1", False, True),
        ("fd00::1", False, True),
        ("169.254.169.254", False, False),
        ("fe80::1%eth0", False, False),
        ("::ffff:169.254.169.254", False, False),
        ("::ffff:10.0.0.1", False, True),
        ("64:ff9b::a9fe:a9fe", False, False),
        ("2002:a9fe:a9fe::1", False, False),
        ("0.0.0.0", False, False),
        ("::", False, False),
        ("224.0.0.1", False, False),
        ("255.255.255.255", False, True),
        ("2606:4700::1111", True, True),
        ("192.168.0.9", False, True),
        ("::ffff:127.0.0.1", False, True),
        ("64:ff9b::7f00:1", False, True),
        ("2002:7f00:1::", False, True),
    ],
)
def test_only_the_internet_is_called_unless_the_house_allows_its_own(
    address: str, anywhere: bool, at_home: bool
) -> None:
    assert (may_reach(address, at_home=False), may_reach(address, at_home=True)) == (anywhere, at_home)
