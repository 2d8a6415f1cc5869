#!/usr/bin/env bash
# shellcheck source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'HELP'
Usage: eng/build-simulator-image.sh [--tag NAME]

Builds an image of the simulated home and model (lucia.Simulator), for proofs inside a cluster. It is never published.

  --tag NAME   the image's name (default: lucia-simulator:test)

Exit codes: 0 done, 1 failed, 2 wrong usage, 69 docker is missing.
HELP
}

tag=lucia-simulator:test
while [ $# -gt 0 ]; do
    case $1 in
        --tag) tag=$(value "$@"); shift 2 ;;
        -h | --help) usage && exit 0 ;;
        *) unknown "$1" ;;
    esac
done
needs docker "Get Docker Engine 24 or newer: https://docs.docker.com/engine/install/"
cd "$root"
run docker buildx build --load --file lucia.Simulator/Dockerfile --tag "$tag" .
