#!/bin/sh
#SBATCH --job-name=ftaudit-fleet
#SBATCH --array=0-7
#SBATCH --cpus-per-task=1
#SBATCH --output=fleet-%a.log
# A fleet of applications, judged by as many tasks of an array as there are shards. The folder that it is submitted from
# holds a folder an application below apps/, each with its lock file, and is seen by every node; every task takes its share
# and leaves a report. OPTIONS are those of `ftaudit report`: --target 3.14t, --index-url https://..., --scan.
#   OPTIONS="--target 3.14t" sbatch --wait slurm.sh && ftaudit merge reports/*.json --report html:fleet.html
# The page says which packages stand in the way of most applications. How many shards there are, --array= says.
set -eu
mkdir -p reports
# 1 and 3 say that something stands in the way, or could not be read: of a fleet these are results, and no failure of the
# task. The report is moved into place when it is whole.
shard=$((SLURM_ARRAY_TASK_ID - SLURM_ARRAY_TASK_MIN + 1))
part=reports/.$shard
ftaudit report apps/*/pylock.toml --shard "$shard/$SLURM_ARRAY_TASK_COUNT" ${OPTIONS-} --format json -o "$part" ||
  { code=$?; test $code -eq 1 || test $code -eq 3; }
mv "$part" "reports/$shard.json"
