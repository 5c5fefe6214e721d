// Through a reference, a helper and a lambda it is still the same container.
#include <Python.h>
#include <string>
#include <vector>

struct Log { PyObject_HEAD std::vector<std::string> lines; std::vector<int> marks; std::string name; };

static void append(std::vector<std::string> &to, const char *text) { to.emplace_back(text); }  // expect: FT805
static bool any(const std::vector<std::string> &in) { return !in.empty(); }

static PyObject *log_add(PyObject *op, PyObject *arg)
{
    Log *self = reinterpret_cast<Log *>(op);
    const char *text = PyUnicode_AsUTF8(arg);
    if (text == nullptr) return nullptr;
    append(self->lines, text);
    return PyBool_FromLong(any(self->lines));
}
static PyObject *log_mark(PyObject *op, PyObject *)
{
    Log *self = reinterpret_cast<Log *>(op);
    auto &marks = self->marks;
    marks.push_back(1);  // expect: FT805
    Py_RETURN_NONE;
}
static PyObject *log_rename(PyObject *op, PyObject *)
{
    Log *self = reinterpret_cast<Log *>(op);
    auto set = [self](const char *name) { self->name = name; };  // expect: FT805
    set("other");
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {{"add", log_add, METH_O, nullptr}, {"mark", log_mark, METH_NOARGS, nullptr}, {"rename", log_rename, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
PyTypeObject Log_Type = {PyVarObject_HEAD_INIT(nullptr, 0) "log.Log", sizeof(Log)};
void ready() { Log_Type.tp_methods = methods; }
