#include "packages/verdict/probe.h"

#include <nlohmann/json.hpp>

#include <algorithm>

#include "base/process.h"
#include "base/text.h"
#include "packages/index/index.h"
#include "packages/names/names.h"
#include "packages/resolution/resolution.h"
#include "packages/verdict/probe_script.h"

namespace ftaudit::packages {
namespace {

using nlohmann::json;

std::vector<std::string> texts_at(const json& object, const char* key) {
  std::vector<std::string> texts;
  if (auto list = object.find(key); list != object.end() && list->is_array())
    for (const json& text : *list)
      if (text.is_string()) texts.push_back(text.get<std::string>());
  return texts;
}

// Older pips take no wheel for a free-threaded ABI, whichever interpreter they install for.
bool knows_free_threading(const std::string& pip_version) {
  const auto version = Version::parse(pip_version);
  return version && *version >= *Version::parse("24.1");
}

// The pip that comes with the interpreter, out of its wheel.
constexpr char bundled_pip[] = R"py(
import ensurepip, glob, os, runpy, sys
folders = [os.path.join(os.path.dirname(ensurepip.__file__), "_bundled"), str(getattr(ensurepip, "_WHEEL_PKG_DIR", None) or "")]
found = [wheel for folder in folders if folder for wheel in sorted(glob.glob(os.path.join(folder, "pip-*.whl")))]
if not found:
    sys.exit("no pip comes with this interpreter, and the one there is knows no free-threaded wheels: install uv, or pip 24.1 or later")
sys.path.insert(0, found[0])
sys.argv[0] = "pip"
runpy.run_module("pip", run_name="__main__", alter_sys=True)
)py";

class Probing {
 public:
  Probing(const ProbeOptions& options, ScratchFolder scratch) : options_(options), scratch_(std::move(scratch)) {}

  Result<Probe> all(const std::string& name, const std::string& requirement) {
    if (auto status = look_at_interpreter(); !status.ok()) return status.error();
    if (auto status = install(requirement); !status.ok()) {
      result_.reason = status.message();
      return std::move(result_);
    }
    result_.installed = true;
    auto listed = ask({"--list", name}, options_.import_timeout);
    if (!listed.answer.is_object()) {
      result_.reason = "what was installed could not be listed: " + listed.ended;
      return std::move(result_);
    }
    result_.versions = texts_at(listed.answer, "installed");
    for (const std::string& module : texts_at(listed.answer, "top")) result_.imports.push_back(import(module));
    auto extensions = texts_at(listed.answer, "extensions");
    if (extensions.size() > options_.most_modules) {
      result_.reason = "of " + std::to_string(extensions.size()) + " extension modules only the first " +
                       std::to_string(options_.most_modules) + " were imported one by one";
      extensions.resize(options_.most_modules);
    }
    for (const std::string& module : extensions) result_.modules.push_back(import(module));
    return std::move(result_);
  }

 private:
  struct Told {
    json answer;
    Outcome outcome;
    std::string ended;
  };

  fs::path inside() const { return scratch_.path() / "environment" / "bin" / "python"; }

  Status look_at_interpreter() {
    auto outcome = run({.argv = {options_.python.string(), "-I", "-c",
                                 "import sys; print('%d.%d.%d' % sys.version_info[:3], sys._is_gil_enabled())"},
                        .timeout = std::chrono::seconds(120)});
    if (!outcome.ok()) return outcome.error();
    if (outcome->timed_out || outcome->signal)
      return Error{options_.python.string() + ": the interpreter does not answer: " + outcome->describe()};
    auto words = split(trim(outcome->out), ' ');
    if (!outcome->succeeded() || words.size() != 2 || words[1] != "False")
      return Error{options_.python.string() + ": not a free-threaded interpreter; `ftaudit python install` gets one"};
    result_.python = words[0];
    return Done{};
  }

