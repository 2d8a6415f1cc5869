#!/bin/sh
# Prepares lucia for docker compose. What is there already is kept, so it may be run again at any time.
set -eu
umask 077

usage() {
  cat <<'EOF'
Usage: ./setup.sh [OPTIONS]

Makes .env from .env.example, generates passwords and asks for what nobody can generate.
A value that is set in the environment under the name it has in .env.example is taken from there.

  --non-interactive   ask for nothing; list what is missing and end with status 1
  --no-engine-check   do not look for docker compose, for preparing on another machine
  --help              show this
EOF
}

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

# Writes the value of a variable of .env, without quotes and comments.
env_value() {
  [ -f .env ] || return 0
  LC_ALL=C awk -v name="$1" '
    { sub(/\r$/, ""); line = $0; sub(/^[ \t]*(export[ \t]+)?/, "", line) }
    index(line, name "=") == 1 { found = 1; text = substr(line, length(name) + 2) }
    END {
      if (!found) exit
      sub(/^[ \t]+/, "", text)
      quote = substr(text, 1, 1)
      if (quote != "\"" && quote != "\047") {
        if (text ~ /^#/) exit
        sub(/[ \t]+#.*$/, "", text)
        sub(/[ \t]+$/, "", text)
        printf "%s", text
        exit
      }
      for (i = 2; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (c == quote) exit
        if (c == "\\" && i < length(text)) {
          c = substr(text, ++i, 1)
          if (quote == "\"") c = c == "n" ? "\n" : c == "r" ? "\r" : c == "t" ? "\t" : (c == "\\" || c == "\"" || c == "$") ? c : "\\" c
          else if (c != quote) c = "\\" c
        }
        printf "%s", c
      }
    }' .env
}

# Quotes a value for .env. Compose would expand a dollar and cut at a hash without quotes.
env_quote() {
  case $1 in
    *[!A-Za-z0-9_./:@%+,=-]*) ;;
    *) printf '%s' "$1"; return ;;
  esac
  if printf '%s' "$1" | LC_ALL=C awk '/[\\\047]/ { special = 1 } END { exit !(special || NR > 1) }'; then
    printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"$]/\\&/g' | awk '{ printf "%s%s", separator, $0; separator = "\\n" }')"
  else
    printf "'%s'" "$1"
  fi
}

# Sets a variable of .env in its place, or at the end. The value is in no program's arguments.
env_set() {
  { printf '%s=' "$1"; env_quote "$2"; printf '\n'; } | LC_ALL=C awk -v name="$1" '
    NR == 1 { setting = $0; next }
    index($0, name "=") == 1 { if (!done) print setting; done = 1; next }
    { print }
    END { if (!done) print setting }' - .env >.env.new
  mv -f .env.new .env
}

fail() {
  printf 'setup.sh: %s\n' "$1" >&2
  exit 1
}

check_engine() {
  command -v docker >/dev/null 2>&1 ||
    fail 'docker is not on PATH. Install Docker Engine 24 or newer with its compose plugin: https://docs.docker.com/engine/install/'
  version=$(docker compose version --short 2>/dev/null) ||
    fail "'docker compose' does not work. Install the compose plugin, 2.20 or newer: https://docs.docker.com/compose/install/linux/"
  version=${version#v}
  major=${version%%.*}
  minor=${version#*.}
  minor=${minor%%.*}
  case $major.$minor in
    *[!0-9.]* | .* | *.) fail "docker compose has the version '$version', which cannot be read; 2.20 or newer is needed." ;;
  esac
  if [ "$major" -lt 2 ] || { [ "$major" -eq 2 ] && [ "$minor" -lt 20 ]; }; then
    fail "docker compose $version is too old; 2.20 or newer is needed: https://docs.docker.com/compose/install/linux/"
  fi
}

# fit_cores NAME CORES: an engine refuses a limit above the cores it has, so the default gives way on a small machine
fit_cores() {
  [ "$engine" = yes ] && [ -z "$(env_value "$1")" ] || return 0
  cores=$(docker info --format '{{.NCPU}}' 2>/dev/null) || cores=''
  case $cores in
    '' | 0 | *[!0-9]*) return 0 ;;
  esac
  if [ "$2" -gt "$cores" ]; then
    env_set "$1" "$cores"
    printf '.env: %s=%s, which is all this machine has\n' "$1" "$cores"
  fi
}

no_folder() {
  [ ! -d "secrets/$1" ] || fail "secrets/$1 is a folder, where a file has to be. Remove it: rmdir secrets/$1"
}

# Standard input becomes secrets/KEY. Any user of a container may read the file; the folder keeps everybody else out.
write_secret() {
  no_folder "$1"
  cat >secrets/.new
  if [ -f "secrets/$1" ] && cmp -s secrets/.new "secrets/$1"; then
    rm -f secrets/.new
  else
    mv -f secrets/.new "secrets/$1"
  fi
  chmod 0444 "secrets/$1"
}

