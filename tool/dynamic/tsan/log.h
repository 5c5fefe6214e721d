// What ThreadSanitizer writes, read into values: every kind of report of clang 14 to 20 and gcc 12, whole or cut off,
// with or without colours, with other programs' lines in between. The text has no grammar its makers promise to keep,
// so nothing here fails: what is not understood is counted as `unread` and kept in the report's text. Judges nothing:
// whose code it is and what it means is the business of sightings.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dynamic/tsan/report.h"

namespace ftaudit::dynamic::tsan {

struct Log {
  std::vector<Report> reports;
  std::uint64_t announced = 0;  // "reported N warnings", summed; 0 where it was not said
  struct Suppressed {
    std::uint64_t count = 0;
    std::string rule;  // "race:_PyObject_GC_Track"
  };
  std::vector<Suppressed> suppressed;
  std::vector<std::string> fatal;  // "unexpected memory mapping", "failed to parse suppressions", threads after fork...
};

// At most `limit` reports are read whole; the others are counted in `announced` only.
Log parse(std::string_view text, std::size_t limit = 20000);

// What lies in `log_path` files of one run: PREFIX.PID, one a process. `dropped`: bytes beyond the limit that were not
// read.
Log read_logs(std::string_view prefix, std::uint64_t* dropped = nullptr);

}  // namespace ftaudit::dynamic::tsan
