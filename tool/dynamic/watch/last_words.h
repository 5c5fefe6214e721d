// What a program said when it died: CPython's fatal errors and faulthandler's stacks, failed assertions of C and C++,
// the C library's complaints about its heap. Reads stderr, which the program may have filled with anything. Used by
// sighting.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "dynamic/watch/threads.h"

namespace ftaudit::dynamic {

struct LastWords {
  enum class Kind : std::uint8_t { none, fatal_error, assertion, heap, uncaught_exception };
  Kind kind = Kind::none;
  std::string message;   // "assertion `n > 0' failed", "double free or corruption (out)", "Fatal Python error:
                         // Segmentation fault"
  std::string function;  // of an assertion
  std::string file;
  std::uint32_t line = 0;
  std::vector<StackFrame> python;  // of the thread that died, innermost first
  // The stack that the extension's runtime printed (runtime/crash_stack.c), or the interpreter (3.14 and newer);
  // innermost first.
  struct NativeFrame {
    std::string function, module;
    std::uint64_t offset = 0;  // in the module, or from the function's start where one is named
    std::string file;          // filled in by locate()
    std::uint32_t line = 0;
  };
  std::vector<NativeFrame> native;
};

// The last death in the text; a program may have had children that died, too.
LastWords last_words(std::string_view err_text);

// Functions and lines for the native frames that have none and lie in a module `wanted` says yes to, as the symbolizer
// tells them; inlined calls become frames of their own. Leaves all as it is where there is no symbolizer.
void locate(LastWords& words, const std::function<bool(std::string_view module)>& wanted);

}  // namespace ftaudit::dynamic
