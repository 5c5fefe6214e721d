#include "frontend/command_line.h"

#include "headers/carried.h"

namespace ftaudit::frontend {

// Headers of another Python than the chosen one would be found first.
static bool brings_other_python(const std::string& flag, const fs::path& folder) {
  if (!flag.starts_with("-I") || flag.size() == 2) return false;
  const fs::path path = folder / flag.substr(2);
  std::error_code ignored;
  return fs::exists(path / "patchlevel.h", ignored) && fs::exists(path / "Python.h", ignored);
}

std::vector<std::string> command_line(const project::Unit& unit, const Settings& settings) {
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
  for (const std::string& flag : headers::library_flags()) out.push_back(flag);
  for (const std::string& flag : unit.flags)
    if (!brings_other_python(flag, unit.folder)) out.push_back(flag);
  out.push_back("-DPy_GIL_DISABLED=1");
  // __FILE__ must not tell where the project lies: facts are the same wherever it is.
  out.push_back("-fmacro-prefix-map=" + (settings.root / "").string() + "=");
  for (const fs::path& folder : settings.system_includes) out.push_back("-isystem"), out.push_back(folder.string());
  out.push_back(unit.file.string());
  return out;
}

}  // namespace ftaudit::frontend
