'use strict';
const { calls, provider_request, lookup, list, span, plain, stream } = require('./common');

const flow = { credentials: { api_key: 'key', api_token: 'token' }, settings: { account_sid: 'acme1', caller_id: '08040001234', flow_id: '926' } };

module.exports = {
	carrier: { credentials: { api_key: 'key', api_token: 'token' }, settings: { account_sid: 'acme1', caller_id: '08040001234', stream_url: 'wss://bot.example.com/s' } },
	servers: [
		{ base: 'https://api.exotel.com', specs: ['exotel.yaml'] },
		/* The vendor's own document says /connect, without the suffix that asks for JSON. */
		{ base: 'https://api.exotel.com/v1/Accounts/acme1/Calls/connect.json', strip: 'https://api.exotel.com', specs: ['exotel.yaml'] },
	],
	/* The documents spell lists without the brackets that the wire has. */
	adjust: (request) => ({ ...request, body: request.body && request.body.replace(/%5B%5D=/g, '=') }),
	all: () => [
		...calls({ refused: { extension: true } }),
		{ name: 'call, to a flow', do: 'build_call', order: { ...plain, carrier: flow, ring_timeout_s: 20 } },
		{ name: 'call, stream before flow', do: 'build_call', order: { ...plain, carrier: flow, answer: stream, record: true } },
		lookup({ provider_call_id: 'b6cf' }),
		list('open', {}),
		list('a number and a time', { ...span, to_number: '+919876543210', limit: 50 }),
		list('since', { created_from: span.created_from }),
		list('until', { created_to: span.created_to }),
		provider_request('check_account'),
		provider_request('fetch_cost', { provider_call_id: 'b6cf' }),
		provider_request('send_text', { from_number: '+14155550101', number: '+14155550102', text: 'Grüße: we are there at 3 pm.', attempt_ref: 'text-7' }),
		provider_request('send_text', { from_number: '+14155550101', number: '+919812345678', text: 'Your order 7 is on its way.', attempt_ref: 'text-8', dlt_entity: '1101234567890123456', dlt_template: '1107161234567890123', dlt_header: '600123' }, { label: 'to India' }),
		provider_request('fetch_text', { message_id: 'b6cf' }),
	],
	/* A link that a report named: any host's, without a contract. */
	elsewhere: ['provider_request:fetch_recording'],
};
