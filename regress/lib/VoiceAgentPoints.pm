# VoiceAgentPoints: which of the rare paths in regress/lib/rare-paths a test walks, and processes that stand still at a point.
#
#	watch_points($node);                            # every soak, and every test that rare-paths names, does so with each of its servers
#	stop_at($node, 'after_claim', $tenant);         # the next dialer that claims for it stands still there
#	wait_stopped($node, 'after_claim');
#	go_on($node, 'after_claim');
package VoiceAgentPoints;

use strict;
use warnings;

use Exporter 'import';
use File::Basename qw(basename dirname);
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);

our @EXPORT = qw(rare_paths must_reach watch_points note_points judge_points stop_at wait_stopped go_on);

my $lib = dirname(__FILE__);
my $name = basename($0) =~ s/\.pl$//r;
my (%watched, %reached);

# [ name, function or "C", place, [ tests ] ] each.
sub rare_paths
{
	return map { my @path = split /\t/; $path[3] = [ grep { $_ ne '-' } split / /, $path[3] ]; \@path } grep { /^[^#]/ } split /\n/, slurp_file("$lib/rare-paths");
}

# Those that this test must reach, or the one of this name.
sub must_reach
{
	my ($test) = @_;
	return map { $_->[0] } grep { grep { $_ eq ($test // $name) } @{$_->[3]} } rare_paths();
}

# The points of a server that has just been made; it must have been configured with @settings.
our %settings = ('voiceagent.crash_points' => 'on', 'voiceagent.fault_points' => 'on');

sub watch_points
{
	my ($node) = @_;
	return if $watched{$node->name};
	$watched{$node->name} = $node;
	mkdir $node->data_dir . '/voiceagent';
	append_to_file($node->data_dir . '/voiceagent/reached', '');
	my $marks = join '', map { sprintf("SELECT points.mark(%s);\n", join ', ', map { "'" . s/'/''/gr . "'" } @{$_}[ 0 .. 2 ]) } grep { $_->[1] ne 'C' } rare_paths();
	$node->safe_psql('va', slurp_file("$lib/points.sql") . $marks);
	return;
}

# What a server has counted so far; one that does not answer tells only what its processes wrote.
sub note_points
{
	my ($node) = @_;
	return unless $watched{$node->name};
	my $file = $node->data_dir . '/voiceagent/reached';
	if (open(my $in, '<', $file)) { while (my $line = <$in>) { chomp $line; $reached{$line} = 1 } }
	return unless -e $node->data_dir . '/postmaster.pid';
	my ($failed, $out) = $node->psql('va', 'SELECT name FROM points.reached() WHERE times > 0', timeout => 30);
	return if $failed;
	$reached{$_} = 1 foreach split /\n/, $out;
	return;
}

# At the end of a test: how many were reached, for regress/lib/check.  A soak's short form may miss what is expected of it.
sub judge_points
{
	return unless %watched;
	note_points($_) foreach values %watched;
	my @paths = rare_paths();
	my @walked = grep { $reached{$_} } map { $_->[0] } @paths;
	note(scalar @walked, ' of ', scalar @paths, " rare paths were reached: @walked");
	if (my $dir = $ENV{VOICEAGENT_REACHED})
	{
		append_to_file("$dir/$name", join '', map { "$_\n" } @walked);
	}
	my @must = must_reach();
	is(join(' ', grep { !$reached{$_} } @must), '', 'each rare path that this test is there for was reached') if @must && ($ENV{VOICEAGENT_SOAK} || $0 !~ m{/soak/});
	%watched = ();
	return;
}

# ---- processes that stand still ----

sub point_file
{
	my ($node, $kind, $point) = @_;
	return $node->data_dir . "/voiceagent/$kind.$point";
}

# The server must have voiceagent.crash_points.
sub stop_at
{
	my ($node, $point, $tenant) = @_;
	mkdir $node->data_dir . '/voiceagent';
	unlink point_file($node, 'stopped', $point);
	append_to_file(point_file($node, 'new', $point), $tenant // 0);
	rename point_file($node, 'new', $point), point_file($node, 'stop', $point) or die "rename: $!";
	return;
}

sub wait_stopped
{
	my ($node, $point, $seconds) = @_;
	my $over = VoiceAgent::deadline($seconds // $PostgreSQL::Test::Utils::timeout_default);
	while (!-e point_file($node, 'stopped', $point))
	{
		return 0 if $over->();
		sleep 0.01;
	}
	return 1;
}

sub go_on
{
	my ($node, $point) = @_;
	return unlink(point_file($node, 'stop', $point)) == 1;
}

1;
