/*
 * 38_model: language models that are asked for texts and for data, outside of calls.
 *
 * A model request is a row that its tenant sees, and, while it is to be sent, a row
 * in model_request_queue, where the worker's task (bgworkers/outbound/model_requests.c)
 * finds it without knowing the tenant. Nothing asks a model inside a user's
 * transaction. A round: ready_model_requests(), then for each tenant
 * claim_model_requests() (commit, send), later record_model_answer().
 *
 * A request goes to one of three: an account of the tenant (its own key; the
 * vendor's bill goes to the tenant), an account of the platform (it costs
 * credits, which are held before and settled after), or the embedded model of
 * the sandbox, which costs nothing.
 */

CREATE TABLE voiceagent.model_accounts (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	model_account_id bigint GENERATED ALWAYS AS IDENTITY,
	provider text NOT NULL CHECK (voiceagent_private.engine_kind(provider) IS NOT NULL),
	name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
	base_url text CHECK (length(base_url) <= 2000),
	default_model text NOT NULL CHECK (default_model ~ '^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}$'),
	settings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object'),
	max_concurrent_requests integer NOT NULL CHECK (max_concurrent_requests BETWEEN 1 AND 64),
	active boolean NOT NULL DEFAULT true,
	archived_at timestamptz,
	home text NOT NULL DEFAULT voiceagent_private.home(),
	concurrency integer NOT NULL DEFAULT 64 CHECK (concurrency BETWEEN 1 AND 64),
	answered integer NOT NULL DEFAULT 0,
	failures integer NOT NULL DEFAULT 0,
	resumes_at timestamptz,
	opened_at timestamptz,
	trips integer NOT NULL DEFAULT 0,
	trouble text,
	tested_at timestamptz,
	test_result text CHECK (test_result IN ('ok', 'failed')),
	test_message text,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (tenant_id, model_account_id),
	CONSTRAINT compatible_has_url CHECK (provider <> 'compatible' OR base_url IS NOT NULL),
	CONSTRAINT archived_is_inactive CHECK (archived_at IS NULL OR NOT active)
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent.model_accounts IS
	'A tenant''s own accounts at vendors of language models; the keys lie sealed in the vault.';
COMMENT ON COLUMN voiceagent.model_accounts.model_account_id IS 'Number of the account.';
COMMENT ON COLUMN voiceagent.model_accounts.provider IS 'The vendor, one of model_providers.';
COMMENT ON COLUMN voiceagent.model_accounts.name IS 'Name, for people.';
COMMENT ON COLUMN voiceagent.model_accounts.base_url IS
	'Where the API answers, such as https://models.example.com/v1; NULL: the vendor''s own address.';
COMMENT ON COLUMN voiceagent.model_accounts.default_model IS 'The model that is asked when a request names none.';
COMMENT ON COLUMN voiceagent.model_accounts.settings IS
	'Further settings of the driver (model_providers.settings): structured_output (json_schema, json_object or '
	'prompt), max_tokens_field, anthropic_version, temperature (false: never sent), voice; in_calls: its place, from '
	'1, among the accounts that calls that we hold ask (none: not asked there); without: by model, the parameters that '
	'it has refused, as was found out.';
COMMENT ON COLUMN voiceagent.model_accounts.max_concurrent_requests IS 'Requests on their way at once, at most.';
COMMENT ON COLUMN voiceagent.model_accounts.active IS 'False: nothing is asked through it.';
COMMENT ON COLUMN voiceagent.model_accounts.archived_at IS 'When archive_model_account() put it away; NULL: in use.';
COMMENT ON COLUMN voiceagent.model_accounts.home IS
	'The database in which its key was given: a copy does not use it before arm(), or before the key is given again.';
COMMENT ON COLUMN voiceagent.model_accounts.concurrency IS
	'Requests on their way at once, as the vendor bears them now: halved at a limit, and one more after as many good '
	'answers.';
COMMENT ON COLUMN voiceagent.model_accounts.answered IS 'Good answers since concurrency last changed.';
COMMENT ON COLUMN voiceagent.model_accounts.failures IS 'Failed requests in a row, for a fault of server or account.';
COMMENT ON COLUMN voiceagent.model_accounts.resumes_at IS
	'Nothing is sent before this time (a limit, the breaker); NULL: at once.';
COMMENT ON COLUMN voiceagent.model_accounts.opened_at IS
	'When the breaker opened: after resumes_at one request at a time probes the server; NULL: closed.';
COMMENT ON COLUMN voiceagent.model_accounts.trips IS
	'How often the breaker has opened in a row: each rest is twice as long as the one before.';
COMMENT ON COLUMN voiceagent.model_accounts.trouble IS 'Why it rests, in words; NULL when well.';
COMMENT ON COLUMN voiceagent.model_accounts.tested_at IS 'When check_model_account() last had an answer; NULL: never.';
COMMENT ON COLUMN voiceagent.model_accounts.test_result IS 'ok or failed; NULL: never tested.';
COMMENT ON COLUMN voiceagent.model_accounts.test_message IS 'The result of the test, in words.';
CREATE UNIQUE INDEX model_accounts_name ON voiceagent.model_accounts (tenant_id, name) WHERE archived_at IS NULL;
SELECT voiceagent_private.guard_table('voiceagent.model_accounts', 'tenant', waits => '{resumes_at}');

-- The same columns where they mean the same.
CREATE TABLE voiceagent_private.platform_model_accounts (
	model_account_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	provider text NOT NULL CHECK (voiceagent_private.engine_kind(provider) = 'mind'),
	name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
	base_url text CHECK (length(base_url) <= 2000),
	default_model text NOT NULL CHECK (default_model ~ '^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}$'),
	settings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object'),
	max_concurrent_requests integer NOT NULL CHECK (max_concurrent_requests BETWEEN 1 AND 64),
	active boolean NOT NULL DEFAULT true,
	archived_at timestamptz,
	home text NOT NULL DEFAULT voiceagent_private.home(),
	concurrency integer NOT NULL DEFAULT 64 CHECK (concurrency BETWEEN 1 AND 64),
	answered integer NOT NULL DEFAULT 0,
	failures integer NOT NULL DEFAULT 0,
	failing_tenants bigint[] NOT NULL DEFAULT '{}' CHECK (cardinality(failing_tenants) <= 100),
	resumes_at timestamptz,
	opened_at timestamptz,
	recovered_at timestamptz,
	trips integer NOT NULL DEFAULT 0,
	trouble text,
	tested_at timestamptz,
	test_result text CHECK (test_result IN ('ok', 'failed')),
	test_message text,
	created_at timestamptz NOT NULL,
	CONSTRAINT compatible_has_url CHECK (provider <> 'compatible' OR base_url IS NOT NULL),
	CONSTRAINT archived_is_inactive CHECK (archived_at IS NULL OR NOT active)
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX platform_model_accounts_name ON voiceagent_private.platform_model_accounts (name)
	WHERE archived_at IS NULL;
COMMENT ON TABLE voiceagent_private.platform_model_accounts IS
	E'Accounts of the platform at vendors of language models, which tenants without one of their own use for credits.\n'
	'Columns as in model_accounts; the keys lie in platform_secrets.';
COMMENT ON COLUMN voiceagent_private.platform_model_accounts.failing_tenants IS
	'Tenants whose requests have failed since the last good answer; 0: the platform''s own check.';
COMMENT ON COLUMN voiceagent_private.platform_model_accounts.recovered_at IS
	'When its breaker last closed (NULL: never): rests of single tenants that began before are over.';
SELECT voiceagent_private.guard_table('voiceagent_private.platform_model_accounts', 'platform', '');
GRANT SELECT, UPDATE ON voiceagent_private.platform_model_accounts TO voiceagent_worker;

-- One tenant's request can be the cause: too long, too slow, withheld. Then only the tenant rests.
CREATE TABLE voiceagent_private.model_account_breakers (
	tenant_id bigint NOT NULL REFERENCES voiceagent.tenants,
	model_account_id bigint NOT NULL REFERENCES voiceagent_private.platform_model_accounts,
	failures integer NOT NULL,
	resumes_at timestamptz,
	opened_at timestamptz,
	trips integer NOT NULL DEFAULT 0,
	trouble text,
	PRIMARY KEY (tenant_id, model_account_id)
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent_private.model_account_breakers IS
	E'Accounts of the platform whose last answer to a tenant was a failure, as they stand for that tenant.\n'
	'A good answer deletes the row.';
COMMENT ON COLUMN voiceagent_private.model_account_breakers.model_account_id IS 'The account of the platform.';
COMMENT ON COLUMN voiceagent_private.model_account_breakers.failures IS 'Failed requests of the tenant in a row.';
COMMENT ON COLUMN voiceagent_private.model_account_breakers.resumes_at IS
	'Nothing of the tenant is sent before this time; NULL: at once.';
COMMENT ON COLUMN voiceagent_private.model_account_breakers.opened_at IS
	'When the breaker opened: after resumes_at one request of the tenant at a time probes the server; NULL: closed.';
COMMENT ON COLUMN voiceagent_private.model_account_breakers.trips IS
	'How often the breaker has opened in a row: each rest is twice as long as the one before.';
COMMENT ON COLUMN voiceagent_private.model_account_breakers.trouble IS 'Why, as the tenant may read it.';
SELECT voiceagent_private.guard_table('voiceagent_private.model_account_breakers', 'routing', waits => '{resumes_at}');

CREATE TABLE voiceagent_private.model_purposes (
	purpose text PRIMARY KEY CHECK (purpose ~ '^[a-z][a-z_]{1,59}$'),
	handler text NOT NULL CHECK (handler ~ '^[a-z][a-z0-9_]{1,62}$'),
	locks_tenant boolean NOT NULL DEFAULT false,
	description text NOT NULL
);
COMMENT ON TABLE voiceagent_private.model_purposes IS
	'Purposes of requests to language models: the rooms that ask register themselves by register_model_purpose().';
COMMENT ON COLUMN voiceagent_private.model_purposes.handler IS
	'The function in voiceagent_private that is called with the model_request_id when a request has ended, in the '
	'transaction that records its answer.';
COMMENT ON COLUMN voiceagent_private.model_purposes.locks_tenant IS
	'The handler ends calls or changes leads: lock_tenant() shared is taken before any row, without waiting.';
SELECT voiceagent_private.guard_table('voiceagent_private.model_purposes', 'platform', 'WHERE false');
GRANT SELECT ON voiceagent_private.model_purposes TO voiceagent_worker;

CREATE FUNCTION voiceagent_private.register_model_purpose(purpose text, handler text, description text,
	locks_tenant boolean DEFAULT false) RETURNS void
	LANGUAGE sql VOLATILE AS $$
	INSERT INTO voiceagent_private.model_purposes AS p (purpose, handler, locks_tenant, description)
	VALUES (register_model_purpose.purpose, register_model_purpose.handler, register_model_purpose.locks_tenant,
		register_model_purpose.description)
	ON CONFLICT (purpose) DO UPDATE SET handler = excluded.handler, locks_tenant = excluded.locks_tenant,
		description = excluded.description
$$;
COMMENT ON FUNCTION voiceagent_private.register_model_purpose(text, text, text, boolean) IS
	E'For the install script: a room asks models for this purpose.\n'
	'handler: the name of a function in voiceagent_private with one argument, the model_request_id; it finds what came '
	'of the request in model_requests, done or not. locks_tenant: see model_purposes.';

CREATE TABLE voiceagent.model_requests (
	tenant_id bigint NOT NULL,
	model_request_id bigint GENERATED ALWAYS AS IDENTITY,
	purpose text NOT NULL,
	object_id bigint,
	lead_id bigint,
	call_id bigint,
	model_account_id bigint,
	of_platform boolean NOT NULL DEFAULT false,
	provider text NOT NULL,
	model text NOT NULL,
	request jsonb NOT NULL CHECK (jsonb_typeof(request) = 'object'),
	status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'sending', 'done', 'refused', 'failed')),
	reason text CHECK (reason ~ '^[a-z_]{1,40}$'),
	error text,
	output_text text,
	output jsonb,
	repair jsonb,
	tries integer NOT NULL DEFAULT 0,
	repairs integer NOT NULL DEFAULT 0,
	tokens_in bigint NOT NULL DEFAULT 0 CHECK (tokens_in >= 0),
	tokens_cached bigint NOT NULL DEFAULT 0 CHECK (tokens_cached >= 0),
	tokens_out bigint NOT NULL DEFAULT 0 CHECK (tokens_out >= 0),
	tokens_lost bigint NOT NULL DEFAULT 0 CHECK (tokens_lost >= 0),
	cost_usd numeric(16,8) CHECK (cost_usd >= 0),
	credits voiceagent.credit NOT NULL DEFAULT 0 CHECK (credits >= 0),
	created_at timestamptz NOT NULL,
	sent_at timestamptz,
	done_at timestamptz,
	PRIMARY KEY (tenant_id, model_request_id),
	FOREIGN KEY (tenant_id) REFERENCES voiceagent.tenants,
	CONSTRAINT ended_when_over CHECK ((status IN ('queued', 'sending')) = (done_at IS NULL)),
	CONSTRAINT failed_for_a_reason CHECK ((status IN ('failed', 'refused')) = (reason IS NOT NULL))
) WITH (fillfactor = 70);
COMMENT ON TABLE voiceagent.model_requests IS 'Requests to language models, their results and costs.';
COMMENT ON COLUMN voiceagent.model_requests.model_request_id IS 'Number of the model request.';
COMMENT ON COLUMN voiceagent.model_requests.purpose IS 'Its purpose, such as script or check_account.';
COMMENT ON COLUMN voiceagent.model_requests.object_id IS 'Its object; the purpose says what kind of id this is.';
COMMENT ON COLUMN voiceagent.model_requests.lead_id IS
	'The lead that it is about, with which it is erased; NULL: none.';
COMMENT ON COLUMN voiceagent.model_requests.call_id IS 'The call that it is about; NULL: none.';
COMMENT ON COLUMN voiceagent.model_requests.model_account_id IS
	'The account that it goes through: one of model_accounts, or of the platform; NULL: the embedded model.';
COMMENT ON COLUMN voiceagent.model_requests.of_platform IS 'True: an account of the platform, for credits.';
COMMENT ON COLUMN voiceagent.model_requests.provider IS
	'openai, openai_responses, anthropic, compatible, or sandbox: the embedded model, which works by rules.';
COMMENT ON COLUMN voiceagent.model_requests.model IS 'The model that is asked.';
COMMENT ON COLUMN voiceagent.model_requests.request IS
	'The request, whatever the vendor: messages, schema, schema_name, max_tokens, temperature, seed, language.';
COMMENT ON COLUMN voiceagent.model_requests.status IS
	'queued, sending (on its way), done, refused (the model would not answer), failed.';
COMMENT ON COLUMN voiceagent.model_requests.reason IS
	'Of a failed or refused one, a word for programs: budget, credits, gave_up, lost, server, bad_key, bad_model, '
	'bad_request, quota, account, incomplete, schema, language, unreadable, refusal, clock, copy, erased, unused.';
COMMENT ON COLUMN voiceagent.model_requests.error IS 'The last error, in words.';
COMMENT ON COLUMN voiceagent.model_requests.output_text IS 'The text that the model wrote.';
COMMENT ON COLUMN voiceagent.model_requests.output IS
	'Where the request has a schema: the answer, which conforms to it; NULL unless done.';
COMMENT ON COLUMN voiceagent.model_requests.repair IS
	'{"output", "problem"} of an answer that did not conform, which the model gets when it is asked once more.';
COMMENT ON COLUMN voiceagent.model_requests.tries IS
	'How often it was sent, but for times at which a limit refused it.';
COMMENT ON COLUMN voiceagent.model_requests.repairs IS 'How often it was sent to have an answer repaired.';
COMMENT ON COLUMN voiceagent.model_requests.tokens_in IS 'Tokens that the model read, over all tries.';
COMMENT ON COLUMN voiceagent.model_requests.tokens_cached IS 'Of these, tokens that the vendor had cached.';
COMMENT ON COLUMN voiceagent.model_requests.tokens_out IS 'Tokens that the model wrote, over all tries.';
COMMENT ON COLUMN voiceagent.model_requests.tokens_lost IS 'Tokens reckoned for tries whose answer was lost.';
COMMENT ON COLUMN voiceagent.model_requests.cost_usd IS
	'Its cost at the vendor by model_prices, in US dollars; NULL: the model has no price.';
COMMENT ON COLUMN voiceagent.model_requests.credits IS 'The tenant''s charge for an account of the platform.';
COMMENT ON COLUMN voiceagent.model_requests.sent_at IS 'When it was sent last; NULL: never.';
COMMENT ON COLUMN voiceagent.model_requests.done_at IS 'When it ended.';
CREATE INDEX model_requests_object ON voiceagent.model_requests (tenant_id, purpose, object_id);
CREATE INDEX model_requests_call ON voiceagent.model_requests (tenant_id, call_id) WHERE call_id IS NOT NULL;
CREATE INDEX model_requests_lead ON voiceagent.model_requests (tenant_id, lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX model_requests_done ON voiceagent.model_requests (tenant_id, done_at) WHERE done_at IS NOT NULL;
SELECT voiceagent_private.guard_table('voiceagent.model_requests', 'tenant');
INSERT INTO voiceagent_private.retention_classes (class, description, tab, ended) VALUES
	('model_requests', 'Requests to language models that have ended', 'voiceagent.model_requests', 'done_at');

CREATE TABLE voiceagent_private.model_request_queue (
	tenant_id bigint NOT NULL,
	model_request_id bigint NOT NULL,
	of_platform boolean NOT NULL DEFAULT false,
	model_account_id bigint NOT NULL DEFAULT 0,
	next_at timestamptz NOT NULL,
	gives_up_at timestamptz NOT NULL,
	sent_at timestamptz,
	claimed boolean NOT NULL DEFAULT false,
	lost boolean NOT NULL DEFAULT false,
	tokens bigint NOT NULL DEFAULT 0,
	cost_usd numeric(16,8) NOT NULL DEFAULT 0,
	hold_id bigint,
	PRIMARY KEY (tenant_id, model_request_id)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
		autovacuum_vacuum_cost_delay = 0);
COMMENT ON TABLE voiceagent_private.model_request_queue IS
	'Model requests that are to be sent, or are on their way; one that has ended leaves it.';
COMMENT ON COLUMN voiceagent_private.model_request_queue.model_account_id IS '0: the embedded model.';
COMMENT ON COLUMN voiceagent_private.model_request_queue.next_at IS
	'Not before; while it is claimed: when its answer counts as lost.';
COMMENT ON COLUMN voiceagent_private.model_request_queue.gives_up_at IS 'It fails when it still waits then.';
COMMENT ON COLUMN voiceagent_private.model_request_queue.sent_at IS 'When it was claimed last; NULL: never.';
COMMENT ON COLUMN voiceagent_private.model_request_queue.claimed IS 'True: it is on its way.';
COMMENT ON COLUMN voiceagent_private.model_request_queue.lost IS
	'True: the worker that sent it ended before it had the answer; the claim counts that try.';
COMMENT ON COLUMN voiceagent_private.model_request_queue.tokens IS 'The most tokens of the try on its way.';
COMMENT ON COLUMN voiceagent_private.model_request_queue.cost_usd IS
	'Its highest cost in US dollars, on an own account.';
COMMENT ON COLUMN voiceagent_private.model_request_queue.hold_id IS
	'The credits that are held for it, on an account of the platform.';
-- "IS NOT NULL": see call_queue_claim.
CREATE INDEX model_request_queue_due ON voiceagent_private.model_request_queue
	(tenant_id, of_platform, model_account_id, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX model_request_queue_end ON voiceagent_private.model_request_queue
	(tenant_id, of_platform, model_account_id, gives_up_at) WHERE NOT claimed;
CREATE INDEX model_request_queue_claimed ON voiceagent_private.model_request_queue
	(of_platform, model_account_id, tenant_id) WHERE claimed;
SELECT voiceagent_private.guard_table('voiceagent_private.model_request_queue', 'routing',
	waits => '{next_at,gives_up_at}');

CREATE TABLE voiceagent.model_usage (
	tenant_id bigint NOT NULL,
	day date NOT NULL,
	purpose text NOT NULL,
	provider text NOT NULL,
	model text NOT NULL,
	of_platform boolean NOT NULL,
	requests bigint NOT NULL DEFAULT 0,
	unpaid bigint NOT NULL DEFAULT 0,
	tries bigint NOT NULL DEFAULT 0,
	tokens_in bigint NOT NULL DEFAULT 0,
	tokens_cached bigint NOT NULL DEFAULT 0,
	tokens_out bigint NOT NULL DEFAULT 0,
	tokens_lost bigint NOT NULL DEFAULT 0,
	cost_usd numeric(16,8) NOT NULL DEFAULT 0,
	credits voiceagent.credit NOT NULL DEFAULT 0,
	PRIMARY KEY (tenant_id, day, purpose, provider, model, of_platform)
) WITH (fillfactor = 50);
COMMENT ON TABLE voiceagent.model_usage IS
	'Tokens of language models for a tenant, and their cost, by day, purpose and model; the budgets of the settings '
	'model_tokens_per_day and model_usd_per_day count by it.';
COMMENT ON COLUMN voiceagent.model_usage.day IS 'The day of the answer, UTC.';
COMMENT ON COLUMN voiceagent.model_usage.purpose IS 'The purpose, as in model_requests.';
COMMENT ON COLUMN voiceagent.model_usage.provider IS 'The vendor, or sandbox.';
COMMENT ON COLUMN voiceagent.model_usage.model IS 'The model.';
COMMENT ON COLUMN voiceagent.model_usage.of_platform IS 'True: through an account of the platform, for credits.';
COMMENT ON COLUMN voiceagent.model_usage.requests IS 'Model requests that ended.';
COMMENT ON COLUMN voiceagent.model_usage.unpaid IS
	'Of these, requests that were not sent for want of budget or credits.';
COMMENT ON COLUMN voiceagent.model_usage.tries IS 'How often they were sent.';
COMMENT ON COLUMN voiceagent.model_usage.tokens_in IS
	'Tokens read; of an ear, seconds heard; of a voice, letters spoken.';
COMMENT ON COLUMN voiceagent.model_usage.tokens_cached IS 'Of these, tokens that the vendor had cached.';
COMMENT ON COLUMN voiceagent.model_usage.tokens_out IS 'Tokens written.';
COMMENT ON COLUMN voiceagent.model_usage.tokens_lost IS 'Tokens reckoned for tries whose answer was lost.';
COMMENT ON COLUMN voiceagent.model_usage.cost_usd IS 'Its cost at the vendor by model_prices, in US dollars.';
COMMENT ON COLUMN voiceagent.model_usage.credits IS 'The tenant''s charge.';
SELECT voiceagent_private.guard_table('voiceagent.model_usage', 'tenant');
INSERT INTO voiceagent_private.retention_classes (class, description, tab, ended, condition) VALUES
	('model_usage', 'The use and cost of language models, by day', 'voiceagent.model_usage', 'day',
	'o.day < ($2 AT TIME ZONE ''UTC'')::date');

CREATE TABLE voiceagent.model_prices (
	model_price_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	provider text NOT NULL CHECK (voiceagent_private.engine_kind(provider) IS NOT NULL),
	model text NOT NULL CHECK (length(model) BETWEEN 1 AND 200),
	usd_in numeric(12,6) NOT NULL CHECK (usd_in >= 0),
	usd_cached numeric(12,6) NOT NULL CHECK (usd_cached >= 0),
	usd_out numeric(12,6) NOT NULL CHECK (usd_out >= 0),
	credits_in voiceagent.credit CHECK (credits_in >= 0),
	credits_cached voiceagent.credit CHECK (credits_cached >= 0),
	credits_out voiceagent.credit CHECK (credits_out >= 0),
	valid tstzrange NOT NULL,
	CONSTRAINT credits_whole CHECK ((credits_in IS NULL) = (credits_out IS NULL)
		AND (credits_in IS NULL) = (credits_cached IS NULL)),
	EXCLUDE USING gist (provider WITH =, model WITH =, valid WITH &&)
);
COMMENT ON TABLE voiceagent.model_prices IS
	'The vendor''s price of a million tokens of a model, and the platform''s charge on its own accounts.';
COMMENT ON COLUMN voiceagent.model_prices.model_price_id IS 'Number of the price.';
COMMENT ON COLUMN voiceagent.model_prices.provider IS 'The vendor, as in model_accounts.';
COMMENT ON COLUMN voiceagent.model_prices.model IS
	'The model; the longest entry that a model''s name begins with counts, so that dated names find theirs.';
COMMENT ON COLUMN voiceagent.model_prices.usd_in IS
	'US dollars per million tokens read; of an ear, per million seconds heard; of a voice, per million letters.';
COMMENT ON COLUMN voiceagent.model_prices.usd_cached IS 'US dollars per million tokens read that were cached.';
COMMENT ON COLUMN voiceagent.model_prices.usd_out IS 'US dollars per million tokens written.';
COMMENT ON COLUMN voiceagent.model_prices.credits_in IS
	'Credits per million tokens read, on the platform''s accounts; NULL: the platform does not sell the model.';
COMMENT ON COLUMN voiceagent.model_prices.credits_cached IS 'Credits per million tokens read that were cached.';
COMMENT ON COLUMN voiceagent.model_prices.credits_out IS 'Credits per million tokens written.';
COMMENT ON COLUMN voiceagent.model_prices.valid IS 'From when to when it holds.';
SELECT voiceagent_private.guard_table('voiceagent.model_prices', 'platform', '');
