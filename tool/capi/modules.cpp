// Data. How modules come to be and how they say that they do without the GIL; macros and slots of CPython's headers
// (C API reference: module, typeobj, extension-modules; headers of 3.13; documentation of the binding systems).
#include "capi/tables.h"

namespace ftaudit::capi {

const std::vector<Binding> binding_table{
    {"pybind11", "PYBIND11_MODULE", "mod_gil_not_used()", "PYBIND11_MODULE(name, m, py::mod_gil_not_used()); pybind11 2.13 or newer"},
    {"pybind11", "PYBIND11_EMBEDDED_MODULE", "mod_gil_not_used()", "PYBIND11_EMBEDDED_MODULE(name, m, py::mod_gil_not_used()); pybind11 2.13 or newer"},
    {"nanobind", "NB_MODULE", "NB_FREE_THREADED", "nanobind_add_module(target FREE_THREADED ...) in CMake, which defines NB_FREE_THREADED; nanobind 2.2 or newer"},
    {"Boost.Python", "BOOST_PYTHON_MODULE", "mod_gil_not_used", "BOOST_PYTHON_MODULE(name, boost::python::mod_gil_not_used()); releases after 1.90"},
    {"Boost.Python", "BOOST_PYTHON_MODULE_INIT", "mod_gil_not_used", "BOOST_PYTHON_MODULE_INIT(name, boost::python::mod_gil_not_used()); releases after 1.90"},
    {"Boost.Python", "BOOST_PYTHON_MODULE_MULTI_PHASE", "mod_gil_not_used", "BOOST_PYTHON_MODULE_MULTI_PHASE(name, boost::python::mod_gil_not_used()); releases after 1.90"},
    {"Cython", "", "__Pyx_FREETHREADING_COMPATIBLE", "# cython: freethreading_compatible=True; Cython 3.1 or newer"},
    {"SWIG", "", "SWIGPYTHON_NOGIL", "swig -python -nogil; SWIG 4.4 or newer"},
    {"f2py", "", "PyUnstable_Module_SetGIL", "f2py --freethreading-compatible; NumPy 2.1 or newer"},
    {"cffi", "", "_cffi_init", ""},
    {"mypyc", "", "Py_mod_gil", ""},
};

const std::vector<std::string_view> module_macro_table{
    "PYBIND11_MODULE", "PYBIND11_EMBEDDED_MODULE", "NB_MODULE", "BOOST_PYTHON_MODULE", "BOOST_PYTHON_MODULE_INIT", "BOOST_PYTHON_MODULE_MULTI_PHASE",
    "Py_LIMITED_API", "Py_TARGET_ABI3T", "Py_GIL_DISABLED", "NB_FREE_THREADED", "SWIGPYTHON", "SWIGPYTHON_NOGIL", "__Pyx_FREETHREADING_COMPATIBLE",
    "CYTHON_FREETHREADING_COMPATIBLE", "CYTHON_HEX_VERSION", "_CFFI_", "SWIG_init", "SWIGVERSION",
};

const std::vector<std::string_view> expression_macro_table{
    "PyList_GET_ITEM", "PyTuple_GET_ITEM", "PySequence_Fast_GET_ITEM", "PySequence_Fast_GET_SIZE", "PySequence_Fast_ITEMS", "PySequence_ITEM",
    "PyStructSequence_GET_ITEM", "PyCFunction_GET_SELF", "PyMethod_GET_SELF", "PyMethod_GET_FUNCTION", "PyInstanceMethod_GET_FUNCTION",
    "PyDescr_TYPE", "PyDescr_NAME", "PyMemoryView_GET_BASE", "PyMemoryView_GET_BUFFER", "PyDateTime_DATE_GET_TZINFO", "PyDateTime_TIME_GET_TZINFO",
    "PyUnicode_DATA", "PyUnicode_KIND", "Py*_Check", "Py*_CheckExact",
};

const std::vector<std::string_view> api_macro_table{
    "Py*_Check", "Py*_CheckExact", "Py*_GET_*", "Py*_SET_*", "Py*_AS_*", "Py_INCREF", "Py_DECREF", "Py_XINCREF", "Py_XDECREF", "Py_CLEAR", "Py_SETREF", "Py_XSETREF",
    "Py_NewRef", "Py_XNewRef", "Py_TYPE", "Py_SIZE", "Py_REFCNT", "Py_SET_REFCNT", "Py_SET_TYPE", "Py_SET_SIZE", "Py_IS_TYPE", "Py_VISIT", "Py_RETURN_*", "Py_Is*", "Py_Is",
    "Py_BEGIN_*", "Py_END_*", "Py_BLOCK_THREADS", "Py_UNBLOCK_THREADS", "PyObject_HEAD*", "PyVarObject_HEAD_INIT", "PyObject_HEAD_INIT", "PyObject_New*", "PyObject_GC_New*",
    "PyObject_*", "PyMem_*", "PyDateTime_*", "PyDate_*", "PyTime_*", "PyDelta_*", "PyUnicode_*", "PySequence_Fast_*", "PySequence_ITEM", "PyMutex_*", "PyCFunction_*",
    "PyMethod_*", "PyModuleDef_HEAD_INIT", "PyMODINIT_FUNC", "PyArg_*", "PyImport_*", "PyStructSequence_*", "PyTuple_*", "PyList_*", "PyDict_*", "PySet_*", "PyWeakref_*",
    "PyCell_*", "PyFunction_*", "PyDescr_*", "PyMemoryView_*", "PyBytes_*", "PyByteArray_*", "PyFloat_*", "PyLong_*", "PyType_*", "PyThreadState_*", "PyModule_Create",
};

const std::vector<Tag> tag_table{
    {"_object", "PyObject"}, {"_typeobject", "PyTypeObject"}, {"_PyWeakReference", "PyWeakReference"}, {"_ts", "PyThreadState"}, {"_is", "PyInterpreterState"},
    {"_frame", "PyFrameObject"}, {"PyGetSetDef", "PyGetSetDef"}, {"PyMethodDef", "PyMethodDef"}, {"PyMemberDef", "PyMemberDef"},
    {"PyModuleDef_Slot", "PyModuleDef_Slot"}, {"PyModuleDef", "PyModuleDef"},
};

// Numbers from Include/typeslots.h; Py_bf_* first, then mp, nb, sq, tp, am, and the late ones.
const std::vector<Slot> slot_table{
    {1, "bf_getbuffer", Role::slot}, {2, "bf_releasebuffer", Role::slot}, {3, "mp_ass_subscript", Role::slot}, {4, "mp_length", Role::slot}, {5, "mp_subscript", Role::slot},
    {6, "nb_absolute", Role::slot}, {7, "nb_add", Role::slot}, {8, "nb_and", Role::slot}, {9, "nb_bool", Role::slot}, {10, "nb_divmod", Role::slot}, {11, "nb_float", Role::slot},
    {12, "nb_floor_divide", Role::slot}, {13, "nb_index", Role::slot}, {14, "nb_inplace_add", Role::slot}, {15, "nb_inplace_and", Role::slot}, {16, "nb_inplace_floor_divide", Role::slot},
    {17, "nb_inplace_lshift", Role::slot}, {18, "nb_inplace_multiply", Role::slot}, {19, "nb_inplace_or", Role::slot}, {20, "nb_inplace_power", Role::slot},
    {21, "nb_inplace_remainder", Role::slot}, {22, "nb_inplace_rshift", Role::slot}, {23, "nb_inplace_subtract", Role::slot}, {24, "nb_inplace_true_divide", Role::slot},
    {25, "nb_inplace_xor", Role::slot}, {26, "nb_int", Role::slot}, {27, "nb_invert", Role::slot}, {28, "nb_lshift", Role::slot}, {29, "nb_multiply", Role::slot},
    {30, "nb_negative", Role::slot}, {31, "nb_or", Role::slot}, {32, "nb_positive", Role::slot}, {33, "nb_power", Role::slot}, {34, "nb_remainder", Role::slot},
    {35, "nb_rshift", Role::slot}, {36, "nb_subtract", Role::slot}, {37, "nb_true_divide", Role::slot}, {38, "nb_xor", Role::slot}, {39, "sq_ass_item", Role::slot},
    {40, "sq_concat", Role::slot}, {41, "sq_contains", Role::slot}, {42, "sq_inplace_concat", Role::slot}, {43, "sq_inplace_repeat", Role::slot}, {44, "sq_item", Role::slot},
    {45, "sq_length", Role::slot}, {46, "sq_repeat", Role::slot}, {47, "tp_alloc", Role::alloc}, {48, "tp_base", Role::slot}, {49, "tp_bases", Role::slot}, {50, "tp_call", Role::slot},
    {51, "tp_clear", Role::clear}, {52, "tp_dealloc", Role::dealloc}, {53, "tp_del", Role::finalize}, {54, "tp_descr_get", Role::slot}, {55, "tp_descr_set", Role::slot},
    {56, "tp_doc", Role::slot}, {57, "tp_getattr", Role::slot}, {58, "tp_getattro", Role::slot}, {59, "tp_hash", Role::slot}, {60, "tp_init", Role::init_slot},
    {61, "tp_is_gc", Role::slot}, {62, "tp_iter", Role::slot}, {63, "tp_iternext", Role::slot}, {64, "tp_methods", Role::slot}, {65, "tp_new", Role::new_slot},
    {66, "tp_repr", Role::slot}, {67, "tp_richcompare", Role::slot}, {68, "tp_setattr", Role::slot}, {69, "tp_setattro", Role::slot}, {70, "tp_str", Role::slot},
    {71, "tp_traverse", Role::traverse}, {72, "tp_members", Role::slot}, {73, "tp_getset", Role::slot}, {74, "tp_free", Role::dealloc}, {75, "nb_matrix_multiply", Role::slot},
    {76, "nb_inplace_matrix_multiply", Role::slot}, {77, "am_await", Role::slot}, {78, "am_aiter", Role::slot}, {79, "am_anext", Role::slot}, {80, "tp_finalize", Role::finalize},
    {81, "am_send", Role::slot}, {82, "tp_vectorcall", Role::slot}, {83, "tp_token", Role::slot},
};

}  // namespace ftaudit::capi
