// Tables that every call fills anew with the same values, each entry once: who reads while another thread fills them
// has what he would have anyhow. An entry that is stored raw and changed in place has two values, and so has one that
// goes by what the caller wants.
#include <Python.h>

static int bond[12][12], next[12], low[12], raw[12], wanted[12], sums[12], own[12];
static const int symmetric[12] = {9, 6, 11, 4, 3, 7, 1, 5, 10, 0, 8, 2};

static PyObject *safe(PyObject *module, PyObject *arg)
{
    for (int i = 0; i < 12; i++)
        for (int j = 0; j < 12; j++) bond[i][j] = (j & 3) + (((i & 12) + (j & 12)) % 12);  // expect: FT201 (low)
    for (int i = 0; i < 12; i++) next[i] = (symmetric[i] + 4) % 12;                        // expect: FT201 (low)
    for (int i = 0; i < 12; i++) low[i] = next[i] & 3;                                     // expect: FT201 (low)
    return PyLong_FromLong(bond[1][2] + next[3] + low[4]);
}

static PyObject *changed_in_place(PyObject *module, PyObject *arg)
{
    for (int i = 0; i < 12; i++) raw[i] = i;  // expect: FT201 (high)
    for (int i = 0; i < 12; i++) raw[i] = symmetric[raw[i]];
    return PyLong_FromLong(raw[3]);
}

static PyObject *as_wanted(PyObject *module, PyObject *arg)
{
    int from = (int)PyLong_AsLong(arg);
    for (int i = 0; i < 12; i++) wanted[i] = i + from;  // expect: FT201 (high)
    return PyLong_FromLong(wanted[3]);
}

static PyObject *gathered(PyObject *module, PyObject *arg)
{
    int sum = 0;
    for (int i = 0; i < 12; i++) {
        sum += symmetric[i];
        sums[i % 6] = sum;  // expect: FT201 (high)
    }
    return PyLong_FromLong(sums[3]);
}

static PyObject *from_itself(PyObject *module, PyObject *arg)
{
    for (int i = 0; i < 12; i++) own[i] = own[i] + 1;  // expect: FT201 (high)
    return PyLong_FromLong(own[3]);
}

static PyMethodDef methods[] = {
    {"safe", safe, METH_O, NULL},           {"changed_in_place", changed_in_place, METH_O, NULL},
    {"as_wanted", as_wanted, METH_O, NULL}, {"gathered", gathered, METH_O, NULL},
    {"from_itself", from_itself, METH_O, NULL}, {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
