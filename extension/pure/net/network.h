/*-------------------------------------------------------------------------
 * network.h
 *		Lists of networks, as an administrator writes them: "10.0.0.0/8 ::1".
 *
 * An address without a length is itself alone.  IPv4 in IPv6 (::ffff:a.b.c.d)
 * counts as IPv4 on both sides.  Pure: no memory, no state.
 */
#ifndef VOICEAGENT_NETWORK_H
#define VOICEAGENT_NETWORK_H

#include <stdbool.h>
#include <stddef.h>

/* Characters of a list that a setting may hold. */
#define VA_NETWORKS_MAX 2000

/*
 * Is every word of the list (separated by spaces and commas) a network?  If
 * not, *bad and *bad_len are the first that is none, *why a static text.
 */
extern bool va_networks_valid(const char *list, const char **bad, size_t *bad_len, const char **why);

/* Does one of the networks hold the numeric address?  A word that is none holds nothing. */
extern bool va_networks_hold(const char *list, const char *address);

/* The list that says in so many words that it is none: whoever knows the URL is heard. */
#define VA_NETWORKS_ANY "any"

/* May a sender at the address (NULL = not known) be heard?  Where the list is empty, or "any", everybody; *why is a static text. */
extern bool va_networks_admit(const char *list, const char *address, const char **why);

#endif /* VOICEAGENT_NETWORK_H */
