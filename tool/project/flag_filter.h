// One list of compiler flags for every place that flags come from: databases, build files, settings of the project, the
// user's own. A flag that decides how a source reads is kept; one that decides how it is built does not matter; one
// that would load, run, read or write something else is refused, whoever asks. Used within project, and by cli for
// settings.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/files.h"

namespace ftaudit::project {

struct Flag {
  enum class Kind : std::uint8_t {
    search,       // -I, -isystem, -iquote, -idirafter
    include,      // -include, -imacros
    macro,        // -D, -U
    language,     // -x, -std, -ansi
    code,         // -f... and -pthread, as far as GCC and Clang both know them
    target,       // -m...: for one processor
    indifferent,  // -O2, -Wall, -c, -L...: the source reads the same without
    input,        // no flag: a file
    product,      // -o, -MD -MF..., -save-temps: ask for files
    refused,      // -Xclang, -fplugin, -include-pch...
  };
  Kind kind;
  // As Clang takes it: "-Ifolder", {"-isystem", "folder"}; what is not kept as it was written.
  std::vector<std::string> words;

  bool kept() const { return kind < Kind::indifferent; }
};

// `words` (a command line without its compiler) flag by flag, in order.
std::vector<Flag> read_flags(std::span<const std::string> words);

// `words` with the folders and files that flags name made absolute, from `base`.
std::vector<std::string> absolute_flags(std::span<const std::string> words, const fs::path& base);

// The folders and files that flags name, absolute.
std::vector<fs::path> named_places(std::span<const std::string> words, const fs::path& base);

class FlagFilter {
 public:
  // `is_open` judges folders that are there, absolute.
  explicit FlagFilter(std::function<bool(const fs::path& folder)> is_open) : is_open_(std::move(is_open)) {}

  enum class From : std::uint8_t {
    build,     // a database or a build file: most of it is about building
    settings,  // of the project: every flag was written to be read by us
    user,      // the command line: may also name folders anywhere
  };
  // The words that Clang is given. Folders outside the project are searched where they hold headers and are nobody's
  // private ones; relative ones start at `base`.
  std::vector<std::string> kept(std::span<const std::string> words, const fs::path& base, From from);

  // Whether kept() would keep every word as it is, but for how it is spelled.
  bool keeps_all(std::span<const std::string> words, const fs::path& base);

  // Whether a build file's include folder, absolute and there, is searched; one that is not counts as left out.
  bool may_search(const fs::path& folder);

  // What was left out so far though somebody may miss it, each once, in order; flags with their values.
  const std::vector<std::string>& left_out() const { return left_out_; }

 private:
  bool may_name(const Flag& flag, const fs::path& base);
  void leave_out(const Flag& flag);

  std::function<bool(const fs::path& folder)> is_open_;
  std::vector<std::string> left_out_;
};

}  // namespace ftaudit::project
