#!/usr/bin/env bash
# Puts back what backup.sh saved: the conversations of Redis and, when asked, the settings.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
    cat <<HELP
Usage: restore.sh ARCHIVE [options]

Checks the archive, asks, stops Redis, gives it the saved data in place of what it has, starts everything and looks whether it is well.
A broken archive changes nothing. Whatever fails or is interrupted on the way: what was stopped is started again, and you are told with
which data. The secrets are not in an archive: the set-up makes or asks for them first.

$common_options
  --settings            put back the settings and override files too; what is there is kept beside them as NAME.before-restore.
                        Of the same target alone. A cluster is told them by you: the last lines say how
  --yes                 do not ask
  --check               look at the archive alone, and change nothing

Examples:
  restore.sh lucia-compose-20260101-030000.tar.gz --check
  restore.sh lucia-compose-20260101-030000.tar.gz --yes
  restore.sh /var/backups/lucia.tar.gz --target systemd --settings

Exit codes: 0 restored and well, 1 failed, 2 wrong usage, 65 the archive is broken, 69 something needed is missing, 130 you said no.
HELP
}

readonly EXIT_BROKEN=65
archive='' settings='' yes='' check_only=''
while [ $# -gt 0 ]; do
    common_option "$@"
    if [ "$taken" != 0 ]; then shift "$taken" && continue; fi
    case $1 in
        --settings) settings=1 && shift ;;
        --yes) yes=1 && shift ;;
        --check) check_only=1 && shift ;;
        -*) die "$EXIT_USAGE" "\"$1\" is not known; see --help" ;;
        *)
            [ -z "$archive" ] || die "$EXIT_USAGE" 'one archive at a time; see --help'
            archive=$1
            shift
            ;;
    esac
done
[ -n "$archive" ] || die "$EXIT_USAGE" 'which archive? See --help'
[ -r "$archive" ] || die "$EXIT_USAGE" "\"$archive\" is not there or cannot be read"
need tar 'Install it with your packages.'
need sha256sum 'It is part of coreutils.'

broken() { die "$EXIT_BROKEN" "\"$archive\" $1. Nothing was changed."; }

# On every way out: nothing stays stopped, and nobody has to guess what is so.
finish() {
    local code=$?
    trap '' INT TERM HUP
    [ -z "$stopped" ] || bring_up || [ "$code" != 0 ] || code=$EXIT_FAILED
    leave
    exit "$code"
}

# Once is enough: what does not start now will not the second time. An interruption comes while a step's words go to its log, so these
# have a way of their own.
exec 3>&2
bring_up() {
    local what=$stopped by_hand data='what it had before'
    by_hand=$(start_command)
    [ -z "$replaced" ] || data='the data of the archive'
    if ! start_again >"$scratch/start" 2>&1; then
        stopped=''
        printf '%s: %s did not start: %s. Redis has %s. Mend what is wrong, then: %s\n' "$program" "$what" "$(tail -n 1 "$scratch/start")" "$data" "$by_hand" >&3
        return 1
    fi
    stopped=''
    printf '%s: %s started again; Redis has %s\n' "$program" "$what" "$data" >&3
}

umask 077
make_scratch
trap finish EXIT
trap 'exit 130' HUP
names=$(tar -tzf "$archive" 2>/dev/null) || broken 'is no whole archive'
# Nothing may land outside the folder it is unpacked in.
if grep -qE '^/|(^|/)\.\.(/|$)' <<<"$names" || grep -qvE '^lucia-backup(/|$)' <<<"$names"; then broken 'is not one of backup.sh'; fi
tar -xzf "$archive" -C "$scratch" --no-same-owner 2>/dev/null || broken 'is no whole archive'
saved=$scratch/lucia-backup
[ -z "$(find "$saved" -type l | head -n 1)" ] || broken 'holds links, which backup.sh never writes'
for one in about checksums redis.rdb; do [ -f "$saved/$one" ] || broken "has no $one in it"; done
[ "$(variable "$saved/about" format)" = 1 ] || broken 'was made by a newer version of backup.sh'
(cd "$saved" && sha256sum --quiet -c checksums >/dev/null 2>&1) || broken 'was damaged: what is in it does not match its checksums'
[ "$(head -c 5 "$saved/redis.rdb")" = REDIS ] || broken 'holds no snapshot of Redis'
keys=$(variable "$saved/about" keys) made_of=$(variable "$saved/about" target)
say "$archive: made $(variable "$saved/about" made) from $made_of, $keys keys of Redis. It is whole."
[ -z "$check_only" ] || exit 0

