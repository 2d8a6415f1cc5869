#!/usr/bin/env bash
# Saves the configuration of a deployment, without its secrets, and the conversations that Redis keeps.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
    cat <<HELP
Usage: backup.sh [options]

Writes one archive with the settings, your own override files, and what Redis keeps, as Redis itself gives it at one moment: nothing is
stopped. Secrets stay out of it; keep the folder of the secrets where you keep passwords. Conversations are in it in the clear, so the
archive can be read by you alone.

$common_options
  --output FILE         where. Default: lucia-TARGET-DATE.tar.gz in the current folder; an archive that is there is never overwritten
  --quiet               print the name of the archive alone

Examples:
  backup.sh
  backup.sh --target systemd --output /var/backups/lucia.tar.gz
  0 3 * * * /opt/lucia/current/scripts/backup.sh --quiet --output "/var/backups/lucia-\$(date +\%F).tar.gz"

Exit codes: 0 saved, 1 failed and nothing was written, 2 wrong usage, 69 something needed is missing.
HELP
}

output='' quiet=''
while [ $# -gt 0 ]; do
    common_option "$@"
    if [ "$taken" != 0 ]; then shift "$taken" && continue; fi
    case $1 in
        --output)
            [ -n "${2:-}" ] || die "$EXIT_USAGE" "$1 takes a value; see --help"
            output=$2
            shift 2
            ;;
        --quiet) quiet=1 && shift ;;
        *) die "$EXIT_USAGE" "\"$1\" is not known; see --help" ;;
    esac
done

find_target running
need_tools
need tar 'Install it with your packages.'
need sha256sum 'It is part of coreutils.'
output=${output:-lucia-$target-$(date +%Y%m%d-%H%M%S).tar.gz}
[ ! -e "$output" ] || die "$EXIT_FAILED" "\"$output\" is there already; say another name"
[ -w "$(dirname "$output")" ] || die "$EXIT_FAILED" "the folder of \"$output\" is not there or cannot be written"

umask 077
make_scratch
saved=$scratch/lucia-backup
mkdir -p "$saved/configuration"

# Settings only: what is a secret by its name is left out, should somebody have put one there.
save_settings() {
    [ -f "$1" ] || return 0
    awk '
        /^[ \t]*(export[ \t]+)?[A-Za-z_][A-Za-z0-9_]*=/ {
            name = $0; sub(/^[ \t]*(export[ \t]+)?/, "", name); sub(/=.*/, "", name); lower = tolower(name)
            if (lower ~ /password|accesskey|accesstoken|apikey|api_key|secret|token/ || lower ~ /^connectionstrings__.*model/) { print name "="; next }
        }
        { print }' "$1" >"$saved/configuration/${1##*/}"
}

# Values without what stands below secrets:, but for the name of a Secret of one's own.
without_secrets() {
    awk '
        /^secrets:/ { inside = 1; heading = 0; next }
        /^[^ \t#]/ { inside = 0 }
        inside { if ($1 == "existingSecret:") { if (!heading) print "secrets:"; heading = 1; print "  existingSecret: " $2 } next }
        { print }'
}

save_helm() {
    local values
    mkdir -p "$saved/configuration/helm"
    values=$(helm_chart)/values.local.yaml
    [ ! -f "$values" ] || without_secrets <"$values" >"$saved/configuration/helm/values.local.yaml"
    # What the release was given, by whatever file or option.
    if have helm && values=$(helm get values "$(helm_release)" --namespace "$namespace" --output yaml 2>"$scratch/error"); then
        [ "$values" = null ] || printf '%s\n' "$values" | without_secrets >"$saved/configuration/helm/values.yaml"
    else
        printf '%s: the values of the release %s are not saved, only the settings in use and a values.local.yaml: %s\n' "$program" "$(helm_release)" \
            "$(if have helm; then tail -n 1 "$scratch/error"; else printf 'helm is not on PATH'; fi)" >&2
    fi
    rmdir "$saved/configuration/helm" 2>/dev/null || true
}

save_configuration() {
    save_settings "$(settings_file)"
    case $target in
        compose)
            for one in "$directory"/docker-compose.override.yml "$directory"/*.local.*; do
                [ ! -f "$one" ] || cp "$one" "$saved/configuration/"
            done
            ;;
        kubernetes)
            if [ -n "$(helm_release)" ]; then save_helm; fi
            # Of what was set up elsewhere, the cluster has the settings at least.
            if [ -z "$(ls -A "$saved/configuration")" ]; then live_data configmap "$(live_configmap)" >"$saved/configuration/.env"; fi
            for one in "$directory"/overlays/*; do
                case ${one##*/} in dev | ha | '*') ;; *) mkdir -p "$saved/configuration/overlays" && cp -R "$one" "$saved/configuration/overlays/" ;; esac
            done
            ;;
        systemd)
            for unit in lucia lucia-redis; do
                [ ! -d "/etc/systemd/system/$unit.service.d" ] || cp -R "/etc/systemd/system/$unit.service.d" "$saved/configuration/"
            done
            ;;
    esac
}

