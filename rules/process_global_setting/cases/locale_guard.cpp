// A guard that changes the locale of the whole process and puts it back: meanwhile every thread has it. A stream with a
// locale of its own does not.
#include <Python.h>
#include <clocale>
#include <cstdlib>
#include <locale>
#include <sstream>
#include <string>

class PlainNumbers {
public:
    PlainNumbers() : before_(std::setlocale(LC_NUMERIC, nullptr)) { std::setlocale(LC_NUMERIC, "C"); }  // expect: FT802
    ~PlainNumbers() { std::setlocale(LC_NUMERIC, before_.c_str()); }  // expect: FT802

private:
    std::string before_;
};

static PyObject *parse(PyObject *, PyObject *text)
{
    const char *digits = PyUnicode_AsUTF8(text);
    if (digits == nullptr) return nullptr;
    PlainNumbers plain;
    return PyFloat_FromDouble(std::atof(digits));
}

static PyObject *parse_alone(PyObject *, PyObject *text)
{
    const char *digits = PyUnicode_AsUTF8(text);
    if (digits == nullptr) return nullptr;
    std::istringstream in(digits);
    in.imbue(std::locale::classic());
    double value = 0;
    in >> value;
    return PyFloat_FromDouble(value);
}

static PyMethodDef methods[] = {
    {"parse", parse, METH_O, nullptr}, {"parse_alone", parse_alone, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
