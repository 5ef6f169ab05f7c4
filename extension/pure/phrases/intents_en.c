/*-------------------------------------------------------------------------
 * intents_en.c
 *		English: what people do with words on the telephone.
 *
 * Words are folded: small letters, no accents, no apostrophes.
 */
#include "pure/phrases/intents.h"

#define OPT_OUT VA_INTENT_OPT_OUT
#define WRONG VA_INTENT_WRONG_NUMBER
#define CALLBACK VA_INTENT_CALLBACK
#define REFUSAL VA_INTENT_REFUSAL
#define INTEREST VA_INTENT_INTEREST
#define VOICEMAIL VA_INTENT_VOICEMAIL
#define BUSY VA_INTENT_BUSY

static const VaIntentPattern patterns[] = {
	/* asks to be called no more, as strangers ask */
	{ OPT_OUT, "not|never|no ?to ?ever ?longer ?be ?being contacted|called|phoned|rung|bothered|disturbed ?by "
			   "?you|anyone again|anymore|ever" },
	{ OPT_OUT, "not|never ?to ?be ?being contacted|called|phoned|rung|bothered ?by ?you any more|longer" },
	{ OPT_OUT,
		"refrain|desist|abstain from ?any ?all ?further|making calling|phoning|contacting|calls|contact|ringing" },
	{ OPT_OUT, "knock|cut it off|out *3 calls|calling|phoning" },
	{ OPT_OUT, "=no call|calls|contact|phone list|register|registry" },
	{ OPT_OUT, "=scratch|strike|cross|take|drop me|us|my|this ?number|name off "
			   "!speaker|hold|the|at|in|work|my|for|monday|tuesday|wednesday|thursday|friday|saturday|sunday|guard|"
			   "mute|your|this|that|of|any|whatever|every|all" },
	{ OPT_OUT, "never|dont|not|wont *1 want|need|accept|take *1 another|further|more call|calls|contact ?from" },
	{ OPT_OUT, "prefer|like|love|rather|appreciate *3 you|they didnt|not|dont|stopped|quit ?ever "
			   "call|calling|ring|ringing|contact|phone|contacting ?me|us any more|longer" },
	{ OPT_OUT,
		"need|have|want|guys|people|gotta|got to|must stop|quit calling|ringing|phoning|harassing ?me|us ?here" },
	{ OPT_OUT, "dont ?ever|even|bother|try call|calling|ring|phone ?me|us back $" },
	/* what a machine alone says; what strangers say */
	{ VOICEMAIL, "=after|at|following|hear the|a ?long|short tone|beep|signal|bleep" },
	{ VOICEMAIL, "=press pound|hash|star|one|two|three|nine|zero|0 ?key to|at|for|when|if|now" },
	{ VOICEMAIL, "=re record" },
	{ VOICEMAIL, "=mailbox ?is ?currently full" },
	{ VOICEMAIL, "=number|person|subscriber|customer|party ?that|whom you ?have|are|ve dialed|dialled|called|calling" },
	{ VOICEMAIL, "=please record|leave ?us|me your|a ?brief|short|detailed message" },
	{ OPT_OUT,
		"ask|asking|prefer|rather|appreciate|request|like ?it ?if ?that you ?all ?please ?would not|dont|didnt|never "
		"?to ?ever call|contact|phone|ring|bother ?me|us|this|my ?number ?here ?here again|anymore|ever" },
	{ VA_INTENT_YES, "all good|fine|okay|well $" },
	{ VA_INTENT_YES, "will do" },
	{ INTEREST, "please|yes ?please do that|so|it" },
	{ REFUSAL, "no|any|isnt|see|much ?any|a|the ?real point|sense ?in" },
	{ REFUSAL, "decided|chose|chosen|opted to|on|against *4 instead" },
	{ REFUSAL, "decided|deciding against|otherwise|not" },
	{ REFUSAL,
		"went|gone|switched|switching|moved|changed over|to|with|for|providers|suppliers ?another|a|different|new "
		"?different ?new provider|company|firm|supplier|competitor|competition|outfit|contractor" },
	{ REFUSAL, "were|im|are|am ?all done here|with|talking" },
	{ REFUSAL, "not going|moving|looking ?to ahead|forward|through|further|go|proceed" },
	{ REFUSAL, "too dear|steep|rich|costly|much ?for ?us|me|money" },
	{ REFUSAL, "out of my|our price|budget|league" },
	{ REFUSAL, "not|isnt|arent|wont ?be ?really needed|wanted|required|necessary" },
	{ REFUSAL, "not ?by|for|from him|her|them|us|me ?and|or|nor|either|anymore" },
	{ REFUSAL, "i|we|that|it ?was|were|am|is|im ?only|just|obviously ?a joke|joking|sarcasm|sarcastic" },
	{ REFUSAL, "^ hard|firm|big no|pass" },
	{ REFUSAL, "hell|heck no" },
	{ REFUSAL, "when hell|pigs freezes|fly" },
	{ REFUSAL, "thats|its|thatd|id ?be ?a ?still ?flat|hard|big|firm ?a no ?from" },
	{ VA_INTENT_WITHDRAWAL, "on second thought|thoughts" },
	{ VA_INTENT_WITHDRAWAL, "leave it $" },
	{ VA_INTENT_LOST, "something|somethings|house|kitchen|stove|pan|toast|dinner|is|its is|on|s fire|burning|smoking" },
	/* asks what the call is about, and no more */
	{ VA_INTENT_NONE,
		"tell|explain|know|hear|say ?to ?me|us ?please|first|exactly what|whats ?exactly|all ?this|it|thats|"
		"its|that|the|your|you|youre ?call|offer ?is|was|are ?this|it|that|calling ?call ?all ?in "
		"about|regarding|concerning|for|calling ?about" },
	{ VA_INTENT_NONE, "what is|was ?exactly ?this|it|that|your|the ?call ?all ?in about|regarding|concerning|for" },
	{ VA_INTENT_NONE, "whats ?all|exactly ?this|it|that|your|the ?call ?all ?in about|regarding|concerning|for" },
	{ VA_INTENT_NONE,
		"id|i|we|wed ?would ?first like|want|love|need|have ?first to ?first know|hear|understand what|whats "
		"?this|it|that|its|thats ?is|s ?this|it|that ?call ?all about|regarding|concerning" },
	{ OPT_OUT,
		"=no more|further ?sales|marketing|phone calls ?please ?ever|at|after ?all ?from ?that|this|you ?please $" },
	{ OPT_OUT, "=dont|never want *4 call|calls|called|calling|contacted *4 ever again" },
	{ OPT_OUT,
		"=is|be|its|thats|was ?to ?be ?this|it ?the|my ?very ?absolute last time ?that you|anyone|anybody|anybodys "
		"call|calls|phone|ring|rings" },
	{ OPT_OUT, "=this|that|it|thats|was ?is|was ?to ?be ?the|your ?very last ?phone call ?that i ?ever|will|want|ill "
			   "?ever|to take|get|accept|answer|want|receive|have from" },
	{ OPT_OUT, "=let|make ?sure this|that|it ?to ?be|is ?your|the ?very last ?phone call|time" },
	{ OPT_OUT,
		"dont|never|not ?ever ?even|please call|phone|ring|contact|bother|text ?me|us|here afterwards|afterward" },
	{ OPT_OUT,
		"=make|making|see ?to ?it sure|certain|that ?that nobody|noone|no ?one calls|rings|phones|contacts|bothers "
		"?me|us|here *2 again|anymore|ever" },
	{ OPT_OUT, "=want|like|need my|this|our ?phone number|numbers|name|details|data ?to ?be "
			   "removed|deleted|erased|taken|gone|off" },
	{ OPT_OUT, "=you|please|then|just ?can|could|may|must|should delete|erase|remove|drop me|us from|off ?of "
			   "?your|the|this|any|all ?of ?your ?call|calling|contact|phone "
			   "list|lists|database|databases|system|systems|records|books" },
	{ WRONG, "=have|has|got|reached|called|dialed|dialled ?reached ?got the|a wrong number|house|person" },
	{ WRONG, "=wrong number" },
	{ VA_INTENT_WITHDRAWAL,
		"cancel ?the|my|our|this|that|it ?whole ?appointment|booking|visit|meeting|reservation|slot" },
	{ OPT_OUT, "stop|quit|cease calling|phoning|ringing|contacting|bothering|harassing|pestering|texting|spamming "
			   "!him|her|them|my|people|it|those|a|an ?me|us|here|this|the|our ?number|house|phone|office|line|place" },
	{ OPT_OUT,
		"stop|quit|cease with|all|making ?all ?the|these|your|this ?sales|marketing|phone|spam|robo calls|calling" },
	{ OPT_OUT, "stop|quit|cease these|the|your ?sales|marketing|phone|spam calls" },
	{ OPT_OUT, "dont|never ?you ?dare ?ever|even call|phone|ring|contact|bother|dial|disturb ?me|us|here|this|my|our "
			   "?number|house|phone|line|office|home ?ever|please again|anymore|ever" },
	{ OPT_OUT, "dont|never ?you ?dare ?ever|even call|phone|ring|contact|bother|dial|disturb ?me|us|here|this|my|our "
			   "?number|house|phone|line|office|home any more|longer" },
	{ OPT_OUT, "do not ?ever call|phone|ring|contact|bother|dial|disturb ?me|us|here|this|my|our "
			   "?number|house|phone|line|office|home ?ever again|anymore|ever" },
	{ OPT_OUT, "do not ?ever call|phone|ring|contact|bother|disturb ?me|us|here|this|my ?number|phone|line any more" },
	{ OPT_OUT, "never ever call|phone|ring|contact ?me|us|here|this ?number" },
	{ OPT_OUT, "never ever|again call|phone|ring|contact ?me|us|here|this ?number" },
	{ OPT_OUT,
		"dont|never want ?you|to|any|anybody|anyone|another *3 call|calls|called|calling|contacted|contact|contacting "
		"?me|us|here|this|from ?number|you|your ?people|company|lot ?ever again|anymore|ever" },
	{ OPT_OUT, "dont|never want ?you|to|any *2 call|calls|called|contacted ?me|us|here ?ever any more" },
	{ OPT_OUT, "not want you|to|any|anyone *3 call|calls|called|calling|contacted ?me|us|here|this|from ?number|you "
			   "?ever again|anymore|ever" },
	{ OPT_OUT, "not want you|to|any *3 call|calls|called|contacted ?me|us|here ?ever any more" },
	{ OPT_OUT, "dont want ?any|to|your|these|you|anymore ?more|get|receive|calling|hear *1 ?these|any|more "
			   "calls|from|calling !him|her|today|now|right|until ?you|me|us ?guys|people|lot|again|anymore" },
	{ OPT_OUT, "=take|remove|strike|cross|scratch|drop|get|pull|wipe ?me|us|my|this|our|mine ?phone|cell|home|whole "
			   "?number|name|numbers|details|family|house ?right|straight ?off|out|from ?of ?of "
			   "?your|the|this|that|any|every|all|whatever ?of ?your|the "
			   "?call|calling|callers|phone|contact|marketing|mailing|telemarketing|dialing|damn|bloody|stupid|sales "
			   "list|lists|database|databases|system|systems|records|books|directory|dialer !of" },
	{ OPT_OUT, "=remove|delete|erase|lose|forget|block|scrub|wipe my|this|our ?phone|cell|mobile "
			   "?number|details|data|contact|information|name number|details|data|contact|information|name !him|her" },
	{ OPT_OUT, "=remove|delete|erase|lose|forget|block my|this|our number|details|data|name" },
	{ OPT_OUT, "=delete|remove|erase me|us ?from|off ?of ?your|the|it|there|that !list|lists $" },
	{ OPT_OUT, "=be|get|want|like|being|been ?to ?be removed|deleted|erased|taken ?off|from|out ?of ?your|the|this "
			   "?call|calling|phone|contact|marketing list|lists|database|system|records|off" },
	{ OPT_OUT, "=put|add|place|get|keep me|us|my|this|our ?number|name|phone ?down ?on|to|in ?your|the "
			   "?company|internal|national do|dont|donot ?not call|contact" },
	{ OPT_OUT, "no more calls|calling|phone|of ?calls|these|this|your ?calls" },
	{ OPT_OUT, "=opt me|us|out ?out" },
	{ OPT_OUT, "=opting out" },
	{ OPT_OUT, "=unsubscribe ?me|us|my" },
	{ OPT_OUT, "=do|donot not call|contact list|registry|register" },
	{ OPT_OUT, "dont ever *1 call|phone|ring|contact|bother ?me|us|here|this ?number" },
	{ OPT_OUT, "=leave me|us ?the ?hell alone" },
	{ OPT_OUT, "=leave my|this|our number|phone alone" },
	{ OPT_OUT, "rather|prefer ?you|that|if ?you not|didnt|dont|never call|contact ?me|us|here any more|longer" },
	{ OPT_OUT, "rather|prefer ?you|that|if ?you not|didnt|dont|never call|contact ?me|us|here ?ever again|anymore" },
	{ OPT_OUT,
		"ask|asking|asked|tell|telling|told you|people ?all ?guys|people|lot ?to not to call|contact ?me|us|again" },
	{ OPT_OUT, "=revoke|withdraw|withdrawing|revoking my|our consent|permission" },
	{ WRONG, "wrong number|person|guy|house|lady|man|woman|extension|line" },
	{ WRONG, "dialed|dialled|called|rang|got|have ?the ?a wrong !time|day|idea|impression|end" },
	{ WRONG, "no|nobody|noone|nobodys ?one ?here ?is ?by|called|named|with ?of that|the name" },
	{ WRONG, "no|nobody|noone ?one ?here ?is by|called|named|of|with ?that|the !me ?name" },
	{ WRONG, "there|theres|theirs is|isnt|no|nobody|not ?no|any|one|anyone ?one|any ?here *2 here|named|called|by" },
	{ WRONG, "doesnt|dont|didnt|never|not ?ever live|lived|work|worked|lives here|at ?this ?anymore" },
	{ WRONG, "no longer ?lives|works|has|live|work|have|with ?here|this|at ?number" },
	{ WRONG, "dont|never know|knew|heard|hear ?of any|anyone|anybody|nobody ?by|called|named ?that|of|who ?name" },
	{ WRONG, "never heard of him|her|them|that|any|anyone|this" },
	{ WRONG,
		"dont know who|whom|anyone|anybody that|this|hes|shes|youre|called|named|by ?is|person|talking|looking|that" },
	{ WRONG, "isnt|not ?his|her|their|the|a|my|is number|phone !to|where ?anymore|any" },
	{ WRONG, "had|have|got this ?same ?phone|cell number for" },
	{ WRONG, "new|got|just *2 this number" },
	{ WRONG, "not the person|one|guy|man|woman|lady youre|you|your|they|that ?are ?looking|want|after|need" },
	{ WRONG, "im|am|was|thats not|never ?him|her|me ?the ?by that|called ?name|person ?youre|$" },
	{ WRONG, "not|isnt my name" },
	{ WRONG, "he|she|they moved ?away|out|on" },
	{ CALLBACK,
		"call|ring|phone|try|contact|reach|telephone|buzz|dial ?me|us|him|her|again|it|my ?cell|mobile|back|again|up "
		"back|later|tomorrow|tonight|then|again|next|on|at|in|around|about|after|before|between|this|when|monday|"
		"tuesday|wednesday|thursday|friday|saturday|sunday|anytime|any|some|another|a|sometime|first !number|me|the" },
	{ CALLBACK, "call|ring|phone|try|contact|reach ?me|us|him|her back|later|again|tomorrow" },
	{ CALLBACK, "call|ring|phone ?me|us back" },
	{ CALLBACK, "give|gimme me|us|him|her a|another call|ring|shout|buzz|bell|try" },
	{ CALLBACK, "another|different|better time|day|moment !to ?would|might|works|please|is|perhaps|maybe|,|$" },
	{ CALLBACK, "some|any other time|day" },
	{ CALLBACK, "can|could|would|will|might|maybe you ?please|maybe|possibly|just call|ring|phone|try "
				"?me|us|him|her|again|back *4 later|back|tomorrow|again|next|after|at|on|in" },
	{ CALLBACK, "catch|reach|get me|him|her|us ?at|on|later|tomorrow|after|around|in|another ?a|the|" },
	{ CALLBACK, "better ?to ?call|time|if ?you ?called|tomorrow|later|at|on|after|next" },
	{ CALLBACK, "later ?today|on|this ?would|is ?be|works ?better|fine|please" },
	{ CALLBACK, "try again" },
	{ CALLBACK, "talk|speak ?to ?me|us tomorrow|later|next|on !then" },
	{ VA_INTENT_DEFERRAL, "ill|we|well|i|let ?will|me|us|can|could|might ?just call|ring|phone|give|get ?you|back|to "
						  "?guys|a ?back|call|ring|to|when|if|later ?you" },
	{ VA_INTENT_DEFERRAL, "think|thinking it|about|on ?over|it|this|that" },
	{ VA_INTENT_DEFERRAL,
		"need|have|want|got|like to talk|speak|check|discuss|run|ask ?it|this|with|to ?over|by|past ?with|to|my|our" },
	{ REFUSAL, "not ?really|at|very|all|even|remotely|that|particularly ?all interested|interest|interesting" },
	{ REFUSAL, "isnt|aint|arent|wasnt|no|zero ?longer|really|any interested|interest" },
	{ REFUSAL, "no thanks|thank|thankyou" },
	{ REFUSAL, "dont|not ?really need|want|care|require *2 "
			   "it|any|anything|this|that|one|your|to|another|for|him|her|either|$" },
	{ REFUSAL, "not for me|us|you" },
	{ REFUSAL, "not something ?i|we|id|were|im|thats" },
	{ REFUSAL, "no need|interest|use ?for|of|in" },
	{ REFUSAL, "all set|good|sorted|fine|covered ?thanks|thank|for|here ?now|you $" },
	{ REFUSAL, "already|weve|ive ?ive|weve|we|i|got|have got|have|use|using|with|had|taken "
			   "?a|an|one|someone|somebody|it|that|bought|booked|went|chose|signed|hired|work" },
	{ REFUSAL, "happy|satisfied|fine|content with what|my|our|who|the" },
	{ REFUSAL, "rather not" },
	{ REFUSAL, "ill|well|going|gonna|have ?have|to|going ?to pass|decline" },
	{ REFUSAL, "count me|us out" },
	{ REFUSAL, "not today|thanks|thank ?thanks|thank $" },
	{ REFUSAL, "waste|wasting|wasted ?of ?my|your|our|anymore|more time|breath" },
	{ REFUSAL, "waste of ?my|your time|money" },
	{ REFUSAL, "no way|chance" },
	{ REFUSAL, "too expensive|pricey|much money" },
	{ REFUSAL, "cant|couldnt afford ?it|that" },
	{ REFUSAL, "go to hell" },
	{ REFUSAL, "get lost" },
	{ REFUSAL, "absolutely|definitely|certainly|really|please not|no" },
	{ REFUSAL, "changed my|our mind" },
	{ REFUSAL, "not going|gonna to ?do|happen|buy|work|change" },
	{ INTEREST, "im|am|were|be|are|very|quite|definitely|sounds|really|might|still|thats|pretty "
				"?be|very|quite|definitely|really|still|actually|kind|sort|certainly ?of "
				"interested|interesting|intrigued|curious !but" },
	{ INTEREST, "tell|send|show|give|mail|email me|us|it ?a|some|the|more|over ?bit|little *2 "
				"more|about|details|info|information|brochure|quote|something|email|estimate|prices|price|pricing|link|"
				"how|what" },
	{ INTEREST, "sounds|sound ?really|pretty|very|quite|like ?a|really "
				"good|great|interesting|nice|perfect|useful|fantastic|promising|plan|deal|reasonable|wonderful "
				"?idea|thing|plan" },
	{ INTEREST, "id|would|we|i ?would|really ?i|we ?definitely love|like|want|appreciate ?to|that|a|an|some !not "
				"?hear|know|see|learn|book|come|try|have|meet|find|get|make|schedule|set|more" },
	{ INTEREST, "how much ?does|would|is|will ?it|that|this|the|your|you ?cost|price|prices|rates|charge|fee" },
	{ INTEREST, "what|how does|would|about|is|are|do ?does|would|is|will ?it|that|this|the|your|you "
				"cost|price|prices|rates|charge|fee" },
	{ INTEREST, "how does|would|about|do ?it|that|this|the|your|you" },
	{ INTEREST, "count me|us in" },
	{ INTEREST, "go ahead" },
	{ INTEREST, "lets do|try|go|book|schedule|set|make ?it|that|this|for|ahead|up" },
	{ INTEREST, "put|book|schedule|sign|pencil me|us down|in|for|up" },
	{ INTEREST, "that|thatll|it|thursday|monday|tuesday|wednesday|friday|that|which|thatd|either works|work|suits|fits "
				"?for|me|fine" },
	{ INTEREST, "why not $" },
	{ VOICEMAIL, "leave ?us|me ?a|your|an ?brief|short|detailed|name|voice message|voicemail|number|name !for|with" },
	{ VOICEMAIL, "leave ?us|me your name" },
	{ VOICEMAIL, "after|at|following the tone|beep|signal" },
	{ VOICEMAIL, "reached ?the ?personal voicemail|voice|mailbox|answering|mail" },
	{ VOICEMAIL, "youve|have|you ?have reached" },
	{ VOICEMAIL, "voicemail|voice|mailbox|answering ?mail|mailbox ?box|of|for|service|machine|system "
				 "is|for|of|belonging|full|has|service|machine|system" },
	{ VOICEMAIL, "not|isnt|unavailable|unable|cant|cannot|couldnt ?to|currently ?come|available|take|answer|get|able "
				 "?to ?come|take|the|your|answer ?to|your|the|my phone|call|moment|right" },
	{ VOICEMAIL, "record your|a message" },
	{ VOICEMAIL, "your call has been forwarded" },
	{ VOICEMAIL, "mailbox is full|not|currently" },
	{ VOICEMAIL, "get|ill|well ?will ?get|call ?you ?back ?to|you ?back as soon as" },
	{ VOICEMAIL, "the person|party|customer|subscriber ?you|youre ?are ?are|have ?calling|trying|called|dialed" },
	{ VOICEMAIL, "press pound|one|hash|1|star ?when|for|to" },
	{ VA_INTENT_CHILD, "mommy|mummy|daddy|mama|grandma|nana|papa|momma" },
	{ VA_INTENT_CHILD, "my|her|the mom|mum|dad|mother|father|parents|grandma|teacher "
					   "is|isnt|are|arent|says|said|cant|went|not|told|s|does|doesnt|takes|handles|comes !handles" },
	{ VA_INTENT_CHILD, "mom|mum|dad|moms|mums|dads is|isnt|says|said|cant|not|went|at|in|sleeping|out|on" },
	{ VA_INTENT_CHILD,
		"im|am|only|just ?only|just ?a three|four|five|six|seven|eight|nine|ten|eleven|twelve|kid|child|little|0 $" },
	{ VA_INTENT_CHILD,
		"im|am|only ?only|just three|four|five|six|seven|eight|nine|ten|eleven|twelve|0 and|years|year" },
	{ VA_INTENT_CHILD, "not allowed|supposed to talk|speak|answer|tell|give|pick" },
	{ VA_INTENT_OTHER, "hes|shes|theyre not|out|away|at|asleep|in|sleeping|busy|off|on|driving "
					   "?here|home|in|available|around|a|the|at|work" },
	{ VA_INTENT_OTHER,
		"he|she|they is|isnt|are|arent|aint not|here|home|in|around|available|out|at ?here|home|in|around|available" },
	{ VA_INTENT_OTHER,
		"this|im|i|speaking ?is|am|to|with ?just his|her|their|the "
		"wife|husband|son|daughter|mother|father|mom|dad|brother|sister|assistant|secretary|roommate|receptionist|"
		"partner|nurse|carer|neighbor|neighbour|babysitter|housekeeper|colleague|flatmate|girlfriend|boyfriend" },
	{ VA_INTENT_OTHER,
		"his|her wife|husband|son|daughter|mother|assistant|secretary|roommate|partner speaking|here|$" },
	{ VA_INTENT_OTHER, "my husband|wife|son|daughter|partner|boss|mother|father|brother|sister|roommate "
					   "handles|does|deals|takes|isnt|is|decides|makes|who|you" },
	{ VA_INTENT_OTHER, "take a message" },
	{ VA_INTENT_OTHER, "tell|let him|her|them ?know ?you|that|to called|call" },
	{ BUSY, "im|am|were|really|bit|little|pretty|very|kinda|right|too ?a|really|bit|kind|in|very ?of|a|bit ?in "
			"busy|driving|working|meeting|rush|hurry|middle|eating|tied" },
	{ BUSY, "bad|awkward|terrible|inconvenient|poor|busy time|moment" },
	{ BUSY, "not ?a|the|really|right ?a|good|great|best ?good|great|best time|moment|now" },
	{ BUSY, "cant|cannot|cant|couldnt ?really|actually talk|speak|chat ?right|now|here" },
	{ BUSY, "in|into|having|entering|at ?the|a|an ?middle|doctors ?of "
			"meeting|appointment|conference|hospital|class|traffic|something|work|dinner|lunch|funeral" },
	{ BUSY, "no|dont|havent ?have|got|really ?any|the|got time|minute ?right|now|for" },
	{ BUSY, "not|isnt ?right now" },
	{ BUSY, "middle of" },
	{ VA_INTENT_WITHDRAWAL, "never mind" },
	{ VA_INTENT_WITHDRAWAL, "nevermind" },
	{ VA_INTENT_WITHDRAWAL, "forget it|that|about|what|i" },
	{ VA_INTENT_WITHDRAWAL, "scratch that" },
	{ VA_INTENT_WITHDRAWAL, "cancel it|that|the|this|my|everything" },
	{ VA_INTENT_WITHDRAWAL, "on second thought|thoughts" },
	{ VA_INTENT_WITHDRAWAL, "actually|wait|hmm ?you|wait ?know ?what no|dont|not|cancel|forget|leave !problem" },
	{ VA_INTENT_WITHDRAWAL, "take|taking that|it back" },
	{ VA_INTENT_SARCASM, "oh|well ?how|well|just|thats "
						 "great|wonderful|fantastic|lovely|joy|brilliant|super|marvelous|fabulous|goody|perfect "
						 "?another|a|more|just|one|because|robot !i|thanks|thank|yes|thats" },
	{ VA_INTENT_SARCASM, "how|what ?a|absolutely lovely|thrilling|exciting|delightful|wonderful|joy|treat|surprise" },
	{ VA_INTENT_SARCASM, "sure because|ill|why" },
	{ VA_INTENT_NO, "^ no|nope|nah|negative" },
	{ VA_INTENT_NO, "^ absolutely|definitely|certainly|of not|course ?not" },
	{ VA_INTENT_NO, "^ not really|quite|exactly|at|yet" },
	{ VA_INTENT_NO, "^ i dont|do|didnt|cant|wont|havent ?not $" },
	{ VA_INTENT_YES, "^ "
					 "yes|yeah|yep|yup|brilliant|smashing|awesome|cool|super|lovely|wonderful|fab|aye|sound|excellent|"
					 "sure|ok|okay|absolutely|definitely|certainly|correct|right|exactly|perfect|great|fine|alright|"
					 "indeed|speaking|yea|totally|gladly|agreed|deal !right" },
	{ VA_INTENT_YES, "^ of course" },
	{ VA_INTENT_YES, "^ all right" },
	{ VA_INTENT_YES, "^ thats|that|this ?is right|correct|fine|me|it|true|great|perfect|him|her|he|she" },
	{ VA_INTENT_YES, "^ i do|would|did|am|can|have|will|agree $" },
	{ VA_INTENT_YES, "^ please do" },
	{ VA_INTENT_YES, "^ uh|mm huh|hm" },
	{ VA_INTENT_YES, "^ you got|bet ?it" },
	{ VA_INTENT_GOODBYE, "goodbye|bye|cheerio" },
	{ VA_INTENT_GOODBYE,
		"have|you|take ?have a|too|care ?good|nice|great|lovely|wonderful ?day|evening|one|afternoon|weekend" },
	{ VA_INTENT_ACCEPT, "ill|well|we|i ?will take it|that|him|her|them|one" },
	{ VA_INTENT_ACCEPT, "ill|well|we|i|shell|hell|theyll ?will be there|home|in|around|ready|waiting" },
	{ VA_INTENT_ACCEPT, "i|we|she|he can make|do|manage ?it|that|there|then" },
	{ VA_INTENT_ACCEPT, "that|thatll|thatd|it|itll|this|which|theyll ?would|will ?be works|work|suits|fits|suit|fit "
						"?for|me|fine|well|us" },
	{ VA_INTENT_ACCEPT,
		"that|thatll|thatd|it|itll|its|thats|this|which|then ?is|would|will ?be "
		"good|fine|perfect|great|ideal|lovely|wonderful|excellent|free|grand|brilliant|okay|ok !but|one" },
	{ VA_INTENT_ACCEPT, "put|pencil|book|sign|mark|stick|squeeze me|us|him|her|them ?right down|in|up" },
	{ VA_INTENT_ACCEPT,
		"see you ?all|both|guys then|there|on|tomorrow|at|thursday|friday|monday|tuesday|wednesday|saturday|sunday" },
	{ VA_INTENT_ACCEPT, "looks|sounds good|great|fine|perfect|ok|okay" },
	{ VA_INTENT_ACCEPT, "no problem|problems|objection|objections" },
	{ VA_INTENT_ACCEPT, "nothing|not|havent ?got ?anything against" },
	{ VA_INTENT_ACCEPT, "im|were|shes|hes free|clear|open|available|off" },
	{ VA_INTENT_ACCEPT, "dont|wouldnt mind" },
	{ VA_INTENT_ACCEPT, "fine|good|okay|ok|great|perfect|alright by|with|for me|us|him|her" },
	{ VA_INTENT_ACCEPT, "thats|its|were settled|agreed|booked|sorted" },
	{ VA_INTENT_ACCEPT, "confirmed|agreed $" },
	{ VA_INTENT_ACCEPT, "till|until then $" },
	{ VA_INTENT_ACCEPT, "do ?that|it|so please" },
	{ VA_INTENT_ACCEPT,
		"ill|well|shell|hell ?be bring|drive|come|meet|leave|tell|pick|make|let|expect|keep|wait|have" },
	{ VA_INTENT_LOST, "cant|cannot|barely|hardly|couldnt|didnt|dont ?really|even|quite|properly hear|understand|catch "
					  "?you|a|anything|me" },
	{ VA_INTENT_LOST, "youre|keep|keeps|keeping|its|line|signal|reception|connection|phone|phones|batterys|battery "
					  "?is|are|keeps|s|about|going|almost|nearly ?to "
					  "breaking|cutting|terrible|dying|dead|die|dropping|crackling|fading ?up|out|off|in" },
	{ VA_INTENT_LOST, "^ hello ?are ?hello $" },
	{ VA_INTENT_LOST, "^ hello hello" },
	{ VA_INTENT_LOST, "speak|talk up" },
	{ VA_INTENT_LOST, "gotta|must|need|got|have ?to go|run|dash|hang|fly ?now|up|bye|sorry|$" },
	{ VA_INTENT_LOST, "im|ill ?am|going|just ?to hanging|hang up" },
	{ VA_INTENT_LOST, "no signal|reception|bars|battery" },
	{ VA_INTENT_LOST, "nobody|noone|anybody|anyone|somebody ?on|is|s there|on|this" },
	{ VA_INTENT_LOST, "in|into|entering a|an|the tunnel|elevator|lift" },
	{ VA_INTENT_LOST, "hang|hold on" },
	{ VA_INTENT_LOST, "^ just|one|give|wait ?me ?a|one second|sec|minute|moment|mo" },
	{ VA_INTENT_LOST, "someones|somebodys|theres ?somebody|someone at" },
	{ VA_INTENT_LOST, "oh no|god|shit|crap|dear|damn ?the|my|its" },
	{ VA_INTENT_LOST, "whoa whoa" },
	{ VA_INTENT_DEFERRAL, "well|ill|i|we ?will|just|have ?to see" },
	{ VA_INTENT_DEFERRAL, "ill|well|i|we ?will|just|maybe|probably|might|gotta|should ?have|take ?a "
						  "look|read|check|glance|mull|consider ?at|into|through|over|it|about" },
	{ VA_INTENT_DEFERRAL, "i|we|ive|weve ?still|really|honestly havent|didnt|dont ?really|yet|even|actually "
						  "looked|read|decided|know|opened|sure|thought|made|had|seen" },
	{ VA_INTENT_DEFERRAL, "not|im ?not ?really|so|too|quite sure|certain|decided" },
	{ VA_INTENT_DEFERRAL, "maybe|perhaps in|next|some|one|later|another" },
	{ VA_INTENT_DEFERRAL, "let me|us think|talk|check|see|sleep|discuss|ask|look|run|consider" },
	{ VA_INTENT_DEFERRAL, "havent decided|made|looked" },
	{ VA_INTENT_DEFERRAL, "depends ?on" },
	{ VA_INTENT_DEFERRAL, "hard|too ?to ?early ?to say|tell" },
	{ VA_INTENT_DEFERRAL, "when i|we get|have|know|find" },
	{ VA_INTENT_DEFERRAL, "well|ill|i ?will|can|could get|reach|be back|out|in" },
	{ INTEREST, "we|i|id|wed|they ?do|still|really|definitely|actually|would|just ?do|still|really want|love ?to "
				"it|the|one|that|this|a|some|come|try|buy|join|go|see|have|get|in|know|sign" },
	{ INTEREST, "when|how ?soon|can|could|do can|could|do you|we|i come|start|begin|visit|see|send|sign|join|do" },
	{ INTEREST, "could|can|would|will you ?please|just send|email|mail|text|post|e|drop" },
	{ INTEREST, "send|mail|email|text|post|drop me|us|it|them|that|the|over|along" },
	{ INTEREST, "is there a|any|some brochure|leaflet|website|catalogue|catalog|discount|trial" },
	{ INTEREST, "very|really|so|quite|pretty|super keen|excited" },
	{ INTEREST, "im|were|count ?me|us ?all in|sold|game|keen $" },
	{ INTEREST, "i|we|id ?do|really|definitely|just want|need it|one|that|the|this|to|in|some" },
	{ INTEREST, "^ please do|send|yes|email|mail|put" },
	{ INTEREST, "cant|can ?hardly wait" },
	{ INTEREST, "looking|look forward" },
	{ INTEREST, "interested ?now $" },
	{ REFUSAL, "its|thats|a|is|was|be ?a|still|definitely|simply no|nope ?from|for|thank|thanks|$" },
	{ REFUSAL, "i|we ?just|already said no" },
	{ REFUSAL, "none whatsoever|at" },
	{ REFUSAL, "nothing|not|im|were|arent ?not|anything buying|signing|selling|switching|changing|moving ?any|it|to" },
	{ REFUSAL,
		"dont|doesnt|never|nobody|cant ?really|even|actually own|drive|smoke|drink|play|have|use|eat ?a|an|any" },
	{ REFUSAL,
		"were|im|its|all good|fine|okay|ok|set|sorted|covered ?as|where|thanks|thank|though|here|for|with|already" },
	{ REFUSAL, "no use to|for ?me|us" },
	{ REFUSAL, "not|isnt|arent ?really ?in|on the market" },
	{ REFUSAL, "you may|can not" },
	{ REFUSAL, "keep it|your|the" },
	{ REFUSAL, "^ pass|hard ?pass $" },
	{ REFUSAL, "give|giving it|that|this a miss|pass" },
	{ REFUSAL, "went|gone|going|go|signed|switched|booked ?already|up|on ?with|for "
			   "somebody|someone|another|elsewhere|different|local" },
	{ REFUSAL, "shaking his|her" },
	{ REFUSAL, "i|ill|we ?will|shall manage|cope $" },
	{ REFUSAL, "no ?no|thanks|thank $" },
	{ REFUSAL, "not ?right|just|at ?now|this ?time thanks|thank" },
	{ REFUSAL, "happy where|with|as|enough" },
	{ REFUSAL, "no|not no|interested|thanks|buying" },
	{ REFUSAL, "do|does ?not|it|that nothing|absolutely for me|us" },
	{ REFUSAL, "out of ?the question" },
	{ REFUSAL, "stop ?trying selling" },
	{ REFUSAL, "over my dead" },
	{ REFUSAL, "couldnt|could care less" },
	{ VOICEMAIL, "at|after the beep|tone|signal|bleep" },
	{ VOICEMAIL, "mailbox ?is full|of" },
	{ VOICEMAIL, "office|opening|business ?hours hours|are" },
	{ VOICEMAIL, "your party|partys" },
	{ VOICEMAIL, "extension you|number" },
	{ VOICEMAIL, "please hold|record|leave|speak|state" },
	{ VOICEMAIL, "your message" },
	{ VOICEMAIL, "re record|recorded" },
	{ VOICEMAIL, "press|key|dial|hit|say one|two|three|four|0|hash|star|pound|zero|nine|five ?for|to" },
	{ VOICEMAIL, "not here|home|in|around|able right|just|leave|so|to|at|do" },
	{ VOICEMAIL, "got|gotcha|fooled you|ya" },
	{ VOICEMAIL, "thank|thanks ?you for calling|ringing" },
	{ VOICEMAIL, "currently|temporarily|presently unavailable|closed|not" },
	{ VOICEMAIL, "the|this number|person|customer|subscriber|party|mobile|caller|wireless you|is|has|customer" },
	{ VOICEMAIL, "has been disconnected|forwarded|diverted" },
	{ VOICEMAIL, "seconds|minutes remaining|left" },
	{ VOICEMAIL, "message ?has|was ?been saved|sent|recorded|delivered|received" },
	{ VOICEMAIL, "do your thing" },
	{ VOICEMAIL, "^ beep $" },
	{ VOICEMAIL, "^ beep beep" },
	{ VOICEMAIL, "goodbye $ $" },
	{ VOICEMAIL, "get|call|ring back to ?you as|when|asap" },
	{ VOICEMAIL, "ill|well|we|i ?will get|call|ring|return|give ?back|you|your|to ?you|call|back ?a|back|as ?call "
				 "as|when ?soon" },
	{ VOICEMAIL, "you|youve ?have ?you reached|called|rung|dialed|dialled ?the|us" },
	{ VOICEMAIL, "cant|cannot|unable|not ?able|to come|get|take|answer|pick ?to|up ?to|the|your phone|call|up|calls" },
	{ VOICEMAIL, "leave ?us|me|your|a|it|some|just name|short|quick|message|number|word|details" },
	{ VOICEMAIL, "you know what|the ?to" },
	{ VOICEMAIL, "out of ?the office" },
	{ VOICEMAIL, "otherwise ?please press|hold|leave" },
	{ VOICEMAIL, "to ?re|hear|listen|leave|send|speak|reach ?a|to|record|your|the "
				 "message|options|operator|voicemail|department|page" },
	{ WRONG, "this|thats|its|youve|you ?is|have|got ?reached ?called a|an|the *2 "
			 "shop|store|restaurant|office|hospital|school|bakery|pharmacy|salon|garage|church|bar|pub|pizzeria|"
			 "library|hotel|farm|station|takeaway|pizza|cafe|diner|motel|gym|barber|laundromat|dentist|laundry|butcher|"
			 "florist|kitchen" },
	{ WRONG, "flipped|swapped|mixed|transposed|switched|turned|muddled|reversed ?it|the|two|them|up|those|last ?last "
			 "?two numbers|digits|around|it|them" },
	{ WRONG, "no such person|number|name" },
	{ WRONG, "no|not ?its|this|thats ?is ?not his|her|their phone|number|cell|mobile|house|line" },
	{ WRONG, "had|has|have ?got this|that ?same|very ?phone|cell number ?for|before|since|years|a" },
	{ WRONG, "^ no ?sorry|love|mate|dear|sir|maam|hon this is" },
	{ WRONG, "ive|weve|i|we ?ve ?have ?had|have ?only|just|got this|the ?same ?phone number ?for" },
	{ WRONG, "used|before ?to belong|have|be ?to" },
	{ WRONG, "isnt|not|aint|wasnt ?no ?him|her|a|any ?one ?mr|mrs|ms ?here ?with ?by that name" },
	{ WRONG, "people keep|always calling|ringing|asking|call|ring" },
	{ WRONG, "you want|need|meant|mean|must|probably|maybe ?be|have|to ?want|looking "
			 "?another|someone|somebody|a|the|my else|different|other|neighbor|neighbour|brother|sister|after" },
	{ WRONG, "not|im|im ?not ?the ?selling|mr|mrs|ms|miss who|mr|mrs|ms|miss|selling" },
	{ WRONG, "never heard|had|lived|been|owned|ordered" },
	{ WRONG, "no|nobody|not ?one anyone|called|by" },
	{ WRONG, "who|whos ?is ?that|he|she $" },
	{ WRONG, "i ?never|didnt|havent order|ordered|ask|asked|requested|called|enquired|filled|sign|signed" },
	{ WRONG, "digits|number is|are wrong|off|different" },
	{ BUSY, "on shift|nights|the" },
	{ BUSY, "at work|lunch|dinner|the|practice|school|church" },
	{ BUSY, "in|taking the|a shower|bath|tub|car|meeting|store|movies|theater|cinema|library" },
	{ BUSY, "about|trying|just ?about to drop|leave|go|walk|start|board|step|head|sit|eat" },
	{ BUSY, "kids|baby|child is|are|s|screaming|crying|asleep" },
	{ BUSY, "bad|wrong time|moment" },
	{ CALLBACK, "call|ring|phone|try|buzz ?me|us|him|her "
				"again|back|later|then|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday|next|in|after|"
				"before|at|around|on|between|any|this ?time" },
	{ CALLBACK, "try|catch|reach|get|ring|call|phone me|us|him|her" },
	{ CALLBACK, "call|try|ring|phone ?him|her|me|back ?back at|after|around|in|on|tomorrow" },
	{ CALLBACK, "ask|asked|said|says|told ?you|if|him|her|me|that ?anyone|you|to ?rings|calls ?to try|call|ring|phone "
				"?back|again|at|tomorrow|after" },
	{ CALLBACK, "not now|then" },
	{ CALLBACK, "hes|shes|theyre|hell|shell|mom|mum|mommy|daddy|dad ?will ?s ?be "
				"back|home|in|up|free|around|available|here ?at|after|around|tomorrow|by|from|on|then|when" },
	{ CALLBACK, "any|anytime ?time after|before|from|between|in|tomorrow" },
	{ OPT_OUT, "want|like ?to ?be ?get off ?of your|this|the|that ?call|calling list|lists" },
	{ OPT_OUT, "no need to ?ever call|ring|phone ?me|us again|anymore" },
	{ OPT_OUT, "dont call|ring|phone|contact me|us|here ?please $" },
	{ OPT_OUT, "do not call|ring|phone|contact me|us|here ?please $" },
	{ OPT_OUT, "i|id|wed ?would want|like you to stop" },
	{ OPT_OUT, "dont bother calling|ringing|phoning ?me|us again|anymore|back" },
	{ OPT_OUT, "dont ?ever|even try ?me|us|calling again" },
	{ OPT_OUT, "prefer|like|love|rather|appreciate *3 you folks|guys|people|all|lot didnt|dont|not|stopped|never ?ever "
			   "call|calling|ring|phone|contact|phoning|ringing ?me|us|here *1 again|anymore|ever" },
	{ OPT_OUT, "=take|remove|strike|cross|scratch|delete her|his|their|mums|moms|dads ?phone number|name|details "
			   "off|out|from|$" },
	{ VA_INTENT_NONE, "already with you|yall" },
	{ VA_INTENT_NONE, "already ?a customer|client|subscriber|member" },
	/* what one has that is no reason */
	{ VA_INTENT_NONE,
		"ive|weve|i|we got ?a|an|the|my|some|to ?doctors|dentist "
		"plumber|electrician|work|baby|meeting|appointment|class|shift|doctor|dentist|kids|guests|visitors|"
		"flight|question|minute|date|dog|cold|time|till|until|leak|problem" },
	{ VA_INTENT_NONE,
		"dont|havent|didnt have|got ?a|an|any|my|the date|pen|calendar|diary|address|number|slot|appointment" },
	{ VA_INTENT_NONE, "weve|we|ive had a think|chat|look|leak|problem|storm|baby|talk" },
};

