# What the law says of a dial, judged by the functions of the claim, against an independent program (regress/lib/law_oracle.py): random persons of
# twelve countries in 2026 and 2027 with what they agreed to and what was dialled before, hours, holidays and their eves, days of change, caps of any
# window, consent that ends or is dated ahead, the rest after a refusal, a human voice first, the series of the caller's number, the opt-out first, what else is said and by which second.
# CLAIMS=1000000 LAW_SEED=7 for a longer run.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

my $claims = $ENV{CLAIMS} || 3_000;
my $seed = $ENV{LAW_SEED} || 4;

plan skip_all => 'needs python3 with zoneinfo' if system('python3 -c "import zoneinfo" > /dev/null 2>&1');
my ($zoneinfo) = `pg_config --configure` =~ /--with-system-tzdata=([^' ]+)/;
$zoneinfo //= `pg_config --sharedir` =~ s/\n//r . '/timezone';
$ENV{PYTHONTZPATH} = $zoneinfo;

my $node = new_node('main', 'voiceagent.launcher' => 'off');
my $dir = PostgreSQL::Test::Utils::tempdir();
print "# LAW_SEED=$seed CLAIMS=$claims\n";

sub ask
{
	my ($what) = @_;
	is(system("python3 regress/lib/law_oracle.py $what $claims $seed $dir/rules > $dir/$what 2> $dir/$what.err"), 0, "the oracle tells $what")
	  or diag(slurp_file("$dir/$what.err"));
	chmod 0644, "$dir/$what";
	return "$dir/$what";
}

append_to_file("$dir/rules", $node->safe_psql('va', q{
	SELECT jsonb_agg(to_jsonb(r)) FROM (
		SELECT jurisdiction, rule, value, false AS tightened, CASE WHEN isfinite(effective_from) THEN effective_from::text ELSE '' END AS first,
			CASE WHEN isfinite(effective_until) THEN effective_until::text ELSE '~' END AS last FROM voiceagent_private.law_rules WHERE rule <> 'min_ring' AND rule <> 'opt_out_text') r}));
my ($people, $answers) = (ask('people'), ask('claims'));
my $time = q{(timestamptz 'epoch' + %s * interval '1 microsecond')};
sub time_of { return sprintf($time, $_[0]) }

# The history lies in the tables that the claim reads; the planner of a campaign has no part in this.
$node->safe_psql('va', qq{
	BEGIN;
	CREATE TABLE people (person bigint, place text, zones text[], sells boolean, consents jsonb, calls jsonb);
	COPY people FROM '$people';
	CREATE TABLE asked (person bigint, caller text, at bigint, verdict text);
	COPY asked FROM '$answers';
	ANALYZE people; ANALYZE asked;
	SELECT voiceagent_private.set_tenant(voiceagent.create_tenant('Law', 'UTC', 1000));
	SET session_replication_role = replica;
	INSERT INTO voiceagent.calls (tenant_id, call_id, campaign_id, lead_id, phone, number, assistant_id, assistant_version, campaign_version, provider_account_id, attempt_number, lawful,
		started_at, status, outcome, ended_at, counts)
	OVERRIDING SYSTEM VALUE SELECT voiceagent.current_tenant(), nextval(pg_get_serial_sequence('voiceagent.calls', 'call_id')), 1, p.person, '+1202' || 5000000 + p.person, 1, 1, 1, 1, 1, 1, true,
		@{[ time_of('(c.value ->> 0)::bigint') ]}, 'completed', c.value ->> 2, @{[ time_of('(c.value ->> 1)::bigint') ]}, true
	FROM people p CROSS JOIN jsonb_array_elements(p.calls) c;
	INSERT INTO voiceagent.consents (tenant_id, lead_id, phone, kind, source, granted_at, revoked_at)
	SELECT voiceagent.current_tenant(), p.person, '+1202' || 5000000 + p.person, 'call', 'test', @{[ time_of('(c.value ->> 0)::bigint') ]},
		CASE WHEN (c.value ->> 1)::boolean THEN @{[ time_of('(c.value ->> 0)::bigint') ]} END
	FROM people p CROSS JOIN jsonb_array_elements(p.consents) c;
	SET session_replication_role = origin;
	ANALYZE voiceagent.calls; ANALYZE voiceagent.consents;
	-- As jurisdiction_terms keeps them: resolved once for all that is asked of a place while its rules stay, a month at most.
	CREATE TABLE timed AS SELECT row_number() OVER () AS n, q.*, @{[ time_of('q.at') ]} AS moment, p.place, p.zones, p.sells, voiceagent_private.days_of(p.zones, @{[ time_of('q.at') ]}) AS days
	FROM asked q JOIN people p USING (person);
	CREATE TABLE keyed AS WITH changes AS MATERIALIZED (SELECT x.place, voiceagent_private.law_changes(x.place, '2025-06-01', '2028-12-31') AS days FROM (SELECT DISTINCT place FROM people) x)
	SELECT t.*, concat(date_trunc('month', t.days[1]), (SELECT count(*) FROM unnest(c.days) d WHERE d <= t.days[1]), (SELECT count(*) FROM unnest(c.days) d WHERE d <= t.days[2])) AS while_same
	FROM timed t JOIN changes c USING (place);
	CREATE TABLE kept AS SELECT k.place, k.zones, k.while_same, voiceagent_private.resolve_terms(k.place, k.moment, true, k.zones) AS terms
	FROM (SELECT place, zones, while_same, min(moment) AS moment FROM keyed GROUP BY 1, 2, 3) k;
	ANALYZE keyed; ANALYZE kept;
	COMMIT});
$node->safe_psql('va', q{
	BEGIN;
	SELECT voiceagent_private.set_tenant(tenant_id) FROM voiceagent.tenants WHERE name = 'Law';
	CREATE TABLE judged AS SELECT k.*, CASE WHEN w.opens_at IS NULL OR w.opens_at > k.moment THEN 'closed'
		WHEN (x.terms).require_consent AND c.consent_id IS NULL THEN 'no_consent'
		WHEN a.allows_at = 'infinity' THEN 'lifetime'
		WHEN a.allows_at > k.moment OR (voiceagent_private.check_call_windows(voiceagent.current_tenant(), '+1202' || 5000000 + k.person, true, (x.terms).call_windows, k.moment)).allows_at > k.moment THEN 'capped'
		WHEN NOT voiceagent_private.may_call_with((x.terms).special, k.caller) THEN 'series' ELSE 'ok' END
		|| CASE WHEN (x.terms).special ? 'opt_out_first' THEN ' first' ELSE '' END
		|| CASE WHEN (x.terms).special ? 'number_check' AND k.sells THEN ' check' ELSE '' END
		|| coalesce((SELECT string_agg(format(' %s%s/%s', o.part, o.by_s, o.behind_s), '' ORDER BY o.part COLLATE "C")
			FROM voiceagent_private.opening_parts((x.terms).opening, CASE WHEN k.sells THEN 'promotional' ELSE 'service' END) o), '') AS said
	FROM keyed k JOIN kept x USING (place, zones, while_same)
	CROSS JOIN LATERAL voiceagent_private.window_within(k.zones, '{0,0,1440,1,0,1440,2,0,1440,3,0,1440,4,0,1440,5,0,1440,6,0,1440}', k.moment, (x.terms).windows, (x.terms).holidays) w
	LEFT JOIN LATERAL voiceagent_private.consent_within(k.person, '+1202' || 5000000 + k.person, voiceagent_private.consent_valid(x.terms), k.moment) c ON w.opens_at <= k.moment
	LEFT JOIN LATERAL (SELECT r.* FROM voiceagent_private.check_caps((SELECT array_agg(d.started_at) FROM voiceagent.calls d
		WHERE d.tenant_id = voiceagent.current_tenant() AND d.phone = '+1202' || 5000000 + k.person),
		k.zones, (x.terms).calls_per_day, (x.terms).calls_per_24h, (x.terms).calls_lifetime, 0, k.moment) r) a
		ON w.opens_at <= k.moment AND (c.consent_id IS NOT NULL OR NOT (x.terms).require_consent);
	COMMIT});
is($node->safe_psql('va', 'SELECT count(*) FROM judged'), $claims, 'every claim is judged');
is($node->safe_psql('va', q{SELECT format('%s in %s %s at %s by %s: %s, not %s', person, place, zones, moment, caller, said, verdict) FROM judged WHERE said IS DISTINCT FROM verdict ORDER BY n LIMIT 5}),
	'', "all as the oracle says (LAW_SEED=$seed)");
my $seen = $node->safe_psql('va', q{SELECT string_agg(format('%s %s', said, n), ', ' ORDER BY said) FROM (SELECT said, count(*) AS n FROM judged GROUP BY 1) x});
diag("$claims claims judged like the oracle: $seen");
like($seen, qr/\b$_ /, "... some are: $_") foreach 'closed', 'no_consent', 'capped', 'series', 'ok', 'ok first', 'ok .*question10/', 'ok .*opt_out/2';
done_testing();