  Status install(const std::string& requirement) {
    const InstallerSettings& settings = installer_settings();
    const bool own_pip = settings.uv.empty() && !knows_free_threading(settings.pip_version);
    auto venv = run({.argv = {options_.python.string(), "-I", "-m", "venv", "--without-pip",
                              (scratch_.path() / "environment").string()},
                     .timeout = std::chrono::seconds(300)});
    if (!venv.ok()) return venv.error();
    if (!venv->succeeded())
      return Error{"no environment could be made: " + std::string(trim(venv->err.empty() ? venv->out : venv->err))};
    Command command{.folder = scratch_.path(), .timeout = options_.install_timeout};
    if (!settings.uv.empty()) {
      command.argv = {
          settings.uv.string(), "pip",           "install", "--quiet",          "--no-progress",    "--python",
          inside().string(),    "--only-binary", ":all:",   "--index-strategy", "unsafe-best-match"};
      if (options_.index.no_index) command.argv.push_back("--no-index");
      if (options_.index.offline) command.argv.push_back("--offline");
      for (const std::string& place : options_.index.find_links)
        command.argv.insert(command.argv.end(), {"--find-links", place});
      command.environment = uv_environment(options_.index);
    } else {
      if (own_pip) command.argv = {inside().string(), "-I", "-c", bundled_pip};
      else command.argv = {settings.python.string(), "-m", "pip", "--python", inside().string()};
      command.argv.insert(command.argv.end(), {"install", "--quiet", "--no-input", "--disable-pip-version-check",
                                               "--only-binary", ":all:"});
      if (options_.index.no_index) command.argv.push_back("--no-index");
      command.environment = pip_environment(options_.index);
    }
    command.argv.push_back(requirement);
    auto outcome = run(command);
    if (!outcome.ok()) return outcome.error();
    if (!outcome->succeeded())
      return Error{outcome->err.empty() ? "installing failed: " + outcome->describe()
                                        : std::string(trim(outcome->err)).substr(0, 600)};
    return Done{};
  }

  Told ask(std::vector<std::string> arguments, std::chrono::seconds timeout) {
    Told told;
    const fs::path output = scratch_.path() / "told.json", script = scratch_.path() / "probe_script.py",
                   home = scratch_.path() / "home";
    std::error_code ignored;
    fs::remove(output, ignored);
    fs::create_directories(home, ignored);
    if (auto status = write_file(script, probe_script); !status.ok()) return told.ended = status.message(), told;
    Command command{
        .folder = home, .timeout = timeout, .memory_bytes = options_.memory_bytes, .output_limit = 1u << 20};
    command.argv = {inside().string(), "-I", script.string(), output.string()};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.environment = {"HOME=" + home.string(), "TMPDIR=" + home.string(), "XDG_CACHE_HOME=" + home.string()};
    auto outcome = run(command);
    if (!outcome.ok()) return told.ended = outcome.message(), told;
    told.outcome = std::move(*outcome);
    told.ended = told.outcome.describe();
    if (auto text = read_file(output, 8u << 20); text.ok()) told.answer = json::parse(*text, nullptr, false);
    return told;
  }

  ImportResult import(const std::string& module) {
    using Kind = ImportResult::Outcome;
    ImportResult result{.module = module};
    Told told = ask({module}, options_.import_timeout);
    if (told.answer.is_object()) result.culprits = texts_at(told.answer, "culprits");
    const std::string error = told.answer.is_object() ? told.answer.value("error", "") : std::string();
    if (told.outcome.timed_out)
      result.outcome = Kind::timed_out,
      result.message = "no end after " + std::to_string(options_.import_timeout.count()) + " s";
    else if (told.outcome.signal) result.outcome = Kind::crashed, result.message = told.ended;
    else if (!told.answer.is_object()) result.outcome = Kind::failed, result.message = told.ended;
    else if (told.answer.value("after", true)) result.outcome = Kind::gil_switched_on, result.message = error;
    else if (!error.empty()) result.outcome = Kind::failed, result.message = error;
    else result.outcome = Kind::gil_stays_off;
    return result;
  }

  const ProbeOptions& options_;
  ScratchFolder scratch_;
  Probe result_;
};

}  // namespace

Result<Probe> probe(const std::string& name, const std::string& requirement, const ProbeOptions& options) {
  auto scratch = ScratchFolder::make("probe");
  if (!scratch.ok()) return scratch.error();
  return Probing(options, std::move(*scratch)).all(name, requirement);
}

}  // namespace ftaudit::packages
