// The sources that Cython's C was made from: which file of the project a name in its comments means, and their text.
// A name is the path that Cython was given, from wherever it was run. Used within cython, and by plan, which writes to
// a source in its own language.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/files.h"
#include "cython/templates.h"

namespace ftaudit::cython {

// Whether a name in such a comment is a file's, by its suffix: Cython names its own code there as well.
bool is_source_name(std::string_view name);

class Sources {
 public:
  // `templates`: what became of the project's templates, laid out like it, or empty.
  explicit Sources(fs::path root, fs::path templates = {}) : root_(std::move(root)), templates_(std::move(templates)) {}

  // The shown path of what `name` means in the C file `c_file` (shown), which was made from `source` (shown, or "").
  // None where it lies outside the project: what another package's .pxd brings in is not the user's. A file that is not
  // there (an sdist with the C alone) goes by the name it would have beside the C.
  std::optional<std::string> meant(std::string_view name, const std::string& c_file, const std::string& source) const;

  // Where `name` means, in the same way, what became of a template: which, and its line of each line.
  std::optional<Origin> template_of(std::string_view name, const std::string& c_file, const std::string& source) const;

  // Lines of a shown path; none where it cannot be read.
  const std::vector<std::string>& lines(const std::string& shown);
  const fs::path& root() const { return root_; }

 private:
  std::vector<fs::path> places(const fs::path& name, const std::string& c_file, const std::string& source) const;

  fs::path root_, templates_;
  std::map<std::string, std::vector<std::string>> lines_;
};

}  // namespace ftaudit::cython
