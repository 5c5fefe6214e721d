// Two helpers: one lets go where the record has no saved state, the other takes back where it has one. Between them a
// function attaches for a while. The twin comes back without the second one on an error.
#include <Python.h>

extern int dig(void *ground, int depth);

typedef struct {
  int threaded;
  PyThreadState *kept;
  void *ground;
} Site;

static void step_aside(Site *site)
{
  if (site->threaded && !site->kept) site->kept = PyEval_SaveThread();
}
static void step_back(Site *site)
{
  if (site->threaded && site->kept) {
    PyEval_RestoreThread(site->kept);
    site->kept = NULL;
  }
}

static int look_up(Site *site)
{
  step_back(site);
  int stop = PyErr_CheckSignals();
  step_aside(site);
  return stop;
}

static int dig_down(Site *site, int depth)
{
  if (depth > 100 && look_up(site)) return -2;
  return dig(site->ground, depth);
}

static int open_site(Site *site)
{
  step_aside(site);
  int found = dig_down(site, 3);
  step_back(site);
  if (found < 0) PyErr_SetString(PyExc_RuntimeError, "rock");
  return found;
}

static int open_badly(Site *site)
{
  step_aside(site);
  int found = dig_down(site, 3);
  if (found == -2) return -1;  // expect: FT503
  step_back(site);
  if (found < 0) PyErr_SetString(PyExc_RuntimeError, "rock");
  return found;
}

static PyObject *open_one(PyObject *module, PyObject *wild)
{
  Site site = {PyObject_IsTrue(wild), NULL, NULL};
  if ((site.threaded ? open_badly(&site) : open_site(&site)) < 0) return NULL;
  Py_RETURN_NONE;
}
static PyMethodDef methods[] = {{"open", open_one, METH_O, NULL}, {NULL, NULL, 0, NULL}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "digs", NULL, 0, methods, slots};
PyMODINIT_FUNC PyInit_digs(void) { return PyModuleDef_Init(&definition); }
