/*-------------------------------------------------------------------------
 * signs_en.c
 *		English: objections, wants, moods and ends of talks on the telephone.
 *
 * Words are folded: small letters, no accents, no apostrophes.
 */
#include "pure/phrases/signs_words.h"

static const VaIntentPattern patterns[] = {
	{ ROBOT, "are|r ?are you ?just|even|actually a|an|even|ai ?real|actual|live|one ?of ?those ?ai "
			 "robot|bot|machine|computer|recording|ai|human|person|robots|chatbot|real" },
	{ ROBOT, "is this|that|it a|an|another|one ?of ?those ?real|live|actual|automated|robo "
			 "robot|bot|machine|computer|recording|ai|human|person|robots|call|chatbot|automated" },
	{ ROBOT, "am|are i|we talking|speaking to|with a|an|another|some ?real|actual|live "
			 "robot|bot|machine|computer|recording|ai|human|person|chatbot" },
	{ ROBOT, "youre|you ?are|sound ?just|like ?like a robot|bot|machine|computer|recording|ai|chatbot" },
	{ ROBOT, "talking|speaking|talk|speak to|with a|some robot|bot|machine|computer|recording|ai|chatbot" },
	{ ROBOT, "robot|robots calling|call|again" },
	{ SOURCE, "where|how|whered|howd ?did|do|have|d ?you ?yall|they|people|guys|even ?people "
			  "get|got|have|find|come|obtain ?by ?a ?hold ?of my|this|our|the "
			  "?phone|cell|mobile number|name|details|information|info|data|contact" },
	{ SOURCE, "who gave|sold|told you my|this|our|the ?phone number|name|details|information|data" },
	{ TRUST, "is this|that|it ?some|a|all ?kind ?of ?a scam|fraud|con|joke|legit|legitimate|spam|hoax" },
	{ TRUST, "sounds|smells|looks|feels ?a|just ?bit|little ?like ?a scam|fraud|fishy|dodgy|shady" },
	{ TRUST, "its|thats|probably a scam|fraud|con" },
	{ TRUST, "dont|do ?not ?really trust you|this|that|these|people|any|it" },
	{ TRUST, "how do i know this|you|youre|its|that|thats" },
	{ TRUST, "why should i trust|believe" },
	{ PRICE, "too expensive|pricey|pricy|steep|costly|dear" },
	{ PRICE, "too much money|cash" },
	{ PRICE, "thats|its|is|way|bit too much $" },
	{ PRICE, "bit|little|pretty|really|very|quite|so|awfully|rather|kinda|damn expensive|pricey|pricy|steep|costly" },
	{ PRICE, "thats|its|sounds|youre|are|is|seems expensive|pricey|pricy|steep" },
	{ PRICE, "thats|its ?an ?awful ?quite a lot ?of money|for|$" },
	{ PRICE, "cant|cannot|couldnt|can ?not ?really afford" },
	{ PRICE, "not ?really in|within my|our|the budget" },
	{ PRICE, "out|outside of my|our ?price budget|range|league" },
	{ PRICE, "over my|our|the budget" },
	{ PRICE, "more than i|we|what ?we|i ?can ?was ?want|wanted|planned|expected|expecting|spend|thought|pay" },
	{ PRICE, "cheaper elsewhere|somewhere|online|than|one|at" },
	{ PRICE, "get|got|have|find|found ?it ?a cheaper|better|lower price|deal|quote|elsewhere|offer" },
	{ PRICE, "dont|havent ?have ?got the|that|enough|any ?kind ?of money|budget|cash" },
	{ PRICE, "rip|ripping ?me|us|people off" },
	{ HAVE_ONE, "already have|got|ve|use|using|found|bought|hired|chose|chosen|booked|work|working|signed|ordered "
				"?got|with|up ?with a|an|one|ones|somebody|someone|people|our|my|another|something|everything" },
	{ HAVE_ONE, "already|weve|have ?already|since went|gone|signed|going with|up|for" },
	{ HAVE_ONE, "went|gone|going with|for ?a somebody|someone|another|different ?else|company" },
	{ HAVE_ONE, "have|got|use|weve|ive ?got ?my|our own guy|company|provider|supplier|contractor|agent|broker|people" },
	{ HAVE_ONE, "have|got|weve|ive|use ?got somebody|someone|people|one|a ?guy already" },
	{ HAVE_ONE, "have|got|use|weve|ive ?got a|an ?good guy|provider|supplier|agent|accountant|dentist|agency|broker|"
				"lawyer|roofer|plumber|company" },
	{ HAVE_ONE, "happy|satisfied|fine|content|sticking|staying with what|my|our|who|the|them|where|it !idea|price" },
	{ HAVE_ONE, "happy where i|we" },
	{ HAVE_ONE, "found|hired|got|bought ?already someone|somebody|one|something else|already" },
	{ PARTNER, "talk|speak|check|discuss|ask|clear|run|consult|chat|decide|go ?it|this|that ?with|to|over|by|past "
			   "?with|by|past *1 my|our|the|his|her|their ?business|other|better|lovely "
			   "husband|wife|partner|boss|spouse|son|daughter|father|mother|dad|mom|mum|parents|brother|sister|family|"
			   "accountant|lawyer|landlord|manager|half|kids|girlfriend|boyfriend|fiance|fiancee|board|missus|hubby" },
	{ PARTNER, "my|the husband|wife|partner|boss|landlord|missus handles|decides|makes|deals|does|takes ?all ?the" },
	{ PARTNER, "not|isnt ?really my|mine decision|call|department|$" },
	{ PARTNER, "up to my|the|our husband|wife|partner|boss|landlord|manager|board" },
	{ PARTNER, "im|not ?not the one|person who|that decides|makes|handles" },
	{ THINK, "think|thinking|thought ?it|this|that about|over|on it|this|that|$ ?over" },
	{ THINK, "think it|things over|through" },
	{ THINK, "think about whether|if" },
	{ THINK, "sleep on it|that" },
	{ THINK, "need|want|like|have ?some|a|more ?bit|little ?of|more time to think|consider|decide|read|digest" },
	{ THINK, "need|want|like|have to think|consider" },
	{ THINK, "weigh|consider|look|mull ?up ?at|into ?my|our|it|the|over options|over|alternatives" },
	{ THINK, "havent|not decided ?yet" },
	{ THINK, "havent|not made ?up my|our|any|a mind|decision" },
	{ THINK, "let me|us think|consider|digest" },
	{ SEND, "send|email|text|post|drop|mail ?me|us ?over something|some|information|info|details|it|that|them|any|more|"
			"prices|pricing "
			"?more|information|info|some|in|by|through|over|to !me|us" },
	{ SEND, "send|email|text|mail|drop|shoot|post ?me|us|it|over ?over ?an|a|the|your|some ?quick|written e|email|text|"
			"brochure|link|leaflet|catalog|catalogue|quote|estimate|offer|message|letter|flyer|proposal|contract|"
			"price|prices|details|designs|papers|info|information ?mail|list" },
	{ SEND, "put|have|get it|that|something ?all ?down in|through|on writing|the|an|paper ?post|mail" },
	{ SEND, "is|have there|you ?got a|any leaflet|brochure|website|flyer" },
	{ NO_TIME, "no|dont|havent|not ?really|have|got ?got ?really|any|the|much|a time ?right|for|now" },
	{ NO_TIME, "dont|havent ?have|got ?a|even minute|second|moment" },
	{ NO_TIME,
		"im|am|were|bit|little|really|pretty|very|kinda|super|too ?a|really|bit|kind|in|very|super|too ?of|a|bit "
		"busy|driving|working|slammed|swamped|tied" },
	{ NO_TIME, "bad|awkward|terrible|inconvenient|poor time|moment" },
	{ NO_TIME, "not ?a|the|really|right ?a|good|great|best good|great|best|right|ideal time|moment" },
	{ NO_TIME, "cant|cannot|couldnt ?really|actually|even talk|speak|chat ?right|now" },
	{ NO_TIME, "im|in|am in|into ?the a|an|middle meeting|conference|of" },
	{ NO_TIME, "middle of something|dinner|lunch|a|work" },
	{ NO_TIME, "im|am|were|still|actually at ?the work|dinner|lunch|school|doctors|hospital|office" },
	{ NOT_NOW, "maybe|perhaps|try|ask|check ?again|me|back|with ?again|us ?back next|later|in|after ?the ?this|a ?few "
			   "year|spring|summer|autumn|fall|winter|months|quarter|christmas|holidays" },
	{ NOT_NOW, "not ?a ?the|really ?good|right time|moment for|to" },
	{ NOT_NOW,
		"not looking|planning|ready|moving ?to|for ?do|sell|buy|move|anything ?right|at|yet|just|anymore !forward" },
	{ NOT_NOW, "too early|soon to|for" },
	{ NOT_NOW, "not this year|month|season" },
	{ NO_NEED, "dont|do|wont|didnt ?not ?really|actually|even need ?any|one|it|that|anything|this|another|them|a !to" },
	{ NO_NEED, "no need|use for|of|to" },
	{ NO_NEED, "im|we|i|am|were ?only|just|a rent|renting|renter|tenant ?the|this|though|here|it" },
	{ NO_NEED, "dont|do ?not|even own|drive ?a" },
	{ NO_NEED, "no use to me|us" },
	{ NO_NEED, "sold|selling the|my|our|that house|home|car|place|flat|business" },
	{ NOT_INTERESTED, "not ?really|at|very|all|even|remotely|that|particularly ?all interested|interest" },
	{ NOT_INTERESTED, "isnt|aint|arent|no|zero|none|got|have ?longer|really|no interested|interest" },
	{ NOT_INTERESTED, "^ no thanks|thank|thankyou ?you" },
	{ NOT_INTERESTED, "not|isnt ?really for me|us" },
	{ NOT_INTERESTED, "ill|well|going|gonna|have ?have|to|going ?to pass|decline" },
	{ NOT_INTERESTED, "count me|us out" },
	{ NOT_INTERESTED, "not|isnt something ?that ?i|we|id|were|im" },
	{ NOT_INTERESTED, "rather|prefer not $" },
	{ NOT_INTERESTED, "not buying|purchasing ?it|this|that|anything" },
	{ NOT_INTERESTED, "dont|do ?not ?really want ?any|anything|it|this|one|your|that ?of|thing $" },
	{ COMPLAINT, "complain|complaint|complaints" },
	{ COMPLAINT, "not|isnt ?at ?all|very|really|too happy|satisfied|pleased|acceptable|impressed" },
	{ COMPLAINT, "unhappy|dissatisfied|disappointed ?with|about|by|in" },
	{ COMPLAINT, "terrible|awful|poor|lousy|horrible|shocking|appalling|disgraceful ?customer "
				 "service|experience|job|quality|work|workmanship" },
	{ COMPLAINT, "nobody|noone ?has|ever|have|even ?ever|even "
				 "called|came|come|showed|turned|answered|replied|fixed|arrived|delivered ?me|us ?back|up" },
	{ COMPLAINT,
		"they|he|she|you|guys|technician|engineer|it|plumber never|hasnt|havent|didnt ?ever|even "
		"called|came|come|show|showed|turned|turn|answered|replied|fixed|arrived|delivered|call ?me|us ?back|up" },
	{ COMPLAINT, "still ?isnt|not|doesnt|havent|hasnt|doesnt|waiting|hasnt ?been "
				 "working|fixed|work|for|arrived|broken|leaking|received|delivered|repaired|paid" },
	{ COMPLAINT, "my|our|the|some money back" },
	{ COMPLAINT, "want|like|get|need|demand|expect ?a|my|full refund" },
	{ COMPLAINT, "overcharged|double ?me|us|billed" },
	{ COMPLAINT, "charged|billed me|us ?twice|for|wrong" },
	{ COMPLAINT, "you|they|guy|man|men|people ?people|guys broke|damaged|ruined|scratched|lost|messed" },
	{ COMPLAINT, "broke|stopped working|down ?again|after" },
	{ AGENT, "speak|talk|chat|speaking|talking ?directly to|with ?a|an|the|your|some|one ?of ?your ?real|actual|live|"
			 "proper|human human|person|manager|agent|supervisor|representative|rep|operator|being|adviser|advisor|"
			 "somebody|someone|specialist|in !about|else" },
	{ AGENT, "put|connect|transfer|patch|pass|hand me|us ?straight|right ?through|on|over ?to|with|onto" },
	{ AGENT, "get|give me|us ?to a|an|the|your|some|somebody|someone ?real|actual|live "
			 "human|person|manager|supervisor|representative|agent|operator|real" },
	{ AGENT,
		"is there a|an|someone|somebody|anyone|anybody ?real|human|else ?human|person|being ?else ?i|that|there|to "
		"?can|i ?can talk|speak" },
	{ AGENT, "want|like|need|rather|prefer|wanna ?to ?speak|talk|have ?to|with a|an|some ?real|live|actual "
			 "human|person|people" },
	{ AGENT, "have|get|ask someone|somebody|a|the|your ?real ?human "
			 "?person|manager|agent|adviser|supervisor|specialist ?to call|ring|phone ?me|us" },
	{ SCHEDULE,
		"book|schedule|make|arrange|set|reschedule|move|change|need|want|like|get|confirm|postpone|"
		"rearrange ?to ?book|make|schedule|have|come|get ?up ?in ?for ?another ?a|an|my|the|our ?first|free|new|"
		"later|different "
		"appointment|viewing|visit|tour|demo|consultation|slot|booking|survey|inspection|trial|lesson|"
		"reservation|table|appointments" },
	{ SCHEDULE, "come ?and|over|by|round|in|out ?and|to|for see|view|look|visit|measure|viewing|a|it ?look|viewing" },
	{ SCHEDULE, "when|what|which ?time|day|days can|could|are|do|would|will|is ?the ?next ?available you|i|we|it|he|"
				"someone|somebody|they|appointment|slot ?guys come|open|available|free|see|visit|view|start|fit|meet" },
	{ SCHEDULE, "put|pencil|book|fit|squeeze me|us ?down|in ?down|up|for|on|in" },
	{ SCHEDULE, "can|could ?you i|we|someone|somebody ?please|guys ?just come|see|view|visit|meet|pop|stop" },
	{ SCHEDULE, "do|have|got|is|are you|there|anything ?got|have ?anything|any|something ?slots|openings|appointments|"
				"free ?free|available|left|open on|at|for|next|this|in|available|earlier|later|tomorrow" },
	{ SCHEDULE, "ill|well take the|that ?first|early|later appointment|slot|morning|afternoon" },
	{ OFFER, "how much !time|longer|later|more|trouble|further" },
	{ OFFER, "what|whats|whatll do|does|would|is|are|will|your|the ?you|it|that|this|the|your|one ?it ?run|service "
			 "cost|price|charge|fee|rate|rates|prices|run|pricing|premium|rent" },
	{ OFFER, "get|give|send|have|need|want|email ?me|us ?a|an|the|your|some|free ?free|rough "
			 "quote|price|prices|estimate|offer|pricing|quotation" },
	{ OFFER, "any|a discount|discounts|deals|offers|cheaper|deposit" },
	{ OFFER, "make|made ?you|an|me an|offer|me ?an offer" },
	{ OFFER, "want|like|ready|interested|looking|love|decided to|in buy|buying|purchase|purchasing|sell|selling|order|"
			 "ordering|rent" },
	{ OFFER, "ill|well buy|order|purchase" },
	{ OFFER, "for sale" },
	{ INFORMATION, "tell|explain|walk me|us|to|through ?a|some|me|us ?little|bit ?more about|how|what|more|through" },
	{ INFORMATION, "how|what|whats does|do|is|are|would|in|exactly|kind|included|involved ?it|that|this|the|you|your|"
				   "they|of|exactly ?it|service|package|offer|plan "
				   "work|include|included|offer|involve|involved|entail|cover" },
	{ INFORMATION, "whats|what ?is|does included|involved|it|that|this|in ?about|involve|include|mean|it" },
	{ INFORMATION, "more info|information|details" },
	{ INFORMATION, "some|have|got|quick|few|couple|ask ?a|couple|few|of|you ?of|quick questions|question|information" },
	{ INFORMATION, "id|we|would|want|wanted|like ?like to know|find|learn ?more|out" },
	{ INFORMATION, "wondering|curious if|whether|about|how|what" },
	{ ANGRY, "fuckers|bullshit|asshole|assholes|bastards" },
	{ ANGRY, "fuck off|you|yourself" },
	{ ANGRY, "go to hell" },
	{ ANGRY, "screw|damn you" },
	{ ANGRY, "piss|bugger|sod|pissed|pissing|eff ?me off" },
	{ ANGRY, "furious|outraged|livid|angry" },
	{ ANGRY, "sick|so and|sick ?and tired of ?this|you|these|being|your|getting" },
	{ ANGRY, "sick|tired of you|your|these|this|getting|people ?guys|people|calls|calling" },
	{ ANGRY, "harass|harassing|harassment" },
	{ ANGRY, "sue you|your" },
	{ ANGRY, "report|reporting you|your|this ?company|people ?to" },
	{ ANGRY, "how dare you" },
	{ ANGRY, "shut up" },
	{ ANGRY, "outrageous|disgusting|disgrace|disgraceful|appalling" },
	{ ANGRY, "call|calling the police|cops" },
	{ ANGRY, "from|hear|call|have my lawyer|attorney|solicitor" },
	{ ANGRY, "get it through your|thick ?thick head|skull" },
	{ ANNOYED, "annoying|annoyed|irritating|irritated|ridiculous|frustrated|frustrating|nuisance|maddening" },
	{ ANNOYED, "fed up" },
	{ ANNOYED, "for the ?third|fourth|last|hundredth|second|fifth|sixth|tenth|umpteenth|thousandth|millionth time" },
	{ ANNOYED, "how many times|more" },
	{ ANNOYED, "already|just told|said|answered ?you|that|no|them ?already" },
	{ ANNOYED, "i said no|not|stop" },
	{ ANNOYED, "told you ?already|people|guys|lot|before ?already no|not|im|before|twice|times" },
	{ ANNOYED, "leave me|us alone" },
	{ ANNOYED, "waste|wasting|wasted ?of my|your|our|anymore ?and|more time" },
	{ ANNOYED, "keep|keeps|kept|constantly|always|everybody|everyone ?on calling|ringing|bothering|phoning|pestering" },
	{ ANNOYED, "second|third|fourth|fifth|sixth|seventh|0 ?th|rd|st|nd one "
			   "this|today|ive|youve|you|i ?week|month|day|had|today|called|have|rung" },
	{ ANNOYED, "second|third|fourth|fifth|sixth|seventh|0 ?th|rd|st|nd call|time "
			   "?this|today|ive|youve|you|i ?week|month|day|had|today|called|have|rung" },
	{ ANNOYED, "give me a break" },
	{ ANNOYED, "oh|for for|gods|goodness|petes|heavens|crying ?gods|goodness|petes|heavens|crying sake|out" },
	{ ANNOYED, "enough already|is ?enough" },
	{ ANNOYED, "youve|you|called ?have|called|me|us ?already|called ?me|us ?here "
			   "?two|three|four|five|six|ten|0|a|like ?million|dozen times" },
	{ ANNOYED, "do you ?people ?have|know|ever ?any ?idea|what|never|ever time|give|stop" },
	{ ANNOYED, "not you people|guys|lot again" },
	{ SAD, "passed away" },
	{ SAD, "husband|wife|mother|father|mom|mum|dad|son|daughter|brother|sister|grandmother|grandfather|grandma|grandpa|"
		   "he|she|hes|shes ?just|has|is|was ?just|recently|been died|dead|dying|gone|deceased|passed "
		   "!to|out|the|through|me|his|her|a|for|by|off|in|on" },
	{ SAD, "lost my|our|her|his husband|wife|mother|father|son|daughter|job|mom|mum|dad|brother|sister|dog|baby|home" },
	{ SAD, "has|have|got|his|her|my|with|diagnosed ?got|with cancer|dementia" },
	{ SAD, "im|feel|feeling|been|am ?so|very|really|a|been|quite|just ?bit|so "
		   "sad|lonely|depressed|heartbroken|devastated|miserable" },
	{ SAD, "in tears" },
	{ SAD, "im|keep|been crying|grieving|mourning" },
	{ SAD, "hard|rough|difficult|tough time|year|few|couple|months !to|for|getting|finding" },
	{ CONFUSED, "dont|didnt|do ?not ?quite|really|even understand|follow|get ?it|this|that|you|what|any|the|a|$" },
	{ CONFUSED, "what do|did|are you mean|talking ?by|about" },
	{ CONFUSED, "im|a|bit|little|so|totally|very|getting|got|am|really confused|lost ?here|$" },
	{ CONFUSED, "confused|confusing" },
	{ CONFUSED, "come again $" },
	{ CONFUSED, "youve lost me" },
	{ CONFUSED, "makes|making|doesnt|dont ?no ?make ?any ?sense sense" },
	{ CONFUSED, "no idea|clue what|who you|youre|this|that ?are" },
	{ HESITANT, "not ?really|so|too|quite|entirely|completely sure|certain|convinced|decided|ready" },
	{ HESITANT, "dont|do ?not ?really know ?if|whether|about|yet|$ ?this|that|i" },
	{ HESITANT, "ill|well|have|ll|wait ?have|and ?to see how|if|$" },
	{ HESITANT, "^ i suppose|guess so|$" },
	{ HESITANT, "on the fence" },
	{ HESITANT, "in two minds" },
	{ HESITANT, "second thoughts" },
	{ HESITANT, "having|have|my|some ?my|some doubts|reservations" },
	{ HESITANT, "im|am|bit|little|feel ?a|bit|little|still ?bit|little|still nervous|hesitant|unsure|undecided|"
				"skeptical|sceptical|torn|reluctant|wary" },
	{ HESITANT, "let me think" },
	{ HESITANT, "think|thinking about|over|on ?it" },
	{ HESITANT, "sleep on it" },
	{ HESITANT, "maybe maybe|not|i|we|in|$" },
	{ HESITANT, "hard to say" },
	{ POSITIVE, "love|loved|loving it|that|this|the|your|them !but|on" },
	{ POSITIVE, "id|we|i|would|wed ?d|would|really ?so|really love|loved to|that|it" },
	{ POSITIVE,
		"thats|sounds|thatd|its|how|simply ?be|so|just|really|absolutely "
		"wonderful|fantastic|awesome|excellent|amazing|fabulous|marvellous|terrific|superb !if|but|and|way|for" },
	{ POSITIVE, "so|really|absolutely|truly great|lovely|wonderful|fantastic|excellent|amazing !if|but" },
	{ POSITIVE, "delighted|thrilled|overjoyed" },
	{ POSITIVE, "great|good|wonderful|fantastic|excellent news" },
	{ POSITIVE, "thank|thanks ?you so|ever|a ?so much|million|bunch|ton" },
	{ POSITIVE, "im|so|very|really|were|am|was|are ?so|very|really|quite|more|pretty ?than "
				"happy|pleased|glad|grateful|excited|delighted|relieved|impressed !where|with|to|if" },
	{ POSITIVE, "so|very|really|im|am|were happy|pleased|impressed with you|your|the|how|it|everything" },
	{ POSITIVE, "bless you !you" },
	{ POSITIVE, "youre|youve|you ?are|been ?such|been ?a|an|so|the|very|really "
				"star|angel|lifesaver|legend|gem|best|helpful|kind|wonderful" },
	{ POSITIVE, "very|so|really|awfully kind|helpful|nice|sweet ?of ?you" },
	{ POSITIVE, "cant wait" },
	{ POSITIVE, "looking|look forward to" },
	{ POSITIVE, "thank god|goodness|heavens you|that|its" },
	{ POSITIVE, "exactly|just what ?i|ive|weve|we ?was|were|been looking|hoping|need|needed|after|want" },
	{ POSITIVE, "couldnt be happier|better" },
	{ PLEASED, "great|wonderful|fantastic|brilliant|awesome|lovely|excellent|amazing|perfect|fabulous|super|smashing|"
			   "splendid|marvellous|terrific|yay|wow|fab|superb" },
	{ PLEASED, "appreciate it|that|you|your|the" },
	{ PLEASED, "good|great idea|stuff|to" },
	{ STARS, "0|one|two|three|four|five ?out ?of ?five|0 stars|star !hotel" },
	{ STARS, "0|one|two|three|four|five out of five|0" },
	{ STARS, "give|gave|rate|rated|say you|it|them|this|that|us|her|him ?all ?a ?solid|strong|full|clear "
			 "0|one|two|three|four|five $" },
	{ ASKS_STARS, "how many stars" },
	{ ASKS_MARK, "scale of|from" },
	{ ASKS_MARK, "rate|rating|score|mark|grade *9 five|0" },
	{ ASKS_MARK, "how satisfied|happy|likely|good|would|did|pleased|was|do *9 to|of five|0" },
	{ ASKS_MARK, "from|between one|0 to|and five|0 *1 how|where|with|what|being" },
	{ ASKS_MARK, "out of five|0" },
	{ OFFERS_TIME, "shall|can|could|should|may|ill i|we|someone|let|put ?just "
				   "book|schedule|put|pencil|arrange|set|reserve|come|offer|get|move|confirm|visit|stop" },
	{ OFFERS_TIME, "does|would|how|is|what ?about|does *6 suit|work|fit|convenient|good|better|best" },
	{ OFFERS_TIME, "i|we|ive|weve ?can|could|ve ?have|got|do|offer *8 available|free|open|or" },
	{ OFFERS_TIME,
		"when can|could|would|is|works|suits|may|should ?it|that ?you|we|i|best|be|someone !ring|call|reach" },
	{ OFFERS_TIME, "what|which time|day can|could|would|is|works|suits|do" },
	{ OFFERS_TIME, "like to book|schedule|come|arrange|make|set|meet" },
	{ OFFERS_SEND, "send|email|mail|post|text you|it|them|that|the|over|out|an|a" },
	{ BYE, "goodbye|bye|cheerio|byebye|ciao" },
	{ BYE, "good bye|night|evening $" },
	{ BYE, "have|you|enjoy|take ?have|your|the|a|too|care ?a|rest ?of|very ?good|nice|great|lovely|wonderful|"
		   "pleasant ?your|the day|evening|one|afternoon|weekend|night|morning" },
	{ BYE, "take care" },
	{ BYE, "see|speak|talk ?to you then|there|soon|later|on|at|tomorrow|monday|tuesday|wednesday|thursday|"
		   "friday|saturday|sunday|next" },
	{ BYE, "^ you too" },
	{ BYE, "thanks|thank|appreciate ?you for|your your|calling|the ?time|call|help" },
	{ LEAVES, "hanging|hang up !on" },
	{ LEAVES, "gotta|got|have|need|must|really ?really|to|must ?to go|run|dash $" },
};

const VaSignTable va_signs_en = { .patterns = patterns, .count = sizeof(patterns) / sizeof(patterns[0]) };
