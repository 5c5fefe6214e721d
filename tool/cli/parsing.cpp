#include "cli/parsing.h"

#include <algorithm>
#include <map>
#include <thread>

#include "base/log.h"
#include "cli/lock_wrappers.h"
#include "cli/target_python.h"
#include "python/header_package.h"

namespace ftaudit::cli {
namespace {

// Units that several paths of one command line bring in are parsed once.
void merge(project::Project& into, project::Project from) {
  for (project::Unit& unit : from.units)
    if (std::none_of(into.units.begin(), into.units.end(),
                     [&](const project::Unit& known) { return known.file == unit.file && known.flags == unit.flags; }))
      into.units.push_back(std::move(unit));
  std::sort(into.units.begin(), into.units.end(),
            [](const project::Unit& a, const project::Unit& b) { return a.file < b.file; });
  for (project::Skip& skip : from.skipped)
    if (std::find(into.skipped.begin(), into.skipped.end(), skip) == into.skipped.end())
      into.skipped.push_back(std::move(skip));
  for (project::Module& module : from.modules)
    if (std::find(into.modules.begin(), into.modules.end(), module) == into.modules.end())
      into.modules.push_back(std::move(module));
  for (project::LimitedApi& token : from.limited_api)
    if (std::find(into.limited_api.begin(), into.limited_api.end(), token) == into.limited_api.end())
      into.limited_api.push_back(std::move(token));
  for (std::string& note : from.notes)
    if (std::find(into.notes.begin(), into.notes.end(), note) == into.notes.end())
      into.notes.push_back(std::move(note));
}

}  // namespace

Result<std::vector<project::Project>> find_projects(const ParseOptions& options, bool capture,
                                                    const std::vector<std::string>& build, Progress& progress) {
  std::vector<project::Project> out;
  Result<Store> store = options.no_cache ? Result<Store>(Error{}) : user_store();
  const project::Options discovery{.extra_flags = options.flags,
                                   .compile_commands = options.compile_commands,
                                   .exclude = options.exclude,
                                   .include_tests = options.include_tests,
                                   .memory = store.ok() ? &*store : nullptr};
  std::map<fs::path, std::size_t> by_root;
  for (const std::string& path : options.paths) {
    progress.stage("reading " + path, 0);
    Result<project::Project> found =
        capture ? project::capture(path, build, discovery) : project::discover(path, discovery);
    progress.finish();
    if (!found.ok()) return found.error();
    const auto [it, is_new] = by_root.emplace(found->root, out.size());
    if (is_new) out.push_back(std::move(*found));
    else merge(out[it->second], std::move(*found));
  }
  return out;
}

Result<Reading> choose_reading(const ParseOptions& options, int& code) {
  Reading out;
  announce(options.lock_wrappers);
  // Named by its path, it needs no search of the machine, but packages' headers do.
  const std::vector<python::Interpreter> all = python::find_interpreters();
  auto python = python::choose_interpreter(options.python, all);
  if (!python.ok()) {
    code = options.python.empty() ? 3 : 2;
    return python.error();
  }
  out.python = std::move(*python);
  log::info("parsing with the headers of CPython " + out.python.version +
            (out.python.free_threaded ? " (free-threaded)" : " (a GIL build, parsed as free-threaded)"));

  frontend::Settings& settings = out.settings;
  settings.system_includes = out.python.include_folders;
  for (const python::HeaderPackage& package : python::header_packages())
    for (const fs::path& folder : python::find_header_package(package.name, all))
      settings.system_includes.push_back(folder);
  settings.jobs = options.jobs != 0 ? options.jobs : std::max(1u, std::thread::hardware_concurrency());
  settings.timeout = options.timeout;
  return out;
}

Reading reading_for(project::Project& project, const Reading& general, const ParseOptions& options) {
  if (!options.python.empty()) return general;
  const project::PythonSupport support = project::python_support(project.root);
  if (support.said_by.empty()) return general;
  const TargetPython target = target_python(support, python::find_interpreters());
  if (!target.note.empty()) project.notes.push_back(target.note);
  if (target.name.empty()) return general;
  ParseOptions own = options;
  own.python = target.name;
  int code = 0;
  Result<Reading> reading = choose_reading(own, code);
  return reading.ok() ? std::move(*reading) : general;
}

ParsedProject parse_project(project::Project project, frontend::Settings settings, frontend::FactsCache* cache,
                            Progress& progress) {
  settings.root = project.root;
  settings.cache = cache;
  ParsedProject out;
  out.units = frontend::parse_all(project.units, settings, progress);
  out.project = std::move(project);
  return out;
}

Result<ParsedPaths> parse_paths(const ParseOptions& options, bool capture, const std::vector<std::string>& build,
                                Progress& progress, int& code) {
  code = 2;
  Result<std::vector<project::Project>> projects = find_projects(options, capture, build, progress);
  if (!projects.ok()) return projects.error();
  Result<Reading> reading = choose_reading(options, code);
  if (!reading.ok()) return reading.error();
  Result<Store> store = user_store();
  if (!store.ok()) return store.error();
  AuditCache cache(options.no_cache ? std::nullopt : std::optional(std::move(*store)),
                   wrapper_text(options.lock_wrappers));
  ParsedPaths out{std::move(reading->python), {}};
  for (project::Project& project : *projects)
    out.projects.push_back(parse_project(std::move(project), reading->settings, cache.facts(), progress));
  return out;
}

}  // namespace ftaudit::cli
