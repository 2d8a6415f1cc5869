#!/usr/bin/env bash
# shellcheck source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'HELP'
Usage: eng/prepare-machine.sh [--images]

Installs what the tests check against: the npm packages and, on Debian and Ubuntu, the programs that are missing (by sudo). On
macOS and Windows only the npm packages: there the tests that need the others are skipped, with the reason. In a workflow it also
says where Podman's generator is (LUCIA_QUADLET), to the steps that follow.

Chromium is a package of Debian's, and part of GitHub's runners. Ubuntu, and with it the dev container, has it as a snap alone: install
a Chromium or Chrome there yourself and name it in CHROMIUM, else the tests of the pages are skipped.

  --images   also pull the images that tests start but do not pull themselves

Exit codes: 0 done, 1 failed, 2 wrong usage.
HELP
}

images=
case ${1:-} in
    -h | --help) usage && exit 0 ;;
    --images) images=1 ;;
    '') ;;
    *) unknown "$1" ;;
esac
cd "$root"
run npm ci --ignore-scripts --loglevel=error
command -v apt-get >/dev/null 2>&1 || exit 0

if [ -n "$images" ]; then
    needs docker "Get Docker Engine 24 or newer: https://docs.docker.com/engine/install/"
    run docker pull --quiet "$(sed -n 's/^ *image: *\(.*redis:.*\)$/\1/p' deploy/compose/docker-compose.yml)"
fi
packages=()
for pair in redis-server=redis-server shellcheck=shellcheck yamllint=yamllint systemd-analyze=systemd; do
    command -v "${pair%%=*}" >/dev/null 2>&1 || packages+=("${pair#*=}")
done
# Of the distributions' packages, only Debian's holds the program.
if [ "$(. /etc/os-release && printf '%s' "$ID")" = debian ] && ! command -v chromium >/dev/null 2>&1; then packages+=(chromium); fi
python3 -c 'import yaml' 2>/dev/null || packages+=(python3-yaml)
if [ ${#packages[@]} -gt 0 ]; then
    run sudo apt-get update --quiet
    run sudo DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends "${packages[@]}"
fi
# Only the program is wanted: its service would hold the port that tests see.
if systemctl is-active --quiet redis-server 2>/dev/null; then run sudo systemctl disable --quiet --now redis-server; fi
# Asked once, not by every test; what a test of the units is skipped for without it would be a reason no workflow allows.
if [ -n "${GITHUB_ENV:-}" ]; then
    generator=$(eng/quadlet-generator)
    printf 'LUCIA_QUADLET=%s\n' "$generator" >>"$GITHUB_ENV"
fi
