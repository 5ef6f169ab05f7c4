# Somebody that knows no SQL does the work of a business in the console: from an empty tenant to a confirmed appointment, then people,
# hours, offers and money.  What the pages said is so in SQL.  With no Chromium, no node or no npm there is nothing to see.
use strict;
use warnings;

use File::Copy qw(copy);
use HTTP::Tiny;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

sub on_path { my ($program) = @_; return (grep { -x } map { "$_/$program" } split /:/, $ENV{PATH})[0] }
my $chromium = on_path('chromium');
plan skip_all => 'no chromium and node on the PATH' unless $chromium && on_path('node');

my $node = new_node('main', 'voiceagent.sandbox' => 'on', 'voiceagent.web_port' => 0);
my $secret = $node->basedir . '/jwt';
append_to_file($secret, 'a secret of more than thirty-two bytes');
chmod 0600, $secret;
$node->append_conf('postgresql.conf', "voiceagent.jwt_secret_file = '$secret'");
$node->reload;
wait_for_sql($node, 'va', q{SELECT voiceagent_private.worker_address('web') IS NOT NULL}, 't', 'the console is there', 30);
my $url = $node->safe_psql('va', q{SELECT voiceagent_private.worker_address('web')});
if (HTTP::Tiny->new->get("$url/")->{status} != 200)
{
	note('skipped: the console is not installed here, npm was not to be had');
	done_testing();
	exit;
}

my $tenant = create_tenant($node, 'va', 'New Roofs', credits => 1000);
$node->safe_psql('va', "SELECT voiceagent.set_tenant_timezone($tenant, 'America/New_York')");
$node->safe_psql('va', "SELECT voiceagent.create_member($tenant, 'owner\@example.com', 'correct horse', 'owner')");
$node->safe_psql('va', q{SELECT voiceagent.create_credit_pack('Small', 1000, '{"EUR": 100}')});
as_tenant($node, 'va', $tenant, q{SELECT voiceagent.set_setting('sandbox_time_scale', '86400')});

my $folder = $node->basedir . '/browser';
mkdir $folder or die "$folder: $!";
my @lines;
{
	local $ENV{CHROMIUM} = $chromium;
	local $ENV{HOME} = $folder;
	# axe-core judges the pages; without npm's registry nobody does.
	mkdir "$folder/axe" or die $!;
	copy("regress/axe/$_", "$folder/axe/$_") or die "$_: $!" foreach qw(package.json package-lock.json .npmrc);
	qx(cd '$folder/axe' && npm ci --ignore-scripts --silent 2>&1) if on_path('npm');
	local $ENV{AXE} = "$folder/axe/node_modules/axe-core/axe.min.js";
	note('skipped: no axe-core, the registry of npm cannot be reached') unless -e $ENV{AXE};
	@lines = split /\n/, qx(timeout 400 node regress/fakes/newcomer.js $url 'correct horse' $folder owner 2>&1);
}
note($_) foreach grep { /^# from nothing/ } @lines;
cmp_ok(scalar(grep { /^ok/ } @lines), '>=', 30, 'a newcomer does the work of a business');
is(join("\n", grep { !/^ok|^1\.\.|^# from nothing/ } @lines), '', '... and every step is as it should be');

# What the pages said, by SQL.
my %told = (
	leads => [ 3, 'SELECT count(*) FROM voiceagent.leads' ],
	'calls, each of which was proved' => [ 't t', q{SELECT concat_ws(' ', count(*) >= 3, bool_and(EXISTS (SELECT FROM voiceagent.explain_call(c.call_id)))) FROM voiceagent.calls c} ],
	'a confirmed appointment' => [ 1, q{SELECT count(*) FROM voiceagent.appointments WHERE status = 'confirmed'} ],
	'an agent that is off and has hours' => [ '[["09:00", "12:00"], ["13:00", "17:00"]]', q{SELECT hours ->> 'mon' FROM voiceagent.agents WHERE name = 'Mia' AND NOT active AND skills = '{roofs,solar}'} ],
	'hours of a number' => [ '09:00:00 50 {"DE": "closed", "2026-12-24": "closed"}', q{SELECT concat_ws(' ', business_hours_start, calls_per_day, other_days) FROM voiceagent.phone_numbers} ],
	'a calendar with slots' => [ '00:45:00 {"tue": [["10:00", "16:00"]]}', q{SELECT concat_ws(' ', slot_length, hours) FROM voiceagent.calendars WHERE name = 'Visits'} ],
	'a day that is closed' => [ 'Holiday', q{SELECT reason FROM voiceagent.calendar_days WHERE day = '2030-12-24' AND hours IS NULL} ],
	listings => [ '12 Oak Street, 7 Elm Road', q{SELECT string_agg(attributes ->> 'address', ', ' ORDER BY attributes ->> 'address') FROM voiceagent.listings} ],
	'a purchase that granted its credits once' => [ '1000.000000', q{SELECT sum(t.amount) FROM voiceagent.credit_transfers t WHERE t.operation = 'purchase'} ]);
is(as_tenant($node, 'va', $tenant, $told{$_}[1]), $told{$_}[0], "SQL has it, too: $_") foreach sort keys %told;
# Filters are the member's own.
$node->safe_psql('va', "SELECT voiceagent.create_member($tenant, 'viewer\@example.com', 'correct horse', 'viewer')");
my %token = map { $_ => $node->safe_psql('va', "SELECT voiceagent.login('$_\@example.com', 'correct horse')") } qw(owner viewer);
my $as = sub { my ($who, $sql) = @_; my ($code, $out, $err) = $node->psql('va', "BEGIN; SET LOCAL ROLE voiceagent_user; SELECT FROM voiceagent.authenticate('$token{$who}'); $sql; COMMIT"); return $code ? $err =~ s/.*ERROR:\s+//sr =~ s/\n.*//sr : $out =~ s{^\n+}{}r };
is($as->('owner', q{SELECT name, filter FROM voiceagent.saved_filters('calls')}), 'Agreed|{"outcome": "scheduled"}', 'SQL has it, too: a search that was kept');
is($as->('viewer', q{SELECT count(*) FROM voiceagent.saved_filters('calls')}), 0, '... which nobody else sees');
is($as->('viewer', q{SELECT voiceagent.remove_filter('calls', 'Agreed')}), 'there is no such filter', '... or removes');
is($as->('viewer', q{SELECT FROM voiceagent.save_filter('leads', 'A', '{"stage": "retry"}'); SELECT FROM voiceagent.save_filter('leads', ' A ', '{}'); SELECT name, filter FROM voiceagent.saved_filters('leads')}), 'A|{}', 'a viewer keeps its own, and a name is one filter');
is($as->('viewer', q{SELECT voiceagent.save_filter('leads', 'x' || i, '{}') FROM generate_series(1, 50) i}), 'a member has at most 50 filters of a list', '... of which there is an end');
is($as->('viewer', qq{SELECT voiceagent.save_filter($_)}) =~ /^a filter|^filters are/ ? 1 : 0, 1, "refused: $_") foreach q{'money', 'x', '{}'}, q{'leads', ' ', '{}'}, q{'leads', 'x', '[]'}, q{'leads', 'x', NULL}, q{'leads', 'x', jsonb_build_object('a', repeat('b', 5000))};
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.invariants()', 0, 'no invariant is violated');
done_testing();
