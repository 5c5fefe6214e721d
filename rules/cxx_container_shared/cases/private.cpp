// Nobody else has these: made for the call, filled at import, of one thread, or made once.
#include <Python.h>
#include <map>
#include <string>
#include <vector>

class Parser {
 public:
  explicit Parser(const char *text) { tokens_.push_back(text); }
  long run() { step(); return static_cast<long>(tokens_.size()); }

 private:
  void step() { tokens_.push_back("next"); }
  std::vector<std::string> tokens_;
};

static std::map<std::string, long> names;
static thread_local std::vector<char> scratch;
static const std::vector<int> primes{2, 3, 5};

static const std::vector<std::string> &once()
{
    static const std::vector<std::string> made = [] { std::vector<std::string> out; out.push_back("a"); return out; }();
    return made;
}
static PyObject *parse(PyObject *, PyObject *arg)
{
    const char *text = PyUnicode_AsUTF8(arg);
    if (text == nullptr) return nullptr;
    Parser parser(text);
    scratch.clear();
    std::vector<int> mine;
    mine.push_back(primes[0]);
    return PyLong_FromLong(parser.run() + static_cast<long>(names.count(text)) + static_cast<long>(once().size()) + mine.back());
}

static PyMethodDef methods[] = {{"parse", parse, METH_O, nullptr}, {nullptr, nullptr, 0, nullptr}};
static int exec(PyObject *) { names["one"] = 1; return 0; }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, reinterpret_cast<void *>(exec)}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "p", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_p(void) { return PyModuleDef_Init(&definition); }
