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
for (const [method, write] of Object.entries({ DELETE: (t) => t.delete().eq('lead_id', lead), PATCH: (t) => t.update({ first_name: 'Ida' }).eq('lead_id', lead) })) {
	const answer = await refused(`... and a table is not written by ${method}`, write(member.from('leads')), 403, '42501');
	step(/function/.test(answer?.hint ?? ''), '... and the hint says what writes', answer);
}
const written = await refused('a table is not written', member.from('leads').insert({ phone: '+12125550100' }), 403, '42501');
step(/function/.test(written?.hint ?? ''), '... and the hint says what writes', written);
await refused('what is not there', member.rpc('start_campaign', { campaign_id: 999999 }), 404, 'PT404');
await refused('a missing argument', member.rpc('start_campaign', {}), 404, 'PGRST202');

/* A refusal is one line of the answer, whatever it repeats. */
await refused('a refusal that repeats line breaks', member.rpc('add_lead', { phone: '12345\r\nSet-Cookie: a=b' }), 422, 'PT422');

/* A time without an offset is the tenant's, or what the request prefers. */
const zoned = async (headers) => (await new PostgrestClient(url, options({ Authorization: `Bearer ${token}`, ...headers })).from('leads').select('created_at')).data[0].created_at;
step(/-0[45]:00$/.test(await zoned({})), 'times are in the zone of the tenant', await zoned({}));
step(/\+09:00$/.test(await zoned({ Prefer: 'timezone=Asia/Tokyo' })), '... or in that which the request prefers', await zoned({ Prefer: 'timezone=Asia/Tokyo' }));

/* Two more bodies that are files: with headings that are not ASCII, and a document. */
const mapping = encodeURIComponent(JSON.stringify({ phone: 'Telefon', first_name: 'Straße' }));
const headings = await file('/rpc/import_file', { 'Content-Type': 'application/octet-stream', 'Import-Mapping': mapping, 'Import-Dry-Run': 'true' },
	Buffer.from('Telefon,Straße\n+12125550177,Ilse\n'));
const [named] = [].concat(await headings.json());
step(headings.status === 200 && named.rows_imported === 1, 'a mapping names headings that are not ASCII', named);
const sheet = await file('/rpc/add_knowledge_file', { 'Content-Type': 'application/octet-stream', 'Knowledge-Name': encodeURIComponent('Preise für Öfen'),
	'Knowledge-Kind': 'csv', 'Knowledge-Language': 'de-DE' }, Buffer.from('\ufeffquestion,answer\nWas kostet es?,"9.000 €"\n', 'utf16le'));
const document_id = await sheet.json();
step(sheet.status === 200 && Number.isInteger(document_id), 'a document is the body of a request', document_id);
await good('... and is read', member.from('knowledge_passages').select('body').eq('document_id', document_id), (r) => r.length === 1 && JSON.stringify(r).includes('9.000 €'));

/* A byte that is no UTF-8: PostgREST gives the connection back inside its transaction.  Nobody else may notice. */
const spare = await good('a key for the next steps', member.rpc('create_api_key', { label: 'spare' }), (k) => typeof k === 'string');
for (let n = 0; n < 20; n += 1) {
	await fetch(`${url}/rpc/whoami`, { headers: { 'X-API-Key': spare, 'X-Note': '\u00ff', 'Accept-Profile': 'voiceagent' } }).then((r) => r.text());
}
const others = await Promise.all(Array.from({ length: 12 }, () => visitor.from('enumerations').select('value').limit(1)));
step(others.every((r) => r.status === 200), '... a broken request leaves nothing to the next of its connection', others.find((r) => r.status !== 200));
await good('... of a member', member.rpc('whoami'), (w) => w.email === email);
step((await fetch(`${url}/rpc/authenticate?token=${spare}`, { headers: { 'Accept-Profile': 'voiceagent' } })).status === 405, 'a key is not taken from a URL', null);

const assistant = await good('an assistant', member.rpc('create_assistant', {
	name: 'Solar adviser',
	first_message: 'Hello {{first_name}}, this is Nova, an automated assistant of Acme Solar.',
	system_prompt: 'You call about {{product}}. Offer a free visit and agree on a day and an hour.',
}), Number.isInteger);

/* An assistant from answers, as a page asks for them: a mistake, back, another day, the end. */
const wizard = await good('a wizard starts', member.rpc('wizard_start', { profile: 'recruitment', language: 'fr-FR' }), Number.isInteger);
const page = await good('its first step can be drawn', member.rpc('wizard_step', { wizard_id: wizard }, { get: true }),
	(w) => w.step === 1 && w.steps === 10 && w.question === 'De quelle entreprise s\'agit-il ?' && w.fields.every((f) => f.key && f.kind && f.label)
		&& w.fields.find((f) => f.kind === 'choice').labels.recruitment === 'Recrutement');
