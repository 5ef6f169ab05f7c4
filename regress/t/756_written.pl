# Appointments written into calendars elsewhere: into a real CalDAV server (radicale), and into one that answers as it is told. What
# is agreed stands there once, whoever dies; what a person does there is told, and moves nothing here.
use strict;
use warnings;

use HTTP::Tiny;
use IO::Socket::INET;
use MIME::Base64;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;

my $dir = PostgreSQL::Test::Utils::tempdir;
append_to_file("$dir/VAULT", '42' x 32);
chmod 0600, "$dir/VAULT";
my $node = new_node('main', 'voiceagent.vault_key_file' => "$dir/VAULT", restart_after_crash => 'on', 'voiceagent.crash_restart_delay_max' => 0);
my $tenant = create_tenant($node, 'va', 'Practice');
my $lead = as_tenant($node, 'va', $tenant, q(SELECT voiceagent.add_lead(phone => '+12125550100', first_name => 'Zoë', last_name => 'Lee')));
as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_member($tenant, 'owner\@example.com', 'a long enough password', role := 'owner')");
my $day = $node->safe_psql('va', "SELECT (now() + interval '21 days')::date");
my $calendar = as_tenant($node, 'va', $tenant, q(SELECT voiceagent.create_calendar('practice', 'Europe/Berlin', people_rule := 'round_robin')));
as_tenant($node, 'va', $tenant, "SELECT voiceagent.set_calendar_person($calendar, 'Ada')");

