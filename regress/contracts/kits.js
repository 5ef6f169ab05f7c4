#!/usr/bin/env node
/*
 * kits.js
 *	The vendors' lists of words as their newest kits have them (pinned in package.json), against ours: what they have and we do not
 *	map fails, what we have and they do not is told.
 */
'use strict';
const fs = require('fs');
const path = require('path');
const { ok, done, skipAll, note } = require('./lib');

const root = path.join(__dirname, '../..');
const ours = (file) => fs.readFileSync(path.join(root, file), 'utf8');
const all = (text, pattern) => [...text.matchAll(pattern)].map((found) => found[1]);
const words = (union) => all(union || '', /['"]([^'"]+)['"]/g);

/* A file of a kit, whatever it exports to require(). */
function kit(name, file) {
	const home = module.paths.concat((process.env.NODE_PATH || '').split(':')).map((dir) => path.join(dir, name)).find((dir) => fs.existsSync(dir));
	if (home === undefined) skipAll(`${name} is not installed`);
	return fs.readFileSync(path.join(home, file), 'utf8');
}
const version = (name) => JSON.parse(kit(name, 'package.json')).version;

/* Each of theirs is mapped; those of ours that they do not have are named. */
function compare(what, theirs, mapped) {
	const unmapped = theirs.filter((word) => !mapped(word));
	ok(theirs.length > 1 && unmapped.length === 0, `${what}: each of ${theirs.length} is mapped`, `new: ${unmapped.join(', ')}`);
}
function gone(what, known, theirs) {
	const left = known.filter((word) => !theirs.includes(word));
	if (left.length) note(`${what}: not in the kit any more: ${left.join(', ')}`);
}
ok(!words("'a' | 'b'").every((word) => ['a'].includes(word)), 'a word that nobody maps is noticed');

/* ---- carriers ---- */

const reasons = all(kit('@vapi-ai/server-sdk', 'dist/cjs/api/types/CallEndedReason.d.ts'), /: "([^"]+)"/g);
const read = ours('regress/unit/data/vapi_ended_reasons.txt').split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.split(' ')[0]);
compare(`Vapi ${version('@vapi-ai/server-sdk')}, why calls ended`, reasons, (word) => read.includes(word));
gone('Vapi', read, reasons);
const live = ours('extension/pure/providers/vapi/vapi_event.c');
const statuses = all(kit('@vapi-ai/server-sdk', 'dist/cjs/api/types/ServerMessageStatusUpdateStatus.d.ts'), /: "([^"]+)"/g);
compare('Vapi, statuses', statuses, (word) => live.includes(`"${word}"`));

const state = all(ours('sql/59_text/30_receive.sql').match(/CASE WHEN events\[i\]\.status IN[\s\S]*?END/)[0], /'([a-z_]+)'/g).concat('received');
compare(`Twilio ${version('twilio')}, texts`, words(kit('twilio', 'lib/rest/api/v2010/account/message.d.ts').match(/type MessageStatus = ([^;]+);/)[1]), (word) => state.includes(word));
compare('Telnyx, texts', all(kit('telnyx', 'resources/messages/messages.d.ts'), /status\?: (('\w+' ?\|? ?)+);/g).flatMap(words), (word) => state.includes(word));
const verify = ours('extension/pure/providers/twilio/twilio_verify.c');
compare('Twilio, algorithms of signatures', all(kit('twilio', 'lib/webhooks/webhooks.js'), /exports\.(HMAC_\w+) = "/g), (word) => verify.includes(`"${word}"`));

/* Plivo's kit has no list of states or causes of calls (types are string), and Exotel has none for its interface on npm. */
const vonage = ours('extension/pure/providers/vonage/vonage_event.c');
compare(`Vonage ${version('@vonage/voice')}, calls`, all(kit('@vonage/voice', 'dist/cjs/enums/CallStatus.d.ts'), /= "([^"]+)"/g), (word) => vonage.includes(`"${word}"`));

/* ---- payment ---- */

const dispute = ours('extension/pure/payments/stripe/stripe.c');
const subscription = ours('extension/pure/payments/stripe/stripe_plans.c');
const stripe = (file) => kit('stripe', `cjs/resources/${file}.d.ts`);
compare(`Stripe ${version('stripe')}, disputes`, words(stripe('Disputes').match(/type Status = ([^;]+);/)[1]), (word) => dispute.includes(`{ "${word}", "`));
compare('Stripe, subscriptions', words(stripe('Subscriptions').match(/type Status = ([^;]+);/)[1]), (word) => subscription.includes(`{ "${word}", "`));

/* ---- until when models are kept ---- */

const table = {};
for (const found of ours('sql/38_model/06_models.sql').replace(/'\s*\n\s*'/g, '').matchAll(/^\t\('([\w-]+)', '\{[a-z,]+\}'(?:::text\[\])?, (?:NULL|(?:date )?'([\d-]+)'),[^{]*'\{([^}]*)\}'/gm)) {
	for (const model of found[3].split(',')) table[`${found[1]} ${model}`] = found[2] || '';
}
function ends(vendor, days) {
	const wrong = Object.entries(days).filter(([model, day]) => `${vendor} ${model}` in table && table[`${vendor} ${model}`] !== day);
	ok(Object.keys(days).length > 1 && wrong.length === 0, `${vendor}: the days on which ${Object.keys(days).length} models end`, wrong.map(([model, day]) => `${model}: ${day}`).join('\n'));
}
const told = {};
for (const file of ['shared', 'beta/responses/responses', 'realtime/realtime', 'audio/audio', 'audio/speech']) {
	for (const comment of kit('openai', `resources/${file}.d.ts`).match(/\/\*\*[\s\S]*?\*\//g)) {
		const text = comment.replace(/\s*\n\s*\*\s?/g, ' ');
		for (const found of text.matchAll(/- ((?:"[^"]+",? *)+):\s*Announced\s+shutdown\s+date:\s*(\d{4}-\d\d-\d\d)/g)) for (const model of words(found[1])) told[model] = found[2];
	}
}
ends('openai', told);
const month = (text) => new Date(`${text.replace(/(\d)(?:st|nd|rd|th)/, '$1')} UTC`).toISOString().slice(0, 10);
ends('anthropic', Object.fromEntries([...kit('@anthropic-ai/sdk', 'internal/data/deprecated-models.js').matchAll(/'([\w.-]+)': '([^']+)'/g)].map(([, model, day]) => [model, month(day)])));
done();
