/* Drawings of 16 by 16, a line of 1.5 wide: what they mean always stands beside them in words. */
import { html } from '/vendor/preact-htm.js';

const drawings = {
	today: 'M8 2v1.5M8 12.5V14M2 8h1.5M12.5 8H14M3.8 3.8l1 1M11.2 11.2l1 1M12.2 3.8l-1 1M4.8 11.2l-1 1M10.5 8a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z',
	bell: 'M4 11V7a4 4 0 0 1 8 0v4l1 1.5H3zM6.7 14h2.6',
	inbox: 'M2 9.5 4 3.5h8l2 6v3.5H2zM2 9.5h3.5c0 1.4 1.1 2.2 2.5 2.2s2.5-.8 2.5-2.2H14',
	campaigns: 'M3 6.5h2.5L12 3v10L5.5 9.5H3zM5.5 9.5l1 4M14 7v2',
	leads: 'M6 7.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6zM1.8 13.2c.2-2.3 1.9-3.6 4.2-3.6s4 1.3 4.2 3.6M10.5 3.1a2.3 2.3 0 0 1 0 4.3M12 9.9c1.3.5 2 1.7 2.2 3.3',
	calls: 'M4 2.5h1.7l1.2 3-1.5 1.1a8 8 0 0 0 4 4l1.1-1.5 3 1.2V12c0 .8-.7 1.5-1.5 1.5C7 13.5 2.5 9 2.5 4c0-.8.7-1.5 1.5-1.5z',
	calendar: 'M3.5 3.5h9a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1zM2.5 7h11M5.5 2v3M10.5 2v3',
	assistants: 'M2.5 7v2M5.25 4.5v7M8 2.5v11M10.75 5v6M13.5 7v2',
	desk: 'M3 10V8a5 5 0 0 1 10 0v2M3 9.5h1.5v3H4a1 1 0 0 1-1-1zM13 9.5h-1.5v3h.5a1 1 0 0 0 1-1z',
	catalogue: 'M2.5 8.2V3.5a1 1 0 0 1 1-1h4.7l5.3 5.3-5.7 5.7zM5.5 5.5h.01',
	reports: 'M2.5 13.5h11M4.5 11V8M8 11V3.5M11.5 11V6',
	billing: 'M2.5 4h11v8.5h-11zM2.5 7h11M5 10h2.5',
	settings: 'M2 5h7M12 5h2M2 11h2M7 11h7M10.5 6.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM5.5 12.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z',
	help: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM6.3 6.4a1.8 1.8 0 1 1 2.5 1.7c-.5.2-.8.6-.8 1.1M8 11.2h.01',
	search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3l3.2 3.2',
	menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
	dots: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
	down: 'M3.5 6 8 10.5 12.5 6',
	left: 'M9.5 3.5 5 8l4.5 4.5',
	close: 'M4 4l8 8M12 4l-8 8',
	check: 'M3 8.5l3.2 3L13 4.5',
	alert: 'M8 2.5 14 13H2zM8 6.5v3M8 11.2h.01',
	stop: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM3.8 3.8l8.4 8.4',
	clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.8V8l2.2 1.6',
	info: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.5V11M8 5h.01',
	bubble: 'M2.5 3.5h11v7.5H7l-3 2.5V11H2.5z',
	plug: 'M5.5 2.5v3M10.5 2.5v3M4 5.5h8V8a4 4 0 0 1-8 0zM8 12v2',
	branch: 'M4 2.5V10a2 2 0 0 0 2 2h6.5M4 6h8.5M10.5 4l2 2-2 2M10.5 10l2 2-2 2',
	play: 'M5 3.2v9.6L12.5 8z',
};

export const Icon = ({ name }) => html`<svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path d=${drawings[name]} /></svg>`;

/* Two voices have two colours: the assistant's and the person's. */
export const Logo = () => html`<svg class="logo" viewBox="0 0 16 16" aria-hidden="true"><path class="ours" d="M2.5 6.2v3.6M5.25 4v8M8 6v4" /><path class="theirs" d="M10.75 3v10M13.5 6.2v3.6" /></svg>`;
