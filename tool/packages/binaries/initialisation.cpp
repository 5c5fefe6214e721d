#include "packages/binaries/initialisation.h"

#include <algorithm>
#include <set>

#include "packages/binaries/module_slots.h"
#include "packages/binaries/walk.h"

namespace ftaudit::packages {
namespace {

bool starts_with_any(std::string_view name, std::initializer_list<std::string_view> starts) {
  return std::any_of(starts.begin(), starts.end(), [&](std::string_view start) { return name.starts_with(start); });
}

bool is_any(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool never_returns(std::string_view name) {
  return is_any(name, {"abort",
                       "exit",
                       "_exit",
                       "__stack_chk_fail",
                       "__assert_fail",
                       "__assert_rtn",
                       "longjmp",
                       "_Unwind_Resume",
                       "__cxa_throw",
                       "__cxa_rethrow",
                       "__cxa_bad_cast",
                       "__clang_call_terminate",
                       "_ZSt9terminatev",
                       "__cxa_call_unexpected",
                       "__cxa_throw_bad_array_new_length",
                       "Py_FatalError",
                       "_Py_FatalErrorFunc",
                       "Py_Exit",
                       "_CxxThrowException",
                       "_invoke_watson",
                       "terminate",
                       "__fastfail"}) ||
         (name.starts_with("_ZSt") && name.find("__throw_") != std::string_view::npos);
}

// Functions of CPython that say by an int whether they failed: 0 is success.
bool gives_status(std::string_view name) {
  return starts_with_any(name, {"PyType_Ready",
                                "PyModule_Add",
                                "PyModule_SetDocString",
                                "PyModule_Exec",
                                "PyDict_SetItem",
                                "PyDict_DelItem",
                                "PyDict_Update",
                                "PyDict_Merge",
                                "PyObject_SetAttr",
                                "PyObject_SetItem",
                                "PyList_Append",
                                "PyList_SetItem",
                                "PyList_Insert",
                                "PySet_Add",
                                "PyTuple_SetItem",
                                "PyState_AddModule",
                                "PyCapsule_Set",
                                "PyStructSequence_InitType",
                                "PyErr_WarnEx",
                                "PyErr_WarnFormat",
                                "PyImport_AppendInittab",
                                "PyThread_tss_create",
                                "PyThread_tss_set",
                                "Py_AtExit",
                                "PySys_SetObject",
                                "PyUnstable_Module_SetGIL",
                                "pthread_",
                                "PyMutex_",
                                "PyCriticalSection_",
                                "PyUnstable_Object_"});
}

// Functions of CPython that give an object or a pointer when all goes well.
bool gives_object(std::string_view name) {
  if (!starts_with_any(name, {"Py", "_Py"}))
    return is_any(name, {"malloc", "calloc", "realloc", "_Znwm", "_Znam", "strdup", "??2@YAPEAX_K@Z"});
  if (starts_with_any(name, {"PyErr_", "PyObject_Is", "Py_IsInitialized", "PyGILState_Check", "PyLong_As",
                             "PyUnicode_Compare", "PyObject_RichCompareBool", "PyObject_Hash"}))
    return false;
  for (const std::string_view part :
       {"_New",    "_From", "_Create", "_Import",    "_Get",    "_Call",       "_Vectorcall",
        "_Build",  "_Add",  "_Malloc", "_Calloc",    "_Intern", "_Copy",       "_GenericNew",
        "_Format", "_Str",  "_Repr",   "_Type",      "_Concat", "_Decode",     "_Alloc",
        "_Next",   "_Join", "_Pack",   "BuildValue", "NewRef",  "ThreadState", "_Lookup"})
    if (name.find(part) != std::string_view::npos) return true;
  return false;
}

// Where capsules' functions are thought to be.
constexpr std::uint64_t first_handed_over = 0x5800'0000'0000, made_elsewhere = 0x5900'0000'0000;

class Follow {
 public:
  Follow(const Image& image, bool hook) : image_(image), hook_(hook) {}

  Initialisation run(std::uint64_t address) {
    const std::function<CallResult(OutsideCall&)> outside = [this](OutsideCall& call) { return called(call); };
    const std::function<void(PathState&, Value)> back = [this](PathState& state, Value value) {
      returned(state, value);
    };
    const WalkResult walked = walk(image_, address, outside, back);
    return judge(walked);
  }

 private:
  struct Said {
    std::optional<Gil> gil;
    std::string how;
  };

  CallResult called(OutsideCall& call) {
    using Then = CallResult::Then;
    if (call.import == nullptr) {
      if (call.target >= first_handed_over && call.target - first_handed_over < handed_over_.size()) {
        delegates_.insert(handed_over_[call.target - first_handed_over]);
        return {Then::end_path, {}};
      }
      return {};
    }
    const std::string_view name = *call.import;
    if (starts_with_any(name, {"Py", "_Py"})) ++python_calls_;
    if (never_returns(name)) return {Then::end_path, {}};
    if (name == "PyModuleDef_Init") {
      definition(call.state, call.arguments[0]);
      return {Then::end_path, {}, defined_.back().gil.has_value()};
    }
    if (name == "PyUnstable_Module_SetGIL") {
      set_gil_reached_ = true;
      set_.push_back(call.arguments[1]);
      return {call.arguments[1] ? Then::end_path : Then::go_on, 0, call.arguments[1].has_value()};
    }
    if (starts_with_any(name, {"PyModule_Create2", "PyModule_FromDefAndSpec2", "PyModule_New"})) {
      created_ = true;
      return {Then::go_on, call.state.fresh_object()};
    }
    if (name == "PyImport_ImportModule")
      if (const auto text = call.arguments[0] ? call.state.text(*call.arguments[0]) : std::nullopt)
        imported_.insert(*text);
    if (name == "PyCapsule_Import" || name == "PyCapsule_GetPointer") {
      const Value at = call.arguments[name == "PyCapsule_Import" ? 0 : 1];
      const auto text = at ? call.state.text(*at) : std::nullopt;
      handed_over_.push_back(text.value_or(""));
      return {Then::go_on, first_handed_over + handed_over_.size() - 1};
    }
    if (name == "memcpy" || name == "memmove" || name == "memset") return {Then::go_on, memory(call, name == "memset")};
    if (name == "__cxa_guard_acquire") return {Then::go_on, 1};
    if (is_any(name, {"PyErr_Occurred", "__cxa_atexit", "__cxa_guard_release", "atexit"}) || gives_status(name))
      return {Then::go_on, 0};
    if (gives_object(name)) return {Then::go_on, call.state.fresh_object()};
    // What another library's function gives back, asked before any of CPython's, may be the module itself.
    if (python_calls_ == 0 && elsewhere_.empty()) {
      elsewhere_ = name;
      return {Then::go_on, made_elsewhere};
    }
    return {};
  }

  static Value memory(OutsideCall& call, bool fill) {
    constexpr std::uint64_t longest = 4096;
    const auto& [to, what, size, rest] = call.arguments;
    if (!to || !size || *size > longest) return to;
    for (std::uint64_t i = 0; i < *size; ++i)
      call.state.store(*to + i, fill ? what : what ? call.state.load(*what + i, 1) : Value(), 1);
    return to;
  }

  void definition(PathState& state, Value address) {
    if (!address) {
      defined_.push_back({{}, "which definition it gives to PyModuleDef_Init is only known when it runs"});
      return;
    }
    const Load load = [&state](std::uint64_t at, unsigned size) { return state.load(at, size); };
    for (const DefinitionLayout layout : {free_threaded_layout(8), gil_layout(8)}) {
      const Value name = state.pointer(*address + layout.name), slots = state.pointer(*address + layout.slots);
      if (!name || *name == 0 || !state.text(*name)) continue;
      if (!slots) {
        defined_.push_back({{}, "the slots of its definition are only known when it runs"});
      } else if (*slots == 0) {
        defined_.push_back({Gil::missing, "its definition has no slots"});
      } else {
        SlotsSay said = read_module_slots(load, *slots, 8);
        defined_.push_back({said.gil == Gil::unknown ? std::optional<Gil>() : said.gil, std::move(said.how)});
      }
      return;
    }
    defined_.push_back({{}, "what it gives to PyModuleDef_Init has no name that can be read"});
  }

  void returned(PathState& state, Value value) {
    if (value && *value == 0) return;  // failed
    if (!hook_) {
      came_back_ = true;
      came_from_elsewhere_ = came_from_elsewhere_ || value == made_elsewhere;
      return;
    }
    if (!value) {
      defined_.push_back({{}, "which slots it returns is only known when it runs"});
      return;
    }
    SlotsSay said = read_slots([&state](std::uint64_t at, unsigned size) { return state.load(at, size); }, *value);
    defined_.push_back({said.gil == Gil::unknown ? std::optional<Gil>() : said.gil, std::move(said.how)});
  }

  // Different ways through may say different things: what all agree on counts, and what cannot be read is passed over
  // where another way says it.
  Initialisation judge(const WalkResult& walked) const {
    Initialisation out;
    out.reached_set_gil = set_gil_reached_;
    if (!defined_.empty()) {
      out.style = hook_ ? InitStyle::export_hook : InitStyle::multi_phase;
      std::set<Gil> said;
      for (const Said& one : defined_) {
        if (one.gil) said.insert(*one.gil);
        if (one.gil || out.how.empty()) out.how = one.how;
      }
      if (said.size() == 1) out.gil = *said.begin();
      if (said.size() > 1)
        out.how = "it hands over different definitions, depending on what is only known when it runs";
      return out;
    }
    if (!set_.empty() || created_) {
      out.style = InitStyle::single_phase;
      std::set<std::uint64_t> values;
      for (const Value& value : set_)
        if (value) values.insert(*value);
      if (values.size() == 1 && *values.begin() <= 1) {
        out.gil = *values.begin() == 1 ? Gil::not_used : Gil::used;
        out.how = *values.begin() == 1 ? "it calls PyUnstable_Module_SetGIL with Py_MOD_GIL_NOT_USED"
                                       : "it calls PyUnstable_Module_SetGIL with Py_MOD_GIL_USED";
      } else if (!set_.empty()) {
        out.how = "it calls PyUnstable_Module_SetGIL, with what is only known when it runs";
      } else {
        // Where the file calls it at all, not having met the call proves nothing: not every way through was taken.
        out.how = "no call of PyUnstable_Module_SetGIL was met" +
                  (walked.complete ? "" : " before its code could not be followed: " + walked.why_incomplete);
      }
      return out;
    }
    if (!delegates_.empty()) {
      out.style = InitStyle::delegated;
      const std::string& first = *delegates_.begin();
      out.delegate = first.substr(0, first.rfind('.'));
      out.how = out.delegate.empty() ? "it hands over to a function found through a capsule"
                                     : "it hands over to " + out.delegate;
      return out;
    }
    if (came_from_elsewhere_) {
      out.elsewhere = true;
      out.how = "it is made by " + elsewhere_ + " of another library";
      return out;
    }
    if (came_back_ && walked.complete) {
      out.style = InitStyle::single_phase;
      out.how = "another module makes it, and no call of PyUnstable_Module_SetGIL was met";
      if (imported_.size() == 1) out.delegate = *imported_.begin();
      return out;
    }
    out.how =
        walked.complete ? "its initialisation does not come to an end that can be followed" : walked.why_incomplete;
    return out;
  }

  const Image& image_;
  bool hook_;
  bool created_ = false, came_back_ = false, came_from_elsewhere_ = false, set_gil_reached_ = false;
  std::string elsewhere_;
  std::uint64_t python_calls_ = 0;
  std::vector<Said> defined_;
  std::vector<Value> set_;
  std::vector<std::string> handed_over_;
  std::set<std::string> delegates_, imported_;
};

}  // namespace

Initialisation follow_initialisation(const Image& image, std::uint64_t address, bool export_hook) {
  return Follow(image, export_hook).run(address);
}

}  // namespace ftaudit::packages
