// Two tables of one class, one in the object and one for the module: each keeps its nodes under its own mutex, however
// they are found. Whoever resizes one without its mutex is told.
#include <Python.h>
#include <mutex>

struct Node { long key; Node *next; };

struct Table {
    Table() : length(0), used(0), list(nullptr) { resize(); }
    void insert(long key)
    {
        std::lock_guard<std::mutex> guard(mutex);
        if (++used > length) resize();
        list[key & (length - 1)] = new Node{key, list[key & (length - 1)]};
    }
    long first(long key)
    {
        std::lock_guard<std::mutex> guard(mutex);
        Node *node = list[key & (length - 1)];
        return node ? node->key : -1;
    }
    void resize()
    {
        long longer = length ? length * 2 : 4;
        Node **fresh = new Node *[longer]();
        for (long i = 0; i < length; i++)
            for (Node *node = list[i]; node;) {
                Node *next = node->next, **place = &fresh[node->key & (longer - 1)];
                node->next = *place;  // false-alarm: FT303
                *place = node;
                node = next;
            }
        delete[] list;
        list = fresh;
        length = longer;
    }
    std::mutex mutex;
    long length, used;
    Node **list;
};

struct Object { PyObject_HEAD Table *table; };

static PyObject *object_new(PyTypeObject *type, PyObject *, PyObject *)
{
    Object *self = (Object *)type->tp_alloc(type, 0);
    if (self) self->table = new Table;
    return (PyObject *)self;
}

static PyObject *add(PyObject *self, PyObject *arg)
{
    static Table *all = new Table;
    long key = PyLong_AsLong(arg);
    all->insert(key);
    ((Object *)self)->table->insert(key);
    return PyLong_FromLong(((Object *)self)->table->first(key));
}

static PyMethodDef methods[] = {{"add", add, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyType_Slot slots[] = {{Py_tp_new, (void *)object_new}, {Py_tp_methods, methods}, {0, nullptr}};
static PyType_Spec spec = {"m.Object", sizeof(Object), 0, Py_TPFLAGS_DEFAULT, slots};

static int exec(PyObject *module) { return PyModule_AddType(module, (PyTypeObject *)PyType_FromSpec(&spec)); }
static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, (void *)exec}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "m", nullptr, 0, nullptr, module_slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
