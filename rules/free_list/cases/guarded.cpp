// A guard around each push and pop; a list for each thread.
#include <Python.h>
#include <mutex>

namespace {

struct Node {
    PyObject_HEAD
    void *own;
};

std::mutex mutex;
void *spare[8];
int used;
thread_local void *mine;

PyObject *node_new(PyTypeObject *type, PyObject *, PyObject *)
{
    Node *self = reinterpret_cast<Node *>(type->tp_alloc(type, 0));
    if (self == nullptr) return nullptr;
    self->own = mine;
    mine = nullptr;
    if (self->own) return reinterpret_cast<PyObject *>(self);
    std::scoped_lock held(mutex);
    self->own = used > 0 ? spare[--used] : PyMem_RawMalloc(64);
    return reinterpret_cast<PyObject *>(self);
}

void node_dealloc(PyObject *op)
{
    PyTypeObject *type = Py_TYPE(op);
    void *own = reinterpret_cast<Node *>(op)->own;
    if (mine == nullptr) {
        mine = own;
    } else {
        std::scoped_lock held(mutex);
        if (used < 8) spare[used++] = own;
    }
    type->tp_free(op);
    Py_DECREF(type);
}

PyType_Slot node_slots[] = {{Py_tp_new, (void *)node_new}, {Py_tp_dealloc, (void *)node_dealloc}, {0, nullptr}};
PyType_Spec node_spec = {"m.Node", sizeof(Node), 0, Py_TPFLAGS_DEFAULT, node_slots};

int m_exec(PyObject *module) { return PyModule_Add(module, "Node", PyType_FromSpec(&node_spec)); }

PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)m_exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, nullptr, slots, nullptr, nullptr, nullptr};

}  // namespace

PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
