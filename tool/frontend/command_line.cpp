#include "frontend/command_line.h"

#include <algorithm>

#include "headers/carried.h"
#include "project/flag_filter.h"

namespace ftaudit::frontend {

// Headers of another Python than the chosen one would be found first.
static bool brings_other_python(const std::string& flag, const fs::path& folder) {
  if (!flag.starts_with("-I") || flag.size() == 2) return false;
  const fs::path path = folder / flag.substr(2);
  std::error_code ignored;
  return fs::exists(path / "patchlevel.h", ignored) && fs::exists(path / "Python.h", ignored);
}

// Whether `step` still takes a flag of this kind.
static bool takes(Step step, project::Flag::Kind kind) {
  using Kind = project::Flag::Kind;
  switch (step) {
    case Step::whole: return true;
    case Step::any_processor: return kind != Kind::target;
    case Step::any_compiler: return kind != Kind::target && kind != Kind::code;
    case Step::bare: return kind == Kind::search || kind == Kind::macro;
  }
  return true;
}

std::vector<std::string> flags_of(const project::Unit& unit, Step step, std::vector<std::string>* left_out) {
  if (step == Step::whole) return unit.flags;
  std::vector<std::string> out;
  for (const project::Flag& flag : project::read_flags(unit.flags)) {
    // Which language a file is in is known, whoever refuses to hear it twice.
    const bool taken = takes(step, flag.kind) || flag.words[0] == "-x";
    if (taken) out.insert(out.end(), flag.words.begin(), flag.words.end());
    else if (left_out != nullptr) left_out->insert(left_out->end(), flag.words.begin(), flag.words.end());
  }
  return out;
}

std::vector<std::string> command_line(const project::Unit& unit, const Settings& settings, Step step) {
  // What other compilers only warn of is no reason to read a file in part.
  static constexpr const char* forgiven[] = {"-Wno-c++11-narrowing", "-Wno-int-conversion",
                                             "-Wno-incompatible-function-pointer-types"};
  // An unknown name stays unknown: Clang's guess at what was meant would be taken for what was written, and costs more
  // than the parse.
  std::vector<std::string> out{"clang",
                               "-fsyntax-only",
                               "-w",
                               "-ferror-limit=0",
                               "-fno-spell-checking",
                               "-resource-dir",
                               headers::clang_folder().string(),
                               "-DNDEBUG=1"};
  out.insert(out.end(), std::begin(forgiven), std::end(forgiven));
  for (const std::string& flag : headers::library_flags()) out.push_back(flag);
  for (const std::string& flag : flags_of(unit, step))
    if (!brings_other_python(flag, unit.folder)) out.push_back(flag);
  out.push_back("-DPy_GIL_DISABLED=1");
  // __FILE__ must not tell where the project lies: facts are the same wherever it is.
  out.push_back("-fmacro-prefix-map=" + (settings.root / "").string() + "=");
  for (const fs::path& folder : settings.system_includes) out.push_back("-isystem"), out.push_back(folder.string());
  out.push_back(unit.file.string());
  return out;
}

}  // namespace ftaudit::frontend
