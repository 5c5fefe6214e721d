"""SARIF against the published schema (schemas/sarif-2.1.0-rtm.5.json, from the npm package @microsoft/jest-sarif, MIT), and
what GitHub code scanning asks beyond it. Argument: the program that writes the samples."""

import copy
import json
import pathlib
import subprocess
import sys
import tempfile

try:
    from jsonschema import Draft4Validator
except ImportError:
    print("skipped: this needs the Debian package python3-jsonschema")
    sys.exit(77)

SCHEMA = pathlib.Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.5.json"


def broken(log):
    def made(change):
        copied = copy.deepcopy(log)
        change(copied["runs"][0])
        return copied
    yield "no tool", made(lambda run: run.pop("tool"))
    yield "a result without a message", made(lambda run: run["results"].append({"ruleId": "FT104"}))
    yield "a level that is none", made(lambda run: run["results"].append({"message": {"text": "x"}, "level": "bad"}))
    yield "a column before the first", made(lambda run: run["results"].append({"message": {"text": "x"}, "locations": [{"physicalLocation": {"region": {"startColumn": 0}}}]}))


def ordered(region):
    start = region["startLine"], region.get("startColumn", 1)
    end = region.get("endLine", region["startLine"]), region.get("endColumn", 1 << 30)
    return start <= end


def regions(node):
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("region", "deletedRegion"):
                yield value
            yield from regions(value)
    elif isinstance(node, list):
        for value in node:
            yield from regions(value)


def taken_by_github(log):
    run, = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    if run["columnKind"] != "utf16CodeUnits":
        yield "columns of unknown kind"
    if len(run["results"]) > 25_000:
        yield "too many results"
    for rule in rules:
        if len(rule.get("properties", {}).get("tags", [])) > 10:
            yield f"{rule['id']}: too many tags"
        if "security-severity" in rule.get("properties", {}) and "security" not in rule["properties"]["tags"]:
            yield f"{rule['id']}: a security severity without the tag"
    for result in run["results"]:
        if rules[result["ruleIndex"]]["id"] != result["ruleId"]:
            yield f"{result['ruleId']}: its index is another rule's"
        where = result["locations"][0]["physicalLocation"]["artifactLocation"]
        if where["uri"].startswith("/") or "\\" in where["uri"] or (not where["uri"].startswith("file:") and where.get("uriBaseId") != "%SRCROOT%"):
            yield f"{where['uri']}: not relative to the top of the repository"
        if "ftaudit/v1" not in result["partialFingerprints"]:
            yield f"{result['ruleId']}: no fingerprint"
        for flow in result.get("codeFlows", []):
            if any(not thread["locations"] for thread in flow["threadFlows"]):
                yield f"{result['ruleId']}: a thread without steps"
    for region in regions(run):
        if not ordered(region):
            yield f"a region that ends before it starts: {region}"


def main(writer):
    schema = json.loads(SCHEMA.read_text())
    validator = Draft4Validator(schema)
    failures, looked = [], 0
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([writer, "sarif", folder], check=True)
        for path in sorted(pathlib.Path(folder).iterdir()):
            log = json.loads(path.read_text(encoding="utf-8"))
            looked += 1
            failures += [f"{path.name}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}" for error in validator.iter_errors(log)]
            failures += [f"{path.name}: {complaint}" for complaint in taken_by_github(log)]
            if path.stem in ("empty", "full"):
                failures += [f"{path.name}: the schema lets through {how}" for how, wrong in broken(log) if validator.is_valid(wrong)]
            run = log["runs"][0]
            states = {result.get("baselineState") for result in run["results"]}
            if states - ({"new"} if path.stem == "compared" else {None}):
                failures.append(f"{path.name}: results of the states {states}")
            if path.stem == "compared" and (run["properties"]["fixed"], run["properties"]["unchanged"]) != (2, 2):
                failures.append(f"{path.name}: {run['properties']} of 2 fixed and 2 unchanged")
            if path.stem == "full":
                results = log["runs"][0]["results"]
                race = next(result for result in results if result["ruleId"] == "FT104")
                if len(race["codeFlows"][0]["threadFlows"]) != 2:
                    failures.append("a race is not told as two threads")
                if "primaryLocationLineHash" not in race["partialFingerprints"]:
                    failures.append("no primaryLocationLineHash where the source is there")
    for failure in failures:
        print(failure)
    print(f"{looked} logs checked, {len(failures)} failures")
    return 1 if failures or not looked else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
