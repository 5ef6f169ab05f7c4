# VoiceAgentPsql: what psql does for PostgreSQL::Test::Cluster->psql, in this process
#
# To start a psql takes longer than most of what the tests ask: its libraries cost 10 ms of processor time, and every wait asks
# many times.  So plain statements go over a socket of our own, with the same new session for each call, the same output,
# errors and exit codes as `psql -XAtq -v ON_ERROR_STOP=1 -f -`.  Whatever is more than that (backslash commands, COPY with the client,
# variables, other options, other ways to connect) is psql's, as before.
#
#	my $session = VoiceAgentPsql->connect($node, 'va');       # dies with what psql would have said; undef: only psql can
#	my ($status, $out, $err) = $session->run(VoiceAgentPsql::statements('SELECT 1'));     # 0 well, 2 the connection is lost, 3 an error
package VoiceAgentPsql;

use strict;
use warnings;

use IO::Socket::UNIX;
use PostgreSQL::Test::Cluster;
use Socket qw(MSG_NOSIGNAL);

# The statements of a text with the line that each ends in; undef when psql itself is needed.
sub statements
{
	my ($sql) = @_;
	# Each piece costs as much as the text is long: a witness's thousand lines are psql's.
	return undef if length $sql > 10_000;
	return undef if $sql =~ /\bATOMIC\b|\bCOPY\b.*\bSTD(?:IN|OUT)\b|\0/is;
	my ($line, $depth, $text, @found) = (1, 0, '');
	pos($sql) = 0;
	while (pos($sql) < length $sql)
	{
		my $part;
		if ($sql =~ /\G(\s+|--[^\n]*)/gc) { $part = $1; $part = '' if $text eq ''; $line += ($1 =~ tr/\n//); $text .= $part; next; }
		elsif ($sql =~ /\G(\b[eE]'(?:[^'\\]|\\.|'')*')/gcs) { $part = $1 }
		elsif ($sql =~ /\G('(?:[^']|'')*'|"(?:[^"]|"")*")/gcs) { $part = $1 }
		elsif ($sql =~ m{\G(/\*(?:[^/*]|/(?!\*)|\*(?!/))*\*/)}gcs) { $part = $1 }
		elsif ($sql =~ m{\G/\*|\G['"\\]}gc) { return undef }
		elsif ($sql =~ /\G(\$([A-Za-z_]\w*)?\$)/gc)
		{
			my $quote = $1;
			$sql =~ /\G(.*?\Q$quote\E)/gcs or return undef;
			$part = $quote . $1;
		}
		elsif ($sql =~ /\G(::|:=)/gc) { $part = $1 }
		elsif ($sql =~ /\G:["'{\w]/gc) { return undef }
		elsif ($sql =~ /\G([\w\$]+)/gc) { $part = $1 }
		elsif ($sql =~ /\G;/gc)
		{
			if ($depth > 0) { $part = ';' }
			else { push @found, [ "$text;", $line ] if $text ne ''; $text = ''; next; }
		}
		elsif ($sql =~ /\G(.)/gcs) { $part = $1; $depth += $part eq '(' ? 1 : $part eq ')' && $depth > 0 ? -1 : 0; }
		$line += ($part =~ tr/\n//);
		$text .= $part;
	}
	push @found, [ $text, $line ] if $text ne '';
	return \@found;
}

sub send_message
{
	my ($self, $type, $body) = @_;
	my $data = $type . pack('N', 4 + length $body) . $body;
	while (length $data)
	{
		my $n = send($self->{socket}, $data, MSG_NOSIGNAL) // return 0;
		substr($data, 0, $n, '');
	}
	return 1;
}

# (type, body) of the next message; nothing when the server is gone.
sub next_message
{
	my ($self) = @_;
	while (1)
	{
		if (length $self->{read} >= 5)
		{
			my ($type, $length) = unpack('aN', $self->{read});
			if (length $self->{read} > $length)
			{
				my $body = substr($self->{read}, 5, $length - 4);
				substr($self->{read}, 0, $length + 1, '');
				return ($type, $body);
			}
		}
		my $n = sysread($self->{socket}, $self->{read}, 65536, length $self->{read});
		next if !defined $n && $!{EINTR};
		return () unless $n;
	}
}

sub fields { return map { substr($_, 0, 1) => substr($_, 1) } grep { length } split /\0/, $_[0] }

# As psql shows an error or a notice; with the statement, where in it.
sub shown
{
	my ($fields, $statement) = @_;
	my $text = "$fields->{S}:  $fields->{M}\n";
	if (defined $statement && defined $fields->{P})
	{
		my $before = substr($statement, 0, $fields->{P} - 1);
		my $nr = 1 + ($before =~ tr/\n//);
		my $head = "LINE $nr: ";
		my $column = length($before =~ s/.*\n//sr);
		$text .= $head . ((split /\n/, $statement, -1)[ $nr - 1 ] =~ tr/\t/ /r) . "\n" . ' ' x (length($head) + $column) . "^\n";
	}
	$text .= "DETAIL:  $fields->{D}\n" if defined $fields->{D};
	$text .= "HINT:  $fields->{H}\n" if defined $fields->{H};
	$text .= "QUERY:  $fields->{q}\n" if defined $fields->{q};
	$text .= "CONTEXT:  $fields->{W}\n" if defined $fields->{W} && $fields->{V} ne 'NOTICE' && $fields->{V} ne 'WARNING' && $fields->{V} ne 'INFO';
	return $text;
}

# A new session; undef when it needs more than we can do.
sub connect
{
	my ($class, $node, $database, $user) = @_;
	my %env = $node->_get_env();
	my $path = $node->host . '/.s.PGSQL.' . $node->port;
	my $self = bless { socket => IO::Socket::UNIX->new(Peer => $path), read => '' }, $class;
	die "psql: error: connection to server on socket \"$path\" failed: $!\n\tIs the server running locally and accepting connections on that socket?\n"
	  unless defined $self->{socket};
	my %of = (
		user => $user // $env{PGUSER} // scalar getpwuid($>),
		database => $database,
		application_name => $env{PGAPPNAME} // 'psql',
		options => $env{PGOPTIONS},
		client_encoding => $env{PGCLIENTENCODING},
		TimeZone => $env{PGTZ},
		DateStyle => $env{PGDATESTYLE});
	my $startup = pack('N', 196608) . join('', map { defined $of{$_} ? "$_\0$of{$_}\0" : () } sort keys %of) . "\0";
	send($self->{socket}, pack('N', 4 + length $startup) . $startup, MSG_NOSIGNAL);
	while (my ($type, $body) = $self->next_message)
	{
		return $self if $type eq 'Z';
		return undef if $type eq 'R' && unpack('N', $body) != 0;
		die "psql: error: connection to server on socket \"$path\" failed: " . shown({ fields($body) }) if $type eq 'E';
	}
	die "psql: error: connection to server on socket \"$path\" failed: server closed the connection unexpectedly\n"
	  . "\tThis probably means the server terminated abnormally\n\tbefore or while processing the request.\n";
}

# One statement: its status, rows as psql writes them, and what psql says.
sub statement
{
	my ($self, $sql, $prefix) = @_;
	my ($status, $out, $err, $rows) = (0, '', '', '');
	if ($self->send_message('Q', "$sql\0"))
	{
		while (my ($type, $body) = $self->next_message)
		{
			return ($status, $out, $err) if $type eq 'Z';
			if ($type eq 'D')
			{
				my ($n, $rest) = unpack('na*', $body);
				my ($at, @values) = (0);
				for (1 .. $n)
				{
					my $length = unpack('N', substr($rest, $at, 4));
					$at += 4;
					push @values, $length == 0xffffffff ? '' : substr($rest, $at, $length);
					$at += $length unless $length == 0xffffffff;
				}
				$rows .= join('|', @values) . "\n";
			}
			# A statement that fails shows no row.
			elsif ($type eq 'C') { $out .= $rows }
			elsif ($type eq 'E')
			{
				my %fields = fields($body);
				$err .= "$prefix: " . shown(\%fields, $sql);
				$status = 3;
			}
			elsif ($type eq 'N') { $err .= "$prefix: " . shown({ fields($body) }, $sql) }
		}
	}
	$err .= "$prefix: server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally\n\tbefore or while processing the request.\n"
	  . "$prefix: error: connection to server was lost\n";
	return (2, $out, $err);
}

sub run
{
	my ($self, $statements, $goes_on) = @_;
	my ($status, $out, $err) = (0, '', '');
	foreach my $one (@$statements)
	{
		my @said = $self->statement($one->[0], "psql:<stdin>:$one->[1]");
		$out .= $said[1];
		$err .= $said[2];
		$status = $said[0] if $said[0];
		last if $said[0] == 2 || ($said[0] && !$goes_on);
	}
	# Without ON_ERROR_STOP psql ends well.
	$status = 0 if $status == 3 && $goes_on;
	return ($status, $out, $err);
}

sub close
{
	my ($self) = @_;
	$self->send_message('X', '');
	# psql has gone when its backend has: a test may count sessions, or drop the database.
	while ($self->next_message) { }
	return CORE::close($self->{socket});
}

# The statements of a text, where we can ask them there; undef when psql is needed.
sub plainly
{
	my ($node, $database, $sql) = @_;
	utf8::encode($sql) if utf8::is_utf8($sql);
	return $node->host !~ m{^/} || $database =~ /[= ]|:/ ? undef : statements($sql);
}

my $psql = \&PostgreSQL::Test::Cluster::psql;

# psql itself, for a comparison.
sub real { return $psql->(@_) }

sub instead
{
	my ($node, $database, $sql, %params) = @_;
	my ($user, @more) = (undef, @{ $params{extra_params} // [] });
	($user, @more) = @more[ 1 .. $#more ] if @more >= 2 && $more[0] eq '-U';
	my $others = grep { !/^(?:on_error_stop|on_error_die|stdout|stderr|extra_params)$/ } keys %params;
	my $statements = $others || @more ? undef : plainly($node, $database, $sql);
	return undef unless defined $statements;
	my ($status, $out, $err) = (2, '', '');
	my $session = eval { VoiceAgentPsql->connect($node, $database, $user) };
	if ($@ ne '') { $err = $@ }
	elsif (!defined $session) { return undef }
	else
	{
		($status, $out, $err) = $session->run($statements, !($params{on_error_stop} // 1));
		$session->close unless $status == 2;
	}
	chomp($out, $err);
	return [ $status, $out, $err ];
}

{
	no warnings 'redefine';
	*PostgreSQL::Test::Cluster::psql = sub {
		my ($node, $database, $sql, %params) = @_;
		my $said = instead(@_);
		return $psql->(@_) unless defined $said;
		my ($status, $out, $err) = @$said;
		# Where nobody asks for it, psql's own words go where ours do.
		if (defined $params{stdout}) { ${ $params{stdout} } = $out } elsif (!wantarray) { print STDOUT "$out\n" if $out ne '' }
		if (defined $params{stderr}) { ${ $params{stderr} } = $err } elsif (!wantarray) { print STDERR "$err\n" if $err ne '' }
		if ($status && $params{on_error_die})
		{
			die "connection error: '$err'\nwhile running 'psql' with sql '$sql'" if $status == 2;
			die "error running SQL: '$err'\nwhile running 'psql' with sql '$sql'";
		}
		return wantarray ? ($status, $out, $err) : $status;
	};
}

1;
