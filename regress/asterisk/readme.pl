# The documents' section on Asterisk, followed as it stands: its files, its one SQL call; then a call goes out, one comes in,
# and one is put through.
#
# VOICEAGENT_ASTERISK is the root that `asterisk build` has made; sipp is the telephone network.
use strict;
use warnings;

use File::Copy;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentFaults;

my $tree = $ENV{VOICEAGENT_ASTERISK} or die 'VOICEAGENT_ASTERISK is not set';
my $script = 'regress/asterisk/asterisk';
my $dir = PostgreSQL::Test::Utils::tempdir_short();
my ($ari, $sip, $peer, $media, $out, $out_media) = map { PostgreSQL::Test::Cluster::get_free_port() } 1 .. 6;
my %running;

END
{
	my $status = $?;
	kill 'KILL', $_ foreach keys %running;
	system($script, 'stop', $dir, 'KILL') if -e "$dir/pid";
	$? = $status;
}

my ($section) = slurp_file('extension/doc/carriers.md') =~ /^### Asterisk\n(.*?)(?:^##|\z)/ms or die 'no section on Asterisk';
my $named = 0;
mkdir "$dir/readme";
while ($section =~ /^```text\n(; (\w+\.conf).*?)^```/msg)
{
	my ($text, $name) = ($1, $2);
	# What is the reader's own.
	$text =~ s/bindport = 8088/bindport = $ari/;
	$text =~ s/0\.0\.0\.0:5060/127.0.0.1:$sip/;
	$text =~ s/sip\.carrier\.example:5060/127.0.0.1:$peer/;
	$text =~ s/sip\.carrier\.example/127.0.0.1/;
	append_to_file("$dir/readme/$name", $text);
	$named++;
}
is($named, 4, 'four files are shown');
my ($create) = $section =~ /(SELECT voiceagent\.create_provider_account\(.*?\);)/s;
ok($create, '... and one call');
$create =~ s{https://pbx\.example\.com:8089/ari}{http://127.0.0.1:$ari/ari};
# The root is not where Asterisk expects its sounds.
$create =~ s{sound:hello-world}{sound:$tree/usr/share/asterisk/sounds/en_US_f_Allison/hello-world};

{
	local $ENV{ASTERISK_ETC} = "$dir/readme";
	ok(system($script, 'start', $tree, $dir, $ari, $sip, $peer) == 0, 'Asterisk starts with them') or BAIL_OUT(slurp_file("$dir/console.log"));
}

sub sipp
{
	my ($name, @arguments) = @_;
	my $pid = fork() // die $!;
	if (!$pid)
	{
		my $here = $ENV{PWD};
		chdir $dir;
		open(STDOUT, '>', "$name.out");
		open(STDERR, '>&', \*STDOUT);
		exec("$here/$script", 'sipp', $tree, @arguments, '-i', '127.0.0.1', '-nostdin', '-trace_logs', '-log_file', "$name.log") or die $!;
	}
	$running{$pid} = 1;
	return;
}

sub told
{
	my ($name) = @_;
	return -e "$dir/$name.log" ? join(', ', split /\n/, slurp_file("$dir/$name.log")) : '';
}

copy('regress/asterisk/network.xml', "$dir/network.xml") or die $!;
sipp('network', '-sf', "$dir/network.xml", '-p', $peer, '-mp', $media);
my $scenario = slurp_file('regress/asterisk/caller.xml') =~ s/\@HOLD\@/30000/gr =~ s/\@PATIENCE\@/60000/gr;
append_to_file("$dir/caller.xml", $scenario);

sub call_in
{
	my ($name) = @_;
	sipp($name, "127.0.0.1:$sip", '-sf', "$dir/caller.xml", '-s', '12025550142', '-p', $out, '-mp', $out_media, '-m', 1);
	return;
}

my $node = new_real_node('main');
my $tenant = create_tenant($node, 'va', 'Acme', credits => 1000);
wait_workers($node, 'the workers are up');
real_settings($node, {port => $ari});
my $account = as_tenant($node, 'va', $tenant, $create);
$node->safe_psql('va', "SELECT voiceagent.arm($account, 'Asterisk')");
wait_for_sql($node, 'va', "SELECT coalesce(trouble, 'well') FROM voiceagent.provider_accounts WHERE provider_account_id = $account", 'well', 'its events are heard', 180);

start_leads($node, $tenant, ['+12126011100'], account => $account, settings => {retry_attempts => 0, max_call_duration => '30 seconds'});
wait_completed($node, 'a campaign');
is_sql($node, 'va', q{SELECT status || ' ' || cause_class || ' ' || (recording_url LIKE 'recording:va-%') FROM voiceagent.calls}, 'completed ok true',
	'... whose call was answered and recorded');

my $number = as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.create_phone_number('+12025550142', $account, '{"greeting_message": "sound:hello-world"}')});
call_in('greeted');
ok(wait_until(sub { told('greeted') eq 'answered, hung up' }), 'who calls is answered') or diag(told('greeted'));
as_tenant($node, 'va', $tenant, qq{SELECT voiceagent.update_phone_number($number, '{"greeting_message": null, "forward_to_number": "+12126011100"}')});
call_in('through');
ok(wait_until(sub { told('through') eq 'answered' }), '... or') or diag(told('through'));
ok(wait_until(sub { told('network') =~ /invited 100, invited 100/ }), '... put through') or diag(told('network'));
is_sql($node, 'va', q{SELECT string_agg(answer || ' ' || told, ', ' ORDER BY call_id) FROM voiceagent.call_inbound}, 'say hangup, forward transfer',
	'... as it is noted');
is_sql($node, 'va', q{SELECT count(*) FROM voiceagent.webhook_failures}, 0, 'every event was of a call that is known');
is_sql($node, 'va', q{SELECT count(*) FROM voiceagent.invariants()}, 0, 'invariants() is empty');
$node->stop;
done_testing();
