// What a program said when it died: CPython's fatal errors and faulthandler's stacks, failed assertions of C and C++, the C
// library's complaints about its heap. Reads stderr, which the program may have filled with anything. Used by sighting.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dynamic/threads.h"

namespace ftaudit::dynamic {

struct LastWords {
  enum class Kind : std::uint8_t { none, fatal_error, assertion, heap, uncaught_exception };
  Kind kind = Kind::none;
  std::string message;      // "assertion `n > 0' failed", "double free or corruption (out)", "Fatal Python error: Segmentation fault"
  std::string function;     // of an assertion
  std::string file;
  std::uint32_t line = 0;
  std::vector<StackFrame> python;   // of the thread that died, innermost first
  // Of the crash stack that the interpreter (3.14 and newer) or the extension's runtime printed; a frame without a function has its module in
  // `file` and its offset there in `line`.
  struct NativeFrame {
    std::string function, module;
    std::uint64_t offset = 0;  // in the module, or from the function's start where one is named
  };
  std::vector<NativeFrame> native;  // innermost first
};

// The last death in the text; a program may have had children that died, too.
LastWords last_words(std::string_view err_text);

}  // namespace ftaudit::dynamic
