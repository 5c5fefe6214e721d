// The once function is a lambda in a local, of a helper that only sees it as a template parameter.
#include <Python.h>
#include <mutex>

static PyObject *decimal;
static std::once_flag once;

template <class Then>
static void imported(const char *name, Then then)
{
    auto run = [&] { then(PyImport_ImportModule(name)); };
    std::call_once(once, run);  // expect: FT212
}

PyObject *lib_decimal()
{
    imported("decimal", [](PyObject *module) { decimal = module; });
    return decimal;
}

static PyObject *f(PyObject *, PyObject *text) { return PyObject_CallMethod(lib_decimal(), "Decimal", "O", text); }

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
