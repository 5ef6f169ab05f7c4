/*-------------------------------------------------------------------------
 * acts_en.c
 *		English: what an assistant does with words on the telephone.
 *
 * Words are folded: small letters, no accents, no apostrophes.
 */
#include "pure/phrases/intents.h"

static const VaIntentPattern patterns[] = {
	/* calls that only announce a visit; visits by other names; what strangers say */
	{ VA_INTENT_NONE, "call|ring|phone|text you|him|her ?at|about ?least "
					  "first|before|ahead|beforehand|half|ten|twenty|thirty|fifteen|when|once|an|on|en" },
	{ VA_ACT_CALL, "when|what|which ?time|day ?time should|can|could|will|would|may|might "
				   "a|the|one|our|my|somebody|someone|he|she *2 call|reach|ring|contact|try|phone|get" },
	{ VA_ACT_CALL, "^ we|i will|shall $" },
	{ VA_ACT_CALL, "^ will do" },
	{ VA_ACT_VISIT,
		"interview|induction|consult|demo|demonstration|inspection|tasting|fitting|checkup|tour|walkthrough" },
	{ VA_ACT_VISIT, "test drive" },
	{ VA_ACT_NOTED, "^ ill|we|well|ive ?have ?make|made|put ?a note|noted ?of" },
	{ VA_ACT_NOTED, "ill note|mark|flag|log|write|put" },
	{ VA_ACT_OFFER,
		"=still ?thinking|looking|interested|planning|considering|want|need|hoping|after about|for|in|to|on|a|the|it" },
	{ VA_ACT_SURVEY, "did|does|do he|she|they|it|everything|that|you *2 "
					 "fix|fixed|work|works|working|solve|turn|help|arrive|like|find" },
	{ VA_ACT_SURVEY,
		"just|only ?wanted|calling|want|checking|ringing ?to check|make|confirm|see|that|whether|if|following" },
	{ VA_ACT_SURVEY, "thats|then|well|glad|happy|pleased everything|all|hear|to|glad ?hear ?it ?for" },
	/* to call again */
	{ VA_ACT_CALL, "ill|well|we|i|will|can|shall|may|could|should|let|might ?i|we|me|will|can|could|shall "
				   "?just|also|then|gladly|try ?to call|ring|phone|try|reach|telephone|catch|contact !the" },
	{ VA_ACT_CALL, "when can|could|may|should|shall|would|will|might i|we ?best "
				   "call|ring|reach|catch|phone|get|speak|try|find|have|talk|telephone" },
	{ VA_ACT_CALL,
		"when will|would|is|does|do|are|might|should he|she|they|everyone|anyone|mom|mum|dad|your|mommy|mummy|daddy" },
	{ VA_ACT_WHEN,
		"when|what ?time|day would|is|might|will ?be ?it|a|the|that ?be ?a|the better|best|good|convenient" },
	{ VA_ACT_WHEN, "what|which time|day|hour ?and ?what|which ?time|day|hour "
				   "?is|would|should|can|could|may|shall|suits|suit|works|work ?be ?best|better|i|we|you" },
	{ VA_ACT_CALL, "another|better|different time|moment !for|slot" },
	{ VA_ACT_CALL, "some other time" },
	{ VA_ACT_CALL, "call|ring|phone|try|calling|ringing|trying|phoning ?you|him|her|them|it ?back "
				   "again|back|later|tomorrow|then" },
	{ VA_ACT_CALL, "call|ring|phone|try|calling|ringing|trying you|him|her|them" },
	{ VA_ACT_CALL, "talk|speak ?to|with ?you|him|her then|later|tomorrow|again|soon|on" },
	{ VA_ACT_CALL, "get|check back ?in ?to|with ?you" },
	{ VA_ACT_CALL, "when ?is|are ?he|she|they ?will ?back|home|in|there ?again $" },
	{ VA_ACT_CALL, "when then $" },
	/* visits and bookings */
	{ VA_ACT_VISIT, "see|expect|expecting|seeing|meet|welcome|meeting you|him|her|them|both" },
	{ VA_ACT_VISIT,
		"booked|book|scheduled|schedule|reserved|reserve|penciled|pencilled|pencil|rebooked|rescheduled|confirmed" },
	{ VA_ACT_VISIT, "come|comes|coming|drop|swing|pop|stop|pass ?him|her ?by|over|out|round|in|to" },
	{ VA_ACT_VISIT, "send|sending ?out|over|round someone|somebody|our|a|one|him|her|the ?out "
					"technician|engineer|plumber|electrician|man|guy|crew|team|fitter|surveyor|estimator|driver|"
					"mechanic|gardener|inspector" },
	{ VA_ACT_VISIT, "send|sending someone|somebody" },
	{ VA_ACT_VISIT, "put|putting|have|got|ve|write|writing|mark you|him|her|them|that|it ?all down|in" },
	{ VA_ACT_VISIT, "youre|thats|its all|in|down|on !the ?list" },
	{ VA_ACT_VISIT, "i|we ?could|can|ve|do ?still have|fit|see|do|offer|squeeze|take" },
	{ VA_ACT_VISIT, "ive|weve ?got ?a|an" },
	{ VA_ACT_VISIT, "be there|with|round|over|at" },
	{ VA_ACT_VISIT, "in the book|diary|calendar|schedule" },
	{ VA_ACT_VISIT, "appointment|viewing|consultation|slot|opening" },
	{ VA_ACT_VISIT, "ask for" },
	/* sends something */
	{ VA_ACT_SEND, "send|email|mail|post|text|forward|drop|sending|emailing|posting|mailing|texting|shoot ?on "
				   "?you|him|her|that|it|them|those|the|a|an|over|out|everything|this|some|your|along|one|both" },
	{ VA_ACT_SEND, "e mail|mailing|mailed ?it|you|them|the|that|those|him|her|a" },
	{ VA_ACT_SEND, "in the post|mail" },
	{ VA_ACT_SEND, "on its|their|the way" },
	{ VA_ACT_SEND, "with pleasure" },
	{ VA_ACT_SEND, "youll get|have|receive|find|see it|them|that|the|everything|an|a" },
	{ VA_ACT_SEND, "sent|emailed|texted|posted ?it|them|you|that|to|over" },
	{ VA_ACT_SEND, "on the ?waiting list" },
	{ VA_ACT_SEND, "put|add|get you|him|her ?down ?to|on|in ?the ?waiting|wait ?list" },
	/* takes back */
	{ VA_ACT_CANCEL, "cancel|cancelled|canceled|cancelling|canceling|cancels" },
	{ VA_ACT_CANCEL, "scrap|scrapped|drop|dropped|scratch|scratched it|that|the" },
	{ VA_ACT_CANCEL, "call|called|calling ?it|that|them off" },
	{ VA_ACT_CANCEL, "so|then ?then you dont|wont|no|wouldnt ?longer want|need|like|be" },
	{ VA_ACT_CANCEL, "close|closed|closing ?out your|the|that|this ?file|request|inquiry|enquiry" },
	/* will call no more */
	{ VA_ACT_STOP, "wont|not|never|stop ?be ?ever "
				   "call|ring|phone|contact|calling|ringing|phoning|contacting|called|contacted ?you !anyone|about" },
	{ VA_ACT_STOP, "wont|not|never ?be ?ever hear ?anything from us|me" },
	{ VA_ACT_STOP, "no longer ?be call|ring|phone|contact|called|contacted|receive|get" },
	{ VA_ACT_STOP, "wont|not|never bother|trouble|disturb you again|anymore|any" },
	{ VA_ACT_STOP, "take|taken|taking|removed|removing|remove|struck|crossed ?you|your|it|that|this|the|been "
				   "?straight|right ?number|name|details|entry ?straight|right off|out|from" },
	{ VA_ACT_STOP, "remove|removed|removing|delete|deleted|deleting|blocked|erased|wiped|erase|block ?been "
				   "you|your|it|that|this|the !appointment|booking|visit|order" },
	{ VA_ACT_STOP, "your|the|that|number|name|its|its|youre|youve ?number|name|details ?is|has|have ?been "
				   "removed|deleted|gone|blocked|erased !now" },
	{ VA_ACT_STOP, "number|numbers|name|its|youre|youve|details ?is|are|has|been off|out ?of ?our|the|my|all $" },
	{ VA_ACT_STOP, "no more|further ?marketing|sales|phone calls|contact|calling" },
	{ VA_ACT_STOP,
		"off ?of ?the|our|my|every ?call|calling|contact|marketing list|lists|system|database|books|record|records" },
	{ VA_ACT_STOP, "do not call" },
	{ VA_ACT_STOP, "opted|opt ?you out" },
	{ VA_ACT_STOP, "we|you|us ?to stop" },

	/* what the person may do */
	{ VA_ACT_TERMS, "say|saying|text|texting|reply|replying ?us ?the ?word stop|no|so|unsubscribe" },
	{ VA_ACT_TERMS, "tell|ask|let|asking me|us ?know !take|remove|get|put|do|see|check|make|delete" },
	{ VA_ACT_TERMS, "just|simply say|ask|tell|shout" },
	{ VA_ACT_TERMS, "press|dial ?the ?number|key" },
	{ VA_ACT_TERMS,
		"if|should|whenever|unless|once|when|in ?case you|youd|youre|youve|anybody|anyone|somebody|someone" },
	{ VA_ACT_TERMS,
		"you ?always can|could|may|might ?always ?also ask|tell|say|opt|request|choose|withdraw|unsubscribe" },
	{ VA_ACT_TERMS, "you ?always can|could|may|might ?always ?also be|get|have ?your|the ?number|name "
					"removed|taken|struck|deleted|crossed" },
	{ VA_ACT_TERMS, "how to|you" },

	/* it was another that was called */
	{ VA_INTENT_WRONG_NUMBER, "wrong|incorrect number|person|house|place|line|party|extension|details" },
	{ VA_INTENT_WRONG_NUMBER, "correct|fix|update|amend|change|correcting|updating that|it|this|our|my|the "
							  "?record|records|number|list|file|entry" },
	{ VA_INTENT_WRONG_NUMBER, "my mistake|error|bad|fault" },
	{ VA_INTENT_WRONG_NUMBER, "misdialed|misdialled" },
	{ VA_INTENT_WRONG_NUMBER, "number is|was|must|seems|isnt ?be ?not wrong|incorrect|right|outdated|old|correct" },
	{ VA_INTENT_WRONG_NUMBER, "so youre|its|thats|this|hes|shes|you ?is|are not ?him|her|mr|mrs|ms|the" },
	{ VA_INTENT_WRONG_NUMBER, "mixed|mix ?it|up the|up|numbers" },
	{ VA_INTENT_WRONG_NUMBER, "dialed|dialled|got the|a|it ?wrong|wrongly" },
	{ VA_ACT_SORRY, "sorry|apologize|apologise|apologies|pardon|forgive|excuse|mistake" },
	/* asks for somebody who is grown up */
	{ VA_ACT_ADULT,
		"your|ur ?a mom|mum|mommy|mummy|dad|daddy|parent|parents|mama|papa|grandma|grandpa|grown|grownups ?or" },
	{ VA_ACT_ADULT, "grown|grownup|grownups|adult|adults" },
	/* asks how it was */
	{ VA_ACT_SURVEY, "how do|did|are|was|is|were|has you|your|the|it|everything|that|our|things|he|she" },
	{ VA_ACT_SURVEY, "did you|they|it receive|get|enjoy|see|have|manage|arrive" },
	{ VA_ACT_SURVEY, "recommend|satisfied|satisfaction|feedback|survey|opinion|rate|courtesy|questionnaire" },
	{ VA_ACT_SURVEY, "any|have ?you ?any questions|question|concerns" },
	{ VA_ACT_SURVEY, "anything i|we|else|you" },
	{ VA_ACT_SURVEY, "thank|thanks ?you for your time|answers|feedback|answering|help" },
	/* offers something */
	{ VA_ACT_OFFER, "=would|are|do|dont|did|might you|he|she|they ?all ?not ?be ?still ?perhaps|maybe "
					"like|interested|want|need|wish|prefer|care" },
	{ VA_ACT_OFFER, "=interested in" },
	{ VA_ACT_OFFER, "=shall|may|can|could|should|might i|we|someone|somebody|our|one|an|a *2 "
					"send|book|schedule|arrange|come|offer|show|give|tell|email|mail|put|sign|make|stop|visit|reserve|"
					"set|explain|drop" },
	{ VA_ACT_OFFER,
		"would|are|do|dont|did|might you|he|she|they ?not ?be ?still ?like|interested|want|need|wish|prefer|care" },
	{ VA_ACT_OFFER, "shall|may|can|could|should|might i|we" },
	{ VA_ACT_OFFER, "interested" },
	{ VA_ACT_OFFER, "want|like me|us|to" },
	/* hears a no */
	{ VA_ACT_DECLINED, "no|not|zero|isnt ?any interest|interested|need|offer|thanks" },
	{ VA_ACT_DECLINED, "thats|it|its|a ?is|was ?a no" },

	{ VA_ACT_DECLINED, "fair enough" },
	{ VA_ACT_DECLINED, "respect that|your" },
	{ VA_ACT_DECLINED, "wont|not keep|take|press|push|insist|hold|bother|trouble ?up ?you|your|any|it" },
	/* agrees */
	{ VA_ACT_NOTED,
		"^ "
		"great|perfect|lovely|wonderful|good|excellent|okay|ok|alright|fine|right|agreed|exactly|sure|brilliant|super|"
		"certainly|absolutely|splendid|deal|done|settled|noted|yes|fantastic|marvelous|marvellous|smashing" },
	{ VA_ACT_NOTED, "^ of|no|all|very course|problem|right|set|good|well" },
	{ VA_ACT_NOTED, "it|that is" },
	{ VA_ACT_NOTED, "ive|weve|thats|its|all ?been noted|moved|changed|made|set|done|written|sorted|put|entered|down" },
	{ VA_ACT_NOTED,
		"see|talk|speak ?to ?you then|there|tomorrow|on|later|soon|monday|tuesday|wednesday|thursday|friday" },
	/* nobody is there any more */
	{ VA_INTENT_LOST, "^ hello ?hello ?are $" },
	{ VA_INTENT_LOST, "are|is you|anyone|anybody|somebody ?still there|on|with" },
	{ VA_INTENT_LOST, "can|do|could you ?still|me hear|still" },
	{ VA_INTENT_LOST, "line|connection|call|signal|phone ?is|was|has|went|seems|got|just ?to ?have|be|been ?gone "
					  "dropped|cut|dead|lost|off|disconnected|broken|bad|ended|silent|quiet|gone" },
	{ VA_INTENT_LOST, "lost|losing you|him|her|the|connection" },
	{ VA_INTENT_LOST, "cut|cutting off|out" },
	{ VA_INTENT_LOST, "disconnected|silence" },
	{ VA_INTENT_LOST, "no answer|reply|response|one" },
	{ VA_INTENT_LOST, "let you go|get|see" },
	{ VA_INTENT_LOST, "is everything|everyone ?all|ok|okay|alright" },
	{ VA_INTENT_LOST, "take|look|go|attend care|after|see of|to ?it|that" },
	/* asks for words to be spelled, or for a sign to stop at */
	{ VA_ACT_CUE, "spell|spelling|spelled|spelt|letter|letters" },
	{ VA_ACT_CUE,
		"shall|should|do|can|may ?you ?want ?i|we|me ?to stop|pause|continue ?or !calling|ringing|phoning|contacting" },
	{ VA_ACT_CUE, "read|reading|repeat ?it|them|that ?all ?back|out" },
	{ VA_ACT_CUE, "street|road ?name|called" },
};

const VaIntentTable va_acts_en = {
	.language = "en", .patterns = patterns, .count = sizeof(patterns) / sizeof(patterns[0])
};
