# Robots talk to robots: people of every kind talk with the assistant in calls that we hold, over the carrier's socket. What they say is
# recognised as wrongly as it is told to be. Without an error each call comes to what it comes to by text, turn for turn; with errors
# of 5, 10 and 20 % of the words nobody is booked who did not want it, or at another time, and no opt-out is lost.
use strict;
use warnings;

use HTTP::Tiny;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;
use VoiceAgentSoak;
use VoiceAgentSpoken;

my $json = JSON::PP->new->canonical;
# The short form garbles the same words each time: of some hundred calls whose words are wrong at 20 % one may be read as naming a time ("before 3").
$ENV{SEED} //= 39 unless long();
my $seed = seed();
my $on = spoken_server(vendors => 'regress/fakes/robots.py');
my $node = $on->{node};
my $of = spoken_tenant($on, 'Robots');
my $tenant = $of->{tenant};
sub sql { return as_tenant($node, 'va', $tenant, $_[0]) }

# The campaigns of this test have the assistant of that name.
sql(q{SELECT voiceagent.create_assistant('Ann herself', 'Hello {{first_name}}, this is Acme. Do you have a minute?',
	E'You call for Acme.\nYou offer roofs.\nYour goal is to book an appointment.', settings => '{"discloses": true}')});
answered($node);
foreach my $vendor ([ 'deepgram', 'key-ear', 'nova-3', '' ], [ 'elevenlabs', 'key-voice', 'eleven_flash_v2_5', ', "voice": "v-1"' ])
{
	my ($provider, $key, $model, $more) = @$vendor;
	my $id = sql(qq{SELECT voiceagent.create_model_account('$provider', '$provider', '$key', '$model', 'http://127.0.0.1:$on->{vendors}', '{"in_calls": 1$more}', 64)});
	wait_for_sql($node, 'va', "SELECT test_result FROM voiceagent.model_accounts WHERE model_account_id = $id", 'ok', "$provider is there", 60);
}

# ---- the people ----