find_target running
need_tools
if [ -n "$settings" ] && [ "$made_of" != "$target" ]; then
    die "$EXIT_USAGE" "the settings in it are of $made_of, and this is $target: leave out --settings, which brings the conversations alone. Nothing was changed. How to take settings along: https://github.com/seiggy/lucia-dotnet/blob/main/deploy/docs/migration.md"
fi
has_redis || die "$EXIT_MISSING" "Redis of this $target deployment runs elsewhere: restore its data by its own means. Nothing was changed"
if [ "$target" != kubernetes ] && [ ! -s "$(secrets_folder)/redis-password" ]; then
    die "$EXIT_MISSING" "there is no password for Redis in $(secrets_folder). Put your secrets back or run the set-up first, then try again"
fi
if [ -z "$yes" ]; then
    [ -t 0 ] || die "$EXIT_USAGE" 'nobody is there to ask; say --yes to replace what Redis has now'
    printf 'Replace what Redis of this %s deployment has now? [y/N] ' "$target" >&2
    read -r answer || answer=''
    case $answer in y | Y | yes) ;; *) die 130 'nothing was changed' ;; esac
fi

by_hand=''
hint() { by_hand+="  $*"$'\n'; }

# Where a file of the archive belongs; nothing when that is not for this script to know.
place_of() {
    case $target:$1 in
        systemd:*.service.d/*) printf '/etc/systemd/system/%s' "$1" ;;
        kubernetes:overlays/*) printf '%s/%s' "$directory" "$1" ;;
        kubernetes:helm/values.yaml) [ -f "$saved/configuration/helm/values.local.yaml" ] || [ ! -d "$(helm_chart)" ] || printf '%s/values.local.yaml' "$(helm_chart)" ;;
        kubernetes:helm/*) [ ! -d "$(helm_chart)" ] || printf '%s/%s' "$(helm_chart)" "${1#helm/}" ;;
        kubernetes:.env) [ ! -d "$directory/base" ] || printf '%s/base/.env' "$directory" ;;
        kubernetes:*) ;;
        *) printf '%s/%s' "$directory" "$1" ;;
    esac
}

restore_settings() {
    local one place kustomized=''
    while IFS= read -r one; do
        place=$(place_of "$one")
        if [ -z "$place" ]; then
            hint "tar -xzOf $archive lucia-backup/configuration/$one     # to look at: it has no place here"
            continue
        fi
        if ! { mkdir -p "$(dirname "$place")" && { [ ! -d "$place" ] || { echo "it is a folder" >&2; false; }; } && { [ ! -f "$place" ] || cp -p "$place" "$place.before-restore"; } && cp "$saved/configuration/$one" "$place"; } 2>"$scratch/error"; then
            die "$EXIT_FAILED" "$place could not be restored: $(tail -n 1 "$scratch/error"). What it names above is restored, Redis is untouched"
        fi
        say "restored $place"
        case $target:$one in
            kubernetes:helm/*) hint "helm upgrade $(helm_release) $(helm_chart) --namespace $namespace --reset-then-reuse-values -f $place" ;;
            kubernetes:*) [ -n "$(helm_release)" ] || kustomized=1 ;;
        esac
    done < <(cd "$saved/configuration" && find . -type f | sed 's|^\./||' | sort)
    [ -z "$kustomized" ] || hint "kubectl apply -k $directory/base     # or the overlay that you use"
    if [ "$target" = systemd ]; then systemctl daemon-reload; fi
}

[ -z "$settings" ] || restore_settings
say 'Redis gets its data back ...'
redis_replace "$saved/redis.rdb" >"$scratch/log" 2>&1 || die "$EXIT_FAILED" "that failed: $(tail -n 1 "$scratch/log"). The archive is untouched; mend what is wrong and run this again"
bring_up || exit "$EXIT_FAILED"

for _ in $(seq 60); do
    [ "$(redis_cli ping </dev/null 2>/dev/null | tail -n 1)" != PONG ] || break
    sleep 1
done
now=$(redis_cli dbsize </dev/null 2>/dev/null | tr -dc 0-9)
[ -n "$now" ] || die "$EXIT_FAILED" 'Redis does not answer after the restore; see its logs'
say "Redis has $now of $keys keys; what has run out since the backup is gone."
if [ -n "$by_hand" ]; then printf 'Left for you to do, as the cluster is not told by this script:\n%s' "$by_hand"; fi
if [ "$now" = 0 ] && [ "${keys:-0}" != 0 ]; then
    say 'Every conversation in the archive had run out by now.'
fi
"$(dirname "${BASH_SOURCE[0]}")/health-check.sh" --target "$target" --dir "$directory" --namespace "$namespace" ${api_key_file:+--api-key-file "$api_key_file"} --allow-degraded
