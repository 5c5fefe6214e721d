#include "trial/installation.h"

#include <algorithm>
#include <cctype>

#include <nlohmann/json.hpp>

#include "base/interruption.h"
#include "base/log.h"
#include "base/process.h"
#include "base/text.h"
#include "trial/runtime_files.h"

namespace ftaudit::trial {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

std::string inventory() {
  for (const RuntimeFile& file : runtime_files())
    if (file.name == "inventory.py") return std::string(file.text);
  return {};
}

std::vector<std::string> texts(const json& object, const char* key) {
  std::vector<std::string> out;
  for (const json& one : object.value(key, json::array()))
    if (one.is_string()) out.push_back(one.get<std::string>());
  return out;
}

std::vector<json> lines_of(const std::string& text) {
  std::vector<json> out;
  for (const std::string& line : split(text, '\n'))
    if (json row = json::parse(line, nullptr, false); row.is_object()) out.push_back(std::move(row));
  return out;
}

std::vector<Distribution> inventory_of(const fs::path& python, const fs::path& folder) {
  std::vector<Distribution> out;
  const auto said = run({.argv = {python.string(), "-I", "-c", inventory(), "list"},
                         .folder = folder,
                         .timeout = 2min,
                         .output_limit = 64u << 20});
  if (!said) return out;
  for (const json& row : lines_of(said->out))
    out.push_back({.name = row.value("name", ""),
                   .version = row.value("version", ""),
                   .top = texts(row, "top"),
                   .modules = texts(row, "modules"),
                   .files = texts(row, "files"),
                   .tags = texts(row, "tags"),
                   .folder = row.value("folder", ""),
                   .location = row.value("location", "")});
  std::ranges::sort(out, {}, [](const Distribution& one) { return to_lower(one.name); });
  return out;
}

class Installing {
 public:
  Installing(const dynamic::Workspace& workspace, const Wanted& wanted, Installed& out, Progress& progress)
      : workspace_(workspace), wanted_(wanted), out_(out), progress_(progress) {}

  void all(const std::vector<std::string>& constraints) {
    std::vector<std::string> whole = application(true);
    for (const fs::path& file : wanted_.files) whole.insert(whole.end(), {"-r", file.string()});
    whole.insert(whole.end(), wanted_.tests.begin(), wanted_.tests.end());
    if (whole.empty()) return;
    if (!constraints.empty() && attempt_with(whole, constraints)) return;
    if (constraints.empty() && with_pins(whole)) return;
    if (asked_to_finish()) return;
    const Status done = install(whole);
    if (done || asked_to_finish()) return;
    log::info("not all can be installed at once: " + done.message());
    by_themselves();
  }

 private:
  // Paths in requirements files are relative to where pip is started: the application's own folder, of which this is
  // the copy.
  Status install(const std::vector<std::string>& what) {
    return workspace_.install(out_.python, what, progress_, out_.source);
  }

  Status attempt_with(const std::vector<std::string>& whole, const std::vector<std::string>& constraints) {
    const fs::path file = workspace_.folder() / (out_.source.filename().string() + "-constraints.txt");
    if (const Status written = write_file(file, join(constraints, "\n") + "\n"); !written) return written;
    std::vector<std::string> kept = whole;
    kept.insert(kept.end(), {"-c", file.string()});
    return install(kept);
  }

  // Versions that the application or its tests ask for exactly are kept to. Where one cannot be had, the installer
  // names it: it alone is let go, a few times; then all are.
  bool with_pins(const std::vector<std::string>& whole) {
    constexpr unsigned most = 8;
    std::vector<std::string> pins = wanted_.pins;
    for (unsigned attempts = 0; !pins.empty() && !asked_to_finish(); ++attempts) {
      const Status done = attempt_with(whole, pins);
      if (done) return true;
      const auto named = std::ranges::find_if(pins, [&](const std::string& pin) { return names(done.message(), pin); });
      const bool all = named == pins.end() || attempts + 1 == most;
      for (const std::string& pin : all ? pins : std::vector<std::string>{*named}) {
        const std::size_t equals = pin.find("==");
        out_.unpinned.push_back(
            {pin.substr(0, equals), pin.substr(equals + 2, pin.find(';') - equals - 2), done.message()});
      }
      if (all) return false;
      pins.erase(named);
    }
    return false;
  }

  // Whether the message speaks of what is pinned, as a word.
  static bool names(const std::string& message, const std::string& pin) {
    const std::string said = to_lower(message), name = to_lower(pin.substr(0, pin.find("==")));
    const auto is_part = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
    };
    for (std::size_t at = said.find(name); at != std::string::npos; at = said.find(name, at + 1)) {
      const std::size_t end = at + name.size();
      if ((at == 0 || !is_part(said[at - 1])) && (end == said.size() || !is_part(said[end]))) return true;
    }
    return false;
  }

