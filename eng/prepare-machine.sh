#!/usr/bin/env bash
# shellcheck source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'HELP'
Usage: eng/prepare-machine.sh

Installs what the tests check against: the npm packages and, on Debian and Ubuntu, the programs that are missing (by sudo). On
macOS and Windows only the npm packages: there the tests that need the others are skipped, with the reason.

Exit codes: 0 done, 1 failed, 2 wrong usage.
HELP
}

case ${1:-} in
    -h | --help) usage && exit 0 ;;
    '') ;;
    *) unknown "$1" ;;
esac
cd "$root"
run npm ci --ignore-scripts --loglevel=error
command -v apt-get >/dev/null 2>&1 || exit 0

packages=()
for pair in redis-server=redis-server shellcheck=shellcheck yamllint=yamllint systemd-analyze=systemd; do
    command -v "${pair%%=*}" >/dev/null 2>&1 || packages+=("${pair#*=}")
done
if [ ${#packages[@]} -gt 0 ]; then
    run sudo apt-get update --quiet
    run sudo DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends "${packages[@]}"
fi
# Only the program is wanted: its service would hold the port that tests see.
if systemctl is-active --quiet redis-server 2>/dev/null; then run sudo systemctl disable --quiet --now redis-server; fi
