// A count of one is no proof of being alone, also where a small function asks for it.
#include <Python.h>

static PyObject *append_all(PyObject *, PyObject *args)
{
    PyObject *crew, *more;
    if (!PyArg_ParseTuple(args, "O!O", &PyList_Type, &crew, &more)) return nullptr;
    if (const bool alone = Py_REFCNT(crew) == 1; alone) {  // expect: FT601
        if (PyList_SetSlice(crew, 0, 0, more) < 0) return nullptr;
        return Py_NewRef(crew);
    }
    return PySequence_Concat(crew, more);
}

static PyObject *joined(PyObject *, PyObject *args)
{
    PyObject *crew, *more;
    if (!PyArg_ParseTuple(args, "O!O", &PyList_Type, &crew, &more)) return nullptr;
    return PySequence_Concat(crew, more);
}

static PyMethodDef methods[] = {{"append_all", append_all, METH_VARARGS, nullptr},
                                {"joined", joined, METH_VARARGS, nullptr},
                                {nullptr, nullptr, 0, nullptr}};
