#include <Python.h>
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long kept, trimmed;

static PyObject *vault_keep(PyObject *module, PyObject *unused)
{
    pthread_mutex_lock(&lock);  /* expect: FT406 */
    long now = ++kept;
    pthread_mutex_unlock(&lock);
    return PyLong_FromLong(now);
}

/* What is dropped is collected at once, so that nobody comes in between. */
static PyObject *vault_trim(PyObject *module, PyObject *unused)
{
    pthread_mutex_lock(&lock);  /* expect: FT406 */
    kept = 0;
    long now = ++trimmed;
    PyGC_Collect();  /* expect: FT405 */
    pthread_mutex_unlock(&lock);
    return PyLong_FromLong(now);
}

static PyMethodDef methods[] = {
    {"keep", vault_keep, METH_NOARGS, "keep($module, /)\n--\n\nKeeps one more; returns how many there are."},
    {"trim", vault_trim, METH_NOARGS, "trim($module, /)\n--\n\nDrops all; returns how often that was."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},  /* expect: FT005 */
    {0, NULL},
};

static PyModuleDef module_def = {PyModuleDef_HEAD_INIT, .m_name = "vault", .m_methods = methods, .m_slots = module_slots};

PyMODINIT_FUNC PyInit_vault(void) { return PyModuleDef_Init(&module_def); }
