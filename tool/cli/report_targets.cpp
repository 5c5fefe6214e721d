#include "cli/report_targets.h"

#include <algorithm>
#include <array>
#include <iostream>
#include <optional>
#include <sstream>
#include <string_view>

#include "base/exit_code.h"
#include "base/files.h"
#include "base/interruption.h"
#include "base/log.h"
#include "finding/rule.h"

namespace ftaudit::cli {
namespace {

using exit_with::incomplete, exit_with::usage;

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

// The text of a file that a finding names. Only of the project and only of its sources: a report that comes from
// elsewhere may name any file.
std::optional<std::string> source_text(const fs::path& root, const std::string& file) {
  static constexpr std::array<std::string_view, 26> suffixes{
      ".c",   ".h",   ".cc",  ".cpp", ".cxx", ".c++", ".C",  ".hh",  ".hpp", ".hxx", ".H",   ".inc",  ".inl",
      ".ipp", ".tcc", ".tpp", ".ixx", ".def", ".x",   ".in", ".src", ".pyx", ".pxd", ".pxi", ".pyxh", ".i"};
  if (std::ranges::find(suffixes, fs::path(file).extension().native()) == suffixes.end()) return std::nullopt;
  std::error_code failed;
  const fs::path real = fs::canonical(root / file, failed);
  if (failed || shown_path(real, fs::canonical(root, failed)).starts_with("/")) return std::nullopt;
  auto text = read_file(real);
  return text.ok() ? std::optional(std::move(*text)) : std::nullopt;
}

reports::Surroundings surroundings(const Document& document, const Console& console) {
  const fs::path root = document.root;
  return {.source = [root](const std::string& file) { return source_text(root, file); },
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
  // Said before the work, not after it.
  for (const ReportTarget& target : out) {
    std::error_code failed;
    const fs::path folder = fs::absolute(target.file, failed).parent_path();
    if (!target.file.empty() && !fs::is_directory(folder, failed))
      return Error{"cannot write " + target.file + ": there is no folder " + folder.string()};
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
