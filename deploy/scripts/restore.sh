#!/usr/bin/env bash
# Puts back what backup.sh saved: the conversations of Redis and, when asked, the settings.
set -uo pipefail
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

usage() {
    cat <<HELP
Usage: restore.sh ARCHIVE [options]

Checks the archive, asks, stops Redis, gives it the saved data in place of what it has, starts everything and looks whether it is well.
A broken archive changes nothing. The secrets are not in an archive: the set-up makes or asks for them first.

$common_options
  --settings            put back the settings and override files too; what is there is kept beside them as NAME.before-restore
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

umask 077
make_scratch
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
keys=$(variable "$saved/about" keys)
say "$archive: made $(variable "$saved/about" made) from $(variable "$saved/about" target), $keys keys of Redis. It is whole."
[ -z "$check_only" ] || exit 0

find_target running
need_tools
if [ "$target" != kubernetes ] && [ ! -s "$(secrets_folder)/redis-password" ]; then
    die "$EXIT_MISSING" "there is no password for Redis in $(secrets_folder). Put your secrets back or run the set-up first, then try again"
fi
if [ -z "$yes" ]; then
    [ -t 0 ] || die "$EXIT_USAGE" 'nobody is there to ask; say --yes to replace what Redis has now'
    printf 'Replace what Redis of this %s deployment has now? [y/N] ' "$target" >&2
    read -r answer || answer=''
    case $answer in y | Y | yes) ;; *) die 130 'nothing was changed' ;; esac
fi

restore_settings() {
    local one place
    (cd "$saved/configuration" && find . -type f ! -name configmaps.yaml) | while IFS= read -r one; do
        one=${one#./}
        case $one in
            *.service.d/*) place=/etc/systemd/system/$one ;;
            overlays/*) place=$directory/$one ;;
            *) place=$(dirname "$(settings_file)")/$one ;;
        esac
        mkdir -p "$(dirname "$place")"
        [ ! -f "$place" ] || cp -p "$place" "$place.before-restore"
        cp "$saved/configuration/$one" "$place"
        say "restored $place"
    done
    if [ "$target" = systemd ]; then systemctl daemon-reload; fi
}

[ -z "$settings" ] || restore_settings
say 'Redis gets its data back ...'
redis_replace "$saved/redis.rdb" >"$scratch/log" 2>&1 || die "$EXIT_FAILED" "that failed: $(tail -n 1 "$scratch/log"). The archive is untouched; mend what is wrong and run this again"

for _ in $(seq 60); do
    [ "$(redis_cli ping </dev/null 2>/dev/null | tail -n 1)" != PONG ] || break
    sleep 1
done
now=$(redis_cli dbsize </dev/null 2>/dev/null | tr -dc 0-9)
[ -n "$now" ] || die "$EXIT_FAILED" 'Redis does not answer after the restore; see its logs'
say "Redis has $now of $keys keys; what has run out since the backup is gone."
if [ "$now" = 0 ] && [ "${keys:-0}" != 0 ]; then
    say 'Every conversation in the archive had run out by now.'
fi
"$(dirname "${BASH_SOURCE[0]}")/health-check.sh" --target "$target" --dir "$directory" --namespace "$namespace" ${api_key_file:+--api-key-file "$api_key_file"} --allow-degraded
