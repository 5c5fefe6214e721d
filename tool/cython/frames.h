// Frames of stacks in C that Cython made, as places of its source: for programs that were built from it, by whatever
// Cython. Reads the C where the debug information says it lies.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ftaudit::cython {

class Lines;

struct SourcePlace {
  std::string source;  // as Cython names it: "pkg/m.pyx"
  std::uint32_t line = 0;
  std::string function;  // "C.grow"; "" where the frame is in Cython's own code
};

class Frames {
 public:
  Frames();
  ~Frames();
  // None where `c_file` is not Cython's, or the line of no source.
  std::optional<SourcePlace> at(const std::string& c_file, std::uint32_t line, std::string_view function);

 private:
  std::map<std::string, std::unique_ptr<Lines>> files_;
};

}  // namespace ftaudit::cython
