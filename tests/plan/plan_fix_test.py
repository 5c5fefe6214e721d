"""Plans of the corpus written into copies of it: what is written compiles without a warning for every Python that is here,
the findings that its steps end are gone, a second time writes nothing, and --diff is what --fix does."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# Findings that are left when all is written that is mechanical.
LEFT = {"atlas": 0, "glossary": 0, "odometer": 0, "reel": 0, "steady": 0, "transfer": 0, "vault": 0}
FEWER = ("braid", "tally", "roster")

HERE = pathlib.Path(__file__).resolve().parent

# What is written for a project that supports old versions of Python, too.
OLD = {
    "pyproject.toml": '[build-system]\nrequires = ["setuptools"]\n[project]\nname = "shelves"\nversion = "1"\nrequires-python = ">=3.8"\n',
    "setup.py": 'from setuptools import Extension, setup\nsetup(ext_modules=[Extension("shelves", ["shelves.c"])])\n',
    "shelves.c": """#include <Python.h>

typedef struct {
    PyObject_HEAD
    PyObject *label;
    Py_ssize_t first, last;
    long visits;
} Shelf;

static unsigned long last_place;
static Py_ssize_t last_length;
static PyObject *names;

static void remember(unsigned long place, Py_ssize_t length)
{
    last_place = place;
    last_length = length;
}

static PyObject *Shelf_stretch(Shelf *self, PyObject *unused)
{
    (void)unused;
    if (self->first > 0)
        self->first -= 1;
    self->last += 1;
    return PyLong_FromSsize_t(self->last - self->first);
}

