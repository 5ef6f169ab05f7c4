# Names: the table of old and new names in extension/doc/names.md is true, and words that were retired do not come back.
use strict;
use warnings;
use File::Find;
use Test::More;

my $page = 'extension/doc/names.md';

sub slurp
{
	open(my $file, '<:raw', $_[0]) or die "$_[0]: $!";
	local $/;
	return scalar(<$file>) // '';
}

# ---- the words ----

# A retired word, and what is said now.  Identifiers and prose alike.  Behind it what each of its forms has in it, in lower case: that
# is sought first, since it is found sooner.
my @retired = (
	[ qr/errand/i, 'provider request', 'errand' ],
	[ qr/(?!notice_target[:'])\bnotices?_(?:target|deliver|tries|timeout|kind|secret|first|max|conc|disable|of_end|body|data|id)|\bnotice targets?\b|(?:test|replay|prepare)_notices?\b/i, 'outgoing webhook, webhook subscription, delivery', 'notice' ],
	[ qr/\bcourier\b/i, 'outbox sender', 'courier' ],
	[ qr/\bclockwork\b|_clockwork|clockwork_/i, 'schedules', 'clockwork' ],
	[ qr/\bdut(?:y|ies)\b|_dut(?:y|ies)|\bdut(?:y|ies)_/i, 'maintenance job', 'duty|duties' ],
	[ qr/\bVaRoom\b|\bva_rooms_|\bva_\w+_room\b|\b(?:spend|platform|outbound)_rooms?\b/, 'task; free slots', 'room' ],
	[ qr/_patience\b|\bpatience_|\bVaPatience\b|\bva_put_off\b/, 'tenant backoff; give up after', 'patience|va_put_off' ],
	[ qr/\bva_pace_|\bVaPace\b/, 'fair share', 'va_pace_|vapace' ],
	[ qr/\bva_repeat_|\bVaRepeat\b/, 'idempotent retry', 'va_repeat_|varepeat' ],
	[ qr/\btall(?:y|ies)\b|_tall(?:y|ies)\b|\btall(?:y|ies)_/i, 'counters', 'tally|tallies' ],
	[ qr/(?<![a-z])fates?(?![a-z])|Fate(?=[A-Z])/, 'disposition', 'fate' ],
	[ qr/discretion/i, 'log redaction', 'discretion' ],
	[ qr/\bacting[ _]tenant\b|\bact_for\b|\bva_act_for\b/i, 'current tenant, set_tenant()', 'acting tenant|acting_tenant|act_for' ],
	[ qr/\bvoiceagent_private\.(?:said|meant)_/, 'parse_', 'voiceagent_private.' ],
	[ qr/\bvoiceagent_private\.(?:judge|refuse)_/, 'check_, require_', 'voiceagent_private.' ],
	[ qr/\b(?:hear_late|keep_told|recall_told|told_errand_done|forget_told|join_told|read_told)\b/, 'apply_late_reports, agent report', 'hear_late|_told|told_' ],
	[ qr/\b(?:bury|forgive)_notice/, 'dead letter, reset', 'bury_notice|forgive_notice' ],
	[ qr/\b(?:Harvest|Bag|Letter)\b(?=\s*[*;]|\s+\w+\s*[;=,])/, 'ClaimBatch, InboundWebhook', 'harvest|bag|letter' ],
	[ qr/\bvoiceagent_private\.\w+_in_words\b/, 'describe_', '_in_words' ],
	[ qr/\bpaste_(?:dials|rows)\b|\bstrays\b/, 'copy_dials, misplaced', 'paste_|strays' ],
	[ qr/\bdice\(/, 'random_int', 'dice(' ],
);

sub words_of
{
	my ($name, $text) = @_;
	my $low = lc $text;
	my @near = grep { grep { index($low, $_) >= 0 } split /\|/, $_->[2] } @retired or return;
	my ($line, @found) = (0);
	foreach (split /\n/, $text)
	{
		$line++;
		foreach my $word (@near) { push @found, sprintf('%s:%d: "%s" is now: %s', $name, $line, $&, $word->[1]) if /$word->[0]/; }
	}
	return @found;
}

# What other people wrote, what speaks of the old names, and what had them when it was released.
my $exempt = qr{^(?:\Q$page\E|regress/lint/names\.pl|extension/core/old_symbols\.c|LICENSE|sql/updates/.*|regress/fixtures/update-.*|regress/fuzz/corpus/.*|regress/eval/.*/.*|regress/contracts/(?:specs|fixtures)/.*|.*/phone_data/.*)$};
my @files;
find({
	no_chdir => 1,
	wanted => sub {
		s{^\./}{};
		if (-d && m{^\.git$|^\.build$|(^|/)(?:tmp_check|node_modules)$|^results$}) { $File::Find::prune = 1; }
		elsif (-f && !m{^voiceagent--[^/]*\.sql$|\.(o|so|a|bc|pc|tmp|lock)$} && !/$exempt/ && -T) { push @files, $_; }
	}
}, '.');
my @found = map { (words_of("name of $_", $_), words_of($_, slurp($_))) } sort @files;
ok(!@found, 'no retired word has come back') or diag(map { "    $_\n" } @found > 60 ? (@found[ 0 .. 59 ], '...') : @found);
is(scalar(() = words_of('x', "CREATE TABLE errands (errand_id);\n-- The courier of the acting tenant.\nplain words")), 3, '... and one that does is seen');
is(join('; ', grep { !words_of('x', $_) } 'test_notices', 'the courier', 'Clockwork', 'duty', 'duties', 'VaRoom', 'va_rooms_x', 'va_x_room', 'spend_rooms', 'x_patience', 'VaPatience', 'va_put_off', 'va_pace_x',
	'VaPace', 'va_repeat_x', 'VaRepeat', 'tally', 'tallies', 'fates', 'FateOf', 'discretion', 'acting_tenant', 'va_act_for', 'voiceagent_private.meant_x', 'voiceagent_private.refuse_x', 'hear_late', 'keep_told', 'join_told',
	'told_errand_done', 'bury_notice', 'forgive_notice', 'Harvest *', 'Bag;', 'Letter x;', 'voiceagent_private.x_in_words', 'paste_rows', 'strays', 'dice('), '', '... each of them by itself');

# ---- the table ----

my %old_and_new;
my $kind = '';
foreach (split /\n/, slurp($page))
{
	$kind = $1 if /^## (\w+)/;
	push @{ $old_and_new{$kind} }, [ $1, $2 ] if /^\| `([\w.]+)` \| `([\w.]+)` \|$/;
}
cmp_ok(scalar(@{ $old_and_new{Functions} // [] }), '>', 5, "$page has a table of functions");

my $server = $ENV{VOICEAGENT_SERVER} or do { done_testing(); exit };
@ENV{qw(PGHOST PGPORT PGUSER)} = ("$server/sock", 54321, 'postgres');
my $database = "names_$$";

sub psql
{
	my ($in, $sql) = @_;
	open(my $out, '>', "$ENV{TESTDIR}/names.sql") or die $!;
	print $out $sql;
	close $out;
	my $rows = qx(psql -XAtq -v ON_ERROR_STOP=1 -d $in -f $ENV{TESTDIR}/names.sql 2>&1);
	die "$sql\n$rows" if $? != 0;
	return split /\n/, $rows;
}

psql('postgres', "CREATE DATABASE $database TEMPLATE template0 ENCODING 'UTF8'");
psql($database, 'SET client_min_messages = warning; CREATE EXTENSION voiceagent CASCADE');
my %there = (
	Functions => q{SELECT proname FROM pg_proc WHERE pronamespace = 'voiceagent'::regnamespace},
	Arguments => q{SELECT p.proname || '.' || a FROM pg_proc p, unnest(p.proargnames) AS a WHERE p.pronamespace = 'voiceagent'::regnamespace},
	Tables => q{SELECT relname FROM pg_class WHERE relnamespace = 'voiceagent'::regnamespace AND relkind IN ('r', 'p')},
	Views => q{SELECT relname FROM pg_class WHERE relnamespace = 'voiceagent'::regnamespace AND relkind = 'v'},
	Columns => q{SELECT c.relname || '.' || a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = 'voiceagent'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped},
	Settings => q{SELECT key FROM voiceagent_private.setting_definitions},
	Classes => q{SELECT class FROM voiceagent_private.retention_classes},
	Types => q{SELECT DISTINCT w[1] FROM pg_proc p, regexp_matches(p.prosrc || coalesce(pg_get_function_sqlbody(p.oid), ''), '''([a-z_]+)''', 'g') AS w
		WHERE p.pronamespace IN ('voiceagent'::regnamespace, 'voiceagent_private'::regnamespace)},
	Kinds => q{SELECT unnest(voiceagent_private.webhook_kinds())},
);
foreach my $kind (sort keys %old_and_new)
{
	my %is = map { $_ => 1 } psql($database, $there{$kind});
	is(join(' ', map { $_->[0] } grep { $is{ $_->[0] } } @{ $old_and_new{$kind} }), '', "$kind: no old name is there");
	is(join(' ', map { $_->[1] } grep { !$is{ $_->[1] } } @{ $old_and_new{$kind} }), '', "$kind: every new name is there");
}
psql('postgres', "DROP DATABASE $database");
done_testing();
