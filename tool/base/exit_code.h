// What a command's exit code says to whoever started it. Codes of processes that end by a signal are 128 and its number.
#pragma once

namespace ftaudit::exit_with {

inline constexpr int fine = 0;        // audited, and nothing to fail for
inline constexpr int findings = 1;    // at or above what was asked for
inline constexpr int usage = 2;       // a bad command line, or settings
inline constexpr int incomplete = 3;  // something asked for could not be audited, resolved, installed or measured
inline constexpr int interrupted = 130;

}  // namespace ftaudit::exit_with
