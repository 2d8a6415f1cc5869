#!/usr/bin/env bash
# shellcheck source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'HELP'
Usage: eng/check-chart.sh

Has the helm on PATH (3.12 or newer) lint the chart and render it with every file in its ci folder, packs it and does the same
with the package.

Exit codes: 0 nothing to complain of, 1 something, 2 wrong usage, 69 helm is missing.
HELP
}

case ${1:-} in
    -h | --help) usage && exit 0 ;;
    '') ;;
    *) unknown "$1" ;;
esac
needs helm "See https://helm.sh/docs/intro/install/"
cd "$root"
say "helm $(helm version --short)"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
package=$(eng/package-chart.sh --output "$work")
for chart in deploy/helm/lucia "$package"; do
    for values in deploy/helm/lucia/ci/*-values.yaml; do
        run helm lint --strict --quiet "$chart" --values "$values"
        # Helm 3.12 renders for the Kubernetes it was made for, 1.27, unless it is told another.
        run helm template lucia "$chart" --kube-version 1.28.0 --namespace lucia --values "$values" >"$work/objects.yaml"
        grep -q '^kind: Deployment$' "$work/objects.yaml" || die 1 "$values gives no Deployment"
    done
done
say "the chart renders with every file of deploy/helm/lucia/ci"
