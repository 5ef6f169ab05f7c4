# Wrong passwords and one-time passwords against the logins of members and of the staff: none gets in, the right one does after its lock,
# and nobody else waits.  Nearly all meet a lock, at which no password is hashed: that, and no more, is what a guesser can ask a
# million times.  A million in the long form, in four sessions.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;
use VoiceAgentConsole;
use VoiceAgentSoak;

my $seed = seed();
my $wanted = rounds(short => 20_000, long => 1_000_000);
my $sessions = 4;
my $each = 100;
my ($node, $url) = new_console(log_statement => 'none');
my $tenant = create_tenant($node, 'va', 'Guessed');
$node->safe_psql('va', "SELECT voiceagent.create_member($tenant, '$_\@example.com', '$console_password', 'agent')") foreach qw(calm m1 m2 m3 m4 m5);
join_staff($node, $url, "s$_", 'support') foreach 1 .. 5;
sub forget_codes { $node->safe_psql('va', 'UPDATE voiceagent_private.staff SET last_step = 0') }
sub member_logs_in { my ($who) = @_; return rpc($url, undef, 'login', { email => "$who\@example.com", password => $console_password })->{status} }

# A hundred tries, counted by sequences, which no error takes back.
$node->safe_psql('va', qq{CREATE ROLE guesser LOGIN; GRANT voiceagent_anon TO guesser; CREATE SCHEMA guess; GRANT USAGE ON SCHEMA guess TO guesser;
	CREATE SEQUENCE guess.got; CREATE SEQUENCE guess.looked; CREATE SEQUENCE guess.locked; GRANT USAGE ON ALL SEQUENCES IN SCHEMA guess TO guesser;
	CREATE FUNCTION guess.some(first bigint) RETURNS void LANGUAGE plpgsql AS \$\$
	BEGIN
		FOR i IN first .. first + @{[$each - 1]} LOOP
			BEGIN
				IF i % 2 = 0 THEN
					PERFORM voiceagent.login(format('m%s\@example.com', 1 + i / 2 % 5), 'horse ' || i);
				ELSIF i % 4 = 1 THEN
					PERFORM voiceagent.staff_login(format('s%s\@platform.example', 1 + i / 4 % 5), 'horse ' || i, '000000');
				ELSE
					PERFORM voiceagent.staff_login(format('s%s\@platform.example', 1 + i / 4 % 5), '$console_password', lpad((i % 1000000)::text, 6, '0'));
				END IF;
				PERFORM nextval('guess.got');
			EXCEPTION WHEN SQLSTATE 'PT401' THEN
				PERFORM nextval('guess.looked');
			WHEN SQLSTATE 'PT429' THEN
				PERFORM nextval('guess.locked');
			END;
		END LOOP;
	END \$\$});
sub counted { my ($what) = @_; return $node->safe_psql('va', "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM guess.$what") }

sub somebody_else
{
	my @times;
	for (1 .. 20)
	{
		my $began = time;
		is(member_logs_in('calm'), 200, 'somebody else logs in') or last;
		push @times, 1000 * (time - $began);
		sleep 0.2;
	}
	return \@times;
}
my $alone = somebody_else();

my ($out, $err) = ('', '');
my $dir = PostgreSQL::Test::Utils::tempdir;
my @guessing = map { my $from = $_;
	append_to_file("$dir/guesses$from.sql", join '', map { "SELECT guess.some(" . $_ * $each . ");\n" } grep { $_ % $sessions == $from } 0 .. $wanted / $each - 1);
	IPC::Run::start([ 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-d', $node->connstr('va') . ' user=guesser', '-f', "$dir/guesses$from.sql" ], '>', \$out, '2>', \$err) } 0 .. $sessions - 1;
my $began = time;
wait_for_sql($node, 'va', 'SELECT last_value > 500 FROM guess.locked', 't', 'all are locked', 180);
my $beside = somebody_else();
ok($_->finish, 'a session has guessed') foreach @guessing;
is($err, '', '... without another error');
my $seconds = time - $began;
is(counted('got'), 0, 'none gets in');
is(counted('looked') + counted('locked'), $wanted, 'each is refused');
note(counted('looked') . " of $wanted passwords were hashed, in $seconds s");

# A lock lasts as long as the window at most.
$node->append_conf('postgresql.conf', 'voiceagent.login_failure_window = 5');
$node->reload;
sub gets_in { my ($try) = @_; for (my $until = deadline(90); !$until->(); sleep 1) { my $status = $try->(); return $status if $status == 200 } return 'no' }
is(gets_in(sub { member_logs_in('m1') }), 200, 'after its lock the right password gets in');
is(gets_in(sub { forget_codes(); staff_login($url, 's1')->{status} }), 200, '... and that of the staff, with its code');

figure(name => 'wrong passwords and codes', value => $wanted, unit => 'tries', goal => long() ? '>= 1000000' : undef, count => $wanted);
figure(name => '... that get in', value => counted('got'), unit => 'tries', goal => '= 0', count => $wanted);
figure(name => '... at which a password was hashed: before the lock', value => counted('looked'), unit => 'tries', count => $wanted);
figure(name => '... beside them, the login of somebody else, p95 against alone', value => sprintf('%.2f', percentile(95, @$beside) / percentile(95, @$alone)), unit => 'x', count => scalar @$beside);
$node->stop('fast');
done_testing();
