# Appointments written into Google Calendar, as Google answers it (VoiceAgentGoogle): it is allowed once, by whoever asked for it, and
# what is agreed stands there once, whoever dies; what a person does there is told, and moves nothing here.
use strict;
use warnings;

use HTTP::Tiny;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);
use VoiceAgent;
use VoiceAgentConsole;
use VoiceAgentFake;
use VoiceAgentFaults;
use VoiceAgentGoogle;

my ($node, $url) = new_console(restart_after_crash => 'on', 'voiceagent.crash_restart_delay_max' => 0);
my $tenant = create_tenant($node, 'va', 'Practice');
my $other = create_tenant($node, 'va', 'Other');
members($node, $tenant, qw(owner manager viewer));
$node->safe_psql('va', "SELECT voiceagent.create_member($other, 'stranger\@example.com', '$console_password', 'owner')");
my %token = map { $_ => login($node, "$_\@example.com") } qw(owner manager viewer stranger);
my $lead = as_tenant($node, 'va', $tenant, q(SELECT voiceagent.add_lead(phone => '+12125550100', first_name => 'Zoë', last_name => 'Lee')));
my $day = $node->safe_psql('va', "SELECT (now() + interval '21 days')::date");
my $calendar = as_tenant($node, 'va', $tenant, q(SELECT voiceagent.create_calendar('practice', 'Europe/Berlin')));
my $json = JSON::PP->new->allow_nonref;
my $http = HTTP::Tiny->new(max_redirect => 0, timeout => 40);

# ---- Google, and what is done to it ----

