# Some thousands of bookings, moves and cancellations, written into calendars of a server that loses requests and answers, does them
# twice or late, answers 429, 403 and 5xx, forgets tokens, and whose people move and delete events: in the end both sides are equal,
# and nothing is there twice.  Half of the calendars are CalDAV's, half are Google's.
use strict;
use warnings;

use HTTP::Tiny;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentGoogle;

my $seed = $ENV{SEED} // 757;
my ($rounds, $ops, $tenants) = ($ENV{ROUNDS} // 12, 70, 4);
note("SEED=$seed");

# ---- the server ----

my (%event, @late, %met);
my ($tag, $calm) = (0, 0);
my $g = new_google(page => 40);
# What a request does; the answer.
sub do_it
{
	my ($asked) = @_;
	my ($method, $path) = @$asked{qw(method path)};
	return google_answer($g, $asked) if $path =~ m{^/(?:calendar/|token|o/)};
	my $known = exists $event{$path} ? qq{"$event{$path}{tag}"} : undef;
	my ($if) = $asked->{head} =~ /^if-match: (\S+)/mi;
	return (412, '') if defined $if && $if ne ($known // '') || defined $known && $asked->{head} =~ /^if-none-match: \*/mi;
	return (404, '') if $method ne 'PUT' && !defined $known;
	return (200, $event{$path}{text}, "ETag: $known\r\n") if $method eq 'GET';
	if ($method eq 'DELETE') { delete $event{$path}; return (204, '') }
	$event{$path} = {tag => ++$tag, text => $asked->{body}};
	return (defined $known ? 204 : 201, '', $tag % 9 ? qq{ETag: "$tag"\r\n} : '');
}
# Somebody who uses the calendar there.
sub somebody
{
	if (rand() < 0.5) { my $what = google_somebody($g); $met{$what}++ if $what; return }
	my @all = sort keys %event or return;
	my $path = $all[ rand @all ];
	if (rand() < 0.3) { delete $event{$path}; $met{'deleted by somebody'}++; return }
	$event{$path}{text} =~ s/^(DTSTART:\d{8}T)(\d\d)/sprintf '%s%02d', $1, ($2 + 1) % 24/me;
	$event{$path}{tag} = ++$tag;
	$met{'moved by somebody'}++;
	return;
}
my $fake = fake_carrier(sub {
	my ($asked) = @_;
	srand($seed) if !%met;
	$met{requests}++;
	if ($asked->{path} eq '/calm') { $calm = 1; do_it($_->[1]) foreach @late; @late = (); return (200, \%met) }
	return (200, encode_json({dav => {map { ($_ => $event{$_}{text}) } keys %event}, google => google_events($g)})) if $asked->{path} eq '/all';
	# What is used up by being asked is not lost.
	return do_it($asked) if $asked->{path} =~ m{^/o/} || $asked->{body} =~ /grant_type=authorization_code/;
	return (207, "<multistatus><response><href>$asked->{path}</href><resourcetype><collection/><C:calendar/></resourcetype></response></multistatus>") if $asked->{method} eq 'PROPFIND';
	return do_it($asked) if $calm;
	$_->[0]-- foreach @late;
	do_it($_->[1]) foreach grep { $_->[0] <= 0 } @late;
	@late = grep { $_->[0] > 0 } @late;
	somebody() if rand() < 0.02;
	my $lot = rand;
	if ($asked->{path} =~ m{^/calendar/})
	{
		if (rand() < 0.01) { $met{'access tokens forgotten'}++; google_forgets($g, 'access') }
		if (rand() < 0.01) { $met{'sync tokens forgotten'}++; google_forgets($g) }
		if (rand() < 0.01) { $met{'too often'}++; return (403, {error => {code => 403, errors => [ {reason => 'userRateLimitExceeded'} ]}}) }
	}
	if ($lot < 0.04) { $met{'request lost'}++; return }
	if ($lot < 0.08) { $met{'answer lost'}++; do_it($asked); return }
	if ($lot < 0.12) { $met{late}++; push @late, [ 1 + int rand 60, $asked ]; return }
	if ($lot < 0.15) { $met{'done, and 500'}++; do_it($asked); return (500, 'oops') }
	if ($lot < 0.18) { $met{'429 or 503'}++; return (rand() < 0.5 ? 429 : 503, 'no', "Retry-After: 7\r\n") }
	if ($lot < 0.22) { $met{'done twice'}++; my @first = do_it($asked); do_it($asked); return @first }
	return do_it($asked);
});
my $ask = sub { return decode_json(HTTP::Tiny->new(timeout => 30)->get("http://127.0.0.1:$fake$_[0]")->{content}) };

# ---- what is agreed ----

my $dir = PostgreSQL::Test::Utils::tempdir;
append_to_file("$dir/VAULT", '42' x 32);
chmod 0600, "$dir/VAULT";
append_to_file("$dir/JWT", 'a secret of more than thirty-two bytes');
chmod 0600, "$dir/JWT";
my $node = new_node('main', 'voiceagent.vault_key_file' => "$dir/VAULT", 'voiceagent.jwt_secret_file' => "$dir/JWT", log_statement => 'none');
$node->safe_psql('va', "SELECT voiceagent.set_setting('calendar_private_hosts', '127.0.0.1:$fake'), voiceagent.set_setting('mail_links', 'https://console.example.com'), voiceagent.set_setting('google_urls', '" . join(' ', ("http://127.0.0.1:$fake") x 3) . "'), voiceagent.set_google_client('$g->{client}', '$g->{secret}')");
my @tenants = map { create_tenant($node, 'va', "T$_") } 1 .. $tenants;
foreach my $tenant (@tenants)
{
	as_tenant($node, 'va', $tenant, "SELECT voiceagent.create_calendar('c', 'UTC', capacity := 100)");
	as_tenant($node, 'va', $tenant, "SELECT voiceagent.add_lead(phone => '+121255501' || to_char(i, 'FM00')) FROM generate_series(0, 9) i");
	my $ours = "(SELECT max(calendar_id) FROM voiceagent.calendars WHERE tenant_id = $tenant), writes := '" . ($tenant % 2 ? 'confirmed' : 'at_once') . "'";
	if ($tenant > $tenants[1])
	{
		my $at = as_tenant($node, 'va', $tenant, "SELECT voiceagent.connect_google($ours) ->> 'allow_at'");
		my $q = form_of((HTTP::Tiny->new(max_redirect => 0)->get("$at&login_hint=t$tenant")->{headers}{location} // '') =~ s/^[^?]*\?//r);
		as_tenant($node, 'va', $tenant, "SELECT voiceagent.finish_google('$q->{state}', '$q->{code}')");
		next;
	}
	as_tenant($node, 'va', $tenant, "SELECT voiceagent.connect_calendar((SELECT max(calendar_id) FROM voiceagent.calendars WHERE tenant_id = $tenant), 'http://127.0.0.1:$fake/t$tenant/', 'u', 'word', writes := '" . ($tenant % 2 ? 'confirmed' : 'at_once') . "')");
}
# Deeds of a tenant, of which some are refused; how many were not.
$node->safe_psql('va', q{CREATE FUNCTION public.deeds(tenant bigint, n integer, seed double precision) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
	v voiceagent.appointments;
	v_calendar bigint := (SELECT max(calendar_id) FROM voiceagent.calendars WHERE tenant_id = tenant);
	v_done integer := 0;
	v_die double precision;
BEGIN
	PERFORM voiceagent_private.set_tenant(tenant), setseed(seed);
	FOR i IN 1 .. n LOOP
		v_die := random();
		SELECT a.* INTO v FROM voiceagent.appointments a WHERE a.tenant_id = tenant AND a.status IN ('pending', 'confirmed') ORDER BY random() LIMIT 1;
		BEGIN
			IF v_die < 0.25 OR v.appointment_id IS NULL THEN
				PERFORM voiceagent.add_appointment(date_trunc('hour', now()) + interval '1 hour' * (30 + trunc(random() * 4000)), lead_id => (SELECT min(lead_id) FROM voiceagent.leads WHERE tenant_id = tenant) + trunc(random() * 10)::bigint, calendar_id => v_calendar);
			ELSIF v_die < 0.35 THEN
				PERFORM voiceagent.book(v_calendar, date_trunc('hour', now()) + interval '1 hour' * (30 + trunc(random() * 4000)), lead_id => v.lead_id);
			ELSIF v_die < 0.75 THEN
				PERFORM voiceagent.move_appointment(v.appointment_id, date_trunc('hour', now()) + interval '1 hour' * (30 + trunc(random() * 4000)));
			ELSIF v_die < 0.9 THEN
				PERFORM voiceagent.cancel_appointment(v.appointment_id, 'off');
			ELSIF v_die < 0.99 THEN
				PERFORM voiceagent.confirm_appointment(v.appointment_id);
			ELSE
				DELETE FROM voiceagent.appointments a WHERE a.tenant_id = tenant AND a.appointment_id = v.appointment_id;
			END IF;
			v_done := v_done + 1;
		EXCEPTION WHEN OTHERS THEN
			NULL;
		END;
	END LOOP;
	RETURN v_done;
END $$});
# Times are over at once.
my $hurry = q{UPDATE voiceagent.calendar_copies SET due_at = now() WHERE due_at > now() AND due_at < 'infinity' AND (done < wanted OR look OR doubt IS NOT NULL);
	UPDATE voiceagent_private.calendar_writers SET next_at = now(), read_at = CASE WHEN random() < 0.3 AND read_at IS NOT NULL THEN now() ELSE read_at END WHERE state = 'waiting' AND next_at > now(); SELECT voiceagent_private.poke('calendar_writes')};
my $done = 0;
my $began = time;
foreach my $round (1 .. $rounds)
{
	foreach my $tenant (@tenants)
	{
		$done += (split /\n/, $node->safe_psql('va', "SELECT public.deeds($tenant, $ops, " . (($seed + $round * 7 + $tenant) % 1000) / 1000 . ')'))[-1];
		$node->safe_psql('va', $hurry);
	}
	foreach (1 .. 4) { sleep 0.3; $node->safe_psql('va', $hurry); }
}
cmp_ok($done, '>', 2000, 'deeds');

# ---- equal ----

my $met = $ask->('/calm');
note(join ', ', map { "$_ $met->{$_}" } sort keys %$met);
is(join(' ', grep { !$met->{$_} } 'request lost', 'answer lost', 'late', 'done, and 500', '429 or 503', 'done twice', 'deleted by somebody', 'moved by somebody', 'access tokens forgotten', 'sync tokens forgotten', 'too often'), '', 'it went wrong in every way');
as_tenant($node, 'va', $_, 'SELECT voiceagent.check_calendar_connection(calendar_connection_id) FROM voiceagent.calendar_connections WHERE tenant_id = ' . $_) foreach @tenants;
my $left = 1;
my $until = time + 150;
while ($left && time < $until)
{
	$node->safe_psql('va', 'UPDATE voiceagent.calendar_copies SET doubt = now() WHERE doubt > now(); ' . $hurry);
	sleep 0.5;
	$left = $node->safe_psql('va', q{SELECT (SELECT count(*) FROM voiceagent.calendar_copies WHERE done < wanted OR look) + (SELECT count(*) FROM voiceagent_private.calendar_writers WHERE find IS NOT NULL)});
}
is($left, '0', 'all is done');
note(sprintf '%d deeds in %.0f s', $done, time - $began);
my $there = $ask->('/all');
my (%there, @twice);
foreach my $path (sort keys %{ $there->{dav} })
{
	my ($text) = $there->{dav}{$path} =~ s/\r?\n[ \t]//gr;
	my ($tenant) = $path =~ m{^/t(\d+)/};
	my %of = map { $_ => $text =~ /^$_:([^\r\n]*)/m ? $1 : '' } qw(UID DTSTART DTEND STATUS SEQUENCE);
	push @twice, $of{UID} if exists $there{$tenant}{ $of{UID} };
	$there{$tenant}{ $of{UID} } = join ' ', @of{qw(DTSTART DTEND STATUS SEQUENCE)};
}
foreach my $account (sort keys %{ $there->{google} })
{
	my ($tenant) = $account =~ /^t(\d+) primary$/;
	foreach my $e (@{ $there->{google}{$account} })
	{
		my $uid = $e->{extendedProperties}{private}{voiceagent};
		push @twice, $uid if exists $there{$tenant}{$uid};
		$there{$tenant}{$uid} = join ' ', (map { $e->{$_}{dateTime} =~ tr/:-//dr } qw(start end)), uc $e->{status};
	}
}
is("@twice", '', 'nothing is there twice');
my $what = q{to_char(%s AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS"Z"')};
foreach my $tenant (@tenants)
{
	my $here = as_tenant($node, 'va', $tenant, sprintf q{SELECT concat_ws(' ', appointment_id || '@' || voiceagent_private.icalendar_domain(), %s, %s, CASE status WHEN 'confirmed' THEN 'CONFIRMED' ELSE 'TENTATIVE' END, CASE WHEN tenant_id <= %d THEN sequence END)
		FROM voiceagent.appointments WHERE tenant_id = %d AND status IN ('confirmed'%s) ORDER BY appointment_id}, sprintf($what, 'starts_at'), sprintf($what, 'ends_at'), $tenants[1], $tenant, $tenant % 2 ? '' : q{, 'pending'});
	my @here = split /\n/, $here;
	is(join("\n", sort map { "$_ $there{$tenant}{$_}" } keys %{$there{$tenant}}), join("\n", sort @here), "tenant $tenant: both sides are equal, " . @here . ' events');
}
is_sql($node, 'va', q{SELECT count(*) > 0 FROM voiceagent.events WHERE event_type = 'calendar_changed'}, 't', 'what somebody did there was told');
$node->stop('fast');
done_testing();
