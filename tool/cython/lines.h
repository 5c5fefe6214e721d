// Which line of which .pyx each line of a C file that Cython made stands for. Cython writes a comment before each
// statement (`/* "pkg/m.pyx":23`), and the exact line beside whatever can fail (`__PYX_ERR(0, 24, ...)`). Reads text
// only. Used within cython.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cython/c_names.h"

namespace ftaudit::cython {

class Lines {
 public:
  static constexpr std::uint32_t own = 0xffffffffu;  // Cython's: "(tree fragment)", "View.MemoryView"

  struct Position {
    std::uint32_t source = own;  // index into sources()
    std::uint32_t line = 0;      // 0: no comment covers it
  };

  explicit Lines(std::string_view c_text);

  const std::vector<std::string>& sources() const { return sources_; }  // as the comments name them
  const std::string& module() const { return module_; }                 // "pkg.m"
  const std::string& version() const { return version_; }               // "3.2.9"
  Position at(std::uint32_t c_line) const;
  // The source was made of a template: its lines become that one's, `lines[n - 1]` of line n.
  void renumber(std::uint32_t source, const std::vector<std::uint32_t>& lines);
  // A function or class of this name is written somewhere in the sources.
  bool defines(std::string_view name) const { return defined_.contains(name); }
  // In the body of an OpenMP loop.
  bool parallel(std::uint32_t c_line) const;
  // A line of C as it stands; for what the author wrote in C within the .pyx.
  std::string_view text(std::uint32_t c_line) const;
  // The comments' text of a line of a source agrees with `has`: false where the C was made from another text.
  bool made_from(std::uint32_t source, const std::vector<std::string>& has) const;

 private:
  void read_comment(std::size_t& at, std::string_view line);
  void read_definition(std::string_view line);
  void read_file_table(std::size_t at);
  std::uint32_t source_named(std::string_view name);
  void refine(std::size_t at, std::string_view line);
  void find_parallel_loops();

  std::vector<std::string_view> text_;
  std::string kept_;
  std::vector<std::string> sources_;
  std::vector<std::uint32_t> table_;  // __pyx_f[]: index into sources_
  std::vector<Position> positions_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> loops_;
  struct Marked {
    std::uint32_t source, line;
    std::string_view text;
  };
  std::vector<Marked> marked_;
  std::set<std::string, std::less<>> defined_;
  Position above_, inside_;
  std::string module_, version_;
};

// taken_apart(), with what the sources tell where the name alone leaves it open: "2get_it" is `it` within `get`, or the
// second function of its scope.
CName taken_apart(std::string_view c_name, const Lines& lines);

}  // namespace ftaudit::cython
