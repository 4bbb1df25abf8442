#!/bin/bash
# Makes this machine a node of a cluster, with the classic arguments of a worker image's bootstrap script:
#   bootstrap.sh CLUSTER [--apiserver-endpoint URL --b64-cluster-ca BASE64] [--dns-cluster-ip IP] [--kubelet-extra-args ARGS] ...
# It starts an upstream kubelet where there is one on PATH, else Pilothouse's node agent, and returns once it runs.
set -euo pipefail

fail() { echo "bootstrap.sh: $*" >&2; exit 1; }
usage() { sed -n '2,4s/^# \{0,1\}//p' "$0"; }

here=$(dirname "$(readlink -f "$0")")
home=${PILOTHOUSE_HOME:-$(readlink -f "$here/../..")}
root=${PILOTHOUSE_INSTANCE_ROOT:-/var/lib/pilothouse-node}
imds=${AWS_EC2_METADATA_SERVICE_ENDPOINT:-http://169.254.169.254}; imds=${imds%/}
cluster="" endpoint="" ca="" dns="" extra="" runtime=containerd max_pods="" use_max_pods=true ip_family=ipv4
while [ $# -gt 0 ]; do
  case "$1" in
    --help|-h) usage; exit 0 ;;
    --apiserver-endpoint) endpoint=${2:?}; shift 2 ;;
    --b64-cluster-ca) ca=${2:?}; shift 2 ;;
    --dns-cluster-ip) dns=${2:?}; shift 2 ;;
    --kubelet-extra-args) extra=${2-}; shift 2 ;;
    --container-runtime) runtime=${2:?}; shift 2 ;;
    --use-max-pods) use_max_pods=${2:?}; shift 2 ;;
    --max-pods) max_pods=${2:?}; shift 2 ;;
    --ip-family) ip_family=${2:?}; shift 2 ;;
    --*) fail "unknown argument: $1" ;;
    *) [ -z "$cluster" ] || fail "one cluster name is expected, not also: $1"; cluster=$1; shift ;;
  esac
done
[ -n "$cluster" ] || { usage >&2; fail "the cluster's name is missing"; }
[ "$runtime" = containerd ] || fail "container runtime \"$runtime\" is not supported: containerd is"
[ "$ip_family" = ipv4 ] || fail "address family \"$ip_family\" is not supported: ipv4 is"
command -v curl >/dev/null || fail "curl is not installed"

metadata() {
  local token
  token=$(curl -sf -m 5 --retry 5 --retry-connrefused -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' "$imds/latest/api/token") \
    || fail "no instance metadata at $imds"
  curl -sf -m 5 -H "X-aws-ec2-metadata-token: $token" "$imds/latest/meta-data/$1"
}
region=${AWS_REGION:-$(metadata placement/region)}
export AWS_REGION=$region AWS_DEFAULT_REGION=$region

if [ -z "$endpoint" ] || [ -z "$ca" ]; then
  command -v aws >/dev/null || fail "without --apiserver-endpoint and --b64-cluster-ca the AWS CLI is needed"
  echo "bootstrap.sh: waiting until cluster $cluster is active"
  aws eks wait cluster-active --name "$cluster" || fail "cluster $cluster does not become active"
  read -r endpoint ca cidr < <(aws eks describe-cluster --name "$cluster" --output text \
    --query 'cluster.[endpoint, certificateAuthority.data, kubernetesNetworkConfig.serviceIpv4Cidr]') || fail "cluster $cluster can't be described"
  if [ -z "$dns" ] && [[ $cidr =~ ^[0-9.]+/[0-9]+$ ]]; then dns=${cidr%.*}.10; fi
fi
dns=${dns:-10.100.0.10}

umask 077
mkdir -p "$root/node"
kubeconfig=$root/node/kubeconfig
cat > "$kubeconfig.new" <<EOF
apiVersion: v1
kind: Config
clusters:
- name: kubernetes
  cluster:
    server: $endpoint
    certificate-authority-data: $ca
contexts:
- name: node
  context: {cluster: kubernetes, user: node}
current-context: node
users:
- name: node
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: aws
      args: [eks, get-token, --cluster-name, "$cluster", --region, "$region"]
      interactiveMode: Never
EOF
mv "$kubeconfig.new" "$kubeconfig"

# Extra arguments are words, as a shell would split them.
eval "extra_args=($extra)"
[ "$use_max_pods" = true ] || max_pods=""

start() { # name, log, command...: runs it, again when it ends, beyond this script's end
  local name=$1 log=$2; shift 2
  setsid --fork bash -c 'while :; do "$@"; echo "'"$name"' ended with status $?; starting it again"; sleep 2; done' "$name" "$@" \
    </dev/null >>"$log" 2>&1
}

if command -v kubelet >/dev/null; then
  # Machines differ: no cgroup delegation, cgroup v1 and swap are all taken.
  echo "$ca" | base64 -d > "$root/node/ca.crt"
  address=$(metadata local-ipv4) name=$(metadata local-hostname) zone=$(metadata placement/availability-zone) id=$(metadata instance-id)
  cat > "$root/node/kubelet.yaml" <<EOF
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: $root/node/ca.crt}
authorization: {mode: Webhook}
cgroupsPerQOS: false
enforceNodeAllocatable: []
failCgroupV1: false
failSwapOn: false
clusterDNS: [$dns]
clusterDomain: cluster.local
providerID: aws:///$zone/$id
serverTLSBootstrap: true
containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
podLogsDir: $root/node/logs
${max_pods:+maxPods: $max_pods}
EOF
  start containerd "$root/node/containerd.log" "$home/bin/pilothouse" node runtime
  start kubelet "$root/node/kubelet.log" kubelet --config "$root/node/kubelet.yaml" --kubeconfig "$kubeconfig" --root-dir "$root/kubelet" \
    --cloud-provider external --hostname-override "$name" --node-ip "$address" ${extra_args[@]+"${extra_args[@]}"}
  echo "bootstrap.sh: kubelet started, log in $root/node/kubelet.log"
else
  [ -x "$home/bin/pilothouse" ] || fail "neither kubelet on PATH nor $home/bin/pilothouse: set PILOTHOUSE_HOME"
  start "node agent" "$root/node/agent.log" "$home/bin/pilothouse" node --kubeconfig "$kubeconfig" --cluster-dns "$dns" \
    ${max_pods:+--max-pods "$max_pods"} ${extra_args[@]+"${extra_args[@]}"}
  echo "bootstrap.sh: node agent started, log in $root/node/agent.log"
fi
