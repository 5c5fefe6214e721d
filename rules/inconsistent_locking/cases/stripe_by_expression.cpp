// Locks and rows are chosen by expressions: who goes by the same one for both is alone at the row, and so is who comes
// to the lock by what chooses the row. Another expression, or another value, is another lock.
#include <Python.h>
#include <mutex>

static std::mutex locks[8], doors[8], gates[4], bars[8];
static long rows[8], cells[8], fields[64], halls[8];

static unsigned slot_of(unsigned long key) { return (key * 2654435761u) >> 13 & 7; }

static PyObject *put(PyObject *, PyObject *arg)
{
    const unsigned long i = PyLong_AsUnsignedLong(arg);
    {
        std::lock_guard<std::mutex> held(locks[i & 7]);
        rows[i & 7]++;
    }
    {
        std::lock_guard<std::mutex> held(bars[slot_of(i)]);
        halls[slot_of(i)]++;
    }
    {
        std::lock_guard<std::mutex> held(gates[i % 4]);
        fields[i & 63]++;
    }
    std::lock_guard<std::mutex> held(doors[i & 7]);
    cells[(i >> 3) & 7]++;  // expect: FT303
    Py_RETURN_NONE;
}

static PyObject *get(PyObject *, PyObject *arg)
{
    const unsigned long i = PyLong_AsUnsignedLong(arg);
    long sum = 0;
    {
        std::lock_guard<std::mutex> held(locks[i % 8]);
        sum += rows[i & 7];
    }
    {
        std::lock_guard<std::mutex> held(gates[i & 3]);
        sum += fields[i % 64];
    }
    {
        std::lock_guard<std::mutex> held(bars[slot_of(i)]);
        sum += halls[slot_of(i)];
    }
    std::lock_guard<std::mutex> held(doors[i & 7]);
    return PyLong_FromLong(sum + cells[i & 7]);
}

static PyMethodDef methods[] = {
    {"put", put, METH_O, nullptr}, {"get", get, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "m", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_m() { return PyModuleDef_Init(&definition); }
