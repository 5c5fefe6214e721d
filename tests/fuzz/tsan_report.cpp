// What libFuzzer makes up is read as a sanitizer's log; frames and texts are touched so that nothing dangles.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "dynamic/tsan/log.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto log = ftaudit::dynamic::tsan::parse({reinterpret_cast<const char*>(data), size});
  std::size_t touched = 0;
  for (const auto& report : log.reports) {
    for (const char c : report.text)
      if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') std::abort();
    for (const auto& access : report.accesses)
      for (const auto& frame : access.stack.frames)
        touched += frame.function.size() + frame.file.size() + frame.module.size();
  }
  return touched == static_cast<std::size_t>(-1) ? 1 : 0;
}
