// A reader that reads again waits behind the writer that waits for it; one that has let go before does not.
#include <Python.h>
#include <map>
#include <mutex>
#include <shared_mutex>

static std::shared_mutex gate;
static std::map<long, long> keys;

static bool known_locked(long key) { return keys.count(key) != 0; }
static bool known(long key)
{
    std::shared_lock<std::shared_mutex> reading(gate);
    return known_locked(key);
}
static PyObject *keys_either(PyObject *, PyObject *arg)
{
    const long key = PyLong_AsLong(arg);
    std::shared_lock<std::shared_mutex> reading(gate);
    const bool found = known_locked(key) || known(-key);  // expect: FT407
    reading.unlock();
    return PyBool_FromLong(found || known(0));
}
static PyObject *keys_both(PyObject *, PyObject *arg)
{
    const long key = PyLong_AsLong(arg);
    {
        std::shared_lock<std::shared_mutex> reading(gate);
        if (!known_locked(key)) Py_RETURN_FALSE;
    }
    return PyBool_FromLong(known(-key));
}
static PyObject *keys_set(PyObject *, PyObject *arg)
{
    const long key = PyLong_AsLong(arg);
    std::unique_lock<std::shared_mutex> writing(gate);
    keys[key] = 1;
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"either", keys_either, METH_O, nullptr},
                                {"both", keys_both, METH_O, nullptr},
                                {"set", keys_set, METH_O, nullptr},
                                {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef module = {PyModuleDef_HEAD_INIT, "keys", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_keys() { return PyModuleDef_Init(&module); }
