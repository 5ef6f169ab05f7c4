/*
 * common.js
 *	Orders that every driver is given: a plain call, then each wish alone, then all together.
 */
'use strict';

const plain = {
	to_number: '+14155550100',
	from_number: '+14155550101',
	attempt_ref: 'va-7-42-0a1b2c3d',
	server_url: 'https://hooks.example.com/webhooks/T0ken',
	assistant: { name: 'Anna', first_message: 'Hello Ann', system_prompt: 'Sell.' },
	variables: { first_name: 'Ann' },
	answer: { kind: 'say', text: 'Hello Ann, goodbye.' },
};
const stream = { kind: 'stream', stream_url: 'wss://bot.example.com/socket' };

const wishes = {
	plain: {},
	'no caller of its own': { from_number: undefined },
	'no callback': { server_url: undefined },
	'text of all sorts': { customer_name: 'Zoë "<&> 李', answer: { kind: 'say', text: 'Grüße <b>& "Ann" 李\u{1F600}', language: 'de-DE' } },
	stream: { answer: stream },
	play: { answer: { kind: 'play', media_url: 'https://media.example.com/hello.mp3' } },
	forward: { answer: { kind: 'forward', forward_to: '+14155550102', caller_id: '+14155550101', ring_timeout_s: 20 } },
	record: { answer: stream, record: true },
	'ring timeout': { ring_timeout_s: 25 },
	'long ring timeout': { ring_timeout_s: 100000 },
	'longest call': { max_duration_s: 300 },
	'longest call of all': { max_duration_s: 1000000 },
	'machine detection': { machine_detection: 'detect' },
	'machine message': { machine_detection: 'message' },
	extension: { to_extension: '12' },
	everything: {
		customer_name: 'Ann', answer: stream, record: true, ring_timeout_s: 25, max_duration_s: 300, machine_detection: 'message',
		assistant: { name: 'Anna', first_message: 'Hello', system_prompt: 'Sell.', voice: '11labs/burt', model: 'anthropic/claude-sonnet-4', language: 'en-US' },
	},
};

/* refused: {wish: true}; extra: per wish, or for all under '*'. */
function calls({ refused = {}, extra = {}, skip = {} } = {}) {
	return Object.entries(wishes).filter(([name]) => !skip[name]).map(([name, wish]) => ({
		name: `call, ${name}`, do: 'build_call', order: { ...plain, ...wish, ...extra['*'], ...extra[name] }, refused: refused[name],
	}));
}

const provider_request = (name, order = {}, expectation = {}) => ({ name: `${name}${expectation.label ? `, ${expectation.label}` : ''}`, do: `provider_request:${name}`, order, ...expectation });
const lookup = (order, expectation = {}) => ({ name: 'lookup', do: 'build_lookup', order, ...expectation });
const list = (name, order, expectation = {}) => ({ name: `list, ${name}`, do: 'build_list', order, ...expectation });

const span = { created_from: 1767322800000, created_to: 1767323400000 };

module.exports = { plain, stream, calls, provider_request, lookup, list, span };