static PyObject *Shelf_relabel(Shelf *self, PyObject *label)
{
    PyObject *old = self->label;
    Py_INCREF(label);
    self->label = label;
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

static PyObject *Shelf_label(Shelf *self, PyObject *unused)
{
    (void)unused;
    if (self->label == NULL)
        Py_RETURN_NONE;
    Py_INCREF(self->label);
    return self->label;
}

static PyObject *Shelf_visit(Shelf *self, PyObject *unused)
{
    (void)unused;
    self->visits++;
    return PyLong_FromLong(self->visits);
}

static PyMethodDef Shelf_methods[] = {
    {"stretch", (PyCFunction)Shelf_stretch, METH_NOARGS, NULL},
    {"relabel", (PyCFunction)Shelf_relabel, METH_O, NULL},
    {"label", (PyCFunction)Shelf_label, METH_NOARGS, NULL},
    {"visit", (PyCFunction)Shelf_visit, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyTypeObject Shelf_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "shelves.Shelf",
    .tp_basicsize = sizeof(Shelf),
    .tp_flags = Py_TPFLAGS_DEFAULT,
    .tp_methods = Shelf_methods,
    .tp_new = PyType_GenericNew,
};

static PyObject *place_of(PyObject *module, PyObject *name)
{
    (void)module;
    PyObject *place = PyDict_GetItemWithError(names, name);
    if (place == NULL)
        return NULL;
    Py_INCREF(place);
    remember(PyLong_AsUnsignedLong(place), 1);
    return place;
}

static PyObject *last(PyObject *module, PyObject *unused)
{
    (void)module, (void)unused;
    return PyLong_FromUnsignedLong(last_place + (unsigned long)last_length);
}

static PyMethodDef methods[] = {
    {"place_of", place_of, METH_O, NULL},
    {"last", last, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static int exec(PyObject *module)
{
    names = PyDict_New();
    if (names == NULL || PyType_Ready(&Shelf_Type) < 0)
        return -1;
    Py_INCREF(names);
    return PyModule_AddObject(module, "names", names);
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)exec},
    {0, NULL},
};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "shelves", NULL, 0, methods, slots, NULL, NULL, NULL};
PyMODINIT_FUNC PyInit_shelves(void) { return PyModuleDef_Init(&definition); }
""",
}
LEFT["shelves"] = LEFT["tills"] = LEFT["depots"] = LEFT["spools"] = 0


def run(*command, cwd=None):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=cwd)


def headers(ftaudit):
    """Include folders, by name: of the interpreters that ftaudit knows, of those of pyenv from 3.8 on, and of the machine."""
    out = {}
    for path in re.findall(r"(/\S+/bin/python\S*)", run(ftaudit, "python", "list").stdout):
        name = pathlib.Path(path).name
        out[name] = pathlib.Path(path).parent.parent / "include" / name
    for folder in [*pathlib.Path.home().glob(".pyenv/versions/*/include/python3*"), *pathlib.Path("/usr/include").glob("python3.*")]:
        if re.fullmatch(r"python3\.([89]|1\d)t?", folder.name):
            out.setdefault(folder.name, folder)
    return {name: folder for name, folder in sorted(out.items()) if (folder / "Python.h").exists()}


def compiled(file, include):
    flags = ["-std=c11", "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter", "-Wno-cast-function-type", "-Wno-deprecated-declarations",
             "-Wno-missing-field-initializers"]
    return run(os.environ.get("CC", "cc"), "-fsyntax-only", *flags, "-I", include, file)


def findings(ftaudit, folder):
    ran = run(ftaudit, "plan", folder, "--format", "json")
    return json.loads(ran.stdout)["plans"][0]["findings"]


def texts(folder):
    return {path.relative_to(folder): path.read_text() for path in sorted(folder.rglob("*.[ch]"))}


def main(ftaudit, root):
    root, failures, includes, tried = pathlib.Path(root), [], headers(ftaudit), set()
    with tempfile.TemporaryDirectory() as scratch:
        old = pathlib.Path(scratch) / "old" / "shelves"
        for file, text in OLD.items():
            (old / file).parent.mkdir(parents=True, exist_ok=True)
            (old / file).write_text(text)
        for original in [old, HERE / "inputs/tills", HERE / "inputs/depots", HERE / "inputs/spools", *sorted(path.parent for path in (root / "corpus").glob("*/expected.json"))]:
            name, wrong = original.name, []
            folder = pathlib.Path(scratch) / name
            shutil.copytree(original, folder)
            before, was = findings(ftaudit, folder), texts(folder)
            shown = run(ftaudit, "plan", folder, "--diff")
            fixed = run(ftaudit, "plan", folder, "--fix")
            if fixed.returncode not in (0, 1, 3):
                wrong.append(f"exit {fixed.returncode}: {fixed.stderr}")
            after, now = findings(ftaudit, folder), texts(folder)
            if after > before or (name in LEFT and after != LEFT[name]) or (name in FEWER and after >= before):
                wrong.append(f"{after} of {before} findings are left")
            if name == "depots" and "yard_room_lock_held(self)" not in now[pathlib.Path("depots.c")]:
                wrong.append("who holds the section calls what takes the same one")
            if name == "spools" and not all(word in now[pathlib.Path("spools.c")] for word in ("static _Thread_local Spares", "_Atomic Py_hash_t hash")):
                wrong.append("the list is not each thread's own, or the hash no atomic")
            if (was == now) == ("steps" in fixed.stderr):
                wrong.append(f"what it says of the files is not so: {fixed.stderr}")
            if (shown.stdout == "") != (was == now):
                wrong.append("--diff shows something else than --fix does")
            run(ftaudit, "plan", folder, "--fix")
            if texts(folder) != now:
                wrong.append("a second time it writes again")
            for path, text in now.items():
                if text == was[path] or path.suffix != ".c":
                    continue
                defined = re.findall(r"^\w[\w *]*?(\w+)\([^;{]*\)\s*\{", text, re.M)
                if twice := {one for one in defined if defined.count(one) > 1 or re.search("_lock_held.*_lock", one)} - set(re.findall(r"\w+", was[path])):
                    wrong.append(f"{path}: written twice: {', '.join(sorted(twice))}")
                if "\t" in text and "\t" not in was[path]:
                    wrong.append(f"{path}: indented in another way")
                for python, include in includes.items():
                    # What the project is not for, its plan is not for either.
                    if compiled(original / path, include).returncode != 0:
                        continue
                    tried.add(python)
                    made = compiled(folder / path, include)
                    if made.returncode != 0:
                        wrong.append(f"{path} for {python}: {made.stderr}")
            failures += [f"{name}: {what}" for what in wrong]
    print("compiled for", ", ".join(sorted(tried)) if tried else "nothing: no headers are here")
    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