const VaIntentTable va_intents_en = { .language = "en",
	.patterns = patterns,
	.count = sizeof(patterns) / sizeof(patterns[0]),
	.quotes =
		"said|says|told|tells|saying|asked|asks|yelled|screamed|shouted|shouts|goes|went|like|heard|read|wrote|thinks|"
		"claims|mean|means|say|called|telling|keeps",
	.others =
		"he|she|they|husband|wife|mother|father|mom|mum|dad|boss|neighbor|neighbour|friend|people|everybody|everyone|"
		"somebody|someone|brother|sister|son|daughter|guy|lady|man|woman|who|hed|shed|hes|shes|theyre|colleague|"
		"sign|message|you|youre|partner|roommate|aunt|uncle|grandmother|grandfather|kids|kid",
	.selves = "i|im|ive|id|ill|we|were|weve|me",
	.hearers = "them|him|her",
	.denials = "not|never|dont|didnt|doesnt|isnt|wasnt|wont|wouldnt|no|cant|arent|aint|without|nobody",
	.conditions =
		"until|till|til|before|unless|today|tonight|tomorrow|during|when|if|sunday|sundays|saturday|saturdays|"
		"weekend|weekends|night|early|late|mornings|morning|evening|evenings|lunch|dinner|work|yet|monday|tuesday|"
		"wednesday|thursday|friday|week|later|from|about|him|her|them|landline|bell|doorbell",
	.suppositions = "if|whether|unless|why|should|suppose|supposing|imagine|whenever",
	.more = &va_provisos_en,
	.halts = &va_halts_en };
