// The winner of the exchange fills the table; the others do not wait until it is done, or take 1 for done as well.
#include <Python.h>
#include <stdatomic.h>

static atomic_int first_phase, second_phase;
static long squares[256], cubes[256];

static PyObject *m_square(PyObject *module, PyObject *number)
{
    long n = PyLong_AsLong(number);
    int none = 0;
    if (atomic_compare_exchange_strong(&first_phase, &none, 1)) {
        for (int i = 0; i < 256; i++) squares[i] = (long)i * i;  // expect: FT201
        atomic_store_explicit(&first_phase, 2, memory_order_release);
    }
    return PyLong_FromLong(squares[n & 255]);
}
static PyObject *m_cube(PyObject *module, PyObject *number)
{
    long n = PyLong_AsLong(number);
    int none = 0;
    if (!atomic_load_explicit(&second_phase, memory_order_acquire) &&
        atomic_compare_exchange_strong(&second_phase, &none, 1)) {
        for (int i = 0; i < 256; i++) cubes[i] = (long)i * i * i;  // expect: FT201
        atomic_store_explicit(&second_phase, 2, memory_order_release);
    }
    return PyLong_FromLong(cubes[n & 255]);
}

static PyMethodDef methods[] = {
    {"square", m_square, METH_O, NULL}, {"cube", m_cube, METH_O, NULL}, {NULL, NULL, 0, NULL}};
PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods};
