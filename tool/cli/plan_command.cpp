#include "cli/command.h"

#include <algorithm>
#include <charconv>
#include <iostream>
#include <set>
#include <sstream>

#include "audit/audit.h"
#include "base/exit_code.h"
#include "base/files.h"
#include "base/log.h"
#include "cli/audit_options.h"
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
};

Result<std::uint32_t> step_number(const char* option, const std::string& text) {
  std::uint32_t out = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failed != std::errc() || end != text.data() + text.size() || out == 0)
    return Error{std::string(option) + " " + text + ": expected the number of a step"};
  return out;
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
  std::vector<Plan> plans;
  std::string wrong;
  int code = 0;
  const Status done = audit::each_project(
      options.scan.parse, *progress, code,
      [&](project::Project project, const audit::Reading& reading, audit::Cache& cache) {
        const audit::JoinedProject joined =
            audit::join_project(audit::parse_located(std::move(project), reading, cache, *progress));
        Result<Plan> made = plan::plan_project(joined, *selection, reading.python.name, accepted);
        if (made.ok()) plans.push_back(std::move(*made));
        else wrong = made.message();
      });
  if (!done.ok()) return log::error(done.message()), code;
  if (!wrong.empty()) return log::error(wrong), usage;
  if (style.why && std::ranges::none_of(plans, [&](const Plan& made) {
        return std::ranges::any_of(made.steps, [&](const PlanStep& step) { return step.number == *style.why; });
      }))
    return log::error("--why " + options.why + ": the plan has no step of that number"), usage;

  std::ostringstream text;
  if (options.format == "json") reports::write_plans_json(text, plans, FTAUDIT_VERSION);
  else
    for (const Plan& made : plans) reports::write_plan_text(text, made, style);
  if (options.scan.output.empty()) std::cout << text.str() << std::flush;
  else if (Status written = write_file(options.scan.output, text.str()); !written.ok())
    return log::error(written.message()), usage;
  int out = exit_with::fine;
  for (const Plan& made : plans) {
    if (!made.steps.empty()) return exit_with::findings;
    if (exit_code(made.document, options.scan.fail_on) == exit_with::incomplete) out = exit_with::incomplete;
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
