/*
 * 40_assistant: which voices, language models and transcribers there are, as far as the vendors say.
 *
 * The names are those of the API reference of the carrier that reaches them (Vapi's, of 23 November 2026), and for its
 * own voices those of its published SDK.  Names of a vendor that takes any (ids of cloned voices, models behind a
 * router) are only known where somebody fetched a list: fetch_voices().  An update of the extension brings newer names;
 * until then the settings extra_voices and extra_models let others pass.
 */

CREATE FUNCTION voiceagent_private.vendor_lists_as_of() RETURNS date
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN date '2026-11-23';
COMMENT ON FUNCTION voiceagent_private.vendor_lists_as_of() IS
	'The day of the vendors'' lists of voices, models and transcribers that this version knows.';

CREATE FUNCTION voiceagent_private.voice_vendors()
	RETURNS TABLE (vendor text, complete boolean, voices text[], models text[], slowest numeric, fastest numeric)
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
VALUES
	('azure', false, '{andrew,brian,emma}'::text[],
		NULL::text[], 0.5::numeric, 2::numeric),
	('cartesia', false, '{}',
		'{sonic-3.5,sonic-3.5-2026-05-04,sonic-3,sonic-3-2026-01-12,sonic-3-2025-10-27,sonic-2,'
		'sonic-2-2025-06-11,sonic-english,sonic-multilingual,sonic-preview,sonic}', NULL, NULL),
	('custom-voice', false, '{}',
		NULL, NULL, NULL),
	('deepgram', true, '{asteria,luna,stella,athena,hera,orion,arcas,perseus,angus,orpheus,helios,zeus,thalia,'
		'andromeda,helena,apollo,aries,amalthea,atlas,aurora,callista,cora,cordelia,delia,draco,electra,harmonia,'
		'hermes,hyperion,iris,janus,juno,jupiter,mars,minerva,neptune,odysseus,ophelia,pandora,phoebe,'
		'pluto,saturn,selene,theia,vesta,celeste,estrella,nestor,sirio,carina,alvaro,diana,aquila,selena,'
		'javier,viktoria,kara,fabian,julius,lara,elara,aurelia}',
		'{aura,aura-2}', NULL, NULL),
	('11labs', false, '{burt,marissa,andrea,sarah,phillip,steve,joseph,myra,paula,ryan,drew,paul,mrb,matilda,mark}',
		'{eleven_multilingual_v2,eleven_turbo_v2,eleven_turbo_v2_5,eleven_flash_v2,eleven_flash_v2_5,'
		'eleven_monolingual_v1,eleven_v3}', 0.7, 1.2),
	('hume', false, '{}',
		'{octave,octave2}', NULL, NULL),
	('lmnt', false, '{amy,ansel,autumn,ava,brandon,caleb,cassian,chloe,dalton,daniel,dustin,elowen,evander,huxley,'
		'james,juniper,kennedy,lauren,leah,lily,lucas,magnus,miles,morgan,natalie,nathan,noah,nyssa,'
		'oliver,paige,ryan,sadie,sophie,stella,terrence,tyler,vesper,violet,warrick,zain,zeke,zoe}',
		NULL, 0.25, 2),
	('neuphonic', false, '{}',
		'{neu_hq,neu_fast}', 0.25, 2),
	('openai', false, '{alloy,echo,fable,onyx,nova,shimmer,marin,cedar}',
		'{tts-1,tts-1-hd,gpt-4o-mini-tts}', 0.25, 4),
	('playht', false, '{jennifer,melissa,will,chris,matt,jack,ruby,davis,donna,michael}',
		'{PlayHT2.0,PlayHT2.0-turbo,Play3.0-mini,PlayDialog}', 0.1, 5),
	('wellsaid', false, '{}',
		'{caruso,legacy}', NULL, NULL),
	('rime-ai', false, '{cove,moon,wildflower,eva,amber,maya,lagoon,breeze,helen,joy,marsh,creek,cedar,alpine,summit,'
		'nicholas,tyler,colin,hank,thunder,astra,eucalyptus,moraine,peak,tundra,mesa_extra,talon,marlu,'
		'glacier,falcon,luna,celeste,estelle,andromeda,esther,lyra,lintel,oculus,vespera,transom,bond,'
		'arcade,atrium,cupola,fern,sirius,orion,masonry,albion,parapet}',
		'{arcana,mistv2,mist}', 0.1, 5),
	('smallest-ai', false, '{emily,jasmine,arman,james,mithali,aravind,raj,diya,raman,ananya,isha,william,aarav,monika,'
		'niharika,deepika,raghav,kajal,radhika,mansi,nisha,saurabh,pooja,saina,sanya}',
		'{lightning}', 0.1, 5),
	('tavus', false, '{}',
		NULL, NULL, NULL),
	('vapi', false, '{Clara,Godfrey,Layla,Sid,Gustavo,Elliot,Kylie,Rohan,Lily,Savannah,Hana,Neha,Cole,Harry,Paige,'
		'Spencer,Nico,Kai,Emma,Sagar,Neil,Naina,Leah,Tara,Jess,Leo,Dan,Mia,Zac,Zoe}',
		NULL, 0.25, 2),
	('sesame', false, '{}',
		'{csm-1b}', NULL, NULL),
	('inworld', true, '{Alex,Ashley,Craig,Deborah,Dennis,Edward,Elizabeth,Hades,Julia,Pixie,Mark,Olivia,Priya,Ronald,'
		'Sarah,Shaun,Theodore,Timothy,Wendy,Dominus,Hana,Clive,Carter,Blake,Luna,Yichen,Xiaoyin,Xinyi,'
		'Jing,Erik,Katrien,Lennart,Lore,Alain,Hélène,Mathieu,Étienne,Johanna,Josef,Gianni,Orietta,Asuka,'
		'Satoshi,Hyunwoo,Minji,Seojun,Yoona,Szymon,Wojciech,Heitor,Maitê,Diego,Lupita,Miguel,Rafael,'
		'Svetlana,Elena,Dmitry,Nikolai,Riya,Manoj,Yael,Oren,Nour,Omar}',
		'{inworld-tts-1}', NULL, NULL),
	('minimax', false, '{}',
		'{speech-02-hd,speech-02-turbo,speech-2.5-turbo-preview}', 0.5, 2),
	('xai', true, '{eve,ara,rex,sal,leo}',
		NULL, 0.7, 1.5),
	('microsoft', true, '{de-DE-Klaus:MAI-Voice-2,de-DE-Mia:MAI-Voice-2,en-AU-Lisa:MAI-Voice-2,en-US-Ethan:MAI-Voice-2,'
		'en-US-Grant:MAI-Voice-2,en-US-Harper:MAI-Voice-2,en-US-Iris:MAI-Voice-2,'
		'en-US-Jasper:MAI-Voice-2,en-US-Olivia:MAI-Voice-2,es-ES-Marta:MAI-Voice-2,'
		'es-MX-Alejo:MAI-Voice-2,es-MX-Valeria:MAI-Voice-2,fr-FR-Marc:MAI-Voice-2,'
		'fr-FR-Soleil:MAI-Voice-2,hi-IN-Arjun:MAI-Voice-2,hi-IN-Dhruv:MAI-Voice-2,'
		'hi-IN-Kavya:MAI-Voice-2,hi-IN-Priya:MAI-Voice-2,hu-HU-Bence:MAI-Voice-2,'
		'hu-HU-Levente:MAI-Voice-2,hu-HU-Lilla:MAI-Voice-2,hu-HU-Réka:MAI-Voice-2,it-IT-Luca:MAI-Voice-2,'
		'it-IT-Rosa:MAI-Voice-2,ko-KR-Hana:MAI-Voice-2,ko-KR-Junho:MAI-Voice-2,nl-NL-Fleur:MAI-Voice-2,'
		'nl-NL-Sander:MAI-Voice-2,pt-BR-Caio:MAI-Voice-2,pt-BR-Luana:MAI-Voice-2,pt-BR-Pedro:MAI-Voice-2,'
		'pt-BR-Rafael:MAI-Voice-2,pt-PT-Rui:MAI-Voice-2,ro-RO-Andrei:MAI-Voice-2,ro-RO-Elena:MAI-Voice-2,'
		'ro-RO-Ioana:MAI-Voice-2,ro-RO-Radu:MAI-Voice-2,ru-RU-Lev:MAI-Voice-2,ru-RU-Masha:MAI-Voice-2,'
		'th-TH-Krit:MAI-Voice-2,th-TH-Nattapong:MAI-Voice-2,tr-TR-Aydin:MAI-Voice-2,'
		'tr-TR-Elif:MAI-Voice-2,zh-CN-Bo:MAI-Voice-2,zh-CN-Lan:MAI-Voice-2,zh-CN-Mei:MAI-Voice-2}',
		NULL, 0.5, 2)
