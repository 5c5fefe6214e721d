"""`ftaudit scan --diff` and `--fix` on an extension of its own and through the whole chain: the diff applies and is what --fix
makes; the findings are gone; what was mended compiles for the free-threaded build and for a CPython that has none of
the new API, and does the same there as before. Arguments: the program, the folder of inputs."""

import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig
import tempfile

USE = """
import sys
sys.path.insert(0, sys.argv[1])
import fix
out = []
def note(call, *arguments):
    try:
        out.append(repr(call(*arguments)))
    except Exception as wrong:
        out.append(type(wrong).__name__)
fix.put("a", 1)
note(fix.get, "a"), note(fix.get, "b"), note(fix.get, [])
note(fix.get2, ["x"]), note(fix.get2, []), note(fix.get2, 5)
note(fix.get3, "a"), note(fix.get3, "b"), note(fix.get3, [])
note(fix.count, {1: 2, 3: None, 4: 5}), note(fix.count, {})
before = sys.getrefcount(out)
fix.put("held", out)
for _ in range(1000):
    fix.get("held"), fix.get3("held"), fix.get2([out])
out.append(str(sys.getrefcount(out) - before))
print(" ".join(out))
"""


class Test:
    def __init__(self, program, inputs, folder):
        self.program, self.inputs, self.folder, self.failures = program, pathlib.Path(inputs), pathlib.Path(folder), []

    def that(self, what, is_so):
        if not is_so:
            self.failures.append(what)

    def ftaudit(self, *arguments, cwd):
        return subprocess.run([self.program, *arguments], cwd=cwd, capture_output=True, text=True)

    def copy(self, name):
        shutil.copytree(self.inputs / "fixes", self.folder / name)
        return self.folder / name

    def behaviour(self, project, python):
        """What the extension does when it is built for `python`; complaints of the compiler are failures."""
        told = subprocess.run([python, "-c", "import sysconfig as s; print(s.get_path('include')); print(s.get_config_var('EXT_SUFFIX'))"], capture_output=True, text=True, check=True).stdout.split("\n")
        built = project / f"build-{pathlib.Path(python).name}"
        built.mkdir(exist_ok=True)
        compiler = shutil.which("gcc") or shutil.which("clang-19") or "cc"
        made = subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-Wall", "-Werror", f"-I{told[0]}", "-o", built / f"fix{told[1]}", project / "fix.c"], capture_output=True, text=True)
        self.that(f"{project.name} does not compile for {python}:\n{made.stderr}", made.returncode == 0)
        if made.returncode != 0:
            return None
        used = subprocess.run([python, "-c", USE, built], capture_output=True, text=True)
        self.that(f"{project.name} with {python}: {used.stderr}", used.returncode == 0)
        return used.stdout

    def chain(self):
        project = self.copy("guarded")
        before = (project / "fix.c").read_text()
        shown = self.ftaudit("scan", ".", "--diff", "-q", cwd=project)
        self.that("--diff leaves files as they are", (project / "fix.c").read_text() == before)
        self.that("--diff has edits", shown.stdout.count("@@ -") >= 3 and shown.returncode == 1)
        applied = self.copy("applied")
        patched = subprocess.run(["patch", "-s", "-p1"], cwd=applied, input=shown.stdout, capture_output=True, text=True)
        self.that(f"the diff applies: {patched.stdout}{patched.stderr}", patched.returncode == 0)
        first = self.ftaudit("scan", ".", "--fix", "--format", "concise", cwd=project)
        self.that("--fix makes what --diff shows", (project / "fix.c").read_text() == (applied / "fix.c").read_text())
        self.that(f"the declaration waits until the rest is mended: {first.stderr}", "4 findings mended in 1 file" in first.stderr and "FT001" in first.stdout and "Py_mod_gil" not in (project / "fix.c").read_text())
        for gone in ("FT102", "FT104"):
            self.that(f"{gone} is gone", gone not in first.stdout)
        self.that("what is left decides the exit code", first.returncode == 1)
        second = self.ftaudit("scan", ".", "--fix", "--format", "concise", cwd=project)
        self.that(f"then it is made: {second.stdout}{second.stderr}", second.returncode == 0 and second.stdout.startswith("0 findings") and "Py_mod_gil" in (project / "fix.c").read_text())
        third = self.ftaudit("scan", ".", "--fix", cwd=project)
        self.that("a third time there is nothing to do", "no finding has a mechanical edit" in third.stderr)
        return project

    def same_behaviour(self, project):
        """The oldest and the free-threaded Python that are there."""
        original = self.copy("original")
        tried = 0
        threaded = subprocess.run([self.program, "python", "list"], capture_output=True, text=True).stdout.splitlines()
        pythons = [line.split()[-1] for line in threaded if "interpreter" in line and "t " in line and "-tsan-" not in line][:1]
        for python in ["/usr/bin/python3", *pythons]:
            if not os.path.exists(python) or subprocess.run([python, "-c", "import os, sysconfig, sys; sys.exit(not os.path.exists(sysconfig.get_path('include') + '/Python.h'))"]).returncode != 0:
                continue
            tried += 1
            was = self.behaviour(original, python)
            self.that(f"the same with {python}", was is not None and was == self.behaviour(project, python))
        print(f"the same behaviour with {tried} Pythons")
        self.that("a Python to build for", tried > 0)

    def spellings(self):
        plain = self.copy("plain")
        self.ftaudit("scan", ".", "--fix", "--fix-compat", "plain", "-q", cwd=plain)
        text = (plain / "fix.c").read_text()
        self.that("plain spelling has no guards", "PY_VERSION_HEX" not in text and "PyDict_GetItemRef(cache, key, &value);" in text and "Py_INCREF" not in text)
        compat = self.copy("compat")
        before = (compat / "fix.c").read_text()
        refused = self.ftaudit("scan", ".", "--fix", "--fix-compat", "pythoncapi-compat", "-q", cwd=compat)
        self.that(f"without the header it is refused: {refused.stderr}", refused.returncode == 2 and "pythoncapi_compat.h is nowhere" in refused.stderr and (compat / "fix.c").read_text() == before)
        (compat / "pythoncapi_compat.h").write_text("/* stands for the real one */\n")
        self.ftaudit("scan", ".", "--fix", "--fix-compat", "pythoncapi-compat", "-q", cwd=compat)
        text = (compat / "fix.c").read_text()
        self.that("with it, it is included after Python.h", text.startswith('#include <Python.h>\n#include "pythoncapi_compat.h"\n') and "PY_VERSION_HEX" not in text)

    def single_phase(self):
        """Modules of single-phase initialisation declare themselves where they are made, once nothing stands against it."""
        project = self.folder / "single"
        shutil.copytree(self.inputs / "single", project)
        (project / "risky.c").write_text((project / "returned.c").read_text().replace("returned", "risky").replace("static PyModuleDef", "static long calls;\nstatic PyObject *f(PyObject *s, PyObject *a) { return PyLong_FromLong(++calls); }\nstatic PyMethodDef all[] = {{\"f\", f, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL}};\nstatic PyModuleDef", 1).replace("-1, NULL", "-1, all"))
        held = self.ftaudit("scan", ".", "--fix", "-q", "--format", "concise", cwd=project)
        self.that("a hazard in one of them holds all declarations back", "SetGIL" not in "".join(path.read_text() for path in project.glob("*.c")) and "FT201" in held.stdout)
        (project / "risky.c").unlink()
        made = self.ftaudit("scan", ".", "--fix", "--format", "concise", cwd=project)
        left = [line for line in made.stdout.splitlines() if " FT" in line]
        self.that(f"all are mended but the one that is not clear: {made.stdout}{made.stderr}", "5 findings mended in 5 files" in made.stderr and len(left) == 1 and left[0].startswith("unclear.c"))
        threaded = subprocess.run([self.program, "python", "list"], capture_output=True, text=True).stdout.splitlines()
        pythons = [line.split()[-1] for line in threaded if "interpreter" in line and "t " in line and "-tsan-" not in line][:1]
        for python in ["/usr/bin/python3", *pythons]:
            if not os.path.exists(python) or subprocess.run([python, "-c", "import os, sysconfig, sys; sys.exit(not os.path.exists(sysconfig.get_path('include') + '/Python.h'))"]).returncode != 0:
                continue
            include, suffix = subprocess.run([python, "-c", "import sysconfig as s; print(s.get_path('include')); print(s.get_config_var('EXT_SUFFIX'))"], capture_output=True, text=True, check=True).stdout.split()
            for name in ("returned", "declared", "tested", "kept", "either"):
                compiler = shutil.which("gcc") or shutil.which("clang-19") or "cc"
                built = subprocess.run([compiler, "-shared", "-fPIC", "-Wall", "-Werror", f"-I{include}", "-o", project / f"{name}{suffix}", project / f"{name}.c"], capture_output=True, text=True)
                self.that(f"{name} does not compile for {python}:\n{built.stderr}", built.returncode == 0)
                used = subprocess.run([python, "-W", "error", "-c", f"import {name}, sys; sys.exit(getattr(sys, '_is_gil_enabled', bool)())"], cwd=project, capture_output=True, text=True)
                self.that(f"{name} does not import without the GIL in {python}:\n{used.stderr}", used.returncode == 0)

    def careful(self):
        readable = self.copy("readable")
        # An edit that does not hold: the macro makes of the new call what it was.
        text = (readable / "fix.c").read_text().replace("static PyObject *cache;", "static PyObject *cache;\n#define PyDict_GetItemRef(d, k, v) (*(v) = PyDict_GetItemWithError(d, k), Py_XINCREF(*(v)), 0)\n", 1)
        (readable / "fix.c").write_text(text)
        held = self.ftaudit("scan", ".", "--fix", "-q", cwd=readable)
        self.that(f"what does not hold is put back: {held.stderr}", held.returncode == 2 and "did not hold" in held.stderr and (readable / "fix.c").read_text() == text)
        archive = shutil.make_archive(str(self.folder / "made-1.0"), "gztar", self.folder, "original")
        refused = self.ftaudit("scan", archive, "--fix", cwd=self.folder)
        self.that(f"an archive is not edited: {refused.stderr}", refused.returncode == 2 and "archive" in refused.stderr)


def main(program, inputs):
    if shutil.which("patch") is None:
        print("skipped: this needs patch")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        test = Test(program, inputs, folder)
        project = test.chain()
        test.same_behaviour(project)
        test.spellings()
        test.single_phase()
        test.careful()
    for failure in test.failures:
        print("FAILED:", failure)
    return 1 if test.failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