sub act { return as_tenant($node, 'va', $tenant, 'SELECT ' . join ', ', map { "voiceagent.$_" } @_) }
sub add { my ($at) = @_; return act("add_appointment('$day $at UTC', lead_id := $lead, summary := 'a viewing', calendar_id := $calendar)") }
sub connect_to { my ($url, $password, $more) = @_; return act("connect_calendar($calendar, '$url', 'ada', '$password'" . ($more // '') . ')') }
# All is done, and nothing on its way.
sub settles { my ($id, $name) = @_; return wait_for_sql($node, 'va', "SELECT bool_and(done = wanted) AND (SELECT state = 'waiting' AND find IS NULL FROM voiceagent_private.calendar_writers WHERE calendar_connection_id = $id) FROM voiceagent.calendar_copies WHERE calendar_connection_id = $id", 't', $name, 60) }
sub state_is { my ($id, $expected, $name) = @_; return wait_for_sql($node, 'va', "SELECT status, status_reason FROM voiceagent.calendar_connections WHERE calendar_connection_id = $id", $expected, $name, 60) }
# Time that the test does not wait for.
sub pass_time { $node->safe_psql('va', q(UPDATE voiceagent.calendar_copies SET due_at = now(), doubt = now() WHERE due_at < 'infinity'; UPDATE voiceagent_private.calendar_writers SET next_at = now() WHERE state = 'waiting'; SELECT voiceagent_private.poke('calendar_writes'))); return }
sub utc { my ($at) = @_; return $day =~ tr/-//dr . 'T' . ($at =~ tr/://dr) . '00Z' }

# ---- a real server ----

SKIP:
{
	skip 'radicale is not installed', 14 if system('radicale --version > /dev/null 2>&1') != 0;
	my $probe = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1') or die $!;
	my $port = $probe->sockport;
	$probe->close;
	append_to_file("$dir/users", "ada:pass: word\n");
	my $radicale = fork // die;
	if ($radicale == 0)
	{
		open STDOUT, '>', "$dir/radicale.log";
		open STDERR, '>&', \*STDOUT;
		exec 'radicale', "--server-hosts=127.0.0.1:$port", '--auth-type=htpasswd', "--auth-htpasswd-filename=$dir/users", '--auth-htpasswd-encryption=plain', "--storage-filesystem-folder=$dir/radicale";
	}
	my $ada = HTTP::Tiny->new(default_headers => {Authorization => 'Basic ' . encode_base64('ada:pass: word', '')});
	foreach (1 .. 300) { last if $ada->get("http://127.0.0.1:$port/ada/")->{status} =~ /^[24]/; sleep 0.1; }
	my $mkcalendar = sub { my ($name) = @_; return $ada->request('MKCALENDAR', "http://127.0.0.1:$port/ada/$name/", {content => qq{<c:mkcalendar xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><set><prop><displayname>Of $name &amp; Co</displayname></prop></set></c:mkcalendar>}})->{status} };
	is($mkcalendar->('work'), 201, 'a calendar at radicale');
	# What is there, as "start status title" of each event.
	my $there = sub {
		my ($name) = @_;
		my $text = $ada->get("http://127.0.0.1:$port/ada/$name/")->{content} =~ s/\r?\n[ \t]//gr;
		return join "\n", sort map { my $event = $_; join ' ', map { $event =~ /^$_[^:\n]*:([^\r\n]*)/m ? $1 : '-' } qw(DTSTART STATUS SUMMARY) } $text =~ /BEGIN:VEVENT(.*?)END:VEVENT/gs;
	};
	$node->safe_psql('va', "SELECT voiceagent.set_setting('calendar_private_hosts', '127.0.0.1:$port')");
	my $before = add('08:00');
	my $id = connect_to("http://127.0.0.1:$port", 'pass: word');
	settles($id, 'a connection finds the calendar, and writes what was agreed before');
	my $first = utc('08:00') . " CONFIRMED Zo\xc3\xab Lee: a viewing";
	is($there->('work'), $first, 'the event there');
	is_sql($node, 'va', "SELECT status, collection, (SELECT count(*) FROM voiceagent_private.secrets s WHERE position('word'::bytea IN sealed) > 0) FROM voiceagent.calendar_connections WHERE calendar_connection_id = $id", "ready|http://127.0.0.1:$port/ada/work/|0", '... in the only calendar of that user; the password is sealed');
	my $second = add('09:00');
	settles($id, 'one that is agreed later');
	act("move_appointment($before, '$day 10:00 UTC')", "cancel_appointment($second, 'found another')");
	settles($id, '... is called off, another one moved');
	(my $moved = $first) =~ s/T080000Z/T100000Z/;
	is($there->('work'), $moved, '... and so are their events');

	# A person moves it there, by a program that writes times its own way.
	my ($href) = $node->safe_psql('va', "SELECT format('%s-%s.ics', appointment_id, (SELECT left(encode(sha256(convert_to('calendars of ' || channel, 'UTF8')), 'hex'), 24) FROM voiceagent_private.tenant_directory d WHERE d.tenant_id = k.tenant_id)) FROM voiceagent.calendar_copies k WHERE appointment_id = $before");
	my $event = $ada->get("http://127.0.0.1:$port/ada/work/$href")->{content};
	my $stamp = $day =~ tr/-//dr;
	my $berlin = $node->safe_psql('va', "SELECT to_char('$day 10:00 UTC' AT TIME ZONE 'Europe/Berlin', 'HH24')");
	my $same = $event =~ s/DTSTART:\S+/DTSTART;TZID=Europe\/Berlin:${stamp}T${berlin}0000/r;
	is($ada->put("http://127.0.0.1:$port/ada/work/$href", {content => $same, headers => {'Content-Type' => 'text/calendar'}})->{status}, 201, 'a person\'s program writes it anew');
	pass_time();
	settles($id, '... which is looked at');
	is_sql($node, 'va', "SELECT count(*) FROM voiceagent.events WHERE event_type = 'calendar_changed'", '0', '... and says the same');
	$ada->put("http://127.0.0.1:$port/ada/work/$href", {content => $event =~ s/T100000Z/T070000Z/r, headers => {'Content-Type' => 'text/calendar'}});
	pass_time();
	wait_for_sql($node, 'va', "SELECT event_data ->> 'reason', lead_id = $lead FROM voiceagent.events WHERE event_type = 'calendar_changed'", "appointment $before was moved in the calendar there|t", 'a person who moves it is told of');
	is_as_tenant($node, 'va', $tenant, "SELECT a.starts_at = '$day 10:00 UTC', w.settle FROM voiceagent.appointments a, voiceagent.waiting w WHERE a.appointment_id = $before AND w.kind = 'calendar'", "t|SELECT voiceagent.check_calendar_connection($id);", '... and moves nothing here');
	pass_time();
	act("check_calendar_connection($id)");
	settles($id, 'whoever says so has it written anew');
	is($there->('work'), $moved, '... as it is here');
	$ada->delete("http://127.0.0.1:$port/ada/work/$href");
	pass_time();
	wait_for_sql($node, 'va', "SELECT string_agg(event_data ->> 'reason', ' ' ORDER BY event_id DESC) ~ '^appointment $before was deleted' FROM voiceagent.events WHERE event_type = 'calendar_changed'", 't', 'one that is deleted there is told of');
	is($there->('work'), '', '... and does not come back by itself');
	act("move_appointment($before, '$day 11:00 UTC')");
	settles($id, '... but when it changes here');
	is($there->('work') =~ /T110000Z/ ? 1 : 0, 1, '... is there again');

	# Several calendars; a person of the calendar alone; pending ones.
	$mkcalendar->('home');
	my $lost = connect_to("http://127.0.0.1:$port/ada/", 'pass: word');
	wait_for_sql($node, 'va', "SELECT status, status_reason ~ 'several calendars.*Of home & Co' FROM voiceagent.calendar_connections WHERE calendar_connection_id = $lost", 'failed|t', 'of several calendars one has to be named');
	act("disconnect_calendar($lost)");
	$lost = connect_to("http://127.0.0.1:$port/ada/", 'pass: word', q(, name := 'Private'));
	wait_for_sql($node, 'va', "SELECT status_reason ~ 'no calendar of that name; there are: .*Of home & Co' FROM voiceagent.calendar_connections WHERE calendar_connection_id = $lost", 't', '... by a name that there is');
	like($node->safe_psql('va', 'SELECT voiceagent.health()'), qr/calendars elsewhere that do not work: 1 written, 0 followed/, '... which the platform sees');
	act("disconnect_calendar($lost)");
	my $home = connect_to("http://127.0.0.1:$port/ada/", 'pass: word', q(, name := 'Of home & Co', person := 'Ada', writes := 'at_once'));
	settles($home, '... and is');
	is($there->('home') =~ /T110000Z CONFIRMED/ ? 1 : 0, 1, '... and has what is hers');
	act("check_calendar_connection($home, writes := 'nothing')");
	settles($home, 'a connection is emptied');
	is($there->('home'), '', '... there');
	act("disconnect_calendar($home)");
	is_sql($node, 'va', "SELECT count(*) FROM voiceagent_private.secrets WHERE name = 'calendar_connection:$home'", '0', 'a connection that ends forgets its password');

	# A wrong password: said once, and a new one helps.
	act("check_calendar_connection($id, password := 'wrong')");
	state_is($id, 'failed|the server refuses the user or the app password (HTTP status 401)', 'a password that is refused');
	my $third = add('12:00');
	is_sql($node, 'va', "SELECT next_at > now() + interval '5 hours', (SELECT count(*) FROM voiceagent.events WHERE event_type = 'calendar_unwritten' AND event_data ->> 'calendar_connection_id' = '$id') FROM voiceagent_private.calendar_writers WHERE calendar_connection_id = $id", 't|1', '... is not tried again and again, and told once');
	wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.member_notices WHERE kind = 'calendar' AND detail ~ '401'", '1', '... as a notice to the owner');
	act("check_calendar_connection($id, password := 'pass: word')");
	settles($id, 'a new password');
	is(($there->('work') =~ tr/\n//) + 1, 2, '... and what was missing is written');

	# An erasure goes there, too.
	act("erase_lead($lead)");
	wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.calendar_copies WHERE calendar_connection_id = $id", '0', 'whoever is erased');
	is($there->('work'), '', '... is so there');
	act("disconnect_calendar($id)");
	kill 'KILL', $radicale;
	waitpid $radicale, 0;
}

# ---- one that answers as it is told ----

$lead = act(q(add_lead(phone => '+12125550101')));
my %event;
my $tag = 0;
my $mood = "$dir/mood";
append_to_file($mood, 'well');
my $fake = fake_carrier(sub {
	my ($asked) = @_;
	my ($method, $path) = @$asked{qw(method path)};
	my $now = slurp_file($mood);
	return (207, '<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:response><d:href>/c/</d:href><d:propstat><d:prop><d:resourcetype><d:collection/><c:calendar/></d:resourcetype></d:prop></d:propstat></d:response></d:multistatus>') if $method eq 'PROPFIND';
	return (200, join ' ', sort values %event) if $path eq '/all';
	return ($1, 'no', $2 ? "Retry-After: $2\r\n" : '') if $now =~ /^(\d{3}) ?(\d*)/;
	return if $now eq 'dead';
	my ($known) = ($event{$path} // '') =~ /^(\S+)/;
	my ($if) = $asked->{head} =~ /^if-match: (\S+)/mi;
	return (412, '') if $if && $if ne ($known // '') || defined $known && $asked->{head} =~ /^if-none-match: \*/mi;
	return (404, '') if $method ne 'PUT' && !defined $known;
	return (200, substr($event{$path}, 1 + length $known), "ETag: $known\r\n") if $method eq 'GET';
	if ($method eq 'DELETE') { delete $event{$path} }
	else { $event{$path} = sprintf '"%d" %s', ++$tag, $asked->{body} }
	return if $now eq 'deaf';
	return (204, '', $method eq 'PUT' && $now ne 'nameless' ? qq{ETag: "$tag"\r\n} : '');
});
sub mood { my ($new) = @_; unlink $mood; append_to_file("$mood.new", $new); rename "$mood.new", $mood; return }
sub all_there { return join ' ', sort HTTP::Tiny->new->get("http://127.0.0.1:$fake/all")->{content} =~ /DTSTART:\d{8}T(\d{4})/g }
$node->safe_psql('va', "SELECT voiceagent.set_setting('calendar_private_hosts', '127.0.0.1:$fake')");
my $id = connect_to("http://127.0.0.1:$fake/c/", 'secret-word');
state_is($id, 'ready|', 'a calendar that is named by its own address');

# kill -9 in each step of a put, a second one and a delete: one event, and all is known.
calendar_crashes($node, day => $day, act => \&act, add => \&add, pass_time => \&pass_time, settles => sub { settles($id, @_) }, there => sub { return all_there(), $_[0] =~ tr/://dr });
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.events WHERE event_type IN ('calendar_changed', 'calendar_unwritten') AND event_data ->> 'calendar_connection_id' = '$id'", '0', 'of all of that nobody was told');

# Taken, and not said so: the event is there, and it is found out.
mood('deaf');
my $heard = add('01:00');
wait_for_sql($node, 'va', "SELECT failures > 0 FROM voiceagent.calendar_copies WHERE appointment_id = $heard", 't', 'an answer that is lost');
mood('well');
act("move_appointment($heard, '$day 02:00 UTC')");
pass_time();
settles($id, '... is found out');
is(all_there(), '0200', '... and there is one event, the newest');

# A server that does not work: told once, tried more rarely, and all comes when it does.
mood('503 900');
my @waiting = map { add("1$_:00") } 0 .. 3;
wait_for_sql($node, 'va', "SELECT status_reason, extract(epoch FROM next_at - now()) > 800 FROM voiceagent.calendar_connections JOIN voiceagent_private.calendar_writers USING (tenant_id, calendar_connection_id) WHERE calendar_connection_id = $id AND failures = 1", 'the server does not work (HTTP status 503)|t', 'a server that wants to be left alone is');
mood('dead');
foreach my $n (2 .. 5)
{
	pass_time();
	wait_for_sql($node, 'va', "SELECT failures >= $n FROM voiceagent_private.calendar_writers WHERE calendar_connection_id = $id AND state = 'waiting'", 't', "failure $n");
}
is_sql($node, 'va', "SELECT status, status_reason ~ 'gives no answer', (SELECT count(*) FROM voiceagent.events WHERE event_type = 'calendar_unwritten' AND event_data ->> 'calendar_connection_id' = '$id') FROM voiceagent.calendar_connections WHERE calendar_connection_id = $id", 'failed|t|1', 'a server that is gone is told once');
mood('well');
pass_time();
settles($id, 'it works again');
state_is($id, 'ready|', '... which is noted');
is(all_there(), '0200 1000 1100 1200 1300', '... and all is there');

# What it does not take of one event is that event's alone.
mood('400');
my $refused = add('14:00');
foreach my $n (1 .. 5)
{
	wait_for_sql($node, 'va', "SELECT failures >= $n FROM voiceagent.calendar_copies WHERE appointment_id = $refused", 't', "try $n");
	pass_time();
}
is_as_tenant($node, 'va', $tenant, "SELECT problem, due_at = 'infinity', status FROM voiceagent.calendar_copies JOIN voiceagent.calendar_connections USING (tenant_id, calendar_connection_id) WHERE appointment_id = $refused", 'is not taken there: the server does not take it (HTTP status 400)|t|ready', 'an event that is not taken is given up');

# A server without versions.
mood('nameless');
act("check_calendar_connection($id)");
settles($id, 'a server that names no versions');
act("move_appointment($refused, '$day 15:00 UTC')", "cancel_appointment($heard, 'off')");
settles($id, '... is written anew all the same');
is(all_there(), '1000 1100 1200 1300 1500', '... and equal');

# ---- what is refused ----

foreach my $bad ([ "$calendar, 'https://10.0.0.1/', 'a', 'b'", 'URL' ], [ "$calendar, 'https://example.com/', 'a:b', 'c'", 'app password' ], [ "$calendar, 'https://example.com/', 'a', E'b\\nc'", 'app password' ],
	[ "$calendar, 'https://example.com/', 'a', 'b', writes := 'all'", 'confirmed or at_once' ], [ "$calendar, 'https://example.com/', 'a', 'b', person := 'Bo'", 'no such person' ])
{
	my ($status, $out, $err) = $node->psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($tenant); SELECT voiceagent.connect_calendar($bad->[0]); COMMIT");
	like($err, qr/ERROR: .*$bad->[1]/, "refused: $bad->[0]");
}
# Where a server may lead the password.
foreach my $hop ([ 'https://caldav.icloud.com/', 'https://p34-caldav.icloud.com:443/1/calendars/', 1 ], [ 'https://a.example.com/x', '/y', 1 ], [ 'https://a.example.com/', 'https://a.example.org/', '' ], [ 'https://a.example.com/', 'http://a.example.com/', '' ],
	[ 'https://example.com/', 'https://evil.com/', '' ], [ 'https://a.example.com/', '//evil.com/', '' ], [ 'https://a.example.com/', 'https://a.example.com@evil.com/', '' ], [ 'https://a.example.com/', 'https://10.0.0.1/', '' ])
{
	is_sql($node, 'va', "SELECT voiceagent_private.dav_hop('$hop->[0]', '$hop->[1]') IS NOT NULL", $hop->[2] ? 't' : 'f', "from $hop->[0] to $hop->[1]");
}
act("remove_calendar($calendar)");
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent.calendar_connections', '0', 'a calendar that is removed is written no more');
is(all_there(), '1000 1100 1200 1300 1500', '... and what stands there stays');
$node->stop('fast');
done_testing();
