#!/bin/bash
# Makes this machine a node of a cluster, with the classic arguments of a worker image's bootstrap script:
#   bootstrap.sh CLUSTER [arguments]
#     --apiserver-endpoint URL --b64-cluster-ca BASE64   how to reach the cluster; without them it is asked for, once it is active
#     --dns-cluster-ip IP          the name server of pods; else the tenth address of the service range
#     --kubelet-extra-args ARGS    more arguments for the kubelet or the node agent
#     --use-max-pods true|false    whether the number of pods is bounded by the addresses that the machine has for them (default true)
#     --aws-api-retry-attempts N   how often the AWS CLI tries
#     --container-runtime containerd, --ip-family ipv4, --enable-docker-bridge false, --mount-bpf-fs false: the only values that are taken
# It starts an upstream kubelet where there is one on PATH and it is root, else Pilothouse's node agent, and returns once that is on its way.
set -euo pipefail

fail() { echo "bootstrap.sh: $*" >&2; exit 1; }
usage() { sed -n '2,10s/^# \{0,1\}//p' "$0"; }
only() { [ "$2" = "$3" ] || fail "$1 \"$2\" is not supported: $3 is"; }

here=$(dirname "$(readlink -f "$0")")
home=${PILOTHOUSE_HOME:-$(readlink -f "$here/../..")}
root=${PILOTHOUSE_INSTANCE_ROOT:-/var/lib/pilothouse-node}
imds=${AWS_EC2_METADATA_SERVICE_ENDPOINT:-http://169.254.169.254}; imds=${imds%/}
cluster="" endpoint="" ca="" dns="" extra="" use_max_pods=true cidr=""
while [ $# -gt 0 ]; do
  case "$1" in
    --help|-h) usage; exit 0 ;;
    --*=*) fail "write ${1%%=*} and its value as two words" ;;
    --apiserver-endpoint|--b64-cluster-ca|--dns-cluster-ip|--kubelet-extra-args|--use-max-pods|--aws-api-retry-attempts|--container-runtime|--ip-family|--enable-docker-bridge|--mount-bpf-fs)
      [ $# -ge 2 ] || fail "the value of $1 is missing"
      case "$1" in
        --apiserver-endpoint) endpoint=$2 ;;
        --b64-cluster-ca) ca=$2 ;;
        --dns-cluster-ip) dns=$2 ;;
        --kubelet-extra-args) extra=$2 ;;
        --use-max-pods) use_max_pods=$2 ;;
        --aws-api-retry-attempts) export AWS_MAX_ATTEMPTS=$2 ;;
        --container-runtime) only "container runtime" "$2" containerd ;;
        --ip-family) only "address family" "$2" ipv4 ;;
        --enable-docker-bridge|--mount-bpf-fs) only "$1" "$2" false ;;
      esac
      shift 2 ;;
    --service-ipv6-cidr|--docker-config-json|--containerd-config-file|--pause-container-account|--pause-container-version|--enable-local-outpost|--cluster-id|--local-disks)
      fail "$1 is not supported by this node: see $0 --help" ;;
    -*) fail "unknown argument: $1 (see $0 --help)" ;;
    *) [ -z "$cluster" ] || fail "one cluster name is expected, not also: $1"; cluster=$1; shift ;;
  esac
done
[ -n "$cluster" ] || { usage >&2; fail "the cluster's name is missing"; }
case "$use_max_pods" in true|false) ;; *) fail "--use-max-pods is true or false, not \"$use_max_pods\"" ;; esac
[[ ${AWS_MAX_ATTEMPTS:-1} =~ ^[1-9][0-9]*$ ]] || fail "--aws-api-retry-attempts is a number, not \"$AWS_MAX_ATTEMPTS\""
[ -z "$dns" ] || [[ $dns =~ ^[0-9]+(\.[0-9]+){3}$ ]] || fail "--dns-cluster-ip is an IPv4 address, not \"$dns\""
[ -z "$ca" ] || base64 -d <<<"$ca" >/dev/null 2>&1 || fail "--b64-cluster-ca is not base64"
command -v curl >/dev/null || fail "curl is not installed"

