# A lead moves or cancels its appointment by the link in a text: once, by the calendar's rules, and with no more than the link.
use strict;
use warnings;

use HTTP::Tiny;
use MIME::Base64 qw(decode_base64);
use POSIX ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentConsole;

my ($node, $url) = new_console();
my ($one, $two) = map { create_tenant($node, 'va', $_, credits => 100) } '<b>One & Co</b>', 'Two';
$node->safe_psql('va', "SELECT voiceagent.set_setting('mail_links', 'https://calls.example.com/')");
as_tenant($node, 'va', $_, q{SELECT voiceagent.set_setting('appointment_text', 'We meet at {{when}}: {{link}}'), voiceagent.set_setting('appointment_reminder', 'Tomorrow. {{link}}')}) foreach $one, $two;
my $http = HTTP::Tiny->new(timeout => 60, max_redirect => 0);
# Weekdays from nine to five, by UTC.
as_tenant($node, 'va', $one, qq{
	SELECT voiceagent.update_calendar((SELECT calendar_id FROM voiceagent.calendars WHERE tenant_id = $one AND is_default), '{"timezone": "UTC", "hours": {"start": "09:00", "end": "17:00"}, "slot_length": "1 hour", "booking_confirms": "at_once"}');
	SELECT voiceagent.add_lead('+12125550100', 'Zoltan', 'Secretname', timezone := 'UTC'), voiceagent.add_lead('+12125550101', 'Bo', timezone := 'UTC')});
