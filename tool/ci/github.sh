#!/usr/bin/env bash
# What the GitHub action runs: ftaudit installed as a wheel, nothing is built; then the audit with annotations on the log, a summary on the step's page, SARIF for code scanning,
# and the action's outputs. Inputs come as FTAUDIT_INPUT_*, never as text of a script.
set -euo pipefail

summary=$(mktemp) report=$(mktemp)
trap 'rm -f "$summary" "$report"' EXIT

case $FTAUDIT_INPUT_COMMAND in
  scan | gate | confirm) ;;
  *) echo "::error title=ftaudit::unknown command; expected scan, gate or confirm"; exit 2 ;;
esac
# FTAUDIT names one that is there already. Runners have pip; the package brings all that a scan needs.
if [[ -z ${FTAUDIT:-} ]]; then
  version=${FTAUDIT_INPUT_VERSION:-$(sed -nE 's/^project\(ftaudit VERSION ([0-9.]+).*/\1/p' "$FTAUDIT_ACTION/CMakeLists.txt")}
  installed=$(mktemp -d "${RUNNER_TEMP:-/tmp}/ftaudit.XXXXXX")
  python3 -m pip install --quiet --disable-pip-version-check --target "$installed" "ftaudit==$version" ||
    { echo "::error title=ftaudit::pip cannot install ftaudit $version"; exit 3; }
  FTAUDIT=$installed/bin/ftaudit
fi
# confirm builds and runs the project, which wants a compiler and two Pythons; they are kept between runs.
if [[ $FTAUDIT_INPUT_COMMAND == confirm ]]; then "$FTAUDIT" doctor --fix >&2 || exit; fi

arguments=("$FTAUDIT_INPUT_COMMAND" "$FTAUDIT_INPUT_PATH" --format github --report "markdown:$summary" --report "json:$report"
           --report "sarif:$FTAUDIT_INPUT_SARIF" --fail-on "$FTAUDIT_INPUT_FAIL_ON" --require-sandbox)
[[ -z $FTAUDIT_INPUT_HTML ]] || arguments+=(--report "html:$FTAUDIT_INPUT_HTML")
while IFS= read -r line; do
  [[ -z $line ]] || arguments+=("$line")
done <<<"$FTAUDIT_INPUT_ARGS"

code=0
"$FTAUDIT" "${arguments[@]}" || code=$?

[[ ! -s $summary ]] || cat "$summary" >>"$GITHUB_STEP_SUMMARY"
{
  echo "sarif=$FTAUDIT_INPUT_SARIF"
  echo "findings=$(python3 -c 'import json, sys; print(len(json.load(open(sys.argv[1]))["findings"]))' "$report" 2>/dev/null || true)"
  echo "exit-code=$code"
} >>"$GITHUB_OUTPUT"
exit "$code"
