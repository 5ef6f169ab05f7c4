-- Peer of the claim: what a careful user of a job queue writes to do as much for a job as ours does: one function before the request
-- (who may be called, caps, do-not-call, consent, hours; hold, proof, call, attempt, event) and one after it.
SET client_min_messages = warning;
DROP SCHEMA IF EXISTS whole CASCADE;
CREATE SCHEMA whole;
CREATE TABLE whole.lead (id bigint PRIMARY KEY, phone text COLLATE "C" UNIQUE NOT NULL, timezone text NOT NULL, status text NOT NULL DEFAULT 'new',
	attempts int NOT NULL DEFAULT 0, contacted_at timestamptz) WITH (fillfactor = 80);
CREATE TABLE whole.do_not_call (phone text COLLATE "C" PRIMARY KEY);
CREATE TABLE whole.consent (id bigserial PRIMARY KEY, lead_id bigint NOT NULL REFERENCES whole.lead, phone text NOT NULL, revoked_at timestamptz);
CREATE INDEX ON whole.consent (lead_id);
CREATE TABLE whole.campaign (id int PRIMARY KEY, opens time NOT NULL, closes time NOT NULL, live int NOT NULL DEFAULT 0, most int NOT NULL,
	balance numeric NOT NULL, held numeric NOT NULL DEFAULT 0) WITH (fillfactor = 50);
CREATE TABLE whole.call (id bigserial PRIMARY KEY, lead_id bigint NOT NULL REFERENCES whole.lead, phone text NOT NULL, status text NOT NULL DEFAULT 'queued',
	carrier_id text UNIQUE, started_at timestamptz NOT NULL DEFAULT now()) WITH (fillfactor = 80);
CREATE INDEX ON whole.call (phone, started_at);
CREATE TABLE whole.proof (call_id bigint PRIMARY KEY REFERENCES whole.call, consent_id bigint, opens time, closes time, local_time time, dials_day int, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE whole.attempt (id bigserial PRIMARY KEY, call_id bigint NOT NULL REFERENCES whole.call, state text NOT NULL DEFAULT 'sending', reference uuid NOT NULL DEFAULT gen_random_uuid()) WITH (fillfactor = 80);
CREATE TABLE whole.hold (id bigserial PRIMARY KEY, call_id bigint NOT NULL REFERENCES whole.call, amount numeric NOT NULL, state text NOT NULL DEFAULT 'held');
CREATE TABLE whole.entry (id bigserial PRIMARY KEY, hold_id bigint NOT NULL REFERENCES whole.hold, amount numeric NOT NULL, balance_after numeric NOT NULL);
CREATE TABLE whole.event (id bigserial PRIMARY KEY, call_id bigint, type text NOT NULL, at timestamptz NOT NULL DEFAULT now());
INSERT INTO whole.campaign VALUES (1, '00:00', '24:00', 0, 1000000, 1e9, 0);
INSERT INTO whole.do_not_call SELECT '+1303' || 1000000 + g FROM generate_series(1, 100000) g;
CREATE FUNCTION whole.place(job bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	l whole.lead;
	c whole.campaign;
	v_consent bigint;
	v_day int;
	v_call bigint;
	v_attempt bigint;
	v_hold bigint;
BEGIN
	SELECT * INTO l FROM whole.lead WHERE id = job FOR UPDATE;
	IF l.status <> 'new' OR EXISTS (SELECT FROM whole.do_not_call d WHERE d.phone = l.phone) THEN
		RETURN NULL;
	END IF;
	SELECT id INTO v_consent FROM whole.consent WHERE lead_id = job AND phone = l.phone AND revoked_at IS NULL LIMIT 1;
	SELECT count(*) INTO v_day FROM whole.call WHERE phone = l.phone AND started_at > now() - interval '24 hours';
	IF v_consent IS NULL OR v_day >= 3 THEN
		RETURN NULL;
	END IF;
	INSERT INTO whole.call (lead_id, phone) VALUES (job, l.phone) RETURNING id INTO v_call;
	INSERT INTO whole.attempt (call_id) VALUES (v_call) RETURNING id INTO v_attempt;
	INSERT INTO whole.hold (call_id, amount) VALUES (v_call, 3) RETURNING id INTO v_hold;
	INSERT INTO whole.event (call_id, type) VALUES (v_call, 'dialled');
	UPDATE whole.lead SET status = 'calling', attempts = attempts + 1, contacted_at = now() WHERE id = job;
	-- The row that everybody wants comes last.
	UPDATE whole.campaign SET live = live + 1, balance = balance - 3, held = held + 3
	WHERE id = 1 AND live < most AND balance >= 3 AND (now() AT TIME ZONE l.timezone)::time BETWEEN opens AND closes RETURNING * INTO c;
	IF NOT FOUND THEN
		RAISE 'not now';
	END IF;
	INSERT INTO whole.proof (call_id, consent_id, opens, closes, local_time, dials_day) VALUES (v_call, v_consent, c.opens, c.closes, (now() AT TIME ZONE l.timezone)::time, v_day);
	INSERT INTO whole.entry (hold_id, amount, balance_after) VALUES (v_hold, -3, c.balance);
	RETURN v_attempt;
END
$$;
CREATE FUNCTION whole.placed(attempt bigint, carrier_id text) RETURNS void LANGUAGE sql AS $$
	WITH a AS (UPDATE whole.attempt SET state = 'accepted' WHERE id = $1 RETURNING call_id)
	UPDATE whole.call k SET carrier_id = $2, status = 'live' FROM a WHERE k.id = a.call_id
$$;
CREATE PROCEDURE whole.fill(jobs integer) LANGUAGE sql AS $$
	TRUNCATE whole.lead, whole.consent, whole.call, whole.proof, whole.attempt, whole.hold, whole.entry, whole.event RESTART IDENTITY;
	INSERT INTO whole.lead (id, phone, timezone) SELECT g, '+1212' || 2000000 + g, 'America/New_York' FROM generate_series(1, jobs) g;
	INSERT INTO whole.consent (lead_id, phone) SELECT id, phone FROM whole.lead;
$$;
