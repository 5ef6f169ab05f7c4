# What is packed, without a download: META.json by PGXN's specification of such files (version 1.0.0), and a Debian package of
# the installed files, by its list and its fields.  `make check-package` tries the package in a fresh Debian.
use strict;
use warnings;
use File::Basename qw(basename);
use File::Copy qw(copy);
use File::Find;
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use JSON::PP;
use Test::More;

sub slurp { open(my $in, '<', $_[0]) or die "$_[0]: $!"; local $/; return scalar <$in>; }

my ($control) = map { +{ /^(\w+)\s*=\s*'(.*)'$/mg } } slurp('voiceagent.control');
my $version = $control->{default_version};

# ---- META.json ----

my $semver = qr/(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?/;
my $range = qr/(?:(?:[=!]=|[<>]=?)\s*)?(?:$semver|0)/;
my %license = map { $_ => 1 } qw(agpl_3 apache_1_1 apache_2_0 artistic_1 artistic_2 bsd freebsd gfdl_1_2 gfdl_1_3 gpl_1 gpl_2 gpl_3 lgpl_2_1 lgpl_3_0
  mit mozilla_1_0 mozilla_1_1 openssl perl_5 postgresql qpl_1_0 ssleay sun zlib open_source restricted unrestricted unknown);

# A rule takes a value and its place and returns what is wrong with it.
sub text_like { my ($what, $pattern) = @_; return sub { defined $_[0] && !ref $_[0] && $_[0] =~ /^(?:$pattern)$/ ? () : "$_[1]: not $what" }; }
sub list_of
{
	my ($rule) = @_;
	return sub {
		my ($list, $at) = @_;
		my %seen;
		return "$at: not a list of something" unless ref $list eq 'ARRAY' && @$list;
		return ((map { $rule->($list->[$_], "$at\[$_]") } 0 .. $#$list), map { $seen{$_}++ ? "$at: $_ twice" : () } @$list);
	};
}
sub one_or_list { my ($rule) = @_; return sub { (ref $_[0] eq 'ARRAY' ? list_of($rule) : $rule)->(@_) }; }
sub map_of
{
	my ($key, $rule) = @_;
	return sub {
		my ($map, $at) = @_;
		return "$at: not an object of something" unless ref $map eq 'HASH' && %$map;
		return map { ($key->($_, "$at.$_"), $rule->($map->{$_}, "$at.$_")) } sort keys %$map;
	};
}
# required: these; some: one of these at least.  Members x_... are anybody's.
sub object
{
	my ($rules, %asked) = @_;
	return sub {
		my ($map, $at) = @_;
		return "$at: not an object" unless ref $map eq 'HASH';
		return ((map { exists $map->{$_} ? () : "$at: no $_" } @{$asked{required} // []}),
			(!$asked{some} || grep({ exists $map->{$_} } @{$asked{some}}) ? () : "$at: none of @{$asked{some}}"),
			map { $rules->{$_} ? $rules->{$_}->($map->{$_}, "$at.$_") : /^[xX]_./ ? () : "$at.$_: unknown" } sort keys %$map);
	};
}

my $text = text_like('a text', qr/.+/s);
my $term = text_like('a name', qr{[^/\\\s[:cntrl:]]{2,}});
my $path = text_like('a path within', qr{(?!/)(?!.*\.\.).{2,}});
my $uri = text_like('a URI', qr{[a-z][a-z0-9+.-]*:\S+});
my $is_version = text_like('a semantic version', $semver);
my $relations = map_of($term, text_like('a range of versions', qr/$range(?:,\s*$range)*/));
my @relations = qw(requires recommends suggests conflicts);
my @phases = qw(configure build test runtime develop);
my $phase = object({ map { $_ => $relations } @relations }, some => \@relations);
my $files = one_or_list($path);
my $meta_rules = object({
	name => $term, version => $is_version, abstract => $text, description => $text, generated_by => $text, maintainer => one_or_list($text),
	license => sub { ref $_[0] eq 'HASH' ? map_of($text, $uri)->(@_) : one_or_list(sub { $license{$_[0] // ''} ? () : "$_[1]: not a licence that PGXN knows" })->(@_) },
	provides => map_of($term, object({ file => $path, version => $is_version, abstract => $text, docfile => $path, docpath => $text }, required => [qw(file version)])),
	'meta-spec' => object({ version => text_like('1.0.x', qr/1\.0\.\d+/), url => text_like('its address', qr{https?://pgxn\.org/meta/spec\.txt}) }, required => ['version']),
	release_status => text_like('stable, testing or unstable', qr/stable|testing|unstable/),
	tags => list_of(text_like('a tag', qr{[^/\\[:cntrl:]]{2,255}})),
	prereqs => object({ map { $_ => $phase } @phases }, some => \@phases),
	no_index => object({ file => $files, directory => $files }, some => [qw(file directory)]),
	resources => object({
		homepage => $uri, bugtracker => object({ web => $uri, mailto => text_like('an address', qr/\S+@\S+/) }, some => [qw(web mailto)]),
		repository => object({ url => $uri, web => $uri, type => text_like('a kind', qr/[a-z]+/) }, some => [qw(url web)]) }, some => [qw(homepage bugtracker repository)]),
}, required => [qw(name version abstract maintainer license provides meta-spec)]);

my $source = slurp('.packaging/META.json');
my $meta = decode_json($source);
is(join("\n", $meta_rules->($meta, 'META.json')), '', 'META.json follows its specification');

# Each of these has something wrong; values are JSON.
my @missed;
foreach my $change (['version', '"0.1"'], ['name', '"voice agent"'], ['license', '"postgres"'], ['license', '[]'], ['maintainer', '[]'], ['provides', '{}'],
	['provides', '{"voiceagent": {"file": "voiceagent.control"}}'], ['provides', '{"voiceagent": {"file": "../x", "version": "1.0.0"}}'],
	['meta-spec', '{"version": "2.0.0"}'], ['tags', '["a"]'], ['tags', '["aa", "aa"]'], ['prereqs', '{"runtime": {}}'], ['prereqs', '{"runtime": {"requires": {"PostgreSQL": "15"}}}'],
	['release_status', '"new"'], ['abstract', 'null'], ['color', '"blue"'], ['resources', '{}'])
{
	my $broken = { %$meta, $change->[0] => JSON::PP->new->allow_nonref->decode($change->[1]) };
	push @missed, "@$change" unless () = $meta_rules->($broken, 'META.json');
}
foreach my $key (qw(name version abstract maintainer license provides meta-spec))
{
	my $broken = {%$meta};
	delete $broken->{$key};
	push @missed, "no $key" unless () = $meta_rules->($broken, 'META.json');
}
is("@missed", '', '... and what does not is noticed');

my $semantic = $version =~ /^\d+\.\d+$/ ? "$version.0" : $version;
is_deeply([$meta->{version}, $meta->{provides}{voiceagent}{version}], [$semantic, $semantic], 'its versions are that of voiceagent.control');
is($meta->{abstract}, $control->{comment}, '... and so is what it says of the extension');
is(join(' ', grep { !-e } map { @{$_}{qw(file docfile)} } values %{$meta->{provides}}), '', '... and the files that it names exist');
is_deeply([ sort keys %{$meta->{prereqs}{runtime}{requires}} ], [ sort 'PostgreSQL', split /,\s*/, $control->{requires} ], '... and it asks for what the extension asks for');

# ---- the archive for PGXN ----

my $archives = tempdir(CLEANUP => 1);
chomp(my $archive = qx(.packaging/pgxn $archives));
my @inside = map { /^(\S+) / ? $1 : () } split /\n/, qx(python3 -m zipfile -l $archive);
is(basename($archive), "voiceagent-$semantic.zip", 'the archive for PGXN is named by its version');
is(join(' ', grep { my $file = $_; !grep { $_ eq "voiceagent-$semantic/$file" } @inside } qw(META.json Makefile voiceagent.control README.md LICENSE sql/00_kernel/00_guard.sql extension/init.c)), '',
	'... META.json lies at its top, beside the sources');
is(join(' ', grep { m{^voiceagent-[^/]+/(\.git|\.build|results|tmp_check)/|\.(o|so|bc)$|^voiceagent-[^/]+/voiceagent--[^/]*\.sql$} } @inside), '', '... and nothing that was built');

# ---- the Debian package ----

SKIP:
{
	my $server = $ENV{VOICEAGENT_SERVER} or skip 'no installed extension', 1;
	# The server that was copied, not the copy.
	my $pg_config = $ENV{PG_CONFIG} // 'pg_config';
	chomp(my $library = qx($pg_config --pkglibdir));
	my ($major) = $library =~ m{^/usr/lib/postgresql/(\d+)/lib$} or skip 'not the server of Debian', 1;
	skip 'no dpkg-dev', 1 if grep { system("command -v $_ > /dev/null") } qw(dpkg-deb dpkg-shlibdeps dpkg-gencontrol);
	my $dir = tempdir(CLEANUP => 1);
	my @installed;
	find({ no_chdir => 1, wanted => sub { push @installed, s{^\Q$server\E}{}r if -f && m{/voiceagent(?:[^/]*$|/)} && !m{/bitcode/} } }, "$server/usr");
	foreach my $file (@installed)
	{
		make_path("$dir/stage" . ($file =~ s{/[^/]*$}{}r));
		copy("$server$file", "$dir/stage$file") or die "$file: $!";
	}
	@ENV{qw(SOURCE_DATE_EPOCH COMPRESSION)} = (1700000000, 'none');
	my @packages = map { my $n = $_; my $path = qx(.packaging/deb $dir/stage $dir/$n 2> $dir/errors); chomp $path; $path } 1, 2;
	ok($packages[0] ne '' && -s $packages[0], 'a Debian package is made of what is installed') or do { diag(slurp("$dir/errors")); skip 'no package', 1; };
	like(basename($packages[0]), qr/^postgresql-$major-voiceagent_\Q$version\E-\d+_\w+\.deb$/, '... of its version');
	is(slurp($packages[0]), slurp($packages[1]), '... and again, byte for byte');
	my %there = map { $_ => 1 } map { m{^-\S+ root/root .* \.(/\S+)$} ? $1 : m{^d\S+ root/root } ? () : ("not root's: $_") } split /\n/, qx(dpkg-deb -c $packages[0]);
	my @documents = grep { m{^/usr/share/doc/postgresql-$major-voiceagent/} } keys %there;
	delete @there{@documents};
	is_deeply([ sort keys %there ], [ sort @installed ], 'it has the files that are installed, and documents');
	is(join(' ', grep { my $name = $_; !grep { /\/\Q$name\E$/ } @documents } qw(copyright changelog.Debian.gz README.Debian README.md architecture.md)), '', '... no document is missing');
	system('dpkg-deb', '-x', $packages[0], "$dir/unpacked") == 0 or die 'the package cannot be unpacked';
	my @dead;
	foreach my $page (grep { /\.md$/ } @documents)
	{
		# Code shows links that are none.
		(my $text = slurp("$dir/unpacked$page")) =~ s/^```.*?^```$|`[^`\n]*`//gms;
		foreach my $target ($text =~ /\]\(([^()\s#]+)/g)
		{
			push @dead, "$page: $target" unless $target =~ /^https?:/ || -e "$dir/unpacked" . ($page =~ s{[^/]+$}{}r) . $target;
		}
	}
	is(join("\n", @dead), '', '... and the links of the documents lead to others of them');
	my ($depends) = qx(dpkg-deb -f $packages[0] Depends) =~ /(.*)/;
	my %depends = map { /^([^\s(]+)/ ? ($1 => 1) : () } split /,\s*/, $depends;
	my @needed = grep { !/^lib(ubsan|asan|gcc_s)\b/ } qx(objdump -p $dir/stage$library/voiceagent.so) =~ /NEEDED +(\S+)/g;
	# The package needs the owners of the libraries.
	my @owned = map { m{^([^:\s]+)[^/]*/(?:.*/)?([^/]+)$} ? [ $1, $2 ] : () } split /\n/, qx(dpkg -S @{[ map { "'*/$_'" } @needed ]} 2> /dev/null);
	my @lacking = grep { my $library = $_; !grep { $_->[1] eq $library && $depends{$_->[0]} } @owned } @needed;
	is("@lacking", '', 'it depends on the package of each library that it is linked with');
	is(join(' ', grep { !$depends{$_} } "postgresql-$major", 'libwebsockets-evlib-uv', 'ca-certificates'), '', '... on its server, and on what is only loaded');
	unlike(qx(dpkg-deb -I $packages[0]; dpkg-deb -I $packages[0] control prerm; dpkg-deb --fsys-tarfile $packages[0] | tar -xOf - ./usr/share/doc/postgresql-$major-voiceagent/README.Debian), qr/\@[A-Z]+\@/,
		'no place is left to fill in');
}
done_testing();
