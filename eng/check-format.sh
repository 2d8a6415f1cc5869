#!/usr/bin/env bash
# shellcheck source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'HELP'
Usage: eng/check-format.sh [--fix]

Compares the sources with .editorconfig. --fix rewrites what differs.

Exit codes: 0 nothing differs, 1 or 2 something does, 2 wrong usage.
HELP
}

mode=(--verify-no-changes)
case ${1:-} in
    -h | --help) usage && exit 0 ;;
    --fix) mode=() ;;
    '') ;;
    *) unknown "$1" ;;
esac
needs dotnet "Get the .NET 10 SDK: https://dotnet.microsoft.com/download/dotnet/10.0"
cd "$root"
run dotnet restore lucia.sln --locked-mode --verbosity quiet
run dotnet format lucia.sln --no-restore ${mode[@]+"${mode[@]}"}
