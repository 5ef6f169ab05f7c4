/*-------------------------------------------------------------------------
 * address.h
 *		Is an IP address one of the public internet?
 *
 * A tenant names the host that a request goes to, so a literal is judged when
 * it is written down, and what a name points to after it was resolved.  After
 * the registries of special-purpose addresses (RFC 6890 and its updates).
 * Pure: no memory, no state.
 */
#ifndef VOICEAGENT_ADDRESS_H
#define VOICEAGENT_ADDRESS_H

typedef enum VaAddressClass
{
	VA_ADDRESS_PUBLIC,
	VA_ADDRESS_LOOPBACK,   /* 127/8, ::1, localhost */
	VA_ADDRESS_PRIVATE,	   /* RFC 1918, 100.64/10, fc00::/7 */
	VA_ADDRESS_LINK_LOCAL, /* 169.254/16 (cloud metadata), fe80::/10 */
	VA_ADDRESS_RESERVED	   /* unspecified, multicast, documentation, the rest */
} VaAddressClass;

/* bytes: 4 (IPv4) or 16 (IPv6; v4-mapped, NAT64 and 6to4 count as the IPv4 inside). */
extern VaAddressClass va_address_class(const unsigned char *bytes, int len);
/* A numeric address in text, as getaddrinfo's results are printed; not one = RESERVED. */
extern VaAddressClass va_address_class_text(const char *text);
extern const char *va_address_class_name(VaAddressClass address_class);

#endif /* VOICEAGENT_ADDRESS_H */
