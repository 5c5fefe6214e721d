"""Which lock a plan chooses, and who takes it: the object's for a struct that code which does not know the object works on; the
one that a record has; a mutex not taken again by what is called under it. And what is told of what could not be read."""

import json
import pathlib
import subprocess
import sys
import tempfile

DIGEST = """
#include <Python.h>
#include <stdlib.h>
typedef struct { unsigned long sum; size_t total; } Sums;
typedef struct { PyObject_HEAD Sums *sums; } Digest;
void sums_add(Sums *sums, const unsigned char *data, size_t length) {
  for (size_t i = 0; i < length; ++i) sums->sum = sums->sum * 31 + data[i];
  sums->total += length;
}
unsigned long sums_get(const Sums *sums) { return sums->sum ^ sums->total; }
void sums_clear(Sums *sums) { sums->sum = 7; sums->total = 0; }
void sums_copy(Sums *to, const Sums *from) { *to = *from; }
static PyObject *digest_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
  Digest *self = (Digest *)type->tp_alloc(type, 0);
  if (self == NULL) return NULL;
  self->sums = (Sums *)malloc(sizeof(Sums));
  if (self->sums == NULL) { Py_DECREF(self); return PyErr_NoMemory(); }
  sums_clear(self->sums);
  return (PyObject *)self;
}
static void digest_dealloc(Digest *self) { free(self->sums); Py_TYPE(self)->tp_free((PyObject *)self); }
static PyObject *digest_update(Digest *self, PyObject *data) {
  Py_buffer view;
  if (PyObject_GetBuffer(data, &view, PyBUF_SIMPLE) < 0) return NULL;
  BEFORE
  sums_add(self->sums, view.buf, (size_t)view.len);
  BEHIND
  PyBuffer_Release(&view);
  Py_RETURN_NONE;
}
static PyObject *digest_value(Digest *self, PyObject *unused) { return PyLong_FromUnsignedLong(sums_get(self->sums)); }
static PyObject *digest_reset(Digest *self, PyObject *unused) { sums_clear(self->sums); Py_RETURN_NONE; }
static PyObject *digest_assign(Digest *self, PyObject *unused) {
  Sums kept;
  sums_copy(&kept, self->sums);
  return PyLong_FromUnsignedLong(kept.sum);
}
static PyMethodDef digest_methods[] = {
  {"update", (PyCFunction)digest_update, METH_O, NULL},
  {"value", (PyCFunction)digest_value, METH_NOARGS, NULL},
  {"reset", (PyCFunction)digest_reset, METH_NOARGS, NULL},
  {"assign", (PyCFunction)digest_assign, METH_NOARGS, NULL},
  {NULL},
};
PyTypeObject Digest_Type = {
  PyVarObject_HEAD_INIT(NULL, 0) .tp_name = "digests.Digest", .tp_basicsize = sizeof(Digest), .tp_new = digest_new,
  .tp_dealloc = (destructor)digest_dealloc, .tp_methods = digest_methods,
};
"""

# Two structs that nobody but the object leads to, and a field of its own.
LOOM = """
#include <Python.h>
#include <stdlib.h>
typedef struct { long turns, length; } Spool;
typedef struct { long knots; } Pattern;
typedef struct { PyObject_HEAD Spool *spool; Pattern *pattern; long rows, torn; } Loom;
void spool_turn(Spool *spool, long by) { spool->turns += by; spool->length = spool->turns * 3; }
long spool_left(const Spool *spool) { return 1000 - spool->length - spool->turns; }
void pattern_knot(Pattern *pattern) { pattern->knots = pattern->knots * 2 + 1; }
static PyObject *loom_weave(Loom *self, PyObject *unused) {
  spool_turn(self->spool, 2);
  pattern_knot(self->pattern);
  self->rows += 1, self->torn = self->rows / 2;
  Py_RETURN_NONE;
}
static PyObject *loom_left(Loom *self, PyObject *unused) { return PyLong_FromLong(spool_left(self->spool)); }
static PyObject *loom_rows(Loom *self, PyObject *unused) { return PyLong_FromLong(self->rows - self->torn); }
static PyMethodDef loom_methods[] = {
  {"weave", (PyCFunction)loom_weave, METH_NOARGS, NULL}, {"left", (PyCFunction)loom_left, METH_NOARGS, NULL},
  {"rows", (PyCFunction)loom_rows, METH_NOARGS, NULL}, {NULL},
};
PyTypeObject Loom_Type = {
  PyVarObject_HEAD_INIT(NULL, 0) .tp_name = "looms.Loom", .tp_basicsize = sizeof(Loom), .tp_methods = loom_methods,
};
"""

