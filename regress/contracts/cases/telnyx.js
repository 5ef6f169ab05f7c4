'use strict';
const { calls, errand, lookup, list, span } = require('./common');

const id = 'v3:MdI91X4lWFEs7IgbBEOT9M4AigoY08M0WWZFISt1Yw2axZ_IiE4pqg';
const live = { provider_call_id: id, attempt_ref: 'va-1', errand_ref: 'va-e-77' };

module.exports = {
	carrier: { credentials: { api_key: 'KEY123' }, settings: { connection_id: '7267xxxx', from_number: '+14155550101' } },
	servers: [{ base: 'https://api.telnyx.com/v2', specs: ['telnyx.yaml', 'vendor:telnyx.json'] }],
	all: () => [
		...calls(),
		lookup({ provider_call_id: id }),
		list('open', {}),
		list('numbers and a time', { ...span, to_number: '+14155550100', from_number: '+14155550101', limit: 50 }),
		errand('check_account'),
		errand('balance'),
		errand('hangup', live),
		errand('answer', { ...live, server_url: 'https://h.example/w' }),
		errand('transfer', { ...live, answer: { kind: 'forward', forward_to: '+14155550102', caller_id: '+14155550101', ring_timeout_s: 20, max_duration_s: 600, status_url: 'https://h.example/w' } }),
		errand('say', { ...live, answer: { kind: 'say', text: 'Hello Ann' } }),
		errand('say', { ...live, answer: { kind: 'say', text: 'Grüße', language: 'de-DE', voice: 'AWS.Polly.Vicki-Neural' } }, { label: 'in German' }),
		errand('say', { ...live, answer: { kind: 'say', text: 'Hello Ann', opt_out_key: '9' } }, { label: 'listening for a key' }),
		errand('play', { ...live, answer: { kind: 'play', media_url: 'https://media.example.com/a.mp3' } }),
		errand('send_dtmf', { ...live, digits: '12#w' }),
		errand('stream', { ...live, answer: { kind: 'stream', stream_url: 'wss://bot.example.com/s' } }),
		errand('record', live),
		errand('fetch_recording', { provider_call_id: id }),
		errand('list_numbers'),
		errand('list_numbers', { page: '2', limit: 20 }, { label: 'the second page' }),
		errand('search_numbers', { country: 'US', area_code: '415', contains: '55', limit: 10 }),
		errand('search_numbers', { country: 'GB' }, { label: 'of a country' }),
		errand('buy_number', { number: '+14155550100', name: 'Sales', server_url: 'https://h.example/w', errand_ref: 'va-e-78' }),
		errand('release_number', { number_id: '1293384261075731499' }),
		errand('configure_number', { number_id: '1293384261075731499', server_url: 'https://h.example/w', name: 'Sales' }),
	],
};
