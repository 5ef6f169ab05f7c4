#!/usr/bin/env bash
# @modelcontextprotocol/sdk 1.32.2 with zod 3.25.76: a tool says that it takes
# no other arguments, is called with one, and runs without it.
#
# What is asked: a tool whose input is {to: string, dry_run?: boolean}, called
# by the kit's own client with dryRun: true, a name that a model might write.
# What one would guess: the listed schema has "additionalProperties": false, so
# the server answers -32602, as it does when "to" is a number.
# What is seen: the unknown argument is taken away without a word and the tool
# runs: a call that was to be a rehearsal is made.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @modelcontextprotocol/sdk@1.32.2 zod@3.25.76

cat >look.mjs <<'JS'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { z } from 'zod';

const server = new McpServer({ name: 'dialler', version: '1' });
server.registerTool('dial', { inputSchema: { to: z.string(), dry_run: z.boolean().optional() } },
	async (given) => ({ content: [{ type: 'text', text: JSON.stringify(given) }] }));
const client = new Client({ name: 'caller', version: '1' });
const [here, there] = InMemoryTransport.createLinkedPair();
await Promise.all([server.connect(here), client.connect(there)]);

let changed = 0;
function note(what, seen, was) {
	changed += seen === was ? 0 : 1;
	console.log(`${what}: ${seen}${seen === was ? '' : `  CHANGED, was ${was}`}`);
}
const { tools } = await client.listTools();
note('the schema allows other arguments', String(tools[0].inputSchema.additionalProperties), 'false');

async function call(given) {
	const { isError, content } = await client.callTool({ name: 'dial', arguments: given });
	return isError ? /-32602/.exec(content[0].text)?.[0] ?? content[0].text : `runs with ${content[0].text}`;
}
const to = '+12125550100';
note('called with dry_run', await call({ to, dry_run: true }), `runs with {"to":"${to}","dry_run":true}`);
note('called with dryRun', await call({ to, dryRun: true }), `runs with {"to":"${to}"}`);
note('called with a number as to', await call({ to: 5 }), '-32602');
await client.close();
await server.close();
process.exitCode = changed ? 1 : 0;
JS
echo '@modelcontextprotocol/sdk 1.32.2, zod 3.25.76: one would guess -32602 for dryRun'
node look.mjs
