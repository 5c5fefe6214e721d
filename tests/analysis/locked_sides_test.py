"""What locks do to the sides of a finding, on extensions made by chance from fixed seeds: with every named side locked
nothing is left to tell and nothing new comes; with one of them locked that one goes, and what only it calls, and the
others stay.

usage: locked_sides_test.py FTAUDIT [SEEDS]   (SEEDS: how many extensions, 40 where it is not said)"""

import json
import pathlib
import random
import subprocess
import sys
import tempfile

NUMBERS = ("hits", "total", "last")
TAKE = {"section": ("Py_BEGIN_CRITICAL_SECTION(self);", "Py_END_CRITICAL_SECTION();"),
        "mutex": ("PyMutex_Lock(&self->mutex);", "PyMutex_Unlock(&self->mutex);")}


def operation(chance, objects):
    kind = chance.choice(("add", "set", "read", "move", "grow") + (("swap", "borrow") if objects else ()))
    one, other = chance.sample(NUMBERS, 2)
    return {"add": f"self->{one} += amount;",
            "set": f"self->{one} = amount * 3;",
            "read": f"out += self->{one};",
            "move": f"self->{one} = self->{other} + amount;",
            "grow": f"if (self->{one} < amount) self->{one}++;",
            "swap": "{ PyObject *old = self->held; self->held = PyLong_FromLong(amount); Py_XDECREF(old); }",
            "borrow": "{ PyObject *held = Py_XNewRef(self->held); out += held != NULL; Py_XDECREF(held); }"}[kind]


class Extension:
    """Functions as lists of statements, of which some take the lock; `text` is the module."""

    def __init__(self, seed):
        chance = random.Random(seed)
        self.name = f"bag{seed}"
        self.lock = chance.choice(("section", "section", "mutex"))
        # No Python code under a mutex, and none taken twice.
        nested = self.lock == "section"
        self.functions = {f"part{i}": [operation(chance, nested) for _ in range(chance.randint(1, 2))]
                          for i in range(2 if nested else 0)}
        self.methods = [f"method{i}" for i in range(chance.randint(3, 6))]
        for method in self.methods:
            body = [operation(chance, nested) for _ in range(chance.randint(1, 3))]
            if nested and chance.random() < 0.4:
                part = chance.choice(("part0", "part1"))
                body.insert(chance.randint(0, len(body)), f"out += {self.name}_{part}(self, amount);")
            self.functions[method] = body
        self.locked = {method for method in self.methods if chance.random() < 0.3}

    def text(self, also_locked=()):
        prefix = self.name + "_"
        out = ["#include <Python.h>", "typedef struct {",
               "  PyObject_HEAD PyMutex mutex; long hits, total, last; PyObject *held;", "} " + self.name + ";"]
        for function, body in self.functions.items():
            take, let_go = TAKE[self.lock] if function in self.locked | set(also_locked) else ("", "")
            out += [f"static long {prefix}{function}({self.name} *self, long amount) {{", "  long out = 0;", "  " + take,
                    *("  " + statement for statement in body), "  " + let_go, "  return out;", "}"]
        for method in self.methods:
            out.append(f"static PyObject *{prefix}call_{method}(PyObject *self, PyObject *amount) {{ "
                       f"return PyLong_FromLong({prefix}{method}(({self.name} *)self, PyLong_AsLong(amount))); }}")
        table = " ".join(f'{{"{method}", {prefix}call_{method}, METH_O, NULL}},' for method in self.methods)
        return "\n".join(out + [
            f"static PyMethodDef {prefix}methods[] = {{{table} {{NULL, NULL, 0, NULL}}}};",
            f"static void {prefix}dealloc(PyObject *self) {{",
            f"  Py_XDECREF((({self.name} *)self)->held); Py_TYPE(self)->tp_free(self); }}",
            f"static PyTypeObject {prefix}type = {{PyVarObject_HEAD_INIT(NULL, 0) .tp_name = \"{self.name}.Bag\", "
            f".tp_basicsize = sizeof({self.name}), .tp_flags = Py_TPFLAGS_DEFAULT, .tp_new = PyType_GenericNew, "
            f".tp_dealloc = {prefix}dealloc, .tp_methods = {prefix}methods}};",
            f"static int {prefix}exec(PyObject *module) {{ return PyModule_AddType(module, &{prefix}type); }}",
            f"static PyModuleDef_Slot {prefix}slots[] = {{",
            f"  {{Py_mod_exec, {prefix}exec}}, {{Py_mod_gil, Py_MOD_GIL_NOT_USED}}, {{0, NULL}}}};",
            f"static PyModuleDef {prefix}definition = {{PyModuleDef_HEAD_INIT,",
            f"  .m_name = \"{self.name}\", .m_slots = {prefix}slots}};",
            f"PyMODINIT_FUNC PyInit_{self.name}(void) {{ return PyModuleDef_Init(&{prefix}definition); }}", ""])


def scan(ftaudit, folder, texts):
    """Findings by name of the extension."""
    for name, text in texts.items():
        (folder / (name + ".c")).write_text(text)
    ran = subprocess.run([ftaudit, "scan", str(folder), "--format", "json", "--min-confidence", "possible"],
                         capture_output=True, text=True, timeout=240)
    assert ran.returncode in (0, 1), ran.stderr
    out = {name: [] for name in texts}
    for finding in json.loads(ran.stdout)["findings"]:
        out[pathlib.Path(finding["location"]["file"]).stem].append(finding)
    return out


def covered(extension, locked):
    """The functions that run under the lock only: those that take it, and parts that only such call."""
    holding = extension.locked | set(locked)
    calls = {part: {method for method in extension.methods if f"_{part}(" in "".join(extension.functions[method])}
             for part in extension.functions.keys() - set(extension.methods)}
    return holding | {part for part, callers in calls.items() if callers and callers <= holding}


def sides(extension, findings):
    prefix = extension.name + "_"
    return {side["function"].removeprefix(prefix) for finding in findings for side in finding["sides"]}


def told(findings):
    return [f"{finding['rule']} {finding['location']['line']} {finding['what']}" for finding in findings]


def main():
    ftaudit, seeds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 40
    extensions = [Extension(seed) for seed in range(seeds)]
    wrong, racy, several = [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        before = scan(ftaudit, folder, {one.name: one.text() for one in extensions})
        named = {one.name: sides(one, before[one.name]) for one in extensions}
        chosen = {name: random.Random(name).choice(sorted(names)) for name, names in named.items() if names}
        all_locked = scan(ftaudit, folder, {one.name: one.text(named[one.name]) for one in extensions})
        one_locked = scan(ftaudit, folder, {one.name: one.text({chosen.get(one.name)}) for one in extensions})
    for one in extensions:
        if blamed := named[one.name] & covered(one, ()):
            wrong.append(f"{one.name}: blames {sorted(blamed)}, which hold the lock")
        if told(all_locked[one.name]):
            wrong.append(f"{one.name}: with {sorted(named[one.name])} locked: {told(all_locked[one.name])}")
        if one.name not in chosen:
            continue
        racy += 1
        several += len(named[one.name]) > 2
        left = sides(one, one_locked[one.name])
        if left != named[one.name] - covered(one, {chosen[one.name]}):
            wrong.append(f"{one.name}: of {sorted(named[one.name])} {chosen[one.name]} locked, left {sorted(left)}")
    print(f"{len(extensions)} extensions, {racy} with races, {several} with more than two sides")
    for line in wrong:
        print(line)
    assert racy * 2 > len(extensions) and several * 4 > len(extensions), "too few races to tell anything"
    return 1 if wrong else 0


sys.exit(main())
