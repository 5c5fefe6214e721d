// Nobody but __init__, called again, replaces the field, and does so in a section; the getter has none.
#include <Python.h>

struct Proxy { PyObject_HEAD PyObject *target; };

static int proxy_init(PyObject *op, PyObject *args, PyObject *)
{
  Proxy *self = reinterpret_cast<Proxy *>(op);
  PyObject *target;
  if (!PyArg_ParseTuple(args, "O", &target)) return -1;
  Py_BEGIN_CRITICAL_SECTION(op);
  Py_XSETREF(self->target, Py_NewRef(target));
  Py_END_CRITICAL_SECTION();
  return 0;
}

static PyObject *proxy_target(PyObject *op, PyObject *)
{
  return Py_XNewRef(reinterpret_cast<Proxy *>(op)->target);  // expect: FT102
}

static PyMethodDef proxy_methods[] = {{"target", proxy_target, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyType_Slot proxy_slots[] = {
    {Py_tp_init, reinterpret_cast<void *>(proxy_init)},
    {Py_tp_methods, proxy_methods},
    {0, nullptr},
};
static PyType_Spec proxy_spec = {"m.Proxy", sizeof(Proxy), 0, Py_TPFLAGS_DEFAULT, proxy_slots};
PyMODINIT_FUNC PyInit_m(void) { return PyType_FromSpec(&proxy_spec); }
