'use strict';
const { calls, provider_request, lookup, list, span } = require('./common');

const id = '7420f27a-30fd-4f49-a995-5549ae7cc00d';
const control = { control_url: 'https://control.example/c1/control' };
const twilio = { credentials: { account_sid: 'AC00000000000000000000000000000001', auth_token: 'token' } };
const key = { credentials: { account_sid: 'AC00000000000000000000000000000001', api_key: 'SK1', api_secret: 'secret' } };
const live = { '*': { from_number: undefined } };

const answer = (name, what) => ({ name: `answer, ${name}`, do: 'answer', answer: what, to: 'https://answer.example/assistant-request' });
const assistant = {
	name: 'A name that is much longer than the forty characters allowed', first_message: 'Hi', system_prompt: 'x', voice: 'vapi/Elliot',
	model: 'openai/gpt-4.1', language: 'en', settings: {
		temperature: 0.5, max_tokens: 250, transcriber_model: 'nova-3', endpointing_ms: 300, voice_speed: 1, keyterms: ['Acme'],
		pronunciations: [{ term: 'SQL', say: 'sequel' }], interruption: 'patient', resume_after_s: 2, first_message_interruptible: true, smart_endpointing: 'vapi', response_delay_s: 0.5,
		silence_timeout_s: 20, tools: ['find_listings', 'lookup_listing', 'find_knowledge', 'free_slots', 'hold_slot', 'book', 'move_booking', 'cancel_booking', 'take_message', 'make_offer', 'transfer', 'call_back', 'opt_out'],
		background_denoising: 'both', anti_hangup: true, first_message_mode: 'assistant-speaks-first',
		end_call_message: 'Bye', end_call_phrases: ['goodbye'], voicemail_message: 'Call us', background_sound: 'office', live_transcript: true, extraction_fields: { size: { type: 'number', description: 'how many' } },
	},
};
const told = { webhook_headers: { 'X-Secret': 's' }, server_url: 'https://h.example/w' };

