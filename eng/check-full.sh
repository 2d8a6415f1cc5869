#!/usr/bin/env bash
# Builds, publishes, runs and tests the repository on Aspire's own packages (LuciaPackages=full), and turns its manifest over to Aspirate.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
    cat <<'HELP'
Usage: eng/check-full.sh [options]

Checks that the same sources and the same tests work on Aspire's own packages. Two parts, so that a workflow can run them side by side:

  apphost   publishes through Aspire's pipeline and compares with deploy/, generates Kubernetes files with Aspirate, and runs the
            end-to-end tests on Aspire's orchestrator
  service   runs the tests of everything else that is built with these packages: the settings, the service, the simulated home,
            the publishers (without the one that boots a machine: the publishers have no package that differs)

Two projects are in neither. lucia.Hosting.Tests is about the embedded engine, which these packages replace. lucia.Deployment.Tests
has no package in it that differs: it uses images, bundles and scripts from outside. LUCIA_IMAGE_PACKAGES=full gives it the image
of these packages; the bundles are the baseline's.
What it makes lies in artifacts-full, bin/full and obj/full; no lock file of the baseline changes.

  --part PART          apphost or service (default: both)
  --without-tests      leave out the tests
  --without-aspirate   leave out Aspirate
  --configuration C    Debug (default) or Release
  --help               this text

Exit codes: 0 all is well, 1 something is not, 2 wrong usage, 69 the package feed or this machine lacks something that is needed.
HELP
}

# What the script itself says, wherever the standard error of a step goes.
exec 3>&2

say() { printf 'check-full: %s\n' "$*" >&3; }

die() {
    local code=$1
    shift
    say "$*"
    exit "$code"
}

step() {
    printf '+' >&3
    printf ' %q' "$@" >&3
    printf '\n' >&3
    "$@"
}

tests=1 aspirate=1 configuration=Debug part=
while [ $# -gt 0 ]; do
    case $1 in
        --part) part=${2:?--part takes apphost or service} && shift 2 ;;
        --without-tests) tests= && shift ;;
        --without-aspirate) aspirate= && shift ;;
        --configuration) configuration=${2:?--configuration takes Debug or Release} && shift 2 ;;
        --help | -h) usage && exit 0 ;;
        *) usage >&2 && die 2 "there is no option \"$1\"" ;;
    esac
done

case $part in
    '' | apphost) projects=(lucia.AppHost.Tests) ;;
    service) projects=() ;;
    *) usage >&2 && die 2 "there is no part \"$part\"" ;;
esac
[ "$part" = apphost ] || projects+=(lucia.Settings.Tests lucia.ServiceDefaults.Tests lucia.AgentHost.Tests lucia.Simulator.Tests lucia.Publishing.Tests)

# Projects that are started later, by Aspire or by a test, are evaluated with the same packages.
export LuciaPackages=full DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
log=$(mktemp)
trap 'rm -f "$log"' EXIT

command -v dotnet >/dev/null || die 69 "the .NET 10 SDK is missing. Get it from https://dotnet.microsoft.com/download/dotnet/10.0"

# restore COMMAND...: says which packages the feed lacks, if that is why it fails.
restore() {
    local missing
    if step "$@" >"$log" 2>&1; then return 0; fi
    # NU1101, NU1102, NU1103: no such package, or not in this version. MSB4236: no such SDK.
    missing=$(sed -nE \
        -e "s/.*error NU110[123]: Unable to find (a stable )?package ([^ ]+).*/\2/p" \
        -e "s/.*[Tt]he SDK '([^']+)' specified could not be found.*/\1/p" \
        -e "s/.*MSB4236.*'([^']+)'.*/\1/p" \
        -e "s/.*[Pp]ackage ([A-Za-z0-9.]+) is not found in NuGet feeds.*/\1/p" \
        -e "s/.*Version .* of package ([^ ]+) is not found.*/\1/p" "$log" | sed "s/[.]$//" | sort -u)
    if [ -n "$missing" ]; then
        say "the package feed of this machine lacks what LuciaPackages=full needs:"
        # One name a line, as it is.
        # shellcheck disable=SC2086
        printf '  %s\n' $missing >&2
        die 69 "nothing was checked. Run this where nuget.org can be reached; everything else in this repository builds without it."
    fi
    cat "$log" >&2
    die 1 "the restore failed, see above"
}

for project in "${projects[@]}"; do
    restore dotnet restore "$project" --verbosity quiet
done
for project in "${projects[@]}"; do
    step dotnet build "$project" --no-restore --configuration "$configuration" --verbosity quiet -clp:NoSummary || die 1 "$project does not build with LuciaPackages=full"
done

