'use strict';
const { calls, provider_request, lookup, list, span } = require('./common');

const id = 'v3:MdI91X4lWFEs7IgbBEOT9M4AigoY08M0WWZFISt1Yw2axZ_IiE4pqg';
const live = { provider_call_id: id, attempt_ref: 'va-1', provider_request_ref: 'va-e-77' };

module.exports = {
	carrier: { credentials: { api_key: 'KEY123' }, settings: { connection_id: '7267xxxx', from_number: '+14155550101' } },
	servers: [{ base: 'https://api.telnyx.com/v2', specs: ['telnyx.yaml', 'vendor:telnyx.json'] }],
	all: () => [
		...calls(),
		lookup({ provider_call_id: id }),
		list('open', {}),
		list('numbers and a time', { ...span, to_number: '+14155550100', from_number: '+14155550101', limit: 50 }),
		provider_request('check_account'),
		provider_request('balance'),
		provider_request('hangup', live),
		provider_request('answer', { ...live, server_url: 'https://h.example/w' }),
		provider_request('transfer', { ...live, answer: { kind: 'forward', forward_to: '+14155550102', caller_id: '+14155550101', ring_timeout_s: 20, max_duration_s: 600, status_url: 'https://h.example/w' } }),
		provider_request('say', { ...live, answer: { kind: 'say', text: 'Hello Ann' } }),
		provider_request('say', { ...live, answer: { kind: 'say', text: 'Grüße', language: 'de-DE', voice: 'AWS.Polly.Vicki-Neural' } }, { label: 'in German' }),
		provider_request('say', { ...live, answer: { kind: 'say', text: 'Hello Ann', opt_out_key: '9' } }, { label: 'listening for a key' }),
		provider_request('play', { ...live, answer: { kind: 'play', media_url: 'https://media.example.com/a.mp3' } }),
		provider_request('send_dtmf', { ...live, digits: '12#w' }),
		provider_request('stream', { ...live, answer: { kind: 'stream', stream_url: 'wss://bot.example.com/s' } }),
		provider_request('record', live),
		provider_request('fetch_recording', { provider_call_id: id }),
		provider_request('list_numbers'),
		provider_request('list_numbers', { page: '2', limit: 20 }, { label: 'the second page' }),
		provider_request('search_numbers', { country: 'US', area_code: '415', contains: '55', limit: 10 }),
		provider_request('search_numbers', { country: 'GB' }, { label: 'of a country' }),
		provider_request('buy_number', { number: '+14155550100', name: 'Sales', server_url: 'https://h.example/w', provider_request_ref: 'va-e-78' }),
		provider_request('release_number', { number_id: '1293384261075731499' }),
		provider_request('lookup_number', { number: '+14155550102', facts: 'line_type' }),
		provider_request('send_text', { from_number: '+14155550101', number: '+14155550102', text: 'Grüße: we are there at 3 pm.', attempt_ref: 'va-t-7', server_url: 'https://h.example/w' }),
		provider_request('configure_number', { number_id: '1293384261075731499', server_url: 'https://h.example/w', name: 'Sales' }),
	],
};