module.exports = {
	carrier: { credentials: { api_key: 'key', elevenlabs_api_key: 'xi-key' }, settings: { phone_number_id: '5f2e8f0a-54d1-45e7-8b6a-6ad5b8a3a4c1', webhook_credential_id: id } },
	servers: [
		{ base: 'https://api.vapi.ai', specs: ['vapi.yaml', 'vendor:vapi.json'] },
		{ base: 'https://api.vapi.ai/credential', strip: 'https://api.vapi.ai', specs: ['vapi.yaml', 'vendor:vapi_credential.json'] },
		{ base: 'https://control.example', specs: ['vapi_control.yaml'] },
		{ base: 'https://answer.example', specs: ['vapi.yaml'] },
		{ base: 'https://api.elevenlabs.io', specs: ['elevenlabs.yaml', 'vendor:elevenlabs.json'] },
	],
	all: () => [
		...calls({ extra: live }),
		{
			name: 'call, every setting of an assistant', do: 'build_call', order: {
				to_number: '+14155550100', attempt_ref: 'va-1', variables: {}, ...told,
				assistant,
			},
		},
		...Object.entries({
			'assembly-ai': 'fr-FR', azure: 'de', '11labs': 'es-ES', gladia: 'en-US', google: 'fr-FR', speechmatics: 'de-DE', talkscriber: 'en', openai: 'en', cartesia: 'fr',
			soniox: 'es-MX', xai: 'en', vapi: 'de-DE', deepgram: 'fr-FR',
		}).map(([transcriber, language]) => ({
			name: `call, heard by ${transcriber}`, do: 'build_call',
			order: { to_number: '+14155550100', attempt_ref: 'va-1', variables: {}, ...told, assistant: { ...assistant, language, settings: { transcriber, keyterms: ['Acme'], endpointing_ms: 200 } } },
		})),
		answer('to be said', { kind: 'say', text: 'We are closed.' }),
		answer('turned away', { kind: 'reject' }),
		answer('forwarded', { kind: 'forward', forward_to: '+14155550102', caller_id: '+14155550101', text: 'One moment' }),
		answer('a conversation', { kind: 'converse', order: { ...told, assistant: { first_message: 'Hi', system_prompt: 'x' } } }),
		answer('a conversation, every setting of an assistant', { kind: 'converse', order: { ...told, assistant, carrier: { settings: { webhook_credential_id: id, voicemail_detection: 'google' } }, variables: { first_name: 'Ann' }, record: true, max_duration_s: 300 } }),
		{ ...answer('a conversation that nobody hears of', { kind: 'converse', order: { assistant } }), refused: true },
		lookup({ provider_call_id: id }),
		list('open', {}),
		list('a number and a time', { ...span, from_number_id: id, limit: 10 }),
		provider_request('check_account'),
		provider_request('hangup', control),
		provider_request('say', { ...control, answer: { text: 'One moment' } }),
		provider_request('say', { ...control, answer: { text: 'Goodbye' }, reason: 'normal' }, { label: 'then hang up' }),
		provider_request('transfer', { ...control, answer: { kind: 'forward', forward_to: '+14155550102', caller_id: '+14155550101', text: 'One moment' } }),
		provider_request('fetch_recording', { provider_call_id: id }, { prefer: 'code=302' }),
		provider_request('fetch_cost', { provider_call_id: id }),
		provider_request('list_voices'),
		provider_request('create_assistant', { assistant, kept_ref: 'f63b7a11-4a25-458e-a69c-29e1c4849040' }),
		provider_request('update_assistant', { assistant, kept_ref: 'r', carrier_assistant_id: id, kept_body: { name: 'A' } }),
		provider_request('fetch_assistant', { carrier_assistant_id: id, kept_body: { name: 'A' } }),
		provider_request('find_assistant', { kept_ref: 'r', created_from: '2026-01-02T03:04:05Z' }),
		provider_request('find_assistant', { kept_ref: 'r', created_from: '2026-01-02T03:04:05Z', page: '2026-01-03T03:04:05.678Z' }, { label: 'next page' }),
		provider_request('delete_assistant', { carrier_assistant_id: id }),
		{
			name: 'call, of a kept assistant', do: 'build_call', order: {
				to_number: '+14155550100', attempt_ref: 'va-1', variables: { first_name: 'Ann' }, ...told, record: true, max_duration_s: 300, machine_detection: 'detect',
				assistant: { name: 'Anna', first_message: 'This is an AI. Hi', system_prompt: 'x' }, kept: { id, body: { name: 'Anna', firstMessage: 'Hi' } },
			},
		},
		provider_request('list_numbers', {}),
		provider_request('list_numbers', { limit: 5, page: '2026-01-02T03:04:05.678Z' }, { label: 'next page' }),
		provider_request('buy_number', { area_code: '415', name: 'Sales', server_url: 'https://h.example/w' }),
		provider_request('buy_number', {}, { label: 'anywhere' }),
		provider_request('create_number', { number: '+14155550100', other: twilio, other_provider: 'twilio', name: 'Sales', server_url: 'https://h.example/w' }, { label: 'of Twilio' }),
		provider_request('create_number', { number: '+14155550100', other: key, other_provider: 'twilio' }, { label: 'of Twilio, with a key' }),
		provider_request('create_number', { number: '+14155550100', credential_id: id, other_provider: 'vonage' }, { label: 'of Vonage' }),
		provider_request('create_number', { number: '+14155550100', credential_id: id, other_provider: 'telnyx' }, { label: 'of Telnyx' }),
		provider_request('create_number', { number: '+14155550100', credential_id: id, other_provider: 'plivo' }, { label: 'of anybody else' }),
		provider_request('release_number', { number_id: id }),
		provider_request('configure_number', { number_id: id, other_provider: 'vapi', server_url: 'https://h.example/w', name: 'Sales', fallback_number: '+12125550100' }),
		provider_request('configure_number', { number_id: id, other_provider: 'plivo', server_url: 'https://h.example/w' }, { label: 'of anybody else' }),
		provider_request('create_credential', { other: twilio, other_provider: 'twilio', name: 'mine' }, { label: 'Twilio' }),
		provider_request('create_credential', { other: { credentials: { api_key: 'k', api_secret: 's' } }, other_provider: 'vonage', name: 'mine' }, { label: 'Vonage' }),
		provider_request('create_credential', { other: { settings: { sip_host: '192.0.2.7' }, credentials: { sip_username: 'u', sip_password: 'p' } }, other_provider: 'asterisk', name: 'mine' }, { label: 'a trunk' }),
	],
};
