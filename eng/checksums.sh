#!/usr/bin/env bash
# shellcheck source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'HELP'
Usage: eng/checksums.sh DIR

Writes DIR/SHA256SUMS for every file in DIR, as "sha256sum --check SHA256SUMS" reads it there, and shows it.

Exit codes: 0 done, 1 DIR holds no file, 2 wrong usage.
HELP
}

case ${1:-} in
    -h | --help) usage && exit 0 ;;
    '') die 2 "which folder? See $me --help" ;;
esac
if [ $# != 1 ] || [ ! -d "$1" ]; then die 2 "give one folder; see $me --help"; fi
cd "$1"
rm -f SHA256SUMS
files=()
for file in *; do [ ! -f "$file" ] || files+=("$file"); done
[ ${#files[@]} -gt 0 ] || die 1 "\"$1\" holds no file"
sha256sum -- "${files[@]}" | tee SHA256SUMS
