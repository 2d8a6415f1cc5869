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
  there=no value=''
  # An editor ends a file in a new line, which is no part of the secret.
  [ ! -f "base/secrets/$key" ] || there=yes value=$(cat "base/secrets/$key")
  if is_blank "$value"; then
    eval "value=\${$variable:-}"
  fi
  if is_blank "$value"; then
    case $1 in
      required)
        value=$(ask hidden "$variable" "$about")
        ! is_blank "$value" || missing="$missing
  $variable: $about" ;;
      # Whoever left it out once is not asked again.
      optional) [ "$there" = yes ] || value=$(ask hidden "$variable" "$about (Optional; press Enter for none.)") ;;
      *) value=$("$@") ;;
    esac
  fi
  printf '%s' "$value" >"base/secrets/$key"
}

is_blank() {
  case $1 in *[![:space:]]*) return 1 ;; esac
}

# ask (hidden | shown) VARIABLE ABOUT: what a person types; nothing when nobody is there.
ask() {
  [ -t 0 ] || return 0
  printf '\n%s\n%s: ' "$3" "$2" >&2
  if [ "$1" = hidden ]; then
    trap 'stty echo' EXIT
    trap 'exit 130' INT TERM
    stty -echo
  fi
  IFS= read -r answer || answer=''
  [ "$1" = shown ] || printf '\n' >&2
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

# setting VARIABLE: its value in .env.
setting() {
  sed -n "s/^$1=//p" base/.env | tail -n 1
}

# offer_setting VARIABLE ABOUT: asks for what may stay empty, once.
offer_setting() {
  [ "$fresh" = yes ] && [ -z "$(setting "$1")" ] || return 0
  eval "value=\${$1:-}"
  [ -n "$value" ] || value=$(ask shown "$1" "$2 (Optional; press Enter for none.)")
  is_blank "$value" || set_setting "$1" "$value"
}

# set_setting VARIABLE VALUE: in its line of .env, or in a new one.
set_setting() {
  grep -q "^$1=" base/.env || printf '%s=\n' "$1" >>base/.env
  value=$2 awk -v name="$1" 'index($0, name "=") == 1 { print name "=" ENVIRON["value"]; next } { print }' base/.env >base/.env.new
  mv base/.env.new base/.env
}

mkdir -p base/secrets
fresh=yes
[ ! -e base/.env ] || fresh=no
prepare_settings
offer_setting HOME_ASSISTANT_BASE_URL 'Address of Home Assistant. Example: http://homeassistant.local:8123'
secret redis-password REDIS_PASSWORD 'The password of Redis.' generate_secret 32 'A-Za-z0-9' 0 0 0 0
secret chat-model CHAT_MODEL 'The chat model as a connection string. Example: Endpoint=http://host.docker.internal:11434/v1;Model=qwen3:8b;Provider=ollama' required
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
