// Calls that ask for thread states, the calling thread's or others', and when functions run that are registered. A
// table of facts; used by analysis and rules.
#pragma once

#include <cstdint>
#include <string_view>

namespace ftaudit::capi {

// Says whether the calling thread is attached: PyGILState_Check.
bool asks_if_attached(std::string_view name);
// Detaches the calling thread, and returns its state, which only that thread may attach again.
bool saves_thread(std::string_view name);
// Returns what the call that ends the attachment must be given: PyGILState_Ensure.
bool gives_token(std::string_view name);
// Returns the calling thread's own state.
bool gives_own_state(std::string_view name);
// Makes a state for a thread that has none yet: nobody else's until it is attached.
bool makes_state(std::string_view name);
// Returns what the calling thread itself put there: PyThread_tss_get.
bool gives_thread_specific(std::string_view name);
// Returns the state of another thread, which may end at any moment.
enum class StateWalk : std::uint8_t { none, begins, goes_on };
StateWalk walks_states(std::string_view name);
// The function it is given runs when the process or the interpreter ends, and other threads do not any more.
bool runs_at_exit(std::string_view name);
// The function it is given interrupts whichever thread gets the signal: no thread of its own.
// Source: POSIX, signal concepts; library reference, signal: execution of Python signal handlers.
bool handles_signals(std::string_view name);

}  // namespace ftaudit::capi
