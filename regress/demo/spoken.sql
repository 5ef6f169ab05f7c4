-- The last act: a carrier that brings the audio of a call to a socket of ours.  Only its address is real.
\set QUIET on
SELECT voiceagent.create_assistant('Desk', 'Good evening, this is Acme Solar. How can I help you?', 'You answer the telephone of a solar company.') AS desk \gset
SELECT voiceagent.update_assistant(:desk, '{"settings": {"tools": ["free_slots", "book", "take_message"]}}') \gset
SELECT voiceagent.create_calendar('Visits', 'America/New_York', '{"start": "09:00", "end": "17:00", "days": ["mon", "tue", "wed", "thu", "fri"]}', '1 hour') AS visits \gset
SELECT voiceagent.create_provider_account('exotel', 'Sockets', '{"api_key": "none", "api_token": "none"}',
	'{"account_sid": "demo1", "caller_id": "+12125550177", "flow_id": "1", "webhook_peers": "127.0.0.1"}') AS account \gset
SELECT voiceagent.create_endpoint(:account) AS endpoint, voiceagent.media_url(:account) AS socket \gset
SELECT voiceagent.update_provider_account(:account, settings => jsonb_build_object('stream_url', :'socket')) \gset
SELECT voiceagent.create_phone_number('+12125550177', :account, jsonb_build_object('ai_assistant_id', :desk)) AS number \gset
SELECT voiceagent.use_calendar(:visits, phone_number_id := :number) \gset
\pset format unaligned
\pset tuples_only on
\pset fieldsep ' '
SELECT :'endpoint', :'socket';