# What may be NULL bears no lock: an argument that the function looks at first.
CHEST = """
#include <Python.h>
typedef struct { PyObject_HEAD long coins, seals; } Chest;
extern PyTypeObject Chest_Type;
static PyObject *chest_pour(Chest *self, Chest *from) {
  CHECK
  self->coins += from->coins;
  self->seals = self->coins / 7;
  Py_RETURN_NONE;
}
static PyObject *chest_coins(Chest *self, PyObject *unused) { return PyLong_FromLong(self->coins + self->seals); }
static PyMethodDef chest_methods[] = {
  {"pour", (PyCFunction)chest_pour, METH_O, NULL}, {"coins", (PyCFunction)chest_coins, METH_NOARGS, NULL}, {NULL},
};
PyTypeObject Chest_Type = {
  PyVarObject_HEAD_INIT(NULL, 0) .tp_name = "chests.Chest", .tp_basicsize = sizeof(Chest), .tp_methods = chest_methods,
};
"""

POOL = """
#include <Python.h>
#include <stdlib.h>
typedef struct Slab { struct Slab *next; char room[120]; } Slab;
static Slab *unused_slabs;
static void refill(void) {
  for (int i = 0; i < 8; ++i) {
    Slab *slab = (Slab *)malloc(sizeof(Slab));
    if (slab == NULL) return;
    slab->next = unused_slabs;
    unused_slabs = slab;
  }
}
static Slab *slab_take(void) {
  if (unused_slabs == NULL) refill();
  if (unused_slabs == NULL) return NULL;
  Slab *slab = unused_slabs;
  unused_slabs = slab->next;
  return slab;
}
static void slab_give(Slab *slab) { slab->next = unused_slabs; unused_slabs = slab; }
static PyObject *roundtrip(PyObject *module, PyObject *unused) {
  Slab *slab = slab_take();
  if (slab == NULL) return PyErr_NoMemory();
  slab_give(slab);
  Py_RETURN_NONE;
}
static PyMethodDef methods[] = {{"roundtrip", roundtrip, METH_NOARGS, NULL}, {NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "slabs", NULL, 0, methods};
PyMODINIT_FUNC PyInit_slabs(void) { return PyModuleDef_Init(&definition); }
"""

# Kept for reuse: by a list that is there from the beginning, or one that the module makes, which no other thread would have.
SPARES = """
#include <Python.h>
#include <stdlib.h>
typedef struct { PyObject_HEAD long at; Py_hash_t hash; } Peg;
static Peg BENCH;
static int spare_count;
static PyTypeObject Peg_Type;
static PyObject *peg_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
  if (spare_count > 0) return (PyObject *)spares[--spare_count];
  return type->tp_alloc(type, 0);
}
static void peg_dealloc(Peg *self) {
  if (spare_count < 8) spares[spare_count++] = self;
  else Py_TYPE(self)->tp_free((PyObject *)self);
}
static Py_hash_t peg_hash(Peg *self) { WORKED_OUT return self->hash; }
static PyObject *peg_move(Peg *self, PyObject *unused) { MOVED Py_RETURN_NONE; }
static PyMethodDef peg_methods[] = {{"move", (PyCFunction)peg_move, METH_NOARGS, NULL}, {NULL}};
static PyTypeObject Peg_Type = {
  PyVarObject_HEAD_INIT(NULL, 0) .tp_name = "pegs.Peg", .tp_basicsize = sizeof(Peg), .tp_new = peg_new,
  .tp_dealloc = (destructor)peg_dealloc, .tp_hash = (hashfunc)peg_hash, .tp_methods = peg_methods,
};
static int pegs_exec(PyObject *module) { MADE return PyModule_AddType(module, &Peg_Type); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)pegs_exec}, {0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "pegs", NULL, 0, NULL, slots};
PyMODINIT_FUNC PyInit_pegs(void) { return PyModuleDef_Init(&definition); }
"""


def pegs(made="", bench="*spares[8]", moved="", worked_out="if (self->hash == 0) self->hash = self->at * 31 + 7;"):
    return SPARES.replace("BENCH", bench).replace("MADE", made).replace("WORKED_OUT", worked_out).replace("MOVED", moved)


