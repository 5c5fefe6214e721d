#!/bin/sh
# A fleet of extensions, audited in shards and joined. GNU parallel starts the shards here; elsewhere the number of a shard
# comes from whoever starts it, counted from 1:
#   Slurm array        --shard $((SLURM_ARRAY_TASK_ID - SLURM_ARRAY_TASK_MIN + 1))/$SLURM_ARRAY_TASK_COUNT
#   Kubernetes job     --shard $((JOB_COMPLETION_INDEX + 1))/$COMPLETIONS      (completionMode: Indexed)
#   GitLab CI          --shard $CI_NODE_INDEX/$CI_NODE_TOTAL                  (parallel: N)
#   GitHub matrix      --shard ${{ matrix.shard }}/4                           (shard: [1, 2, 3, 4])
# Every shard is given all the paths, from the same folder, and takes its share.
#
# usage: fleet_test.sh FTAUDIT FOLDER...; checks that the joined report is the report of one run.
set -eu
command -v parallel > /dev/null || { echo "GNU parallel (Debian: parallel) is not installed"; exit 77; }
ftaudit=$1
shift
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
export XDG_CACHE_HOME="$out/cache"

# Exit codes 1 and 3 say that there are findings, or files that could not be audited: for a fleet these are results, and no
# failure of the shard. The reports hold both.
result() { "$@" || test $? -eq 3; }
parallel --will-cite -j 2 "$ftaudit scan $* --shard {}/3 -j 1 --format json -o $out/shard-{}.json; code=\$?; test \$code -le 1 -o \$code -eq 3" ::: 1 2 3
result "$ftaudit" merge "$out"/shard-*.json --format json -o "$out/fleet.json" --fail-on never

result "$ftaudit" scan "$@" --shard 1/1 --no-cache --format json -o "$out/whole.json" --fail-on never
cmp "$out/fleet.json" "$out/whole.json"
"$ftaudit" merge "$out/fleet.json" --fail-on never --format concise | tail -1
