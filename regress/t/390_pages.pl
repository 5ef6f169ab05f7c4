# Web pages as documents: fetched by a worker, never within the transaction that asks, within bounds of address, time and size;
# and whatever a server answers, its owner reads why.
use strict;
use warnings;

use IO::Socket::INET;
use POSIX ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use VoiceAgent;

# A server of its own process a connection, so that one that stalls stops no other.
my $outside = PostgreSQL::Test::Utils::tempdir;
my $log = "$outside/asked";
append_to_file($log, '');
my $listener = IO::Socket::INET->new(Listen => 50, LocalAddr => '127.0.0.1', ReuseAddr => 1) or die $!;
my $port = $listener->sockport;
my $html = "<html><head><title>Roofs &amp; more</title><script>evil()</script></head><body><nav>Menu</nav><h1>Prices</h1>"
  . "<p>A roof costs 9,000&nbsp;euros.<h2>Guarantee</h2><ul><li>ten years<li>on everything</ul></body></html>";
my %answers = (
	'/page' => [ 200, 'text/html; charset=utf-8', $html ],
	'/latin' => [ 200, 'text/html; charset=ISO-8859-1', "<p>Stra\xdfe und D\xe4cher</p>" ],
	'/long' => [ 200, 'text/plain', join ' ', map { unpack 'H8', pack 'N', $_ * 2654435761 % 4294967296 } 1 .. 12_000 ],
	'/text' => [ 200, 'text/plain', "Just words.\n\nAnd more." ],
	'/pdf' => [ 200, 'application/pdf', '%PDF-1.4' ],
	'/untyped' => [ 200, '', 'x' ],
	'/empty' => [ 200, 'text/html', '<script>nothing</script>' ],
	'/moved' => [ 302, 'text/html', '', "Location: http://127.0.0.1:$port/page\r\n" ],
	'/gone' => [ 404, 'text/html', '<p>not here</p>' ],
	'/broken' => [ 503, 'text/html', '<p>later</p>', "Retry-After: 7200\r\n" ],
);
my $server = fork // die;
if ($server == 0)
{
	local $SIG{CHLD} = 'IGNORE';
	local $SIG{PIPE} = 'IGNORE';
	while (my $client = $listener->accept)
	{
		next if fork;
		my $head = '';
		while (my $line = <$client>) { $head .= $line; last if $line eq "\r\n"; }
		my ($path) = $head =~ m{^GET (\S+)};
		append_to_file($log, "$path\n");
		if ($path =~ m{^/stall}) { print $client "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\n<p>beg"; sleep 60; }
		elsif ($path eq '/large')
		{
			print $client "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 104857600\r\n\r\n";
			print $client 'x ' x 524288 or last for 1 .. 100;
		}
		elsif ($path =~ m{^/changing}) { print $client "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n", -e "$outside/changed" ? 'New words.' : 'Old words.'; }
		else
		{
			my ($status, $type, $body, $more) = @{ $answers{$path} // [ 404, 'text/html', '' ] };
			print $client "HTTP/1.1 $status X\r\n", $more // '', $type ne '' ? "Content-Type: $type\r\n" : '', 'Content-Length: ', length($body), "\r\nConnection: close\r\n\r\n$body";
		}
		close $client;
		POSIX::_exit(0);
	}
	POSIX::_exit(0);
}
$listener->close;
END { kill 'KILL', $server if $server; }

sub asked { my ($path) = @_; return scalar grep { $_ eq $path } split /\n/, slurp_file($log) }

my $node = new_node('main');
$node->safe_psql('va', "SELECT voiceagent.set_setting('$_->[0]', '$_->[1]')")
  foreach [ 'knowledge_private_hosts', "127.0.0.1:$port" ], [ 'knowledge_page_timeout', '2 seconds' ], [ 'knowledge_page_tries', '1' ];
my $tenant = create_tenant($node, 'va', 'Pages');
my $other = create_tenant($node, 'va', 'Others');

# A page that the tenant has already needs a name of its own.
my %added;

sub add
{
	my ($path, $of, $language) = @_;
	my $again = $added{($of // $tenant) . $path}++;
	return as_tenant($node, 'va', $of // $tenant, "SELECT voiceagent.add_knowledge_page('http://127.0.0.1:$port$path', name := "
		  . ($again ? "'Again $again $path'" : 'NULL') . ", language := '" . ($language // 'en-US') . "')");
}

sub ends
{
	my ($id, $status, $why, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	wait_for_sql($node, 'va', "SELECT status FROM voiceagent.knowledge_documents WHERE document_id = $id AND status <> 'fetching'", $status, $name, 90);
	my $reason = $node->safe_psql('va', "SELECT status_reason FROM voiceagent.knowledge_documents WHERE document_id = $id");
	return defined $why ? like($reason, $why, "... and says why") : is($reason, '', '... without a complaint');
}

sub wait_asked
{
	my ($path, $times, $name) = @_;
	my $until = time + 90;
	sleep 0.05 while time < $until && asked($path) < $times;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return cmp_ok(asked($path), '>=', $times, $name);
}

# ---- a page becomes passages ----

my $page = add('/page');
ends($page, 'ready', undef, 'a page is read by a worker');
is_sql($node, 'va', "SELECT name, kind, version FROM voiceagent.knowledge_documents WHERE document_id = $page", 'Roofs & more|page|1', '... and named by its title');
is_sql($node, 'va', "SELECT string_agg(heading || ': ' || replace(body, E'\\n', '/'), ' | ' ORDER BY passage) FROM voiceagent.knowledge_passages WHERE document_id = $page",
	'Prices: A roof costs 9,000 euros. | Prices > Guarantee: - ten years/- on everything', '... its headings and words, and no script or menu');
ends(my $latin = add('/latin', $tenant, 'de-DE'), 'ready', undef, 'a page in another encoding is read');
is_sql($node, 'va', "SELECT body FROM voiceagent.knowledge_passages WHERE document_id = $latin", "Stra\xc3\x9fe und D\xc3\xa4cher", '... letter by letter');
ends(my $text = add('/text'), 'ready', undef, 'a page of plain text is read');

# ---- what is no page ----

ends(add('/pdf'), 'failed', qr/says application\/pdf/, 'another type is refused');
ends(add('/untyped'), 'failed', qr/nothing of its type/, 'so is none');
ends(add('/empty'), 'failed', qr/the document is empty/, 'a page without words is none');
my $before = asked('/page');
ends(add('/moved'), 'failed', qr/302: redirects are not followed/, 'a redirect is not followed');
is(asked('/page'), $before, '... to nowhere');
ends(add('/gone'), 'failed', qr/HTTP status 404/, 'a page that is not there');

# ---- bounds: size, time, address; a slow server holds up nobody else ----

ends(add('/stall'), 'failed', qr/time|Time/, 'a server that stalls is left');
$node->safe_psql('va', "SELECT voiceagent.set_setting('knowledge_page_timeout', '1 minute')");
my $stall = add('/stall');
wait_asked('/stall', 2, 'another one is asked');
my $large = add('/large', $other);
my $quick = add('/text', $other);
ends($quick, 'ready', undef, 'a page of another tenant comes while one stalls');
ends($large, 'failed', qr/the answer is too large/, '100 MB are not read');
is_sql($node, 'va', "SELECT status FROM voiceagent.knowledge_documents WHERE document_id = $stall", 'fetching', '... and nobody has waited for the one that stalls');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.delete_knowledge($stall)");
$node->restart;
$node->safe_psql('va', "SELECT voiceagent.set_setting('allowed_private_hosts', '127.0.0.1:1')");
my ($code, $out, $err) = $node->psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($tenant); SELECT voiceagent.add_knowledge_page('http://127.0.0.1:1/x')");
like($err, qr/cannot be used/, 'an address of our own network is refused at once, also one that accounts may post to');
($code, $out, $err) = $node->psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($tenant); SELECT voiceagent.add_knowledge_page('file:///etc/passwd')");
like($err, qr/cannot be used/, 'so is what is no http');
$node->safe_psql('va', "SELECT voiceagent.set_setting('knowledge_private_hosts', NULL)");
as_tenant($node, 'va', $tenant, "SELECT voiceagent.refresh_knowledge_page($page)");
ends($page, 'failed', qr/no longer allows this host/, 'a host that is allowed no more is not asked');
is_sql($node, 'va', "SELECT version, passages FROM voiceagent.knowledge_documents WHERE document_id = $page", '1|2', '... and what was read of it stays');
my $private = as_tenant($node, 'va', $tenant, "SELECT voiceagent.add_knowledge_page('https://localhost.localdomain:$port/page')");
ends($private, 'failed', qr/^the host's address is not allowed, or there is none/, 'a name that leads into our own network is not followed there');
$node->safe_psql('va', "SELECT voiceagent.set_setting('knowledge_private_hosts', '127.0.0.1:$port')");

# ---- nothing leaves before the commit; what is rolled back is not asked for ----

$node->safe_psql('va', "BEGIN; SELECT voiceagent_private.set_tenant($tenant); SELECT voiceagent.add_knowledge_page('http://127.0.0.1:$port/never'); SELECT pg_sleep(0.3); ROLLBACK");
is(asked('/never'), 0, 'a page that was asked for in vain is not fetched');

# ---- versions, tries, deletion ----

my $changing = add('/changing');
ends($changing, 'ready', undef, 'a page that will change');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.refresh_knowledge_page($changing)");
ends($changing, 'ready', undef, '... is read again');
is_sql($node, 'va', "SELECT version FROM voiceagent.knowledge_documents WHERE document_id = $changing", '1', '... and is the same version while it says the same');
append_to_file("$outside/changed", '');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.refresh_knowledge_page($changing)");
ends($changing, 'ready', undef, '... changed');
is_sql($node, 'va', "SELECT version, (SELECT body FROM voiceagent.knowledge_passages p WHERE p.document_id = d.document_id) FROM voiceagent.knowledge_documents d WHERE document_id = $changing",
	'2|New words.', '... it is the next');
$node->safe_psql('va', "SELECT voiceagent.set_setting('knowledge_page_tries', '3')");
my $broken = add('/broken');
wait_for_sql($node, 'va', "SELECT claimed, tries, next_at > now() + interval '50 minutes' AND next_at < now() + interval '61 minutes' FROM voiceagent_private.page_fetches WHERE document_id = $broken AND NOT claimed AND tries > 0",
	'f|1|t', 'a server that is busy is asked again when it says, an hour later at most');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.delete_knowledge($broken)");
is_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.page_fetches', '0', '... and not at all once the document is deleted');

# ---- a fair share: slow servers of many tenants take no page of another tenant's ----

$node->safe_psql('va', "SELECT voiceagent.set_setting('knowledge_private_hosts', '127.0.0.1:$port localhost:$port')");
my @slow = map { my $of = create_tenant($node, 'va', "Slow $_"); map { [ $of, add("/stall/$_", $of) ] } 1 .. 3 } 1 .. 5;
my $last = create_tenant($node, 'va', 'Last');
wait_for_sql($node, 'va', 'SELECT count(*) FROM voiceagent_private.page_fetches WHERE claimed', '8', 'of one slow host eight pages are waited for');
my $elsewhere = as_tenant($node, 'va', $last, "SELECT voiceagent.add_knowledge_page('http://localhost:$port/text')");
ends($elsewhere, 'ready', undef, '... and a page of another tenant and host comes');
as_tenant($node, 'va', $_->[0], "SELECT voiceagent.delete_knowledge($_->[1])") foreach @slow;

# ---- a restart: what was on its way is asked for again ----

$node->restart;
my $lost = add('/stall');
wait_asked('/stall', 3, 'a page is on its way');
$node->restart;
wait_asked('/stall', 4, '... and is asked for again after a restart');
as_tenant($node, 'va', $tenant, "SELECT voiceagent.delete_knowledge($lost)");
# ---- long pages: whoever adds many of them waits, and nobody else does ----

my $reading = time;
my $first = add('/long');
ends($first, 'ready', undef, 'a long page is read');
my $took = time - $reading;
my $second = add('/long');
my $short = add('/text', $other);
ends($short, 'ready', undef, 'a page of another tenant comes meanwhile');
my ($at, $after) = map { $node->safe_psql('va', "SELECT extract(epoch FROM updated_at) FROM voiceagent.knowledge_documents WHERE document_id = $_") } $first, $short;
ends($second, 'ready', undef, 'the next long page of the same tenant is read too');
my $next = $node->safe_psql('va', "SELECT extract(epoch FROM updated_at) FROM voiceagent.knowledge_documents WHERE document_id = $second");
cmp_ok($next - $at, '>', 4 * $took, '... but when the others have had most of the time') or diag("$took s, then $at, $after, $next");
cmp_ok($after, '<', $next, '... which they use');
done_testing();
