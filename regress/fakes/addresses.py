"""Our classes of addresses against Python's ipaddress, which was written apart from them.

addresses.py LIBRARY COUNT SEED: COUNT addresses, half at random, half around the edges of what is special, through
va_address_class() of LIBRARY.  Prints "COUNT compared, WRONG wrong, PUBLIC public" and the first that are wrong.

What Python calls global we may refuse only where KEPT says so; what it does not call global we must refuse, and name as
it does.
"""
import ctypes
import ipaddress
import random
import sys

CLASSES = ("public", "loopback", "private", "link_local", "reserved")
# Refused although some of it is global: protocol assignments, anycast relays, what is handed out to nobody.
KEPT = [ipaddress.ip_network(n) for n in (
    "192.0.0.0/24", "192.88.99.0/24", "2001::/23", "3fff::/20", "fec0::/10")]
HANDED_OUT = ipaddress.ip_network("2000::/3")
NAT64 = ipaddress.ip_network("64:ff9b::/96")
EDGES = [ipaddress.ip_network(n) for n in (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.0.0/29",
    "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
    "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32",
    "::/128", "::1/128", "::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2000::/3", "2001::/23", "2001::/32",
    "2001:2::/48", "2001:3::/32", "2001:10::/28", "2001:20::/28", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
    "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8")]


def inner(address):
    """The IPv4 address that an IPv6 address leads to, None when it is no such one."""
    if address.version == 4:
        return None
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.sixtofour


def expected(address):
    """The classes that are right."""
    coat = inner(address)
    if coat is not None:
        return expected(coat)
    # 0.0.0.0/8 in the form of the IPv4-compatible ones
    if address.version == 6 and 1 < int(address) < 1 << 32:
        right = expected(ipaddress.IPv4Address(int(address)))
        return {"reserved"} if right == {"public"} else right | {"reserved"}
    if address.is_loopback:
        return {"loopback"}
    if address.is_multicast or address.is_unspecified:
        return {"reserved"}
    if address.is_link_local:
        return {"link_local"}
    if any(address.version == n.version and address in n for n in KEPT):
        return {"reserved", "private"}
    if address.version == 6 and address not in HANDED_OUT:
        return {"reserved", "private"}
    if address.is_global and not address.is_reserved:
        return {"public"}
    return {"private", "reserved"}


def make(rng):
    kind = rng.random()
    if kind < 0.25:
        return ipaddress.IPv4Address(rng.getrandbits(32))
    if kind < 0.4:
        return ipaddress.IPv6Address(rng.getrandbits(128))
    if kind < 0.5:
        # in a coat
        v4 = make_edge(rng, [n for n in EDGES if n.version == 4])
        return ipaddress.IPv6Address(rng.choice((0, 0xFFFF << 32, 0x64FF9B << 96, 0x2002 << 112 | int(v4) << 80 | rng.getrandbits(80))) | int(v4))
    return make_edge(rng, EDGES)


def make_edge(rng, networks):
    network = rng.choice(networks)
    width = 1 << network.max_prefixlen
    at = rng.choice((int(network.network_address), int(network.broadcast_address)))
    if rng.random() < 0.5:
        at += rng.randint(-2, 2)
    else:
        at = int(network.network_address) + rng.randrange(network.num_addresses)
    return type(network.network_address)(at % width)


def main():
    library = ctypes.CDLL(sys.argv[1])
    count = int(sys.argv[2])
    rng = random.Random(int(sys.argv[3]))
    classify = library.va_address_class
    seen = dict.fromkeys(CLASSES, 0)
    wrong = 0
    for _ in range(count):
        address = make(rng)
        packed = address.packed
        ours = CLASSES[classify(packed, len(packed))]
        seen[ours] += 1
        right = expected(address)
        if ours not in right:
            wrong += 1
            if wrong <= 20:
                print(f"wrong: {address} is {ours}, not {' or '.join(sorted(right))}")
    print(f"{count} compared, {wrong} wrong, {seen['public']} public")


main()
