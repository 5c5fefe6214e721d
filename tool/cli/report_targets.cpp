#include "cli/report_targets.h"

#include <iostream>
#include <sstream>

#include "base/files.h"
#include "base/interruption.h"
#include "base/log.h"
#include "finding/rule.h"

namespace ftaudit::cli {
namespace {

constexpr int usage = 2, incomplete = 3;

// Where the project lies in the repository that it is part of; "" where it is the top, or in none.
std::string folder_in_repository(const fs::path& root) {
  for (fs::path top = root; !top.empty(); top = top.parent_path()) {
    std::error_code ignored;
    if (fs::exists(top / ".git", ignored)) {
      const std::string folder = top == root ? "" : shown_path(root, top);
      return folder.empty() || folder == "." ? "" : folder + "/";
    }
    if (top == top.parent_path()) break;
  }
  return "";
}

reports::Surroundings surroundings(const Document& document, const Console& console) {
  const fs::path root = document.root;
  return {.source = [root](const std::string& file) -> std::optional<std::string> {
            auto text = read_file(root / file);
            return text.ok() ? std::optional(std::move(*text)) : std::nullopt;
          },
          .rules = all_rules(),
          .folder = folder_in_repository(root),
          .site = FTAUDIT_SITE,
          .colour = console.colour,
          .width = console.width,
          .verbose = console.verbosity > 0};
}

}  // namespace

Result<std::vector<ReportTarget>> report_targets(const ScanOptions& options) {
  const reports::Format* main = reports::format_named(options.format);
  if (main == nullptr) return Error{"--format " + options.format + ": expected one of " + reports::format_names()};
  std::vector<ReportTarget> out{{main, options.output}};
  for (const std::string& report : options.reports) {
    const std::size_t colon = report.find(':');
    const reports::Format* format = reports::format_named(std::string_view(report).substr(0, colon));
    if (colon == std::string::npos || colon + 1 == report.size() || format == nullptr)
      return Error{"--report " + report + ": expected FORMAT:FILE with FORMAT one of " + reports::format_names()};
    out.push_back({format, report.substr(colon + 1)});
  }
  return out;
}

int write_reports(const std::vector<ReportTarget>& targets, const Document& document, const Console& console) {
  reports::Surroundings around = surroundings(document, console);
  for (const ReportTarget& target : targets) {
    around.colour = target.file.empty() && console.colour;
    if (target.file.empty()) {
      stand_still_if_interrupted();
      target.format->write(std::cout, document, around);
      std::cout.flush();
      if (!std::cout) return log::error("cannot write the report to standard output"), incomplete;
      continue;
    }
    std::ostringstream text;
    target.format->write(text, document, around);
    if (Status written = write_file(target.file, text.str()); !written.ok())
      return log::error(written.message()), usage;
  }
  return 0;
}

}  // namespace ftaudit::cli
