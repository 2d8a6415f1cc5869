# Part of verify-kubernetes.sh, which holds the variables.
# shellcheck shell=bash disable=SC2030,SC2031,SC2034,SC2154
# --- What is installed ---

random() {
    head -c 4096 /dev/urandom | tr -dc 'A-Za-z0-9' | cut -c "1-$1"
}

# Name of an object of the installation.
object() { if [ "$with" = helm ]; then say "$RELEASE-$1"; else say "$1"; fi; }

# restricted: the fields of a pod or container that Pod Security "restricted" asks for.
restricted_pod() {
    cat <<'END'
      automountServiceAccountToken: false
      enableServiceLinks: false
      terminationGracePeriodSeconds: 2
      securityContext:
        runAsNonRoot: true
        runAsUser: 1654
        runAsGroup: 1654
        fsGroup: 1654
        seccompProfile:
          type: RuntimeDefault
END
}

restricted_container() {
    cat <<'END'
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: [ALL]
          resources:
            requests: {cpu: 10m, memory: 32Mi}
            limits: {cpu: "1", memory: 256Mi}
          volumeMounts:
            - name: tmp
              mountPath: /tmp
END
}

# The house and the model.
simulator_objects() {
    cat <<END
apiVersion: apps/v1
kind: Deployment
metadata:
  name: $SIMULATOR
spec:
  selector:
    matchLabels: {verify: simulator}
  template:
    metadata:
      labels: {verify: simulator}
    spec:
$(restricted_pod)
      containers:
        - name: simulator
          image: ${simulator_image:-lucia-simulator:dry-run}
          env:
            - {name: ASPNETCORE_URLS, value: "http://0.0.0.0:5080"}
            - {name: Simulator__AnyAddress, value: "true"}
            - {name: Simulator__TokensPerSecond, value: "200"}
            - name: Simulator__AccessToken
              valueFrom:
                secretKeyRef: {name: $SIMULATOR, key: token}
          readinessProbe:
            httpGet: {path: /alive, port: 5080}
            periodSeconds: 2
$(restricted_container)
      volumes:
        - name: tmp
          emptyDir: {}
---
apiVersion: v1
kind: Service
metadata:
  name: $SIMULATOR
spec:
  selector: {verify: simulator}
  ports:
    - port: 5080
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: $SIMULATOR
spec:
  podSelector:
    matchLabels: {verify: simulator}
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector:
            matchLabels: {app.kubernetes.io/component: agenthost}
      ports:
        - port: 5080
END
}

# The caller, in a pod: what goes through kubectl port-forward ends with the pod it is tied to. It runs Redis' image, which the
# cluster has anyway and which has a shell and nc.
client_objects() {
    cat <<END
apiVersion: apps/v1
kind: Deployment
metadata:
  name: $CLIENT
spec:
  selector:
    matchLabels: {verify: client}
  template:
    metadata:
      labels: {verify: client}
    spec:
$(restricted_pod)
      containers:
        - name: client
          image: $(redis_image)
          command: [sh, -c, "trap 'exit 0' TERM; while :; do sleep 1; done"]
$(restricted_container)
            - name: key
              mountPath: /key
              readOnly: true
      volumes:
        - name: tmp
          emptyDir: {}
        - name: key
          secret:
            secretName: $CLIENT
            defaultMode: 288
            items:
              - {key: api-key, path: api-key}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: $CLIENT
spec:
  podSelector:
    matchLabels: {verify: client}
  policyTypes: [Ingress, Egress]
  egress:
    - {}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: verify-way-in
spec:
  podSelector:
    matchLabels: {app.kubernetes.io/component: agenthost}
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector:
            matchLabels: {verify: client}
      ports:
        - port: 8080
END
}

redis_image() { sed -n 's/^ *image: *//p' "$deploy/kubernetes/base/redis-statefulset.yaml" | head -n 1; }

# A claim by the name that the StatefulSet looks for binds the volume that was named.
claim_objects() {
    local class modes size
    class=$(kube get persistentvolume "$existing_volume" -o 'jsonpath={.spec.storageClassName}') || return
    modes=$(kube get persistentvolume "$existing_volume" -o 'jsonpath={.spec.accessModes[0]}') || return
    size=$(kube get persistentvolume "$existing_volume" -o 'jsonpath={.spec.capacity.storage}') || return
    cat <<END
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: redis-data-$(object redis)-0
spec:
  storageClassName: "$class"
  volumeName: $existing_volume
  accessModes: [$modes]
  resources:
    requests:
      storage: $size
END
}

