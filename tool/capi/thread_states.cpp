// Thread states (C API reference: init, "Thread State and the Global Interpreter Lock", "Low-level API", "Advanced
// Debugger Support", "Initialization and Finalization: Py_AtExit"; atexit(3)).
#include "capi/thread_states.h"

namespace ftaudit::capi {

bool asks_if_attached(std::string_view name) { return name == "PyGILState_Check"; }

bool saves_thread(std::string_view name) { return name == "PyEval_SaveThread"; }
bool gives_token(std::string_view name) { return name == "PyGILState_Ensure"; }

// Under all the names that versions had for it: _PyThreadState_UncheckedGet, PyThreadState_GetUnchecked.
bool gives_own_state(std::string_view name) {
  return name.find("PyThreadState_Get") != std::string_view::npos ||
         name.find("PyThreadState_GET") != std::string_view::npos ||
         name.find("UncheckedGet") != std::string_view::npos || name == "PyGILState_GetThisThreadState";
}

bool makes_state(std::string_view name) { return name == "PyThreadState_New"; }

bool gives_thread_specific(std::string_view name) {
  return name == "PyThread_tss_get" || name == "PyThread_get_key_value" || name == "pthread_getspecific" ||
         name == "tss_get";
}

StateWalk walks_states(std::string_view name) {
  if (name == "PyInterpreterState_ThreadHead") return StateWalk::begins;
  return name == "PyThreadState_Next" ? StateWalk::goes_on : StateWalk::none;
}

bool runs_at_exit(std::string_view name) { return name == "atexit" || name == "Py_AtExit"; }

bool handles_signals(std::string_view name) {
  return name == "signal" || name == "sigaction" || name == "PyOS_setsig";
}

}  // namespace ftaudit::capi
