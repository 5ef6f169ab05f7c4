# An invitation as a mail server takes it: another implementation of mail and of iCalendar reads it, and a calendar program finds in
# it who invites whom, to what, and what became of it.
use strict;
use warnings;

use IO::Socket::INET;
use JSON::PP ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

my $dir = PostgreSQL::Test::Utils::tempdir;
my $port = PostgreSQL::Test::Cluster::get_free_port();
my $log = "$dir/mails";
append_to_file($log, '');
my $server = fork // die;
exec 'python3', 'regress/fakes/smtpd.py', $port, $log or die if $server == 0;
END { kill 'KILL', $server if $server; }
for (1 .. 600) { last if IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port); select undef, undef, undef, 0.1; }

append_to_file("$dir/read.py", <<'PYTHON');
import email, email.policy, icalendar, json, sys
mail = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
text, event = mail.iter_parts()
assert not mail.defects and not text.defects and not event.defects
calendar = icalendar.Calendar.from_ical(event.get_content().replace('\r\n', '\n').replace('\n', '\r\n') if isinstance(event.get_content(), str) else event.get_content())
e, = calendar.walk('VEVENT')
print(json.dumps({'type': mail.get_content_type(), 'headers': sorted(set(k.lower() for k in mail.keys())), 'from': str(mail['from']), 'subject': str(mail['subject']), 'text': text.get_content(),
    'part': event.get_content_type(), 'part_method': event.get_param('method'), 'method': str(calendar['method']), 'uid': str(e['uid']), 'sequence': int(e['sequence']), 'status': str(e['status']),
    'starts': e['dtstart'].dt.isoformat(), 'organizer': str(e['organizer']), 'organizer_name': str(e['organizer'].params['cn']), 'attendee': str(e['attendee']), 'attendee_name': str(e['attendee'].params['cn']),
    'partstat': str(e['attendee'].params['partstat']), 'rsvp': str(e['attendee'].params['rsvp']), 'summary': str(e['summary']), 'properties': sorted(k.lower() for k in e.keys()), 'lines': event.get_payload(decode=True).count(b'\r\nBEGIN:')}))
PYTHON
sub read_mail
{
	my ($n) = @_;
	my @mails = grep { $_->{message} } map { JSON::PP::decode_json($_) } split /\n/, slurp_file($log);
	my ($text, $out, $err) = ($mails[$n]{message} // '', '', '');
	utf8::encode($text) if utf8::is_utf8($text);
	ok(IPC::Run::run([ 'python3', "$dir/read.py" ], '<', \$text, '>', \$out, '2>', \$err), 'another implementation reads it') or diag "$err\n$text";
	return $out ? JSON::PP::decode_json($out) : {};
}

my $node = new_node('main');
my $tenant = create_tenant($node, 'va', 'Acme', credits => 100);
$node->safe_psql('va', "SELECT voiceagent.set_platform_mail_account('smtp://127.0.0.1:$port', 'calls\@example.com', sender_name => 'Acme, \"Solar\"'); SELECT voiceagent.set_setting('mail_private_hosts', '127.0.0.1:$port')");
sub as { my ($sql) = @_; return as_tenant($node, 'va', $tenant, $sql) }
sub becomes
{
	my ($kind, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	wait_for_sql($node, 'va', "SELECT concat(status, ': ' || reason) FROM voiceagent.mails WHERE tenant_id = $tenant AND kind = '$kind' ORDER BY mail_id DESC LIMIT 1", 'sent', $name, 120);
}
as(q{SELECT voiceagent.set_setting('mail_invitations', 'on'), voiceagent.add_lead('+12125550100', E'Zoë "Z"\r\nATTENDEE:mailto:eve@example.com', 'Lovelace', email := 'zoe@example.com')});
as(q{SELECT voiceagent.add_appointment(date_trunc('day', now()) + interval '3 days 10 hours', lead_id := max(lead_id), summary := 'haggles') FROM voiceagent.leads});
becomes('appointment_confirmed', 'a confirmed appointment is mailed');
my $first = read_mail(0);
is("$first->{type} $first->{part} $first->{part_method} $first->{method} $first->{status}", 'multipart/alternative text/calendar REQUEST REQUEST CONFIRMED', '... as a request beside its text');
is("$first->{organizer} $first->{organizer_name} / $first->{attendee}", q{mailto:calls@example.com Acme, 'Solar' / mailto:zoe@example.com}, '... from the account to the lead');
like($first->{attendee_name}, qr/^Zo\x{eb} 'Z' +ATTENDEE:mailto:eve\@example\.com Lovelace$/, '... whose name adds nobody');
is("$first->{partstat} $first->{rsvp}", 'NEEDS-ACTION TRUE', '... who is asked');
is_deeply($first->{properties}, [ sort qw(uid sequence dtstamp dtstart dtend status summary organizer attendee) ], '... with these properties alone');
is($first->{lines}, 1, '... of one event');
is("$first->{subject} / $first->{summary}", 'Your appointment with Acme / Your appointment with Acme', '... which both call the same');
is($first->{starts}, $node->safe_psql('va', q{SELECT to_char((date_trunc('day', now()) + interval '3 days 10 hours') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')}), '... at its time');
unlike(join(' ', map { "$_" } values %$first), qr/haggles/, '... and without what is noted of it');
as(q{SELECT voiceagent.move_appointment(max(appointment_id), date_trunc('day', now()) + interval '4 days 10 hours') FROM voiceagent.appointments});
becomes('appointment_moved', 'a move is mailed');
my $second = read_mail(1);
is("$second->{method} $second->{uid} $second->{status} " . ($second->{sequence} > $first->{sequence}), "REQUEST $first->{uid} CONFIRMED 1", '... for the same event, with a higher sequence');
isnt($second->{starts}, $first->{starts}, '... and its new time');
as(q{SELECT voiceagent.cancel_appointment(max(appointment_id), 'ill') FROM voiceagent.appointments});
becomes('appointment_canceled', 'that it is called off is mailed');
my $third = read_mail(2);
is("$third->{part_method} $third->{method} $third->{uid} $third->{status} " . ($third->{sequence} > $second->{sequence}), "CANCEL CANCEL $first->{uid} CANCELLED 1", '... as the cancellation of that event');
is(scalar(grep { /"message"/ } split /\n/, slurp_file($log)), 3, 'three mails, and no more');
$node->stop('fast');
done_testing();
