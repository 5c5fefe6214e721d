"""JUnit XML against Jenkins' published schema (schemas/junit-10.xsd, with its licence in it), by libxml2; and the counts against
what is there. Argument: the program that writes the samples."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

SCHEMA = pathlib.Path(__file__).parent / "schemas" / "junit-10.xsd"


def valid(path):
    return subprocess.run(["xmllint", "--noout", "--nonet", "--schema", SCHEMA, path], capture_output=True, text=True)


def miscounted(path):
    for suite in ElementTree.parse(path).getroot():
        cases = suite.findall("testcase")
        names = [case.get("name") for case in cases]
        for said, there in (("tests", len(cases)), ("failures", sum(case.find("failure") is not None for case in cases)),
                            ("skipped", sum(case.find("skipped") is not None for case in cases)), ("errors", sum(case.find("error") is not None for case in cases))):
            if int(suite.get(said)) != there:
                yield f"{suite.get('name')}: {said} says {suite.get(said)}, there are {there}"
        if len(set(names)) != len(names):
            yield f"{suite.get('name')}: two tests of one name"


def main(writer):
    if shutil.which("xmllint") is None:
        print("skipped: this needs xmllint, of the Debian package libxml2-utils")
        return 77
    failures, looked = [], 0
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([writer, "junit", folder], check=True)
        for path in sorted(pathlib.Path(folder).iterdir()):
            looked += 1
            checked = valid(path)
            if checked.returncode != 0:
                failures.append(checked.stderr)
            failures += [f"{path.name}: {complaint}" for complaint in miscounted(path)]
            wrong = path.with_suffix(".wrong")
            wrong.write_text(path.read_text(encoding="utf-8").replace("<testsuite ", "<testsuite colour='red' "), encoding="utf-8")
            if valid(wrong).returncode == 0:
                failures.append(f"{path.name}: the schema lets through an attribute that it does not know")
    for failure in failures:
        print(failure)
    print(f"{looked} reports checked, {len(failures)} failures")
    return 1 if failures or not looked else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
