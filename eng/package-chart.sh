#!/usr/bin/env bash
# shellcheck source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'HELP'
Usage: eng/package-chart.sh [--output DIR]

Packs deploy/helm/lucia as lucia-VERSION.tgz and prints where it is. "helm package" writes the time into every entry; this
packs what is committed, in order, of nobody, with the commit's time, so that one commit gives the same bytes everywhere.
With helm on PATH the package is read back and rendered.

  --output DIR   where the package goes (default: artifacts/chart)

SOURCE_DATE_EPOCH, when it is set, is the time instead of the commit's.
Exit codes: 0 done, 1 failed, 2 wrong usage, 69 git or GNU tar is missing.
HELP
}

output=$root/artifacts/chart
while [ $# -gt 0 ]; do
    case $1 in
        --output) output=$(value "$@"); shift 2 ;;
        -h | --help) usage && exit 0 ;;
        *) unknown "$1" ;;
    esac
done
needs git "The package holds what is committed."
tar --version 2>/dev/null | grep -q 'GNU tar' || die 69 "GNU tar is missing: another cannot be told the order and the owner of the entries"

mkdir -p "$output"
output=$(CDPATH='' cd -- "$output" && pwd)
cd "$root/deploy/helm"
version=$("$root/eng/version.sh")
grep -qF "version: \"$version\"" lucia/Chart.yaml || die 1 "lucia/Chart.yaml is of another version than $version; run ./lucia publish"
[ -z "$(git status --porcelain -- lucia)" ] || say "deploy/helm/lucia has changes that are not committed; the package holds the files as they are now"
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
package=$output/lucia-$version.tgz

# The files git knows, except those that .helmignore names; nobody's values.local.yaml lies among them.
git ls-files -z -- lucia ':!lucia/.generated' | LC_ALL=C sort -z |
    tar --create --format=ustar --mtime="@$epoch" --owner=0 --group=0 --numeric-owner --mode=u=rw,go=r \
        --no-recursion --null --files-from=- |
    gzip --no-name -9 >"$package"

if command -v helm >/dev/null 2>&1; then
    helm show chart "$package" >/dev/null
    helm template lucia "$package" --kube-version 1.28.0 --values lucia/ci/default-values.yaml >/dev/null
else
    say "helm is not on PATH: the package was not read back"
fi
printf '%s\n' "$package"