# A list that is walked by the size that it had: where nobody looks whether there is an item, one of one's own is not enough.
BEADS = """
#include <Python.h>
static PyObject *bead(PyObject *one) { return PyObject_Str(one); }
static PyObject *string_up(PyObject *module, PyObject *list) {
  if (!PyList_Check(list)) return PyErr_Format(PyExc_TypeError, "a list");
  Py_ssize_t count = PyList_GET_SIZE(list), length = 0;
  for (Py_ssize_t i = 0; i < count; ++i) {
    PyObject *text = bead(PyList_GetItem(list, i));
    if (text == NULL) return NULL;
    length += PyUnicode_GetLength(text);
    Py_DECREF(text);
  }
  return PyLong_FromSsize_t(length);
}
static PyObject *first(PyObject *module, PyObject *list) {
  PyObject *one = PyList_GetItem(list, 0);
  if (one == NULL) return NULL;
  return PyObject_Str(one);
}
static PyMethodDef methods[] = {{"string_up", string_up, METH_O, NULL}, {"first", first, METH_O, NULL}, {NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "beads", NULL, 0, methods};
PyMODINIT_FUNC PyInit_beads(void) { return PyModuleDef_Init(&definition); }
"""

METER = """
#include <Python.h>
typedef struct { PyObject_HEAD PyMutex guard; long high, low; } Meter;
static PyObject *meter_widen(Meter *self, PyObject *unused) {
  PyMutex_Lock(&self->guard);
  self->high += 1, self->low -= 1;
  PyMutex_Unlock(&self->guard);
  Py_RETURN_NONE;
}
static PyObject *meter_range(Meter *self, PyObject *unused) { return PyLong_FromLong(self->high - self->low); }
static PyMethodDef meter_methods[] = {
  {"widen", (PyCFunction)meter_widen, METH_NOARGS, NULL}, {"range", (PyCFunction)meter_range, METH_NOARGS, NULL}, {NULL},
};
PyTypeObject Meter_Type = {
  PyVarObject_HEAD_INIT(NULL, 0) .tp_name = "meters.Meter", .tp_basicsize = sizeof(Meter), .tp_methods = meter_methods,
};
"""

# An iterator leads to the container that it walks over.
RIBBON = """
#include <Python.h>
typedef struct { PyObject_HEAD double *marks; Py_ssize_t used, room; } Ribbon;
typedef struct { PyObject_HEAD Ribbon *ribbon; Py_ssize_t at; } Walk;
static PyTypeObject Walk_Type;
static PyObject *ribbon_mark(Ribbon *self, PyObject *value) {
  double mark = PyFloat_AsDouble(value);
  if (mark == -1.0 && PyErr_Occurred()) return NULL;
  if (self->used == self->room) {
    double *grown = (double *)PyMem_Realloc(self->marks, (self->room + 8) * sizeof(double));
    if (grown == NULL) return PyErr_NoMemory();
    self->marks = grown, self->room += 8;
  }
  self->marks[self->used++] = mark;
  Py_RETURN_NONE;
}
static PyObject *ribbon_walk(Ribbon *self) {
  Walk *walk = PyObject_New(Walk, &Walk_Type);
  if (walk == NULL) return NULL;
  walk->ribbon = (Ribbon *)Py_NewRef((PyObject *)self), walk->at = 0;
  return (PyObject *)walk;
}
static void walk_dealloc(Walk *self) { Py_XDECREF(self->ribbon); PyObject_Free(self); }
static int mark_at(Ribbon *ribbon, Py_ssize_t at, double *out) {
  if (at >= ribbon->used) return 0;
  *out = ribbon->marks[at];
  return 1;
}
static PyObject *walk_next(Walk *self) { NEXT }
static PyMethodDef ribbon_methods[] = {{"mark", (PyCFunction)ribbon_mark, METH_O, NULL}, {NULL}};
PyTypeObject Ribbon_Type = {
  PyVarObject_HEAD_INIT(NULL, 0) .tp_name = "ribbons.Ribbon", .tp_basicsize = sizeof(Ribbon), .tp_methods = ribbon_methods,
  .tp_iter = (getiterfunc)ribbon_walk,
};
static PyTypeObject Walk_Type = {
  PyVarObject_HEAD_INIT(NULL, 0) .tp_name = "ribbons.Walk", .tp_basicsize = sizeof(Walk), .tp_iter = PyObject_SelfIter,
  .tp_dealloc = (destructor)walk_dealloc, .tp_iternext = (iternextfunc)walk_next,
};
"""
BY_ITSELF = """
  if (self->at >= self->ribbon->used) return NULL;
  return PyFloat_FromDouble(self->ribbon->marks[self->at++]);
"""
BY_HELPER = """
  double mark;
  return mark_at(self->ribbon, self->at++, &mark) ? PyFloat_FromDouble(mark) : NULL;
"""
LETS_GO = """
  double mark;
  if (self->ribbon == NULL) return NULL;
  if (mark_at(self->ribbon, self->at++, &mark)) return PyFloat_FromDouble(mark);
  Py_CLEAR(self->ribbon);
  return NULL;
"""


