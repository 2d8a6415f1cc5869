#!/bin/sh
# Installs lucia on a host with systemd 249 or newer. Made by lucia-publish; see README.md or ./install.sh --help.
set -eu

app='lucia'
version='0.1.0'
opt='/opt/lucia'
etc='/etc/lucia'
units='lucia.service lucia-redis.service lucia.target'
quadlets=''
services='lucia lucia-redis'
optional=''
images=''
bundle_files='units/lucia.service units/lucia-redis.service units/lucia.target lucia.env.example'
applications='app/lucia.AgentHost'
external_usage='  --external-redis    use your own redis, and do not run lucia-redis.service (--own-redis goes back)
'

# Calls $1 with each secret: NAME, whether it is required, and the command that generates it.
each_credential() {
  "$1" redis-password optional generate_secret 40 'A-Za-z0-9' 0 0 0 0
  "$1" chat-model required
  "$1" embedding-model optional
  "$1" home-assistant-access-token optional
  "$1" auth-api-key optional generate_secret 40 'A-Za-z0-9' 0 0 0 0
}

# Calls $1 with each setting that has no default.
each_required_setting() {
  :
}

# Calls $1 with each setting that an own server in place of the bundle's needs: SERVICE and NAME.
each_external_setting() {
  "$1" lucia-redis ConnectionStrings__redis
}

# Calls $1 with each server of the host's packages: SERVICE, NAME, names it may have, packages.
each_program() {
  "$1" lucia-redis redis-server 'redis-server valkey-server redis6-server' 'redis-server redis valkey'
}

# Calls $1 with each port of the host: SERVICE, PORT and the variable that changes it.
each_port() {
  "$1" lucia 5000 LUCIA_PORT
  "$1" lucia-redis 6380
}

# Calls $1 with each health check: SERVICE, ADDRESS, PORT, its variable and PATH.
each_check() {
  "$1" lucia 127.0.0.1 5000 'LUCIA_PORT' /health/ready
}

# Calls $1 with each program that can examine itself: SERVICE and the arguments that make it.
each_doctor() {
  :
}

# Writes the services that the service $1 uses.
waits_for() {
  case $1 in
    lucia) echo 'lucia-redis' ;;
    *) ;;
  esac
}

# Writes the distribution's own units of the service $1.
stands_in_for() {
  case $1 in
    lucia-redis) echo 'redis.service redis-server.service valkey.service' ;;
    *) ;;
  esac
}

# Writes the service that an own $1 takes the place of.
replaceable() {
  case $1 in
    redis) echo 'lucia-redis' ;;
    *) return 1 ;;
  esac
}

# Makes the files that join secrets with other text.
compose_all() {
  {
text 'bind 127.0.0.1
port 6380
supervised systemd
daemonize no
dir /var/lib/lucia-redis
requirepass "'; secret redis-password; text '"
appendonly yes
maxmemory 256mb
maxmemory-policy noeviction
'
} | composed lucia-redis.redis.conf
}