# The copy leaves out base/.env and base/secrets, which may be a person's own.
copy_kustomize() {
    local folder=$work/kubernetes
    mkdir -p "$folder/base" "$folder/overlays/verify"
    cp "$deploy/kubernetes"/base/*.yaml "$deploy/kubernetes"/base/.env.example "$folder/base/"
    cp "$deploy/kubernetes"/base/*.env "$folder/base/"
    cp -R "$deploy/kubernetes/overlays/dev" "$deploy/kubernetes/overlays/ha" "$folder/overlays/"
    cp -R "$deploy/kubernetes/components" "$deploy/kubernetes/setup.sh" "$folder/"
}

# with_settings COMMAND...: runs it with the settings of this run in its environment.
with_settings() {
    (
        export Auth__ApiKey=$api_key
        if [ -n "$chat_model" ]; then
            export ConnectionStrings__chat_model=$chat_model
        else
            export ConnectionStrings__chat_model="Endpoint=http://$SIMULATOR:5080/v1;Model=simulated-house;Provider=openai-compatible"
            export ChatModel__AccessKey=$simulator_token HomeAssistant__AccessToken=$simulator_token HomeAssistant__BaseUrl=http://$SIMULATOR:5080
        fi
        "$@"
    )
}

write_overlay() {
    local from=../ha repository=${image%@*} name
    [ "$replicas" -gt 1 ] || from=../../base
    {
        say "apiVersion: kustomize.config.k8s.io/v1beta1"
        say "kind: Kustomization"
        say "namespace: $namespace"
        say "resources:"
        say "  - $from"
        [ -z "$ingress_host" ] || printf 'components:\n  - ../../components/ingress\n'
        printf 'replicas:\n  - name: agenthost\n    count: %s\n' "$replicas"
        if [ -n "$image" ]; then
            name=$(sed -n '/^images:/,$s/^ *- name: *//p' "$work/kubernetes/base/kustomization.yaml")
            split_image
            printf 'images:\n  - name: %s\n    newName: %s\n' "$name" "$repository"
            [ -z "$image_tag" ] || printf '    newTag: "%s"\n' "$image_tag"
            [ -z "$image_digest" ] || printf '    digest: "%s"\n' "$image_digest"
        fi
        # The namespace is of this script's making already, with these labels.
        printf 'patches:\n  - target:\n      kind: Namespace\n    patch: |-\n      - op: add\n        path: /metadata/labels/%s\n        value: "%s"\n' "${OWNER_LABEL//\//~1}" "$run"
        [ -z "$storage_class" ] || printf '  - target:\n      kind: StatefulSet\n      name: redis\n    patch: |-\n      - op: add\n        path: /spec/volumeClaimTemplates/0/spec/storageClassName\n        value: "%s"\n' "$storage_class"
        [ -z "$ingress_host" ] || ingress_patch
    } >"$work/kubernetes/overlays/verify/kustomization.yaml"
}

ingress_patch() {
    cat <<END
  - target:
      kind: Ingress
      name: agenthost
    patch: |-
      - op: replace
        path: /spec/rules/0/host
        value: "$ingress_host"
      - op: add
        path: /spec/tls
        value:
          - hosts: ["$ingress_host"]
            secretName: verify-tls
END
    [ -z "$ingress_class" ] || printf '      - op: add\n        path: /spec/ingressClassName\n        value: "%s"\n' "$ingress_class"
}

