// A guard holds to the end of its scope; the reference dropped behind it is free.
#include <Python.h>
#include <mutex>

static std::mutex mutex;
static PyObject *cache;

static PyObject *cache_swap(PyObject *, PyObject *object)
{
    PyObject *old;
    {
        std::lock_guard<std::mutex> guard(mutex);
        old = cache;
        cache = Py_NewRef(object);
    }
    Py_XDECREF(old);
    Py_RETURN_NONE;
}

static PyObject *cache_equals(PyObject *, PyObject *object)
{
    std::unique_lock<std::mutex> guard(mutex);
    int same = cache != nullptr && PyObject_RichCompareBool(cache, object, Py_EQ);  // expect: FT405
    guard.unlock();
    return PyObject_Str(same ? Py_True : Py_False);
}

static PyMethodDef methods[] = {{"swap", cache_swap, METH_O, nullptr}, {"equals", cache_equals, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "cache", nullptr, 0, methods, nullptr, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_cache(void) { return PyModuleDef_Init(&definition); }
