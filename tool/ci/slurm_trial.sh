#!/bin/sh
#SBATCH --job-name=ftaudit-trials
#SBATCH --array=0-7
#SBATCH --cpus-per-task=2
#SBATCH --output=trials-%a.log
# As slurm.sh, and each application is tried, too: THIS RUNS ITS CODE, in throw-away environments of the node. The folder that
# it is submitted from holds a folder an application below apps/, each with its lock file; every task takes its share, and leaves
# what `ftaudit trial` saw of each in trials/ and the report that rests on it in reports/. Both Pythons are there on every node
# (`ftaudit python install 3.13t`, `... 3.13`). OPTIONS are those of `ftaudit report`, TRIAL_OPTIONS those of `ftaudit trial`.
#   TRIAL_OPTIONS="--budget 10m" sbatch --wait slurm_trial.sh && ftaudit merge reports/*.json --report html:fleet.html
set -eu
mkdir -p reports trials
# 1 and 3 say that something stands in the way, or was not looked at: of a fleet these are results, and no failure of the
# task. What is whole is moved into place; a task that is started again leaves out what is there.
result() { "$@" || { code=$?; test $code -eq 1 || test $code -eq 3; }; }
number=0
for app in apps/*/; do
  app=${app%/} lock=
  for file in poetry.lock uv.lock pylock.toml; do test ! -e "$app/$file" || lock=$app/$file; done
  test -n "$lock" || continue
  turn=$((number % SLURM_ARRAY_TASK_COUNT))
  number=$((number + 1))
  test $turn -eq $((SLURM_ARRAY_TASK_ID - SLURM_ARRAY_TASK_MIN)) || continue
  name=$(basename "$app")
  if ! test -e "trials/$name.json"; then
    result ftaudit trial "$app" ${TRIAL_OPTIONS-} --format json -o "trials/.$name"
    mv "trials/.$name" "trials/$name.json"
  fi
  result ftaudit report "$lock" --trial "trials/$name.json" ${OPTIONS-} --format json -o "reports/.$name"
  mv "reports/.$name" "reports/$name.json"
done
