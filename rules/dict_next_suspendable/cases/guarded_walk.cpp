// A guard over the whole walk does not help when what is called may give it back; a walk that only counts keeps it.
#include <Python.h>

class Section {
public:
    explicit Section(PyObject *object) { PyCriticalSection_Begin(&section_, object); }
    ~Section() { PyCriticalSection_End(&section_); }
    Section(const Section &) = delete;

private:
    PyCriticalSection section_;
};

static PyObject *hail_all(PyObject *, PyObject *crew)
{
    if (!PyDict_Check(crew)) return PyErr_Format(PyExc_TypeError, "a dict, please");
    Section held(crew);
    PyObject *name, *sailor;
    Py_ssize_t position = 0;
    while (PyDict_Next(crew, &position, &name, &sailor)) {  // expect: FT105
        PyObject *answer = PyObject_CallNoArgs(sailor);
        if (answer == nullptr) return nullptr;
        Py_DECREF(answer);
    }
    return Py_NewRef(Py_None);
}

static PyObject *named(PyObject *, PyObject *crew)
{
    if (!PyDict_Check(crew)) return PyErr_Format(PyExc_TypeError, "a dict, please");
    Section held(crew);
    PyObject *name, *sailor;
    Py_ssize_t position = 0;
    long count = 0;
    while (PyDict_Next(crew, &position, &name, &sailor)) count += PyUnicode_CheckExact(name);
    return PyLong_FromLong(count);
}

static PyMethodDef methods[] = {
    {"hail_all", hail_all, METH_O, nullptr}, {"named", named, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
