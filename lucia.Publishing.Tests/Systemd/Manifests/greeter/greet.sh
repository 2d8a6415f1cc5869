#!/bin/sh
# Greets by way of Redis, whose password it has from no argument. $2 is the port.
set -eu
[ -s "$CREDENTIALS_DIRECTORY/Greeter__Key" ]
echo "greeting: $Greeter__Word; text: $Greeter__Text; key of $(wc -c <"$CREDENTIALS_DIRECTORY/Greeter__Key")"
echo "here" >"$HOME/kept"
exec sleep infinity
