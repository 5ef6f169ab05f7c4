'use strict';
const { calls, provider_request, lookup, list, span } = require('./common');

const account = 'AC00000000000000000000000000000001';
const id = 'CA00000000000000000000000000000001';
const number = 'PN00000000000000000000000000000001';
const base = 'https://api.twilio.com';

module.exports = {
	carrier: { credentials: { account_sid: account, auth_token: 'token' }, settings: { from_number: '+14155550101' } },
	servers: [
		{ base, specs: ['twilio.json'] },
		{ base: 'https://lookups.twilio.com', specs: ['twilio_lookups.json'] },
	],
	all: () => [
		...calls(),
		lookup({ provider_call_id: id }),
		list('open', {}),
		list('numbers and a time', { ...span, to_number: '+14155550100', from_number: '+14155550101', limit: 50 }),
		provider_request('check_account'),
		provider_request('balance'),
		provider_request('hangup', { provider_call_id: id }),
		provider_request('hangup', { provider_call_id: id, reason: 'busy' }, { label: 'with a reason' }),
		provider_request('transfer', { provider_call_id: id, answer: { kind: 'forward', forward_to: '+14155550102', caller_id: '+14155550101', text: 'One moment' } }),
		provider_request('say', { provider_call_id: id, answer: { kind: 'say', text: 'Grüße & "Ann" <b>' } }),
		provider_request('play', { provider_call_id: id, answer: { kind: 'play', media_url: 'https://media.example.com/a.mp3' } }),
		provider_request('stream', { provider_call_id: id, attempt_ref: 'va-1', answer: { kind: 'stream', stream_url: 'wss://bot.example.com/s', attempt_ref: 'va-1' } }),
		provider_request('send_dtmf', { provider_call_id: id, digits: '12#' }),
		provider_request('record', { provider_call_id: id, server_url: 'https://h.example/w' }),
		/* A call without a recording is an answer. */
		provider_request('fetch_recording', { provider_call_id: id }, { read: (reply, got) => (/"recordings":\s*\[\]/.test(reply.body) ? got.cause === 'not-found' : undefined) }),
		provider_request('fetch_cost', { provider_call_id: id }),
		provider_request('list_numbers'),
		provider_request('list_numbers', { limit: 20 }, { label: 'some' }),
		provider_request('search_numbers', { country: 'US', area_code: '415', contains: '55', limit: 10 }),
		provider_request('search_numbers', { country: 'gb' }, { label: 'of a country' }),
		provider_request('buy_number', { number: '+14155550100', name: 'Sales', server_url: 'https://h.example/w' }),
		provider_request('release_number', { number_id: number }),
		provider_request('send_text', { from_number: '+14155550101', number: '+14155550102', text: 'Grüße: we are there at 3 pm.', attempt_ref: 'va-t-7', server_url: 'https://h.example/w' }),
		provider_request('lookup_number', { number: '+14155550102', facts: 'line_type reassigned', since: '20260131' }),
		provider_request('lookup_number', { number: '+14155550102', facts: 'line_type' }, { label: 'of its line alone' }),
		provider_request('configure_number', { number_id: number, server_url: 'https://h.example/w', name: 'Sales' }),
	],
};
