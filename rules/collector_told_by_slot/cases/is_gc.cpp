// Whether the collector sees an object changes while it lives; one that always says yes is safe.
#include <Python.h>

struct Chain {
    PyObject_HEAD
    PyObject *next;
    bool slack;
};

static int chain_traverse(PyObject *op, visitproc visit, void *arg)
{
    Py_VISIT(reinterpret_cast<Chain *>(op)->next);
    return 0;
}
static int chain_clear(PyObject *op)
{
    Py_CLEAR(reinterpret_cast<Chain *>(op)->next);
    return 0;
}
static void chain_dealloc(PyObject *op)
{
    PyObject_GC_UnTrack(op);
    Py_XDECREF(reinterpret_cast<Chain *>(op)->next);
    Py_TYPE(op)->tp_free(op);
}
static int chain_is_gc(PyObject *op)
{
    return reinterpret_cast<Chain *>(op)->slack ? 0 : 1;  // expect: FT414
}
static PyType_Slot chain_slots[] = {{Py_tp_traverse, reinterpret_cast<void *>(chain_traverse)},
                                    {Py_tp_clear, reinterpret_cast<void *>(chain_clear)},
                                    {Py_tp_dealloc, reinterpret_cast<void *>(chain_dealloc)},
                                    {Py_tp_is_gc, reinterpret_cast<void *>(chain_is_gc)},
                                    {0, nullptr}};
static PyType_Spec chain_spec = {"chains.Chain", sizeof(Chain), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC, chain_slots};
static int chains_exec(PyObject *module) { return PyModule_Add(module, "Chain", PyType_FromSpec(&chain_spec)); }