my $mood = PostgreSQL::Test::Utils::tempdir . '/mood';
append_to_file($mood, 'well');
my $g = new_google(page => 2);
my $fake = fake_carrier(sub {
	my ($asked) = @_;
	if ($asked->{path} eq '/do')
	{
		my $do = decode_json($asked->{body});
		$g->{$_} = $do->{set}{$_} foreach keys %{ $do->{set} // {} };
		google_forgets($g, $do->{forget} eq 'access') if $do->{forget};
		google_somebody($g, $do->{somebody}) if defined $do->{somebody};
		return (200, encode_json(google_events($g)->{'me primary'} // []));
	}
	my $now = slurp_file($mood);
	return if $now eq 'dead';
	return (403, {error => {code => 403, errors => [ {reason => 'rateLimitExceeded'} ]}}, "Retry-After: 900\r\n") if $now eq 'often' && $asked->{path} =~ m{^/calendar};
	return (200, '<html>a portal</html>') if $now eq 'portal' && $asked->{path} =~ m{^/calendar};
	my @answer = google_answer($g, $asked);
	return if $now eq 'deaf' && $asked->{method} ne 'GET';
	return @answer;
});
sub mood { my ($new) = @_; unlink $mood; append_to_file("$mood.new", $new); rename "$mood.new", $mood; return }
sub google { my (%do) = @_; return decode_json($http->post("http://127.0.0.1:$fake/do", {content => encode_json(\%do)})->{content}) }
# What is there, as "start status title".
sub there { return join "\n", sort map { join ' ', $_->{start}{dateTime} =~ s/^$day//r, $_->{status}, $_->{summary} } @{ google() } }
sub asked_of { return scalar came(@_) }

sub act { return as_tenant($node, 'va', $tenant, 'SELECT ' . join ', ', map { "voiceagent.$_" } @_) }
sub add { my ($at) = @_; return act("add_appointment('$day $at UTC', lead_id := $lead, summary := 'a viewing', calendar_id := $calendar)") }
sub settles { my ($id, $name) = @_; return wait_for_sql($node, 'va', "SELECT coalesce(bool_and(k.done = k.wanted), true) AND (SELECT state = 'waiting' AND page IS NULL AND sync IS NOT NULL AND token_until > now() AND read_at > now() AND failures = 0 FROM voiceagent_private.calendar_writers WHERE calendar_connection_id = $id) FROM voiceagent.calendar_copies k WHERE k.calendar_connection_id = $id", 't', $name, 60) }
sub state_is { my ($id, $expected, $name) = @_; return wait_for_sql($node, 'va', "SELECT status, status_reason FROM voiceagent.calendar_connections WHERE calendar_connection_id = $id", $expected, $name, 60) }
sub pass_time { $node->safe_psql('va', q(UPDATE voiceagent.calendar_copies SET due_at = now(), doubt = now() WHERE due_at < 'infinity' AND done < wanted; UPDATE voiceagent_private.calendar_writers SET next_at = now(), read_at = now() WHERE state = 'waiting'; SELECT voiceagent_private.poke('calendar_writes'))); return }
sub told { my ($what, $name) = @_; return wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.events WHERE event_type = 'calendar_changed' AND event_data ->> 'reason' = '$what'", '1', $name, 60) }
# The way of a person's browser: {status, state, code}.
sub allow
{
	my ($at) = @_;
	my $back = $http->get($at)->{headers}{location} // '';
	like($back, qr{^\Q$url\E/google/back\?}, 'Google sends its user back to the console');
	my $answer = $http->get($back);
	my ($query) = ($answer->{headers}{location} // '') =~ m{^/#/accounts\?(.*)};
	return {status => $answer->{status}, %{ form_of($query) }};
}
sub finish { my ($who, $consent) = @_; return rpc($url, $token{$who}, 'finish_google', {state => $consent->{state}, code => $consent->{code}}) }

# ---- it is allowed ----

like(said(rpc($url, $token{manager}, 'connect_google', {})), qr/^409 /, 'without an address of the console nothing can be connected');
$node->safe_psql('va', "SELECT voiceagent.set_setting('mail_links', '$url'), voiceagent.set_setting('google_urls', '" . join(' ', ("http://127.0.0.1:$fake") x 3) . "')");
like(rpc($url, $token{manager}, 'connect_google', {})->{content}, qr/no client at Google/, '... nor without a client');
is($node->safe_psql('va', "SELECT voiceagent.set_google_client('$g->{client}', '$g->{secret}')"), "$url/google/back", 'the platform names its client, and learns what Google is to be told');
like(rpc($url, $token{manager}, 'connect_google', {})->{content}, qr/calendar_private_hosts/, 'an address of our own network has to be allowed');
$node->safe_psql('va', "SELECT voiceagent.set_setting('calendar_private_hosts', '127.0.0.1:$fake')");
is(said(rpc($url, $token{viewer}, 'connect_google', {})), '403 PT403', 'a viewer connects nothing');
my $before = add('08:00');
my $begun = decode_json(rpc($url, $token{manager}, 'connect_google', {calendar_id => 0 + $calendar})->{content});
my $id = $begun->{calendar_connection_id};
sleep 0.5;
is(asked_of(undef, qr{token|calendar}), 0, 'as long as nobody has allowed it, nothing is asked');
my $consent = allow($begun->{allow_at});
is($consent->{status}, 303, '... which leads to the page');
is(join(' ', map { said(finish($_, $consent)) } qw(owner stranger)), '404 PT404 404 PT404', 'what one member has begun, no other ends, nor another tenant');
is(said(finish(manager => {%$consent, state => 'x' x 43})), '404 PT404', '... nor another state');
is(said(finish(manager => {%$consent, code => "a\nb"})), '422 PT422', '... nor what is no code');
is(finish(manager => $consent)->{status}, 200, 'the member does');
is(said(finish(manager => $consent)), '404 PT404', '... once');
settles($id, 'what was agreed before is written');
is(there(), "T08:00:00Z confirmed Zo\xeb Lee: a viewing", 'the event there');
is_sql($node, 'va', "SELECT status, status_reason, checked_at IS NOT NULL, collection FROM voiceagent.calendar_connections WHERE calendar_connection_id = $id", "ready||t|http://127.0.0.1:$fake/calendar/v3/calendars/primary/events", '... in the main calendar');
is_sql($node, 'va', "SELECT count(*), bool_or(position('ya29'::bytea IN sealed) + position('1//'::bytea IN sealed) > 0) FROM voiceagent_private.secrets WHERE name IN ('calendar_connection:$id', 'calendar_access:$id')", '2|f', 'its tokens are sealed');
my $late = decode_json(rpc($url, $token{owner}, 'connect_google', {calendar_connection_id => $id})->{content});
my $again = allow($late->{allow_at});
$node->safe_psql('va', "UPDATE voiceagent_private.calendar_writers SET consent_until = now() - interval '1 second' WHERE calendar_connection_id = $id");
is(said(finish(owner => $again)), '404 PT404', 'after ten minutes it is over');
is($http->get("$url/google/back?state=a&code=%3Cb%3E\"<")->{headers}{location} // '', '/#/accounts?error=unreadable', 'what no query has is not carried on');
settles($id, 'it goes on with what it had');

# ---- what is agreed, and what people do there ----

my $second = add('09:00');
settles($id, 'one that is agreed later');
act("move_appointment($before, '$day 10:00 UTC')", "cancel_appointment($second, 'found another')");
settles($id, '... is called off, another one moved');
my $moved = "T10:00:00Z confirmed Zo\xeb Lee: a viewing";
is(there(), $moved, '... and so are their events');
my $reads = asked_of('GET', qr{syncToken});
google(somebody => 0.9);
pass_time();
told("appointment $before was moved in the calendar there", 'a person who moves it is told of, by what has changed');
cmp_ok(asked_of('GET', qr{syncToken}), '>', $reads, '... since it was read last');
is_as_tenant($node, 'va', $tenant, "SELECT starts_at = '$day 10:00 UTC' FROM voiceagent.appointments WHERE appointment_id = $before", 't', '... and moves nothing here');
act("check_calendar_connection($id)");
settles($id, 'whoever says so has it written anew');
is(there(), $moved, '... as it is here');
google(somebody => 0.1);
pass_time();
told("appointment $before was deleted in the calendar there", 'one that is deleted there is told of');
is(there(), '', '... and does not come back by itself');
act("move_appointment($before, '$day 11:00 UTC')");
settles($id, '... but when it changes here');
like(there(), qr/^T11:00:00Z \S+ [^\n]*$/, '... is there again, by another ID');
google(forget => 'sync', somebody => 0.9);
pass_time();
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.events WHERE event_type = 'calendar_changed' AND event_data ->> 'reason' = 'appointment $before was moved in the calendar there'", '2', 'a sync token that has ended (410) has all read, and nothing is missed', 60);
settles($id, '... and it goes on from there');

# ---- tokens that end ----

google(forget => 'access');
my $third = add('12:00');
state_is($id, 'ready|Google refuses the access token (HTTP status 401)', 'an access token that ends before its time');
pass_time();
settles($id, '... is asked for anew');
google(forget => 'access', set => {refresh => {}});
my $fourth = add('13:00');
wait_for_sql($node, 'va', "SELECT failures FROM voiceagent_private.calendar_writers WHERE calendar_connection_id = $id", '1', 'where a person has taken it back');
pass_time();
state_is($id, 'failed|Google no longer allows it (invalid_grant): connect it again', '... it has failed');
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.member_notices WHERE kind = 'calendar' AND detail ~ 'invalid_grant'", '3', '... which the members are told of');
like($node->safe_psql('va', 'SELECT voiceagent.health()'), qr/calendars elsewhere that do not work: 1 written/, '... and the platform');
my $tries = asked_of('POST', qr{^/token});
pass_time();
act("check_calendar_connection($id)", "move_appointment($fourth, '$day 14:00 UTC')");
sleep 1;
is(asked_of('POST', qr{^/token}), $tries, '... and nothing more is asked of Google');
$again = allow(decode_json(rpc($url, $token{owner}, 'connect_google', {calendar_connection_id => $id})->{content})->{allow_at});
is(finish(owner => $again)->{status}, 200, 'it is allowed again');
settles($id, '... and what was missing is written');
like(there(), qr/^T11.*^T12.*^T14/ms, '... there');
google(set => {scope => 'openid'});
$again = allow(decode_json(rpc($url, $token{owner}, 'connect_google', {calendar_connection_id => $id})->{content})->{allow_at});
finish(owner => $again);
state_is($id, 'failed|the calendar was not ticked at Google: connect it again, and tick it', 'whoever unticks the calendar is told');
google(set => {scope => $g->{scope}, secret => 'another'});
$again = allow(decode_json(rpc($url, $token{owner}, 'connect_google', {calendar_connection_id => $id})->{content})->{allow_at});
finish(owner => $again);
state_is($id, 'failed|Google does not know the platform\'s client: ask the platform', 'a client that Google does not know is the platform\'s trouble');
is(act("wake_calendar_connection($id)"), 't', 'somebody has it tried now');
wait_for_sql($node, 'va', "SELECT next_at > now() + interval '5 hours' FROM voiceagent_private.calendar_writers WHERE calendar_connection_id = $id", 't', '... in vain', 60);
is(said(rpc($url, $token{manager}, 'wake_calendar_connection', {calendar_connection_id => $id})), '429 PT429', '... once a minute');
is(said(rpc($url, $token{viewer}, 'wake_calendar_connection', {calendar_connection_id => $id})), '403 PT403', '... and no viewer does');
google(set => {secret => 'mended'});
$node->safe_psql('va', "SELECT voiceagent.set_google_client('$g->{client}', 'mended')");
settles($id, '... and the platform wakes all that rest when it mends its client');
is(act("wake_calendar_connection($id)"), 'f', '... of which none is to be woken');
google(set => {secret => $g->{secret}});
$node->safe_psql('va', "SELECT voiceagent.set_google_client('$g->{client}', '$g->{secret}')");

# ---- Google that does not do it ----

mood('often');
my $fifth = add('15:00');
state_is($id, 'ready|the server wants to be asked more rarely (HTTP status 429)', 'a 403 that says that the rate is too high');
is_sql($node, 'va', "SELECT next_at > now() + interval '10 minutes' FROM voiceagent_private.calendar_writers WHERE calendar_connection_id = $id", 't', '... is obeyed');
mood('portal');
pass_time();
state_is($id, 'ready|the server does not work (HTTP status 502)', 'what is no answer of Google\'s is none');
mood('deaf');
pass_time();
wait_for_sql($node, 'va', "SELECT failures > 0 FROM voiceagent.calendar_copies WHERE appointment_id = $fifth", 't', 'an answer that is lost');
mood('well');
act("move_appointment($fifth, '$day 16:00 UTC')");
pass_time();
settles($id, '... is found out (409)');
like(there(), qr/^(?!.*T15).*T16/s, '... and there is one event, the newest');
my $nowhere = decode_json(rpc($url, $token{owner}, 'connect_google', {name => 'nowhere@group.calendar.google.com'})->{content});
finish(owner => allow($nowhere->{allow_at}));
state_is($nowhere->{calendar_connection_id}, 'failed|there is no such calendar at this address (HTTP status 404)', 'a calendar that is not there');
act("disconnect_calendar($nowhere->{calendar_connection_id})");
is_sql($node, 'va', "SELECT count(*) FROM voiceagent_private.secrets WHERE name ~ ':$nowhere->{calendar_connection_id}\$'", '0', '... whose tokens are forgotten');
like(rpc($url, $token{owner}, 'check_calendar_connection', {calendar_connection_id => $id, password => 'word'})->{content}, qr/no app passwords/, 'a password is none of Google\'s');
act("cancel_appointment($_, 'off')") foreach $before, $third, $fourth, $fifth;
settles($id, 'all is called off');
is(there(), '', '... there, too');

# ---- kill -9 in each step of a put, a second one and a delete: one event, and all is known ----

calendar_crashes($node, day => $day, act => \&act, add => \&add, pass_time => \&pass_time, settles => sub { settles($id, @_) }, there => sub { return there() =~ s/ .*//rm, "T$_[0]:00Z" });
is(there(), '', 'nothing is left there');
$node->stop('fast');
done_testing();