# Hands the containers' secrets to Podman.
podman_secrets() {
  :
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

# What follows is the same for every application.

usage() {
  cat <<USAGE
Installs $app $version as systemd services.

Usage: ./install.sh [COMMAND] [OPTION]...

Commands:
  install     install, or bring an installation up to this bundle (the default)
  upgrade     like install, but only over an existing installation; goes back by itself when the new version does not start
  rollback    go back to the release that ran before
  uninstall   remove services and program; settings, credentials and data stay
  doctor      say what is wrong with the installation, and how to mend it
  status      show the state of every service
  set NAME    read the secret NAME from standard input and keep it; 'set' alone lists the names

Options:
  --no-start          install, but start nothing
$external_usage  --purge             with uninstall: remove settings, credentials and data too
  --dry-run           say what would be done, and do nothing
  --root DIR          install below DIR (for images and tests); nothing is started
  -h, --help          this help

Settings: $etc/$app.env     Credentials: $etc/credentials/     Program: $opt/current/
USAGE
}

say() { printf '%s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
problem() { printf 'error: %s\n' "$*" >&2; problems=$((problems + 1)); }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# Does it, or says so in a dry run.
run() {
  if [ -n "$dry_run" ]; then
    say "would run: $*"
  else
    "$@"
  fi
}

systemctl_here() {
  if [ -n "$root" ]; then
    [ -z "$dry_run" ] || say "would run: systemctl $*"
    return 0
  fi
  run systemctl "$@"
}

# ---- Settings and credentials -------------------------------------------------------------------

# Writes the value a variable has in the environment file, or its default.
setting() {
  value=$2
  if [ -f "$root$etc/$app.env" ]; then
    line=$(grep -E "^[[:space:]]*$1=" "$root$etc/$app.env" | tail -n 1 || :)
    if [ -n "$line" ]; then
      value=${line#*=}
      case $value in
        \"*\") value=${value#\"}; value=$(printf '%s' "${value%\"}" | sed 's/\\\(["\\`$]\)/\1/g') ;;
        \'*\') value=${value#\'}; value=${value%\'} ;;
      esac
    fi
  fi
  printf '%s' "$value"
}

text() { printf '%s' "$1"; }

# A credential without the line feed that editors leave at its end.
secret() { printf '%s' "$(cat "$root$etc/credentials/$1")"; }

# Whether a file holds more than the line feed that editors leave.
filled() { [ -f "$1" ] && [ -n "$(tr -d '[:space:]' <"$1")" ]; }

# NAME=value for an environment file.
env_line() {
  printf '%s="%s"\n' "$1" "$(printf '%s' "$2" | sed 's/["\\`$]/\\&/g')"
}

# Keeps standard input as a file only root can read; a file that is the same already is left alone.
keep() {
  if [ -n "$dry_run" ]; then
    cat >/dev/null
    say "would write: $1"
    return 0
  fi
  (umask 077 && cat >"$scratch/kept")
  if [ -f "$1" ] && cmp -s "$1" "$scratch/kept"; then
    chmod 0600 "$1"
  else
    (umask 077 && cat "$scratch/kept" >"$1.new")
    mv -f "$1.new" "$1"
  fi
  rm -f "$scratch/kept"
}

composed() { keep "$root$etc/composed/$1"; }

make_credential() {
  file=$root$etc/credentials/$1
  ! filled "$file" || { [ -n "$dry_run" ] || chmod 0600 "$file"; return 0; }
  shift 2
  if [ $# -gt 0 ]; then
    "$@" | keep "$file"
  elif [ ! -e "$file" ]; then
    # A file that is not there keeps the service from starting; an empty one means not set.
    : | keep "$file"
  fi
}

list_credential() {
  state="set"
  filled "$root$etc/credentials/$1" || state='not set'
  printf '  %-32s %-9s %s\n' "$1" "$2" "$state"
}

miss_credential() {
  if [ "$2" = required ] && ! filled "$root$etc/credentials/$1"; then
    missing="$missing
  $1: ./install.sh set $1   (or write it to $etc/credentials/$1)"
  fi
}

miss_setting() {
  if [ -z "$(setting "$1" '')" ]; then
    missing="$missing
  $1: in $etc/$app.env"
  fi
}

miss_external_setting() { ! is_external "$1" || miss_setting "$2"; }

find_missing() {
  missing=
  each_credential miss_credential
  each_required_setting miss_setting
  each_external_setting miss_external_setting
}

# ---- Checks before the first change -------------------------------------------------------------

systemd_version() { systemctl --version 2>/dev/null | sed -n '1s/^systemd \([0-9]*\).*/\1/p'; }

check_host() {
  [ "$(id -u)" = 0 ] || problem "this needs root. Run: sudo ./install.sh $command"
  if ! has systemctl; then
    problem 'systemd is not here. This bundle is for a host that runs systemd; use the compose or Kubernetes files elsewhere.'
    return 0
  fi
  found=$(systemd_version)
  if [ "${found:-0}" -lt 249 ]; then
    problem "systemd ${found:-(unknown)} is too old: 249 or newer is needed (Ubuntu 22.04, Debian 12, RHEL 9)."
  fi
}

check_bundle() {
  for file in $bundle_files; do
    [ -f "$here/$file" ] || problem "the bundle is not complete: $file is missing. Unpack it again."
  done
  for file in $applications; do
    if [ ! -f "$here/$file" ]; then
      problem "the application is not in the bundle: $file is missing. Run ./build-bundle.sh where the sources are, or use a release's bundle."
    elif [ ! -x "$here/$file" ]; then
      problem "$file may not be executed. Unpack the bundle with its modes (tar -xpf)."
    elif [ "$(head -c 4 "$here/$file" | od -An -tx1 | tr -d ' ')" = 7f454c46 ]; then
      check_machine "$file"
    fi
  done
}

check_machine() {
  case $(od -An -tu1 -j 18 -N 1 "$here/$1" | tr -d ' ') in
    62) made_for=x86_64 ;;
    183) made_for=aarch64 ;;
    *) return 0 ;;
  esac
  [ "$(uname -m)" = "$made_for" ] || problem "$1 is made for $made_for; this machine is $(uname -m). Take the bundle for this machine."
}

# Only an application that does not bring its own .NET has a runtimeconfig.json that asks for one.
check_dotnet() {
  [ -d "$here/app" ] || return 0
  find "$here/app" -name '*.runtimeconfig.json' | sort | while IFS= read -r file; do
    grep -q includedFrameworks "$file" || tr -d ' \r\n' <"$file" | grep -o '"name":"[^"]*","version":"[0-9]*\.[0-9]*' | tr -d '"' | sed 's/^name://; s/,version:/ /'
  done | sort -u >"$scratch/frameworks"
  [ -s "$scratch/frameworks" ] || return 0
  dotnet=
  for candidate in "$(command -v dotnet || :)" /usr/share/dotnet/dotnet /usr/lib/dotnet/dotnet /usr/lib64/dotnet/dotnet; do
    if [ -x "$candidate" ]; then
      dotnet=$candidate
      break
    fi
  done
  : >"$scratch/runtimes"
  [ -z "$dotnet" ] || "$dotnet" --list-runtimes >"$scratch/runtimes" 2>/dev/null || :
  while read -r name wanted; do
    if ! grep -q "^$name $wanted\." "$scratch/runtimes"; then
      problem "$name $wanted is not installed, and this bundle does not bring it. Install it (Debian, Ubuntu, RHEL: aspnetcore-runtime-$wanted), or take the self-contained bundle."
    fi
  done <"$scratch/frameworks"
}

# A bundle brings .NET, but not the libraries of the system that .NET loads.
check_libraries() {
  [ -d "$here/app" ] && has ldconfig || return 0
  find "$here/app" -name '*.runtimeconfig.json' -exec grep -l includedFrameworks {} + >"$scratch/bringing" || :
  [ -s "$scratch/bringing" ] || return 0
  ldconfig -p >"$scratch/libraries"
  need_library libstdc++ '^libstdc[+][+]6$' libstdc++
  need_library libssl '^libssl3(t64)?$' openssl-libs
  while IFS= read -r file; do
    if ! grep -q '"System.Globalization.Invariant": *true' "$file"; then
      need_library libicuuc '^libicu[0-9]+$' libicu
      return 0
    fi
  done <"$scratch/bringing"
}

# need_library NAME PATTERN-OF-DEBIAN-PACKAGE OTHER-PACKAGE
need_library() {
  ! grep -qF "$1.so" "$scratch/libraries" || return 0
  remedy="install $3"
  if has apt-cache; then
    package=$(apt-cache search --names-only "$2" 2>/dev/null | cut -d ' ' -f 1 | sort | tail -n 1)
    remedy="apt-get install ${package:-the package that holds it (apt-get update finds its name)}"
  elif has dnf; then
    remedy="dnf install $3"
  fi
  problem "the library $1 is not installed, and .NET cannot run without it. Install it: $remedy"
}

find_program() {
  for candidate in $1; do
    for folder in /usr/local/bin /usr/local/sbin /usr/bin /usr/sbin /bin /sbin; do
      if [ -x "$folder/$candidate" ]; then
        printf '%s' "$folder/$candidate"
        return 0
      fi
    done
  done
}

# need_program SERVICE NAME CANDIDATES PACKAGES
need_program() {
  ! is_external "$1" || return 0
  [ -z "$(find_program "$3")" ] || return 0
  if has apt-get; then
    remedy="apt-get install $(first_package apt-cache "$4")"
  elif has dnf; then
    remedy="dnf install $(first_package dnf "$4")"
  else
    remedy="one of the packages $4"
  fi
  problem "$2 is not installed ($1 runs it; looked for: $3). Install it: $remedy. Its own service may stay off."
}

first_package() {
  for package in $2; do
    case $1 in
      apt-cache) apt-cache show "$package" >/dev/null 2>&1 || continue ;;
      dnf) dnf -q list "$package" >/dev/null 2>&1 || continue ;;
    esac
    printf '%s' "$package"
    return 0
  done
  printf '%s' "${2%% *}"
}

link_program() {
  ! is_external "$1" || return 0
  target=$(find_program "$3")
  [ -n "$target" ] || { [ -n "$root" ] && target=/usr/bin/$2; }
  if [ "$(readlink "$root$opt/bin/$2" 2>/dev/null)" != "$target" ]; then
    run ln -sfn "$target" "$root$opt/bin/$2"
  fi
}

check_podman() {
  [ -n "$quadlets" ] || return 0
  if ! has podman; then
    problem 'podman is not installed; the containers of this application run in it. Install Podman 4.4 or newer.'
    return 0
  fi
  version_of_podman=$(podman --version 2>/dev/null | sed 's/.* //')
  major=${version_of_podman%%.*}
  minor=${version_of_podman#*.}
  minor=${minor%%.*}
  if [ "${major:-0}" -lt 4 ] || { [ "$major" -eq 4 ] && [ "${minor:-0}" -lt 4 ]; }; then
    problem "Podman $version_of_podman is too old: Quadlet units need 4.4 or newer (Debian 13, Ubuntu 24.04, RHEL 9.2)."
  fi
  for image in $images; do
    [ -f "$here/images.tar" ] || podman image exists "$image" 2>/dev/null \
      || problem "the image $image is not here. Build it (./build-bundle.sh), then: podman load -i images.tar"
  done
}

# A port that something else listens at already. /proc/net is there on every host, ss and netstat are not.
check_port() {
  ! is_external "$1" || return 0
  port=$(setting "${3:-$1-}" "$2")
  case $port in
    '' | *[!0-9]*) problem "$3 is '$port', which is no port. Correct it in $etc/$app.env."; return 0 ;;
  esac
  ! systemctl is-active --quiet "$1" 2>/dev/null || return 0
  hex=$(printf '%04X' "$port")
  if cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk -v port=":$hex" '$4 == "0A" && substr($2, length($2) - 4) == port { found = 1 } END { exit !found }'; then
    problem "port $port, which $1 is to listen at, is taken by another program.${3:+ Choose another: $3 in $etc/$app.env.}"
  fi
}

# Names such as my-db, which no shell can export, need one of them.
check_launcher() {
  if [ -f "$here/libexec/with-secrets" ] && ! has perl && ! has python3; then
    problem 'neither perl nor python3 is here; handing over secrets whose names hold a hyphen needs one of them.'
  fi
}

check_space() {
  needed=$(du -sk "$here" | cut -f 1)
  for folder in "$root$opt" "$root/opt" "$root/"; do
    [ -d "$folder" ] || continue
    free=$(df -Pk "$folder" | awk 'NR == 2 { print $4 }')
    [ "$free" -gt $((needed * 2)) ] || problem "$folder has $((free / 1024)) MB free; $((needed * 2 / 1024 + 1)) MB are needed."
    return 0
  done
}

check_all() {
  check_bundle
  if [ -z "$root" ]; then
    check_host
    check_dotnet
    check_libraries
    check_launcher
    each_program need_program
    check_podman
    [ "$problems" -gt 0 ] || each_port check_port
  fi
  check_space
  if [ "$problems" -gt 0 ]; then
    say "Nothing was changed." >&2
    exit 1
  fi
}

# ---- Releases -----------------------------------------------------------------------------------

# The version, and what the files are: two builds of one version are two releases.
release_name() {
  case $here in
    "$root$opt/releases/"*)
      basename "$here"
      return 0
      ;;
  esac
  sum=$(cd "$here" && find . -type f ! -path './.generated' -exec sha256sum {} + | LC_ALL=C sort -k 2 | sha256sum | cut -c 1-12)
  printf '%s-%s' "$version" "$sum"
}

current_release() { basename "$(readlink "$root$opt/current" 2>/dev/null || :)"; }
previous_release() { basename "$(readlink "$root$opt/previous" 2>/dev/null || :)"; }

# Replaces a link in one step, so that there is no moment without it.
point() {
  ln -sfn "releases/$2" "$root$opt/$1.new"
  mv -fT "$root$opt/$1.new" "$root$opt/$1"
}

copy_release() {
  if [ -d "$root$opt/releases/$release" ]; then
    return 0
  fi
  say "Installing $app $release"
  if [ -n "$dry_run" ]; then
    say "would copy: $here to $opt/releases/$release"
    return 0
  fi
  staged=$root$opt/releases/.staged
  rm -rf "$staged"
  mkdir -p "$staged"
  (cd "$here" && tar -cf - .) | (cd "$staged" && tar -xf - --no-same-owner)
  chmod -R u=rwX,go=rX "$staged"
  mv "$staged" "$root$opt/releases/$release"
  staged=
  ! has restorecon || restorecon -RF "$root$opt/releases/$release" 2>/dev/null || :
}

drop_old_releases() {
  kept=0
  for folder in $(cd "$root$opt/releases" && ls -1t); do
    case $folder in
      "$(current_release)" | "$(previous_release)") continue ;;
    esac
    kept=$((kept + 1))
    if [ "$kept" -gt 1 ]; then
      rm -rf "$root$opt/releases/${folder:?}"
    fi
  done
}

unit_folder=/etc/systemd/system
quadlet_folder=/etc/containers/systemd
applied=$etc/composed/.applied

# place FILE FOLDER: copies a unit where it differs.
place() {
  target=$root$2/$(basename "$1")
  if [ ! -f "$target" ] || ! cmp -s "$1" "$target"; then
    if [ -n "$dry_run" ]; then
      say "would write: $target"
    else
      mkdir -p "$root$2"
      cp "$1" "$target.new"
      chmod 0644 "$target.new"
      mv -f "$target.new" "$target"
    fi
  fi
}

unplace() { [ ! -f "$1" ] || run rm -f "$1"; }

# Stops what a unit runs, and takes the unit away.
remove_unit() {
  [ -f "$root$unit_folder/$1" ] || return 0
  systemctl_here disable --now --quiet "$1" || :
  unplace "$root$unit_folder/$1"
  unplace "$root$unit_folder/$1.d/50-external.conf"
  [ -n "$dry_run" ] || rmdir "$root$unit_folder/$1.d" 2>/dev/null || :
}

remove_quadlet() {
  [ -f "$root$quadlet_folder/$1" ] || return 0
  case $1 in
    *.container) systemctl_here stop "$(service_of "$1").service" || : ;;
    *.network) systemctl_here stop "$(service_of "$1")-network.service" || : ;;
  esac
  unplace "$root$quadlet_folder/$1"
}

# drop_units RELEASE UNITS QUADLETS: takes away what a release has and these lists lack. Data stays.
drop_units() {
  for file in "$root$opt/releases/$1/units"/*; do
    unit=$(basename "$file")
    case " $2 " in
      *" $unit "*) ;;
      *) remove_unit "$unit" ;;
    esac
  done
  # Containers before the network they are in.
  for file in "$root$opt/releases/$1/quadlet"/*.container "$root$opt/releases/$1/quadlet"/*; do
    unit=$(basename "$file")
    case " $3 " in
      *" $unit "*) ;;
      *) remove_quadlet "$unit" ;;
    esac
  done
}

service_of() { printf '%s' "${1%.*}"; }

place_units() {
  from=$1
  for unit in $units; do
    if is_external "$(service_of "$unit")"; then
      [ ! -f "$root$unit_folder/$unit" ] || systemctl_here disable --now --quiet "$unit" || :
      unplace "$root$unit_folder/$unit"
    else
      place "$from/units/$unit" "$unit_folder"
    fi
  done
  for unit in $quadlets; do
    if is_external "$(service_of "$unit")"; then
      unplace "$root$quadlet_folder/$unit"
    else
      place "$from/quadlet/$unit" "$quadlet_folder"
    fi
  done
  place_ordering
}

is_external() {
  case " $external " in
    *" $1 "*) return 0 ;;
  esac
  return 1
}

# Own services of the distribution come first when they are used in place of the bundle's.
place_ordering() {
  for service in $services; do
    after=
    for other in $external; do
      case " $(waits_for "$service") " in
        *" $other "*) after="$after $(stands_in_for "$other")" ;;
      esac
    done
    folder=$unit_folder/$service.service.d
    if [ -n "${after# }" ]; then
      printf '[Unit]\nAfter=%s\n' "${after# }" >"$scratch/50-external.conf"
      place "$scratch/50-external.conf" "$folder"
    else
      unplace "$root$folder/50-external.conf"
    fi
  done
}

# ---- Commands -----------------------------------------------------------------------------------

remember() {
  printf '# Choices of the last install; ./install.sh reads them again.\nexternal="%s"\n' "$external" | keep "$root$etc/install.conf"
}

make_folders() {
  for folder in "$opt/bin" "$opt/releases"; do
    [ -d "$root$folder" ] || run mkdir -p "$root$folder"
  done
  for folder in "$etc" "$etc/credentials" "$etc/composed"; do
    [ -d "$root$folder" ] || run mkdir -p "$root$folder"
    [ -n "$dry_run" ] || chmod 0700 "$root$folder"
  done
}

make_settings() {
  if [ ! -f "$root$etc/$app.env" ]; then
    keep "$root$etc/$app.env" <"$here/$app.env.example"
  elif [ -z "$dry_run" ]; then
    chmod 0600 "$root$etc/$app.env"
  fi
  keep "$root$etc/$app.env.example" <"$here/$app.env.example"
  each_credential make_credential
  if [ -n "$dry_run" ]; then
    return 0
  fi
  compose_all
  if [ -z "$root" ] && [ -n "$quadlets" ]; then
    podman_secrets
  fi
}

# podman_secret NAME FILE
podman_secret() {
  printf '%s' "$(cat "$etc/$2")" >"$scratch/secret"
  if [ -f "$etc/composed/.podman.$1" ] && cmp -s "$scratch/secret" "$etc/composed/.podman.$1" && podman secret inspect "$1" >/dev/null 2>&1; then
    rm -f "$scratch/secret"
    return 0
  fi
  podman secret rm "$1" >/dev/null 2>&1 || :
  # Podman refuses an empty secret; a line feed is what means empty.
  [ -s "$scratch/secret" ] || echo >"$scratch/secret"
  podman secret create "$1" "$scratch/secret" >/dev/null
  keep "$etc/composed/.podman.$1" <"$scratch/secret"
  rm -f "$scratch/secret"
}

wanted_services() {
  for service in $services; do
    is_external "$service" || is_optional "$service" || printf '%s\n' "$service.service"
  done
}

start_all() {
  # shellcheck disable=SC2046 # unit names hold no spaces
  systemctl_here enable --quiet $(enabled_units)
  # shellcheck disable=SC2046
  systemctl_here restart $(wanted_services) || return 1
  systemctl_here start "$app.target" || return 1
}

enabled_units() {
  for unit in $units; do
    case $unit in
      *.target | *.service | *.socket) is_external "$(service_of "$unit")" || is_optional "$(service_of "$unit")" || printf '%s\n' "$unit" ;;
    esac
  done
}

is_optional() {
  case " $optional " in
    *" $1 "*) return 0 ;;
  esac
  return 1
}

do_install() {
  release=$(release_name)
  before=$(current_release)
  if [ "$command" = upgrade ] && [ -z "$before" ]; then
    die "$app is not installed. Run: ./install.sh install"
  fi
  check_all
  make_folders
  copy_release
  make_settings
  remember
  each_program link_program
  if [ -z "$dry_run" ] && [ "$before" != "$release" ]; then
    [ -z "$before" ] || point previous "$before"
    point current "$release"
  fi
  if [ -n "$images" ] && [ -f "$here/images.tar" ] && [ -z "$root" ] && [ "$before" != "$release" ]; then
    run podman load --quiet --input "$here/images.tar"
  fi
  [ -z "$before" ] || [ "$before" = "$release" ] || drop_units "$before" "$units" "$quadlets"
  place_units "$here"
  systemctl_here daemon-reload
  find_missing
  if [ -n "$missing" ]; then
    # shellcheck disable=SC2046
    systemctl_here enable --quiet $(enabled_units)
    say "$app is installed, but not started: it needs$missing"
    say "Then run ./install.sh again."
    return 0
  fi
  if [ -n "$no_start" ] || [ -n "$root" ] || [ -n "$dry_run" ]; then
    say "$app $release is installed."
    return 0
  fi
  if [ "$(fingerprint)" = "$(cat "$applied" 2>/dev/null)" ] && all_active; then
    say "$app $release is installed and running; nothing to change."
    return 0
  fi
  rm -f "$applied"
  if start_all && settle; then
    now=$(fingerprint)
    printf '%s\n' "$now" | keep "$applied"
    drop_old_releases
    say "$app $release is running."
    return 0
  fi
  show_failures
  if [ -n "$before" ] && [ "$before" != "$release" ]; then
    warn "$release does not start. Going back to $before."
    go_back "$before" "$release"
    exit 1
  fi
  die "$app does not start. Its logs: journalctl -u '$app*' -b. Everything else is in place; mend the cause and run ./install.sh again."
}

# Everything that the running services were started with.
fingerprint() {
  {
    readlink "$opt/current"
    find "$etc" -type f ! -name '*.example' ! -name '.applied' -exec sha256sum {} + | LC_ALL=C sort -k 2
    for unit in $units; do
      [ ! -f "$unit_folder/$unit" ] || sha256sum "$unit_folder/$unit"
    done
  } | sha256sum | cut -d ' ' -f 1
}

all_active() {
  for unit in $(wanted_services); do
    systemctl is-active --quiet "$unit" || return 1
  done
}

# A service may fail a moment after it said it had started.
settle() {
  for _ in 1 2 3; do
    sleep 1
    all_active || return 1
  done
}

show_failures() {
  for unit in $(wanted_services); do
    systemctl is-active --quiet "$unit" || { warn "$unit is $(systemctl is-active "$unit" || :):"; journalctl --no-pager -o cat -n 15 -u "$unit" >&2 || :; }
  done
}

# go_back TO FROM
go_back() {
  if [ -n "$dry_run" ]; then
    say "would go back to $1"
    return 0
  fi
  folder=$root$opt/releases/$1
  # The release's own script knows its own units.
  for unit in $units; do
    [ -f "$folder/units/$unit" ] || remove_unit "$unit"
  done
  for unit in $quadlets; do
    [ -f "$folder/quadlet/$unit" ] || remove_quadlet "$unit"
  done
  point current "$1"
  point previous "$2"
  options=
  [ -z "$root" ] || options="--root $root"
  [ -z "$no_start" ] || options="$options --no-start"
  # shellcheck disable=SC2086
  sh "$folder/install.sh" install $options
}

do_rollback() {
  check_root
  to=$(previous_release)
  if [ -z "$to" ] || [ ! -d "$root$opt/releases/$to" ]; then
    die "there is no earlier release to go back to."
  fi
  go_back "$to" "$(current_release)"
}

check_root() {
  [ -n "$root" ] || [ "$(id -u)" = 0 ] || die "this needs root. Run: sudo ./install.sh $command"
}

do_uninstall() {
  check_root
  # Also what an earlier release has and this bundle does not.
  all_units=$units
  all_quadlets=$quadlets
  for folder in "$root$opt/releases"/*; do
    for file in "$folder/units"/*; do [ ! -f "$file" ] || all_units="$all_units $(basename "$file")"; done
    for file in "$folder/quadlet"/*; do [ ! -f "$file" ] || all_quadlets="$all_quadlets $(basename "$file")"; done
  done
  for unit in $(printf '%s\n' "$all_units" | tr ' ' '\n' | sort -u); do
    remove_unit "$unit"
  done
  for unit in $(printf '%s\n' "$all_quadlets" | tr ' ' '\n' | sort -u); do
    remove_quadlet "$unit"
  done
  systemctl_here daemon-reload
  systemctl_here reset-failed "$app*" 2>/dev/null || :
  run rm -rf "$root$opt"
  if [ -z "$purge" ]; then
    say "$app is removed. Settings, credentials and data are kept in $etc and /var/lib; 'uninstall --purge' removes them too."
    return 0
  fi
  for service in $services; do
    is_quadlet "$service" || run rm -rf "$root/var/lib/private/$service" "$root/var/lib/$service" "$root/var/cache/private/$service" "$root/var/cache/$service"
  done
  if [ -z "$root" ] && [ -n "$quadlets" ] && has podman; then
    for unit in $quadlets; do
      case $unit in
        *.volume) run podman volume rm -f "systemd-$(service_of "$unit")" || : ;;
        *.network) run podman network rm -f "systemd-$(service_of "$unit")" || : ;;
      esac
    done
    for file in "$etc/composed"/.podman.*; do
      [ ! -f "$file" ] || run podman secret rm "${file##*/.podman.}" || :
    done
  fi
  run rm -rf "$root$etc"
  say "$app, its settings, credentials and data are removed."
}

is_quadlet() {
  case " $quadlets " in
    *" $1.container "*) return 0 ;;
  esac
  return 1
}

do_status() {
  # shellcheck disable=SC2046
  systemctl --no-pager list-units --all "$app.target" $(wanted_services)
}

do_set() {
  if [ -z "$argument" ]; then
    say 'Secrets:'
    each_credential list_credential
    return 0
  fi
  check_root
  known=
  each_credential know_credential
  [ -n "$known" ] || die "there is no secret '$argument'. './install.sh set' lists them."
  [ -d "$root$etc/credentials" ] || die "$app is not installed. Run: ./install.sh install"
  if [ -t 0 ]; then
    printf 'Value of %s: ' "$argument" >&2
    stty -echo
    trap 'stty echo; clean_up' EXIT
    IFS= read -r value || :
    stty echo
    trap clean_up EXIT
    echo >&2
  else
    # Keys and certificates have many lines.
    value=$(cat)
  fi
  printf '%s' "$value" | keep "$root$etc/credentials/$argument"
  if [ -n "$dry_run" ]; then
    return 0
  fi
  compose_all
  say "$argument is kept. Run ./install.sh to put it to use."
}

know_credential() { [ "$1" != "$argument" ] || known=yes; }

ok() { say "ok    $*"; }

bad() {
  say "FAIL  $*"
  problems=$((problems + 1))
}

doctor_credential() {
  file=$root$etc/credentials/$1
  if [ ! -e "$file" ]; then
    bad "$etc/credentials/$1 is missing, so the service cannot start. Run: ./install.sh"
  elif [ "$(stat -c %a "$file")" != 600 ]; then
    bad "$etc/credentials/$1 has mode $(stat -c %a "$file"). Run: chmod 0600 $etc/credentials/$1"
  elif [ "$2" = required ] && ! filled "$file"; then
    bad "the secret $1 is not set. Run: ./install.sh set $1"
  fi
}

doctor_setting() { [ -n "$(setting "$1" '')" ] || bad "$1 is not set in $etc/$app.env."; }

doctor_external_setting() { ! is_external "$1" || doctor_setting "$2"; }

doctor_program() {
  is_external "$1" || [ -x "$opt/bin/$2" ] || bad "$opt/bin/$2 leads nowhere; was the package removed? Run: ./install.sh"
}

# doctor_check SERVICE ADDRESS DEFAULT-PORT PORT-VARIABLE PATH
doctor_check() {
  ! is_external "$1" || return 0
  port=$(setting "${4:-$1-}" "$3")
  if has curl; then
    status=$(curl -s -o /dev/null -m 10 -w '%{http_code}' "http://$2:$port$5" || :)
  elif has wget; then
    status=$(wget -q -S -T 10 -O /dev/null "http://$2:$port$5" 2>&1 | sed -n 's/.*HTTP\/[0-9.]* \([0-9]*\).*/\1/p' | tail -n 1)
  else
    return 0
  fi
  case $status in
    2?? | 3??) ok "$1 answers $5 with $status" ;;
    *) bad "$1 answers $5 with ${status:-nothing}. Its logs: journalctl -u $1 -n 50" ;;
  esac
}

# The lines of a unit that say what its program may do and is given; not when it starts, nor what it keeps.
essence() {
  awk '
    /^\[/ { section = $0; if (section == "[Service]") print; next }
    section != "[Service]" || /^(#|$)/ { next }
    /^(Type|NotifyAccess|Restart|RestartSec|WatchdogSec|Timeout[A-Za-z]*|StateDirectory[A-Za-z]*|SyslogIdentifier)=/ { next }
    /^ExecStart=$/ { print; next }
    /^ExecStart=/ { command = 1 }
    command && !/\\$/ { $0 = $0 " " arguments; command = 0 }
    { print }' arguments="$2" "$1"
}

# doctor_itself SERVICE ARGUMENT...: a program examines itself as the service it is: same user, credentials and restrictions.
doctor_itself() {
  service=$1
  shift
  [ -x "$opt/current" ] && [ -f "$unit_folder/$service.service" ] || return 0
  unit=$service-doctor
  mkdir -p "/run/systemd/system/$unit.service.d"
  {
    printf '[Unit]\nDescription=The doctor of %s\n' "$service"
    essence "$unit_folder/$service.service" "$*"
    printf 'Type=oneshot\nTimeoutStartSec=180\nStandardOutput=file:%s\n' "$scratch/doctor"
  } >"/run/systemd/system/$unit.service"
  for file in "$unit_folder/$service.service.d"/*.conf; do
    [ ! -f "$file" ] || essence "$file" "$*" >"/run/systemd/system/$unit.service.d/$(basename "$file")"
  done
  : >"$scratch/doctor"
  systemctl daemon-reload
  status=0
  systemctl start --quiet "$unit" 2>/dev/null || status=$(systemctl show -p ExecMainStatus --value "$unit")
  systemctl reset-failed "$unit" 2>/dev/null || :
  rm -rf "/run/systemd/system/$unit.service" "/run/systemd/system/$unit.service.d"
  systemctl daemon-reload
  if [ -s "$scratch/doctor" ]; then
    say "$service examines itself:"
    sed 's/^/  /' "$scratch/doctor"
  fi
  [ "$status" = 0 ] || bad "$service is not well (exit code $status)$([ -s "$scratch/doctor" ] || printf '%s' ", and could not say why. Its logs: journalctl -u $unit -n 20")"
}

do_doctor() {
  check_root
  current=$(current_release)
  if [ -z "$current" ]; then
    die "$app is not installed. Run: ./install.sh install"
  fi
  ok "release $current"
  [ "$current" = "$(release_name)" ] || say "note  this bundle is another one: $(release_name)"
  if [ -f "$root$etc/$app.env" ]; then
    [ "$(stat -c %a "$root$etc/$app.env")" = 600 ] || bad "$etc/$app.env can be read by others. Run: chmod 0600 $etc/$app.env"
  else
    bad "$etc/$app.env is missing. Run: ./install.sh"
  fi
  each_credential doctor_credential
  each_required_setting doctor_setting
  each_external_setting doctor_external_setting
  if [ -z "$root" ] && [ -f "$applied" ] && [ "$(fingerprint)" != "$(cat "$applied")" ]; then
    say "note  settings, credentials or units changed after the last start; run ./install.sh to put them to use"
  fi
  if [ -z "$root" ]; then
    each_program doctor_program
    for unit in $units; do
      is_external "$(service_of "$unit")" || cmp -s "$opt/current/units/$unit" "$unit_folder/$unit" || bad "$unit_folder/$unit is not the release's. Use a drop-in (systemctl edit $unit), and run ./install.sh"
    done
    for unit in $(wanted_services); do
      state=$(systemctl is-active "$unit" || :)
      restarts=$(systemctl show -p NRestarts --value "$unit")
      if [ "$state" = active ]; then
        ok "$unit is active${restarts:+ (restarts: $restarts)}"
      else
        bad "$unit is $state. Its logs: journalctl -u $unit -n 50"
      fi
    done
    each_check doctor_check
    each_doctor doctor_itself
  fi
  if [ "$problems" -gt 0 ]; then
    say "$problems problem(s)."
    exit 1
  fi
  say 'All is well.'
}

clean_up() {
  rm -rf "$scratch"
  [ -z "${staged:-}" ] || rm -rf "$staged"
}

command=
argument=
dry_run=
no_start=
purge=
root=
problems=0
staged=
external=
wish=
while [ $# -gt 0 ]; do
  case $1 in
    install | upgrade | rollback | uninstall | doctor | status | set)
      [ -z "$command" ] || [ "$command" = set ] || { say "Only one command, please; see ./install.sh --help" >&2; exit 2; }
      if [ "$command" = set ]; then argument=$1; else command=$1; fi
      ;;
    --no-start) no_start=yes ;;
    --purge) purge=yes ;;
    --dry-run) dry_run=yes ;;
    --root)
      [ $# -gt 1 ] || { say '--root needs a folder.' >&2; exit 2; }
      root=${2%/}
      shift
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    --external-* | --own-*)
      if ! service=$(replaceable "${1#--*-}"); then
        say "Unknown option: $1; see ./install.sh --help" >&2
        exit 2
      fi
      case $1 in
        --external-*) wish="$wish +$service" ;;
        *) wish="$wish -$service" ;;
      esac
      ;;
    *)
      if [ "$command" = set ] && [ -z "$argument" ] && [ "${1#-}" = "$1" ]; then
        argument=$1
      else
        say "Unknown option: $1; see ./install.sh --help" >&2
        exit 2
      fi
      ;;
  esac
  shift
done
command=${command:-install}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
# In memory where that can be, as secrets pass through it.
if [ -w /run ]; then
  scratch=$(mktemp -d "/run/$app.XXXXXX")
else
  scratch=$(mktemp -d)
fi
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if [ -r "$root$etc/install.conf" ]; then
  external=$(sed -n 's/^external="\([a-z0-9 -]*\)"$/\1/p' "$root$etc/install.conf")
fi
for change in $wish; do
  service=${change#?}
  rest=
  for name in $external; do
    [ "$name" = "$service" ] || rest="$rest $name"
  done
  case $change in
    +*) rest="$rest $service" ;;
  esac
  external=${rest# }
done

case $command in
  install | upgrade) do_install ;;
  rollback) do_rollback ;;
  uninstall) do_uninstall ;;
  doctor) do_doctor ;;
  status) do_status ;;
  set) do_set ;;
esac
