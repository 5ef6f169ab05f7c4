# Told.pm   what the drivers of eval share: an analysis that says what is true of a talk, a private server that judges
# talks, and the figures that goals.pl prints beside their goals.
package Told;
use strict;
use warnings;

use Exporter 'import';
use JSON::PP ();
use open qw(:encoding(UTF-8));

our @EXPORT = qw(moment outcome_data literal judged figure tags);
my $json = JSON::PP->new->canonical->allow_nonref;

sub tags
{
	return (en => 'en-US', es => 'es-ES', fr => 'fr-FR', de => 'de-DE', it => 'it-IT');
}

sub moment
{
	my ($time) = @_;
	return $time =~ /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d))?/ ? (date => $1, defined $2 ? (time => $2) : ()) : ();
}

# Our own names for what is told in a model's words: a person may ask for an opt-out, all else must be borne out.
sub outcome_data
{
	my ($told) = @_;
	my ($outcome, $time) = map { $told->{$_} // '' } qw(outcome time);
	my %data;
	$data{do_not_call} = $told->{opt_out} ? JSON::PP::true : JSON::PP::false if exists $told->{opt_out};
	$data{do_not_call} = JSON::PP::true if $outcome eq 'do_not_call';
	$data{wrong_number} = JSON::PP::true if $outcome eq 'wrong_number';
	$data{appointment} = { booked => JSON::PP::true, moment($time) } if $outcome eq 'scheduled';
	$data{callback} = { requested => JSON::PP::true, moment($time) } if $outcome eq 'callback';
	$data{interest} = 'high' if $outcome =~ /^(interested|scheduled)$/;
	$data{interest} = 'none' if $outcome eq 'not_interested';
	return %data;
}

sub literal
{
	my ($text) = map { ref $_ ? $json->encode($_) : $_ } @_;
	return 'NULL' unless defined $text;
	return "'" . ($text =~ s/'/''/gr) . "'";
}

# The JSON objects, by id, that a script prints in lines beginning with "@", run in the database of a private server.
sub judged
{
	my ($server, $script) = @_;
	my $file = "/tmp/eval-script.$$";
	my %found;
	open my $out, '>', $file or die "eval: $file: $!\n";
	print $out $script;
	close $out;
	open my $read, '-|', "regress/lib/server psql '$server' -qAtX < '$file'" or die "eval: psql: $!\n";
	while (<$read>)
	{
		next unless /^\@(.*)/;
		my $got = $json->decode($1);
		$found{ $got->{id} } = $got;
	}
	close $read or die "eval: psql failed\n";
	unlink $file;
	return %found;
}

# One of the figures of goals.pl, as measured without an analysis (rules), with one (analysis), or in any case (both).
sub figure
{
	my ($name, $author, $value) = @_;
	return unless $ENV{EVAL_FIGURES};
	open my $out, '>>', $ENV{EVAL_FIGURES} or die "eval: $ENV{EVAL_FIGURES}: $!\n";
	print $out join("\t", $name, $author, $value), "\n";
	close $out;
}

1;