run_tests() {
    local project filter
    [ -n "$tests" ] || return 0
    rm -rf artifacts/test-results
    for project in "${projects[@]}"; do
        filter=()
        [ "$project" != lucia.Publishing.Tests ] || filter=(--filter 'Speed!=Slow')
        step dotnet test "$project" --no-build --configuration "$configuration" ${filter[@]+"${filter[@]}"} || die 1 "$project fails with LuciaPackages=full"
    done
}

if [ "$part" = service ]; then
    run_tests
    say "all is well"
    exit 0
fi

apphost=lucia.AppHost/bin/full/$configuration/net10.0/lucia.AppHost.dll

# As deep as deploy/, so that the paths in the manifest are the same. The names do not collide with what is kept for somebody.
output=artifacts-full
rm -rf "$output" "$output-cli"
for target in compose kubernetes helm systemd; do
    step dotnet "$apphost" --operation publish --step "publish-$target" --output-path "$output" >"$log" 2>&1 || { cat "$log" >&2; die 1 "publish-$target failed"; }
    [ -d "$output/$target" ] || die 1 "publish-$target wrote nothing"
done
step dotnet "$apphost" --operation publish --step publish --output-path "$output" >"$log" 2>&1 || { cat "$log" >&2; die 1 "publish failed"; }
different=$(cd "$output" && find . -type f | sort | while read -r file; do cmp -s "$file" "../deploy/$file" || echo "${file#./}"; done)
[ -z "$different" ] || die 1 "Aspire publishes something else than deploy/ holds: $different"
say "publish on Aspire's pipeline: the same as deploy/"

# The form that azd and Aspirate call, which take any word on standard error for a failure.
step dotnet run --no-build --configuration "$configuration" --project lucia.AppHost -- --publisher manifest --output-path manifest.json >/dev/null 2>"$log" ||
    { cat "$log" >&2; die 1 "--publisher manifest failed"; }
[ ! -s "$log" ] || { cat "$log" >&2; die 1 "--publisher manifest is not silent on standard error"; }
[ -s lucia.AppHost/manifest.json ] || die 1 "--publisher manifest wrote no lucia.AppHost/manifest.json"
rm -f lucia.AppHost/manifest.json

# The command that people install, else the one that npm brings for the dashboard.
aspire=$(command -v aspire || echo "$PWD/node_modules/@microsoft/aspire-cli-linux-x64/bin/aspire")
if [ -x "$aspire" ]; then
    for words in 'do publish-compose' publish; do
        # shellcheck disable=SC2086
        (cd lucia.AppHost && step "$aspire" $words --non-interactive --output-path "../$output-cli") >"$log" 2>&1 || { cat "$log" >&2; die 1 "aspire $words failed"; }
        [ -d "$output-cli/compose" ] || die 1 "aspire $words wrote no compose files"
    done
    [ -d "$output-cli/helm" ] || die 1 "aspire publish wrote no chart"
    rm -rf "$output-cli"
    say "the Aspire CLI publishes"
else
    say "no aspire command here: the same steps were run by the AppHost alone"
fi

if [ -n "$aspirate" ]; then
    if command -v kubectl >/dev/null; then
        kustomize=(kubectl kustomize)
    elif command -v kustomize >/dev/null; then
        kustomize=(kustomize build)
    else
        die 69 "neither kubectl nor kustomize is here to build Aspirate's output with; install one, or leave Aspirate out: --without-aspirate"
    fi
    restore dotnet tool restore
    # Typed in lucia.AppHost: Aspirate looks for the manifest's projects from where it is called.
    (cd lucia.AppHost && step dotnet tool run aspirate generate --aspire-manifest ../deploy/aspire-manifest.json @../deploy/aspirate.rsp \
        --parameter "chat-model=Endpoint=http://model.example:8080/v1;Model=m;Provider=openai-compatible" \
        --output-path "../$output/aspirate" --non-interactive --skip-build --disable-secrets --disable-state \
        --include-dashboard false --image-pull-policy IfNotPresent) >"$log" 2>&1 || { cat "$log" >&2; die 1 "Aspirate failed"; }
    "${kustomize[@]}" "$output/aspirate" >"$output/aspirate.yaml" || die 1 "Aspirate's output does not build"
    if grep -nE '\{[A-Za-z0-9._-]+\}' "$output/aspirate.yaml" >&2; then die 1 "Aspirate left an expression unresolved, see above"; fi
    grep -q 'exec redis-server .*--maxmemory-policy noeviction' "$output/aspirate.yaml" || die 1 "Aspirate changed the command of Redis"
    say "Aspirate's output builds and has no expression left"
fi

run_tests
say "all is well"
