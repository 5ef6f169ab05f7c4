/*-------------------------------------------------------------------------
 * lexicon_en.c
 *		English: how names, addresses, numbers and dates are dictated.
 */
#include "pure/phrases/lexicon.h"

static const VaLexiconGroup groups[] = {
	{ VA_FILLER, "uh|um|er|erm|uhm|hmm|hm|mm|ah|you know|i guess|i think|i believe" },
	{ VA_LETTER, "bee=b|cee=c|dee=d|eff=f|gee=g|aitch=h|haitch=h|jay=j|kay=k|el=l|ell=l|em=m|en=n|pee=p|cue=q|queue=q"
				 "|ess=s|tee=t|vee=v|double u=w|double you=w|ex=x|wye=y|zee=z|zed=z" },
	{ VA_ALPHABET, "alpha=a|alfa=a|bravo=b|charlie=c|delta=d|echo=e|foxtrot=f|fox trot=f|golf=g|hotel=h|india=i"
				   "|juliet=j|juliett=j|kilo=k|lima=l|mike=m|november=n|oscar=o|papa=p|quebec=q|romeo=r|sierra=s"
				   "|tango=t|uniform=u|victor=v|whiskey=w|whisky=w|x ray=x|xray=x|yankee=y|zulu=z"
				   "|able=a|baker=b|dog=d|easy=e|king=k|nancy=n|sugar=s|sam=s|tom=t|zebra=z" },
	{ VA_DIGIT, "zero=0|nought=0|naught=0|one=1|two=2|three=3|four=4|five=5|six=6|seven=7|eight=8|nine=9" },
	{ VA_DIGIT | VA_LETTER, "o=0|oh=0" },
	{ VA_TEEN, "ten=10|eleven=11|twelve=12|thirteen=13|fourteen=14|fifteen=15|sixteen=16|seventeen="
			   "17|eighteen=18"
			   "|nineteen=19" },
	{ VA_DOZEN, "couple=2|couple of=2|pair=2|dozen=12|dozens=12" },
	{ VA_QUARTER, "quarter=1|quarters=1" },
	{ VA_METRE, "metre|metres|meter|meters" },
	{ VA_CODE, "account number|customer number|reference|reference number|policy number|order number|contract number"
			   "|invoice number|meter number|serial number|case number|claim number|membership number|member number"
			   "|booking number|ticket number|code|pin|number on the|number of your|id number" },
	{ VA_TENS, "twenty=20|thirty=30|forty=40|fourty=40|fifty=50|sixty=60|seventy=70|eighty=80|ninety=90" },
	{ VA_HUNDREDS, "hundred=100" },
	{ VA_SCALE, "thousand=1000|grand=1000|million=1000000|billion=1000000000" },
	{ VA_ORDINAL, "first=1|second=2|third=3|fourth=4|fifth=5|sixth=6|seventh=7|eighth=8|ninth=9|tenth=10|eleventh=11"
				  "|twelfth=12|thirteenth=13|fourteenth=14|fifteenth=15|sixteenth=16|seventeenth=17|eighteenth=18"
				  "|nineteenth=19|twentieth=20|thirtieth=30" },
	{ VA_MONTH, "january=1|february=2|march=3|april=4|may=5|june=6|july=7|august=8|september=9|october=10|november=11"
				"|december=12|jan=1|feb=2|mar=3|apr=4|jun=6|jul=7|aug=8|sep=9|sept=9|oct=10|nov=11|dec=12" },
	{ VA_TIMES, "double=2|triple=3|treble=3" },
	{ VA_SYMBOL, "at=@|at sign=@|dot=.|period=.|full stop=.|dash=-|hyphen=-|minus=-|underscore=_|under score=_|plus=+"
				 "|plus sign=+|slash=/|apostrophe='" },
	{ VA_SYMBOL | VA_POINT, "point=." },
	{ VA_YES,
		"yes|yeah|yep|yup|correct|right|that's right|that's correct|exactly|sure|perfect|absolutely|you got it"
		"|that's it|that's the one|there you go|mm hm|uh huh|ok|okay|indeed|yes please|yes ma'am|yes sir|precisely"
		"|that is right|that is correct|that's me|spot on|bingo|got it|sounds right|looks right" },
	{ VA_NO, "no|nope|nah|not|not quite|not exactly|wrong|incorrect|that's not right|that's wrong|don't|isn't|ain't" },
	{ VA_MEND,
		"sorry|actually|wait|hang on|hold on|i mean|rather|scratch that|correction|oops|my mistake|let me start over"
		"|let me rephrase|make that|make it|let's say|well actually|i meant|put down|instead|excuse me|start again"
		"|strike that" },
	{ VA_LOST,
		"old one|can't remember|don't remember|don't know|not sure|don't have one|forgot|forget|no idea|do not know"
		"|cannot remember|by heart|couldn't tell you|rather not|don't give|not giving|won't say|never mind"
		"|nevermind|don't do e mail|don't do email|don't use e mail|don't use email|don't have e mail|don't have "
		"email" },
	{ VA_AS, "as in|for|like|as|is for" },
	{ VA_WITH, "with" },
	{ VA_AND, "and" },
	{ VA_HALF, "half" },
	{ VA_ARTICLE, "a|an|the" },
	{ VA_MONEY, "dollars|dollar|bucks|buck|pounds|pound|quid|euros|euro" },
	{ VA_CENTS, "cents|cent|pence|p" },
	{ VA_SPAN, "old|age|years|year|months|month|weeks|week|days|day|hours|hour|minutes|minute|times|o'clock|years "
			   "ago|percent of"
			   "|am|pm" },
	{ VA_PARTICLE, "van|von|der|den|de|da|di|del|la|le|du|st|dos|des|della|ter|ten" },
	{ VA_NAMES, "e mail|email|e mail address|email address|phone|number|phone number|mobile|cell|address|mail|cellphone"
				"|cell phone|landline|telephone|zip|zip code|postcode|post code|postal code" },
	{ VA_LAST, "last name|surname|family name|last" },
	{ VA_FIRST, "first|first name|given name|forename|christian name" },
	{ VA_ENDING, "com|net|org|edu|gov|co|uk|us|io|me|info|biz|ca|ie|au|nz|de|fr|es|eu|ai|app|dev|tv|shop|online|law" },
	{ VA_LEAD, "it's|it is|name is|name's|my name is|my name's|this is|i'm|i am|that's|that is|is|speaking with|call me"
			   "|they call me|you're speaking with|you're speaking to|put it under|under|the name is|the name's"
			   "|name would be|it would be|it'd be|that would be|that'll be|we're at|we are at|i live at|we live at"
			   "|living at|i'm at|it'll be|it will be|use|are|was|be" },
	{ VA_STREET,
		"street|road|avenue|lane|drive|close|court|boulevard|place|terrace|gardens|way|walk|view|square|crescent"
		"|grove|hill|park|row|mews|parkway|highway|circle|trail|loop|alley|rise|green|broadway|kingsway|quay"
		"|plaza|pike|turnpike|run|path|ridge|crossing|point|landing|ave|blvd|wharf|yard|mount|vale" },
	{ VA_REGION,
		"alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia|hawaii|idaho|illinois"
		"|indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri"
		"|montana|nebraska|nevada|new hampshire|new jersey|new mexico|new york|north carolina|north dakota|ohio"
		"|oklahoma|oregon|pennsylvania|rhode island|south carolina|south dakota|tennessee|texas|utah|vermont|virginia"
		"|washington|west virginia|wisconsin|wyoming|district of columbia" },
	{ VA_COMMON,
		"the|my|your|our|his|her|their|its|i|you|he|she|we|they|me|him|us|them|who|what|when|where|why|how|which|to|of"
		"|in|on|by|from|but|or|so|if|then|than|there|here|this|that|these|those|do|does|did|have|has|had|can|could|will"
		"|would|should|may|might|must|am|were|been|being|just|only|also|too|very|all|any|some|no|one|please|thanks"
		"|thank you|hi|hello|hey|good morning|good afternoon|good evening|bye|goodbye|oh|well|ha|cheers|of "
		"course|let|get"
		"|got|give|gave|said|say|says|tell|spell|spelled|spelt|spelling|spell "
		"it|i'll|i've|i'd|you've|you're|we've|we're"
		"|they're|he's|she's|what's|who's|don't|doesn't|didn't|can't|won't|couldn't|capital|lower case|lowercase"
		"|uppercase|upper case|all one word|one "
		"word|letter|letters|first|last|middle|end|way|word|words|both|each|again"
		"|now|new|old|same|other|never|always|still|already|maybe|probably|about|around|out|up|down|off|over|into|"
		"because"
		"|everybody|everyone|everything|nothing|something|anything|somebody|someone|anymore|these days|today|the best"
		"|best|work|home|office|personal|wife's|husband's|wife|husband|daughter|son|mother|father|thing|things|want|"
		"need"
		"|needs|know|see|look|looks|hold|send|reach|try|go|going|come|take|put|think|remember|sir|ma'am|madam|love|mate"
		"|honey|dear|great|fine|nice|funny|pretty|silly|rest|everywhere|though|even|after|before|without|dots|dot"
		"|spaces|space|ampersand|question|sorry|honestly|be honest|reachable|full|number|name|named|called|company"
		"|business|account|booking|quote|speaking|it" },
	{ VA_PLACE | VA_COMMON, "start=1|beginning=1|front=1|middle=2|end=3|on the end=3|at the end=3|the end=3|in the "
							"middle=2|at the start=1|at the beginning=1" },
	{ VA_WITHOUT, "no|without|not" },
	{ VA_HELLO | VA_COMMON,
		"hi|hello|hey|good morning|good afternoon|good evening|hi there|hello there|morning|afternoon" },
	{ VA_SELF | VA_LEAD, "my name is|my name's|this is|i'm|i am|name is|name's|call me|they call me|you're speaking "
						 "with|you're speaking to|you're talking to|the name is|the name's|here is" },
	{ VA_OTHER,
		"husband|wife|boss|mother|father|mum|mom|dad|son|daughter|brother|sister|manager|colleague|partner|secretary|"
		"assistant|neighbour|neighbor|landlord|tenant|he's|she's|he|she|his|her|friend|owner|somebody|someone" },
	{ VA_TITLE | VA_COMMON, "mr|mrs|ms|miss|mister|missus|sir|madam|doctor|dr|professor|prof" },
	{ VA_YES, "speaking|this is she|this is he|this is him|this is her|that is me|you did|exactly right|that's still "
			  "good|still good|that's fine|all good|yes it is|it is|you are|i am" },
	{ VA_COMMON, "spelled with|two words|separate words|spelling|spellings|calling|double barrelled|initial|middle "
				 "initial|both|ending|starting|beginning with|as two|hyphenated" },
	{ VA_COMMON, "single|one single|just one|only one" },
	{ VA_WITH, "has|has got|there's|spelled with|spelt with|takes|it has|it's got|but with|only with|just with" },
	{ VA_WITH | VA_PLACE, "ends in=3|ends with=3|ending in=3|ending with=3|starts with=1|starting with=1|begins "
						  "with=1|beginning with=1" },
	{ VA_NOT | VA_NO, "not|isn't" },
	{ VA_CAPITAL | VA_COMMON,
		"capital|capitals|uppercase|upper case|small|little|lower case|lowercase|then|big|another|space" },
	{ VA_COMMON, "going|hyphenated|irish|scottish|welsh|french|german|usual|usual way|drop|like it sounds|the normal "
				 "way|i go by|cap" },
	{ VA_NOTE | VA_COMMON,
		"all one word|one word|all together|altogether|all lowercase|lowercase|lower case|all lower case|no spaces|no "
		"space|the two letters|both letters|just letters|the number|the numbers|numbers|the digits|digits|the "
		"digit|digit|the letter|just the letter|letter|all joined up|joined up|no dots=.|no "
		"dot=.|without the dot=.|no hyphen=-|no underscore=_|spelled out|in numbers|in digits|as a number|as one "
		"word|all small letters|no apostrophe|no capitals|no caps|small letters|no gap|no gaps|run together" },
	{ VA_VAGUE | VA_COMMON, "something|something like|whatever|i made" },
	{ VA_NOTE | VA_COMMON, "between|in between|in there" },
};

const VaLexiconTable va_lexicon_en = { .language = "en",
	.groups = groups,
	.ngroups = sizeof(groups) / sizeof(groups[0]),
	.decimal = '.',
	.month_first = true };
