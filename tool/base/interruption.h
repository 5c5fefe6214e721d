// Ctrl-C and termination, once for the whole program: whatever was under way, child processes die with us, scratch
// folders are removed, the progress line is wiped, and the exit code is 130 (143 for SIGTERM).
#pragma once

#include <atomic>
#include <filesystem>

namespace ftaudit {

// Call first thing in main, before any other thread starts. Children started later have their signals back.
void watch_interruptions();

// Before anything is given out: once a signal has come, what was under way may miss what is being removed, so the
// calling thread waits here for the end.
void stand_still_if_interrupted();

// For a command that has something to give out even when it is broken off: from here on the first signal only makes the
// result true, programs started by run() end, and the command ends by itself soon; a second signal ends it at once.
const std::atomic<bool>& finish_when_interrupted();
// Whether that has happened.
bool asked_to_finish();
// Ends the process as the signal would have: scratch folders removed, exit code 130 (128 + its number for others).
[[noreturn]] void end_interrupted();

// For processes about to be replaced or to work on their own: signals do again what they do by default.
void restore_signals();

// Folders to remove when interrupted.
void remember_scratch(const std::filesystem::path& folder);
void forget_scratch(const std::filesystem::path& folder);

}  // namespace ftaudit
