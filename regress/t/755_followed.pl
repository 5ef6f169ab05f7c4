# Calendars elsewhere that a calendar follows: fetched, read by a program of its own, and kept free; whatever a server or a file
# does, its owner reads why, and nothing is forgotten that was known.
use strict;
use warnings;

use IO::Socket::INET;
use IPC::Run;
use POSIX ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;

# A server of its own process a connection; what it says is what lies in the file of that name.
my $files = PostgreSQL::Test::Utils::tempdir;
my $listener = IO::Socket::INET->new(Listen => 50, LocalAddr => '127.0.0.1', ReuseAddr => 1) or die $!;
my $port = $listener->sockport;
my $server = fork // die;
if ($server == 0)
{
	local $SIG{CHLD} = 'IGNORE';
	local $SIG{PIPE} = 'IGNORE';
	while (my $client = $listener->accept)
	{
		next if fork;
		my $head = '';
		while (my $line = <$client>) { $head .= $line; last if $line eq "\r\n"; }
		my ($name) = $head =~ m{^GET /([a-z]+)\?key=open };
		my $body = defined $name && -f "$files/$name" ? slurp_file("$files/$name") : undef;
		print $client defined $body ? "HTTP/1.1 200 X\r\nContent-Type: text/calendar\r\n" : "HTTP/1.1 404 X\r\n", 'Content-Length: ', length($body // ''), "\r\nConnection: close\r\n\r\n", $body // '';
		close $client;
		POSIX::_exit(0);
	}
	POSIX::_exit(0);
}
$listener->close;
END { kill 'KILL', $server if $server; }

sub calendar { my ($name, @events) = @_; my $file = "$files/$name"; unlink $file; append_to_file("$file.new", join '', "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n", (map { "BEGIN:VEVENT\r\n$_\r\nEND:VEVENT\r\n" } @events), "END:VCALENDAR\r\n"); rename "$file.new", $file; return; }

append_to_file("$files/VAULT", '42' x 32);
chmod 0600, "$files/VAULT";
my $node = new_node('main', 'voiceagent.vault_key_file' => "$files/VAULT");
$node->safe_psql('va', "SELECT voiceagent.set_setting('calendar_private_hosts', '127.0.0.1:$port')");
my $tenant = create_tenant($node, 'va', 'Practice');
my $lead = as_tenant($node, 'va', $tenant, "SELECT voiceagent.add_lead(phone => '+12125550100')");
# A Monday far enough ahead, in Berlin.
my $day = $node->safe_psql('va', "SELECT (date_trunc('week', now() + interval '21 days'))::date");
(my $stamp = $day) =~ tr/-//d;
my $calendar = as_tenant($node, 'va', $tenant, q(SELECT voiceagent.create_calendar('practice', 'Europe/Berlin', hours := '{"start": "09:00", "end": "13:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}', slot_length := '1 hour', horizon := '300 days')));

sub slots
{
	my ($of, $more) = @_;
	return as_tenant($node, 'va', $tenant, "SELECT coalesce(string_agg(to_char(starts_at AT TIME ZONE 'Europe/Berlin', 'HH24'), ' ' ORDER BY starts_at), '') FROM voiceagent.free_slots($of, from_time := '$day 00:00 Europe/Berlin', to_time := '$day 24:00 Europe/Berlin'" . ($more // '') . ')');
}

sub follow { my ($name, $more) = @_; return as_tenant($node, 'va', $tenant, "SELECT voiceagent.follow_calendar($calendar, 'http://127.0.0.1:$port/$name?key=open'" . ($more // '') . ')') }

sub comes
{
	my ($id, $what, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	wait_for_sql($node, 'va', "SELECT f.status, f.events, f.skipped FROM voiceagent.followed_calendars f JOIN voiceagent_private.calendar_turns t USING (tenant_id, followed_id) WHERE f.followed_id = $id AND t.state = 'waiting' AND f.status <> 'waiting'", $what, $name, 60);
}

sub again
{
	my ($id) = @_;
	my $at = $node->safe_psql('va', "SELECT coalesce(read_at, '-infinity') FROM voiceagent.followed_calendars WHERE followed_id = $id");
	as_tenant($node, 'va', $tenant, "SELECT voiceagent.refresh_followed_calendar($id)");
	return wait_for_sql($node, 'va', "SELECT read_at > '$at' OR f.status_reason IS NOT NULL FROM voiceagent.followed_calendars f JOIN voiceagent_private.calendar_turns t USING (tenant_id, followed_id) WHERE f.followed_id = $id AND t.state = 'waiting' AND t.next_at > now()", 't', "calendar $id is read again", 60);
}

# ---- what is busy elsewhere is no slot here ----

is(slots($calendar), '09 10 11 12', 'four slots a day');
# What we have said to a calendar may come back from it.
my $own = as_tenant($node, 'va', $tenant, 'SELECT voiceagent_private.icalendar_domain()');
calendar('work', "UID:7\@$own\r\nDTSTART;TZID=Europe/Berlin:${stamp}T110000\r\nDURATION:PT1H", "UID:1\r\nDTSTART;TZID=Europe/Berlin:${stamp}T100000\r\nDTEND;TZID=Europe/Berlin:${stamp}T103000",
	"UID:2\r\nDTSTART:${stamp}T120000\r\nDURATION:PT15M\r\nTRANSP:TRANSPARENT", "UID:3\r\nDTSTART:20200101T000000Z\r\nDTEND:20200101T001000Z\r\nRRULE:FREQ=SECONDLY;COUNT=5");
my $work = follow('work');
comes($work, 'ready|2|1', 'a calendar elsewhere is read');
is(slots($calendar), '09 11 12', 'a time that is busy there is no slot');
is(as_tenant($node, 'va', $tenant, "SELECT status, starts_at = '$day 11:00 Europe/Berlin' FROM voiceagent.book($calendar, '$day 10:00 Europe/Berlin', lead_id := $lead)"), 'held|t', '... and is not booked: the next one is held');
is_sql($node, 'va', "SELECT origin, status_reason IS NULL, (SELECT count(*) FROM voiceagent_private.secrets s WHERE position('open'::bytea IN sealed) > 0) FROM voiceagent.followed_calendars", "http://127.0.0.1:$port|t|0", 'its address is not shown');

# ---- it changes ----

as_tenant($node, 'va', $tenant, "SELECT voiceagent.book($calendar, '$day 11:00 Europe/Berlin', lead_id := $lead)");
calendar('work', "UID:4\r\nDTSTART;VALUE=DATE:$stamp");
again($work);
is(slots($calendar), '', 'a whole day that is busy has no slot');
is_as_tenant($node, 'va', $tenant, "SELECT clashes FROM voiceagent.followed_calendars", '1', '... and what was booked on it is told');
is_as_tenant($node, 'va', $tenant, "SELECT kind, what FROM voiceagent.waiting WHERE kind = 'calendar'", "calendar|1 appointments lie in busy times of calendar $work of http://127.0.0.1:$port", '... to who settles such things');
calendar('work', "UID:5\r\nDTSTART;TZID=Europe/Berlin:20200106T090000\r\nDTEND;TZID=Europe/Berlin:20200106T093000\r\nRRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU\r\nEXDATE;TZID=Europe/Berlin:${stamp}T090000",
	"UID:5\r\nRECURRENCE-ID;TZID=Europe/Berlin:${stamp}T090000\r\nDTSTART;TZID=Europe/Berlin:${stamp}T123000\r\nDTEND;TZID=Europe/Berlin:${stamp}T130000");
again($work);
is(slots($calendar), '09 10', 'what repeats is followed, and its exceptions');
is_sql($node, 'va', 'SELECT count(*) BETWEEN 390 AND 402 FROM voiceagent.busy_times', 't', '... for 400 days');

# ---- one of several people ----

my $team = as_tenant($node, 'va', $tenant, q(SELECT voiceagent.create_calendar('team', 'Europe/Berlin', hours := '{"start": "09:00", "end": "11:00", "days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}', slot_length := '1 hour', horizon := '300 days', people_rule := 'round_robin', day_limit := 1)));
as_tenant($node, 'va', $tenant, "SELECT voiceagent.set_calendar_person($team, 'Ada'), voiceagent.set_calendar_person($team, 'Bo')");
calendar('ada', "UID:1\r\nDTSTART;TZID=Europe/Berlin:${stamp}T090000\r\nDTEND;TZID=Europe/Berlin:${stamp}T100000");
my $ada = as_tenant($node, 'va', $tenant, "SELECT voiceagent.follow_calendar($team, 'http://127.0.0.1:$port/ada?key=open', 'Ada')");
comes($ada, 'ready|1|0', 'a person\'s own calendar is read');
is_as_tenant($node, 'va', $tenant, "SELECT string_agg(free_seats::text, ' ' ORDER BY starts_at) FROM voiceagent.free_slots($team, from_time := '$day 00:00 Europe/Berlin', to_time := '$day 24:00 Europe/Berlin')", '1 2', 'only that person is busy');
is_as_tenant($node, 'va', $tenant, "SELECT person FROM voiceagent.book($team, '$day 09:00 Europe/Berlin', lead_id := $lead)", 'Bo', '... and the other one is booked, because no limit a day counts what is elsewhere');

# ---- what goes wrong is said, and what was known stays ----

unlink "$files/work";
again($work);
is_as_tenant($node, 'va', $tenant, "SELECT status, status_reason FROM voiceagent.followed_calendars WHERE followed_id = $work", 'failed|HTTP status 404', 'one that is gone has failed');
is(slots($calendar), '09 10', '... and what was read of it stays busy');
is_as_tenant($node, 'va', $tenant, "SELECT count(*) FROM voiceagent.events WHERE event_type = 'calendar_unread'", '1', '... which an event tells');
foreach my $bad ([ 'text', 'Hello.', 'it is no iCalendar file' ], [ 'deep', "BEGIN:VEVENT\r\n" x 200_000, 'its parts lie too deep in each other' ],
	[ 'zone', "BEGIN:VTIMEZONE\r\nTZID:x\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRRULE:FREQ=YEARLY;BYHOUR=" . join(',', 0 .. 23) . ';BYMINUTE=' . join(',', 0 .. 59) . ';BYSECOND=' . join(',', 0 .. 59) . "\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=x:20260401T000000\r\nDTEND;TZID=x:20260401T010000\r\nEND:VEVENT\r\n", 'it takes too long, or too much memory, to read' ])
{
	my ($name, $what, $why) = @$bad;
	append_to_file("$files/$name", $name eq 'text' ? $what : "BEGIN:VCALENDAR\r\n${what}END:VCALENDAR\r\n");
	my $id = follow($name);
	wait_for_sql($node, 'va', "SELECT status_reason FROM voiceagent.followed_calendars WHERE followed_id = $id AND status_reason IS NOT NULL", $why, "a file that is bad: $name", 60);
}
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.calendar_turns WHERE body IS NOT NULL', '0', 'no file is kept');

# ---- what is unknown is busy by every reading, and counted ----

# (what; the parts of the file; EVENTS SKIPPED SPANS and the spans that are read, in UTC, home being Berlin)
my $program = $node->config_data('--pkglibdir') . '/voiceagent-calendar';
sub event { return join "\r\n", 'BEGIN:VEVENT', 'UID:1', @_, 'END:VEVENT' }
foreach my $odd (
	['a zone that nobody knows', event('DTSTART;TZID=tzone://Microsoft/Custom:20261207T090000', 'DURATION:PT1H'), '1 1 1 06:1900-07:2200'],
	['a zone as Windows names it, without rules', event('DTSTART;TZID=Eastern Standard Time:20261207T090000', 'DURATION:PT1H') . "\r\n" . event('DTSTART;TZID="GMT Standard Time":20261207T090000', 'DURATION:PT1H'), '2 0 2 07:1400-07:1500 07:0900-07:1000'],
	['a zone without rules, whose name is known', "BEGIN:VTIMEZONE\r\nTZID:America/New_York\r\nEND:VTIMEZONE\r\n" . event('DTSTART;TZID=America/New_York:20261207T090000', 'DURATION:PT1H'), '1 0 1 07:1400-07:1500'],
	['the last day of a rule', event('DTSTART;TZID=Pacific/Auckland:20261207T180000', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;UNTIL=20261208'), '1 0 2 07:0500-07:0600 08:0500-08:0600'],
	['... that is its only one', event('DTSTART;TZID=Europe/Oslo:20261207T180000', 'DURATION:PT3H', 'RRULE:FREQ=WEEKLY;WKST=MO;UNTIL=20261207'), '1 0 1 07:1700-07:2000'],
	['a rule within a day, from its first time to its last', event('DTSTART:20261207T100000Z', 'DURATION:PT1H', 'RRULE:FREQ=HOURLY;INTERVAL=24;COUNT=2'), '1 1 1 07:1000-08:1100'],
	['a day that ends where it begins', event('DTSTART;VALUE=DATE:20261222', 'DTEND;VALUE=DATE:20261222'), '1 0 1 21:2300-22:2300'],
	['out of the office', event('DTSTART:20261207T100000Z', 'DURATION:PT1H', 'TRANSP:TRANSPARENT', 'X-MICROSOFT-CDO-BUSYSTATUS:OOF'), '1 0 1 07:1000-07:1100'],
	['... or free', event('DTSTART:20261207T100000Z', 'DURATION:PT1H', 'X-MICROSOFT-CDO-BUSYSTATUS:FREE'), '0 0 0'],
	['all that follow, moved', event('DTSTART;TZID=Europe/Berlin:20261207T090000', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=4') . "\r\n"
		. event('RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20261208T090000', 'DTSTART;TZID=Europe/Berlin:20261208T150000', 'DTEND;TZID=Europe/Berlin:20261208T170000'),
		'2 0 4 07:0800-07:0900 09:1400-09:1600 10:1400-10:1600 08:1400-08:1600'],
	['an exception in a zone that nobody knows', event('DTSTART;TZID=Europe/Berlin:20261207T090000', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=2', 'EXDATE;TZID=Nowhere:20261207T090000'),
		'1 1 2 07:0800-07:0900 08:0800-08:0900'],
	['... and a change', event('DTSTART;TZID=Europe/Berlin:20261207T090000', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=2') . "\r\n"
		. event('RECURRENCE-ID;TZID=Nowhere:20261207T090000', 'DTSTART;TZID=Europe/Berlin:20261207T150000', 'DURATION:PT1H'), '2 1 3 07:0800-07:0900 08:0800-08:0900 07:1400-07:1500'],
	['periods', event('DTSTART:20261202T140000Z', 'DURATION:PT1H', 'RDATE;VALUE=PERIOD:20261203T140000Z/20261203T170000Z,20261204T140000Z/PT2H'), '1 0 3 02:1400-02:1500 03:1400-03:1700 04:1400-04:1600'],
	['free and busy', "BEGIN:VFREEBUSY\r\nFREEBUSY;FBTYPE=BUSY:20261207T090000Z/20261207T100000Z,20261208T090000Z/PT1H\r\nFREEBUSY;FBTYPE=FREE:20261209T090000Z/PT1H\r\nEND:VFREEBUSY", '2 0 2 07:0900-07:1000 08:0900-08:1000'])
{
	my ($what, $parts, $right) = @$odd;
	my ($in, $out) = ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n$parts\r\nEND:VCALENDAR\r\n", '');
	IPC::Run::run([ $program, 'Europe/Berlin', 1796000000, 1799000000, 'none' ], '<', \$in, '>', \$out);
	my ($counts, @spans) = split /\n/, $out;
	is(join(' ', $counts, map { join '-', map { POSIX::strftime('%d:%H%M', gmtime $_) } split / / } @spans), $right, $what);
}

# ---- a copy, and the end ----

as_tenant($node, 'va', $tenant, "SELECT voiceagent.unfollow_calendar($work)");
is(slots($calendar), '09 10 12', 'what is no longer followed is free');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent_private.secrets WHERE name = 'followed_calendar:$work'", '0', '... and its address is forgotten');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.remove_calendar($team)");
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.followed_calendars WHERE followed_id = $ada", '0', 'a calendar that is removed follows no other');
$node->stop('fast');
done_testing();
