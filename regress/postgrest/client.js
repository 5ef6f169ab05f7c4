/*
 * The main job through PostgREST, with the client that its users have: log in, import, describe an assistant, start a
 * campaign, watch it, confirm an appointment.
 *
 *	node client.js http://127.0.0.1:3000 owner@example.com password
 *
 * Prints one line a step, "ok - ..." or "not ok - ...", and 1..N at the end.
 */
import { PostgrestClient } from '@supabase/postgrest-js';

const [url, email, password] = process.argv.slice(2);
let steps = 0;
let failed = 0;

function step(passed, what, found) {
	steps += 1;
	failed += passed ? 0 : 1;
	console.log(`${passed ? 'ok' : 'not ok'} ${steps} - ${what}`);
	if (!passed) {
		console.log(`# ${JSON.stringify(found)}`);
	}
	return passed;
}

/* What a call gave; a step fails, and the rest makes no sense, when it gave an error. */
async function good(what, request, check = () => true) {
	const answer = await request;
	if (!step(!answer.error && check(answer.data), what, answer.error ?? answer.data)) {
		finish();
	}
	return answer.data;
}

async function refused(what, request, status, code) {
	const answer = await request;
	step(answer.status === status && answer.error?.code === code, what, answer);
	return answer.error;
}

function finish() {
	console.log(`1..${steps}`);
	process.exit(failed ? 1 : 0);
}

const options = (headers) => ({ schema: 'voiceagent', headers });
const visitor = new PostgrestClient(url, options({}));

await refused('a visitor reads no leads', visitor.from('leads').select(), 401, '42501');
await refused('a wrong password', visitor.rpc('login', { email, password: `${password}?` }), 401, 'PT401');
const token = await good('a member logs in', visitor.rpc('login', { email, password }), (t) => typeof t === 'string');
const member = new PostgrestClient(url, options({ Authorization: `Bearer ${token}` }));

const csv = 'phone,first_name,product\n'
	+ '+1 212 555 0100,Ada,heat pump\n+1 212 555 0101,Ben,home battery\n+1 415 555 0104,Cleo,heat pump\n12345,Dan,heat pump\n';
await good('a file is imported', member.rpc('import_leads', { csv, default_country: 'US' }),
	(r) => [].concat(r)[0].rows_imported === 3 && [].concat(r)[0].rows_rejected === 1);
await good('its bad row is reported', member.from('import_errors').select('row_number,kind,reason').eq('kind', 'rejected'),
	(r) => r.length === 1 && r[0].row_number === 4);
await good('leads are read as rows, filtered and ordered', member.from('leads').select('lead_id,first_name,phone').order('first_name'),
	(r) => r.map((l) => l.first_name).join() === 'Ada,Ben,Cleo');

/* A file goes as the body of a request, with options as headers; another comes back as a file. */
const file = (path, headers, body) => fetch(`${url}${path}`, { method: body ? 'POST' : 'GET', body,
	headers: { Authorization: `Bearer ${token}`, 'Content-Profile': 'voiceagent', 'Accept-Profile': 'voiceagent', ...headers } });
const sent = await file('/rpc/import_file', { 'Content-Type': 'application/octet-stream', 'Import-Country': 'US', 'Import-Dry-Run': 'true' },
	Buffer.from(`\ufeff${csv}`, 'utf16le'));
const [counts] = [].concat(await sent.json());
step(sent.status === 200 && counts.rows_read === 4 && counts.rows_rejected === 1, 'a file in UTF-16 is the body of a request', counts);
const [first_import] = await good('imports are rows', member.from('import_batches').select('batch_id').eq('status', 'finished'), (r) => r.length === 1);
const mended = await file(`/rpc/rejected_csv?batch_id=${first_import.batch_id}`, { Accept: 'text/csv' });
const lines = (await mended.text()).split('\n');
step(/^text\/csv/.test(mended.headers.get('content-type')) && lines[0].startsWith('rejected_row,') && lines[1].endsWith('Dan,heat pump'),
	'the rejected rows come as a file', lines);
const lead = await good('a lead is added', member.rpc('add_lead', { phone: '+1 312 555 0118', first_name: 'Gil', context: { product: 'heat pump' } }),
	Number.isInteger);
const twice = await refused('the same lead twice is a conflict', member.rpc('add_lead', { phone: '+1 312 555 0118' }), 409, 'PT409');
step(/lead \d+/.test(twice?.details ?? ''), '... whose detail names the lead', twice);
await good('a function without result', member.rpc('do_not_call', { phone: '+1 312 555 0118', reason: 'asked by e-mail' }));
const written = await refused('a table is not written', member.from('leads').insert({ phone: '+12125550100' }), 403, '42501');
step(/function/.test(written?.hint ?? ''), '... and the hint says what writes', written);
await refused('what is not there', member.rpc('start_campaign', { campaign_id: 999999 }), 404, 'PT404');
await refused('a missing argument', member.rpc('start_campaign', {}), 404, 'PGRST202');

const assistant = await good('an assistant', member.rpc('create_assistant', {
	name: 'Solar adviser',
	first_message: 'Hello {{first_name}}, this is Nova, an automated assistant of Acme Solar.',
	system_prompt: 'You call about {{product}}. Offer a free visit and agree on a day and an hour.',
}), Number.isInteger);
const campaign = await good('a campaign', member.rpc('create_campaign', {
	name: 'Spring visits', assistant_id: assistant, settings: { max_concurrent_calls: 20, call_interval: 0, retry_attempts: 1 },
}), Number.isInteger);
await good('its leads', member.rpc('add_leads', { campaign_id: campaign }), (n) => n === 4);
await good('its preview tells the listed one from the others', member.rpc('preview_campaign', { campaign_id: campaign }),
	(p) => p.callable === 3 && Object.keys(p.blocked).length === 1);
await good('it starts', member.rpc('start_campaign', { campaign_id: campaign }));

for (let tries = 0; tries < 600; tries += 1) {
	const { data } = await member.from('campaign_progress').select('status').eq('campaign_id', campaign).single();
	if (data?.status === 'completed') {
		break;
	}
	await new Promise((resolve) => setTimeout(resolve, 100));
}
await good('it completes', member.from('campaign_progress').select('status').eq('campaign_id', campaign).single(), (p) => p.status === 'completed');
await good('every call has an outcome', member.from('calls').select('outcome').is('outcome', null), (r) => r.length === 0);
await good('the called are three, and not the listed one', member.from('calls').select('lead_id'),
	(r) => new Set(r.map((c) => c.lead_id)).size === 3 && r.every((c) => c.lead_id !== lead));
const pending = await good('appointments are rows', member.from('appointments').select('appointment_id').eq('status', 'pending'));
if (pending.length > 0) {
	await good('one is confirmed', member.rpc('confirm_appointment', { appointment_id: pending[0].appointment_id }));
}
await good('the balance is read', member.from('credit_balance').select(), (b) => b.length > 0);

const key = await good('an API key', member.rpc('create_api_key', { label: 'crm' }), (k) => typeof k === 'string');
const machine = new PostgrestClient(url, options({ 'X-API-Key': key }));
await good('a machine reads with it', machine.from('leads').select('lead_id'), (r) => r.length === 4);
await refused('a wrong key', new PostgrestClient(url, options({ 'X-API-Key': 'va_guess' })).from('leads').select(), 401, 'PT401');
finish();
