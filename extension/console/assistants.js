/* Assistants, and the wizard that makes one: its steps are drawn from wizard_step(). */
import { html, useEffect, useState } from '/vendor/preact-htm.js';
import { later, rpc } from '/api.js';
import { Entry, Sure } from '/forms.js';
import { Area, byLine, Choice, Field, Form, Loaded, Problem, Said, Table, useAction, usePage } from '/parts.js';
import { asked, fill, language, named, number, ourTown, phone, t, time, word } from '/texts.js';

/* A text with what it says of each lead in brackets, as people read it. */
const plainly = (text) => (text || '').replace(/\{\{\s*(\w+)[^}]*\}\}/g, (all, name) => `[${name.replaceAll('_', ' ')}]`);
const tongue = (code) => new Intl.DisplayNames([language()], { type: 'language' }).of(code || 'en');

export function Assistants({ me }) {
	const page = usePage('assistant_page');
	const [error, busy, act] = useAction(page[2]);
	const begin = (profiles) => ({ profile }) => act(async () => {
		const id = await rpc('wizard_start', { profile: profile || null, language: profiles.some((p) => p.language === asked()) ? asked() : 'en' });
		location.hash = `#/wizard/${id}`;
	});
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${({ assistants, wizards, profiles }) => {
		const mine = profiles.filter((p) => p.language === asked());
		const ready = mine.length > 0 ? mine : profiles.filter((p) => p.language === 'en');
		return html`<div class="card"><${Table} quiet caption=${t('assistants')} rows=${assistants} id="assistant_id" columns=${[
			[t('name'), (a) => html`<a href=${`#/assistants/${a.assistant_id}`}><${Said}>${a.name}</${Said}></a>
				${!a.active && html`<span class="pill">${t('inactive')}</span>`}`],
			[t('language'), (a) => tongue(a.language)], [t('first_message'), (a) => html`<${Said}>${plainly(a.first_message)}</${Said}>`],
			[t('tools'), (a) => number(a.tools.length), 'number'], [t('campaigns'), (a) => number(a.campaigns), 'number'],
			[t('when'), (a) => time(a.changed_at)]]} /></div>
		${me.writes && html`<section class="card"><h2>${t('new_assistant')}</h2><${Form} send=${begin(profiles)} busy=${busy} label=${t('go_on')}>
			<${Choice} label=${t('profile')} name="profile" options=${ready.map((p) => [p.profile, p.name])} /></${Form}>
			${wizards.map((w) => html`<p class="row" key=${w.wizard_id}><a href=${`#/wizard/${w.wizard_id}`}><${Said}>${w.business_name || w.profile}</${Said}>, ${t('step')} ${w.step}</a>
				<${Sure} label=${t('remove')} busy=${busy} act=${() => act(() => rpc('wizard_drop', { wizard_id: w.wizard_id }))} /></p>`)}</section>`}`;
	}}</${Loaded}>`;
}

/* What it says is changed as a new version; calls that run keep theirs. */
const last = (event) => (event.target.form.dataset.last = event.target.name);

function Texts({ id, a, save, busy }) {
	/* The columns of one's leads, as the newest of them have them. */
	const [columns, setColumns] = useState([]);
	const look = async () => {
		const [lead] = await rpc('lead_list', { page_size: 1, descending: true }).catch(() => []);
		lead && setColumns(Object.keys((await rpc('lead_page', { lead_id: lead.lead_id })).lead.context));
	};
	useEffect(() => {
		look();
	}, []);
	const of = (x) => ({ name: x.name, first_message: x.first_message, system_prompt: x.written_prompt, voice: x.voice, language: x.language });
	const send = (values) => {
		const { language: spoken, ...changed } = Object.fromEntries(Object.entries(values).filter(([key, value]) => value !== (of(a)[key] ?? '')));
		save({ ...changed, ...(spoken ? { settings: { language: spoken } } : {}) });
	};
	/* What it may say of each lead is put in where one writes. */
	const put = (name) => (event) => {
		const form = event.target.form;
		const field = form.elements[form.dataset.last || 'first_message'];
		field.setRangeText(`{{${name}}}`, field.selectionStart, field.selectionEnd, 'end');
		field.focus();
	};
	const names = [...new Set(['first_name', 'last_name', 'company', ...[...`${a.first_message} ${a.written_prompt}`.matchAll(/\{\{\s*(\w+)/g)].map(([, name]) => name), ...columns])].filter((name) => name !== 'knowledge');
	return html`<details class="card"><summary>${t('change')}: ${t('first_message')}, ${t('prompt')}, ${t('voice')}</summary>
		<${Form} key=${a.version} className="long" send=${send} busy=${busy} label=${t('save')} latest=${async () => of((await rpc('assistant_detail', { assistant_id: id })).assistant)}>
			<div class="pairs"><${Field} label=${t('name')} name="name" value=${a.name} required maxlength="200" /><${Field} label=${t('voice')} name="voice" value=${a.voice} maxlength="200" help=${t('voice_help')} />
			<${Choice} label=${t('language')} name="language" value=${a.language} options=${[...new Set([a.language, 'en', 'es', 'fr', 'de', 'it'])].map((code) => [code, tongue(code)])} /></div>
			<div class="row chips" role="group" aria-label=${t('says_of_lead')}><span class="dim">${t('says_of_lead')}</span>${names.map((name) => html`<button type="button" class="chip" key=${name} onClick=${put(name)}>${name.replaceAll('_', ' ')}</button>`)}</div>
			<${Area} label=${t('first_message')} name="first_message" required rows="3" value=${a.first_message} onFocus=${last} />
			<${Area} label=${t('prompt')} name="system_prompt" required rows="20" value=${a.written_prompt} onFocus=${last} /></${Form}></details>`;
}

/* One assistant: what it says, who uses it, what it may do, whether it is good. */
export function Assistant({ id, me, title }) {
	const page = usePage('assistant_detail', { assistant_id: id }, 5000);
	const [error, busy, act] = useAction(page[2]);
	const name = page[0] && page[0].assistant.name;
	useEffect(() => name && title(name), [name]);
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${({ assistant: a, all_tools: tools, campaigns, numbers, versions, tests }) => {
		const save = (changes) => Object.keys(changes).length > 0 && act(() => rpc('update_assistant', { assistant_id: id, changes }));
		const mayUse = (tool, on) => save({ settings: { tools: tools.map((x) => x.tool).filter((x) => (x === tool ? on : a.tools.includes(x))) } });
		const facts = [[t('language'), tongue(a.language)], [t('voice'), a.voice], [t('version'), number(a.version)], [t('numbers'), numbers.map(phone).join(', ')]];
		return html`<div class="cols"><div><section class="block first-block"><h2>${t('first_message')}</h2><p class="letter"><${Said}>${plainly(a.first_message)}</${Said}></p></section>
			<details class="card"><summary>${t('prompt')}</summary><p class="letter"><${Said}>${plainly(a.system_prompt)}</${Said}></p></details>
			${me.writes && html`<${Texts} id=${id} a=${a} save=${save} busy=${busy} />
				<section class="block"><h2>${t('try_it')}</h2><${Tested} id=${id} /><${Talk} id=${id} /><${Ring} a=${a} id=${id} me=${me} /></section>`}
			<${Ends} id=${id} /></div>
		<aside class="rail" aria-label=${t('about_it')}><section class="block"><header><h2>${t('about_it')}</h2><span class=${`pill ${a.active ? 'good' : ''}`}>${t(a.active ? 'active' : 'inactive')}</span></header>
				<dl class="facts">${facts.filter(([, value]) => value).map(([key, value]) => html`<dt>${key}</dt><dd><${Said}>${value}</${Said}></dd>`)}</dl></section>
			<section class="block"><h2>${t('campaigns')}</h2>${campaigns.length === 0 ? html`<p class="dim">${t('none')}</p>` : html`<ol class="rows">${campaigns.map((c) => html`<li key=${c.campaign_id}>
				<a class="go" href=${`#/campaigns/${c.campaign_id}`}><b class="cut grow"><${Said}>${c.name}</${Said}></b><span class="dim">${named(c.status)}</span></a></li>`)}</ol>`}</section>
			<section class="block"><h2>${t('tools')} (${number(a.tools.length)})</h2>${tools.map((x) => html`<label class="check"><input type="checkbox" checked=${a.tools.includes(x.tool)}
				disabled=${!me.writes || busy} title=${x.description} onChange=${(event) => mayUse(x.tool, event.target.checked)} /><span>${word(x.tool).replace(' …', '')}</span></label>`)}</section>
			${tests.length > 0 && html`<section class="block"><h2>${t('tests')}</h2><ol class="rows">${tests.map((r) => html`<li key=${r.test_run_id}><span class="grow"><b>${number(r.passed)} / ${number(r.talks)}</b>
				<span class="dim">${t('version')} ${r.version} · ${time(r.at)}</span></span></li>`)}</ol></section>`}
			<section class="block"><h2>${t('version')}</h2><ol class="rows">${versions.map((v) => html`<li key=${v.version}><span class="grow"><b>${number(v.version)}</b> <span class="dim">${time(v.at)}</span></span></li>`)}</ol>
				${me.writes && html`<p><button disabled=${busy} onClick=${() => act(async () => {
					location.hash = `#/assistants/${await rpc('create_assistant', { name: fill('copy_of', a.name).slice(0, 200), first_message: a.first_message, system_prompt: a.written_prompt, voice: a.voice, model: a.model, settings: { language: a.language, ...a.settings } })}`;
				})}>${t('copy_it')}</button></p><p><${Sure} label=${t(a.active ? 'switch_off' : 'switch_on')} busy=${busy} act=${() => save({ active: !a.active })} /></p>`}</section></aside></div>`;
	}}</${Loaded}>`;
}

/* It calls one's own telephone, as it calls everybody. */
function Ring({ a, id, me }) {
	const [form] = usePage('campaign_form', {}, 60000);
	const [error, busy, act] = useAction();
	const [rings, setRings] = useState(false);
	const send = (values) => act(async () => {
		setRings(false);
		me.owns && await rpc('register_own_number', { phone: values.phone });
		/* What a lead would have is called by its name. */
		const names = [...`${a.first_message} ${a.system_prompt}`.matchAll(/\{\{\s*(\w+)/g)].map(([, name]) => [name, name]);
		await rpc('test_call', { assistant_id: id, phone: values.phone, provider_account_id: Number(values.account),
			variables: Object.fromEntries(names) });
		setRings(true);
	});
	return form && form.accounts.length > 0 && html`<details><summary>${t('ring_me')}</summary><${Problem} error=${error} />
		${rings && html`<p class="good" role="status">${t('call_follows')} <a href="#/calls">${t('calls')}</a></p>`}
		<${Form} send=${send} busy=${busy} label=${t('call_now')}><${Field} label=${t('phone')} name="phone" type="tel" required maxlength="40" />
			<${Choice} label=${t('connection')} name="account" options=${byLine(form.accounts)} /></${Form}></details>`;
}

/* Where its talks end; nothing, where nobody has told that. */
function Ends({ id }) {
	const [rows] = usePage('talk_ends', { assistant_id: id }, 60000);
	return rows && rows.length > 0 && html`<section class="block"><${Table} caption=${t('talks_end')} rows=${rows.slice(0, 20)} id="what" columns=${[
		[t('what'), (r) => html`<${Said}>${word(r.what)}</${Said}>`], [t('calls'), (r) => number(r.calls), 'number'],
		[t('share'), (r) => `${number(Math.round(100 * r.share))} %`, 'number']]} /></section>`;
}

/* Scripted callers talk with it; by the rules where it has no model, so the report is there at once or soon. */
function Tested({ id }) {
	const [report, setReport] = useState(null);
	const [error, busy, act] = useAction();
	const test = () => act(async () => setReport(await later('test_report', { test_run_id: await later('test_assistant', { assistant_id: id }) })));
	return html`<${Problem} error=${error} /><p><button disabled=${busy} onClick=${test}>${t('test')}</button></p>
		${report && report[0].failed_predicate && html`<p class="bad">${word(report[0].verdict)}: <${Said}>${report[0].failed_predicate}</${Said}></p>`}
		${report && html`<${Table} caption=${t('tests')} rows=${report.filter((r) => r.caller)} id="caller" columns=${[[t('who'), (r) => word(r.caller)], [t('status'), (r) => html`${word(r.verdict)} <span class="dim">${r.failed_predicate}</span>`],
			[t('talk'), (r) => html`<details><summary>${t('show')}</summary><pre><${Said}>${r.transcript}</${Said}></pre></details>`]]} />`}`;
}

/* Somebody types, and the embedded model answers as the assistant would. */
function Talk({ id }) {
	const [lines, setLines] = useState([]);
	const [talk, setTalk] = useState(null);
	const [error, busy, act] = useAction();
	const say = (said) => act(async () => {
		setTalk(await rpc('talk_to_assistant', { assistant_id: id, lines: said }));
		setLines(said);
	});
	return html`<${Problem} error=${error} /><p><button disabled=${busy} onClick=${() => say([])}>${t('talk')} (${t('rehearsed')})</button></p>
		${talk && html`<ol class="talk" aria-live="polite">${talk.turns.map((x) => html`<li class=${x.speaker}><${Said}>${x.text}</${Said}></li>`)}</ol>
			${!talk.over && html`<${Form} send=${({ line }, form) => say([...lines, line]).then(() => form.reset())} busy=${busy} label=${t('send')}><${Field} label=${t('you_say')} name="line" required maxlength="2000" autocomplete="off" /></${Form}>`}`}`;
}

/* ----- the fields of a step ----- */

/* What a step would make of the answers so far: the texts that people hear and that the model is given. */
function Made({ id }) {
	return html`<${Loaded} page=${usePage('wizard_preview', { wizard_id: id })}>${(made) => html`<h3>${t('first_message')}</h3><p class="letter"><${Said}>${made.first_message}</${Said}></p>
		<h3>${t('prompt')}</h3><p class="letter"><${Said}>${made.system_prompt}</${Said}></p>${made.lint.map((l) => html`<p class="bad"><${Said}>${l.message}</${Said}></p>`)}`}</${Loaded}>`;
}

/* Whether people call the one that is made; what its questions give as examples is of such calls, too. */
const isCalled = ({ profile, answers }) => (answers && answers.objective ? answers.objective.direction === 'inbound' : /^receptionist/.test(profile || ''));
const helped = (step, f) => (isCalled(step) ? { ...f, help: t(`called_${step.key}_${f.key}`, f.help) } : f);

/* What a step begins with. The name of one that is called says so, and not what it would call people for. */
function beginning(step) {
	const { key, fields, answer, answers } = step;
	const name = isCalled(step) && answers && [answers.business && answers.business.business_name, t('receptionist')].filter(Boolean).join(' – ');
	const usual = (f) => (name && key === 'review' && f.key === 'name' ? name : f.default);
	return Object.fromEntries(fields.map((f) => [f.key, answer ? answer[f.key] ?? null : usual(f)]));
}

function Step({ step, go }) {
	const [values, setValues] = useState(() => beginning(step));
	const [problems, setProblems] = useState({});
	const [error, busy, act] = useAction();
	const last = step.step === step.steps;
	/* What is left empty is said to be, or its default would come back. */
	const said = () => Object.fromEntries(Object.entries(values).map(([key, v]) => [key, v === undefined || v === '' ? null : v]));
	const answers = async (one, answer) => {
		const next = await rpc('wizard_answer', { wizard_id: one.wizard_id, step: one.step, answer });
		const wrong = (next.errors || []).map((e) => [e.field.split(/[.[]/)[0], e.message]);
		setProblems(Object.fromEntries(wrong));
		return wrong.length > 0 ? null : next;
	};
	const send = () => act(async () => {
		const next = await answers(step, said());
		if (next && last) {
			location.hash = `#/assistants/${await rpc('wizard_finish', { wizard_id: step.wizard_id })}`;
		} else if (next) {
			go(next);
		}
	});
	/* What is ready-made answers the steps between; the last one is looked at. */
	const skip = () => act(async () => {
		let next = await answers(step, said());
		while (next && next.step < next.steps) {
			next = await rpc('wizard_answer', { wizard_id: next.wizard_id, step: next.step, answer: next.answer || {} });
		}
		next && go(next);
	});
	const back = () => act(async () => go(await rpc('wizard_back', { wizard_id: step.wizard_id })));
	const { analysis } = step;
	const price = analysis && (analysis.why_not
		|| html`${t('credits_a_call')}: ${analysis.credits_a_call ?? '–'}, US$ ${analysis.usd_a_call ?? '–'} (${analysis.model})`);
	return html`<section class="card"><p class="dim">${t('step')} ${step.step} / ${step.steps}</p>
		<h2>${step.question}</h2><p class="dim">${step.help}</p><${Problem} error=${error} />
		${step.fields.some((f) => f.key === 'opens') && html`<p class="dim">${fill('hours_on_clock', ourTown())}</p>`}
		${step.key === 'review' && html`<${Made} id=${step.wizard_id} />`}
		<${Form} send=${send} busy=${busy} label=${t(last ? 'finish' : 'go_on')} also=${html`
			${step.step > 1 && html`<button type="button" disabled=${busy} onClick=${back}>${t('back')}</button>`}
			${!last && step.step > 1 && html`<button type="button" disabled=${busy} onClick=${skip}>${t('our_answers')}</button>`}`}>
			${step.fields.map((f) => html`<${Entry} key=${f.key} field=${helped(step, f)} value=${values[f.key]} problem=${problems[f.key]}
				set=${(x) => setValues((all) => ({ ...all, [f.key]: x }))} />`)}
			${price && html`<p class="dim">${price}</p>`}</${Form}></section>`;
}

export function Wizard({ id, me, title }) {
	useEffect(() => title(t('new_assistant')), []);
	const [step, setStep] = useState(null);
	const [error, , act] = useAction();
	useEffect(() => {
		act(async () => setStep(await rpc('wizard_step', { wizard_id: id, language: asked() })));
	}, [id]);
	return html`<${Problem} error=${error} />${step && me.writes && html`<${Step} key=${step.step} step=${step} go=${setStep} />`}`;
}
