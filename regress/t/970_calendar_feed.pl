# A calendar as a feed: a program that has the link, and no login, reads it by another implementation of iCalendar; who has no link,
# or one that ended, meets a path where nothing is.
use strict;
use warnings;

use HTTP::Tiny;
use JSON::PP qw(decode_json);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentConsole;

# python3-icalendar shares no line with libical, which wrote the text.
my $reader = <<'PYTHON';
import icalendar, json, sys
text = sys.stdin.buffer.read()
for line in text.split(b'\r\n'):
    assert len(line) <= 75, line
    assert not any(c < 32 or c == 127 for c in line), line
calendar = icalendar.Calendar.from_ical(text)
assert not calendar.errors, calendar.errors
print(json.dumps({
    'name': str(calendar.get('x-wr-calname')), 'method': str(calendar.get('method')), 'lines': sum(l.startswith(b'BEGIN:') for l in text.split(b'\r\n')),
    'events': [{'uid': str(e['uid']), 'sequence': int(e['sequence']), 'status': str(e['status']), 'starts': e['dtstart'].dt.isoformat(),
        'ends': e['dtend'].dt.isoformat(), 'summary': str(e['summary']), 'description': str(e['description']), 'errors': e.errors,
        'parts': sorted(k.lower() for k in e.keys())} for e in calendar.walk('VEVENT')]}))
PYTHON
my $program = PostgreSQL::Test::Utils::tempdir . '/read.py';
append_to_file($program, $reader);
sub parsed
{
	my ($text) = @_;
	my ($out, $err) = ('', '');
	ok(IPC::Run::run([ 'python3', $program ], '<', \$text, '>', \$out, '2>', \$err), 'another implementation reads it') or diag $err;
	return decode_json($out);
}

my ($node, $url) = new_console();
my ($one, $two) = map { create_tenant($node, 'va', $_, credits => 100) } 'One', 'Two';
$node->safe_psql('va', "SELECT voiceagent.set_setting('mail_links', 'https://calls.example.com/')");
my $evil = q{E'Zoë\r\nEND:VEVENT\r\nBEGIN:VALARM\r\nTRIGGER:-PT1M\u2028\u202e; "x"'};
my ($link) = as_tenant($node, 'va', $one, qq{
	SELECT voiceagent.create_calendar('Büro; "A", B'), voiceagent.add_lead('+12125550100', $evil) AS lead \\g /dev/null
	SELECT voiceagent.add_appointment('2031-03-04 15:30+01', lead_id := lead_id, summary := E'a viewing\\nof two houses' || repeat('ü', 10000),
		calendar_id := (SELECT calendar_id FROM voiceagent.calendars WHERE tenant_id = $one AND NOT is_default)) FROM voiceagent.leads \\g /dev/null
	UPDATE voiceagent.appointments SET starts_at = date_trunc('day', now()) + interval '3 days 10 hours', ends_at = date_trunc('day', now()) + interval '3 days 11 hours' WHERE tenant_id = $one;
	SELECT link FROM voiceagent.calendar_link((SELECT calendar_id FROM voiceagent.calendars WHERE tenant_id = $one AND NOT is_default))}) =~ /(\S+)$/;
