#include "cli/command.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

#include "audit/audit.h"
#include "audit/mending.h"
#include "base/exit_code.h"
#include "base/files.h"
#include "base/interruption.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/audit_options.h"
#include "cli/plan_proof.h"
#include "finding/verdict.h"
#include "plan/plan.h"
#include "reports/plan.h"

namespace ftaudit::cli {
namespace {

using exit_with::usage;

struct PlanOptions {
  ScanOptions scan;
  std::string format = "text";
  std::vector<std::string> accept;
  std::string why;
  bool prove = false;
  ProofOptions proof;
};

Result<std::uint32_t> step_number(const char* option, const std::string& text) {
  std::uint32_t out = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failed != std::errc() || end != text.data() + text.size() || out == 0)
    return Error{std::string(option) + " " + text + ": expected the number of a step"};
  return out;
}

// The plans of all projects of the paths.
Result<std::vector<Document>> make_plans(const PlanOptions& options, const Selection& selection,
                                         const std::set<std::uint32_t>& accepted, Progress& progress, int& code) {
  std::optional<Spelling> edits;
  if (options.scan.fix || options.scan.diff || options.prove) edits = spelling_of(options.scan);
  std::vector<Document> out;
  std::string wrong;
  const Status done = audit::each_project(
      options.scan.parse, progress, code,
      [&](project::Project project, const audit::Reading& reading, audit::Cache& cache) {
        const audit::JoinedProject joined =
            audit::join_project(audit::parse_located(std::move(project), reading, cache, progress));
        Result<Document> made = plan::plan_project(joined, selection, reading.python.name, accepted, edits);
        if (made.ok()) out.push_back(std::move(*made));
        else wrong = made.message();
      });
  if (!done.ok()) return Error{done.message()};
  code = usage;
  if (!wrong.empty()) return Error{wrong};
  return out;
}

using Wanted = std::function<bool(const PlanStep&)>;

// The steps of the first plan by what they do, as each later one counts them anew.
using Numbers = std::map<std::string, std::uint32_t>;

std::string number_of(const PlanStep& step, const Numbers& numbers) {
  const auto known = numbers.find(step.what);
  return known == numbers.end() ? "(a new one)" : std::to_string(known->second);
}

std::string numbers_of(const Document& planned, const Wanted& wanted, const Numbers& numbers) {
  std::vector<std::string> out;
  for (const PlanStep& step : planned.plan->steps)
    if (!step.fixes.empty() && wanted(step)) out.push_back(number_of(step, numbers));
  return join(out, ", ");
}

// Makes the edits of the plan, proven by an audit; false when there was none to make.
Result<bool> make_edits(const PlanOptions& options, const Selection& selection, const Document& planned,
                        const Wanted& wanted, const Numbers& numbers, Progress& progress, const Console& console) {
  const Spelling spelling = spelling_of(options.scan);
  const Result<audit::Mended> mended = audit::mend(
      plan::with_edits(planned, wanted), options.scan.fix_compat == "pythoncapi-compat", [&]() -> Result<Document> {
        int code = 0;
        std::vector<Document> after;
        const Status done =
            audit::each_project(options.scan.parse, progress, code,
                                [&](project::Project project, const audit::Reading& reading, audit::Cache& cache) {
                                  after.push_back(audit::audit_located(std::move(project), reading, selection, cache,
                                                                       progress, {.edits = spelling}));
                                });
        if (!done.ok() || after.empty()) return Error{"the second audit failed: " + done.message()};
        return std::move(after.front());
      });
  if (!mended.ok()) return mended.error();
  if (mended->findings > 0 && console.verbosity >= 0)
    std::cerr << "ftaudit: steps " << numbers_of(planned, wanted, numbers)
              << " made: " << counted(mended->findings, "finding") << " mended in " << counted(mended->files, "file")
              << "\n";
  return mended->findings > 0;
}

// All steps that are mechanical; where these do not hold together, one that does by itself. Those that do not are
// `left` as they are, and their numbers were told. False when there is nothing more to make.
bool make_more(const PlanOptions& options, const Selection& selection, const Document& planned, const Numbers& numbers,
               std::set<std::string>& left, Progress& progress, const Console& console) {
  const Wanted rest = [&](const PlanStep& step) { return !left.contains(step.what); };
  const Result<bool> all = make_edits(options, selection, planned, rest, numbers, progress, console);
  if (all.ok()) return *all;
  for (const PlanStep& step : planned.plan->steps) {
    if (step.fixes.empty() || left.contains(step.what)) continue;
    const Result<bool> one = make_edits(
        options, selection, planned, [&](const PlanStep& other) { return &other == &step; }, numbers, progress,
        console);
    if (one.ok() && *one) return true;
    left.insert(step.what);
    log::warning("step " + number_of(step, numbers) +
                 " is left: " + (one.ok() ? "its edit is in the way of another" : one.message()));
  }
  return false;
}

int plan(const PlanOptions& options, const Console& console) {
  Result<Selection> selection = audit::selection_of(options.scan);
  if (!selection.ok()) return log::error(selection.message()), usage;
  std::set<std::uint32_t> accepted;
  for (const std::string& text : options.accept) {
    const Result<std::uint32_t> number = step_number("--accept", text);
    if (!number.ok()) return log::error(number.message()), usage;
    accepted.insert(*number);
  }
  reports::PlanStyle style{.width = console.width, .verbose = console.verbosity > 0, .why = {}};
  if (!options.why.empty()) {
    const Result<std::uint32_t> number = step_number("--why", options.why);
    if (!number.ok()) return log::error(number.message()), usage;
    style.why = *number;
  }
  const std::unique_ptr<Progress> progress = make_progress(console.progress && console.verbosity >= 0);
  int code = 0;
  Result<std::vector<Document>> made = make_plans(options, *selection, accepted, *progress, code);
  if (!made.ok()) return log::error(made.message()), code;
  if ((options.scan.fix || options.scan.diff) && made->size() > 1)
    return log::error("--fix and --diff edit one project at a time; name one"), usage;
  if (options.scan.diff) {
    stand_still_if_interrupted();
    for (const Document& one : *made)
      if (Status shown =
              audit::show_edits(std::cout, plan::with_edits(one), options.scan.fix_compat == "pythoncapi-compat");
          !shown.ok())
        return log::error(shown.message()), usage;
    return made->empty() || (*made)[0].plan->steps.empty() ? exit_with::fine : exit_with::findings;
  }
  if (options.scan.fix) {
    std::error_code unknown;
    for (const fs::path path : options.scan.parse.paths)
      if (fs::is_regular_file(path, unknown) && path.extension() != ".c" && path.extension() != ".cpp")
        return log::error("--fix edits files, and " + path.string() + " is an archive"), usage;
    // What one edit was in the way of, and what was withheld until others were made, comes next.
    constexpr int rounds = 40;
    std::set<std::string> left;
    Numbers numbers;
    for (const Document& one : *made)
      for (const PlanStep& step : one.plan->steps) numbers.emplace(step.what, step.number);
    for (int round = 0; round < rounds && !made->empty(); ++round) {
      if (!make_more(options, *selection, made->front(), numbers, left, *progress, console)) break;
      made = make_plans(options, *selection, {}, *progress, code);
      if (!made.ok()) return log::error(made.message()), code;
      if (!accepted.empty()) break;
    }
  }
  std::vector<Document>& plans = *made;
  if (style.why && std::ranges::none_of(plans, [&](const Document& one) {
        return std::ranges::any_of(one.plan->steps, [&](const PlanStep& step) { return step.number == *style.why; });
      }))
    return log::error("--why " + options.why + ": the plan has no step of that number"), usage;

  std::ostringstream text;
  if (options.format == "json") reports::write_plans_json(text, plans, FTAUDIT_VERSION);
  else
    for (const Document& one : plans) reports::write_plan_text(text, one, style);
  bool refuted = false;
  if (options.prove) {
    if (options.scan.fix) return log::error("--fix edits the project, --prove a copy of it; name one"), usage;
    if (options.format == "json") return log::error("--prove is told as text; leave --format out"), usage;
    if (options.scan.parse.paths.size() != 1 || !fs::is_directory(options.scan.parse.paths[0]))
      return log::error("--prove builds and runs one project; name its folder"), usage;
    ProofOptions how = options.proof;
    how.python = options.scan.parse.python, how.fix_compat = options.scan.fix_compat, how.accept = options.accept;
    const Result<Proof> proof = prove(options.scan.parse.paths[0], how, plans);
    if (!proof.ok()) return log::error(proof.message()), exit_with::incomplete;
    write_proof(text, *proof, plans);
    refuted = is_refuted(*proof, plans);
  }
  if (options.scan.output.empty()) std::cout << text.str() << std::flush;
  else if (Status written = write_file(options.scan.output, text.str()); !written.ok())
    return log::error(written.message()), usage;
  if (options.prove) return refuted ? exit_with::findings : exit_with::fine;
  int out = exit_with::fine;
  for (const Document& one : plans) {
    if (!one.plan->steps.empty()) return exit_with::findings;
    if (exit_code(one, options.scan.fail_on) == exit_with::incomplete) out = exit_with::incomplete;
  }
  return out;
}

}  // namespace

