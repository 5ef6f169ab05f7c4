# VoiceAgentGoogle: what Google answers when it is asked for consent, for tokens, and about events (calendar v3, by its discovery
# document and by what its users report).  What it does not know is refused, so that no request is taken that Google would not take.
#
#	my $google = new_google(page => 2);				# a page of a list has two events
#	my @answer = google_answer($google, $asked);	# as VoiceAgentFake has both
#	google_forgets($google);						# sync tokens end; ('access') tokens do
#	google_somebody($google);						# uses the calendar: an event is moved, or deleted; which it was
package VoiceAgentGoogle;

use strict;
use warnings;

use Digest::SHA qw(sha256);
use Exporter 'import';
use JSON::PP;
use MIME::Base64 qw(encode_base64url);

our @EXPORT = qw(new_google google_answer google_forgets google_somebody google_events form_of);

sub new_google { my (%with) = @_; return {client => 'client.apps.example', secret => 'se+cret/of=google', page => 250, seq => 0, floor => 0, serial => 0, scope => 'https://www.googleapis.com/auth/calendar.events', codes => {}, refresh => {}, access => {}, events => {}, %with} }
sub form_of { my ($text) = @_; my %form = map { my ($name, $value) = split /=/, $_, 2; ($name => $value // '') } split /&/, $text // ''; foreach (values %form) { tr/+/ /; s/%(..)/chr hex $1/ge } return \%form }
sub failed { my ($code, $reason, @head) = @_; return ($code, {error => {code => $code, message => "it is $reason", errors => [ {domain => 'calendar', reason => $reason, message => $reason} ]}}, @head) }

sub ask_user
{
	my ($g, $q) = @_;
	my %needed = (client_id => $g->{client}, response_type => 'code', code_challenge_method => 'S256', access_type => 'offline', prompt => 'consent', scope => 'https://www.googleapis.com/auth/calendar.events');
	my @wrong = grep { ($q->{$_} // '') ne $needed{$_} } sort keys %needed;
	return (400, "wrong: @wrong") if @wrong || ($q->{code_challenge} // '') !~ /^[\w-]{43}$/ || ($q->{state} // '') !~ /^[\w-]{43}$/;
	my $code = '4/0' . ++$g->{serial};
	$g->{codes}{$code} = $q;
	return (302, '', "Location: $q->{redirect_uri}?state=$q->{state}&code=" . ($code =~ s{/}{%2F}r) . "&scope=x%20y\r\n");
}

sub token
{
	my ($g, $asked) = @_;
	my $form = form_of($asked->{body});
	return (401, {error => 'invalid_client'}) if ($form->{client_id} // '') ne $g->{client} || ($form->{client_secret} // '') ne $g->{secret};
	my $type = $form->{grant_type} // '';
	my $account;
	if ($type eq 'authorization_code')
	{
		# It is used up whatever comes of it.
		my $q = delete $g->{codes}{$form->{code} // ''};
		return (400, {error => 'invalid_grant'}) if !$q || $q->{redirect_uri} ne ($form->{redirect_uri} // '') || $q->{code_challenge} ne encode_base64url(sha256($form->{code_verifier} // ''));
		$account = $q->{login_hint} // 'me';
	}
	elsif ($type eq 'refresh_token') { $account = $g->{refresh}{$form->{refresh_token} // ''} }
	return (400, {error => $type =~ /^(?:authorization_code|refresh_token)$/ ? 'invalid_grant' : 'unsupported_grant_type'}) if !defined $account;
	my $n = ++$g->{serial};
	$g->{access}{"ya29.$n"} = $account;
	$g->{refresh}{"1//0+$n"} = $account if $type eq 'authorization_code';
	return (200, {access_token => "ya29.$n", expires_in => 3599, token_type => 'Bearer', scope => $g->{scope}, $type eq 'authorization_code' ? (refresh_token => "1//0+$n") : ()});
}

sub touch { my ($g, $event) = @_; $event->{seq} = ++$g->{seq}; $event->{etag} = qq{"$event->{seq}000"}; return $event }
sub shown { my ($event) = @_; my %copy = %$event; delete $copy{seq}; return (200, \%copy) }

sub list
{
	my ($g, $events, $q) = @_;
	my ($from, $until, $at) = (0, $g->{seq}, 0);
	($from, $until, $at) = ($1, $2, $3) if ($q->{pageToken} // '') =~ /^(\d+)=(\d+)=(\d+)$/;
	$from = $1 if !$q->{pageToken} && ($q->{syncToken} // '') =~ /^s=(\d+)$/;
	return failed(410, 'fullSyncRequired') if $q->{syncToken} && $from < $g->{floor};
	my @all = sort { $a->{seq} <=> $b->{seq} } grep { $_->{seq} > $from && $_->{seq} <= $until } values %$events;
	my $size = $q->{maxResults} < $g->{page} ? $q->{maxResults} : $g->{page};
	my @part = splice @all, $at, $size;
	my $more = @all > $at;
	return (200, {items => [ map { {id => $_->{id}, etag => $_->{etag}} } @part ], $more ? (nextPageToken => join '=', $from, $until, $at + $size) : (nextSyncToken => "s=$until")});
}

sub google_answer { my ($status, $reply, @more) = answer(@_); return ($status, ref $reply ? encode_json($reply) : $reply, @more) }
sub answer
{
	my ($g, $asked) = @_;
	my ($path, $query) = split /\?/, $asked->{path}, 2;
	my $q = form_of($query);
	return ask_user($g, $q) if $path eq '/o/oauth2/v2/auth';
	return token($g, $asked) if $path eq '/token';
	my ($calendar, $id) = $path =~ m{^/calendar/v3/calendars/([^/]+)/events(?:/([a-v0-9]{5,1024}))?$} or return failed(404, 'notFound');
	my ($bearer) = $asked->{head} =~ /^authorization: Bearer (\S+)/mi;
	my $account = $g->{access}{$bearer // ''} // return failed(401, 'authError');
	return failed(404, 'notFound') if $calendar ne 'primary' && !exists $g->{events}{"$account $calendar"};
	my $events = $g->{events}{"$account $calendar"} //= {};
	my %known = (POST => 'sendUpdates', PATCH => 'sendUpdates', DELETE => 'sendUpdates', GET => $id ? '' : 'maxResults|pageToken|syncToken|showDeleted|fields');
	my $known = $known{$asked->{method}} // return failed(405, 'httpMethodNotAllowed');
	return failed(400, 'badRequest') if grep { !/^(?:$known)$/ } keys %$q;
	return list($g, $events, $q) if $asked->{method} eq 'GET' && !$id;
	my $event = defined $id ? $events->{$id} : undef;
	if ($asked->{method} eq 'POST' || $asked->{method} eq 'PATCH')
	{
		my $body = eval { decode_json($asked->{body}) } // return failed(400, 'parseError');
		return failed(400, 'invalid') if $asked->{head} !~ m{^content-type: application/json}mi || grep { !/^(?:id|summary|description|status|start|end|extendedProperties)$/ } keys %$body;
		if ($asked->{method} eq 'POST')
		{
			return failed(400, 'invalid') if defined $id || ($body->{id} // '') !~ /^[a-v0-9]{5,1024}$/;
			# Of one that was deleted, too.
			return failed(409, 'duplicate') if exists $events->{$body->{id}};
			return shown(touch($g, $events->{$body->{id}} = $body));
		}
		return failed(404, 'notFound') if !$event;
		return failed(412, 'conditionNotMet') if other_version($asked, $event);
		return failed(403, 'forbidden') if $event->{status} eq 'cancelled';
		@$event{keys %$body} = values %$body;
		return shown(touch($g, $event));
	}
	return failed(404, 'notFound') if !$event;
	return shown($event) if $asked->{method} eq 'GET';
	return failed(410, 'deleted') if $event->{status} eq 'cancelled';
	return failed(412, 'conditionNotMet') if other_version($asked, $event);
	$event->{status} = 'cancelled';
	touch($g, $event);
	return (204, '');
}
sub other_version { my ($asked, $event) = @_; my ($if) = $asked->{head} =~ /^if-match: (\S+)/mi; return defined $if && $if ne $event->{etag} }

sub google_forgets { my ($g, $what) = @_; if ($what // '') { $g->{access} = {} } else { $g->{floor} = ++$g->{seq} } return }

sub google_somebody
{
	my ($g, $lot) = @_;
	my @all = map { my $c = $_; map { $g->{events}{$c}{$_} } sort keys %{ $g->{events}{$c} } } sort keys %{ $g->{events} };
	@all = grep { $_->{status} ne 'cancelled' } @all or return;
	my $event = $all[ rand @all ];
	my $deleted = ($lot // rand) < 0.3;
	if ($deleted) { $event->{status} = 'cancelled' }
	else { $event->{start}{dateTime} =~ s/T(\d\d)/sprintf 'T%02d', ($1 + 1) % 24/e }
	touch($g, $event);
	return $deleted ? 'deleted by somebody' : 'moved by somebody';
}
# "ACCOUNT CALENDAR" -> its events that are not deleted.
sub google_events { my ($g) = @_; return {map { my $c = $_; ($c => [ grep { $_->{status} ne 'cancelled' } values %{ $g->{events}{$c} } ]) } keys %{ $g->{events} }} }

1;
