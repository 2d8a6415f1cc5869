#!/usr/bin/env bash
# shellcheck source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'HELP'
Usage: eng/check-skips.sh [--list] [--refuse WORDS] [--system NAME] [--allowed FILE] [RESULTS]

Fails when the last run of the tests skipped one for a reason that is not allowed on this system: what a runner silently lacks
would otherwise look proven. RESULTS is the folder with the result files (default: artifacts/test-results).

  --list           only print what was skipped and why
  --refuse WORDS   a reason with these words is not allowed here, whatever FILE says
  --system NAME    linux, macos or windows (default: this machine's)
  --allowed FILE   the reasons (default: eng/allowed-skips.txt)

Exit codes: 0 nothing was skipped but what may be, 1 something was or there are no results, 2 wrong usage.
HELP
}

results=$root/artifacts/test-results allowed=$root/eng/allowed-skips.txt system='' list='' refuse=''
while [ $# -gt 0 ]; do
    case $1 in
        --list) list=1; shift ;;
        --refuse) refuse=$(value "$@"); shift 2 ;;
        --system) system=$(value "$@"); shift 2 ;;
        --allowed) allowed=$(value "$@"); shift 2 ;;
        -h | --help) usage && exit 0 ;;
        -*) unknown "$1" ;;
        *) results=$1; shift ;;
    esac
done
if [ -z "$system" ]; then
    case $(uname -s) in Linux) system=linux ;; Darwin) system=macos ;; *) system=windows ;; esac
fi
case $system in linux | macos | windows) ;; *) die 2 "--system takes linux, macos or windows, not \"$system\"" ;; esac

# The test, a tab and the reason, one line each. A record ends where the next tag begins, which every awk understands.
skipped() {
    local file
    for file in "$results"/*.trx; do [ ! -f "$file" ] || cat "$file"; done | awk '
        function plain(text) {
            gsub(/&amp;/, "\\&", text); gsub(/&quot;/, "\"", text); gsub(/&apos;/, "\047", text)
            gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/[ \t\r\n]+/, " ", text)
            sub(/ $/, "", text)
            return text
        }
        BEGIN { RS = "<" }
        /^UnitTestResult / {
            test = ""
            if ($0 ~ /outcome="NotExecuted"/ && match($0, /testName="[^"]*"/)) test = substr($0, RSTART + 10, RLENGTH - 11)
        }
        /^Message>/ && test != "" { print plain(test) "\t" plain(substr($0, 9)); test = "" }' | LC_ALL=C sort
}

if [ -n "$list" ]; then
    skipped | awk -F '\t' '{ print "skipped: " $1 ": " $2 }'
    exit 0
fi
[ -n "$(find "$results" -name '*.trx' 2>/dev/null)" ] || die 1 "there are no results in $results: nothing ran"
[ -f "$allowed" ] || die 2 "there is no file \"$allowed\""

refused=$(skipped | SYSTEM=$system ALLOWED=$allowed REFUSE=$refuse awk -F '\t' '
    BEGIN {
        while ((getline line < ENVIRON["ALLOWED"]) > 0) {
            if (line ~ /^[ \t]*(#|$)/) continue
            systems = line; sub(/[ \t].*/, "", systems)
            sub(/^[^ \t]+[ \t]+/, "", line)
            if (index("," systems ",", "," ENVIRON["SYSTEM"] ",") > 0) reasons[++count] = line
        }
    }
    {
        if (ENVIRON["REFUSE"] == "" || index($2, ENVIRON["REFUSE"]) == 0)
            for (i = 1; i <= count; i++) if (index($2, reasons[i]) > 0) next
        print "  " $1 ": " $2
    }')
[ -z "$refused" ] || die 1 "skipped on $system for a reason that $(basename "$allowed") does not allow there. Give the machine what is missing, or allow it and say why:"$'\n'"$refused"
say "nothing was skipped but what may be on $system: $(skipped | wc -l | tr -d ' ') tests"
