#!/bin/sh
set -eu
env | sed -n 's/^\(ConnectionStrings__my-db\|PLAIN\|Hyphen-ated\)=\(.*\)/\1 \2/p' | sha256sum >"$HOME/seen"
env | grep -c '^ConnectionStrings__my-db=Host=db;Password=...' >"$HOME/count"
exec sleep infinity