# Extra arguments are words, quoted as in a shell; nothing in them is carried out.
extra_args=()
if [ -n "$extra" ]; then
  words=$(xargs -r -n1 printf '%s\n' <<<"$extra" 2>/dev/null) || fail "--kubelet-extra-args has an unmatched quote: $extra"
  mapfile -t extra_args <<<"$words"
fi
extra_has() { local a; for a in ${extra_args[@]+"${extra_args[@]}"}; do [[ $a == "$1" || $a == "$1="* ]] && return 0; done; return 1; }

metadata() {
  local token
  token=$(curl -sf -m 5 --retry 5 --retry-connrefused -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' "$imds/latest/api/token") \
    || fail "no instance metadata at $imds"
  curl -sf -m 5 -H "X-aws-ec2-metadata-token: $token" "$imds/latest/meta-data/$1"
}
# The tenth address of a range such as 10.100.0.0/16, whether or not it begins at a multiple of 256.
tenth() {
  local a b c d bits
  IFS=./ read -r a b c d bits <<<"$1"
  local n=$(( ((a << 24 | b << 16 | c << 8 | d) & (0xffffffff << (32 - bits))) + 10 ))
  echo "$((n >> 24 & 255)).$((n >> 16 & 255)).$((n >> 8 & 255)).$((n & 255))"
}
region=${AWS_REGION:-$(metadata placement/region)}
export AWS_REGION=$region AWS_DEFAULT_REGION=$region

if [ -z "$endpoint" ] || [ -z "$ca" ]; then
  command -v aws >/dev/null || fail "without --apiserver-endpoint and --b64-cluster-ca the AWS CLI is needed"
  echo "bootstrap.sh: waiting until cluster $cluster is active"
  aws eks wait cluster-active --name "$cluster" || fail "cluster $cluster does not become active"
  read -r endpoint ca cidr < <(aws eks describe-cluster --name "$cluster" --output text \
    --query 'cluster.[endpoint, certificateAuthority.data, kubernetesNetworkConfig.serviceIpv4Cidr]') || fail "cluster $cluster can't be described"
fi
if [ -z "$dns" ] && [[ $cidr =~ ^[0-9]+(\.[0-9]+){3}/[0-9]+$ ]]; then
  dns=$(tenth "$cidr")
elif [ -z "$dns" ]; then
  # Not told the service range: EKS takes 172.20.0.0/16 in a VPC of 10.0.0.0/8, else 10.100.0.0/16.
  vpc=$(metadata "network/interfaces/macs/$(metadata mac)/vpc-ipv4-cidr-blocks")
  dns=10.100.0.10
  if [[ $vpc == 10.* || $vpc == *$'\n10.'* ]]; then dns=172.20.0.10; fi
fi

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
chmod 700 "$root/node"

# Pods' files are made below by programs started here, and are for every user of a pod.
umask 022
start() { # name, log, command...: runs it beyond this script's end, and keeps it running
  local name=$1 log=$2; shift 2
  setsid --fork "$here/keep-running" "$name" "$@" </dev/null >>"$log" 2>&1
}

if command -v kubelet >/dev/null && [ "$(id -u)" = 0 ]; then
  # shellcheck source=/dev/null
  . "$here/start-kubelet"
else
  [ -x "$home/bin/pilothouse" ] || fail "neither kubelet on PATH nor $home/bin/pilothouse: set PILOTHOUSE_HOME"
  agent=("$home/bin/pilothouse" node --kubeconfig "$kubeconfig")
  extra_has --cluster-dns || agent+=(--cluster-dns "$dns")
  [ "$use_max_pods" = true ] || extra_has --max-pods || agent+=(--max-pods 110)
  agent+=(${extra_args[@]+"${extra_args[@]}"})
  if [ -n "$extra" ]; then
    said=$("${agent[@]}" --check 2>&1) || fail "the node agent does not take --kubelet-extra-args \"$extra\": $(head -3 <<<"$said")"
  fi
  start "node agent" "$root/node/agent.log" "${agent[@]}"
  echo "bootstrap.sh: node agent started, log in $root/node/agent.log"
fi
