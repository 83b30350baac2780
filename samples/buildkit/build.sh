#!/bin/sh
# usage: build.sh IMAGE:TAG [arguments for buildctl build]
# Builds the folder in which it is called on the daemon that has the image's cache. In a pod of the cluster, with the
# Secret buildkit-client at /certs.
set -eu
services=${SERVICES:-8}
namespace=${NAMESPACE:-builds}
image=$1
shift
number=$("$(dirname "$0")/bucket.sh" "${image%:*}" "$services")
exec buildctl --addr "tcp://buildkit-svc-$number.$namespace.svc:1234" \
  --tlscacert /certs/ca.crt --tlscert /certs/tls.crt --tlskey /certs/tls.key \
  build --frontend dockerfile.v0 --local context=. --local dockerfile=. \
  --output "type=image,name=$image,push=true" "$@"
