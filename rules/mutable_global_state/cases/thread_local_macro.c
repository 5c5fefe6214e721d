// What a configured build makes thread-local is thread-local, also where nobody has said which compiler it is.
#include <Python.h>

#if defined(HAVE__THREAD_LOCAL)
    #define TLS _Thread_local
#elif defined(HAVE___THREAD)
    #define TLS __thread
#else
    #define TLS
#endif

static TLS int spare_count = 0;
static TLS void *spare[5] = {NULL};
static int total;

static PyObject *keep(PyObject *module, PyObject *unused)
{
    if (spare_count < 5) {
        spare[spare_count] = module;
        spare_count++;
    }
    total++;  // expect: FT201
    return PyLong_FromLong(spare_count);
}

static PyMethodDef methods[] = {{"keep", keep, METH_NOARGS, NULL}, {NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "spares", NULL, -1, methods};

PyMODINIT_FUNC PyInit_spares(void)
{
    return PyModule_Create(&module);
}
