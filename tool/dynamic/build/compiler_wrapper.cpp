#include "dynamic/build/compiler_wrapper.h"

#include <cstdlib>

#include "base/process.h"
#include "base/shell.h"
#include "base/text.h"

namespace ftaudit::dynamic {
namespace {

std::string quoted(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += " " + shell_quoted(word);
  return out;
}

// A loop over "$@" that rebuilds it, which is how a shell edits arguments without losing blanks.
constexpr const char* script = R"script(#!/bin/sh
# Written by ftaudit for one build.
link=yes source= before= probe=
for word do
  shift
  case $before in
    -z) before=; [ "$word" = defs ] && continue; set -- "$@" -z "$word"; continue ;;
    ?*) before=; set -- "$@" "$word"; continue ;;
  esac
  case $word in
    --version|-v|-V|-E|-dump*|-print-*|--print-*|-\#\#\#|--help*|-qversion|-Wl,--version|-Wl,-v) link= probe=yes ;;
    -c|-S|-M|-MM|-fsyntax-only) link= ;;
    -z) before=-z; continue ;;
    -o|-I|-isystem|-include|-MF|-MT|-MQ|-L|-D|-U|-Xlinker|-T) before=$word ;;
    -flto*|-fno-lto|-fuse-linker-plugin|-ffat-lto-objects|-fprofile-*|-s|-Werror|-Werror=*|-fanalyzer|-fno-var-tracking*|-fvar-tracking*) continue ;;
    -Wl,-z,defs|-Wl,-zdefs|-Wl,--no-undefined|-Wl,--strip-*|-Wl,-s|-Wl,-S|-Wl,--no-allow-shlib-undefined) continue ;;
    -Wl,*no-undefined*|-Wl,*-z,defs*) word=$(printf %s "$word" | sed -e 's/,--no-undefined//g' -e 's/,-z,defs//g') ;;
    -*) ;;
    *.c|*.cc|*.cpp|*.cxx|*.c++|*.C|*.i|*.ii) source=yes ;;
  esac
  set -- "$@" "$word"
done
if [ -n "$probe" ]; then exec @REAL@ "$@"; fi
if [ -n "$source" ]; then set -- "$@" -U_FORTIFY_SOURCE -Qunused-arguments@COMPILE@; fi
if [ -n "$link" ]; then set -- "$@" -Qunused-arguments@LINK@; fi
exec @REAL@ "$@"
)script";

std::string script_for(const std::string& real, const BuildFlags& flags) {
  std::string text = script;
  const auto put = [&](std::string_view mark, const std::string& by) {
    for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += by.size())
      text.replace(at, mark.size(), by);
  };
  put("@REAL@", shell_quoted(real));
  put("@COMPILE@", quoted(flags.compile));
  put("@LINK@", quoted(flags.link));
  return text;
}

}  // namespace

Result<CompilerWrapper> write_compiler_wrapper(const fs::path& folder, const std::string& compiler,
                                               const BuildFlags& flags) {
  if (folder.string().find_first_of(" \t") != std::string::npos)
    return Error{"builds take the compiler's name apart at blanks, and " + folder.string() +
                 " has one; set TMPDIR to another folder"};
  std::string cxx = compiler;
  if (const std::size_t at = cxx.rfind("clang"); at != std::string::npos) cxx.insert(at + 5, "++");
  else if (const std::size_t gcc = cxx.rfind("gcc"); gcc != std::string::npos) cxx.replace(gcc, 3, "g++");
  else return Error{"which C++ compiler belongs to " + compiler + " is not known; name clang or gcc"};
  const fs::path real_c = find_program(compiler), real_cxx = find_program(cxx);
  if (real_c.empty()) return Error{"no " + compiler + ", the compiler of the interpreter, is installed"};
  std::error_code failed;
  fs::create_directories(folder, failed);
  const auto write = [&](const std::string& name, const fs::path& real) -> Status {
    const Status written = write_file(folder / name, script_for(real.string(), flags));
    if (written.ok()) fs::permissions(folder / name, fs::perms::owner_all, failed);
    return written;
  };
  std::vector<std::string> c{"cc", "gcc", "clang", "x86_64-linux-gnu-gcc", "aarch64-linux-gnu-gcc"},
      cpp{"c++", "g++", "clang++", "x86_64-linux-gnu-g++", "aarch64-linux-gnu-g++"};
  c.push_back(fs::path(compiler).filename()), cpp.push_back(fs::path(cxx).filename());
  for (const std::string& name : c)
    if (const Status written = write(name, real_c); !written) return written.error();
  if (!real_cxx.empty())
    for (const std::string& name : cpp)
      if (const Status written = write(name, real_cxx); !written) return written.error();
  const char* path = std::getenv("PATH");
  CompilerWrapper out{.folder = folder,
                      .environment = {"CC=" + (folder / "cc").string(),
                                      "PATH=" + folder.string() + ":" + (path != nullptr ? path : "/usr/bin:/bin")}};
  if (!real_cxx.empty()) out.environment.push_back("CXX=" + (folder / "c++").string());
  out.environment.insert(out.environment.end(), flags.environment.begin(), flags.environment.end());
  return out;
}

}  // namespace ftaudit::dynamic
