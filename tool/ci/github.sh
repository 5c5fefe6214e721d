#!/usr/bin/env bash
# What the GitHub action runs: the audit with annotations on the log, a summary on the step's page, SARIF for code scanning,
# and the action's outputs. Inputs come as FTAUDIT_INPUT_*, never as text of a script.
set -euo pipefail

summary=$(mktemp) report=$(mktemp)
trap 'rm -f "$summary" "$report"' EXIT

case $FTAUDIT_INPUT_COMMAND in
  scan | gate | confirm) ;;
  *) echo "::error title=ftaudit::unknown command; expected scan, gate or confirm"; exit 2 ;;
esac
arguments=("$FTAUDIT_INPUT_COMMAND" "$FTAUDIT_INPUT_PATH" --format github --report "markdown:$summary" --report "json:$report"
           --report "sarif:$FTAUDIT_INPUT_SARIF" --fail-on "$FTAUDIT_INPUT_FAIL_ON" --require-sandbox)
[[ -z $FTAUDIT_INPUT_HTML ]] || arguments+=(--report "html:$FTAUDIT_INPUT_HTML")
while IFS= read -r line; do
  [[ -z $line ]] || arguments+=("$line")
done <<<"$FTAUDIT_INPUT_ARGS"

code=0
"${FTAUDIT:-$FTAUDIT_ACTION/ftaudit}" "${arguments[@]}" || code=$?

[[ ! -s $summary ]] || cat "$summary" >>"$GITHUB_STEP_SUMMARY"
{
  echo "sarif=$FTAUDIT_INPUT_SARIF"
  echo "findings=$(python3 -c 'import json, sys; print(len(json.load(open(sys.argv[1]))["findings"]))' "$report" 2>/dev/null || true)"
  echo "exit-code=$code"
} >>"$GITHUB_OUTPUT"
exit "$code"
