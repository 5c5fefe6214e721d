// Timeouts and flags that mean not to wait.
#include <Python.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

static PyObject *f(PyObject *module, PyObject *arg)
{
    int status;
    fd_set fds;
    struct timeval none = {0, 0};
    FD_ZERO(&fds);
    FD_SET(0, &fds);
    usleep(0);
    select(1, &fds, NULL, NULL, &none);
    waitpid(-1, &status, WNOHANG);
    select(1, &fds, NULL, NULL, NULL);  // expect: FT506
    waitpid(-1, &status, 0);            // expect: FT506
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"f", f, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, NULL}};
static PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "m", .m_methods = methods, .m_slots = slots};
PyMODINIT_FUNC PyInit_m(void) { return PyModuleDef_Init(&definition); }
