#include "dynamic/build/instrumentation.h"

#include "base/process.h"
#include "base/text.h"
#include "dynamic/runtime/runtime.h"

namespace ftaudit::dynamic {
namespace {

// Found before CPython's own, which it reads first.
std::string in_front_of(std::string_view header, std::initializer_list<std::string> ours) {
  std::string text = "#pragma once\n#include_next <" + std::string(header) + ">\n";
  for (const std::string& each : ours) text += "#include \"" + each + "\"\n";
  return text;
}

// What CPython's headers and the standard library leave in every object: no function of the extension.
constexpr std::string_view not_the_extensions =
    "fun:ftaudit_*\nfun:Py_*\nfun:_Py_*\nfun:_ZNSt*\nfun:_ZNKSt*\nfun:_ZSt*\nfun:__clang_*\n";

Status write_sources(const fs::path& folder) {
  if (Status written = write_runtime_files("", folder / "runtime"); !written) return written;
  const fs::path headers = folder / "include";
  std::error_code failed;
  fs::create_directories(headers / "internal", failed);
  if (failed) return Error{"cannot make " + headers.string() + ": " + failed.message()};
  const std::string runtime = (folder / "runtime").string();
  if (Status written = write_file(headers / "Python.h",
                                  in_front_of("Python.h", {runtime + "/annotations.h", runtime + "/lingering.h"}));
      !written)
    return written;
  if (Status written = write_file(headers / "internal/pycore_lock.h",
                                  in_front_of("internal/pycore_lock.h", {runtime + "/once_annotations.h"}));
      !written)
    return written;
  return write_file(folder / "not-counted.txt", not_the_extensions);
}

Result<fs::path> compiled(const fs::path& folder, std::string_view name, const std::string& clang) {
  const fs::path object = folder / (std::string(name) + ".o");
  const Command command{.argv = {clang, "-c", "-O2", "-g1", "-fPIC", "-fvisibility=hidden", "-fno-sanitize=all",
                                 (folder / "runtime" / (std::string(name) + ".c")).string(), "-o", object.string()},
                        .timeout = std::chrono::minutes(2)};
  const Result<Outcome> outcome = run(command);
  if (!outcome) return outcome.error();
  if (!outcome->succeeded())
    return Error{clang + " cannot compile the runtime for instrumented modules (" + outcome->describe() +
                 "): " + std::string(trim(outcome->err))};
  return object;
}

Result<fs::path> shared_runtime(const std::string& clang) {
  for (const char* name : {"libclang_rt.tsan-x86_64.so", "libclang_rt.tsan-aarch64.so", "libclang_rt.tsan.so"}) {
    const Result<Outcome> outcome =
        run({.argv = {clang, "-print-file-name=" + std::string(name)}, .timeout = std::chrono::seconds(30)});
    if (!outcome) return outcome.error();
    const fs::path path(std::string(trim(outcome->out)));
    std::error_code failed;
    if (path.is_absolute() && fs::exists(path, failed)) return fs::canonical(path);
  }
  return Error{clang +
               " has no shared ThreadSanitizer runtime; install its runtime libraries (Debian: libclang-rt-19-dev)"};
}

}  // namespace

Result<Instrumentation> write_instrumentation(const fs::path& folder, Sanitizing sanitizing, const std::string& clang) {
  Instrumentation made;
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) return Error{"cannot make " + folder.string() + ": " + failed.message()};
  made.folder = fs::canonical(folder);
  if (Status written = write_sources(made.folder); !written) return written.error();
  // Names of functions in reports and of sites are those of the source: only what asks to be inlined is.
  made.compile_flags = {"-g",
                        "-O1",
                        "-fno-omit-frame-pointer",
                        "-fno-optimize-sibling-calls",
                        "-finline-hint-functions",
                        "-fsanitize-coverage=func,trace-pc-guard,pc-table",
                        "-fsanitize-coverage-ignorelist=" + (made.folder / "not-counted.txt").string()};
  for (const char* name : {"owners", "rendezvous", "lingering", "crash_stack"}) {
    Result<fs::path> object = compiled(made.folder, name, clang);
    if (!object) return object.error();
    made.link_flags.push_back(object->string());
  }
  made.link_flags.push_back("-Wl,-Bsymbolic");
  if (sanitizing != Sanitizing::plain) {
    made.compile_flags.push_back("-fsanitize=thread");
    made.link_flags.push_back("-fsanitize=thread");
  }
  if (sanitizing == Sanitizing::light) {
    made.compile_flags.push_back("-DFTAUDIT_LIGHT=1");
    made.link_flags.push_back("-shared-libsan");
    Result<fs::path> runtime = shared_runtime(clang);
    if (!runtime) return runtime.error();
    made.preload = *runtime;
  }
  // "#" keeps Clang from talking about it; "^" puts the flag in front of the command line.
  made.build_environment.push_back("CCC_OVERRIDE_OPTIONS=# ^-I" + (made.folder / "include").string());
  return made;
}

}  // namespace ftaudit::dynamic
