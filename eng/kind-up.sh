#!/usr/bin/env bash
# shellcheck source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

# https://github.com/traefik/traefik-helm-chart: the chart that the ingress tests are made with.
traefik=41.3.0

usage() {
    cat <<HELP
Usage: eng/kind-up.sh [--name NAME] [--node IMAGE] [--load IMAGE]... [--without-ingress]

Makes a cluster in containers with kind, with Traefik $traefik as its ingress controller (class "traefik") on ports 80 and 443
of 127.0.0.1, and puts images of this machine into it. kubectl then talks to it. To remove it: kind delete cluster --name NAME

  --name NAME    the cluster's name (default: lucia)
  --node IMAGE   kindest/node in the version wanted (default: what kind brings)
  --load IMAGE   may be given several times
  --without-ingress   leave out Traefik

Exit codes: 0 done, 1 failed, 2 wrong usage, 69 kind, kubectl or helm is missing.
HELP
}

name=lucia node='' images=() ingress=1
while [ $# -gt 0 ]; do
    case $1 in
        --name) name=$(value "$@"); shift 2 ;;
        --node) node=$(value "$@"); shift 2 ;;
        --load) images+=("$(value "$@")"); shift 2 ;;
        --without-ingress) ingress=''; shift ;;
        -h | --help) usage && exit 0 ;;
        *) unknown "$1" ;;
    esac
done
needs kind "See https://kind.sigs.k8s.io"
needs kubectl "See https://kubernetes.io/docs/tasks/tools/"
needs helm "See https://helm.sh/docs/intro/install/"

cat <<'CLUSTER' | run kind create cluster --name "$name" ${node:+--image "$node"} --config - --wait 120s
kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
nodes:
  - role: control-plane
    extraPortMappings:
      - {containerPort: 30080, hostPort: 80, listenAddress: 127.0.0.1}
      - {containerPort: 30443, hostPort: 443, listenAddress: 127.0.0.1}
CLUSTER
for image in ${images[@]+"${images[@]}"}; do run kind load docker-image --name "$name" "$image"; done
if [ -n "$ingress" ]; then
    run helm install traefik traefik --repo https://traefik.github.io/charts --version "$traefik" \
        --namespace traefik --create-namespace --wait --timeout 3m \
        --set service.spec.type=NodePort --set ports.web.nodePort=30080 --set ports.websecure.nodePort=30443
fi
run kubectl get nodes,storageclasses,ingressclasses
