// Names that no header declares, alone in a cell of a table or as an argument: the rest of the table and the call stay.
#include <Python.h>

static PyObject *ring(PyObject *self, PyObject *args) { return 0; }

PyMethodDef methods[] = {
    {"ring", ring, METH_NOARGS, ring_doc},
    {"toll", ring, METH_NOARGS, toll_doc},
    {0, 0, 0, 0},
};

void tell(const char *text, int times);
void say(int times)
{
    tell(greeting, times);
    times = missing + 1;
}
