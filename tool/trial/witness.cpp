#include "trial/witness.h"

#include <algorithm>

#include "base/process.h"
#include "base/text.h"
#include "dynamic/runtime/runtime.h"
#include "python/toolchain.h"
#include "trial/runtime_files.h"

namespace ftaudit::trial {
namespace {

// Any compiler will do: nothing of it is instrumented.
std::string compiler() {
  if (const std::string clang = python::find_clang(); !clang.empty()) return clang;
  for (const char* name : {"cc", "gcc"})
    if (const fs::path found = find_program(name); !found.empty()) return found.string();
  return {};
}

std::string compiled(const fs::path& folder, const fs::path& library) {
  const std::string with = compiler();
  if (with.empty()) return "there is no C compiler here; " + python::clang_remedy();
  for (const dynamic::RuntimeFile& file : dynamic::runtime_files())
    if (file.name == "crash_stack.c")
      if (const Status written = write_file(folder / file.name, file.text); !written) return written.message();
  const auto done = run(
      {.argv = {with, "-shared", "-fPIC", "-O2", (folder / "crash_stack.c").string(), "-o", library.string(), "-ldl"},
       .timeout = std::chrono::minutes(2)});
  if (!done) return done.message();
  return done->succeeded() ? "" : with + ": " + std::string(trim(done->err.substr(0, done->err.find('\n'))));
}

}  // namespace

Result<Witness> Witness::make(const fs::path& folder) {
  Witness out;
  out.gil_ = folder / "switched-on", out.library_ = folder / "crash_stack.so";
  for (const RuntimeFile& file : runtime_files())
    if (file.name == "tried.py")
      if (const Status written = write_file(folder / "sitecustomize.py", file.text); !written) return written.error();
  out.blind_ = compiled(folder, out.library_);
  return out;
}

std::vector<std::string> Witness::environment() const {
  std::vector<std::string> out{"FTAUDIT_GIL=" + gil_.string(), "PYTHONFAULTHANDLER=1"};
  if (blind_.empty())
    out.insert(out.end(), {"FTAUDIT_CRASH_STACK=1", "FTAUDIT_CRASH_STACK_LIBRARY=" + library_.string()});
  return out;
}

std::vector<std::string> Witness::switched_on_by() const {
  std::vector<std::string> out;
  if (const auto text = read_file(gil_, 1u << 20))
    for (const std::string& line : split(*text, '\n'))
      if (!line.empty() && std::ranges::find(out, line) == out.end()) out.push_back(line);
  return out;
}

}  // namespace ftaudit::trial
