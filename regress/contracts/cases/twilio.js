'use strict';
const { calls, errand, lookup, list, span } = require('./common');

const account = 'AC00000000000000000000000000000001';
const id = 'CA00000000000000000000000000000001';
const number = 'PN00000000000000000000000000000001';
const base = 'https://api.twilio.com';

module.exports = {
	carrier: { credentials: { account_sid: account, auth_token: 'token' }, settings: { from_number: '+14155550101' } },
	servers: [{ base, specs: ['twilio.json'] }],
	all: () => [
		...calls(),
		lookup({ provider_call_id: id }),
		list('open', {}),
		list('numbers and a time', { ...span, to_number: '+14155550100', from_number: '+14155550101', limit: 50 }),
		errand('check_account'),
		errand('balance'),
		errand('hangup', { provider_call_id: id }),
		errand('hangup', { provider_call_id: id, reason: 'busy' }, { label: 'with a reason' }),
		errand('transfer', { provider_call_id: id, answer: { kind: 'forward', forward_to: '+14155550102', caller_id: '+14155550101', text: 'One moment' } }),
		errand('say', { provider_call_id: id, answer: { kind: 'say', text: 'Grüße & "Ann" <b>' } }),
		errand('play', { provider_call_id: id, answer: { kind: 'play', media_url: 'https://media.example.com/a.mp3' } }),
		errand('stream', { provider_call_id: id, attempt_ref: 'va-1', answer: { kind: 'stream', stream_url: 'wss://bot.example.com/s', attempt_ref: 'va-1' } }),
		errand('send_dtmf', { provider_call_id: id, digits: '12#' }),
		errand('record', { provider_call_id: id, server_url: 'https://h.example/w' }),
		/* A call without a recording is an answer. */
		errand('fetch_recording', { provider_call_id: id }, { read: (reply, got) => (/"recordings":\s*\[\]/.test(reply.body) ? got.cause === 'not-found' : undefined) }),
		errand('fetch_cost', { provider_call_id: id }),
		errand('list_numbers'),
		errand('list_numbers', { limit: 20 }, { label: 'some' }),
		errand('search_numbers', { country: 'US', area_code: '415', contains: '55', limit: 10 }),
		errand('search_numbers', { country: 'gb' }, { label: 'of a country' }),
		errand('buy_number', { number: '+14155550100', name: 'Sales', server_url: 'https://h.example/w' }),
		errand('release_number', { number_id: number }),
		errand('configure_number', { number_id: number, server_url: 'https://h.example/w', name: 'Sales' }),
	],
};