# IMAGE as repository, image_tag and image_digest.
split_image() {
    image_tag='' image_digest='' repository=$image
    case $repository in *@*) image_digest=${repository#*@} repository=${repository%%@*} ;; esac
    case ${repository##*/} in *:*) image_tag=${repository##*:} repository=${repository%:*} ;; esac
}

# yaml_text VALUE: as a YAML string, whatever it holds.
yaml_text() {
    local text=${1//\\/\\\\}
    printf '"%s"' "${text//\"/\\\"}"
}

# Without a key for callers and a password: those are the chart's to make, and to keep.
write_values() {
    local repository
    {
        say "secrets:"
        say "  connectionStringsChatModel: $(yaml_text "$ConnectionStrings__chat_model")"
        say "  chatModelAccessKey: $(yaml_text "${ChatModel__AccessKey:-}")"
        say "  homeAssistantAccessToken: $(yaml_text "${HomeAssistant__AccessToken:-}")"
        say "settings:"
        say "  homeAssistantBaseUrl: $(yaml_text "${HomeAssistant__BaseUrl:-}")"
        say "  sessionsMaxTurns: \"$max_turns\""
        say "agenthost:"
        say "  replicas: $replicas"
        if [ -n "$image" ]; then
            split_image
            printf '  image:\n    repository: "%s"\n    tag: "%s"\n    digest: "%s"\n' "$repository" "$image_tag" "$image_digest"
        fi
        [ -z "$ingress_host" ] || printf '  ingress:\n    host: "%s"\n    className: "%s"\n    tls:\n      enabled: true\n      secretName: verify-tls\n' "$ingress_host" "$ingress_class"
        [ -z "$storage_class" ] || printf 'redis:\n  persistence:\n    redisData:\n      storageClass: "%s"\n' "$storage_class"
    } >"$work/values.yaml"
}

prepare() {
    api_key=$(random 32) simulator_token=$(random 32)
    printf '%s' "$simulator_token" >"$work/simulator-token"
    if [ "$with" = kustomize ]; then
        copy_kustomize || fail "the manifests could not be copied" || return
        quietly with_settings "$work/kubernetes/setup.sh" || fail "setup.sh failed: $(said)" || return
        write_overlay
    else
        with_settings write_values
    fi
}

max_turns=20

# Installs, or changes what is installed.
install() {
    if [ "$with" = helm ]; then
        with_settings write_values
        quietly "${helm[@]}" upgrade --install "$RELEASE" "${chart:-$deploy/helm/lucia}" --namespace "$namespace" -f "$work/values.yaml" || fail "$(said)"
    else
        sed "s/^Sessions__MaxTurns=.*/Sessions__MaxTurns=$max_turns/" "$work/kubernetes/base/.env" >"$work/.env"
        mv "$work/.env" "$work/kubernetes/base/.env"
        quietly kube apply -k "$work/kubernetes/overlays/verify" || fail "$(said)"
    fi
}

install_claim() {
    claim_objects >"$work/claim.yaml" || fail "the PersistentVolume could not be read" || return
    quietly in_namespace create -f "$work/claim.yaml" || fail "$(said)"
}

install_simulator() {
    quietly in_namespace create secret generic "$SIMULATOR" --from-file=token="$work/simulator-token" || fail "$(said)" || return
    simulator_objects >"$work/simulator.yaml"
    quietly in_namespace create -f "$work/simulator.yaml" || fail "$(said)" || return
    rolled_out "deployment/$SIMULATOR" "Can the cluster have the image $simulator_image? (kind load docker-image, k3d image import)"
}

# The key is read from where the installation put it, chart or not.
install_client() {
    local secret volume='.spec.template.spec.volumes[?(@.name=="secrets")]'
    secret=$(in_namespace get deployment "$(object agenthost)" -o "jsonpath={$volume.secret.secretName}{$volume.projected.sources[0].secret.name}") || return
    in_namespace get secret "$secret" -o 'go-template={{index .data "auth-api-key" | base64decode}}' >"$work/api-key" 2>"$work/said" || fail "the Secret $secret holds no key: $(said)" || return
    [ -s "$work/api-key" ] || fail "the Secret $secret holds an empty key" || return
    quietly in_namespace create secret generic "$CLIENT" --from-file=api-key="$work/api-key" || fail "$(said)" || return
    client_objects >"$work/client.yaml"
    quietly in_namespace create -f "$work/client.yaml" || fail "$(said)" || return
    rolled_out "deployment/$CLIENT" || return
    service_address=$(in_namespace get service "$(object agenthost)" -o 'jsonpath={.spec.clusterIP}')
    case $service_address in *:*) fail "the Service has the address $service_address, which this script cannot call" ;; esac
}

# As the guides say; what must survive it is the volume.
uninstall() {
    local left kinds=deployment,statefulset,service,ingress,networkpolicy,poddisruptionbudget,configmap
    if [ "$with" = helm ]; then
        quietly "${helm[@]}" uninstall "$RELEASE" --namespace "$namespace" --wait --timeout "${timeout}s" || fail "$(said)" || return
    else
        quietly in_namespace delete "$kinds,secret" -l app.kubernetes.io/part-of=lucia --timeout="${timeout}s" || fail "$(said)" || return
    fi
    left=$(in_namespace get "$kinds" -l app.kubernetes.io/part-of=lucia -o name | tr '\n' ' ')
    [ -z "$left" ] || fail "this is still there: $left" || return
    quietly in_namespace get persistentvolumeclaim "redis-data-$(object redis)-0" || fail "the conversations' volume was removed as well: $(said)"
}
