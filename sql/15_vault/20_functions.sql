-- 15_vault: in goes plaintext, by our functions alone; out comes nothing.

CREATE FUNCTION voiceagent_private.seal_secret(name text, plaintext text) RETURNS void
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_seal_secret';
COMMENT ON FUNCTION voiceagent_private.seal_secret(text, text) IS
	E'Seals a secret of the current tenant under that name, in place of an earlier one.\n'
	'55000 when the key of voiceagent.vault_key_file is missing. '
	'Only C code opens it.';

CREATE FUNCTION voiceagent_private.copy_secret(name text, new_name text) RETURNS boolean
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_copy_secret';
COMMENT ON FUNCTION voiceagent_private.copy_secret(text, text) IS
	E'Seals a secret of the current tenant under another name as well; false if there is none.\n'
	'XX001 if it does not open.';

CREATE FUNCTION voiceagent_private.secret_opens(name text) RETURNS boolean
	LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'va_sql_secret_opens';
COMMENT ON FUNCTION voiceagent_private.secret_opens(text) IS
	E'Opens a secret of the current tenant and throws it away: true, or false if there is none.\n'
	'XX001 if it was changed, moved, or sealed under another key: for checks after a restore.';

CREATE FUNCTION voiceagent_private.has_vault_key() RETURNS boolean
	LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'va_sql_has_vault_key';
COMMENT ON FUNCTION voiceagent_private.has_vault_key() IS
	'Whether voiceagent.vault_key_file gives a key, so that secrets can be sealed.';
