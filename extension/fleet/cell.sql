/*
 * A cell's messages for the directory: answers to its questions, deeds that are done once, and names that are claimed there.
 *
 *   psql -v ON_ERROR_STOP=1 -d voiceagent -f cell.sql
 *   psql -v ON_ERROR_STOP=1 -v directory='host=10.0.1.9 dbname=directory' -v password=... -d voiceagent -f cell.sql
 *
 * With a directory a name is claimed there once it is proved: the address of an active member that has followed a link to it, a
 * number that its carrier lists, a login role that the platform maps.  An unproved request blocks no proved one.  This needs
 * PL/Proxy; without a directory nothing is asked.  It may be run again, and with the other words.
 */
\set ON_ERROR_STOP on
BEGIN;
SET LOCAL client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS fleet_cell;
COMMENT ON SCHEMA fleet_cell IS 'This cell''s messages for the directory of all cells.';
CREATE TABLE IF NOT EXISTS fleet_cell.deeds (
	key text PRIMARY KEY,
	who text NOT NULL,
	deed text NOT NULL,
	arguments jsonb NOT NULL,
	answer jsonb,
	done_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE fleet_cell.deeds IS 'Deeds of the directory here, by their key, and who asked for it there.';

CREATE OR REPLACE FUNCTION fleet_cell.check_numbers(tenant bigint) RETURNS void
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_account bigint;
BEGIN
	PERFORM voiceagent_private.set_tenant(tenant);
	FOR v_account IN SELECT DISTINCT coalesce(n.origin_account_id, n.provider_account_id)
		FROM voiceagent_private.number_owners o JOIN voiceagent.phone_numbers n USING (tenant_id, phone_number_id)
		WHERE o.tenant_id = tenant
	LOOP
		BEGIN
			PERFORM voiceagent_private.request_number_list(v_account, 'check');
		EXCEPTION WHEN OTHERS THEN
			RAISE LOG 'account % cannot be asked for its numbers: %', v_account, SQLERRM;
		END;
	END LOOP;
	PERFORM voiceagent_private.set_tenant(0);
END
$$;
COMMENT ON FUNCTION fleet_cell.check_numbers(bigint) IS
	'Has the carriers of a tenant asked again for its numbers: a tenant of another cell has proved one of these.';

CREATE OR REPLACE FUNCTION fleet_cell.ask(question text, about bigint) RETURNS SETOF jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
	RETURN QUERY SELECT to_jsonb(voiceagent_private.cell()) WHERE question = 'here';
	-- Where it is served as far as this cell knows: here, or where it went.
	RETURN QUERY SELECT to_jsonb(CASE WHEN m.served THEN voiceagent_private.cell() ELSE m.cell END)
		FROM (SELECT t.tenant_id FROM voiceagent.tenants t UNION SELECT m.tenant_id FROM voiceagent_private.tenant_moves m) k
		LEFT JOIN LATERAL (SELECT coalesce(bool_and(m.served), true) AS served, min(m.cell) AS cell
			FROM voiceagent_private.tenant_moves m WHERE m.tenant_id = k.tenant_id) m ON true
		WHERE question = 'where' AND k.tenant_id = about;
	RETURN QUERY SELECT jsonb_build_object('tenant_id', t.tenant_id) FROM voiceagent.tenants t
		WHERE question = 'tenants' AND NOT EXISTS (SELECT FROM voiceagent_private.tenant_moves m
			WHERE m.tenant_id = t.tenant_id AND NOT m.served);
	RETURN QUERY SELECT jsonb_build_object('tenant_id', n.tenant_id, 'kind', n.kind,
			'digest', sha256(convert_to(n.name, 'UTF8'))::text)
		FROM (SELECT m.tenant_id, 'login' AS kind, lower(m.email) AS name FROM voiceagent.members m
				WHERE m.active AND m.email_proved_at IS NOT NULL
			UNION SELECT m.tenant_id, 'role', m.role_name::text FROM voiceagent_private.role_map m
			UNION SELECT o.tenant_id, 'number', o.phone_number FROM voiceagent_private.number_owners o) n
		WHERE question = 'names' AND NOT EXISTS (SELECT FROM voiceagent_private.tenant_moves m
			WHERE m.tenant_id = n.tenant_id AND NOT m.served);
	RETURN QUERY SELECT to_jsonb(d) FROM fleet_cell.deeds d WHERE question = 'deeds';
	IF question = 'check_numbers' THEN
		PERFORM fleet_cell.check_numbers(about);
	ELSIF question = 'usage' THEN
		RETURN QUERY SELECT to_jsonb(u) FROM voiceagent.tenant_usage() u;
	ELSIF question = 'health' THEN
		RETURN QUERY SELECT voiceagent.health()
			|| jsonb_build_object('version', (SELECT e.extversion FROM pg_extension e WHERE e.extname = 'voiceagent'));
	ELSIF question = 'invariants' THEN
		RETURN QUERY SELECT to_jsonb(i) FROM voiceagent.invariants() i;
	END IF;
END
$$;
COMMENT ON FUNCTION fleet_cell.ask(text, bigint) IS 'Answers here, where (is the tenant about), tenants, names, deeds, usage, health, invariants; does check_numbers (of about).';

CREATE OR REPLACE FUNCTION fleet_cell.do_once(key text, who text, deed text, arguments jsonb) RETURNS jsonb
	LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
	v_was fleet_cell.deeds;
	v_answer jsonb;
BEGIN
	INSERT INTO fleet_cell.deeds VALUES (key, who, deed, arguments) ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		SELECT d.* INTO v_was FROM fleet_cell.deeds d WHERE d.key = do_once.key;
		PERFORM voiceagent_private.fail_if(v_was.deed <> deed OR v_was.arguments <> arguments, 'PT409',
			'this key was used for something else');
		RETURN v_was.answer;
	END IF;
	IF deed = 'create_tenant' THEN
		v_answer := jsonb_build_object('tenant_id', voiceagent.create_tenant(arguments ->> 'name', arguments ->> 'timezone',
			(arguments ->> 'credits')::numeric));
	ELSIF deed = 'set_tenant_active' THEN
		v_answer := jsonb_build_object('was', (SELECT d.active FROM voiceagent_private.tenant_directory d
			WHERE d.tenant_id = (arguments ->> 'tenant_id')::bigint));
		PERFORM voiceagent.set_tenant_active((arguments ->> 'tenant_id')::bigint, (arguments ->> 'active')::boolean);
	ELSE
		PERFORM voiceagent_private.fail('PT422', format('there is no deed "%s"', deed));
	END IF;
	UPDATE fleet_cell.deeds AS d SET answer = v_answer WHERE d.key = do_once.key;
	RETURN v_answer;
END
$$;
COMMENT ON FUNCTION fleet_cell.do_once(text, text, text, jsonb) IS 'Does something once a key, in one transaction with the note of it.';

DO $$ BEGIN CREATE ROLE voiceagent_directory LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
-- While nothing comes PL/Proxy waits without end, whatever its query_timeout: so what is asked here ends here.
ALTER ROLE voiceagent_directory SET lock_timeout = '20s';
ALTER ROLE voiceagent_directory SET statement_timeout = '10min';
GRANT voiceagent_admin TO voiceagent_directory;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA fleet_cell FROM PUBLIC;
GRANT USAGE ON SCHEMA fleet_cell TO voiceagent_directory;
GRANT EXECUTE ON FUNCTION fleet_cell.ask(text, bigint), fleet_cell.do_once(text, text, text, jsonb) TO voiceagent_directory;

-- ---- names, which the directory keeps apart over all cells ----

DROP FUNCTION IF EXISTS fleet_cell.claim(text, bytea, bigint, integer), fleet_cell.claim_name(), fleet_cell.say_why() CASCADE;
\if :{?directory}
\if :{?password}
\else
\set password ''
\endif
\set place :directory ' connect_timeout=5'
CREATE EXTENSION IF NOT EXISTS plproxy;
DROP SERVER IF EXISTS directory CASCADE;
CREATE SERVER directory FOREIGN DATA WRAPPER plproxy OPTIONS (p0 :'place', query_timeout '10', connection_lifetime '600');
CREATE USER MAPPING FOR CURRENT_USER SERVER directory OPTIONS (user 'voiceagent_cell', password :'password');

CREATE FUNCTION fleet_cell.claim(kind text, digest bytea, tenant_id bigint, cell integer) RETURNS integer LANGUAGE plproxy AS $$
	CLUSTER 'directory';
	RUN ON 0;
	SELECT fleet.claim(kind, digest, tenant_id, cell);
$$;
COMMENT ON FUNCTION fleet_cell.claim(text, bytea, bigint, integer) IS 'Claims a name: fleet.claim() in the directory.';

CREATE FUNCTION fleet_cell.claim_name() RETURNS trigger
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_name text := lower(to_jsonb(NEW) ->> TG_ARGV[1]);
	v_cell integer;
	v_why text;
BEGIN
	-- Proved once more, or by two tenants of this cell.
	IF TG_ARGV[0] = 'number' AND EXISTS (SELECT FROM voiceagent_private.number_owners o WHERE o.phone_number = v_name) THEN
		RETURN NEW;
	END IF;
	BEGIN
		v_cell := fleet_cell.claim(TG_ARGV[0], sha256(convert_to(v_name, 'UTF8')), NEW.tenant_id, voiceagent_private.cell());
		IF v_cell IS NULL THEN
			RETURN NEW;
		END IF;
		-- To the log alone: whose it is would tell a tenant about another.
		RAISE LOG 'tenant % has proved a % that a tenant of cell % has', NEW.tenant_id, TG_ARGV[0], v_cell;
		v_why := CASE TG_ARGV[0] WHEN 'number' THEN 'the carrier''s word about it is being confirmed'
			ELSE format('this %s is taken', TG_ARGV[0]) END;
	EXCEPTION WHEN OTHERS THEN
		v_why := format('the directory does not answer, so that no %s can be claimed now: try again later', TG_ARGV[0]);
		RAISE LOG '%: %', v_why, SQLERRM;
	END;
	IF TG_ARGV[0] = 'number' THEN
		-- Not an error: it is one of many in a carrier's answer.
		PERFORM set_config('fleet_cell.refused', v_name || ' ' || v_why, true);
		RETURN NULL;
	END IF;
	RAISE EXCEPTION USING ERRCODE = CASE WHEN v_cell IS NULL THEN 'PT503' ELSE 'PT409' END, MESSAGE = v_why;
END
$$;
COMMENT ON FUNCTION fleet_cell.claim_name() IS
	'Trigger: a name is claimed in the directory before it is used here; a number that cannot be claimed has no owner here.';

CREATE FUNCTION fleet_cell.say_why() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
	v_why text := current_setting('fleet_cell.refused', true);
BEGIN
	IF starts_with(v_why, NEW.phone_number || ' ') THEN
		NEW.state_reason := substr(v_why, length(NEW.phone_number) + 2);
	END IF;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION fleet_cell.say_why() IS 'Trigger: a number that could not be claimed says so.';
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA fleet_cell FROM PUBLIC;

CREATE TRIGGER claimed BEFORE UPDATE OF email, email_proved_at, active ON voiceagent.members
	FOR EACH ROW WHEN (NEW.active AND NEW.email_proved_at IS NOT NULL AND (NOT OLD.active OR OLD.email_proved_at IS NULL
		OR lower(NEW.email) <> lower(OLD.email))) EXECUTE FUNCTION fleet_cell.claim_name('login', 'email');
CREATE TRIGGER claimed BEFORE INSERT ON voiceagent_private.role_map
	FOR EACH ROW EXECUTE FUNCTION fleet_cell.claim_name('role', 'role_name');
CREATE TRIGGER claimed BEFORE INSERT ON voiceagent_private.number_owners
	FOR EACH ROW EXECUTE FUNCTION fleet_cell.claim_name('number', 'phone_number');
CREATE TRIGGER claimed BEFORE UPDATE OF state_reason ON voiceagent.phone_numbers
	FOR EACH ROW WHEN (NEW.state = 'refused') EXECUTE FUNCTION fleet_cell.say_why();
\endif
COMMIT;
