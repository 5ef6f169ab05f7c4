# Tickets by mail: what the operator's gateway posts, signed, becomes a ticket or a reply, once; by an address or a Message-ID of ours,
# never by a subject; who is not sure waits for the staff, automatic mails end, and what is too large is refused with a sentence.
use strict;
use warnings;

use JSON::PP ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;
use VoiceAgentConsole;
use VoiceAgentFaults;
use VoiceAgentPeer;

my ($node, $url) = new_console('voiceagent.gateway_max_body_kb' => 2048);
my %tenant = map { $_ => create_tenant($node, 'va', $_, credits => 1000) } qw(acme zeta);
$node->safe_psql('va', "SELECT voiceagent.create_member($tenant{acme}, '$_\@example.com', 'correct horse', '" . ($_ eq 'vera' ? 'viewer' : 'agent') . "')") foreach qw(anna vera both late);
$node->safe_psql('va', "SELECT voiceagent.create_member($tenant{zeta}, '$_\@example.com', 'correct horse', 'owner')") foreach qw(zoe both);
$node->safe_psql('va', q{UPDATE voiceagent.members SET email_proved_at = now() WHERE email <> 'late@example.com'});
my ($port) = $node->safe_psql('va', 'SELECT voiceagent_private.gateway_address()') =~ /:(\d+)$/;
my $true = JSON::PP::true;
my $n = 0;

sub posted
{
	my ($body, $secret, @when) = @_;
	my $answer = send_raw($port, request_text('POST', '/mail', $body, signed($body, $secret, @when)));
	my $said = eval { JSON::PP::decode_json($answer->{body}) } // {};
	return "$answer->{status} " . ($said->{outcome} // $said->{message} // '') . ($said->{reason} ? ": $said->{reason}" : '') . ($said->{repeated} ? ' (known)' : '');
}
my $secret = $node->safe_psql('va', q{SELECT voiceagent.set_ticket_mail('support@calls.example')});
sub mail { my (%mail) = @_; return JSON::PP->new->canonical->utf8->encode({ from => 'anna@example.com', to => 'support@calls.example', subject => 'Hello', text => 'Please help.', message_id => '<' . ++$n . '@example.com>', verified => $true, %mail }) }
sub sent { return posted(mail(@_), $secret) }
sub tickets { return $node->safe_psql('va', "SELECT count(*) FROM voiceagent.tickets WHERE tenant_id = $tenant{$_[0] // 'acme'}") }
sub words_of { my ($ticket) = @_; return $node->safe_psql('va', "SELECT string_agg(concat(side, ': ', message), ' / ' ORDER BY message_number) FROM voiceagent.ticket_messages WHERE ticket_id = $ticket") }
# The mail by which the staff has answered.
sub answered
{
	my ($ticket, $words, $resolved) = @_;
	my $row = $node->safe_psql('va', "SELECT voiceagent.answer_ticket(tenant_id, $ticket, '$words', " . ($resolved ? 'true' : 'false') . ") FROM voiceagent.tickets WHERE ticket_id = $ticket");
	wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent.mails WHERE status = 'queued'}, 0, "the answer '$words' is mailed");
	my $message = $node->safe_psql('va', 'SELECT message FROM voiceagent_private.sandbox_mailbox ORDER BY mail_id DESC LIMIT 1');
	my ($to) = $message =~ /^Reply-To: <([^>]+)>/m;
	my ($id) = $message =~ /^Message-ID: (<\S+>)/m;
	return ($to, $id, $node->safe_psql('va', 'SELECT body FROM voiceagent.mails ORDER BY mail_id DESC LIMIT 1'));
}

# ---- who may post ----
is(posted(mail(), 'whsec_wrong'), '401 webhook refused', 'another secret');
is(posted(mail(), $secret, time - 3600), '401 webhook refused', 'an hour late');
like(send_raw($port, request_text('GET', '/mail', undef))->{status}, qr/405/, 'nobody gets it');

