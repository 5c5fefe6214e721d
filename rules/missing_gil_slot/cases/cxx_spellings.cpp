// Slots in std::array, behind casts and in a definition that a function fills in: read all the same.
#include <Python.h>
#include <array>

static int run(PyObject *) { return 0; }
static std::array<PyModuleDef_Slot, 3> declared = {
    {{Py_mod_exec, reinterpret_cast<void *>(run)}, {Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}}};
static PyModuleDef first = {PyModuleDef_HEAD_INIT, "first", nullptr, 0, nullptr, declared.data(), nullptr, nullptr,
                            nullptr};
PyMODINIT_FUNC PyInit_first() { return PyModuleDef_Init(&first); }

static PyModuleDef_Slot bare[] = {{Py_mod_exec, (void *)run}, {0, nullptr}};  // expect: FT001
static PyModuleDef second = {PyModuleDef_HEAD_INIT};
PyMODINIT_FUNC PyInit_second()
{
    second.m_name = "second";
    second.m_slots = bare;
    return PyModuleDef_Init(&second);
}

static PyModuleDef_Slot filled[] = {{Py_mod_gil, Py_MOD_GIL_NOT_USED}, {0, nullptr}};
static PyModuleDef make()
{
    PyModuleDef made = {PyModuleDef_HEAD_INIT, "third", nullptr, 0, nullptr, nullptr, nullptr, nullptr, nullptr};
    made.m_slots = filled;
    return made;
}
static PyModuleDef third = make();
PyMODINIT_FUNC PyInit_third() { return PyModuleDef_Init(&third); }
