# The page of connections: a manager connects a calendar at Google, whose consent the browser brings back, and one by CalDAV. With no
# Chromium, no node or no npm there is nothing to see.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentConsole;
use VoiceAgentFake;
use VoiceAgentGoogle;

my ($node, $url) = new_console();
need_page($url);
my $tenant = create_tenant($node, 'va', 'Practice');
members($node, $tenant, qw(owner manager));
my $g = new_google();
my $fake = fake_carrier(sub { return google_answer($g, @_) });
$node->safe_psql('va', "SELECT voiceagent.set_setting('mail_links', '$url'), voiceagent.set_setting('calendar_private_hosts', '127.0.0.1:$fake'), voiceagent.set_setting('google_urls', '" . join(' ', ("http://127.0.0.1:$fake") x 3) . "')");
$node->safe_psql('va', "SELECT voiceagent.set_google_client('$g->{client}', '$g->{secret}')");
my @lines = visit('google.js', $url, 200, $node->basedir . '/browser', "http://127.0.0.1:$fake");
cmp_ok(scalar(grep { /^ok/ } @lines), '>=', 8, 'a manager connects calendars');
is(join("\n", grep { !/^ok|^1\.\./ } @lines), '', '... and every step is as it should be');
wait_for_sql($node, 'va', 'SELECT provider, status, writes FROM voiceagent.calendar_connections', 'google|ready|at_once', 'SQL has it, too');
$node->stop('fast');
done_testing();
