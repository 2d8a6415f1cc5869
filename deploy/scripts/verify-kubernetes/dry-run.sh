# Part of verify-kubernetes.sh, which holds the variables.
# shellcheck shell=bash disable=SC2034,SC2154
# --- Dry run: everything is sent to the API server and nothing is kept ---

controllers=1

# Pods are admitted for a service account, which a controller makes; a bare control plane runs none.
check_controllers() {
    local attempt
    for attempt in 1 2 3 4 5; do
        quietly in_namespace get serviceaccount default && return
        sleep 1
    done
    controllers=''
    quietly in_namespace create serviceaccount default || fail "$(said)" || return
    detail="none; a bare control plane"
}

# dry_run_of: the objects in $work/rendered.yaml, then the pods that they would make.
dry_run_of() {
    quietly in_namespace apply --dry-run=server -f "$work/rendered.yaml" || fail "$(grep -v '(server dry run)' "$work/said" | head -n 5)" "The API server refused what is listed." || return
    local objects pods
    objects=$(grep -c '(server dry run)$' "$work/said")
    ! grep '^Warning:' "$work/said" | grep -v 'last-applied-configuration' >"$work/warnings" || fail "$(head -n 5 "$work/warnings")" "The API server took it, but not gladly." || return
    quietly in_namespace create --dry-run=client -f "$work/rendered.yaml" -o 'jsonpath={.spec.template}{"|"}{.spec.volumeClaimTemplates[*].metadata.name}{"\n"}' || fail "$(said)" || return
    grep '^{"' "$work/said" | as_pods >"$work/pods.json" || true
    pods=$(grep -c . "$work/pods.json" || true)
    [ "$pods" = 0 ] || quietly in_namespace create --dry-run=server -f "$work/pods.json" || fail "a pod is not admitted: $(grep -v 'created' "$work/said" | head -n 5)" || return
    detail="$objects objects, $pods pods"
}

# Templates, each with the names of its claims, to pods; what a claim would bring is an empty volume.
as_pods() {
    local template claim volumes
    while IFS= read -r template; do
        volumes=''
        for claim in ${template##*|}; do volumes+="{\"name\":\"$claim\",\"emptyDir\":{}},"; done
        sed -e 's/^{"metadata":{/{"apiVersion":"v1","kind":"Pod","metadata":{"generateName":"dry-run-",/' -e "s/\"volumes\":\[/&$volumes/" <<<"${template%|*}"
    done
}

dry_run_kustomize() {
    local folder=$work/kubernetes/overlays/dry-run
    mkdir -p "$folder"
    printf 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: %s\nresources:\n  - ../../%s\n' "$namespace" "$1" >"$folder/kustomization.yaml"
    [ -z "${2:-}" ] || printf 'components:\n  - ../../%s\n' "$2" >>"$folder/kustomization.yaml"
    kube kustomize "$folder" >"$work/rendered.yaml" 2>"$work/said" || fail "$(said)" || return
    dry_run_of
}

# dry_run_chart VALUES...: the later file counts.
dry_run_chart() {
    local values=() file
    for file in "$@"; do values+=(-f "$file"); done
    "${helm[@]}" template "$RELEASE" "${chart:-$deploy/helm/lucia}" --namespace "$namespace" --kube-version "$server_version" "${values[@]}" >"$work/rendered.yaml" 2>"$work/said" || fail "$(said)" || return
    dry_run_of
}

dry_run_of_this_run() {
    if [ "$with" = helm ]; then
        dry_run_chart "$work/values.yaml"
        return
    fi
    kube kustomize "$work/kubernetes/overlays/verify" >"$work/rendered.yaml" 2>"$work/said" || fail "$(said)" || return
    dry_run_of
}

dry_run_of_own() {
    {
        client_objects
        say "---"
        simulator_objects
        if [ -n "$existing_volume" ]; then
            say "---"
            claim_objects || return
        fi
    } >"$work/rendered.yaml"
    dry_run_of
}

# What must be refused, else the admission of the rest says nothing.
check_admission() {
    if quietly in_namespace create --dry-run=server -f - <<<'{"apiVersion":"v1","kind":"Pod","metadata":{"name":"refused"},"spec":{"hostNetwork":true,"containers":[{"name":"a","image":"a"}]}}'; then
        skip "this cluster does not enforce Pod Security, so the pods prove less"
    else
        grep -q PodSecurity "$work/said" || fail "$(said)" || return
        detail='a pod in the network of its host is refused'
    fi
}

dry_run() {
    must_step "controllers" check_controllers
    step "Pod Security is enforced" check_admission || true
    local each name
    if [ "$with" = kustomize ]; then
        step "base" dry_run_kustomize base || true
        for each in "$work/kubernetes/overlays"/{dev,ha}; do
            step "overlays/${each##*/}" dry_run_kustomize "overlays/${each##*/}" || true
        done
        for each in "$work/kubernetes/components"/*/; do
            name=$(basename "$each")
            step "base with components/$name" dry_run_kustomize base "components/$name" || true
        done
    else
        for each in "$deploy/helm/lucia/ci"/*-values.yaml; do
            step "the chart with ${each##*/}" dry_run_chart "$each" || true
        done
        step "the chart with values.dev.yaml" dry_run_chart "$work/values.yaml" "$deploy/helm/lucia/values.dev.yaml" || true
    fi
    step "the installation as asked for" dry_run_of_this_run || true
    step "the objects of this script" dry_run_of_own || true
}