# ---- a ticket, and its thread ----
my $first = mail(text => "Calls fail.\r\n\r\nAnna", attachments => ['log.txt', 'screen.png'], message_id => '<first@example.com>');
is(posted($first, $secret), '200 opened', 'a mail of a member opens a ticket');
is(posted($first, $secret), '200 opened (known)', '... once');
is(tickets(), 1, '... and no second one');
my $ticket = $node->safe_psql('va', 'SELECT ticket_id FROM voiceagent.tickets');
is(words_of($ticket), "tenant: Calls fail.\n\nAnna\n\n[not kept: log.txt, screen.png]", '... with its words, and what was attached by name');
is($node->safe_psql('va', 'SELECT opened_by, state, due_at IS NOT NULL FROM voiceagent.tickets') =~ s/\d+/N/r, 'member N anna@example.com by mail|open|t', '... which the staff has to answer');
my ($to, $id, $body) = answered($ticket, 'Which number?');
like($to, qr/^support\+$tenant{acme}-$ticket-[0-9a-f]{32}\@calls\.example$/, 'the answer has an address of ours to answer to');
like($body, qr/Answer this mail, or write to the ticket/, '... and says so');
is(sent(subject => 'Re: something else', text => 'The one with 0188.', to => "Support <$to>"), '200 written', 'a mail to that address is a reply, whatever its subject');
is(sent(text => 'And 0189.', in_reply_to => $id), '200 written', '... and so is one that answers our Message-ID');
is(sent(text => 'And 0190.', references => "<a\@b> $id <c\@d>", to => ['x@y.example', 'support@calls.example']), '200 written', '... or refers to it');
is(sent(subject => "Re: Ticket $ticket is answered: Hello", text => 'New.'), '200 opened', 'a subject alone is no thread');
is(tickets(), 2, '... but another ticket');

# ---- what claims another's ticket ----
is(sent(from => 'zoe@example.com', to => $to), "200 waiting: it names a ticket that is not its sender's", 'a member of another tenant');
is(sent(from => 'zoe@example.com', in_reply_to => $id), "200 waiting: it names a ticket that is not its sender's", '... by the Message-ID');
is(sent(to => $to =~ s/-$ticket-/-1$ticket-/r), '200 waiting: the address that it was sent to is not one that we gave', 'the signature of another ticket');
is(sent(to => $to =~ s/[0-9a-f]{32}/'0' x 32/er), '200 waiting: the address that it was sent to is not one that we gave', '... and a made-up one');
is(sent(verified => JSON::PP::false, to => $to), '200 waiting: nobody vouches for its sender', 'a sender that nobody vouches for');
is(sent(from => 'nobody@example.com'), '200 waiting: its sender is no member whose address is proved', 'a stranger');
is(sent(from => 'late@example.com'), '200 waiting: its sender is no member whose address is proved', 'a member who has proved no address');
is(sent(from => 'vera@example.com'), '200 waiting: its sender only reads', 'a viewer');
is(sent(from => 'both@example.com'), '200 waiting: its sender is a member of more than one tenant', 'a member of two tenants');
is(sent(from => 'Both <both@example.com>', to => $to), '200 written', '... who answers is in one');
is(tickets() . tickets('zeta'), 20, 'none of that is in a ticket');
is((() = words_of($ticket) =~ /tenant:/g), 5, '... nor in another\'s');

