# The feed of a tenant waits for transactions that write this tenant's events, and for no other: not for another
# database's, another tenant's or its own that record nothing.  And it never passes an event that is committed later.
use strict;
use warnings;

use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;

my $node = new_node('main', 'voiceagent.launcher' => 'off', max_prepared_transactions => 4);
create_database($node, 'elsewhere');
my $ours = create_tenant($node, 'va', 'Ours');
my $theirs = create_tenant($node, 'va', 'Theirs');
$node->safe_psql('va', "CREATE ROLE ours LOGIN; CREATE ROLE theirs LOGIN; CREATE ROLE nobody LOGIN;
	SELECT voiceagent.map_role('ours', $ours), voiceagent.map_role('theirs', $theirs)");
my $cursor = $node->safe_psql('va', 'SELECT coalesce(max(cursor), 0) FROM voiceagent.activity()', extra_params => [ '-U', 'ours' ]);

my $act = sub { return "SELECT voiceagent_private.set_tenant($_[0]) IS NULL \\g /dev/null\n" };
my $event = sub { return "SELECT voiceagent_private.log_event('$_[0]') IS NULL \\g /dev/null\n" };
my $read = sub { return "SELECT coalesce(string_agg(event_type, ' ' ORDER BY o), ''), coalesce(max(cursor), $_[0])
	FROM voiceagent.activity($_[0]) WITH ORDINALITY AS a(cursor, at, event_type, campaign_id, call_id, lead_id, event_data, o);\n" };

# An event of a tenant, committed.
sub happens
{
	my ($tenant, @names) = @_;
	$node->safe_psql('va', "BEGIN;\n" . $act->($tenant) . join('', map { $event->($_) } @names) . 'COMMIT');
	return;
}

# A session of a superuser that acts for a tenant in a transaction which has a number already.
sub open_transaction
{
	my ($tenant) = @_;
	my $session = $node->background_psql('va', on_error_die => 1);
	$session->query_safe("BEGIN; SELECT pg_current_xact_id();");
	$session->query_safe($act->($tenant));
	return $session;
}

# What is news to our member, who reads on from there.
sub is_news
{
	my ($expected, $name) = @_;
	my ($seen, $last) = split /\|/, $node->safe_psql('va', $read->($cursor), extra_params => [ '-U', 'ours' ]);
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	is($seen, $expected, $name);
	$cursor = $last;
	return;
}

# ----- whom it does not wait for
my @open = (
	[ 'another database', $node->background_psql('elsewhere'), 'BEGIN; CREATE TEMP TABLE t (i int);' ],
	[ 'a role without a tenant', $node->background_psql('va', extra_params => [ '-U', 'nobody' ]), 'BEGIN; CREATE TEMP TABLE t (i int);' ],
	[ 'another tenant', $node->background_psql('va', extra_params => [ '-U', 'theirs' ]), q{BEGIN; SELECT voiceagent.add_lead('+1 312 555 0100');} ],
	[ 'another tenant that records events', open_transaction($theirs), $event->('theirs') ],
	[ 'our own that records none', $node->background_psql('va', extra_params => [ '-U', 'ours' ]), 'BEGIN; SELECT pg_current_xact_id();' ]);
foreach my $one (@open)
{
	my ($who, $session, $sql) = @$one;
	$session->query($sql);
	happens($ours, 'goes_on');
	is_news('goes_on', "an open transaction of $who stops no feed");
}
$_->[1]->quit foreach @open;

# ----- whom it waits for
my $late = open_transaction($ours);
happens($ours, 'first');
is_news('first', 'one that has announced nothing does not count');
$late->query_safe($event->('late'));
happens($ours, 'second');
is_news('', 'one that writes our events does');
$late->query_safe('COMMIT;');
is_news('late second', 'what an old transaction writes late is missed by no cursor');

my $other = open_transaction($theirs);
$other->query_safe($event->('theirs'));
$other->query_safe($act->($ours));
$other->query_safe($event->('both'));
happens($ours, 'third');
is_news('', 'a transaction that writes events of several tenants counts for each');
$other->query_safe('COMMIT;');
is_news('both third', '... until it commits');
$other->quit;

# ----- savepoints
$late->query_safe('BEGIN; SELECT pg_current_xact_id();');
$late->query_safe($act->($ours));
$late->query_safe("SAVEPOINT a;\n" . $event->('never') . 'ROLLBACK TO a;');
happens($ours, 'meanwhile');
is_news('meanwhile', 'what was rolled back to a savepoint is no event to wait for');
$late->query_safe("SAVEPOINT b;\n" . $event->('kept') . 'RELEASE b;');
$late->query_safe("SAVEPOINT c;\n" . $event->('never') . 'ROLLBACK TO c;');
happens($ours, 'behind');
is_news('', 'what a savepoint leaves behind is');
$late->query_safe('COMMIT;');
is_news('kept behind', '... and comes before what was recorded after it');
$late->query_safe("BEGIN;\n" . $act->($ours) . $event->('never'));
happens($ours, 'fourth');
is_news('', 'a transaction that will be rolled back counts while it is open');
$late->query_safe('ROLLBACK;');
is_news('fourth', '... and no longer');

# ----- snapshots that are older than what has ended since
$late->query_safe("BEGIN;\n" . $act->($ours) . $event->('old'));
happens($ours, 'new');
my $reader = $node->background_psql('va', extra_params => [ '-U', 'ours' ]);
$reader->query_safe('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1;');
$late->query_safe('COMMIT;');
is($reader->query_safe($read->($cursor)), "|$cursor", 'an old snapshot reads nothing behind what it cannot see');
$reader->query_safe('COMMIT;');
is_news('old new', '... and a new one all of it');
$reader->quit;

# A statement that takes its snapshot, and looks at the feed when what it does not see has been committed.
my $statement = "SELECT count(*) FROM (SELECT pg_sleep(%s)::text || '' AS z OFFSET 0) s, LATERAL voiceagent.activity($cursor + length(s.z)) a";
foreach my $of ($ours, $theirs)
{
	$late->query_safe("BEGIN;\n" . $act->($of) . $event->('unseen'));
	happens($ours, 'seen');
	my $out = "";
	my $slow = IPC::Run::start([ 'psql', '-XAtq', '-U', 'ours', '-d', $node->connstr('va'), '-c', sprintf($statement, 4) ], '>', \$out);
	wait_for_sql($node, 'va', q{SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'}, '1', 'a statement has its snapshot');
	$late->query_safe('COMMIT;');
	$slow->finish;
	chomp $out;
	is($out, $of == $ours ? 0 : 1, $of == $ours ? 'it reads nothing behind what it does not see' : '... and all when that is another tenant\'s');
	is_news($of == $ours ? 'unseen seen' : 'seen', '... and the next one all of it');
	$statement =~ s/activity\(\d+/activity($cursor/;
}
$late->query_safe("BEGIN;\n" . $act->($ours) . $event->('own'));
is($late->query_safe($read->($cursor)), "|$cursor", 'nobody reads the events of its own open transaction');
$late->query_safe($event->('own_too') . 'COMMIT;');
is_news('own own_too', '... but all of them behind its end');

# ----- prepared transactions, and a crash
$late->query_safe("BEGIN;\n" . $act->($ours) . $event->('prepared') . "PREPARE TRANSACTION 'p';");
happens($ours, 'fifth');
is_news('', 'a prepared transaction counts');
$late->query_safe("BEGIN;\n" . $act->($ours) . $event->('lost'));
$node->stop('immediate');
$node->start;
eval { $late->{run}->kill_kill };
happens($ours, 'sixth');
is_news('', '... also behind a crash');
$node->safe_psql('va', "COMMIT PREPARED 'p'");
is_news('prepared fifth sixth', '... until it is committed, while what the crash has ended does not');

# ----- many writers at once: whatever they do, a cursor that reads on meanwhile has all in the end, in one order
my $writer = q{DO $$ BEGIN FOR i IN 1 .. 60 LOOP
	PERFORM voiceagent_private.set_tenant(TENANT), CASE WHEN random() < 0.5 THEN pg_current_xact_id() END;
	PERFORM pg_sleep(random() * 0.01);
	PERFORM voiceagent_private.log_event('wWRITER_' || i) WHERE random() < 0.7;
	BEGIN
		PERFORM voiceagent_private.log_event('wWRITER_s' || i), pg_sleep(random() * 0.005);
		IF random() < 0.3 THEN RAISE division_by_zero; END IF;
	EXCEPTION WHEN division_by_zero THEN NULL;
	END;
	PERFORM pg_sleep(random() * 0.01);
	IF random() < 0.2 THEN PERFORM voiceagent_private.log_event('wWRITER_t' || i); END IF;
	IF random() < 0.1 THEN ROLLBACK; ELSE COMMIT; END IF;
	END LOOP; END $$};
my $start = $cursor;
my @writers = map {
	my ($tenant, $n) = ($_ % 4 == 3 ? $theirs : $ours, $_);
	my $sql = $writer =~ s/WRITER/$n/gr =~ s/TENANT/$tenant/gr;
	IPC::Run::start([ 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('va'), '-c', $sql ], '>', \my $out, '2>&1');
} 0 .. 7;
my @seen;
my $reads = 0;
my $failed = 0;
while (@writers)
{
	my ($seen, $last) = split /\|/, $node->safe_psql('va', $read->($cursor), extra_params => [ '-U', 'ours' ]);
	push @seen, split / /, $seen;
	$cursor = $last;
	$reads++;
	my @on = grep { $_->pumpable && ($_->pump_nb, 1) } @writers;
	foreach my $done (grep { my $w = $_; !grep { $_ == $w } @on } @writers) { $failed++ unless $done->finish }
	@writers = @on;
}
my ($seen) = split /\|/, $node->safe_psql('va', $read->($cursor), extra_params => [ '-U', 'ours' ]);
push @seen, split / /, $seen // '';
my ($all) = split /\|/, $node->safe_psql('va', $read->($start), extra_params => [ '-U', 'ours' ]);
is($failed, 0, 'the writers come to their end');
cmp_ok(scalar(@seen), '>', 200, "many events, in $reads reads");
is("@seen", $all, 'a cursor that reads on while they are written sees each once, in their order');
is_sql($node, 'va', "SELECT count(*) FROM voiceagent.events WHERE tenant_id = $ours AND event_type ~ '^w[0-9]+_'", scalar(grep { /^w/ } @seen), '... and all that there are');
done_testing();
