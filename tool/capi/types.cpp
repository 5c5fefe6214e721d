// Types (C API reference: type, typeobj, structseq ("Struct Sequence Objects"), exceptions, dict ("Dictionary
// watchers"); Objects/typeobject.c: PyType_Ready holds TYPE_LOCK and asks again for Py_TPFLAGS_READY).
#include "capi/types.h"

#include "capi/names.h"

namespace ftaudit::capi {

Readies readies_type(std::string_view name) {
  if (name == "PyType_Ready") return Readies::under_lock;
  return name == "PyStructSequence_InitType" || name == "PyStructSequence_InitType2" ? Readies::unlocked
                                                                                     : Readies::none;
}

const std::vector<std::string_view> type_maker_table{"PyErr_NewException*", "PyType_From*", "PyStructSequence_NewType"};
const std::vector<std::string_view> watcher_table{
    "PyType_AddWatcher",
    "PyType_ClearWatcher",
    "PyDict_AddWatcher",
    "PyDict_ClearWatcher",
};

bool makes_type(std::string_view name) { return listed(type_maker_table, name); }
bool looks_at_type(std::string_view name) { return name == "Py_TYPE" || name == "PyType_HasFeature"; }
bool sets_type(std::string_view name) { return name == "Py_SET_TYPE"; }
bool gives_type_dict(std::string_view name) { return name == "PyType_GetDict"; }
bool changes_watchers(std::string_view name) { return listed(watcher_table, name); }

}  // namespace ftaudit::capi
