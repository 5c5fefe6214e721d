"""mended_test.py FTAUDIT RULES: the sides of a finding are what is to be mended, all of them and nothing else.

Of each case below every finding with sides is taken: with a lock in all the functions that it names it is gone, and
nothing has come; with a lock in one of them it is still there, without that side. A function gets its lock from outside: it
is renamed, and a function of its old name calls it under the critical section of its first parameter, or for state that
is no object's under a mutex of the process.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

CASES = [
    "object_field_unlocked/cases/every_method_named.c",
    "mutable_global_state/cases/two_fields.c",
    "inconsistent_locking/cases/one_reader_forgets.c",
    "pyobject_field_swap/cases/swapped_and_borrowed.c",
    "init_reentry/cases/all_fields_once.c",
]

HEAD = re.compile(r"^static (?P<result>[\w ]+?[ *]+)(?P<name>\w+)\((?P<parameters>[^()]*)\)\n?\s*\{", re.M)


def scan(ftaudit, source, folder):
    file = folder / "case.c"
    file.write_text(source)
    run = subprocess.run([ftaudit, "-q", "scan", file.name, "--format", "json", "--min-severity", "info"], cwd=folder,
                         capture_output=True, text=True, timeout=60)
    return [f for f in json.loads(run.stdout)["findings"] if not f["rule"].startswith("FT00")]


def locked(source, names, of_object):
    """The source with a lock around each of these functions."""
    for name in names:
        head = next(m for m in HEAD.finditer(source) if m["name"] == name)
        end = source.index("\n}\n", head.end()) + 3
        parameters = [p.strip() for p in head["parameters"].split(",")]
        arguments = [re.search(r"\w+$", p)[0] for p in parameters]
        void = head["result"].strip() == "void"
        call = ("" if void else "out = ") + f"{name}_itself({', '.join(arguments)});"
        begin, finish = ((f"Py_BEGIN_CRITICAL_SECTION((PyObject *){arguments[0]});", "Py_END_CRITICAL_SECTION();") if of_object
                         else ("PyMutex_Lock(&mended);", "PyMutex_Unlock(&mended);"))
        wrapper = (f"static {head['result']}{name}({head['parameters']})\n{{\n"
                   + ("" if void else f"    {head['result']}out;\n")
                   + f"    {begin}\n    {call}\n    {finish}\n" + ("" if void else "    return out;\n") + "}\n")
        itself = source[head.start():end].replace(f"{name}(", f"{name}_itself(", 1)
        source = source[:head.start()] + itself + wrapper + source[end:]
    return source.replace("#include <Python.h>\n", "#include <Python.h>\nstatic PyMutex mended;\n", 1) if not of_object else source


def kind(finding):
    return finding["owner"] or finding["place"]


def told(finding):
    return finding["confidence"] != "possible"


def wrong_with(ftaudit, source, folder):
    before = scan(ftaudit, source, folder)
    with_sides = [f for f in before if f["sides"] and told(f)]
    if not with_sides:
        yield "no finding with sides"
    for finding in with_sides:
        names = sorted({side["function"] for side in finding["sides"] if told(side)})
        of_object = re.search(rf"\b{re.escape(finding['owner'])} \*\w+[,)]", source) is not None
        after = scan(ftaudit, locked(source, names, of_object), folder)
        known = {(f["rule"], kind(f)) for f in before}
        for left in after:
            if kind(left) == kind(finding) and left["remedy"] == finding["remedy"]:
                yield f"{finding['rule']} {kind(finding)}: with {', '.join(names)} locked there is still {left['rule']}: {left['what']}"
            elif told(left) and (left["rule"], kind(left)) not in known:
                yield f"{finding['rule']} {kind(finding)}: with {', '.join(names)} locked there came {left['rule']}: {left['what']}"
        if len(names) < 2:
            continue
        for name in names:
            after = scan(ftaudit, locked(source, [name], of_object), folder)
            left = {side["function"] for f in after if kind(f) == kind(finding) for side in f["sides"]}
            expected = set(names) - {name}
            if left & set(names) != expected:
                yield (f"{finding['rule']} {kind(finding)}: with {name} locked there are left "
                       f"{', '.join(sorted(left)) or 'none'} of {', '.join(names)}")


def main(ftaudit, rules):
    failures = 0
    for case in CASES:
        with tempfile.TemporaryDirectory() as scratch:
            wrong = list(wrong_with(ftaudit, (pathlib.Path(rules) / case).read_text(), pathlib.Path(scratch)))
        for line in wrong:
            print(f"{case}: {line}")
        failures += len(wrong)
        print(f"{case}: {len(wrong)} things wrong")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