like($link, qr{^https://calls\.example\.com/calendar/$one-[\w-]{32,}\.ics$}, 'a link leads to where mail_links says');
my $path = $link =~ s{^https://calls\.example\.com}{}r;
my $http = HTTP::Tiny->new(timeout => 60);
my $answer = $http->get("$url$path");
is("$answer->{status} $answer->{headers}{'content-type'} $answer->{headers}{'x-content-type-options'}", '200 text/calendar; charset=utf-8 nosniff', 'who has it needs no login');
my $calendar = parsed($answer->{content});
is("$calendar->{name} $calendar->{method}", "B\x{fc}ro; \"A\", B PUBLISH", '... and sees whose calendar it is');
is($calendar->{lines}, 2, '... with one event, whatever a name says');
my ($event) = @{ $calendar->{events} };
is_deeply($event->{parts}, [ sort qw(uid sequence dtstamp dtstart dtend status summary description) ], '... which has these properties alone');
is_deeply($event->{errors}, [], '... and all of them can be read');
like($event->{summary}, qr/^Zo\x{eb} +END:VEVENT +BEGIN:VALARM +TRIGGER:-PT1M +; "x": a viewing of two houses\x{fc}{1,200}$/, '... in which a name ends no line and turns no direction');
like($event->{description}, qr/^\+12125550100\na viewing\nof two houses\x{fc}{500,1000}$/, '... nor does a summary of 20 kB, which is cut');
is("$event->{status} $event->{starts}", 'CONFIRMED ' . $node->safe_psql('va', q{SELECT to_char((date_trunc('day', now()) + interval '3 days 10 hours') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')}), '... at its time');
is($http->request('HEAD', "$url$path")->{headers}{'content-length'}, length $answer->{content}, 'HEAD tells how long it is');
as_tenant($node, 'va', $one, q{SELECT voiceagent.cancel_appointment(max(appointment_id), 'ill') FROM voiceagent.appointments});
my ($later) = @{ parsed($http->get("$url$path")->{content})->{events} };
is("$later->{uid} $later->{status} " . ($later->{sequence} > $event->{sequence}), "$event->{uid} CANCELLED 1", 'what was called off has its UID still, and a higher sequence');

# ---- no link, and links that ended ----

sub seen { my ($answer) = @_; return join "\n", $answer->{status}, $answer->{content}, map { "$_: $answer->{headers}{$_}" } grep { $_ ne 'date' } sort keys %{ $answer->{headers} } }
my $nothing = seen($http->get("$url/nothing/here.ics"));
like($nothing, qr/^404\n/, 'a path where nothing is');
my ($token) = $path =~ m{([^/]+)\.ics$};
my %other = (
	'no token' => '', 'no token, with its end' => '.ics', 'a token of nobody' => "$one-nothing.ics", 'a tenant of nobody' => '99999999-' . ($token =~ s/^\d+-//r) . '.ics',
	'a longer number than there is' => '99999999999999999999999-x.ics', 'the token of another tenant' => "$two-" . ($token =~ s/^\d+-//r) . '.ics', 'the token without its tenant' => ($token =~ s/^\d+-//r) . '.ics',
	'another end' => "$token.ical", 'no end' => $token, 'more behind it' => "$token.ics/x", 'more in it' => "$token'%20OR%20true--.ics", 'one byte more' => "${token}A.ics", 'one byte less' => (substr $token, 0, -1) . '.ics');
is(seen($http->get("$url/calendar/$other{$_}")), $nothing, "$_ is the same") foreach sort keys %other;
is($http->post("$url$path")->{status}, 405, 'nobody writes into it');
my $statement = q{SELECT link FROM voiceagent.calendar_link((SELECT calendar_id FROM voiceagent.calendars WHERE NOT is_default))};
my ($newer) = as_tenant($node, 'va', $one, $statement) =~ m{(/calendar/\S+)$};
is(seen($http->get("$url$path")), $nothing, 'a link that was replaced is the same');
is($http->get("$url$newer")->{status}, 200, '... the new one leads there');
$node->safe_psql('va', "SELECT voiceagent.set_tenant_active($one, false)");
is(seen($http->get("$url$newer")), $nothing, 'the link of a suspended tenant is the same');
$node->safe_psql('va', "SELECT voiceagent.set_tenant_active($one, true)");
is($http->get("$url$newer")->{status}, 200, '... until it is active again');
as_tenant($node, 'va', $one, q{SELECT voiceagent.remove_calendar(max(calendar_id)) FROM voiceagent.calendars WHERE NOT is_default});
is(seen($http->get("$url$newer")), $nothing, 'the link of a calendar that was removed is the same');
unlike(slurp_file($node->logfile), qr/\Q$token\E/, 'no token stands in the log');

# ---- many ----

as_tenant($node, 'va', $two, qq{
	SELECT voiceagent.add_lead('+12125550101', 'Bo') \\g /dev/null
	INSERT INTO voiceagent.appointments (tenant_id, calendar_id, lead_id, status, starts_at, ends_at, timezone, detected_by, summary, created_at)
	SELECT $two, c.calendar_id, l.lead_id, 'confirmed', date_trunc('hour', now()) + i * interval '1 hour', date_trunc('hour', now()) + i * interval '1 hour' + interval '30 minutes', 'UTC', '{}', repeat('w', 300), now()
	FROM generate_series(1, 5100) i, voiceagent.calendars c, voiceagent.leads l WHERE c.tenant_id = $two AND l.tenant_id = $two});
my ($many) = as_tenant($node, 'va', $two, 'SELECT link FROM voiceagent.calendar_link()') =~ m{(/calendar/\S+)$};
my $long = $http->get("$url$many");
is("$long->{status} " . (() = $long->{content} =~ /^BEGIN:VEVENT/mg), '200 5000', 'a calendar of 5,100 appointments shows 5,000');
like($long->{content}, qr/^X-WR-CALDESC:Not all: only the first 5000 appointments are shown\.\r$/m, '... and says so');
$node->stop('fast');
done_testing();
