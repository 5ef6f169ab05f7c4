# Which room names which: arrows between the rooms of the C code (by #include) and of sql/ (by the names of objects).
package Rooms;
use strict;
use warnings;

use File::Basename qw(dirname);

# The rooms of sql/ without which the core stands.
our @outer = qw(81 82 83 84 85 86 87 88 89 92 94 96);

# The room of a C file: extension/core, extension/pure/text, bgworkers/outbound, ...; of extension/init.c: extension.
sub of_c
{
	my ($file) = @_;
	my $room = dirname($file);
	return $room;
}

# (from => {to => ["file", ...]}) of the C files: {path => text}.  A header that no file of ours is counts not.
sub c_arrows
{
	my ($texts) = @_;
	my %arrows;
	foreach my $file (sort keys %$texts)
	{
		while ($texts->{$file} =~ /^\s*#\s*include\s+"([^"]+)"/mg)
		{
			my ($header) = grep { exists $texts->{$_} } dirname($file) . "/$1", "extension/$1", "bgworkers/$1";
			next if !defined $header || of_c($header) eq of_c($file);
			push @{ $arrows{ of_c($file) }{ of_c($header) } }, "$file: $1";
		}
	}
	return \%arrows;
}

# The room of each object of sql/: {path => text} -> {object => room}.
sub homes
{
	my ($texts) = @_;
	my %home;
	foreach my $file (sort keys %$texts)
	{
		my ($room) = $file =~ m{^sql/(\d\d)_};
		$home{$1} //= $room
		  while $texts->{$file} =~ /^CREATE (?:OR REPLACE )?(?:UNLOGGED )?(?:FUNCTION|PROCEDURE|TABLE|VIEW|SEQUENCE|TYPE|DOMAIN)\s+(voiceagent(?:_\w+)?\.\w+)/gm;
	}
	return \%home;
}

# References between the rooms of sql/: {path => text} -> {"from->to" => ["file: object", ...]}.
sub sql_references
{
	my ($texts) = @_;
	my %found;
	my $home = homes($texts);
	foreach my $file (sort keys %$texts)
	{
		my ($room) = $file =~ m{^sql/(\d\d)_};
		my $text = $texts->{$file};
		# What is said of an object is no use of it.
		$text =~ s/^COMMENT ON [^;']*?IS\s+'(?:[^']|'')*';//gms;
		$text =~ s/--.*//g;
		while ($text =~ /\b(voiceagent(?:_\w+)?\.\w+)/g)
		{
			my $other = $home->{$1} // next;
			push @{ $found{"$room->$other"} }, "$file: $1" if $other ne $room;
		}
	}
	return \%found;
}

1;
