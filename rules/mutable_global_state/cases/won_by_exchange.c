// 0: nobody has begun, 1: somebody is at it, 2: done. Who wins the exchange fills the table, all others wait for the 2.
#include <Python.h>
#include <stdatomic.h>

static atomic_int phase;
static long squares[256];

static void fill(void)
{
    for (int i = 0; i < 256; i++) squares[i] = (long)i * i;
}
static void ensure(void)
{
    int none = 0;
    if (atomic_load_explicit(&phase, memory_order_acquire) == 2) return;
    if (atomic_compare_exchange_strong(&phase, &none, 1)) {
        fill();
        atomic_store_explicit(&phase, 2, memory_order_release);
    } else {
        while (atomic_load_explicit(&phase, memory_order_acquire) != 2) { }
    }
}
static PyObject *m_square(PyObject *module, PyObject *number)
{
    long n = PyLong_AsLong(number);
    ensure();
    return PyLong_FromLong(squares[n & 255]);
}

static int state;
static long *table;
static long *get_table(void)
{
    for (;;) {
        int now = __atomic_load_n(&state, __ATOMIC_ACQUIRE);
        if (now == 2) return table;
        int expected = 0;
        if (now == 0 && __atomic_compare_exchange_n(&state, &expected, 1, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
            table = PyMem_RawCalloc(16, sizeof(long));
            __atomic_store_n(&state, 2, __ATOMIC_RELEASE);
            return table;
        }
    }
}
static PyObject *m_at(PyObject *module, PyObject *number)
{
    return PyLong_FromLong(get_table()[PyLong_AsLong(number) & 15]);
}

static PyMethodDef methods[] = {{"square", m_square, METH_O, NULL}, {"at", m_at, METH_O, NULL}, {NULL, NULL, 0, NULL}};
PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods};
