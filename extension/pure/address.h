/*-------------------------------------------------------------------------
 * address.h
 *		Is an IP address one of the public internet?
 *
 * A tenant names the host that a request goes to, so what the name points to
 * is judged after it was resolved: whatever is not clearly public is private.
 *-------------------------------------------------------------------------
 */
#ifndef VOICEAGENT_ADDRESS_H
#define VOICEAGENT_ADDRESS_H

typedef enum VaAddressKind
{
	VA_ADDRESS_PUBLIC,
	VA_ADDRESS_PRIVATE,
	VA_ADDRESS_LOOPBACK
} VaAddressKind;

/* 4 and 16 bytes in network order. */
extern VaAddressKind va_judge_ipv4(const unsigned char *ip);
extern VaAddressKind va_judge_ipv6(const unsigned char *ip);

#endif /* VOICEAGENT_ADDRESS_H */
