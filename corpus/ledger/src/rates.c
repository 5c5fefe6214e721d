/* ledger._rates: exchange rates, one currency against another. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

static PyObject *rates; /* (from, to) -> float */

static PyObject *pair_of(const char *from, const char *to)
{
    return Py_BuildValue("ss", from, to);
}

static PyObject *rates_set(PyObject *module, PyObject *args)
{
    const char *from, *to;
    PyObject *pair, *rate;
    int failed;
    if (!PyArg_ParseTuple(args, "ssO!:set_rate", &from, &to, &PyFloat_Type, &rate)) return NULL;
    pair = pair_of(from, to);
    if (pair == NULL) return NULL;
    failed = PyDict_SetItem(rates, pair, rate);
    Py_DECREF(pair);
    if (failed) return NULL;
    Py_RETURN_NONE;
}

static PyObject *rates_get(PyObject *module, PyObject *args)
{
    const char *from, *to;
    PyObject *pair, *rate;
    if (!PyArg_ParseTuple(args, "ss:rate", &from, &to)) return NULL;
    pair = pair_of(from, to);
    if (pair == NULL) return NULL;
    rate = PyDict_GetItemWithError(rates, pair); /* expect: FT102 */
    if (rate == NULL && !PyErr_Occurred()) PyErr_SetObject(PyExc_KeyError, pair);
    Py_DECREF(pair);
    return Py_XNewRef(rate);
}

/* convert(amounts, from, to): a new list; the rate is looked up once. */
static PyObject *rates_convert(PyObject *module, PyObject *args)
{
    const char *from, *to;
    PyObject *amounts, *copy, *converted = NULL, *pair, *rate;
    double factor;
    Py_ssize_t i;
    if (!PyArg_ParseTuple(args, "Oss:convert", &amounts, &from, &to)) return NULL;
    pair = pair_of(from, to);
    if (pair == NULL) return NULL;
    if (PyDict_GetItemRef(rates, pair, &rate) == 0) PyErr_SetObject(PyExc_KeyError, pair);
    Py_DECREF(pair);
    if (rate == NULL) return NULL;
    factor = PyFloat_AS_DOUBLE(rate);
    Py_DECREF(rate);
    copy = PySequence_Tuple(amounts);
    if (copy == NULL) return NULL;
    converted = PyList_New(PyTuple_GET_SIZE(copy));
    for (i = 0; converted != NULL && i < PyTuple_GET_SIZE(copy); i++) {
        double amount = PyFloat_AsDouble(PyTuple_GET_ITEM(copy, i));
        PyObject *item = amount == -1 && PyErr_Occurred() ? NULL : PyFloat_FromDouble(amount * factor);
        if (item == NULL) Py_CLEAR(converted);
        else PyList_SET_ITEM(converted, i, item);
    }
    Py_DECREF(copy);
    return converted;
}

static int rates_exec(PyObject *module)
{
    rates = PyDict_New();
    return rates ? 0 : -1;
}

static PyMethodDef methods[] = {
    {"set_rate", rates_set, METH_VARARGS, "set_rate(from, to, rate)"},
    {"rate", rates_get, METH_VARARGS, "rate(from, to)"},
    {"convert", rates_convert, METH_VARARGS, "convert(amounts, from, to)"},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)rates_exec},
    {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED},
    {Py_mod_gil, Py_MOD_GIL_USED}, /* expect: FT004 */
    {0, NULL},
};

static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "ledger._rates", .m_size = 0, .m_methods = methods, .m_slots = slots,
};

PyMODINIT_FUNC PyInit__rates(void)
{
    return PyModuleDef_Init(&definition);
}
