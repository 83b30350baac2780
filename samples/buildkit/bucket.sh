#!/bin/sh
# usage: bucket.sh KEY N
# The number of the Service for a key, of N: the same as kubectl ebb route KEY --services N.
set -eu
hex=$(printf '%s\n' "$1" | md5sum | cut -c1-15)
echo $((0x$hex % $2))