as_tenant($node, 'va', $two, q{SELECT voiceagent.add_lead('+12125550100', 'Cy', timezone := 'UTC')});
# Another appointment a call: each for the first lead, in so many days, at an hour.
sub at { my ($days, $hour) = @_; return "date_trunc('day', voiceagent.clock(), 'UTC') + interval '$days days $hour hours'" }
sub seconds { my ($days, $hour) = @_; return $node->safe_psql('va', "SELECT extract(epoch FROM " . at($days, $hour) . ')::bigint') }
sub add
{
	my ($of, $days, $hour) = @_;
	return as_tenant($node, 'va', $of, 'SELECT voiceagent.add_appointment(' . at($days, $hour) . q{, lead_id := min(lead_id), summary := 'haggles') FROM voiceagent.leads WHERE tenant_id = } . $of) =~ s/.*\n//sr;
}
# As the text leaves: no member reads the link in its row.
sub link_of
{
	my ($of, $appointment, $kind) = @_;
	my ($link) = as_tenant($node, 'va', $of, q{SELECT voiceagent_private.linked_text(t) FROM voiceagent.texts t WHERE about_id = } . "$appointment AND kind = '@{[ $kind // 'appointment_text' ]}'" . q{ ORDER BY text_id DESC LIMIT 1}) =~ m{https://calls\.example\.com(/a/\S+)$};
	return $link;
}
sub state_of { return $node->safe_psql('va', "SELECT status || ' ' || extract(epoch FROM starts_at)::bigint || ' ' || sequence FROM voiceagent.appointments WHERE appointment_id = $_[0]") }
sub post { my ($link, $choice) = @_; return $http->post_form("$url$link", { at => $choice }) }

my $first = add($one, 3, 10);
my $link = link_of($one, $first);
like($link // '', qr{^/a/$one-$first-0-\d{10}-[0-9a-f]{64}$}, 'a text has a link');
is($node->safe_psql('va', "SELECT count(*) FROM voiceagent.texts WHERE body LIKE '%http%'"), 0, '... which no member reads');
is($node->safe_psql('va', q{SELECT DISTINCT segments FROM voiceagent.texts WHERE kind = 'appointment_text' AND body LIKE '%{{link}}'}), 1, '... and which counts: of 160 characters one segment has room for it');

# ---- looking ----

my $before = state_of($first);
my $seen = $http->get("$url$link");
is("$seen->{status} $seen->{headers}{'content-type'}", '200 text/html; charset=utf-8', 'a page is there');
like($seen->{headers}{'content-security-policy'}, qr/^default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/, '... that may load nothing, nor be framed');
is(join(' ', @{ $seen->{headers} }{qw(cache-control referrer-policy x-content-type-options x-robots-tag)}), 'no-store no-referrer nosniff noindex', '... nor be kept, nor told of');
like($seen->{content}, qr{<h1>&lt;b&gt;One &amp; Co&lt;/b&gt;</h1>.* 10:00 \(UTC\)}, '... of the business and the time');
unlike($seen->{content}, qr{Secretname|Zoltan|haggles|2125550100|<script|<b>}, '... and nothing else, without a script');
my %offered = map { $_ => 1 } $seen->{content} =~ /name="at" value="(\d+)"/g;
ok($offered{ seconds(3, 11) } && $offered{ seconds(4, 10) } && !$offered{ seconds(3, 10) } && !$offered{ seconds(4, 3) }, '... with free times near its own, on each day');
$http->get("$url$link?at=cancel") for 1 .. 3;
$http->request('GET', "$url$link", { content => 'at=cancel', headers => { 'Content-Type' => 'application/x-www-form-urlencoded' } });
$http->head("$url$link");
is(state_of($first), $before, 'whoever looks, however often, changes nothing');
is($http->request('DELETE', "$url$link")->{status}, 405, 'another method is none');

# ---- what is no link ----

my $nothing = $http->get("$url/a/nothing");
my ($token) = $link =~ m{^/a/(.*)};
my $other = add($one, 5, 12);
my $theirs = add($two, 3, 10);
my @t = split /-/, $token;
my %forged = ('another signature' => substr($token, 0, -1) . ($token =~ /0$/ ? '1' : '0'), 'another appointment' => join('-', $t[0], $other, @t[2 .. 4]), 'a later end' => join('-', @t[0 .. 2], $t[3] + 86400, $t[4]),
	'another state' => join('-', @t[0, 1], 1, @t[3, 4]), 'another tenant' => join('-', $two, @t[1 .. 4]), q{another tenant's appointment} => join('-', $two, $theirs, @t[2 .. 4]), 'no signature' => join('-', @t[0 .. 3]),
	'a larger number than there is' => join('-', '9' x 30, @t[1 .. 4]), 'a quote' => "$token%27", 'more' => "$token/x", 'the link of a calendar' => "$one-abcdefghijklmnopqrstuvwxyz");
foreach my $name (sort keys %forged)
{
	my @answers = ($http->get("$url/a/$forged{$name}"), post("/a/$forged{$name}", 'cancel'));
	is(join(' ', map { "$_->{status} $_->{content}" } @answers), join(' ', ("404 $nothing->{content}") x 2), "$name leads where nothing is");
}
is(state_of($first), $before, '... and changes nothing');
is(rpc($url, undef, 'open_appointment_link', { link => $token, choice => 'cancel' })->{status}, 401, 'nobody goes round the page');

# ---- deeds ----

foreach my $choice (seconds(4, 3), seconds(5, 12), 0, 99999999999, seconds(3, 10), '', 'x', 'cancel%00', "';--", 'y' x 5000)
{
	my $answer = post($link, $choice);
	ok($answer->{status} == 200 && $answer->{content} =~ /That time is not free/, 'no time that the calendar gives: ' . substr($choice, 0, 20)) or diag "$answer->{status} $answer->{content}";
}
is(state_of($first), $before, '... and nothing is changed');
my $moved = post($link, seconds(4, 14));
like("$moved->{status} $moved->{content}", qr/^200 .*It is moved\..* 14:00 \(UTC\)/s, 'a time that is offered is taken');
is(state_of($first), 'confirmed ' . seconds(4, 14) . ' 1', '... once');
is($node->safe_psql('va', "SELECT string_agg(action, ' ' ORDER BY audit_id) FROM voiceagent.audit_log WHERE tenant_id = $one AND action IN ('move_booking', 'open_appointment_link') AND object = 'appointment $first'"), 'move_booking open_appointment_link', '... and audited');
is($node->safe_psql('va', "SELECT reason FROM (SELECT event_data ->> 'reason' AS reason FROM voiceagent.events WHERE tenant_id = $one AND event_type = 'appointment_moved') e"), 'by the link in a message to the lead', '... with why');
is(join(' ', map { "$_->{status} " . ($_->{content} =~ /has been used/) } $http->get("$url$link"), post($link, seconds(4, 15)), post($link, 'cancel')), '410 1 410 1 410 1', 'the link is used, and says so');
unlike($http->get("$url$link")->{content}, qr/14:00|<form/, '... and tells nothing more');
my $next = link_of($one, $first);
isnt($next, $link, 'the confirmation of the move has another');
is($node->safe_psql('va', "SELECT string_agg(status, ' ' ORDER BY text_id) FROM voiceagent.texts WHERE kind = 'appointment_reminder' AND about_id = $first"), 'refused waiting', 'so has its reminder, in place of the one before');
is(link_of($one, $first, 'appointment_reminder'), $next, '... the same');
my $cancelled = post($next, 'cancel');
like("$cancelled->{status} $cancelled->{content}", qr/^200 .*cancell?ed/s, 'it is cancelled by that');
is(state_of($first), 'canceled ' . seconds(4, 14) . ' 2', '... too');
is($http->get("$url$next")->{status}, 410, '... which ends it');

# ---- two clicks at once; somebody else's change; its time; a suspended tenant ----

my $contested = link_of($one, $other);
my @pids = map {
	my $choice = $_;
	my $pid = fork // die 'fork';
	if ($pid == 0)
	{
		my $answer = post($contested, $choice);
		POSIX::_exit($answer->{status} == 200 && $answer->{content} =~ /It is moved/ ? 1 : $answer->{status} == 410 ? 2 : 3);
	}
	$pid;
} map { seconds(6, $_) } 9 .. 14;
my %ends;
waitpid($_, 0), $ends{ $? >> 8 }++ foreach @pids;
is_deeply(\%ends, { 1 => 1, 2 => 5 }, 'of six clicks at once one does something');
like(state_of($other), qr/^confirmed \d+ 1$/, '... once');
my $changed = link_of($one, $other);
as_tenant($node, 'va', $one, "SELECT voiceagent.move_appointment($other, " . at(7, 10) . ')');
is(post($changed, 'cancel')->{status}, 410, 'what a member changes ends the link');
my $last = link_of($one, $other);
as_tenant($node, 'va', $one, qq{SELECT voiceagent.update_calendar((SELECT calendar_id FROM voiceagent.calendars WHERE tenant_id = $one AND is_default), '{"booking_confirms": "by_person"}')});
my $asked = add($one, 8, 10);
like(post(link_of($one, $asked), seconds(8, 12))->{content}, qr/It is noted, and has yet to be confirmed/, 'where a person confirms');
is($http->get("$url@{[ link_of($one, $asked) ]}")->{status}, 410, '... the link is used');
as_tenant($node, 'va', $one, "SELECT voiceagent.confirm_appointment($asked)");
is($http->get("$url@{[ link_of($one, $asked) ]}")->{status}, 200, '... and the confirmation brings another');
$node->safe_psql('va', "SELECT voiceagent.set_tenant_active($one, false)");
is(post($last, 'cancel')->{status}, 404, 'a suspended tenant has none');
$node->safe_psql('va', "SELECT voiceagent.set_tenant_active($one, true)");
is($http->get("$url$last")->{status}, 200, '... until it is active');
$node->safe_psql('va', "ALTER TABLE voiceagent.appointments DISABLE TRIGGER changed; UPDATE voiceagent.appointments SET starts_at = now() - interval '1 minute', ends_at = now() + interval '59 minutes' WHERE appointment_id = $other; ALTER TABLE voiceagent.appointments ENABLE TRIGGER changed");
is(post($last, 'cancel')->{status}, 410, 'an appointment that has begun ends it');

# ---- by mail ----

$node->safe_psql('va', q{UPDATE voiceagent.mail_templates SET body = body || E'\nTo change it: {{secret}}' WHERE kind = 'appointment_confirmed'});
as_tenant($node, 'va', $two, q{SELECT voiceagent.set_setting('mail_invitations', 'on')});
$node->safe_psql('va', "UPDATE voiceagent.leads SET email = 'cy\@example.com' WHERE tenant_id = $two");
my $mailed = add($two, 9, 10);
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.mails WHERE tenant_id = $two AND kind = 'appointment_confirmed'", 'sent', 'an appointment is mailed', 60);
my $words = join '', map { decode_base64($_) } $node->safe_psql('va', "SELECT message FROM voiceagent_private.sandbox_mailbox WHERE tenant_id = $two") =~ /\n\r?\n([A-Za-z0-9+\/=\r\n]+?)\r?\n(?:\r?\n|--)/g;
my ($by_mail) = $words =~ m{To change it: https://calls\.example\.com(/a/[0-9a-f-]+)};
is($http->get("$url" . ($by_mail // '/'))->{content} =~ /Your appointment: /, 1, '... with the same link') or diag $words;
is($node->safe_psql('va', "SELECT count(*) FROM voiceagent.mails WHERE body LIKE '%/a/%'"), 0, '... which no member reads');
unlike(slurp_file($node->logfile), qr/\Q$token\E/, 'no link stands in the log');
is(as_tenant($node, 'va', $one, q{SELECT string_agg(i::text, '; ') FROM voiceagent.invariants() i}), '', 'all invariants hold');
$node->stop('fast');
done_testing();