# ---- automatic mails end, and many of one sender ----
is(sent(auto_submitted => 'auto-replied', to => $to), '200 automatic: automatic', 'an automatic answer has no effect');
is(sent(precedence => 'bulk', to => $to), '200 automatic: automatic', '... nor has a mailing');
is(sent(precedence => 'bulk', verified => JSON::PP::false), '200 automatic: automatic; nobody vouches for its sender', '... nor one of anybody\'s');
my $mails = $node->safe_psql('va', 'SELECT count(*) FROM voiceagent.mails');
$node->safe_psql('va', q{SELECT voiceagent.set_setting('ticket_mails_per_hour', '12')});
my @of_robot = map { sent(to => $to, text => "I am away. $_") } 1 .. 40;
my %of_robot;
$of_robot{$_}++ foreach @of_robot;
note(join "\n", map { "$of_robot{$_} x $_" } sort keys %of_robot);
is($of_robot{'200 written'} // 0, 5, 'one that does not say so is bounded by the hour');
is($of_robot{'200 waiting: more than 12 mails of its sender within an hour'}, 17, '... some wait');
is($of_robot{'422 20 mails of this sender wait already'}, 18, '... and the others are refused, to go back');
is($node->safe_psql('va', 'SELECT count(*) FROM voiceagent.mails'), $mails, 'none of them is answered by a mail of ours');
is(sent(from => 'zoe@example.com'), '200 opened', 'nobody else is slowed');
$node->safe_psql('va', q{SELECT voiceagent.set_setting('ticket_mails_per_hour', '1000')});

# ---- too large, or no mail ----
is(sent(from => 'zoe@example.com', attachments => [ map { "part$_" } 1 .. 10_000 ]), '422 a mail has at most 100 parts', '10,000 parts');
is(sent(from => 'zoe@example.com', parts => 10_000), '422 a mail has at most 100 parts', '... counted by the gateway');
is(sent(from => 'zoe@example.com', text => 'x' x 19_001), '422 a mail has at most 19000 characters of text', 'a long text');
is(sent(from => 'zoe@example.com', text => 'x' x 300_000), '413 a mail has at most 262144 bytes; leave out what is attached, and name it', 'a larger one');
is(posted($_->[0], $secret), "422 $_->[1]", "'" . substr($_->[0], 0, 20) . "'") foreach ['', 'the body is not JSON'], ['{', 'the body is not JSON'], ['[' x 100_000, 'the body is not JSON'], ["{\"from\": \"\xff\"}", 'the body is not JSON'],
	['[]', 'a mail is an object {"from", "to", "subject", "text", "message_id", "verified", ...}'], ['{}', 'this is not an e-mail address that mail can be sent to'],
	[mail(from => "a\@b.example\nX: y"), 'this is not an e-mail address that mail can be sent to'], [mail(message_id => 'x' x 999), 'this is no Message-ID'];
is($node->safe_psql('va', 'SELECT count(*) FROM voiceagent_private.ticket_mails WHERE sender LIKE \'zoe%\''), 3, 'nothing is kept of what was refused');

# ---- a ticket that is resolved ----
(undef, undef, $body) = answered($ticket, 'Settled.', 1);
like($body, qr/Answer this mail to open it again\.\n\nAre you happy with how we resolved this/, 'whoever opened it is asked how content it is');
is(sent(to => $to, text => "5\n\nOn Monday, support wrote:\n> Settled.\n> Bye", from => 'both@example.com'), '200 rated', 'a number alone answers that');
is($node->safe_psql('va', "SELECT satisfaction, state FROM voiceagent.tickets WHERE ticket_id = $ticket"), '5|resolved', '... and does not open it');
is(sent(to => $to, text => "5 things are wrong.", from => 'both@example.com'), '200 reopened', 'words open it again');
(undef, undef, $body) = answered($ticket, 'Now it is.', 1);
unlike($body, qr/Are you happy with how we resolved this/, '... and it is asked once');
$node->safe_psql('va', "UPDATE voiceagent.tickets SET resolved_at = now() - interval '15 days' WHERE ticket_id = $ticket");
is(sent(to => $to, text => 'Once more.', from => 'both@example.com'), '200 opened', 'after ticket_reopen it is another ticket');
like(words_of("(SELECT max(ticket_id) FROM voiceagent.tickets WHERE tenant_id = $tenant{acme})"), qr/^tenant: \(This follows ticket $ticket, which was resolved on \d{4}-\d\d-\d\d\.\)\n\nOnce more\.$/, '... which says which one it follows');
is(sent(to => $to, text => '4', from => 'both@example.com'), '200 rated', 'a number still rates the old one');
$node->safe_psql('va', q{SELECT voiceagent.set_setting('ticket_messages', '2')});
my $full = $node->safe_psql('va', "SELECT ticket_id FROM voiceagent.tickets WHERE tenant_id = $tenant{zeta}");
my ($to_full) = answered($full, 'Two.');
is(sent(to => $to_full, text => 'Three.', from => 'zoe@example.com'), "200 waiting: ticket $full has 2 messages", 'a ticket that is full: the mail waits');

# ---- strangers take no place of those whom we know ----
$node->safe_psql('va', q{INSERT INTO voiceagent_private.ticket_mails (mail_hash, sender, subject, message, outcome, received_at) SELECT sha256(i::text::bytea), 'a' || i || '@spam.example', 'x', 'x', 'waiting', now() FROM generate_series(1, 500) i});
is(sent(from => 'more@spam.example'), '503 not stored, send again', 'as many mails of strangers wait as may');
is(sent(from => 'both@example.com'), '200 waiting: its sender is a member of more than one tenant', '... a member still finds a place');
$node->safe_psql('va', q{DELETE FROM voiceagent_private.ticket_mails WHERE sender LIKE '%@spam.example' AND message = 'x'});

# ---- a fault of ours ----
$node->safe_psql('va', 'ALTER TABLE voiceagent_private.ticket_mails ADD CONSTRAINT fails CHECK (false) NOT VALID');
my $held = mail(from => 'zoe@example.com', text => 'Held up.');
is(posted($held, $secret), '503 not stored, send again', 'what we cannot keep is to be sent again');
$node->safe_psql('va', 'ALTER TABLE voiceagent_private.ticket_mails DROP CONSTRAINT fails');
is(posted($held, $secret), '200 opened', '... and is taken then');

# ---- somebody is erased whom a mail that waits names ----
is(sent(from => 'both@example.com', text => 'It is +1 (202) 555-0143 who complains.'), '200 waiting: its sender is a member of more than one tenant', 'a mail names a lead');
my $lead = as_tenant($node, 'va', $tenant{acme}, q{SELECT voiceagent.add_lead('+12025550143')});
as_tenant($node, 'va', $tenant{acme}, "SELECT voiceagent.erase_lead($lead)");
wait_for_sql($node, 'va', q{SELECT count(*) FROM voiceagent_private.ticket_mails WHERE message LIKE '%0143%'}, 0, '... whose number its erasure finds');

# ---- the staff sees what waits, and settles it ----
join_staff($node, $url, 'sue', 'support');
my $sue = staff_token($node, $url, 'sue');
sub as_sue { my ($function, $with) = @_; return rpc($url, $sue, $function, $with // {}) }
my @waiting = grep { $_->{kind} eq 'mail' } @{ JSON::PP::decode_json(as_sue('staff_work')->{content}) };
is(scalar(@waiting), $node->safe_psql('va', q{SELECT count(*) FROM voiceagent_private.ticket_mails WHERE outcome = 'waiting'}), 'what waits is among the staff\'s work');
my ($stranger) = grep { $_->{what} =~ /^nobody/ } @waiting;
is($stranger->{what}, 'nobody@example.com: Hello (its sender is no member whose address is proved)', '... with why');
my $new = JSON::PP->new->allow_nonref->decode(as_sue('settle_ticket_mail', { mail_id => $stranger->{id}, tenant_id => $tenant{zeta} })->{content});
is(words_of($new), 'tenant: Please help.', 'support puts one into a ticket');
is(said(as_sue('settle_ticket_mail', { mail_id => $stranger->{id}, tenant_id => $tenant{zeta} })), '409 PT409', '... once');
my ($anybody) = grep { $_->{what} =~ /^anna.*nobody vouches/ } @waiting;
$new = as_sue('settle_ticket_mail', { mail_id => $anybody->{id}, tenant_id => $tenant{acme} })->{content};
is($node->safe_psql('va', "SELECT author FROM voiceagent.ticket_messages WHERE ticket_id = $new"), 'anna@example.com by mail', '... as no member\'s where nobody vouches for its sender');
$new = as_sue('settle_ticket_mail', { mail_id => $node->safe_psql('va', q{SELECT mail_id FROM voiceagent_private.ticket_mails WHERE reason LIKE 'automatic; %'}), tenant_id => $tenant{acme} })->{content};
is($node->safe_psql('va', "SELECT author FROM voiceagent.ticket_messages WHERE ticket_id = $new"), 'anna@example.com by mail', '... also where it says that it is automatic');
is(as_sue('settle_ticket_mail', { mail_id => (grep { $_->{what} =~ /^vera/ } @waiting)[0]{id} })->{status}, 200, '... and puts one aside');
is(said(as_sue('settle_ticket_mail', { mail_id => 987654 })), '404 PT404', '... not one that there is not');
is(said(as_sue('set_ticket_mail', { address => 'x@y.example' })), '403 42501', 'support does not say where mails go');
is($node->safe_psql('va', q{SELECT count(*) FILTER (WHERE message IS NULL) FROM voiceagent_private.ticket_mails WHERE outcome IN ('waiting', 'automatic')}), 0, 'the words of what is in no ticket are kept');
is($node->safe_psql('va', q{SELECT count(*) FROM voiceagent_private.ticket_mails WHERE outcome NOT IN ('waiting', 'automatic') AND message IS NOT NULL}), 0, '... and no second copy of the others');
$node->safe_psql('va', 'SELECT voiceagent.set_ticket_mail(NULL)');
is(sent(), '401 webhook refused', 'no longer by mail');
like(slurp_file($node->logfile), qr{gateway refused requests.*\n.*The last forged or stale one came from 127\.0\.0\.1 for /mail: \w+}, 'that mails are refused is told to the operator, with why');
is($node->safe_psql('va', 'SELECT count(*) FROM voiceagent.invariants()'), 0, 'all invariants hold');
$node->stop('fast');
done_testing();
