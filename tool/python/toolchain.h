// The compiler that runs are built with, found when it is needed: whatever clang this machine has, not the one that
// ftaudit was built by. Used by the builds of Pythons and by dynamic.
#pragma once

#include <string>

#include "base/files.h"

namespace ftaudit::python {

// "clang-20": FTAUDIT_CC when it names a clang, else the newest clang-N from 18 on that is on PATH, else `clang`; ""
// when there is none.
std::string find_clang();
// Its static runtime of ThreadSanitizer for this machine; empty when it has none.
fs::path tsan_runtime(const std::string& clang);
// llvm-symbolizer, the one beside that clang first; empty when there is none.
fs::path find_symbolizer();

// How to get what is missing here, as one command: "apt-get install clang-19 libclang-rt-19-dev"; where there is no
// apt, a sentence.
std::string clang_remedy();
std::string tsan_remedy(const std::string& clang);

}  // namespace ftaudit::python
