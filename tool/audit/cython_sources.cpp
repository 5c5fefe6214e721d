#include "audit/cython_sources.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <thread>

#include "base/log.h"
#include "base/text.h"
#include "cython/retelling.h"
#include "cython/templates.h"
#include "cython/translation.h"
#include "project/flags.h"
#include "python/cython_package.h"
#include "python/header_package.h"

namespace ftaudit::audit {
namespace {

constexpr std::string_view fetch = "`ftaudit headers install cython` fetches Cython";

constexpr std::string_view without_lines = "does not tell the lines of its source (emit_code_comments=False)";

// Why the C that the tree holds does not serve; "" where it does.
std::string why_not(const project::CythonSource& source, const fs::path& root, std::string& old_version) {
  const auto text = read_file(source.made, 256u << 20);
  if (!text.ok()) return text.message();
  const std::string version = cython::version_of(*text);
  if (version.empty()) return "is not what Cython makes";  // "#error Do not use this file"
  if (!cython::does_without_gil(version)) return old_version = version, "was made by Cython " + version;
  if (!cython::tells_lines(*text)) return std::string(without_lines);
  if (!cython::agrees(*text, source.made, source.file, root)) return "was made from another text of it";
  return "";
}

// "cymem/cymem.pxd": what a complaint about a missing file means.
std::string missing_file(const std::string& problem) {
  const std::size_t end = problem.find("' not found");
  const std::size_t start = end == std::string::npos ? end : problem.rfind('\'', end - 1);
  return start == std::string::npos ? "" : problem.substr(start + 1, end - start - 1);
}

// The file of the project that its build makes `name` of: "config.pxi" of "config.pxi.in" or "config.templ.pxi".
std::optional<fs::path> template_of(const fs::path& root, const std::string& name) {
  const fs::path wanted = fs::path(name).filename();
  const std::string templated = wanted.stem().string() + ".templ" + wanted.extension().string();
  std::error_code failed;
  std::size_t seen = 0;
  std::optional<fs::path> out;
  for (auto entry = fs::recursive_directory_iterator(root, failed);
       !failed && entry != fs::recursive_directory_iterator() && ++seen < 50'000; entry.increment(failed)) {
    const std::string file = entry->path().filename().string();
    if (file != templated && file != wanted.string() + ".in" && file != wanted.string() + ".tp") continue;
    if (!out || entry->path() < *out) out = entry->path();
  }
  return out;
}

// The Python file of the project that names `name` in a string, as the one that writes it does.
std::optional<fs::path> writer_of(const fs::path& root, const std::string& name) {
  const std::string wanted = fs::path(name).filename().string();
  std::error_code failed;
  std::size_t seen = 0;
  std::optional<fs::path> out;
  for (auto entry = fs::recursive_directory_iterator(root, failed);
       !failed && entry != fs::recursive_directory_iterator() && ++seen < 50'000; entry.increment(failed)) {
    if (entry->path().extension() != ".py" || (out && *out < entry->path())) continue;
    const auto text = read_file(entry->path(), 1u << 20);
    if (!text.ok()) continue;
    for (const char* before : {"'", "\"", "/"})
      if (text->find(before + wanted) != std::string::npos) out = entry->path();
  }
  return out;
}

class Work {
 public:
  explicit Work(project::Project& project) : project_(project) {}

  void run(const frontend::Settings& parsing, Progress& progress) {
    for (project::CythonSource& source : project_.cython) {
      std::string old_version;
      std::string reason = source.made.empty() ? "" : why_not(source, project_.root, old_version);
      if (!source.made.empty() && reason.empty()) continue;
      wanted_.push_back({source, std::move(reason), std::move(old_version), source, {}});
    }
    project_.cython.clear();
    if (!wanted_.empty()) translate_wanted(parsing, progress);
    leave_out_without_lines();
    std::ranges::sort(project_.units, {}, &project::Unit::file);
    std::ranges::sort(project_.skipped);
  }

 private:
  struct Wanted {
    project::CythonSource source;
    std::string reason;                // why the C in the tree does not serve
    std::string old_version;           // the Cython that made it, when that is too old
    project::CythonSource translated;  // what is translated: itself, or what its template became
    cython::Translation made;
  };

