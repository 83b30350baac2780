#!/bin/sh
# usage: certs.sh NAMESPACE
# A CA, a certificate for the daemons behind all Services of the namespace, and one for clients, as Secrets.
set -eu
namespace=$1
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj /CN=buildkit-ca \
  -keyout ca.key -out ca.crt 2>/dev/null
sign() { # NAME EXTENSIONS
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr" 2>/dev/null
  printf '%s\n' "$2" > "$1.ext"
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 -extfile "$1.ext" \
    -out "$1.crt" 2>/dev/null
  kubectl create secret generic "buildkit-$1" -n "$namespace" --from-file=ca.crt --from-file=tls.crt="$1.crt" \
    --from-file=tls.key="$1.key" --dry-run=client -o yaml | kubectl apply -f -
}
sign server "subjectAltName=DNS:*.$namespace.svc,DNS:*.$namespace.svc.cluster.local,DNS:*.$namespace"
sign client "extendedKeyUsage=clientAuth"
