// A writer for a C++ stream of the interpreter's: borrowed it may be replaced while it is written to.
#include <Python.h>
#include <string>

static bool write_line(PyObject *out, const std::string &text)
{
    return PyFile_WriteString(text.c_str(), out) == 0 && PyFile_WriteString("\n", out) == 0;
}

static PyObject *say(PyObject *, PyObject *number)
{
    PyObject *out = PySys_GetObject("stdout");  // expect: FT110
    if (out == nullptr || out == Py_None) Py_RETURN_NONE;
    if (!write_line(out, std::to_string(PyLong_AsLong(number)))) return nullptr;
    Py_RETURN_NONE;
}

static PyObject *say_safely(PyObject *, PyObject *number)
{
    PyObject *sys = PyImport_ImportModule("sys");
    PyObject *out = sys ? PyObject_GetAttrString(sys, "stdout") : nullptr;
    Py_XDECREF(sys);
    if (out == nullptr) return nullptr;
    const bool done = write_line(out, std::to_string(PyLong_AsLong(number)));
    Py_DECREF(out);
    if (!done) return nullptr;
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"say", say, METH_O, nullptr}, {"say_safely", say_safely, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
