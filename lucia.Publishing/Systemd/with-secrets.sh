#!/bin/sh
# with-secrets FILE PROGRAM [ARGUMENT]...
# Runs a program with the NAME=value pairs of a file, each ended by a NUL, in its environment. For names such as
# ConnectionStrings__my-db, which neither a shell nor systemd can set. Nothing secret is in any argument.
set -eu
if command -v perl >/dev/null 2>&1; then
  # shellcheck disable=SC2016
  exec perl -e '
    open(my $file, "<", shift) or die "with-secrets: $!\n";
    local $/ = "\0";
    while (<$file>) { chomp; my ($name, $value) = split(/=/, $_, 2); $ENV{$name} = $value; }
    exec { $ARGV[0] } @ARGV or die "with-secrets: $ARGV[0]: $!\n";' "$@"
fi
exec python3 -c '
import os, sys
with open(sys.argv[1], "rb") as file:
    for pair in file.read().split(b"\0"):
        if pair:
            name, _, value = pair.partition(b"=")
            os.environb[name] = value
os.execv(sys.argv[2], sys.argv[2:])' "$@"
