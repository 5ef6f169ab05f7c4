/* A person's workspaces: what waits in each, a switch without the password, and one that has another password. */
import { html } from '/vendor/preact-htm.js';
import { Field, Form, Loaded, Problem, Said, useAction, usePage } from '/parts.js';
import { rpc } from '/api.js';
import { fill, number, t } from '/texts.js';

export function Workspaces({ enter }) {
	const page = usePage('my_workspaces', {}, 30000);
	const [error, busy, act] = useAction();
	const add = ({ password }, form) => act(async () => {
		await rpc('add_workspace', { password }).catch((problem) => {
			throw Object.assign(problem, problem.status === 401 ? { code: '28P01' } : {});
		});
		form.reset();
		page[2]();
	});
	const about = (w) => [t(`role_${w.role}`), !w.active && t('ws_off'),
		w.waiting > 0 && fill('ws_waits', number(w.waiting))].filter(Boolean).join(' · ');
	return html`<div class="menu" aria-label=${t('ws_title')}><${Loaded} page=${page}>${(all) => all.map((w) => html`
			<button key=${w.tenant_id} class="ws" disabled=${busy} aria-current=${w.here ? 'true' : null}
				onClick=${() => w.here || act(() => enter(w.tenant_id))}>
				<span class="cut"><${Said}>${w.name}</${Said}></span>
				<span class="dim">${about(w)}</span></button>`)}</${Loaded}>
		<${Problem} error=${error} />
		<details><summary>${t('ws_add')}</summary><p class="dim">${t('ws_add_help')}</p>
			<${Form} send=${add} busy=${busy} label=${t('add')}>
				<${Field} label=${t('password')} name="password" type="password" required autocomplete="off" />
			</${Form}></details></div>`;
}
