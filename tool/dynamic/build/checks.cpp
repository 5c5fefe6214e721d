#include "dynamic/build/checks.h"

#include <nlohmann/json.hpp>

#include "base/process.h"
#include "base/text.h"
#include "dynamic/runtime/check_imports.h"
#include "python/address_space.h"

namespace ftaudit::dynamic {
namespace {

using namespace std::chrono_literals;

}  // namespace

Result<ModuleBinary> examine_binary(const fs::path& file) {
  // The names a shared object takes from others stand in it as text; nothing else has a reason to hold these.
  auto bytes = read_file(file);
  if (!bytes) return bytes.error();
  if (!bytes->starts_with("\x7f"
                          "ELF"))
    return Error{file.string() + " is no ELF file"};
  ModuleBinary out{.file = file};
  const auto holds = [&](std::string_view name) {
    return bytes->find(std::string("\0", 1) + std::string(name)) != std::string::npos;
  };
  out.instrumented = holds(std::string_view("__tsan_func_entry", 18)) || holds(std::string_view("__tsan_init", 12));
  for (const std::string_view runtime : {"libtsan.so", "libclang_rt.tsan", "libasan.so", "libclang_rt.asan"}) {
    const std::size_t at = bytes->find(std::string("\0", 1) + std::string(runtime));
    if (at != std::string::npos && out.other_runtime.empty()) out.other_runtime = bytes->c_str() + at + 1;
  }
  return out;
}

std::vector<ImportOutcome> try_imports(const fs::path& python, const fs::path& folder,
                                       const std::vector<std::string>& modules, bool hold_gil_off,
                                       const std::vector<std::string>& environment) {
  std::vector<ImportOutcome> out;
  for (const std::string& module : modules) {
    ImportOutcome one{.module = module};
    std::vector<std::string> settings = environment;
    settings.push_back(hold_gil_off ? "PYTHON_GIL=0" : "PYTHON_GIL=");
    settings.push_back("PYTHONFAULTHANDLER=1");
    const auto said = run({.argv = {python.string(), "-c", runtime::check_imports, module},
                           .folder = folder,
                           .environment = settings,
                           .timeout = 3min,
                           .output_limit = 1u << 20});
    if (!said) one.problem = said.message();
    else {
      const auto json = nlohmann::json::parse(split(trim(said->out), '\n').back(), nullptr, false);
      if (json.is_object()) {
        one.problem = json.value("problem", "");
        one.imported = one.problem.empty();
        one.switched_gil_on = !json.value("before", true) && json.value("after", true);
      } else {
        one.problem = said->describe();
        if (!said->err.empty()) one.problem += ": " + split(trim(said->err), '\n').front();
      }
    }
    out.push_back(std::move(one));
  }
  return out;
}

std::vector<LocatedModule> locate_modules(const fs::path& python, const std::vector<std::string>& names) {
  std::vector<LocatedModule> out;
  for (const std::string& name : names) {
    const auto said = run({.argv = {python.string(), "-c",
                                    "import importlib.util, sys\nsys.path.pop(0)\ntry: spec = "
                                    "importlib.util.find_spec(sys.argv[1])\nexcept ImportError: spec = None\n"
                                    "print(spec.origin if spec and spec.origin else '')",
                                    name},
                           .environment = {"PYTHON_GIL=0", "TSAN_OPTIONS=report_bugs=0:exitcode=0"},
                           .timeout = 1min});
    LocatedModule module{.name = name};
    if (said && said->succeeded())
      module.file = split(trim(said->out), '\n').back();  // what importing the package printed stands before it
    out.push_back(std::move(module));
  }
  return out;
}

Result<PythonFacts> ask_python(const fs::path& python) {
  const auto said =
      run({.argv = {python.string(), "-I", "-S", "-c",
                    "import json, platform, sys, sysconfig; v = sysconfig.get_config_var\n"
                    "print(json.dumps({'version': platform.python_version(), 'ft': bool(v('Py_GIL_DISABLED')),"
                    " 'tsan': '-fsanitize=thread' in (v('CFLAGS') or '') + (v('CONFIG_ARGS') or ''), 'debug': "
                    "hasattr(sys, 'gettotalrefcount'),"
                    " 'cc': v('CC') or '', 'soabi': v('SOABI') or ''}))"},
           .environment = {"TSAN_OPTIONS=report_bugs=0:exitcode=0", "PYTHON_GIL="},
           .timeout = 1min});
  if (!said) return said.error();
  const auto json = said->succeeded() ? nlohmann::json::parse(said->out, nullptr, false) : nlohmann::json();
  if (!json.is_object()) {
    std::string first = said->err.empty() ? said->describe() : split(trim(said->err), '\n').front();
    if (const std::string kernel = python::address_space_problem();
        !kernel.empty() && said->err.find("ThreadSanitizer") != std::string::npos)
      first += "; " + kernel;
    return Error{python.string() + " does not run: " + first};
  }
  return PythonFacts{json.value("version", ""),  json.value("ft", false), json.value("tsan", false),
                     json.value("debug", false), json.value("cc", ""),    json.value("soabi", "")};
}

}  // namespace ftaudit::dynamic
