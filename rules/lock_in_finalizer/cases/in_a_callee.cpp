// The deallocator leads to the lock through a function; the region is a guard's.
#include <Python.h>
#include <mutex>

struct Box {
    PyObject_HEAD
    long id;
};
static std::mutex mutex;
static PyObject *last;
static long alive;

static void forget(long)
{
    std::lock_guard<std::mutex> guard(mutex);  // expect: FT411
    alive--;
}

static void Box_dealloc(PyObject *self)
{
    forget(reinterpret_cast<Box *>(self)->id);
    Py_TYPE(self)->tp_free(self);
}

static PyObject *Box_keep(PyObject *self, PyObject *)
{
    std::lock_guard<std::mutex> guard(mutex);
    Py_XDECREF(last);
    last = Py_NewRef(self);
    Py_RETURN_NONE;
}

static PyMethodDef Box_methods[] = {{"keep", Box_keep, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyTypeObject make_type()
{
    PyTypeObject type = {PyVarObject_HEAD_INIT(nullptr, 0)};
    type.tp_name = "box.Box";
    type.tp_basicsize = sizeof(Box);
    type.tp_dealloc = Box_dealloc;
    type.tp_methods = Box_methods;
    return type;
}
static PyTypeObject Box_Type = make_type();
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "box", nullptr, 0, nullptr, nullptr, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_box(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module != nullptr && PyModule_AddType(module, &Box_Type) < 0) Py_CLEAR(module);
    return module;
}
