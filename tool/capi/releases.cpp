// What came with 3.14 and 3.15 (What's New in Python 3.14 and 3.15: C API changes, new features; the pages of each
// function: "Added in version").
#include "capi/releases.h"

#include <algorithm>

#include "base/text.h"
#include "capi/tables.h"

namespace ftaudit::capi {

const std::vector<Newcomer> newcomer_table{
    {"PyBytes_Join", 14},
    {"PyConfig_Get*", 14},
    {"PyConfig_Set", 14},
    {"PyCriticalSection2_BeginMutex", 14},
    {"PyCriticalSection_BeginMutex", 14},
    {"PyImport_ImportModuleAttr*", 14},
    {"PyInitConfig_*", 14},
    {"PyIter_NextItem", 14},
    {"PyLongWriter_*", 14},
    {"PyLong_AsInt32", 14},
    {"PyLong_AsInt64", 14},
    {"PyLong_AsUInt32", 14},
    {"PyLong_AsUInt64", 14},
    {"PyLong_Export", 14},
    {"PyLong_FreeExport", 14},
    {"PyLong_FromInt32", 14},
    {"PyLong_FromInt64", 14},
    {"PyLong_FromUInt32", 14},
    {"PyLong_FromUInt64", 14},
    {"PyLong_GetNativeLayout", 14},
    {"PyLong_IsNegative", 14},
    {"PyLong_IsPositive", 14},
    {"PyLong_IsZero", 14},
    {"PyMutex_IsLocked", 14},
    {"PyType_Freeze", 14},
    {"PyType_GetBaseByToken", 14},
    {"PyUnicodeWriter*", 14},
    {"PyUnicode_Equal", 14},
    {"PyUnstable_EnableTryIncRef", 14},
    {"PyUnstable_IsImmortal", 14},
    {"PyUnstable_Object_EnableDeferredRefcount", 14},
    {"PyUnstable_Object_IsUnique*", 14},
    {"PyUnstable_TryIncRef", 14},
    {"Py_BEGIN_CRITICAL_SECTION2_MUTEX", 14},
    {"Py_BEGIN_CRITICAL_SECTION_MUTEX", 14},
    {"Py_HashBuffer", 14},
    {"Py_PACK_FULL_VERSION", 14},
    {"Py_PACK_VERSION", 14},
    {"Py_TP_USE_SPEC", 14},
    {"Py_fclose", 14},
    {"Py_fopen", 14},
    {"Py_tp_token", 14},
    {"PyABIInfo*", 15},
    {"PyBytesWriter_Create", 15},
    {"PyFrozenDict_New", 15},
    {"PyInterpreterGuard_Close", 15},
    {"PyInterpreterGuard_FromView", 15},
    {"PyInterpreterView_Close", 15},
    {"PyInterpreterView_FromMain", 15},
    {"PyMODEXPORT_FUNC", 15},
    {"PyModule_Exec", 15},
    {"PyModule_GetToken", 15},
    {"PyObject_Dump", 15},
    {"PySys_GetAttr*", 15},
    {"PySys_GetOptionalAttr*", 15},
    {"PyThreadState_Ensure", 15},
    {"PyThreadState_EnsureFromView", 15},
    {"PyThreadState_Release", 15},
    {"PyTuple_FromArray", 15},
    {"PyType_FromSlots", 15},
    {"PyType_GetBaseByToken_DuringGC", 15},
    {"PyType_GetModuleByToken", 15},
    {"PyType_GetModuleByToken_DuringGC", 15},
    {"PyType_GetModule_DuringGC", 15},
    {"PyUnstable_DumpTraceback", 15},
    {"PyUnstable_DumpTracebackThreads", 15},
    {"PyUnstable_SetImmortal", 15},
    {"Py_TARGET_ABI3T", 15},
    {"Py_mod_abi", 15},
    {"Py_mod_methods", 15},
    {"Py_mod_name", 15},
    {"Py_mod_state_*", 15},
    {"Py_mod_token", 15},
};

int came_with(std::string_view name) {
  const auto row =
      std::ranges::find_if(newcomer_table, [&](const Newcomer& one) { return glob_match(one.name, name); });
  return row == newcomer_table.end() ? 0 : row->minor;
}

}  // namespace ftaudit::capi