  void translate_wanted(const frontend::Settings& parsing, Progress& progress) {
    const auto compiler = cython::compiler_in(python::cython_sites(python::find_interpreters()));
    if (!compiler) {
      for (const Wanted& wanted : wanted_)
        not_translated(wanted, "Cython source without its C: ", std::string(fetch) + ", and scan translates it itself");
      return;
    }
    log::info("translating with Cython " + compiler->version);
    if (compiler->site.parent_path() == python::headers_folder()) cython::compile_ahead(*compiler);
    cython::Settings settings{.root = project_.root,
                              .compiler = *compiler,
                              .search = python::declaration_folders(),
                              .cache = cache_folder() / "cython"};
    settings.timeout = parsing.timeout;
    expand(settings);
    progress.stage("translating", wanted_.size());
    all(settings, parsing.jobs, progress);
    progress.finish();
    for (Wanted& wanted : wanted_) {
      if (!wanted.made.c_file.empty()) add_unit(wanted, settings);
      else not_translated(wanted, "could not be translated: ", next_step(wanted.made.problem, wanted.source.file));
    }
    if (translated_ != 0)
      project_.notes.push_back("Cython " + compiler->version + " translated " + counted(translated_, "source"));
  }

  // A template is translated as what becomes of it.
  void expand(cython::Settings& settings) {
    if (project_.cython_templates.empty()) return;
    expanded_ = cython::expand(project_.cython_templates, project_.root, settings.cache, settings.timeout);
    settings.templates = project_.expanded = expanded_.folder;
    settings.search.insert(settings.search.begin(), expanded_.search.begin(), expanded_.search.end());
    for (const auto& [from, made] : expanded_.made) templates_.emplace(made, from);
    if (!expanded_.made.empty())
      project_.notes.push_back("expanded " + counted(expanded_.made.size(), "template") +
                               " of Cython's sources, such as " +
                               shown_path(expanded_.made.begin()->first, project_.root));
    for (Wanted& wanted : wanted_) {
      const auto made = expanded_.made.find(wanted.source.file);
      if (made == expanded_.made.end()) continue;
      wanted.translated.file = made->second;
      wanted.translated.search.push_back(cython::package_base(wanted.source.file, project_.root));
    }
  }

  void translate(Wanted& wanted, const cython::Settings& settings) {
    if (const auto problem = expanded_.problems.find(wanted.source.file); problem != expanded_.problems.end())
      wanted.made.problem = "its template is not expanded: " + problem->second + ": build first, or use --capture";
    else wanted.made = cython::translate(wanted.translated, settings);
    if (wanted.made.c_file.empty()) return;
    if (const auto text = read_file(wanted.made.c_file, 256u << 20); !text.ok() || !cython::tells_lines(*text))
      wanted.made = {
          .c_file = {}, .read = {}, .problem = "Cython " + settings.compiler.version + " told no lines of it"};
  }

  void all(const cython::Settings& settings, unsigned jobs, Progress& progress) {
    std::atomic<std::size_t> next{0}, done{0};
    std::vector<std::thread> threads;
    const auto work = [&] {
      for (std::size_t i; (i = next.fetch_add(1)) < wanted_.size(); done.fetch_add(1)) translate(wanted_[i], settings);
    };
    for (unsigned i = 1; i < std::min<std::size_t>(jobs, wanted_.size()); ++i) threads.emplace_back(work);
    for (std::size_t i; (i = next.fetch_add(1)) < wanted_.size();) {
      translate(wanted_[i], settings);
      progress.step(done.fetch_add(1) + 1, shown_path(wanted_[i].source.file, project_.root));
    }
    for (std::thread& thread : threads) thread.join();
  }

  void add_unit(Wanted& wanted, const cython::Settings& settings) {
    ++translated_;
    const fs::path made = wanted.source.made;
    std::erase_if(project_.units, [&](const project::Unit& unit) { return !made.empty() && unit.file == made; });
    if (!made.empty() && !wanted.old_version.empty())
      project_.old_c.push_back({made, wanted.source.file, wanted.old_version});
    if (!made.empty())
      project_.skipped.push_back(
          {made, wanted.reason + "; " + shown_path(wanted.source.file, project_.root) + " was translated anew instead",
           false});
    std::vector<std::string> flags = wanted.source.flags;
    for (const fs::path& folder : settings.search)
      for (const char* below : {"", "include"})
        if (std::error_code failed; fs::is_directory(folder / below, failed))
          flags.push_back("-idirafter" + (folder / below).lexically_normal().string());
    project::Unit unit{
        .file = wanted.made.c_file,
        .folder = wanted.source.folder,
        .flags = project::with_language(std::move(flags), wanted.made.c_file.extension().native(), false),
        .modules = wanted.source.modules,
        .generated_by = project::Generator::cython};
    unit.made_from.push_back(wanted.source.file);
    for (const fs::path& read : wanted.made.read) {
      const auto from = templates_.find(read);
      const fs::path& path = from == templates_.end() ? read : from->second;
      if (path != wanted.source.file && !shown_path(path, project_.root).starts_with("/"))
        unit.made_from.push_back(path);
    }
    project_.units.push_back(std::move(unit));
  }

