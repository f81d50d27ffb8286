#!/bin/sh
# Starts shard SHARD_INDEX of SHARDS. Prometheus puts variables into external labels alone, so this writes the two others into the file.
set -eu
sed -e "s/modulus: 3/modulus: ${SHARDS}/" -e "s/regex: '0'/regex: '${SHARD_INDEX}'/" \
  /etc/prometheus/prometheus.yml >/tmp/prometheus.yml
exec prometheus --config.file=/tmp/prometheus.yml "$@"
