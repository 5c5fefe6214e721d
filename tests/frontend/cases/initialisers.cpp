// What runs when a module is loaded, and what runs the first time somebody comes by.
#include <Python.h>
#include <memory>
#include <mutex>
int make(int), other(); PyObject *intern(const char *);
struct Part { Part(int); ~Part(); int n; };
int global = make(1);
const int constant = 2;
Part part{3};
static int *pointer = &global;
namespace n { auto twice = [](int x) { return 2 * x; }; int (*chosen)(int) = make(2) ? +[](int x) { return x; } : nullptr; }
PyObject *cached()
{
    static PyObject *name = intern("name");
    static int plain = 4;
    static Part once(make(5));
    static thread_local int own = make(6);
    int later = make(7);
    return name;
}
int after() { static int x = [] { return make(8); }(); return x + other(); }
static PyMethodDef methods[] = {{"made", [](PyObject *self, PyObject *) { return self; }, 8, nullptr}, {"cast", (PyCFunction)+[](PyObject *, PyObject *arg) { return arg; }, 8, nullptr}, {}};
PyMethodDef *get_methods() { return methods; }

// Narrowing, which other compilers can be told to take.
static const unsigned char steps[] = {1, -14, 3};
unsigned char step(int n) { unsigned char at[] = {n}; return at[0] + steps[n]; }
