/*-------------------------------------------------------------------------
 * grammar.h
 *		The words the embedded ear can hear in a turn: a finite grammar in JSGF.
 *
 * All its words stand in the dictionary of pocketsphinx's English model, in
 * lower case.  Other words are not heard, and the person is asked again.
 */
#ifndef VOICEAGENT_MEDIA_GRAMMAR_H
#define VOICEAGENT_MEDIA_GRAMMAR_H

static const char va_turn_grammar[] =
	"#JSGF V1.0;\n"
	"grammar turn;\n"
	"public <turn> = <yes> | <no> | <who> | <stop> | <later> | <when> | <ask> | <choose> | <named> | <digits> | "
	"<bye>;\n"
	"<yes> = yes | yeah | yes please | sure | sure go ahead | okay | okay one minute | right | that is right | "
	"speaking |\n"
	"  yes this is he | yes that is me | yes speaking | yes tell me more | okay what is it | if it is quick |\n"
	"  that sounds good | that sounds good what comes next | why not | i like that | i am interested | go ahead |\n"
	"  can we make an appointment | yes that works | that works for me | perfect;\n"
	"<no> = no | no thanks | no thank you | no thank you i am not interested | i am not interested | not really |\n"
	"  we already have somebody for that | i do not need anything | this is not for me | no really not;\n"
	"<who> = who is this | who is calling | what is it about | hello;\n"
	"<stop> = stop calling me | never call me again | please do not call me again | do not call me again |\n"
	"  take me off your list | remove my number | remove my number please | stop calling me remove my number please |\n"
	"  i do not want these calls;\n"
	"<later> = not now | not now sorry | i am busy | i am in a meeting | it is a bad moment | i am driving |\n"
	"  call me back | call me later | call me [back] <when> | try again <when>;\n"
	"<ask> = what does it cost | what would that cost me | how long does it take | what is the catch |\n"
	"  how did you get my number | are you a robot | can i talk to a person | please repeat that | say that again "
	"please;\n"
	"<choose> = the first one [please] | the second one [please];\n"
	"<named> = my name is <name>;\n"
	"<name> = robert | mary | john | susan | david | linda | michael | maria | james | anna | peter | karen;\n"
	"<bye> = thank you bye | bye | goodbye | great thank you bye;\n"
	"<day> = monday | tuesday | wednesday | thursday | friday | saturday | tomorrow | today | next week;\n"
	"<number> = one | two | three | four | five | six | seven | eight | nine | ten | eleven | twelve;\n"
	"<hour> = <number> [thirty | fifteen] [in the morning | in the afternoon];\n"
	"<when> = [let me see] [on] <day> [morning | afternoon] [at <hour>] [please | if that is possible | works for me] "
	"|\n"
	"  at <hour>;\n"
	"<digit> = zero | one | two | three | four | five | six | seven | eight | nine;\n"
	"<digits> = <digit> <digit> <digit> <digit>+;\n";

#endif /* VOICEAGENT_MEDIA_GRAMMAR_H */
