#include "adoption/confirm_package.h"

#include "base/process.h"
#include "base/text.h"
#include "packages/resolution/resolution.h"
#include "packages/verdict/verdict.h"
#include "python/interpreter.h"
#include "reports/json_reader.h"

namespace ftaudit::adoption {
namespace {

constexpr std::uint64_t largest_source = 64u << 20;
// The scan before a run, and the end of one, are not in its budget.
constexpr std::chrono::seconds beside_the_budget{600};

void sum_up(const Document& document, ConfirmSummary& out) {
  using Verdict = Witness::Verdict;
  for (const Finding& finding : document.findings) {
    if (!finding.witness) continue;
    const bool confirmed = finding.witness->verdict == Verdict::confirmed;
    if (confirmed) ++out.confirmed, out.screened = out.screened || finding.witness->screened;
    else if (finding.witness->verdict == Verdict::reached_not_raced) ++out.reached;
    else ++out.not_reached;
    if (confirmed && (finding.severity == Severity::high || finding.severity == Severity::medium)) ++out.against;
  }
}

// The last thing it said is why it ended as it did.
std::string last_words(const Outcome& outcome) {
  std::string out;
  for (const std::string& line : split(outcome.err, '\n'))
    if (const std::string_view said = trim(line); !said.empty()) out = said;
  for (const std::string_view start : {"ftaudit: ", "error: "})
    if (out.starts_with(start)) out.erase(0, start.size());
  return outcome.timed_out || outcome.signal != 0 || out.empty() ? outcome.describe() : out;
}

}  // namespace

ConfirmSummary confirm_package(const packages::Resolved& package, packages::Index* index,
                               const packages::Target& target, const ConfirmPackageOptions& options) {
  ConfirmSummary out;
  Result<ScratchFolder> scratch = ScratchFolder::make("confirm-package");
  if (!scratch.ok()) return out.failed = scratch.message(), out;
  const Result<fs::path> source = packages::fetch_source(package, index, target, scratch->path(), largest_source);
  if (!source.ok()) return out.failed = source.message(), out;

  std::error_code wrong;
  const fs::path kept = fs::absolute(options.reports, wrong) / (package.key() + "-" + package.version);
  fs::create_directories(kept, wrong);
  if (wrong) return out.failed = kept.string() + " cannot be made: " + wrong.message(), out;
  const fs::path report = kept / "report.json", page = kept / "report.html";
  for (const fs::path& old : {report, page}) fs::remove(old, wrong);

  Command command{.environment = packages::pip_environment(options.index),
                  .timeout = options.budget + beside_the_budget,
                  .output_limit = 4u << 20};
  if (options.index.no_index || options.index.offline) command.environment.push_back("PIP_NO_INDEX=1");
  command.argv = {"/proc/self/exe",
                  "confirm",
                  source->string(),
                  "--budget",
                  std::to_string(options.budget.count()),
                  "--format",
                  "json",
                  "-o",
                  report.string(),
                  "--report",
                  "html:" + page.string(),
                  "--reproducers",
                  (kept / "reproducers").string()};
  if (!options.python.empty()) command.argv.insert(command.argv.end(), {"--python", options.python});
  if (!python::choose_runner("", true).ok()) command.argv.push_back("--light");
  const Result<Outcome> outcome = run(command);
  if (!outcome.ok()) return out.failed = outcome.message(), out;
  const Result<std::string> text = read_file(report, 256u << 20);
  const Result<Document> document = text.ok() ? reports::read_json(*text) : Result<Document>(text.error());
  if (!document.ok()) return out.failed = last_words(*outcome), out;
  out.report = page.string();
  sum_up(*document, out);
  if (outcome->exit_code == 3) out.failed = last_words(*outcome);
  return out;
}

}  // namespace ftaudit::adoption
