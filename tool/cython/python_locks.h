// Locks of Python's threading module, where a cdef attribute or a variable of the module keeps one and is given nothing
// else: `with self._lock:` and acquire()/release() are written down as the lock operations that they are. Cython itself
// sees calls of any object's methods there. Reads names of attributes in the C, where they are spelled out. Used within
// cython, before names are retold.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "model/facts.h"

namespace ftaudit::cython {

struct CText {
  // A line of the C; "" where the file is not Cython's.
  std::function<std::string_view(model::FileId file, std::uint32_t line)> line;
  // The line of the source that a line of the C stands for.
  std::function<std::string(model::FileId file, std::uint32_t line)> source_line;
};

void find_python_locks(model::Facts& facts, const CText& text);

}  // namespace ftaudit::cython
