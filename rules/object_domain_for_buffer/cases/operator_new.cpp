// A class with an operator new of its own: where its memory comes from is what counts.
#include <Python.h>

struct Leaf {
    int value;
    static void *operator new(size_t size) { return PyObject_Malloc(size); }  // expect: FT604
    static void operator delete(void *p) { PyObject_Free(p); }
};
struct Stem {
    int value;
    static void *operator new(size_t size) { return PyMem_RawMalloc(size); }
    static void operator delete(void *p) { PyMem_RawFree(p); }
};

static PyObject *tree_grow(PyObject *, PyObject *)
{
    Leaf *leaf = new Leaf;
    Stem *stem = new Stem;
    leaf->value = stem->value = 1;
    delete leaf;
    delete stem;
    Py_RETURN_NONE;
}
static PyMethodDef methods[] = {{"grow", tree_grow, METH_NOARGS, nullptr}, {nullptr, nullptr, 0, nullptr}};
static PyModuleDef_Slot slots[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef module = {PyModuleDef_HEAD_INIT, "tree", nullptr, 0, methods, slots, nullptr, nullptr, nullptr};
PyMODINIT_FUNC PyInit_tree() { return PyModuleDef_Init(&module); }
