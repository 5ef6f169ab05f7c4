/*-------------------------------------------------------------------------
 * ending.h
 *		Whether a person that pauses has ended, by what it was asked and what was heard of it so far.
 */
#ifndef VOICEAGENT_TALK_ENDING_H
#define VOICEAGENT_TALK_ENDING_H

typedef enum VaEnding
{
	VA_ENDING_UNKNOWN = 0, /* most of what people say has no form that shows its end */
	VA_ENDING_COMPLETE,	   /* an answer to what was asked, or a thing said whole */
	VA_ENDING_OPEN,		   /* a clause that has not ended, or one of two things that were asked for */
	VA_ENDING_PART		   /* a part of a number or of a word that is dictated, where people pause longest */
} VaEnding;

/* tag: of the language, such as en-US, by whose country telephone numbers are judged; asked: what we said last; words: "" were not understood. */
extern VaEnding va_ending(const char *tag, const char *asked, const char *words);

#endif /* VOICEAGENT_TALK_ENDING_H */
