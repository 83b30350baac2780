module ebb.dev/local-cluster/node

go 1.26.0
