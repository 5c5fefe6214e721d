#include <Python.h>

static PyObject *scores; /* team -> list of points */
static PyObject *home;   /* the team that plays here */

static PyObject *roster_renew(PyObject *module, PyObject *unused)
{
    PyObject *points = PyList_New(400);
    if (points == NULL) return NULL;
    for (Py_ssize_t i = 0; i < 400; i++) {
        PyObject *point = PyFloat_FromDouble((double)i);
        if (point == NULL) {
            Py_DECREF(points);
            return NULL;
        }
        PyList_SET_ITEM(points, i, point);
    }
    int failed = PyDict_SetItem(scores, home, points);
    Py_DECREF(points);
    if (failed < 0) return NULL;
    Py_RETURN_NONE;
}

static PyObject *roster_total(PyObject *module, PyObject *unused)
{
    PyObject *points = PyDict_GetItemWithError(scores, home);  /* expect: FT101 */
    if (points == NULL) return PyErr_Occurred() ? NULL : PyFloat_FromDouble(0);
    double sum = 0;
    for (Py_ssize_t i = 0; i < PyList_GET_SIZE(points); i++) sum += PyFloat_AS_DOUBLE(PyList_GET_ITEM(points, i));  /* expect: FT107 */
    return PyFloat_FromDouble(sum);
}

static PyMethodDef methods[] = {
    {"renew", roster_renew, METH_NOARGS, "renew($module, /)\n--\n\nPuts new points in the place of the old ones."},
    {"total", roster_total, METH_NOARGS, "total($module, /)\n--\n\nThe sum of the points."},
    {NULL, NULL, 0, NULL},
};

static int roster_exec(PyObject *module)
{
    if (scores == NULL) scores = PyDict_New();
    if (home == NULL) home = PyUnicode_InternFromString("home");
    return scores == NULL || home == NULL ? -1 : 0;
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, roster_exec},
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},  /* expect: FT005 */
    {0, NULL},
};

static PyModuleDef module_def = {PyModuleDef_HEAD_INIT, .m_name = "roster", .m_methods = methods, .m_slots = module_slots};

PyMODINIT_FUNC PyInit_roster(void) { return PyModuleDef_Init(&module_def); }
