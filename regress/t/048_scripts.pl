# Scripts that a model writes ahead of the dial, by the workers: the embedded model where there is no account, and a vendor's server
# that stalls, refuses, and answers nonsense. Whatever it does, every lead is called in time, with a script, and the reason is kept.
use strict;
use warnings;

use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);
use VoiceAgent;
use VoiceAgentFake;
use VoiceAgentFaults;

my $json = JSON::PP->new->canonical;
my %script = (opening => 'Hi, this is about the roof of your home. Do you have a minute for me?', pitch => 'We look at the roof and tell you what is sound. The photos are for you.',
	questions => [ 'Do you own the home?' ], objections => [ {objection => 'I have no time.', answer => 'When is a better time for you?'} ], closing => 'Shall we set a day for the visit?');
sub completion
{
	my ($text, %more) = @_;
	return {id => 'c', object => 'chat.completion', choices => [ {index => 0, message => {role => 'assistant', content => $text, refusal => undef}, finish_reason => 'stop', %more} ],
		usage => {prompt_tokens => 100, completion_tokens => 20, total_tokens => 120}};
}
# What a server does is said by the lead's name.
my $called = PostgreSQL::Test::Utils::tempdir() . '/called';
my $port = fake_carrier(sub {
	my ($asked) = @_;
	return (404, {error => {message => 'Not Found'}}) if $asked->{path} =~ m{^/v1/models/};
	return (200, {object => 'list', data => [ {id => 'm-1'} ]}) if $asked->{path} eq '/v1/models';
	my @said = map { $_->{content} // '' } grep { $_->{role} eq 'user' } @{ decode_json($asked->{body})->{messages} };
	my $content = $said[0] // '';
	my ($who) = $content =~ /"first_name": "(\w+)"/;
	return (200, completion('pong')) unless defined $who;
	return (200, completion(undef, message => {role => 'assistant', content => undef, refusal => 'I cannot help with that.'})) if $who eq 'Refuse';
	return (200, completion('{"opening": "Hi"}')) if $who eq 'Short';
	return (200, completion($json->encode({%script, opening => 'Bonjour, je vous appelle pour votre toit et votre maison. Avez-vous une minute pour nous ?', pitch => 'Nous regardons le toit et nous vous disons ce qui est sain. Les photos sont pour vous.',
		questions => [ 'Est-ce que la maison est pour vous et votre famille ?' ], objections => [], closing => 'Quel jour est bon pour vous ?'}))) if $who eq 'French';
	return (200, completion($json->encode({%script, opening => 'Hi {{phone}}, this is about the roof of your home. Do you have a minute?'}))) if $who eq 'Braces';
	# Apart from the others, who are answered meanwhile, and not before all are called.
	if ($who eq 'Stall') { return if fork(); alarm 300; sleep 0.1 until -e $called; alarm 30; }
	return (200, completion($json->encode({%script, opening => "Hi $who, this is about the roof of your home. Do you have a minute for me?"})));
});
my $url = "http://127.0.0.1:$port/v1";
my $node = new_real_node('main');
my %tenant = map { $_ => create_tenant($node, 'va', $_, credits => 1000) } qw(Plain Vendor Spent);
wait_workers($node, 'the workers are up');
$node->safe_psql('va', qq{SELECT voiceagent.set_setting('model_private_hosts', '127.0.0.1:$port'), voiceagent.set_setting('model_request_timeout', '4 minutes')});

# A campaign that calls these people, with what its settings say.
sub campaign
{
	my ($of, $settings, @names) = @_;
	my $n = 0;
	my $leads = join ', ', map { sprintf "voiceagent.add_lead(phone => '+1212555%d01%d', first_name => '%s')", $tenant{$of} % 10, $n++, $_ } @names;
	my $campaign = as_tenant($node, 'va', $tenant{$of}, qq{SELECT voiceagent.create_campaign('Scripted', voiceagent.create_assistant('Scripted', '{{script.opening}}', 'Say: {{script.pitch}}'), 'sales',
		'{"playbook": "roofing", "call_interval": 0, "retry_attempts": 0, "calling_hours": {"start": "00:00", "end": "24:00", "days": ["mon","tue","wed","thu","fri","sat","sun"]}}'::jsonb || '$settings')});
	as_tenant($node, 'va', $tenant{$of}, "SELECT voiceagent.add_leads($campaign, ARRAY[$leads])");
	as_tenant($node, 'va', $tenant{$of}, "SELECT voiceagent.start_campaign($campaign)");
	return $campaign;
}
# Each lead's call: who wrote its script, how it began, and why it was the template's.
sub told
{
	my ($of) = @_;
	return { map { my ($who, @told) = split /\|/, $_, -1; $who => \@told } split /\n/, $node->safe_psql('va', qq{SELECT l.first_name, s.written_by, s.script ->> 'opening', coalesce(k.reason, '')
		FROM voiceagent.calls c JOIN voiceagent.leads l USING (tenant_id, lead_id) JOIN voiceagent.call_scripts k USING (tenant_id, call_id) JOIN voiceagent.lead_scripts s USING (tenant_id, script_id)
		WHERE c.tenant_id = $tenant{$of}}) };
}
# A dial that failed on the line is made again.
sub called { my ($of, $n, $name) = @_; wait_for_sql($node, 'va', "SELECT count(DISTINCT lead_id) FROM voiceagent.calls WHERE tenant_id = $tenant{$of}", $n, $name, 90); return; }

# ---- without an account: the embedded model ----

campaign('Plain', '{"script_source": "model", "script_model": "sandbox", "script_wait": "1 hour"}', qw(Ann Bob Cid Dan Eve Fay));
called('Plain', 6, 'without an account the embedded model writes, and all leads are called, long before script_wait');
is_deeply([ map { "$_->[0]$_->[2]" } values %{ told('Plain') } ], [ ('sandbox') x 6 ], '... each with its script');
is($node->safe_psql('va', "SELECT count(*), count(DISTINCT lead_id), bool_and(status = 'done') FROM voiceagent.model_requests WHERE tenant_id = $tenant{Plain} AND purpose = 'script'"), '6|6|t', '... which was asked for once');
wait_for_sql($node, 'va', "SELECT next_at FROM voiceagent_private.script_turns WHERE tenant_id = $tenant{Plain}", 'infinity', 'a campaign that is over is looked at no more', 90);

# ---- a vendor's server that does everything wrong ----

as_tenant($node, 'va', $tenant{Vendor}, "SELECT voiceagent.create_model_account('compatible', 'Own', 'sk-right-key', 'm-1', '$url')");
campaign('Vendor', '{"script_source": "model", "script_wait": "15 seconds", "script_concurrency": 10}', qw(Good Refuse Short French Braces Stall));
called('Vendor', 6, 'whatever a model does, every lead is called');
append_to_file($called, '');
my $told = told('Vendor');
is_deeply($told->{Good}, [ 'm-1', 'Hi Good, this is about the roof of your home. Do you have a minute for me?', '' ], 'a good script is said');
is($told->{$_}[0], 'template', "$_: the template's is said instead") foreach qw(Stall Refuse Short French Braces);
like($told->{Stall}[1], qr/^Hi Stall, we are roofers/, '... with the lead in it');
like($told->{Stall}[2], qr/^the model had not answered when the dial had waited for 00:00:15$/, 'Stall: the dial waited for script_wait, and no longer');
like($told->{Refuse}[2], qr/^the model refused: I cannot help with that/, 'Refuse: in the model\'s words');
like($told->{Short}[2], qr/schema/, 'Short: it does not conform');
like($told->{French}[2], qr/language/, 'French: another language');
like($told->{Braces}[2], qr/variables or tags of a template/, 'Braces: a template in a script');
wait_for_sql($node, 'va', "SELECT count(*) FROM voiceagent.lead_scripts s JOIN voiceagent.leads l USING (tenant_id, lead_id) WHERE s.tenant_id = $tenant{Vendor} AND l.first_name = 'Stall' AND s.status = 'ready' AND s.written_by = 'm-1'",
	1, 'a script that comes too late is kept for the next dial', 90);

# ---- nothing left to ask with ----

as_tenant($node, 'va', $tenant{Spent}, "SELECT voiceagent.set_setting('scripts_per_day', '1')");
campaign('Spent', '{"script_source": "model", "script_model": "sandbox", "script_wait": "1 hour"}', qw(One Two Three));
called('Spent', 3, 'when the day\'s scripts are used up nobody waits for one');
is(join(' ', sort map { $_->[0] } values %{ told('Spent') }), 'sandbox template template', '... and the others are the template\'s');
is($node->safe_psql('va', 'SELECT count(*) FROM voiceagent.invariants()'), 0, 'no invariant is violated');
done_testing();
