// A helper that finishes types which its callers have just made, and one that is also given a finished type.
#include <Python.h>

static int visit_all(PyObject *, visitproc, void *) { return 0; }

static void collect(PyHeapTypeObject *heap)
{
    PyTypeObject *type = &heap->ht_type;
    type->tp_flags |= Py_TPFLAGS_HAVE_GC;
    type->tp_traverse = visit_all;
}

static void rename_in(PyHeapTypeObject *heap, const char *name)
{
    PyTypeObject *type = &heap->ht_type;
    type->tp_doc = name;  // expect: FT209
}

static PyObject *make(PyObject *, PyObject *)
{
    PyTypeObject *meta = &PyType_Type;
    PyHeapTypeObject *heap = reinterpret_cast<PyHeapTypeObject *>(meta->tp_alloc(meta, 0));
    if (heap == nullptr) return nullptr;
    PyTypeObject *type = &heap->ht_type;
    type->tp_name = "m.Parcel";
    collect(heap);
    rename_in(heap, "a parcel");
    if (PyType_Ready(type) < 0) {
        Py_DECREF(heap);
        return nullptr;
    }
    return reinterpret_cast<PyObject *>(type);
}

static PyObject *rename_type(PyObject *, PyObject *given)
{
    rename_in(reinterpret_cast<PyHeapTypeObject *>(given), "another parcel");
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"make", make, METH_NOARGS, nullptr},
    {"rename", rename_type, METH_O, nullptr},
    {nullptr, nullptr, 0, nullptr},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
