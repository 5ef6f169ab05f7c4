'use strict';
const { calls, provider_request, lookup, list, span } = require('./common');

const id = '97ceeb52-58b6-11e1-86da-77300b68f8bb';
const base = 'https://api.plivo.com';
const live = { provider_call_id: id, attempt_ref: 'va-1', provider_request_ref: 'e-1', server_url: 'https://h.example/w' };

module.exports = {
	carrier: { credentials: { auth_id: 'MA000000000000000001', auth_token: 'token' }, settings: { from_number: '+14155550101', application_id: '29986316244302815' } },
	servers: [{ base, specs: ['plivo.yaml'] }],
	all: () => [
		/* Without a URL of ours a call could not be told what to do. */
		...calls({ refused: { 'no callback': true } }),
		lookup({ provider_call_id: id }),
		list('open', {}),
		list('numbers and a time', { ...span, to_number: '+14155550100', from_number: '+14155550101', limit: 50, offset: 20 }),
		provider_request('check_account'),
		provider_request('balance'),
		provider_request('hangup', { provider_call_id: id }),
		provider_request('transfer', { ...live, answer: { kind: 'forward', forward_to: '+14155550102', caller_id: '+14155550101', text: 'One moment' } }),
		provider_request('say', { ...live, answer: { kind: 'say', text: 'Grüße & "Ann" <b>' } }),
		provider_request('play', { ...live, answer: { kind: 'play', media_url: 'https://media.example.com/a.mp3' } }),
		provider_request('stream', { ...live, answer: { kind: 'stream', stream_url: 'wss://bot.example.com/s?x=1' } }),
		provider_request('say', { ...live, answer: { kind: 'say', text: 'Hallo', language: 'de-DE', voice: 'WOMAN' } }, { label: 'in a language' }),
		provider_request('say', { ...live, reason: 'normal', answer: { kind: 'say', text: 'a'.repeat(3000) } }, { label: 'a message' }),
		provider_request('transfer', { ...live, answer: { kind: 'forward', forward_to: '+14155550102', text: 'a'.repeat(3000) } }, { label: 'too much', refused: true }),
		provider_request('send_dtmf', { provider_call_id: id, digits: '12#' }),
		provider_request('record', live),
		/* A call without a recording is an answer. */
		provider_request('fetch_recording', { provider_call_id: id }, { read: (reply, got) => (/"objects":\s*\[\]/.test(reply.body) ? got.cause === 'not-found' : undefined) }),
		/* The record comes some time after the call's end. */
		provider_request('fetch_cost', { provider_call_id: id }, { read: (reply, got) => (reply.status === 404 ? got.kind === 'accepted' && !got.cost : undefined) }),
		provider_request('list_numbers'),
		provider_request('list_numbers', { number: '+14155550100', limit: 100 }, { label: 'one' }),
		provider_request('search_numbers', { country: 'US', area_code: '415', limit: 10 }),
		provider_request('search_numbers', { country: 'gb' }, { label: 'of a country' }),
		provider_request('buy_number', { number: '+14155550100', name: 'Sales', server_url: 'https://h.example/w' }),
		provider_request('release_number', { number_id: '14155550100' }),
		provider_request('send_text', { from_number: '+14155550101', number: '+14155550102', text: 'Grüße: we are there at 3 pm.', attempt_ref: 'va-t-7', server_url: 'https://h.example/w' }),
		provider_request('send_text', { from_number: '+14155550101', number: '+919812345678', text: 'Your order 7 is on its way.', attempt_ref: 'va-t-8', server_url: 'https://h.example/w', dlt_entity: '1101234567890123456', dlt_template: '1107161234567890123', dlt_header: 'ACMEIN' }, { label: 'to India' }),
		provider_request('configure_number', { number_id: '14155550100', server_url: 'https://h.example/w' }),
	],
};
