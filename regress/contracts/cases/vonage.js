'use strict';
const crypto = require('crypto');
const { plain, calls, provider_request, lookup, list, span } = require('./common');

const id = 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab';
const live = { provider_call_id: id, attempt_ref: 'va-1' };
const { privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });

module.exports = {
	carrier: { credentials: { application_id: id, private_key: privateKey, api_key: 'abcd1234', api_secret: 'secret' }, settings: { from_number: '+14155550101' } },
	servers: [
		{ base: 'https://api.nexmo.com/v1/calls', specs: ['vonage_voice.json'] },
		{ base: 'https://api.nexmo.com/v1/messages', strip: 'https://api.nexmo.com', specs: ['vonage_messages.yaml'] },
		{ base: 'https://api.nexmo.com/ni', specs: ['vonage_insight.yaml'] },
		{ base: 'https://rest.nexmo.com', specs: ['vonage_numbers.json'] },
		{ base: 'https://rest.nexmo.com/account/get-balance', strip: 'https://rest.nexmo.com', specs: ['vonage_account.json'] },
	],
	/* Its document of numbers knows the account's key in the query only; the wire takes Basic as well. */
	adjust: (request) => {
		const [, pair] = /^Basic (.*)/.exec(request.headers.Authorization || '') || [];
		if (!pair || request.url.includes('/get-balance') || request.url.includes('api_key=')) return request;
		const [key, secret] = Buffer.from(pair, 'base64').toString().split(':');
		return { ...request, url: `${request.url}${request.url.includes('?') ? '&' : '?'}api_key=${key}&api_secret=${secret}` };
	},
	all: () => [
		...calls(),
		{ name: 'call, listening for a key', do: 'build_call', order: { ...plain, answer: { ...plain.answer, opt_out_key: '9' } } },
		lookup({ provider_call_id: id }),
		list('open', {}),
		list('numbers and a time', { ...span, to_number: '+14155550100', from_number: '+14155550101', limit: 50 }),
		list('the second page', { ...span, limit: 50, offset: 50 }),
		provider_request('check_account'),
		provider_request('balance'),
		provider_request('hangup', live),
		provider_request('transfer', { ...live, answer: { kind: 'forward', forward_to: '+14155550102', caller_id: '+14155550101', text: 'One moment' } }),
		provider_request('say', { ...live, answer: { kind: 'say', text: 'Grüße & <b>', language: 'de-DE' } }),
		provider_request('say', { ...live, server_url: plain.server_url, reason: 'normal', answer: { kind: 'say', text: 'Hello Ann', opt_out_key: '9' } }, { label: 'listening for a key' }),
		provider_request('play', { ...live, answer: { kind: 'play', media_url: 'https://media.example.com/a.mp3' } }),
		provider_request('send_dtmf', { ...live, digits: '12#' }),
		provider_request('stream', { ...live, answer: { kind: 'stream', stream_url: 'wss://bot.example.com/s' } }),
		provider_request('fetch_cost', live),
		provider_request('list_numbers'),
		provider_request('list_numbers', { page: '2', limit: 20 }, { label: 'the second page' }),
		provider_request('search_numbers', { country: 'US', area_code: '415', contains: '55', limit: 10 }),
		provider_request('search_numbers', { country: 'GB' }, { label: 'of a country' }),
		provider_request('buy_number', { number: '+14155550100', country: 'US', server_url: 'https://h.example/w' }),
		provider_request('release_number', { number: '+14155550100', country: 'US', number_id: 'US.14155550100' }),
		provider_request('lookup_number', { number: '+14155550102', facts: 'line_type' }),
		provider_request('send_text', { from_number: '+14155550101', number: '+14155550102', text: 'Grüße: we are there at 3 pm.', attempt_ref: 'va-t-7', server_url: 'https://h.example/w' }),
		provider_request('send_text', { from_number: '+14155550101', number: '+919812345678', text: 'Your order 7 is on its way.', attempt_ref: 'va-t-8', server_url: 'https://h.example/w', dlt_entity: '1101234567890123456', dlt_template: '1107161234567890123', dlt_header: 'ACMEIN' }, { label: 'to India' }),
		provider_request('configure_number', { number: '+14155550100', country: 'US', number_id: 'US.14155550100', server_url: 'https://h.example/w' }),
	],
	/* A link that a report named: any host's, without a contract. */
	elsewhere: ['provider_request:fetch_recording'],
};
