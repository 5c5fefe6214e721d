#include <iostream>

#include "audit/parsing.h"
#include "base/exit_code.h"
#include "base/interruption.h"
#include "base/log.h"
#include "cli/audit_options.h"
#include "cli/command.h"
#include "model/join.h"
#include "model/print.h"

namespace ftaudit::cli {
namespace {

using exit_with::incomplete;

int facts(const ParseOptions& options, const Console& console) {
  const std::unique_ptr<Progress> progress = make_progress(console.progress && console.verbosity >= 0);
  int code = 0;
  Result<audit::ParsedPaths> parsed = audit::parse_paths(options, *progress, code);
  if (!parsed.ok()) return log::error(parsed.message()), code;
  bool whole = true;
  for (audit::ParsedProject& project : parsed->projects) {
    if (project.project.units.empty()) log::error(project::why_empty(project.project)), whole = false;
    std::vector<model::Facts> units;
    for (frontend::Parsed& unit : project.units) {
      if (unit.failed) whole = false;
      units.push_back(std::move(unit.facts));
    }
    stand_still_if_interrupted();
    model::print(std::cout, model::join(std::move(units)));
  }
  std::cout.flush();
  return whole ? 0 : incomplete;
}

}  // namespace

void add_facts(Arguments& program, const ScanOptions& defaults, const Choose& choose) {
  const auto options = std::make_shared<ParseOptions>(defaults.parse);
  Arguments command = program.command("facts", "Print what the analyses see of a file or project");
  add_parse_options(command, *options);
  command.when_chosen([=] {
    choose({.run = [options](const Console& console) { return facts(*options, console); },
            .parse = options.get(),
            .needs_path = true});
  });
}

}  // namespace ftaudit::cli