  // What is in the tree is audited then, for what it is worth; a source without any C is skipped.
  void not_translated(const Wanted& wanted, const std::string& what, const std::string& next) {
    const std::string shown = shown_path(wanted.source.file, project_.root);
    if (wanted.reason == without_lines) {
      untranslated_[wanted.source.made] = shown + " was not translated: " + next;
      return;
    }
    if (!wanted.source.made.empty()) {
      project_.notes.push_back(shown_path(wanted.source.made, project_.root) + " " + wanted.reason + ", and " + shown +
                               " was not translated: " + next);
      return;
    }
    project_.skipped.push_back({wanted.source.file, what + next, true});
  }

  // To be read in vain, and then called calm, is worse than not to be read.
  void leave_out_without_lines() {
    std::erase_if(project_.units, [&](const project::Unit& unit) {
      if (unit.generated_by != project::Generator::cython || !unit.made_from.empty()) return false;
      const auto text = read_file(unit.file, 256u << 20);
      if (!text.ok() || cython::tells_lines(*text)) return false;
      untranslated_.try_emplace(unit.file, "audit its .pyx instead, or have Cython make it with that directive True");
      --project_.looked_at;
      return true;
    });
    for (const auto& [file, next] : untranslated_)
      project_.skipped.push_back({file, "Cython's C, which " + std::string(without_lines) + ": " + next, true});
  }

  std::string next_step(const std::string& problem, const fs::path& source) const {
    const std::string missing = missing_file(problem);
    if (problem.ends_with("is not a valid module name"))
      return problem + "; rename the file, or have the build name its module: Extension(\"name\", [\"" +
             shown_path(source, project_.root) + "\"])";
    if (missing.empty()) return problem;
    for (const auto& [from, why] : expanded_.problems)
      if (template_of(project_.root, missing) == from)
        return problem + "; " + shown_path(from, project_.root) + " is its template, not expanded: " + why +
               ": build first, or use --capture";
    if (const auto from = template_of(project_.root, missing))
      return problem + "; the build makes it of " + shown_path(*from, project_.root) +
             ": build first, or use --capture";
    if (const auto writer = writer_of(project_.root, missing))
      return problem + "; " + shown_path(*writer, project_.root) +
             " seems to write it: build first (in place, so that it lies in the tree), or use --capture";
    const std::string package = missing.substr(0, missing.find_first_of("/."));
    for (const std::string& required : project_.build_requires)
      if (required == package) return problem + "; `ftaudit headers install " + package + "` fetches it";
    // cimported as a package of its own, which the project is not.
    std::error_code failed;
    if (missing.ends_with(".pxd") && missing.find('/') != std::string::npos &&
        !fs::exists(project_.root / package, failed) && !fs::exists(project_.root / "src" / package, failed))
      return problem + "; `ftaudit headers install " + package + "` fetches what " + package + " declares to Cython";
    return problem + (package == "numpy" ? "; `ftaudit headers install numpy` fetches it"
                                         : " (made by the build: build first, or use --capture; or of a package that "
                                           "`ftaudit headers install` fetches)");
  }

  project::Project& project_;
  std::vector<Wanted> wanted_;
  cython::Expanded expanded_;
  std::map<fs::path, fs::path> templates_;        // by what became of them
  std::map<fs::path, std::string> untranslated_;  // why, and what to do; by the C in the tree, which tells no lines
  std::size_t translated_ = 0;
};

}  // namespace

void translate_cython(project::Project& project, const frontend::Settings& settings, Progress& progress) {
  Work(project).run(settings, progress);
}

}  // namespace ftaudit::audit