# Sets $value and $origin: from the environment, generated, or typed. Arguments: NAME NEED SHOWN ABOUT [GENERATOR...]
obtain() {
  name=$1 need=$2 shown=$3 about=$4
  shift 4
  eval "value=\${$name-}"
  origin='taken from the environment'
  [ -z "$value" ] || return 0
  if [ $# -gt 0 ]; then
    value=$("$@")
    origin='generated'
    return 0
  fi
  [ "$interactive" = yes ] || return 0
  origin='as you typed it'
  [ "$need" = required ] || about="$about (Optional; press Enter for none.)"
  printf '\n%s\n%s: ' "$about" "$name"
  if [ "$shown" = hidden ] && [ -t 0 ]; then
    echo_off=yes
    stty -echo
    IFS= read -r value || :
    stty echo
    echo_off=no
    printf '\n'
  else
    IFS= read -r value || :
  fi
}

# Whether a file holds more than the line feed that editors leave.
filled() {
  [ -f "$1" ] && [ -n "$(tr -d '[:space:]' <"$1")" ]
}

note_missing() {
  missing="$missing
  $1: $2"
}

# secret_file KEY NAME NEED ABOUT [GENERATOR...]
secret_file() {
  key=$1 name=$2 need=$3 about=$4
  shift 4
  no_folder "$key"
  if filled "secrets/$key" || { [ -f "secrets/$key" ] && [ "$need" = optional ]; }; then
    chmod 0444 "secrets/$key"
    return 0
  fi
  obtain "$name" "$need" hidden "$about" "$@"
  printf '%s' "$value" | write_secret "$key"
  if [ -n "$value" ]; then
    printf 'secrets/%s: %s\n' "$key" "$origin"
  elif [ "$need" = required ]; then
    note_missing "secrets/$key (or $name in the environment)" "$about"
  fi
}

# variable NAME NEED SHOWN ABOUT [GENERATOR...]
variable() {
  [ -z "$(env_value "$1")" ] || return 0
  [ "$2" = required ] || [ "$fresh" = yes ] || return 0
  obtain "$@"
  if [ -n "$value" ]; then
    env_set "$name" "$value"
    printf '.env: %s %s\n' "$name" "$origin"
  elif [ "$need" = required ]; then
    note_missing "$name in .env" "$about"
  fi
}

clean_up() {
  rm -f secrets/.new .env.new
  [ "$echo_off" = no ] || stty echo
}

interactive=yes
engine=yes
echo_off=no
while [ $# -gt 0 ]; do
  case $1 in
    --non-interactive) interactive=no ;;
    --no-engine-check) engine=no ;;
    --help | -h)
      usage
      exit 0
      ;;
    *)
      usage >&2
      fail "there is no option '$1'."
      ;;
  esac
  shift
done

cd "$(dirname "$0")"
[ "$engine" = no ] || check_engine
if [ ! -w . ] || ! mkdir -p secrets 2>/dev/null || [ ! -w secrets ]; then
  fail "the folder '$(pwd)' or secrets in it cannot be written by $(id -un). Copy it to a place of your own, or change its owner."
fi
trap clean_up EXIT
trap 'exit 130' INT TERM
chmod 0700 secrets

fresh=no
if [ ! -f .env ]; then
  cp .env.example .env
  fresh=yes
  printf '.env: made from .env.example\n'
fi
chmod 0600 .env

missing=''
secret_file redis-password REDIS_PASSWORD required 'The password of Redis.' \
  generate_secret 32 'A-Za-z0-9' 0 0 0 0
secret_file chat-model CHAT_MODEL required 'The chat model as a connection string. Example: Endpoint=http://host.docker.internal:11434/v1;Model=qwen3:8b;Provider=ollama'
secret_file embedding-model EMBEDDING_MODEL optional 'The embedding model as a connection string.'
variable HOME_ASSISTANT_BASE_URL optional shown 'Address of Home Assistant. Example: http://homeassistant.local:8123'
secret_file home-assistant-access-token HOME_ASSISTANT_ACCESS_TOKEN optional 'A long-lived access token of Home Assistant.'
secret_file auth-api-key AUTH_API_KEY required 'The key that callers of the API and the chat page need.' \
  generate_secret 40 'A-Za-z0-9' 0 0 0 0
fit_cores OLLAMA_CPUS 4
fit_cores AGENTHOST_CPUS 2

if [ -n "$missing" ]; then
  printf '\nsetup.sh: still missing:%s\nFill them in and run ./setup.sh again.\n' "$missing" >&2
  exit 1
fi

# Values made of others follow them, so run this again after a change.
{
  printf '%s' 'appendonly yes
maxmemory 256mb
maxmemory-policy noeviction
requirepass "'
  printf '%s' "$(cat secrets/redis-password)"
  printf '%s' '"
'
} | write_secret redis-usr-local-etc-redis-redis-conf

printf '\nReady. Settings are in .env. Start with: docker compose up -d --wait\n'
