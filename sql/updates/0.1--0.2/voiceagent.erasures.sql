SELECT voiceagent_private.update_release_rows('voiceagent.erasures');
-- With the salt beside them, the digests could be read back as numbers.
ALTER TABLE voiceagent.erasures DROP COLUMN phone_salt, DROP COLUMN phone_digests;