await good('a bad answer names the fields', member.rpc('wizard_answer', { wizard_id: wizard, step: page.step,
	answer: { business_type: 'magie', phone: 7, description: 'x'.repeat(1001) } }),
	(w) => w.errors.map((e) => e.field).sort().join() === 'business_type,description,phone'
		&& w.errors.every((e) => e.message && e.allowed) && w.errors.find((e) => e.field === 'description').allowed.characters === 1000);
await good('... and it stays where it was', member.rpc('wizard_step', { wizard_id: wizard }), (w) => w.step === 1 && w.answer === null);
await refused('a step is not skipped', member.rpc('wizard_answer', { wizard_id: wizard, step: 3, answer: {} }), 409, 'PT409');
await good('a good answer brings the next step', member.rpc('wizard_answer', { wizard_id: wizard, step: 1,
	answer: { business_name: 'Talents Rhône', phone: '04 78 00 00 00' } }), (w) => w.step === 2 && w.key === 'offer');
await good('... and back is the one before, with its answer', member.rpc('wizard_back', { wizard_id: wizard }),
	(w) => w.step === 1 && w.answer.business_name === 'Talents Rhône' && w.due === 2);
await good('an unfinished wizard is a row', member.from('unfinished_wizards').select('wizard_id,step_key,answered_steps'),
	(r) => r.length === 1 && r[0].wizard_id === wizard && r[0].answered_steps === 1);
await good('... and is resumed', member.rpc('wizard_go', { wizard_id: wizard, step: 2 }), (w) => w.key === 'offer');
await good('the next two answers', member.rpc('wizard_answer', { wizard_id: wizard, step: 2, answer: { offer: 'un premier entretien pour le poste de chef de chantier' } }));
await good('... complete it', member.rpc('wizard_answer', { wizard_id: wizard, step: 3, answer: { audience: 'les candidats au poste' } }), (w) => w.complete);
await good('its texts are shown before the end', member.rpc('wizard_preview', { wizard_id: wizard }, { get: true }),
	(p) => p.missing.length === 0 && p.lint.length === 0 && p.settings.language === 'fr-FR');
const recruiter = await good('it makes an assistant', member.rpc('wizard_finish', { wizard_id: wizard }), Number.isInteger);
await good('... once', member.rpc('wizard_finish', { wizard_id: wizard }), (a) => a === recruiter);
await good('... and the caller has a name', member.from('settings').select('value').eq('key', 'caller_name').single(), (v) => v.value === 'Talents Rhône');
await good('what a lead would hear', member.rpc('preview_prompt', { assistant_id: recruiter, lead_id: lead }, { get: true }),
	(p) => p.first_message.includes('Camille, je vous appelle de la part de Talents Rhône') && p.first_message.endsWith('à Gil ?'));
const run = await good('scripted callers test it', member.rpc('test_assistant', { assistant_id: recruiter }), Number.isInteger);
await good('... and their report is read', member.rpc('test_report', { test_run_id: run }),
	(r) => r.length > 10 && r[0].caller === null && r[0].verdict === 'rehearsed' && r.slice(1).every((c) => c.transcript));
await good('a changed answer makes a version', member.rpc('update_assistant_answers', { assistant_id: recruiter, changes: { style: { style: 'natural' } } }),
	(v) => v === 2);

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
const bot = await good('a key for a bot', member.rpc('create_api_key', { label: 'bot', role: 'agent' }), (k) => typeof k === 'string');
await refused('... starts no campaign', new PostgrestClient(url, options({ 'X-API-Key': bot })).rpc('start_campaign', { campaign_id: campaign }), 403, 'PT403');
await refused('an unknown campaign explains nothing', member.rpc('explain_campaign', { campaign_id: 987654321 }), 404, 'PT404');
await good('experiments are read with their two versions', member.from('experiments').select('experiment_id,a_assistant_id').limit(1));

/* The last of this token: its member changes its password. */
const next = await good('a member changes its password', member.rpc('change_password', { old_password: password, new_password: `${password} 2` }), (t) => typeof t === 'string');
await refused('... which ends its sessions', member.from('leads').select('lead_id'), 401, 'PT401');
const later = new PostgrestClient(url, options({ Authorization: `Bearer ${next}` }));
await good('... and the next one goes on', later.rpc('whoami'), (w) => w.email === email);
await good('... back', later.rpc('change_password', { old_password: `${password} 2`, new_password: password }), (t) => typeof t === 'string');
await refused('a wrong key', new PostgrestClient(url, options({ 'X-API-Key': 'va_guess' })).from('leads').select(), 401, 'PT401');
finish();
