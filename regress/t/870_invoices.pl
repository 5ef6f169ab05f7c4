# What is bought is invoiced by itself, told by webhook and mail, and made a PDF with its font in it, which says what that font cannot show.
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use VoiceAgent;

my $node = new_node('main');
my $tenant = create_tenant($node, 'va', 'Buyer', credits => 0);
my $pack = $node->safe_psql('va', q{SELECT voiceagent.create_credit_pack('Hundred', 100, '{"EUR": 25.00}')});
$node->safe_psql('va', q{SELECT voiceagent.set_tax_rate('DE', 19, 'USt', '2020-01-01', 'a test');
	SELECT voiceagent.set_seller('Voice GmbH', 'Am Weg 1', 'DE', 'INV', '{embedded}', 'DE123456789')});
sub as { return as_tenant($node, 'va', $tenant, $_[0]) }

# Han and Arabic letters are not in the font, or would be wrong in it.
as(q{SELECT voiceagent.set_billing_details(U&'K\00E4ufer \6F22\6F22 \0645', E'Stra\u00DFe 3\n10115 Berlin', 'DE', email => 'buyer@example.com', language => 'de')});
my $order = as("SELECT order_id FROM voiceagent.buy($pack)");
is(as("SELECT voiceagent.pay_embedded($order)"), 'paid', 'an order is paid');
wait_for_sql($node, 'va', "SELECT count(*) FROM (SELECT voiceagent_private.set_tenant($tenant)) s, LATERAL (SELECT number FROM voiceagent.my_invoices()) i", '1', 'its invoice comes by itself', 60);
is(as('SELECT number, total FROM voiceagent.my_invoices()'), 'INV-1|29.75', '... with the tax that was paid');
wait_for_sql($node, 'va', "SELECT status FROM voiceagent.mails WHERE tenant_id = $tenant AND kind = 'invoice'", 'sent', '... and is mailed', 60);
like(as('SELECT voiceagent.invoice(invoice_id) FROM voiceagent.my_invoices()'), qr/Käufer 漢漢 م/, 'its text has every letter');

sub pdf { return as("SELECT d.state, substr(encode(d.pdf, 'escape'), 1, 5), octet_length(d.pdf), d.lacks FROM voiceagent.my_invoices() i, voiceagent.invoice_pdf(i.invoice_id) d") }
is(pdf(), 'being made|||', 'a PDF is made when it is asked for');
wait_for_sql($node, 'va', "SELECT pdf IS NOT NULL FROM voiceagent_private.invoice_documents WHERE tenant_id = $tenant", 't', '... by a process of its own', 60);
like(pdf(), qr/^made\|%PDF-\|\d+\|漢م$/, '... and says what its font cannot show');
my $hex = as("SELECT encode(d.pdf, 'hex') FROM voiceagent.my_invoices() i, voiceagent.invoice_pdf(i.invoice_id) d");
my $bytes = pack 'H*', $hex;
like($bytes, qr{/FontFile2}, 'the font is in it');
like($bytes, qr{DejaVuSansMono}, '... which is DejaVu Sans Mono');
like($bytes, qr{%%EOF\s*\z}, '... and it is whole');
SKIP:
{
	skip 'pdftotext is not on the PATH', 1 if system('command -v pdftotext > /dev/null') != 0;
	my $file = PostgreSQL::Test::Utils::tempdir() . '/invoice.pdf';
	open(my $out, '>:raw', $file) or die $!;
	print $out $bytes;
	close $out;
	my $text = qx(pdftotext -layout -enc UTF-8 $file -);
	my $expected = as('SELECT voiceagent.invoice(invoice_id) FROM voiceagent.my_invoices()') =~ s/漢|م/?/gr;
	is($text =~ s/\s+/ /gr =~ s/\s\z//r, $expected =~ s/\s+/ /gr =~ s/\s\z//r, 'its words are those of the text');
}

# ---- what cannot be made says so ----

$node->safe_psql('va', "SELECT voiceagent.set_setting('invoice_font', '/nowhere/font.ttf'); DELETE FROM voiceagent_private.invoice_documents WHERE tenant_id = $tenant");
pdf();
wait_for_sql($node, 'va', "SELECT problem LIKE 'the font \"/nowhere/font.ttf\" cannot be read%' FROM voiceagent_private.invoice_documents WHERE tenant_id = $tenant", 't', 'without its font a document is not made', 60);
like(pdf(), qr/^failed: the font/, '... and says so');
is($node->safe_psql('va', 'SELECT count(*) FROM voiceagent.invariants()'), '0', 'all is well');
$node->stop;
done_testing();
