#!/bin/sh
# Prepares the base of shop for `kubectl apply -k`: writes base/.env and one file per secret in base/secrets/.
# What is there stays. A value that cannot be generated comes from the environment variable of its name, or is asked for.
# Usage: ./setup.sh [--sources DIR]    DIR: the manifest's folder, whose files are mounted; default ..
set -eu
umask 077
cd "$(dirname "$0")"
sources=..
while [ $# -gt 0 ]; do
  case $1 in
    --sources)
      [ $# -gt 1 ] || { echo 'setup.sh: --sources needs a folder.' >&2; exit 2; }
      sources=$2
      shift ;;
    -h | --help)
      sed -n '2,/^# Usage/s/^# //p' "$(basename "$0")"
      exit 0 ;;
    *)
      echo "setup.sh: '$1' is not known; see --help." >&2
      exit 2 ;;
  esac
  shift
done
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

# Percent-encodes every byte that RFC 3986 does not leave alone.
uri_encode() {
  printf '%s' "$1" | od -An -v -tu1 | LC_ALL=C awk '{
    for (i = 1; i <= NF; i++) {
      c = $i + 0
      if ((c >= 48 && c <= 57) || (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c == 45 || c == 46 || c == 95 || c == 126)
        printf "%c", c
      else
        printf "%%%02X", c
    }
  }'
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

require_setting() {
  [ -z "$(setting "$1")" ] || return 0
  eval "value=\${$1:-}"
  [ -n "$value" ] || value=$(ask shown "$1" "$2")
  if is_blank "$value"; then
    missing="$missing
  $1: $2"
    return 0
  fi
  set_setting "$1" "$value"
}

# set_setting VARIABLE VALUE: in its line of .env, or in a new one.
set_setting() {
  grep -q "^$1=" base/.env || printf '%s=\n' "$1" >>base/.env
  value=$2 awk -v name="$1" 'index($0, name "=") == 1 { print name "=" ENVIRON["value"]; next } { print }' base/.env >base/.env.new
  mv base/.env.new base/.env
}

begin_gathering() {
  patches=''
  cat >base/secrets/mounts/kustomization.yaml <<'EOF'
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
secretGenerator:
EOF
}

# gather NAME SOURCE (file | folder) TARGET [KIND OBJECT CONTAINER]: copies a file or the files of a folder, lists them, and sees to it that
# the container mounts at TARGET what is there.
gather() {
  case $2 in /*) from=$2 ;; *) from=$sources/$2 ;; esac
  rm -rf "base/secrets/mounts/$1"
  mkdir -p "base/secrets/mounts/$1"
  if [ -f "$from" ]; then
    is=file item=$(basename "$4")
    cp "$from" "base/secrets/mounts/$1/$item"
  elif [ -d "$from" ]; then
    is=folder item=null
    find "$from" -mindepth 1 -maxdepth 1 -type f -exec cp {} "base/secrets/mounts/$1/" \;
    [ -z "$(find "$from" -mindepth 1 -type d)" ] || echo "setup.sh: folders below '$from' are left out: a Secret is flat." >&2
  else
    missing="$missing
  --sources: '$from' is not there"
    return 0
  fi
  if [ "$is" != "$3" ] && [ $# -gt 4 ]; then
    mount_as "$item" "$4" "$5" "$6" "$7"
  elif [ "$is" != "$3" ]; then
    missing="$missing
  --sources: '$from' is a $is, and was published as a $3; say so in bindMounts of the deployment profile"
  fi
  printf '  - name: %s\n    files:\n' "$1" >>base/secrets/mounts/kustomization.yaml
  for file in "base/secrets/mounts/$1"/*; do
    [ ! -e "$file" ] || printf '      - "%s/%s"\n' "$1" "$(basename "$file")" >>base/secrets/mounts/kustomization.yaml
  done
}

# mount_as ITEM TARGET KIND OBJECT CONTAINER: a patch that mounts one item at TARGET, or all of them (null).
mount_as() {
  patches="$patches
  - target:
      kind: $3
      name: $4
    patch: |-
      apiVersion: apps/v1
      kind: $3
      metadata:
        name: $4
      spec:
        template:
          spec:
            containers:
              - name: $5
                volumeMounts:
                  - mountPath: $2
                    subPath: $1"
}

end_gathering() {
  [ -z "$patches" ] || printf 'patches:%s\n' "$patches" >>base/secrets/mounts/kustomization.yaml
}

mkdir -p base/secrets
prepare_settings
require_setting OUTSIDE_TCP_HOST 'What outside.bindings.tcp.host is where this is deployed.'
secret cache-password CACHE_PASSWORD 'The parameter '\''cache-password'\''.' generate_secret 22 'A-Za-z0-9' 0 0 0 0
secret db-password DB_PASSWORD 'The parameter '\''db-password'\''.' generate_secret 30 'A-Za-z0-9_.~-' 0 0 0 0
complain
{
  uri_encode "$(cat base/secrets/cache-password)"
} >base/secrets/cache-password.uri

mkdir -p base/secrets/mounts
begin_gathering
gather native-mount-etc-native ../config folder /etc/native Deployment native native
complain
end_gathering

echo "Ready: kubectl apply -k $PWD/base (or overlays/dev, overlays/ha)"
