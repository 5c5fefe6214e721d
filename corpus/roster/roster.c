#include <Python.h>

static PyObject *members; /* name -> member */

static PyObject *roster_enlist(PyObject *module, PyObject *args)
{
    PyObject *name, *member;
    if (!PyArg_ParseTuple(args, "UO:enlist", &name, &member)) return NULL;
    if (PyDict_SetItem(members, name, member) < 0) return NULL;
    Py_RETURN_NONE;
}

static PyObject *roster_find(PyObject *module, PyObject *name)
{
    PyObject *member = PyDict_GetItemWithError(members, name);  /* expect: FT102 */
    if (member == NULL) return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
    Py_INCREF(member);
    return member;
}

static PyMethodDef methods[] = {
    {"enlist", roster_enlist, METH_VARARGS, "enlist($module, name, member, /)\n--\n\nPuts a member in the place of the one of that name."},
    {"find", roster_find, METH_O, "find($module, name, /)\n--\n\nThe member of that name, or None."},
    {NULL, NULL, 0, NULL},
};

static int roster_exec(PyObject *module)
{
    if (members == NULL) members = PyDict_New();
    return members == NULL ? -1 : 0;
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, roster_exec},
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},  /* expect: FT005 */
    {0, NULL},
};

static PyModuleDef module_def = {PyModuleDef_HEAD_INIT, .m_name = "roster", .m_methods = methods, .m_slots = module_slots};

PyMODINIT_FUNC PyInit_roster(void) { return PyModuleDef_Init(&module_def); }
