SELECT voiceagent_private.update_release_rows('voiceagent.erasures');
-- With the salt beside them, the digests could be read back as numbers.
ALTER TABLE voiceagent.erasures DROP COLUMN phone_salt, DROP COLUMN phone_digests,
	-- What the sandbox knows goes with the person.
	ALTER COLUMN kept SET DEFAULT ARRAY['ledger entries, by the calls'' numbers', 'the do-not-call entries of each number',
		'how many calls each number had, for caps that count them for ever', 'the audit log',
		'rows of imports that were not taken, until their retention ends'];
