// What a weak reference lends may be gone before it is called; a reference of one's own keeps it.
#include <Python.h>

static PyObject *notify(PyObject *, PyObject *args)
{
    PyObject *reference, *event;
    if (!PyArg_ParseTuple(args, "O!O", &_PyWeakref_RefType, &reference, &event)) return nullptr;
    PyObject *lookout = PyWeakref_GetObject(reference);  // expect: FT111
    return lookout == Py_None ? Py_NewRef(Py_None) : PyObject_CallOneArg(lookout, event);
}

static PyObject *notify_kept(PyObject *, PyObject *args)
{
    PyObject *reference, *event, *lookout = nullptr;
    if (!PyArg_ParseTuple(args, "O!O", &_PyWeakref_RefType, &reference, &event)) return nullptr;
    if (PyWeakref_GetRef(reference, &lookout) < 0) return nullptr;
    if (lookout == nullptr) Py_RETURN_NONE;
    PyObject *result = PyObject_CallOneArg(lookout, event);
    Py_DECREF(lookout);
    return result;
}

static PyMethodDef methods[] = {{"notify", notify, METH_VARARGS, nullptr},
                                {"notify_kept", notify_kept, METH_VARARGS, nullptr},
                                {nullptr, nullptr, 0, nullptr}};
