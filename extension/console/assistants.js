/* Assistants, and the wizard that makes one: its steps are drawn from wizard_step(). */
import { html, useEffect, useState } from '/vendor/preact-htm.js';
import { later, rpc } from '/api.js';
import { Entry } from '/forms.js';
import { Choice, Field, Form, Loaded, Problem, Said, Table, useAction, usePage } from '/parts.js';
import { fill, language, ourTown, t, time, word } from '/texts.js';

export function Assistants({ me }) {
	const page = usePage('assistant_page');
	const [error, busy, act] = useAction(page[2]);
	const begin = (profiles) => ({ profile }) => act(async () => {
		const id = await rpc('wizard_start', { profile: profile || null, language: profiles.some((p) => p.language === language()) ? language() : 'en' });
		location.hash = `#/assistants/${id}`;
	});
	return html`<${Problem} error=${error} /><${Loaded} page=${page}>${({ assistants, wizards, profiles, tools }) => {
		const mine = profiles.filter((p) => p.language === language());
		const named = mine.length > 0 ? mine : profiles.filter((p) => p.language === 'en');
		const mayUse = (a, tool, on) => act(() => rpc('update_assistant', { assistant_id: a.assistant_id, changes: { settings: { tools: tools.map((x) => x.tool).filter((x) => (x === tool ? on : a.tools.includes(x))) } } }));
		return html`<div class="card"><${Table} quiet caption=${t('assistants')} rows=${assistants} id="assistant_id" columns=${[
			[t('name'), (a) => html`<${Said}>${a.name}</${Said}>`], [t('version'), (a) => a.version, 'number'], [t('language'), (a) => a.language],
			[t('first_message'), (a) => html`<${Said}>${(a.first_message || '').replace(/\{\{\s*(\w+)[^}]*\}\}/g, (all, name) => `[${name.replaceAll('_', ' ')}]`)}</${Said}>`], [t('campaigns'), (a) => a.campaigns, 'number'], [t('when'), (a) => time(a.changed_at)]]} /></div>
		${assistants.map((a) => html`<details class="card" key=${a.assistant_id}><summary>${t('test')}, ${t('talk')}, ${t('tools')}: <${Said}>${a.name}</${Said}> (${a.tools.length})</summary>
			${tools.map((x) => html`<label class="check"><input type="checkbox" checked=${a.tools.includes(x.tool)} disabled=${!me.writes || busy} onChange=${(event) => mayUse(a, x.tool, event.target.checked)} />${word(x.tool)} <span class="dim">${x.description}</span></label>`)}${me.writes && html`<${Tested} id=${a.assistant_id} /><${Talk} id=${a.assistant_id} />`}</details>`)}
		${me.writes && html`<section class="card"><h2>${t('new_assistant')}</h2><${Form} send=${begin(profiles)} busy=${busy} label=${t('go_on')}>
			<${Choice} label=${t('profile')} name="profile" options=${named.map((p) => [p.profile, p.name])} /></${Form}>
			${wizards.map((w) => html`<p><a href=${`#/assistants/${w.wizard_id}`}><${Said}>${w.business_name || w.profile}</${Said}>, ${t('step')} ${w.step}</a></p>`)}</section>`}`;
	}}</${Loaded}>`;
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
function Texts({ id }) {
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
			await rpc('wizard_finish', { wizard_id: step.wizard_id });
			location.hash = '#/assistants';
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
		${step.key === 'review' && html`<${Texts} id=${step.wizard_id} />`}
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
		act(async () => setStep(await rpc('wizard_step', { wizard_id: id, language: language() })));
	}, [id]);
	return html`<${Problem} error=${error} />${step && me.writes && html`<${Step} key=${step.step} step=${step} go=${setStep} />`}`;
}
