// A class in its own metaclass: what tp_new has just made, and what tp_init gets, is nobody else's yet, in helpers of
// theirs too. A class whose objects are called is everybody's.
#include <Python.h>

static PyObject *call_fast(PyObject *callable, PyObject *const *args, size_t nargs, PyObject *names) { return NULL; }

static void set_up(PyTypeObject *cls)
{
    cls->tp_vectorcall = call_fast;
    cls->tp_flags |= Py_TPFLAGS_HAVE_VECTORCALL;
}

static PyObject *meta_new(PyTypeObject *meta, PyObject *args, PyObject *kwargs)
{
    PyObject *made = PyType_Type.tp_new(meta, args, kwargs);
    if (made == NULL) return NULL;
    PyTypeObject *cls = (PyTypeObject *)made;
    cls->tp_vectorcall = NULL;
    if (cls->tp_basicsize == 0) cls->tp_basicsize = sizeof(PyObject);
    set_up(cls);
    return made;
}

static void finish(PyTypeObject *cls)
{
    cls->tp_itemsize = 0;
}

static int meta_init(PyObject *self, PyObject *args, PyObject *kwargs)
{
    if (PyType_Type.tp_init(self, args, kwargs) < 0) return -1;
    PyTypeObject *cls = (PyTypeObject *)self;
    cls->tp_dictoffset = 0;
    finish(cls);
    return 0;
}

static void count_down(PyTypeObject *cls)
{
    cls->tp_weaklistoffset = 0;  // expect: FT209 (high)
}

static PyObject *meta_call(PyObject *self, PyObject *args, PyObject *kwargs)
{
    PyTypeObject *cls = (PyTypeObject *)self;
    cls->tp_vectorcall = NULL;  // expect: FT209 (high)
    count_down(cls);
    return PyType_Type.tp_call(self, args, kwargs);
}

static PyType_Slot slots[] = {
    {Py_tp_new, meta_new}, {Py_tp_init, meta_init}, {Py_tp_call, meta_call}, {0, NULL},
};
static PyType_Spec spec = {
    .name = "m.Meta", .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE, .slots = slots};

static int fill(PyObject *module)
{
    PyObject *meta = PyType_FromSpecWithBases(&spec, (PyObject *)&PyType_Type);
    int rc = meta == NULL ? -1 : PyModule_AddObjectRef(module, "Meta", meta);
    Py_XDECREF(meta);
    return rc;
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, fill}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_slots = module_slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