def plan(ftaudit, source, *more):
    with tempfile.TemporaryDirectory(prefix="choice-") as folder:
        file = pathlib.Path(folder) / "module.c"
        file.write_text(source)
        return subprocess.run([ftaudit, "plan", file, *more], capture_output=True, text=True, timeout=300)


def steps(ftaudit, source):
    made = json.loads(plan(ftaudit, source, "--format", "json").stdout)["plans"][0]
    return {step["kind"]: (step["what"], {place["function"] for place in step["places"]}) for step in made["steps"]}


def written(ftaudit, source):
    made = json.loads(plan(ftaudit, source, "--format", "json").stdout)["plans"][0]
    return [place["function"] + ": " + place["write"] for step in made["steps"] for place in step["places"]]


def main(ftaudit):
    failures = []

    def check(name, source, kind, functions, word):
        found = steps(ftaudit, source)
        what, who = found.get(kind, ("", set()))
        if who != functions or word not in what:
            failures.append(f"{name}: not a {kind} in {sorted(functions)}, but {found}")

    methods = {"digest_update", "digest_value", "digest_reset", "digest_assign"}
    detached = DIGEST.replace("BEFORE", "Py_BEGIN_ALLOW_THREADS").replace("BEHIND", "Py_END_ALLOW_THREADS")
    check("a struct used detached", detached, "record-mutex", methods, "give Digest a PyMutex")
    attached = DIGEST.replace("BEFORE", "").replace("BEHIND", "")
    check("a struct used attached", attached, "critical-section", methods, "Digest")
    # One lock for all that belongs to one object: one step, and nothing beside it.
    check("structs of one object", LOOM, "critical-section", {"loom_weave", "loom_left", "loom_rows"}, "rows and torn, and its Pattern and Spool")
    if list(found := steps(ftaudit, LOOM)) != ["critical-section"]:
        failures.append(f"structs of one object: more than its section: {found}")
    plain = written(ftaudit, CHEST.replace("CHECK", ""))
    checked = written(ftaudit, CHEST.replace("CHECK", "if (from == NULL) Py_RETURN_NONE;"))
    if "chest_pour: Py_BEGIN_CRITICAL_SECTION2(self, from) all through it" not in plain:
        failures.append(f"two objects: not held together: {plain}")
    if "chest_pour: Py_BEGIN_CRITICAL_SECTION(self) all through it" not in checked or any("SECTION2" in one for one in checked):
        failures.append(f"an argument that may be NULL is locked: {checked}")
    # Another thread must not be in the container that an iterator walks over: its section, and not the iterator's alone.
    for name, body in {"by itself": BY_ITSELF, "by a helper": BY_HELPER}.items():
        made = json.loads(plan(ftaudit, RIBBON.replace("NEXT", body), "--format", "json").stdout)["plans"][0]
        places = [place["function"] + ": " + place["write"] for step in made["steps"] for place in step["places"]]
        if not any(one.startswith("walk_next: ") and "self->ribbon" in one for one in places) or made["rest"]:
            failures.append(f"an iterator that reads {name}: {places}, left {made['rest']}")
    if any("self->ribbon) all through" in one for one in written(ftaudit, RIBBON.replace("NEXT", LETS_GO))):
        failures.append("a container that the iterator lets go of is locked through it")
    check("a free list", POOL, "global-mutex", {"slab_take", "slab_give"}, "unused_slabs")
    # Each thread's own where a new thread finds it as the first one did; a hash an atomic where nobody unsets it.
    kinds = {
        "a list that is there": (pegs(), {"per-thread", "atomic"}),
        "a list that the module makes": (pegs("spares = (Peg **)calloc(8, sizeof *spares);", "**spares"), {"global-mutex", "atomic"}),
        "a hash that is unset": (pegs(moved="self->at += 1; self->hash = 0;"), {"per-thread", "critical-section"}),
    }
    for name, (source, wanted) in kinds.items():
        if not wanted <= (found := set(steps(ftaudit, source))) or ("atomic" in found) != ("atomic" in wanted) or ("per-thread" in found) != ("per-thread" in wanted):
            failures.append(f"{name}: {sorted(found)}, not {sorted(wanted)}")
    check("a walk by size", BEADS, "container-copy", {"string_up"}, "copy of list")
    check("one item", BEADS, "owned-reference", {"first"}, "PyList_GetItemRef")
    check("a record that has a mutex", METER, "usual-lock", {"meter_range"}, "guard")

    ran = plan(ftaudit, '#include "nobody_has_this.h"\n' + METER)
    if ran.returncode == 0 or "read in part" not in ran.stdout or "nobody_has_this.h" not in ran.stdout:
        failures.append(f"a file read in part: exit {ran.returncode}, {ran.stdout}")
    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