  std::vector<std::string> application(bool extras) const {
    if (!wanted_.application) return {};
    const bool with = extras && !wanted_.extras.empty();
    return {out_.source.string() + (with ? "[" + join(wanted_.extras, ",") + "]" : "")};
  }

  void by_themselves() {
    out_.apart = true;
    for (const std::string& one : wanted_.requirements) attempt(one, {one}, false);
    if (wanted_.application) attempt("the application", application(false), false);
    std::vector<std::string> tests = wanted_.tests;
    // What its extras ask for is known now that it is there: one that cannot be had does not cost the others.
    for (const std::string& one : needs_of_extras())
      if (std::ranges::find(tests, one) == tests.end()) tests.push_back(one);
    for (const std::string& one : tests)
      if (attempt(one, {one}, true)) out_.tests.push_back(one);
  }

  std::vector<std::string> needs_of_extras() const {
    std::vector<std::string> out;
    if (!wanted_.application || wanted_.extras.empty()) return out;
    std::vector<std::string> argv{out_.python.string(), "-I", "-c", inventory(), "needs", out_.source.string()};
    argv.insert(argv.end(), wanted_.extras.begin(), wanted_.extras.end());
    const auto said = run({.argv = argv, .folder = workspace_.folder(), .timeout = 2min, .output_limit = 1u << 20});
    for (const json& row : said ? lines_of(said->out) : std::vector<json>()) out.push_back(row.value("needs", ""));
    return out;
  }

  bool attempt(const std::string& name, const std::vector<std::string>& what, bool for_tests) {
    if (asked_to_finish()) return false;
    const Status done = install(what);
    if (!done) out_.refused.push_back({name, done.message(), for_tests});
    return done.ok();
  }

  const dynamic::Workspace& workspace_;
  const Wanted& wanted_;
  Installed& out_;
  Progress& progress_;
};

}  // namespace

bool Distribution::built_here() const {
  return !modules.empty() && !tags.empty() &&
         std::ranges::all_of(tags, [](const std::string& tag) { return tag.find("-linux_") != std::string::npos; });
}

Result<Installed> install(const dynamic::Workspace& workspace, const python::Interpreter& interpreter,
                          const std::string& name, const fs::path& application, const Wanted& wanted,
                          const std::vector<std::string>& constraints, Progress& progress) {
  Installed out;
  auto python = workspace.environment(interpreter, name);
  if (!python) return python.error();
  out.python = *python;
  auto copy = workspace.copy_project(application, "application-" + name);
  if (!copy) return copy.error();
  out.source = *copy;
  Installing(workspace, wanted, out, progress).all(constraints);
  out.distributions = inventory_of(out.python, workspace.folder());
  // Tests often run in the checkout, where compiled parts must lie, too.
  for (const Distribution& one : out.distributions)
    if (out.is_application(one) && !one.modules.empty()) dynamic::lay_over(out.source, one.location, one.files);
  return out;
}

std::vector<Imported> import_all(const fs::path& python, const fs::path& folder,
                                 const std::vector<std::string>& modules, bool apart) {
  std::vector<Imported> out;
  std::vector<std::string> left = modules;
  while (!left.empty() && !asked_to_finish()) {
    std::vector<std::string> argv{python.string(), "-I", "-c", inventory(), "import"};
    argv.insert(argv.end(), left.begin(), apart ? left.begin() + 1 : left.end());
    const auto said = run({.argv = argv,
                           .folder = folder,
                           .environment = {"PYTHON_GIL=", "PYTHONFAULTHANDLER=1"},
                           .timeout = 2min,
                           .output_limit = 16u << 20});
    std::string at;
    std::size_t told = 0;
    for (const json& row : said ? lines_of(said->out) : std::vector<json>()) {
      at = row.value("begins", at);
      if (!row.contains("module")) continue;
      out.push_back({row.value("module", ""), row.value("problem", ""), texts(row, "culprits")});
      ++told, at.clear();
    }
    if (!at.empty()) out.push_back({at, said ? said->describe() : said.message(), {}}), ++told;
    if (told == 0) {
      // No word at all: the interpreter itself does not start in this environment.
      out.push_back({left.front(), said ? said->describe() : said.message(), {}});
      ++told;
    }
    left.erase(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(std::min(told, left.size())));
  }
  return out;
}

}  // namespace ftaudit::trial