$$;
COMMENT ON FUNCTION voiceagent_private.voice_vendors() IS
	E'The vendors of voices, with the names that are known.\n'
	'complete: there are no others (else names and ids of one''s own may be used, too); models: of the voice (NULL: '
	'none is chosen); slowest, fastest: what voice_speed may be (NULL: it cannot be set).';

CREATE FUNCTION voiceagent_private.model_vendors() RETURNS TABLE (provider text, models text[])
	LANGUAGE sql STABLE PARALLEL SAFE AS $$
	-- NULL: the vendor takes any name; a vendor whose models have all ended has none.
	SELECT k.vendor, CASE WHEN bool_or(k.source IS NOT NULL) THEN coalesce(array_agg(m.name ORDER BY m.n)
		FILTER (WHERE m.name IS NOT NULL
			AND coalesce(k.ends_on > (voiceagent.clock() AT TIME ZONE 'UTC')::date, true)), '{}') END
	FROM voiceagent_private.known_models() k LEFT JOIN LATERAL unnest(k.models) WITH ORDINALITY m(name, n) ON true
	WHERE 'mind' = ANY (k.serves) GROUP BY k.vendor ORDER BY k.vendor
$$;
COMMENT ON FUNCTION voiceagent_private.model_vendors() IS
	E'The providers of language models, and their models that live (NULL: any name).\n'
	'A model of openai may name a region behind a colon.';

