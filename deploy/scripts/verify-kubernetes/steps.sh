# Part of verify-kubernetes.sh, which holds the variables.
# shellcheck shell=bash disable=SC2034,SC2154
# --- Steps: one line each, with result and seconds ---

steps=0 failures=0 skips=0
# While it is still about what the machine and the cluster must have.
exit_code=$EXIT_MISSING
rows='' detail='' problem='' remedy='' skipped=''

fail() {
    problem=$1 remedy=${2:-}
    return 1
}

skip() { skipped=$1; }

# step TITLE FUNCTION: goes on after a failure; must_step ends the run.
step() {
    local title=$1 began=$SECONDS result='ok  ' text
    shift
    steps=$((steps + 1))
    detail='' problem='' remedy='' skipped=''
    if "$@"; then
        [ -z "$skipped" ] || { result='skip' skips=$((skips + 1)) detail=$skipped; }
    else
        result='FAIL' failures=$((failures + 1)) detail=${problem:-"see above"}
    fi
    text="$title${detail:+: $detail}"
    printf '%s %4d s  %s\n' "$result" $((SECONDS - began)) "$text"
    [ "$result" != FAIL ] || [ -z "$remedy" ] || printf '             %s\n' "$remedy"
    rows+="| ${result%% *} | $((SECONDS - began)) | ${text//|/\\|} |"$'\n'
    [ "$result" != FAIL ]
}

must_step() {
    step "$@" || finish
}

# What the cluster has to say about a failure. The service never logs a secret.
show_cluster() {
    [ -n "$made_namespace" ] || return 0
    {
        say "--- pods"
        in_namespace get pods -o wide 2>&1 || true
        say "--- events"
        in_namespace get events --sort-by=.lastTimestamp 2>&1 | tail -n 30 || true
        local pod
        for pod in $(in_namespace get pods -o name 2>/dev/null || true); do
            say "--- log of $pod"
            in_namespace logs "$pod" --all-containers --tail=30 2>&1 || true
            in_namespace logs "$pod" --all-containers --tail=15 --previous 2>/dev/null || true
        done
    } >&2
}

write_report() {
    [ -n "$report" ] || return 0
    {
        say "## Lucia on Kubernetes: $([ "$failures" = 0 ] && say passed || say failed)"
        say ""
        say "With $with, $replicas replica(s)${dry_run:+, as a dry run}, on ${server_version:-no cluster}; $SECONDS s."
        say ""
        say "| result | seconds | step |"
        say "| --- | --- | --- |"
        printf '%s' "$rows"
    } >"$report" || say "verify-kubernetes: the report could not be written to $report" >&2
}

# Ends the run; the trap cleans up.
finish() {
    [ "$failures" = 0 ] || show_cluster
    exit $((failures > 0 ? exit_code : 0))
}

