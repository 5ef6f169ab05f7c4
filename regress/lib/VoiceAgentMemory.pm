# VoiceAgentMemory: has the servers of a test keep their data in memory, where the system allows a plain user a mount
# namespace of his own; else they lie where they always do.  For tests that claim durability (fsync = on, which a real
# carrier needs): who is killed loses nothing by it, while a restart after a crash syncs every file of the data directory.
# DISK=1: not in memory.
#
#	use VoiceAgentMemory;		# the program begins anew in its namespace, which takes the data along when it ends
#	$ENV{VOICEAGENT_SMALL}		# then a directory on a file system of its own of 160 MB, for tests of a full disk
package VoiceAgentMemory;

use strict;
use warnings;

BEGIN
{
	if (!$ENV{VOICEAGENT_NAMESPACE} && !$ENV{DISK})
	{
		my @apart = qw(unshare --user --map-current-user --keep-caps --mount);
		my $base = $ENV{TESTDIR} // '.';
		my $dir = "$base/memory-$$";
		$ENV{VOICEAGENT_NAMESPACE} = 'none';
		if (system("@apart mount -t tmpfs tmpfs /tmp > /dev/null 2>&1") == 0)
		{
			require File::Path;
			File::Path::make_path($dir, "$base/tmp_check/log");
			local $ENV{VOICEAGENT_NAMESPACE} = 'tmpfs';
			local $ENV{TESTDIR} = $dir;
			# The cluster that tests begin as is the others' too.
			local $ENV{VOICEAGENT_SEED} = "$ENV{TESTDATADIR}_seed";
			local $ENV{TESTDATADIR} = "$dir/data";
			local $ENV{VOICEAGENT_SMALL} = "$dir/small";
			# The logs stay on disk; the rights to mount are given up again.
			exec(@apart, 'sh', '-c', 'mount -t tmpfs -o size=12g,mode=0755 tmpfs "$0" && mkdir "$0/tmp_check" "$0/small" &&
				mount -t tmpfs -o size=160m,mode=0755 tmpfs "$0/small" && ln -s "$1" "$0/tmp_check/log" && shift &&
				exec setpriv --inh-caps=-all --ambient-caps=-all "$@"', $dir, "$base/tmp_check/log", $^X, $0, @ARGV);
		}
	}
}

1;
