#include "cli/command.h"

#include <algorithm>
#include <map>
#include <set>

#include "audit/audit.h"
#include "audit/joining.h"
#include "base/exit_code.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/audit_options.h"
#include "cli/report_targets.h"
#include "finding/comparison.h"
#include "finding/verdict.h"
#include "project/repository.h"

namespace ftaudit::cli {
namespace {

using project::LineMap;
using project::Repository;

using exit_with::usage;

struct GateOptions {
  ScanOptions audit;
  std::string against;  // a revision; empty: the merge base with the default branch
  std::string head;     // a revision; empty: the work tree
};

// Both states, and what is known of how the one became the other.
struct States {
  Repository repository;
  Repository::Revision earlier;
  std::optional<Repository::Revision> later;  // none: the work tree
  LineMap lines;
  ScratchFolder scratch;

  fs::path earlier_top() const { return scratch.path() / "earlier"; }
  fs::path later_top() const { return later ? scratch.path() / "later" : repository.top(); }
};

Result<States> states_of(const GateOptions& options, const std::string& path) {
  Result<Repository> repository = Repository::around(path);
  if (!repository.ok()) return repository.error();
  std::optional<Repository::Revision> later;
  if (!options.head.empty()) {
    Result<Repository::Revision> found = repository->revision(options.head);
    if (!found.ok()) return found.error();
    later = std::move(*found);
  }
  Result<Repository::Revision> earlier = options.against.empty()
                                             ? repository->merge_base(later ? later->commit : "HEAD")
                                             : repository->revision(options.against);
  if (!earlier.ok()) return earlier.error();
  Result<LineMap> lines = repository->lines_since(*earlier, later);
  if (!lines.ok()) return lines.error();
  Result<ScratchFolder> scratch = ScratchFolder::make("gate");
  if (!scratch.ok()) return scratch.error();
  States out{std::move(*repository), std::move(*earlier), std::move(later), std::move(*lines), std::move(*scratch)};
  // Builds ask git for the version and the files that belong to it.
  const auto unpack = [&](const Repository::Revision& revision, const fs::path& folder) {
    Status done = out.repository.unpack(revision, folder);
    return done.ok() && options.audit.parse.capture ? out.repository.lend_history(revision, folder) : done;
  };
  if (Status done = unpack(out.earlier, out.earlier_top()); !done.ok()) return done.error();
  if (out.later)
    if (Status done = unpack(*out.later, out.later_top()); !done.ok()) return done.error();
  return out;
}

// The folder that `folder` (from the top, with '/' at the end) was before: itself, or where most of its files came
// from.
std::string earlier_folder(const States& states, const std::string& folder, const project::Project& later) {
  std::error_code failed;
  if (folder.empty() || fs::exists(states.earlier_top() / folder, failed)) return folder;
  std::map<std::string, std::size_t> from;
  for (const project::Unit& unit : later.units) {
    const std::string now = shown_path(unit.file, states.later_top());
    const auto was = states.lines.earlier_file(now);
    if (!was || !now.starts_with(folder)) continue;
    const std::string below = now.substr(folder.size());
    if (was->ends_with("/" + below)) ++from[was->substr(0, was->size() - below.size())];
    else if (*was == below) ++from[""];
  }
  const auto most =
      std::max_element(from.begin(), from.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == from.end() ? folder : most->first;
}

// A path of the later state as it is called on the earlier side.
std::string moved_path(const std::string& text, const fs::path& from, const fs::path& to) {
  const std::string before = from.string() + "/";
  std::string out = text;
  for (std::size_t at = out.find(before); at != std::string::npos; at = out.find(before, at + 1)) {
    const std::size_t end = out.find_first_of("\"' ", at);
    const fs::path there =
        to / out.substr(at + before.size(), end == std::string::npos ? end : end - at - before.size());
    std::error_code failed;
    // What a build made lies in the work tree alone.
    if (fs::exists(there, failed)) out.replace(at, before.size(), to.string() + "/");
  }
  return out;
}

// What a compile database says of the work tree holds for the earlier state too, as far as it has the files.
void share_flags(const States& states, const project::Project& later, project::Project& earlier) {
  if (later.compile_commands.empty()) return;
  earlier.units.clear();
  for (project::Unit unit : later.units) {
    const std::string now = shown_path(unit.file, states.later_top());
    const auto was = states.lines.earlier_file(now);
    std::error_code failed;
    if (!was || !fs::exists(states.earlier_top() / *was, failed)) continue;
    unit.file = states.earlier_top() / *was;
    unit.folder = moved_path(unit.folder.string() + "/", states.later_top(), states.earlier_top());
    for (std::string& flag : unit.flags) flag = moved_path(flag, states.later_top(), states.earlier_top());
    earlier.units.push_back(std::move(unit));
  }
}

Ancestry ancestry_of(const States& states, const std::string& later_folder, const std::string& folder) {
  const auto file = [&states, later_folder, folder](const std::string& now) -> std::optional<std::string> {
    const auto was = states.lines.earlier_file(later_folder + now);
    return was && was->starts_with(folder) ? std::optional(was->substr(folder.size())) : std::nullopt;
  };
  // Of what a build made git knows no lines.
  const auto line = [&states, later_folder](const std::string& now,
                                            std::uint32_t number) -> std::optional<std::uint32_t> {
    std::error_code failed;
    return fs::exists(states.later_top() / (later_folder + now), failed)
               ? states.lines.earlier_line(later_folder + now, number)
               : std::nullopt;
  };
  return {file, line};
}

// Findings in what could not be read before may be old.
void tell_gaps(const Document& earlier, Document& later, const std::string& revision) {
  std::vector<std::string> unread;
  for (const SkippedFile& file : earlier.skipped)
    if (file.asked) unread.push_back(file.file);
  for (const AnalysedFile& file : earlier.analysed)
    if (file.partial && std::none_of(later.analysed.begin(), later.analysed.end(),
                                     [&](const AnalysedFile& now) { return now.file == file.file && now.partial; }))
      unread.push_back(file.file);
  if (!unread.empty())
    later.notes.push_back("at " + revision + " not all could be read (" + unread[0] +
                          (unread.size() > 1 ? " and " + std::to_string(unread.size() - 1) + " more" : "") +
                          "): what is new there may be old");
}

class Gate {
 public:
  Gate(const GateOptions& options, const audit::Reading& reading, const Selection& selection, audit::Cache& cache,
       Progress& progress)
      : options_(options), reading_(reading), selection_(selection), cache_(cache), progress_(progress) {}

  // One path of the command line.
  Result<Document> compare_path(const std::string& path) {
    std::error_code failed;
    if (options_.audit.parse.capture && !fs::is_directory(path, failed))
      return Error{path + ": --capture builds a project: give its folder"};
    Result<States> states = states_of(options_, path);
    if (!states.ok()) return states.error();
    const std::string below = below_top(states->repository, path);
    Result<project::Project> found = project_at(states->later ? (states->later_top() / below).string() : path);
    if (!found.ok())
      return states->later && !fs::exists(states->later_top() / below)
                 ? Error{path + " is not there at " + states->later->shown}
                 : found.error();
    project::Project& project = *found;
    if (project.units.empty() && project.cython.empty()) log::error(project::why_empty(project));

    // A project that is built is built in a copy of its folder.
    const std::string later_folder = options_.audit.parse.capture ? (below.empty() ? "" : below + "/")
                                                                  : folder_below(project.root, states->later_top());
    std::string folder = later_folder;
    Result<Document> before = earlier_document(*states, project, below, folder);
    if (!before.ok()) return before.error();
    Document earlier = std::move(*before);
    copies_.push_back(std::move(project.unpacked));
    Document document = audit::audit_located(std::move(project), reading_, selection_, cache_, progress_);
    const Ancestry ancestry = ancestry_of(*states, later_folder, folder);
    leave_out_strangers(*states, document, ancestry, folder, earlier);
    tell_gaps(earlier, document, states->earlier.shown);
    compare(earlier, document, ancestry, states->earlier.shown);
    kept_.push_back(std::move(*states));  // sources are still shown from there
    return document;
  }

 private:
  static std::string folder_below(const fs::path& root, const fs::path& top) {
    std::error_code failed;
    const std::string shown = shown_path(fs::weakly_canonical(root, failed), fs::weakly_canonical(top, failed));
    return shown == "." || shown.empty() || shown.starts_with("/") ? "" : shown + "/";
  }
  static std::string below_top(const Repository& repository, const std::string& path) {
    std::string folder = repository.folder_of(path);
    if (!folder.empty()) folder.pop_back();
    return folder;
  }

  Result<project::Project> project_at(const std::string& path) {
    ParseOptions one = options_.audit.parse;
    one.paths = {path};
    Result<std::vector<project::Project>> found = audit::find_projects(one, progress_);
    if (!found.ok()) return found.error();
    return std::move(found->at(0));
  }

  // A path that was not there has no findings. `folder` becomes where the project lay then, below the top.
  Result<Document> earlier_document(const States& states, const project::Project& later, const std::string& below,
                                    std::string& folder) {
    std::error_code failed;
    std::string was = below;
    if (!fs::exists(states.earlier_top() / below, failed)) {
      const bool is_folder = fs::is_directory(states.later_top() / below, failed);
      was = is_folder ? earlier_folder(states, below + "/", later) : states.lines.earlier_file(below).value_or(below);
      while (was.ends_with('/')) was.pop_back();
    }
    const fs::path path = was.empty() ? states.earlier_top() : states.earlier_top() / was;
    if (!fs::exists(path, failed)) {
      log::warning(was + " is not there at " + states.earlier.shown + ": all of it is new");
      return Document{};
    }
    Result<project::Project> found = project_at(path.string());
    if (!found.ok() && options_.audit.parse.capture)
      return Error{"at " + states.earlier.shown +
                   " the project cannot be built, so nothing can be compared; --build-command names another build, "
                   "without --capture flags are read: " +
                   found.message()};
    if (!found.ok()) {
      log::warning("at " + states.earlier.shown +
                   " nothing could be read, so all of it counts as new: " + found.message());
      return Document{};
    }
    project::Project& project = *found;
    folder = options_.audit.parse.capture ? (was.empty() ? "" : was + "/")
                                          : folder_below(project.root, states.earlier_top());
    copies_.push_back(std::move(project.unpacked));
    share_flags(states, later, project);
    // What a threshold hid then was there all the same.
    Selection everything = selection_;
    everything.min_severity = Severity::info;
    return audit::audit_located(std::move(project), reading_, everything, cache_, progress_);
  }

  // Where a path came out of a wider one, what stayed behind is neither fixed nor part of the question.
  static void leave_out_strangers(const States& states, const Document& later, const Ancestry& ancestry,
                                  const std::string& folder, Document& earlier) {
    std::set<std::string> known;
    for (const AnalysedFile& file : later.analysed)
      if (const auto was = ancestry.file(file.file)) known.insert(*was);
    for (const Finding& finding : later.findings)
      if (const auto was = ancestry.file(finding.location.file)) known.insert(*was);
    std::erase_if(earlier.findings, [&](const Finding& finding) {
      std::error_code failed;
      const std::string& file = finding.location.file;
      return !known.contains(file) &&
             std::any_of(earlier.analysed.begin(), earlier.analysed.end(),
                         [&](const AnalysedFile& one) { return one.file == file; }) &&
             fs::exists(states.later_top() / (folder + file), failed);
    });
  }

  const GateOptions& options_;
  const audit::Reading& reading_;
  const Selection& selection_;
  audit::Cache& cache_;
  Progress& progress_;
  std::vector<States> kept_;
  std::vector<std::optional<ScratchFolder>> copies_;  // where projects were built
};

// Several compared projects in one document.
Document joined_comparisons(std::vector<Document> documents) {
  if (documents.size() == 1) return std::move(documents[0]);
  Comparison all;
  std::vector<std::string> verdicts;
  for (Document& document : documents) {
    if (all.revision.find(document.against->revision) == std::string::npos)
      all.revision += (all.revision.empty() ? "" : ", ") + document.against->revision;
    all.unchanged += document.against->unchanged;
    all.progress.insert(all.progress.end(), document.against->progress.begin(), document.against->progress.end());
    all.fixed.insert(all.fixed.end(), document.against->fixed.begin(), document.against->fixed.end());
  }
  Document out = audit::joined(std::move(documents), {});
  out.against = std::move(all);
  return out;
}

int gate(const GateOptions& options, const Console& console) {
  Result<Selection> selection = audit::selection_of(options.audit);
  if (!selection.ok()) return log::error(selection.message()), usage;
  Result<std::vector<ReportTarget>> targets = report_targets(options.audit);
  if (!targets.ok()) return log::error(targets.message()), usage;
  Result<std::optional<Baseline>> baseline = audit::baseline_of(options.audit.baseline);
  if (!baseline.ok()) return log::error(baseline.message()), usage;
  const Result<std::unique_ptr<audit::Cache>> cache = audit::Cache::open(options.audit.parse);
  if (!cache.ok()) return log::error(cache.message()), usage;

  const std::unique_ptr<Progress> progress = make_progress(console.progress && console.verbosity >= 0);
  int code = usage;
  const Result<audit::Reading> reading = audit::choose_reading(options.audit.parse, code);
  if (!reading.ok()) return log::error(reading.message()), code;
  if (options.audit.parse.capture) log::warning("--capture runs the project's own build, at both states");
  Gate gate(options, *reading, *selection, **cache, *progress);
  std::vector<Document> documents;
  for (const std::string& path : options.audit.parse.paths) {
    Result<Document> compared = gate.compare_path(path);
    if (!compared.ok()) return log::error(compared.message()), usage;
    documents.push_back(std::move(*compared));
  }
  Document document = joined_comparisons(std::move(documents));
  if (*baseline) (*baseline)->apply(document);
  if (const int failed = write_reports(*targets, document, console)) return failed;
  return exit_code(document, options.audit.fail_on);
}

}  // namespace

void add_gate(Arguments& program, const ScanOptions& defaults, const Choose& choose) {
  const auto gated = std::make_shared<GateOptions>(GateOptions{.audit = defaults});
  Arguments command = program.command("gate", "Report only the findings that a change brings in");
  add_parse_options(command, gated->audit.parse);
  add_report_options(command, gated->audit);
  command
      .text("--against", gated->against, "The revision before the change (default: where HEAD left the default branch)")
      .named("REV");
  command.text("--head", gated->head, "The revision with the change (default: the work tree as it is)").named("REV");
  add_capture_options(command, gated->audit);
  command.footer("Neither the work tree nor the repository is touched.\nExample: ftaudit gate . --against origin/main");
  command.when_chosen([=] {
    choose({.run = [gated](const Console& console) { return gate(*gated, console); },
            .parse = &gated->audit.parse,
            .audit = &gated->audit,
            .needs_path = true});
  });
}

}  // namespace ftaudit::cli
