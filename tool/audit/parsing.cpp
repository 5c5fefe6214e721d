#include "audit/parsing.h"

#include <algorithm>
#include <map>
#include <thread>

#include "audit/cython_sources.h"
#include "audit/lock_wrappers.h"
#include "audit/target_python.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "python/header_package.h"

namespace ftaudit::audit {
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
  for (project::CythonSource& source : from.cython)
    if (std::find(into.cython.begin(), into.cython.end(), source) == into.cython.end())
      into.cython.push_back(std::move(source));
  for (std::string& note : from.notes)
    if (std::find(into.notes.begin(), into.notes.end(), note) == into.notes.end())
      into.notes.push_back(std::move(note));
}

}  // namespace

Result<std::vector<project::Project>> find_projects(const Sources& sources, Progress& progress) {
  std::vector<project::Project> out;
  Result<Store> store = sources.no_cache ? Result<Store>(Error{}) : user_store();
  std::vector<std::string> build;
  if (!sources.build.empty()) build = {"/bin/sh", "-c", sources.build[0]};
  const project::Options discovery{.extra_flags = sources.flags,
                                   .project_flags = sources.project_flags,
                                   .compile_commands = sources.compile_commands,
                                   .exclude = sources.exclude,
                                   .include_tests = sources.include_tests,
                                   .memory = store.ok() ? &*store : nullptr};
  std::map<fs::path, std::size_t> by_root;
  for (const std::string& path : sources.paths) {
    progress.stage("reading " + path, 0);
    Result<project::Project> found =
        sources.capture ? project::capture(path, build, discovery) : project::discover(path, discovery);
    progress.finish();
    if (!found.ok()) return found.error();
    const auto [it, is_new] = by_root.emplace(found->root, out.size());
    if (is_new) out.push_back(std::move(*found));
    else merge(out[it->second], std::move(*found));
  }
  return out;
}

Result<Reading> choose_reading(const Sources& sources, int& code) {
  Reading out;
  out.settings.locks = lock_calls(sources.lock_wrappers);
  // Named by its path, it needs no search of the machine, but packages' headers do.
  const std::vector<python::Interpreter> all = python::find_interpreters();
  auto python = python::choose_interpreter(sources.python, all);
  if (!python.ok()) {
    code = sources.python.empty() ? 3 : 2;
    return python.error();
  }
  out.python = std::move(*python);
  log::info("parsing with the headers of CPython " + out.python.version +
            (out.python.free_threaded ? " (free-threaded)" : " (a GIL build, parsed as free-threaded)"));

  if (sandbox::layers().seccomp) log::info("what reads the project is confined by " + sandbox::described());
  else log::warning("what reads the project is confined by " + sandbox::described());

  frontend::Settings& settings = out.settings;
  settings.system_includes = out.python.include_folders;
  for (const python::HeaderPackage& package : python::header_packages())
    for (const fs::path& folder : python::find_header_package(package.name, all))
      settings.system_includes.push_back(folder);
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency()), most = 4 * cores;
  if (sources.jobs > most)
    log::info("-j " + std::to_string(sources.jobs) + " is more than serves: " + std::to_string(most) + " at a time");
  settings.jobs = sources.jobs != 0 ? std::min(sources.jobs, most) : cores;
  settings.timeout = sources.timeout;
  return out;
}

Reading reading_for(project::Project& project, const Reading& general, const Sources& sources) {
  if (!sources.python.empty()) return general;
  const project::PythonSupport& support = project.pythons;
  if (support.said_by.empty()) return general;
  const TargetPython target = target_python(support, python::find_interpreters());
  if (!target.note.empty()) project.notes.push_back(target.note);
  if (target.name.empty()) return general;
  Sources own = sources;
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
  out.locks = std::move(settings.locks);
  return out;
}

Result<ParsedPaths> parse_paths(const Sources& sources, Progress& progress, int& code) {
  code = 2;
  Result<std::vector<project::Project>> projects = find_projects(sources, progress);
  if (!projects.ok()) return projects.error();
  Result<Reading> reading = choose_reading(sources, code);
  if (!reading.ok()) return reading.error();
  Result<std::unique_ptr<Cache>> cache = Cache::open(sources);
  if (!cache.ok()) return cache.error();
  ParsedPaths out{std::move(reading->python), {}};
  for (project::Project& project : *projects) {
    translate_cython(project, reading->settings, progress);
    out.projects.push_back(parse_project(std::move(project), reading->settings, (*cache)->facts(), progress));
  }
  return out;
}

}  // namespace ftaudit::audit
