# make deps on machines that lack something: a fake dpkg, apt and sudo stand for them.
use strict;
use warnings;

use PostgreSQL::Test::Utils;
use Test::More;

plan skip_all => 'no Debian' unless -x '/usr/bin/dpkg-query' && -x '/usr/bin/apt-get';

my $bin = PostgreSQL::Test::Utils::tempdir();

sub program
{
	my ($name, $text) = @_;
	open(my $out, '>', "$bin/$name") or die $!;
	print $out "#!/bin/sh\n$text\n";
	close $out;
	chmod 0755, "$bin/$name";
	return;
}

# Output, and exit status, of make GOAL with the fake programs first.
sub goal
{
	my (@arguments) = @_;
	unlink "$bin/log";
	local $ENV{PATH} = "$bin:$ENV{PATH}";
	local $ENV{MAKEFLAGS} = '';
	my $output = qx(make @arguments 2>&1 < /dev/null);
	return ($output, $? >> 8, -f "$bin/log" ? slurp_file("$bin/log") : '');
}

program('apt-get', "echo apt-get \$* >> $bin/log");
program('dpkg-query', 'echo installed');
program('sudo', 'exit 1');

my ($output, $status, $log) = goal('deps');
is("$status $log", '0 ', 'nothing is missing: apt is not called');

program('dpkg-query', 'case "$*" in *libcsv-dev*) exit 1 ;; esac; echo installed');
($output, $status, $log) = goal('deps');
isnt($status, 0, 'something is missing, and we are neither root nor have sudo: not a success');
like($output, qr/^deps: as root, run:  apt-get install .*\blibcsv-dev$/m, '... but the one line to run');
is($log, '', '... and apt is not called');

($output, $status) = goal('check-unit');
isnt($status, 0, 'make check stops there');
unlike($output, qr/passed/, '... and does not count');

program('sudo', '[ "$1" != -n ] || shift; exec "$@"');
($output, $status, $log) = goal('deps');
is($status, 0, 'with sudo it is installed');
is($log =~ s/ -(o \S+|qq|y)(?= )//gr, "apt-get install --no-install-recommends libcsv-dev\n", '... that package alone, without a refresh of the lists');

program('apt-get', "echo apt-get \$* >> $bin/log; case \"\$*\" in *install*) grep -q update $bin/log ;; esac");
($output, $status, $log) = goal('deps');
is($status, 0, 'a machine whose lists are empty');
like($log, qr/install.*\n.*update\n.*install/, '... gets them, and tries again');

# A server whose package brought all but the headers, as Debian's does.
program('pg_config', "[ \"\$1\" != --includedir-server ] || { echo $bin; exit; }; exec "
	  . ($ENV{PG_CONFIG} || qx(which pg_config)) =~ s/\s+$//r . ' "$@"');
program('dpkg-query', 'case "$*" in *postgresql-server-dev-*) exit 1 ;; esac; echo installed');
($output, $status, $log) = goal("PG_CONFIG=$bin/pg_config", 'deps');
like($log, qr/^apt-get .*install.* postgresql-server-dev-\d+/m, 'a server without its headers: they are installed');
unlink "$bin/pg_config";

($output, $status) = goal('PG_CONFIG=/nonexistent', 'all');
isnt($status, 0, 'without PostgreSQL there is no build');
like($output, qr/run: make deps/, '... but a word of what to do');

done_testing();
