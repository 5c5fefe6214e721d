// A static that is given, each time, what one place of the module's holds for good, and owns nothing: whoever gives it
// once more changes nothing. What is chosen among several, what others replace, and what is owned are no such thing.
#include <Python.h>

static PyObject *names[2];
static PyObject *current;

static int fill(PyObject *module)
{
    names[0] = PyUnicode_FromString("a");
    names[1] = PyUnicode_FromString("b");
    current = PyUnicode_FromString("c");
    return names[0] != NULL && names[1] != NULL && current != NULL ? 0 : -1;
}

static void make_unless_there(PyObject **place)
{
    if (*place == NULL) *place = PyUnicode_FromString("nothing");
}

static PyObject *first(PyObject *module, PyObject *unused)
{
    static PyObject *name = NULL;
    if (names[0] != NULL) name = names[0];
    make_unless_there(&name);
    return PyUnicode_Concat(name, names[1]);
}

static PyObject *either(PyObject *module, PyObject *arg)
{
    static PyObject *name = NULL;
    const int second = PyObject_IsTrue(arg) == 1;
    name = names[second];  // expect: FT205
    return PyUnicode_Concat(name, names[1]);
}

static PyObject *latest(PyObject *module, PyObject *unused)
{
    static PyObject *name = NULL;
    name = current;  // expect: FT205
    return PyUnicode_Concat(name, names[1]);
}

static PyObject *set_latest(PyObject *module, PyObject *arg)
{
    Py_SETREF(current, Py_NewRef(arg));  // expect: FT205
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"first", first, METH_NOARGS, NULL},
    {"either", either, METH_O, NULL},
    {"latest", latest, METH_NOARGS, NULL},
    {"set_latest", set_latest, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, fill}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
