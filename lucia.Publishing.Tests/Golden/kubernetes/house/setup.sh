#!/bin/sh
# Prepares the base of lucia for `kubectl apply -k`: writes base/.env and one file per secret in base/secrets/.
# What is there stays. A value that cannot be generated comes from the environment variable of its name, or is asked for.
# Usage: ./setup.sh
set -eu
umask 077
cd "$(dirname "$0")"
case ${1:-} in
  '') ;;
  -h | --help)
    sed -n '2,/^# Usage/s/^# //p' "$(basename "$0")"
    exit 0 ;;
  *)
    echo "setup.sh: '$1' is not known; see --help." >&2
    exit 2 ;;
esac
missing=''
# Writes LENGTH random characters of a tr(1) set, with at least so many lower-case letters, capitals, digits and others.
generate_secret() {
  while :; do
    candidate=$(head -c 65536 /dev/urandom | LC_ALL=C tr -dc "$2" | cut -c "1-$1")
    [ "$(count_characters "$candidate" 'a-z')" -ge "$3" ] || continue
    [ "$(count_characters "$candidate" 'A-Z')" -ge "$4" ] || continue
    [ "$(count_characters "$candidate" '0-9')" -ge "$5" ] || continue
    [ "$(count_characters "$candidate" '_.~-')" -ge "$6" ] || continue
    printf '%s' "$candidate"
    return
  done
}

count_characters() {
  printf '%s' "$1" | LC_ALL=C tr -dc "$2" | wc -c
}

# secret KEY VARIABLE ABOUT (required | optional | COMMAND...): one file per secret.
secret() {
  key=$1 variable=$2 about=$3
  shift 3
  if [ -s "base/secrets/$key" ]; then
    # An editor ends a file in a new line, which is no part of the secret.
    [ -n "$(tail -c 1 "base/secrets/$key")" ] || {
      value=$(cat "base/secrets/$key")
      printf '%s' "$value" >"base/secrets/$key"
    }
    return 0
  fi
  eval "value=\${$variable:-}"
  if [ -z "$value" ]; then
    case $1 in
      required)
        value=$(ask "$variable" "$about")
        [ -n "$value" ] || missing="$missing
  $variable: $about" ;;
      optional) ;;
      *) value=$("$@") ;;
    esac
  fi
  printf '%s' "$value" >"base/secrets/$key"
}

# ask VARIABLE ABOUT: what a person types, without showing it; nothing when nobody is there.
ask() {
  [ -t 0 ] || return 0
  printf '%s\n%s: ' "$2" "$1" >&2
  trap 'stty echo' EXIT
  trap 'exit 130' INT TERM
  stty -echo
  IFS= read -r answer || answer=''
  printf '\n' >&2
  printf '%s' "$answer"
}

complain() {
  [ -z "$missing" ] || {
    printf 'setup.sh: these values are missing; set the environment variables and run it again:%s\n' "$missing" >&2
    exit 1
  }
}

# Makes .env of .env.example, or adds what is new in it.
prepare_settings() {
  [ -e base/.env ] || cp base/.env.example base/.env
  [ -z "$(tail -c 1 base/.env)" ] || echo >>base/.env
  grep '^[A-Za-z_][A-Za-z0-9_]*=' base/.env.example | while IFS= read -r line; do
    grep -q "^${line%%=*}=" base/.env || printf '%s\n' "$line" >>base/.env
  done
}

mkdir -p base/secrets
prepare_settings
secret redis-password REDIS_PASSWORD 'The password of Redis.' generate_secret 32 'A-Za-z0-9' 0 0 0 0
secret chat-model CHAT_MODEL 'The chat model as a connection string.' required
secret embedding-model EMBEDDING_MODEL 'The embedding model as a connection string.' optional
secret home-assistant-access-token HOME_ASSISTANT_ACCESS_TOKEN 'A long-lived access token of Home Assistant.' optional
secret auth-api-key AUTH_API_KEY 'The key that callers of the API and the chat page need.' generate_secret 40 'A-Za-z0-9' 0 0 0 0
complain
{
  printf '%s' 'appendonly yes
maxmemory 256mb
maxmemory-policy noeviction
requirepass "'
  printf '%s' "$(cat base/secrets/redis-password)"
  printf '%s' '"
'
} >base/secrets/redis.usr-local-etc-redis-redis.conf

echo "Ready: kubectl apply -k $PWD/base (or overlays/dev, overlays/ha)"
