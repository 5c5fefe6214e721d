// One lock of an array, chosen twice by one expression of one value: the thread waits for itself, which is not seen.
// With the first given back, or the value changed in between, it does not have to.
#include <Python.h>
#include <mutex>

static std::mutex locks[8];
static long counts[8];

static PyObject *again(PyObject *, PyObject *arg)
{
    const unsigned long i = PyLong_AsUnsignedLong(arg);
    std::lock_guard<std::mutex> held(locks[i & 7]);
    std::lock_guard<std::mutex> more(locks[i & 7]);  // missed: FT407
    counts[i & 7]++;
    Py_RETURN_NONE;
}

static PyObject *one_then_one(PyObject *, PyObject *arg)
{
    const unsigned long i = PyLong_AsUnsignedLong(arg);
    {
        std::lock_guard<std::mutex> held(locks[i & 7]);
        counts[i & 7]++;
    }
    std::lock_guard<std::mutex> held(locks[i & 7]);
    counts[i & 7]++;
    Py_RETURN_NONE;
}

static PyObject *upwards(PyObject *, PyObject *)
{
    for (unsigned i = 0; i < 7; i += 2) locks[i & 7].lock();
    for (unsigned i = 0; i < 7; i += 2) counts[i]++, locks[i & 7].unlock();
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"again", again, METH_O, nullptr},
                                {"one_then_one", one_then_one, METH_O, nullptr},
                                {"upwards", upwards, METH_NOARGS, nullptr},
                                {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
