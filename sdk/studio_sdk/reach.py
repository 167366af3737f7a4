"""Which addresses may be called for somebody else: those of the internet, others only where an admin says so.

For pipelines (the runner's way out) and for webhooks (the studio's courier). Pure, standard library only. Whoever dials
looks a name up once and dials the address that was looked at here.
"""

import ipaddress
from typing import Final

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def may_reach(address: str, *, at_home: bool) -> bool:
    """Whether an address may be called: one of the internet, or with `at_home` one of the house. Link-local never."""
    ip = _meant(ipaddress.ip_address(address.partition("%")[0]))
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified:
        return False
    return at_home or ip.is_global


def _meant(ip: Address) -> Address:
    """Return the IPv4 address that an IPv6 one leads to, where it does."""
    if not isinstance(ip, ipaddress.IPv6Address):
        return ip
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else ip)
