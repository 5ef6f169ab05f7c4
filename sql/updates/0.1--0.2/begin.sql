-- Their arguments have columns of enumerations, whose values cannot change meanwhile.
SELECT voiceagent_private.update_drop_function('voiceagent_private.paste_dials');
