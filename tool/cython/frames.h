// Frames of stacks in C that Cython made, as places of its source: for programs that were built from it, by whatever
// Cython. Reads the C where the debug information says it lies. Used by dynamic, for what sanitizers and debuggers say.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/files.h"

namespace ftaudit::cython {

class Lines;

struct SourcePlace {
  std::string file;  // shown path of the .pyx, "pkg/m.pyx"
  std::uint32_t line = 0;
  std::string function;  // "Bin.add", as findings name it
  bool own = false;      // Cython's own code: a wrapper, a utility function; then the rest says nothing
};

class Frames {
 public:
  Frames();
  ~Frames();
  // None where `c_file`, a shown path below `root`, is not Cython's, or holds C that the author wrote there.
  std::optional<SourcePlace> at(const fs::path& root, const std::string& c_file, std::uint32_t line,
                                std::string_view function);

 private:
  std::map<fs::path, std::unique_ptr<Lines>> files_;
};

// What findings call a function or variable of this C name, with its module: "granary.Bin.add", "granary._prices"; ""
// for what is Cython's own, the wrapper around a function among it. None where the name is not Cython's.
std::optional<std::string> source_name(std::string_view c_name);

}  // namespace ftaudit::cython