CREATE FUNCTION voiceagent_private.transcriber_vendors() RETURNS TABLE (vendor text, models text[], keyterms boolean,
	endpointing boolean)
	LANGUAGE sql STABLE PARALLEL SAFE AS $$
	SELECT k.vendor, array_agg(m.name ORDER BY m.n) FILTER (WHERE m.name IS NOT NULL
			AND coalesce(k.ends_on > (voiceagent.clock() AT TIME ZONE 'UTC')::date, true)),
		k.vendor IN ('assembly-ai', 'deepgram', 'gladia', 'speechmatics', 'soniox', 'vapi'),
		k.vendor IN ('deepgram', 'gladia')
	FROM voiceagent_private.known_models() k LEFT JOIN LATERAL unnest(k.models) WITH ORDINALITY m(name, n) ON true
	WHERE 'ear' = ANY (k.serves) GROUP BY k.vendor ORDER BY k.vendor
$$;
COMMENT ON FUNCTION voiceagent_private.transcriber_vendors() IS
	'The vendors of transcribers, their models that live (NULL: none is chosen), and whether they take keyterms and '
	'endpointing_ms.';

-- By the pairs of letters that two names share: good enough for a slip of the finger, and needs no other extension.
CREATE FUNCTION voiceagent_private.nearest_names(word text, names text[], most integer DEFAULT 5) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT string_agg(f.name, ', ' ORDER BY f.nearness DESC, f.name) FROM (
		SELECT n.name, (SELECT count(*) FROM generate_series(1, length(n.name)) i
				WHERE position(substr(' ' || lower(n.name), i, 2) IN ' ' || lower(left(word, 60))) > 0)::numeric
			/ greatest(length(n.name), length(left(word, 60)), 1) AS nearness
		FROM (SELECT DISTINCT u FROM unnest(names) u) AS n(name) ORDER BY 2 DESC, 1 LIMIT most) f
$$;
COMMENT ON FUNCTION voiceagent_private.nearest_names(text, text[], integer) IS
	'The names most like a word, with commas between them; NULL: there are none.';
