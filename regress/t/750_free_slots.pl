# free_slots() against a slow, obviously right implementation in another language (Python's zoneinfo): random calendars with
# what is booked in them, half of them near a change of the clocks, and ten questions each.  Neither a slot nor its seats may
# differ.  CALENDARS=1000 CALENDAR_SEED=7 for others; FULL=1 asks 100,000 questions, and some of a whole year.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

my $calendars = $ENV{CALENDARS} || ($ENV{FULL} ? 10_000 : 200);
# Among what this seed asks is a day whose skipped hour lays two openings over each other.
my $seed = $ENV{CALENDAR_SEED} || 35347;

plan skip_all => 'needs python3 with zoneinfo' if system('python3 -c "import zoneinfo" > /dev/null 2>&1');
# The server's own time zones, so that both read the same files.
my ($zoneinfo) = `pg_config --configure` =~ /--with-system-tzdata=([^' ]+)/;
$zoneinfo //= `pg_config --sharedir` =~ s/\n//r . '/timezone';
$ENV{PYTHONTZPATH} = $zoneinfo;

my $node = new_node('main', 'voiceagent.launcher' => 'off');
my $dir = PostgreSQL::Test::Utils::tempdir();
# Printed also when all is well: the same seed asks the same.
print "# CALENDAR_SEED=$seed CALENDARS=$calendars\n";

$node->safe_psql('va', q{
	CREATE TABLE asked (n bigint GENERATED ALWAYS AS IDENTITY, calendar jsonb);
	CREATE TABLE answered (n bigint, question jsonb, slots jsonb);
	CREATE FUNCTION at(seconds jsonb) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$ SELECT to_timestamp((seconds #>> '{}')::bigint) $$;
	CREATE FUNCTION secs(seconds jsonb) RETURNS interval LANGUAGE sql IMMUTABLE AS $$ SELECT make_interval(secs => (seconds #>> '{}')::bigint) $$;
	CREATE FUNCTION answer(n bigint, c jsonb, tenant bigint, lead bigint) RETURNS void LANGUAGE plpgsql AS $$
	DECLARE
		v_id bigint;
		v_question jsonb;
	BEGIN
		PERFORM set_config('voiceagent.clock_offset', extract(epoch FROM at(c -> 'now') - clock_timestamp())::text, true),
			voiceagent_private.set_tenant(tenant);
		v_id := voiceagent.create_calendar('c' || n, c ->> 'zone', nullif(c -> 'week', 'null'), secs(c -> 'length'), secs(c -> 'before'), secs(c -> 'after'),
			secs(c -> 'notice'), make_interval(days => (c ->> 'horizon')::int / 86400), (c ->> 'limit')::int, (c ->> 'capacity')::int);
		PERFORM voiceagent.update_calendar(v_id, jsonb_build_object('slot_step', secs(nullif(c -> 'step', 'null')))),
			(SELECT count(voiceagent.set_calendar_day(v_id, d.key::date, nullif(d.value, 'null'))) FROM jsonb_each(c -> 'special') d);
		INSERT INTO voiceagent.appointments (tenant_id, calendar_id, lead_id, seat, starts_at, ends_at, buffer, status, held_until, timezone, detected_by, created_at)
		SELECT tenant, v_id, lead, (r -> 0)::int, at(r -> 1), at(r -> 2), secs(r -> 3), r ->> 4, at(nullif(r -> 5, 'null')), 'UTC', '{}', at(c -> 'now')
		FROM jsonb_array_elements(c -> 'rows') r;
		FOR v_question IN SELECT jsonb_array_elements(c -> 'questions') LOOP
			INSERT INTO answered SELECT n, v_question, coalesce(jsonb_agg(jsonb_build_array(extract(epoch FROM s.starts_at)::bigint, s.free_seats) ORDER BY s.starts_at), '[]')
			FROM voiceagent.free_slots(v_id, at(v_question -> 0), at(v_question -> 1), max_slots => (v_question -> 2)::int) s;
		END LOOP;
		-- At most so many of a tenant.
		DELETE FROM voiceagent.appointments WHERE calendar_id = v_id;
		DELETE FROM voiceagent.calendar_days WHERE calendar_id = v_id;
		DELETE FROM voiceagent.calendars WHERE calendar_id = v_id;
	END $$;
	SELECT voiceagent.create_tenant('reception', 'UTC', 1000);
	BEGIN;
	SELECT voiceagent_private.set_tenant(tenant_id) FROM voiceagent.tenants WHERE name = 'reception';
	SELECT voiceagent.add_lead('+12125550001');
	COMMIT});

sub ask
{
	my ($what, $count, $of, $days) = @_;
	my $file = "$dir/$what";
	is(system("python3 regress/lib/calendar_oracle.py $count $of $days > $file 2> $file.err"), 0, "$what: the oracle answers")
	  or diag(slurp_file("$file.err"));
	chmod 0644, $file;
	# Each calendar in a transaction of its own, since each has its own time.
	$node->safe_psql('va', qq{
		TRUNCATE asked, answered;
		COPY asked (calendar) FROM '$file' (FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02');
		DO \$\$
		DECLARE
			v record;
		BEGIN
			FOR v IN SELECT a.n, a.calendar, l.tenant_id, l.lead_id FROM asked a, voiceagent.leads l ORDER BY a.n LOOP
				PERFORM answer(v.n, v.calendar, v.tenant_id, v.lead_id);
				COMMIT;
			END LOOP;
		END
		\$\$});
	is($node->safe_psql('va', 'SELECT count(*) FROM answered'), 10 * $count, "$what: every question is answered");
	is($node->safe_psql('va', q{SELECT format('calendar %s, question %s: %s', calendar - '{rows,questions}'::text[], question, slots)
		FROM answered JOIN asked USING (n) WHERE slots <> question -> 3 LIMIT 3}), '', "$what: all as the oracle says (CALENDAR_SEED=$of)");
	return if $days > 14;
	# The test says something only if all kinds of answers occur.
	my ($none, $many, $seats) = split /\|/, $node->safe_psql('va', q{SELECT count(*) FILTER (WHERE slots = '[]'),
		count(*) FILTER (WHERE jsonb_array_length(slots) > 20), count(*) FILTER (WHERE jsonb_path_exists(slots, '$[*][1] ? (@ > 1)')) FROM answered});
	cmp_ok($_, '>', 0, "$what: some have no slot, some many, some several seats") foreach $none, $many, $seats;
}

ask('fortnight', $calendars, $seed, 14);
ask('year', $ENV{FULL} ? 100 : 2, $seed + 1, 365);
done_testing();
