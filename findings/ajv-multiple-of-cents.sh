#!/usr/bin/env bash
# ajv 8.20.0: "multipleOf": 0.01 refuses one in seven amounts of whole cents.
#
# What is asked: each amount from 0.01 to 100.00 against the schema
# {"type": "number", "multipleOf": 0.01}, in three validators.
# What one would guess: an amount of two decimals is a multiple of 0.01.
# @cfworker/json-schema 4.1.6 and jsonschema 1.5.0 say so of all 10,000.
# What is seen: ajv divides and asks for a whole number: 19.99 / 0.01 is
# 1998.9999999999998, so 19.99 is refused, with 1,362 others; 19.98 and 20
# pass. Its option multipleOfPrecision, off unless set, mends it.
#
# Needs node 20 and npm.  Fails when the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts ajv@8.20.0 @cfworker/json-schema@4.1.6 jsonschema@1.5.0

cat >look.cjs <<'JS'
const Ajv = require('ajv');
const { Validator } = require('@cfworker/json-schema');
const jsonschema = require('jsonschema');

const schema = { type: 'number', multipleOf: 0.01 };
const cfworker = new Validator(schema);
const validators = {
	'ajv': new Ajv().compile(schema),
	'ajv with multipleOfPrecision 6': new Ajv({ multipleOfPrecision: 6 }).compile(schema),
	'@cfworker/json-schema': (amount) => cfworker.validate(amount).valid,
	'jsonschema': (amount) => jsonschema.validate(amount, schema).valid,
};
const noted = { 'ajv': 1363, 'ajv with multipleOfPrecision 6': 0, '@cfworker/json-schema': 0, 'jsonschema': 0 };
let changed = 0;
for (const [name, valid] of Object.entries(validators)) {
	const refused = [];
	for (let cents = 1; cents <= 10000; cents++) {
		const amount = Number((cents / 100).toFixed(2));
		if (!valid(amount))
			refused.push(amount);
	}
	const same = refused.length === noted[name];
	changed += same ? 0 : 1;
	console.log(`${name}: ${refused.length} of 10,000 amounts refused ${refused.slice(0, 5).join(', ')}`
		+ (same ? '' : `  CHANGED, was ${noted[name]}`));
}
const ajv = validators.ajv;
const seen = [19.98, 19.99, 20].map(ajv).join();
console.log(`ajv: 19.98, 19.99, 20.00 are valid: ${seen}`);
process.exitCode = changed || seen !== 'true,false,true' ? 1 : 0;
JS
echo 'ajv 8.20.0, @cfworker/json-schema 4.1.6, jsonschema 1.5.0: one would guess that none is refused'
node look.cjs