void add_plan(Arguments& program, const ScanOptions& defaults, const Choose& choose) {
  const auto options = std::make_shared<PlanOptions>();
  options->scan = defaults;
  Arguments command = program.command("plan", "The few edits that end most findings, as measured");
  add_parse_options(command, options->scan.parse);
  command.texts("--accept", options->accept, "Only these steps of the plan, measured without the others")
      .named("N,...")
      .list();
  command.text("--why", options->why, "One step with all its places and findings").named("N");
  const Option diff = add_edit_options(command, options->scan);
  command
      .flag("--prove", options->prove,
            "Make the mechanical steps in a copy, and run confirm on both with one seed and budget")
      .excludes(diff);
  command.time("--budget", options->proof.budget, "Of each of the two runs (default: 5m)");
  command.number("--seed", options->proof.seed, "Of the stress driver (default: 1)").named("N");
  command.flag("--light", options->proof.light, "Prove with the plain Python alone");
  command.text("--tsan-python", options->proof.tsan_python, "The one built with ThreadSanitizer").named("PYTHON");
  command.text("--format", options->format, "text (default) or json").one_of({"text", "json"}).named("FORMAT");
  command.text("-o,--output", options->scan.output, "Write it to this file").named("FILE");
  add_term_options(command, options->scan);
  add_capture_options(command, options->scan);
  command.footer("Example: ftaudit plan . && ftaudit plan . --why 2 && ftaudit plan . --accept 1,3");
  command.when_chosen([=] {
    choose({.run = [options](const Console& console) { return plan(*options, console); },
            .parse = &options->scan.parse,
            .audit = &options->scan,
            .needs_path = true});
  });
}

}  // namespace ftaudit::cli