# What somebody wrote himself may hold a secret under any name.
leave_out_secrets() {
    local one secret
    [ "$target" != kubernetes ] || read_live_secrets || true
    find "$saved/configuration" -type f | while IFS= read -r one; do
        secret=$(secret_within "$one")
        [ -n "$secret" ] || continue
        printf '%s: %s is left out: the secret %s is in it. Take it out there, then it is saved too.\n' "$program" "${one#"$saved/configuration/"}" "$secret" >&2
        rm -f "$one"
    done
}

# The name of the first secret that stands in a file.
secret_within() {
    local secret
    for secret in "$(secrets_folder)"/*; do
        if [ -f "$secret" ] && patterns "$secret" | grep -qF -f - "$1"; then printf '%s' "${secret##*/}" && return; fi
    done
    for secret in "${!live_secrets[@]}"; do
        if [ -n "${live_secrets[$secret]}" ] && printf '%s\n' "${live_secrets[$secret]}" | grep -qF -f - "$1"; then printf '%s' "$secret" && return; fi
    done
}

stop_short() {
    rm -f "$output"
    die "$EXIT_FAILED" "$1"
}

save_configuration
leave_out_secrets
has_redis || stop_short "Redis runs elsewhere: save its data by its own means. Your settings are in $(settings_file)"
[ "$(redis_cli ping </dev/null 2>/dev/null | tail -n 1)" = PONG ] || stop_short "Redis does not answer, so there is nothing to save yet. Start it (health-check.sh says how it is), then try again"
keys=$(redis_cli dbsize </dev/null 2>/dev/null | tr -dc 0-9)
# The reply to a replica's first question: everything Redis holds at one moment.
redis_snapshot >"$saved/redis.rdb" 2>"$scratch/error" || stop_short "Redis did not hand out its data: $(tail -n 1 "$scratch/error")"
[ "$(head -c 5 "$saved/redis.rdb")" = REDIS ] || stop_short 'what Redis handed out is no snapshot; is it a Redis or Valkey server?'

{
    printf 'format=1\ntarget=%s\nmade=%s\nkeys=%s\n' "$target" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "${keys:-0}"
} >"$saved/about"
(cd "$saved" && find . -type f ! -name checksums | sort | while IFS= read -r one; do sha256sum "$one"; done >"$scratch/checksums") && mv "$scratch/checksums" "$saved/checksums"
tar -czf "$output" -C "$scratch" lucia-backup || stop_short "\"$output\" could not be written"
tar -tzf "$output" >/dev/null || stop_short "\"$output\" could not be read back"

if [ -n "$quiet" ]; then
    say "$output"
else
    say "$output: the settings and ${keys:-0} keys of Redis, $(wc -c <"$output" | tr -d ' ') bytes."
    if [ "$target" = kubernetes ] && [ ! -d "$(secrets_folder)" ]; then
        say "Not in it: the secrets, which are in the Secret $(live_secret). Keep them apart."
    else
        say "Not in it: the secrets in $(secrets_folder). Keep them apart."
    fi
fi
