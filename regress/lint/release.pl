# What is released: the archive of a commit is the same bytes whenever and wherever it is made; the SPDX document names what a package
# is linked with, as Debian does, and nothing that is not so; every release has its update, its test and its words in the changelog.
use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use File::Basename qw(basename);
use File::Copy qw(copy);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use JSON::PP;
use Test::More;

sub slurp { open(my $in, '<:raw', $_[0]) or die "$_[0]: $!"; local $/; return scalar <$in>; }
sub put { my ($name, $text) = @_; make_path($name =~ s{/[^/]*$}{}r); open(my $out, '>:raw', $name) or die "$name: $!"; print $out $text; close $out; }

my ($version) = slurp('voiceagent.control') =~ /^default_version = '(.*)'/m;
my $dir = tempdir(CLEANUP => 1);

# ---- releases ----

my $changes = slurp('extension/doc/changelog.md');
my @headings = $changes =~ /^## (\S+)/mg;
is($headings[0], $version, 'the changelog begins with the version of voiceagent.control');
like(slurp('README.md'), qr/\bversion \Q$version\E\b/, '... and README.md says of which version it is');
my @released = map { basename($_) =~ /^voiceagent--([^-]*)\.sql\.gz$/ } glob('sql/updates/voiceagent--*.sql.gz');
cmp_ok(scalar @released, '>=', 1, 'there are releases');
my ($steps) = slurp('Makefile') =~ /^PREVIOUS\s*=\s*(\S+)/m;
foreach my $release (@released)
{
	# A chain of updates leads to this version.
	my ($at, %seen) = ($release);
	while ($at ne $version && !$seen{$at}++) { my ($next) = map { m{--(.*)$} } glob("sql/updates/$at--*"); $at = $next // $at }
	is($at, $version, "$release: its update leads to $version");
	ok((grep { $_ eq $release } @headings), '... the changelog has it');
	ok(-s "regress/fixtures/update-$release.sql.gz", '... there is a database that it left');
	ok((grep { slurp($_) =~ m{fixtures/update-\Q$release\E\.sql\.gz} } glob('regress/t/*.pl')), '... and a test that updates this');
}
ok((grep { $_ eq $steps } @released), 'the release before is one of them');

# ---- the archive ----

SKIP:
{
	skip 'no git', 1 if system('command -v git > /dev/null');
	my @files = ('LICENSE', 'README.md', 'voiceagent.control', (grep { -f } glob('.packaging/*')), 'regress/lib/roots.sh');
	local %ENV = (%ENV, HOME => $dir, GIT_CONFIG_NOSYSTEM => 1, GIT_AUTHOR_DATE => '1700000000 +0000', GIT_COMMITTER_DATE => '1700000000 +0000',
		map { +"GIT_${_}_NAME" => 'nobody', "GIT_${_}_EMAIL" => 'nobody@localhost' } qw(AUTHOR COMMITTER));
	my @archives;
	foreach my $n (1, 2)
	{
		my $clone = "$dir/clone$n";
		foreach my $file (@files) { put("$clone/$file", slurp($file)); chmod((stat $file)[2] & 0777, "$clone/$file") if -x $file; }
		# Another hour, umask and place: nothing of it goes in.
		local $ENV{TZ} = $n == 1 ? 'UTC' : 'Asia/Tokyo';
		my $umask = $n == 1 ? '022' : '077';
		is(system(qq{umask $umask; cd $clone && git init -q . 2> /dev/null && git add -A && git commit -q -m x}), 0, "clone $n");
		system("chmod -R go-rwx $clone") if $n == 2;
		utime(1_600_000_000 * $n % 1_700_000_000, 1_600_000_000, glob("$clone/.packaging/*"));
		chomp($archives[$n] = qx(umask $umask; $clone/.packaging/archive $dir/out$n));
	}
	is(basename($archives[1]), "voiceagent-$version.tar.gz", 'the archive is named by its version');
	is(sha256_hex(slurp($archives[1])), sha256_hex(slurp($archives[2])), '... and made twice it is the same bytes');
	is(join(' ', sort map { s{^voiceagent-\Q$version\E/}{}r } grep { !m{/$} } split /\n/, qx(tar -tzf $archives[1])), join(' ', sort @files), '... with the files of the commit');
	my %state = map { /^(\S+) \S+ +\d+ (\S+ \S+)/ ? ("$1 $2" => 1) : () } grep { /LICENSE|archive$/ } split /\n/, qx(TZ=UTC tar -tvzf $archives[1]);
	is(join('; ', sort keys %state), '-rw-r--r-- 2023-11-14 22:13; -rwxr-xr-x 2023-11-14 22:13', "... their rights, and the commit's time");
	my $refused = sub { my $said = qx($dir/clone1/.packaging/release $dir/none 2>&1); return $? ? $said : "made: $said" };
	put("$dir/clone1/LICENSE", 'changed');
	like($refused->(), qr/changes that are not committed/, 'what is not committed is not released');
	system("cd $dir/clone1 && git checkout -q LICENSE && git tag v0.0.7");
	like($refused->(), qr/has the tag v0\.0\.7, but it is version \Q$version\E/, '... nor a commit under the tag of another version');
}

# ---- SPDX ----

SKIP:
{
	my $server = $ENV{VOICEAGENT_SERVER} or skip 'no installed extension', 1;
	my $pg_config = $ENV{PG_CONFIG} // 'pg_config';
	chomp(my $library = qx($pg_config --pkglibdir));
	skip 'not the server of Debian', 1 unless $library =~ m{^/usr/lib/postgresql/\d+/lib$};
	skip 'no dpkg-dev', 1 if grep { system("command -v $_ > /dev/null") } qw(dpkg-deb objdump gcc);
	$ENV{SOURCE_DATE_EPOCH} = 1700000000;
	my $pack = sub {
		my ($name, $file) = @_;
		put("$dir/$name/DEBIAN/control", "Package: tried\nVersion: 1-1\nArchitecture: all\nMaintainer: Nobody <nobody\@localhost>\nDepends: libc6 (>= 2.1), not-installed-anywhere\nDescription: tried\n");
		make_path("$dir/$name$library");
		copy($file, "$dir/$name$library/voiceagent.so") or die $!;
		put("$dir/$name/usr/share/voiceagent/preact-htm.js", '');
		system("dpkg-deb --root-owner-group -Znone --build $dir/$name $dir/$name.deb > /dev/null") == 0 or die 'no package';
		return "$dir/$name.deb";
	};
	my $package = $pack->('whole', "$server$library/voiceagent.so");
	my $text = qx(.packaging/spdx $package);
	is($?, 0, 'a package has its SPDX document');
	is($text, scalar(qx(TZ=Asia/Tokyo .packaging/spdx $package)), '... made twice it is the same bytes');
	my $document = decode_json($text);
	is("@{$document}{qw(spdxVersion dataLicense SPDXID)} $document->{creationInfo}{created}", 'SPDX-2.3 CC0-1.0 SPDXRef-DOCUMENT 2023-11-14T22:13:20Z', '... of the version and the time that it should have');
	my %package = map { $_->{name} => $_ } @{ $document->{packages} };
	is($package{tried}{checksums}[0]{checksumValue}, sha256_hex(slurp($package)), '... it names the package by its checksum');
	my @lacking;
	foreach my $each (@{ $document->{packages} })
	{
		push @lacking, map { "$each->{name}: $_" } grep { !exists $each->{$_} } qw(SPDXID name downloadLocation licenseDeclared licenseConcluded copyrightText);
		push @lacking, "$each->{name}: $each->{SPDXID}" unless $each->{SPDXID} =~ /^SPDXRef-[A-Za-z0-9.-]+$/;
	}
	my %licence = map { $_->{licenseId} => $_ } @{ $document->{hasExtractedLicensingInfos} };
	push @lacking, map { "no text of $_->{licenseDeclared}" } grep { $_->{licenseDeclared} =~ /^LicenseRef-/ && !$licence{$_->{licenseDeclared}} } values %package;
	my %id = map { $_->{SPDXID} => 1 } $document, values %package;
	push @lacking, map { "@{$_}{qw(spdxElementId relatedSpdxElement)}" } grep { !$id{$_->{spdxElementId}} || !$id{$_->{relatedSpdxElement}} } @{ $document->{relationships} };
	is(join("\n", @lacking), '', '... each package, licence and relation is whole');

	# Against dpkg: each library that is asked for, by its owner and version, under the words of its copyright.
	my ($linked, @wrong) = (0);
	my %kind = map { $_->{relatedSpdxElement} => $_->{relationshipType} } @{ $document->{relationships} };
	foreach my $soname (qx(objdump -p $server$library/voiceagent.so) =~ /NEEDED +(\S+)/g)
	{
		next if $soname =~ /^lib(ubsan|asan|gcc_s)\b/;
		my ($owner) = qx(dpkg -S '*/$soname') =~ /^([^:\s]+)/m;
		my $entry = $package{ $owner // '' } or do { push @wrong, "$soname: no entry"; next };
		chomp(my $installed = qx(dpkg-query -W -f '\${Version}\\n' $owner | head -1));
		push @wrong, "$owner: version $entry->{versionInfo}" if $entry->{versionInfo} ne $installed;
		push @wrong, "$owner: not linked" if $kind{ $entry->{SPDXID} } ne 'DYNAMIC_LINK';
		my $copyright = "/usr/share/doc/$owner/copyright";
		push @wrong, "$owner: another copyright" if -e $copyright && do { utf8::encode(my $quoted = $licence{ $entry->{licenseDeclared} }{extractedText}); $quoted ne slurp($copyright) };
		$linked++;
	}
	is(join("\n", @wrong), '', '... each library stands there as dpkg knows it');
	cmp_ok($linked, '>=', 10, '... and they are many');
	is("$package{'not-installed-anywhere'}{licenseDeclared} " . ($package{'not-installed-anywhere'}{versionInfo} // 'none'), 'NOASSERTION none', '... of what is not installed nothing is asserted');
	is($package{htm}{licenseDeclared}, 'Apache-2.0', '... and what the package carries of others is named');

	put("$dir/nobody.c", "int nobody(void);\nint nobody(void) { return 1; }\n");
	put("$dir/user.c", "int nobody(void);\nint user(void);\nint user(void) { return nobody(); }\n");
	system("cd $dir && gcc -shared -fPIC -o libnobodys.so nobody.c && gcc -shared -fPIC -o user.so user.c -L. -lnobodys") == 0 or die 'no libraries';
	like(scalar(qx(.packaging/spdx @{[ $pack->('strange', "$dir/user.so") ]} 2>&1)), qr/no package owns libnobodys\.so/, 'a library that no package owns is an error');
	isnt($?, 0, '... and there is no document');
}
done_testing();