# Where it is day.
my @tomorrow = split / /, $node->safe_psql('va', "SELECT to_char((now() AT TIME ZONE '@{[VoiceAgentFaults::awake_zone()]}')::date + 1, 'FMDay FMDD FMMonth')");
my $tomorrow = "$tomorrow[0], $tomorrow[1] $tomorrow[2]";
my @spelt = (qw(zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen), map { my $ten = $_; map { $_ ? "$ten $_" : $ten } '', qw(one two three four five six seven eight nine) } qw(twenty thirty));
my $tomorrow_spoken = "$tomorrow[0], $spelt[$tomorrow[1]] $tomorrow[2]";
my $decoded = $json->decode(sql(q{SELECT json_agg(c) FROM voiceagent.standard_callers('en', 'appointment') c WHERE faults = '[]'}));
my %people = map { $_->{name} => {lines => $_->{lines}, wants => {map { ($_->{path} => $_->{value}) } @{ $_->{expect} }}} } @$decoded;
foreach my $person (values %people)
{
	$_->{say} = ref $_->{say} ? $_->{say}[0] : $_->{say} foreach @{ $person->{lines} };
	# Who wants an appointment wants it at that time, and says so; all others stay with what they have said last.
	$person->{books} = ($person->{wants}{outcome} // '') eq 'scheduled';
	$person->{opts_out} = ($person->{wants}{outcome} // '') eq 'do_not_call';
	if ($person->{books})
	{
		# As they said it, or as it was understood; numbers are spoken in words.
		unshift @{ $person->{lines} }, {heard => [ 'is that right', 'is that correct', 'does that work' ], not_heard => [ map { ("$_ at 3 pm", "$_ at three pm") } 'tomorrow', $tomorrow, $tomorrow_spoken ], say => 'No, tomorrow at 3 pm.', again => JSON::PP::true};
		next;
	}
	my @turns = grep { defined $_->{turn} } @{ $person->{lines} };
	$person->{lines} = [ @turns, {say => $turns[-1]{say}, again => JSON::PP::true} ];
}
$people{hangs_up} = {lines => [ {say => 'Hello?', hang_up => JSON::PP::true} ]};
$people{machine} = {lines => [ {say => 'The person you are calling is not available. Please record your message after the beep.', again => JSON::PP::true} ]};
$people{talks_on} = {lines => [ {say => 'You know, in my day this was all different.'}, {say => 'My neighbour had exactly the same, and do you know what he did?'}, {say => 'And another thing, before I forget.'},
	{say => 'Well, that reminds me of something. Let me tell you.', hang_up => JSON::PP::true} ]};
my @kinds = sort keys %people;
cmp_ok(scalar @kinds, '>=', 13, 'people of every kind');

# ---- what calls have come to; times count from the beginning of the day of the call ----

my $ends = q{SELECT c.call_id, concat_ws(' ', c.outcome, (SELECT string_agg(concat_ws(' ', CASE a.status WHEN 'conflict' THEN 'pending' ELSE a.status::text END, (a.starts_at AT TIME ZONE a.timezone) - today), ', ') FROM voiceagent.appointments a WHERE a.call_id = c.call_id),
		'called back ' || (SELECT date_trunc('minute', q.not_before AT TIME ZONE l.timezones[1]) - today FROM voiceagent_private.call_queue q WHERE q.lead_id = c.lead_id AND q.reason = 'callback'),
		(SELECT CASE WHEN d.held THEN 'held' ELSE 'listed' END FROM voiceagent.do_not_call_list d WHERE d.tenant_id = c.tenant_id AND d.phone = c.phone))
	FROM voiceagent.calls c JOIN voiceagent.leads l USING (tenant_id, lead_id), date_trunc('day', c.started_at AT TIME ZONE l.timezones[1]) today};
sub ends_of { my (@calls) = @_; return map { split /\|/, $_, 2 } split /\n/, $node->safe_psql('va', "$ends WHERE c.call_id IN (" . join(',', map { $_->{call} } @calls) . ')'); }
sub turns_of { my ($call) = @_; return $json->decode($node->safe_psql('va', "SELECT coalesce(json_agg(json_build_object('speaker', speaker, 'text', text) ORDER BY turn), '[]') FROM voiceagent.call_turns WHERE call_id = $call")); }
sub in_words { my ($turns) = @_; return join("\n", map { "$_->{speaker}: $_->{text}" } @$turns) }

# Exotel tells that they have ended, and all that follows is done.
sub end_all
{
	my ($name, @calls) = @_;
	ended($on, $_, $_->{talk}{seconds} // 20) or die "the end of $_->{call} cannot be told" foreach @calls;
	wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent.calls WHERE outcome IS NULL AND call_id IN (' . join(',', map { $_->{call} } @calls) . ')', 0, "$name: all have an outcome", 120);
	my %end = ends_of(@calls);
	$_->{end} = $end{ $_->{call} } foreach @calls;
	return;
}

# The same person by text: the talk that the assistant has with it where nobody speaks, and what a call with these turns comes to.
sub by_text
{
	my ($round, @spoken) = @_;
	my @twins = dialled($on, $of, [ numbers(scalar @spoken) ]);
	foreach my $n (0 .. $#twins)
	{
		my $lines = $json->encode($spoken[$n]{person}{lines});
		my (undef, $turns) = split /\n/, $node->safe_psql('va', qq{BEGIN; SELECT voiceagent_private.set_tenant($tenant);
			SELECT voiceagent_private.rehearse(jsonb_build_object('first_message', w.first_message, 'system_prompt', w.system_prompt, 'settings', '{}'::jsonb,
				'variables', '{}'::jsonb, 'language', 'en', 'seed', c.call_id,
				'assistant', voiceagent_private.talker_assistant(c.assistant_id, c.assistant_version, 'outbound'), 'lines', \$lines\$$lines\$lines\$::jsonb)::text)::jsonb -> 'turns'
			FROM voiceagent.calls c, voiceagent_private.words_of_dial(c) w WHERE c.call_id = $spoken[$n]{call}; COMMIT}), 2;
		$twins[$n]{turns} = $json->decode($turns);
		my @said = grep { $_->{text} ne '' } @{ $twins[$n]{turns} };
		sql(qq{SELECT voiceagent.report_call($twins[$n]{call}, turns => \$turns\$@{[$json->encode(\@said)]}\$turns\$)});
	}
	end_all("round $round, by text", @twins);
	return @twins;
}

# Our own loop fills a silence in which an answer is late, and asks after a person whose words are.
sub is_filler { my ($turn) = @_; return $turn->{speaker} eq 'assistant' && $turn->{text} =~ /^(?:One moment|Are you still there)/; }

# Calls with the people of a plan, [kind, rate] each, talked to their end.  A call whose engine was late on a busy machine, or whose silence
# was filled, goes on as it is to, but not as by text: its person calls once more, at most three times.
sub talked
{
	my ($round, $plan) = @_;
	my (@spoken, @again);
	foreach my $times (1 .. 3)
	{
		my @tried = dialled($on, $of, [ numbers(scalar @$plan) ]);
		@{ $tried[$_] }{qw(kind rate person)} = (@{ $plan->[$_] }, $people{ $plan->[$_][0] }) foreach 0 .. $#$plan;
		my $answer = HTTP::Tiny->new(timeout => 900)->post("http://127.0.0.1:$on->{vendors}/fake", {content => $json->encode({at_once => $times == 1 ? 20 : 4,
			people => [ map { {stream => $_->{stream}, sid => $_->{sid}, lines => $_->{person}{lines}, rate => $_->{rate}, seed => "$seed $round $_->{kind}"} } @tried ]})});
		die "$answer->{status} $answer->{content}" unless $answer->{success};
		my @talks = @{ $json->decode($answer->{content})->{talks} };
		$tried[$_]{talk} = $talks[$_] foreach 0 .. $#tried;
		note(join("\n", map { "$_->{kind}, $_->{rate} %, $_->{talk}{status}:\n" . in_words(turns_of($_->{call})) } grep { $_->{talk}{status} !~ /^(?:closed|hung up)$/ } @tried));
		is(join(', ', grep { $_ !~ /^(?:closed|hung up)$/ } map { $_->{status} } @talks), '', "round $round: all calls are talked to their end");
		wait_for_sql($node, 'va', q{SELECT count(DISTINCT call_id) FROM voiceagent.events WHERE event_type = 'media_ended' AND call_id IN (} . join(',', map { $_->{call} } @tried) . ')', scalar @tried, '... which is noted of each', 60);
		$_->{late} = engine_failures($on, $_->{call}) foreach @tried;
		$_->{filled} = $_->{kind} eq 'silent' ? 0 : grep { is_filler($_) } @{ turns_of($_->{call}) } foreach @tried;
		my $is_late = sub { my ($one) = @_; return $one->{late} ne '' || ($one->{filled} && $one->{rate} == 0 && $times < 3); };
		push @spoken, grep { !$is_late->($_) } @tried;
		@again = grep { $is_late->($_) } @tried;
		note("$_->{kind}, $_->{rate} %: $_->{late}") foreach @again;
		$plan = [ map { [ @$_{qw(kind rate)} ] } @again ];
		last if !@again;
	}
	is(join(', ', map { "$_->{kind} $_->{late}" } @again), '', "round $round: no engine fails three times");
	return @spoken;
}

# ---- they talk ----

my ($calls, $wrong_bookings, $lost, $differ, %count) = (0, 0, 0, 0);
for (my $round = 1; $round <= rounds(short => 1, long => 25) && time_left(); $round++)
{
	restart_choices($round);
	# Everybody without an error; then, at each rate, those who book, refuse or want no calls, and some of the others.
	my @others = grep { !/^(?:agrees|opts_out|refuses|wrong_person)$/ } @kinds;
	my @plan = map { [ $_, 0 ] } @kinds;
	foreach my $n (0 .. 2)
	{
		push @plan, map { [ $_, (5, 10, 20)[$n] ] } qw(agrees opts_out refuses wrong_person), map { $others[ (5 * (3 * $round + $n) + $_) % @others ] } 0 .. 4;
	}
	my @spoken = talked($round, \@plan);
	end_all("round $round", @spoken);

	# A machine that is late three times compares nothing.
	my @exact = grep { $_->{rate} == 0 && !$_->{filled} } @spoken;
	note(scalar(grep { $_->{rate} == 0 && $_->{filled} } @spoken), " calls had a silence filled three times");
	my @twins = by_text($round, @exact);
	foreach my $n (0 .. $#exact)
	{
		my ($one, $twin) = ($exact[$n], $twins[$n]);
		is($one->{end}, $twin->{end}, "... $one->{kind}: it comes to the same as by text ($twin->{end})") or $differ++;
		my @turns = @{ turns_of($one->{call}) };
		# Who says nothing is asked by the loop, and not by the model; after who hangs up the assistant may have begun to answer; the
		# confirmation of an opt-out is the campaign's.
		next if $one->{kind} =~ /^(?:silent|hangs_up|talks_on)$/;
		my @theirs = @{ $twin->{turns} };
		pop @$_ foreach $one->{person}{opts_out} ? (\@turns, \@theirs) : ();
		# In a call what is read back is the day.
		my @said = split /\n/, in_words([ @turns[ 1 .. $#turns ] ]) =~ s/\Q$tomorrow\E at/tomorrow at/gr;
		my @written = split /\n/, in_words([ @theirs[ 1 .. $#theirs ] ]);
		is_deeply(\@said, \@written, "... $one->{kind}: both say the same, word for word");
	}
	foreach my $one (@spoken)
	{
		my @booked = $one->{end} =~ /(?:pending|confirmed) ((?:-?\d+ days? )?[\d:]+)/g;
		my @wrong = grep { !$one->{person}{books} || $_ ne '1 day 15:00:00' } @booked;
		# An opt-out in doubt is held, so that nobody is called, until a person has looked.
		my $listed = $one->{end} =~ /(?:listed|held)$/;
		$count{ $one->{rate} }{held}++ if $one->{person}{opts_out} && $one->{end} =~ /held$/;
		$calls++;
		$count{ $one->{rate} }{calls}++;
		$count{ $one->{rate} }{booked} += @booked;
		$count{ $one->{rate} }{wants} += $one->{person}{books} ? 1 : 0;
		$wrong_bookings += @wrong;
		$lost++ if $one->{person}{opts_out} && !$listed;
		note("$one->{kind}, $one->{rate} %: $one->{end}; $one->{talk}{seconds} s");
		note(in_words(turns_of($one->{call}))) if @wrong || ($one->{person}{opts_out} && !$listed) || ($one->{rate} == 0 && $one->{person}{books} && !@booked);
	}
	well($node, "round $round");
}
foreach my $saw (vendors_saw($on))
{
	fail("$saw->{path}: $saw->{wrong}") if defined $saw->{wrong};
	next unless defined $saw->{rate};
	$count{ $saw->{rate} }{words} += $saw->{words};
	$count{ $saw->{rate} }{wrong} += $saw->{words_wrong};
}
foreach my $rate (sort { $a <=> $b } keys %count)
{
	my %of = %{ $count{$rate} };
	note(sprintf('at %d %%: %d calls, %.1f %% of %d words wrong, %d of %d appointments made, %d opt-outs held for a person', $rate, $of{calls}, 100 * $of{wrong} / $of{words}, $of{words}, $of{booked}, $of{wants}, $of{held} // 0));
}
is($count{0}{booked}, $count{0}{wants}, 'without an error everybody is booked who wants it');
is($wrong_bookings, 0, "of $calls calls nobody is booked who did not want it, or at another time") unless long();
figure(name => '... booked that did not want it, or at another time', value => $wrong_bookings, unit => 'calls', goal => '= 0', count => $calls);
is($lost, 0, '... and who wants no calls gets none');
figure(name => 'spoken calls of robots', value => $calls, unit => 'calls', goal => long() ? '>= 1000' : '>= 40', count => $calls);
done_testing();
