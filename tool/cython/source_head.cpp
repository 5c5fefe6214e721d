#include "cython/source_head.h"

#include "base/text.h"

namespace ftaudit::cython {

// Blanks part the words of a list.
static std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string& word : split(text, ' '))
    if (const std::string_view bare = trim(word); !bare.empty()) out.emplace_back(bare);
  return out;
}

SourceHead head_of(std::string_view text) {
  SourceHead out;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    std::string_view line = trim(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.empty()) continue;
    if (!line.starts_with("#")) break;
    line = trim(line.substr(1));
    if (!line.starts_with("distutils")) continue;
    line = trim(line.substr(9));
    if (!line.starts_with(":")) continue;
    line = trim(line.substr(1));
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = trim(line.substr(0, equals)), value = trim(line.substr(equals + 1));
    if (key == "language") out.cxx = value == "c++";
    else if (key == "include_dirs")
      for (std::string& word : words(value)) out.include_dirs.push_back(std::move(word));
    else if (key == "define_macros")
      for (std::string& word : words(value)) out.define_macros.push_back(std::move(word));
  }
  return out;
}

bool uses_cxx(std::string_view text) {
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = trim(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.starts_with("from libcpp.") || line.starts_with("cimport libcpp.") || line.starts_with("cdef cppclass ") ||
        line.starts_with("cppclass "))
      return true;
  }
  return false;
}

}  // namespace ftaudit::cython
