#include "cli/plan_proof.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/files.h"
#include "base/process.h"
#include "base/text.h"
#include "reports/json_reader.h"

namespace ftaudit::cli {
namespace {

bool is_seen(const Finding& finding) {
  return finding.witness && finding.witness->verdict == Witness::Verdict::confirmed;
}

// Lines move and functions get other names: what a finding is about stays.
std::string about(const Finding& finding) {
  std::string function = finding.function;
  if (function.ends_with("_lock_held")) function.resize(function.size() - std::string_view("_lock_held").size());
  return finding.rule + " " + finding.name + " " +
         (finding.owner.empty() ? function + " " + finding.place : finding.owner);
}

std::map<std::string, std::size_t> seen_in(const Document& document) {
  std::map<std::string, std::size_t> out;
  for (const Finding& finding : document.findings)
    if (is_seen(finding)) ++out[about(finding)];
  return out;
}

std::set<std::string> ended_by(const std::vector<Document>& plans, const Document& before) {
  std::set<std::string> fingerprints, out;
  for (const Document& planned : plans)
    for (const PlanStep& step : planned.plan->steps)
      for (const PlanFinding& finding : step.ends)
        if (!step.fixes.empty()) fingerprints.insert(finding.fingerprint);
  for (const Finding& finding : before.findings)
    if (fingerprints.contains(finding.fingerprint)) out.insert(about(finding));
  return out;
}

Result<std::string> this_program() {
  std::error_code failed;
  const fs::path found = fs::read_symlink("/proc/self/exe", failed);
  if (failed) return Error{"this program's own file cannot be found: " + failed.message()};
  return found.string();
}

Result<Document> confirmed(const std::string& program, const std::string& path, const ProofOptions& options,
                           const fs::path& scratch) {
  const fs::path report = scratch / "report.json";
  Command command{.argv = {program, "confirm", path, "--budget", std::to_string(options.budget.count()) + "s", "--seed",
                           std::to_string(options.seed), "--format", "json", "-o", report.string(), "--reproducers",
                           (scratch / "reproducers").string()}};
  const auto add = [&](const char* option, const std::string& value) {
    if (!value.empty()) command.argv.insert(command.argv.end(), {option, value});
  };
  add("--python", options.python), add("--tsan-python", options.tsan_python);
  if (options.light) command.argv.push_back("--light");
  std::error_code ignored;
  fs::remove(report, ignored);
  const Result<Outcome> ran = run(command);
  if (!ran.ok()) return ran.error();
  const Result<std::string> text = read_file(report);
  if (!text.ok() || ran->signal != 0)
    return Error{"confirm " + path + " ended with " + ran->describe() + ": " + std::string(trim(ran->err))};
  return reports::read_json(*text);
}

}  // namespace

Result<Proof> prove(const std::string& path, const ProofOptions& options) {
  const Result<std::string> program = this_program();
  if (!program.ok()) return program.error();
  const Result<ScratchFolder> scratch = ScratchFolder::make("proof");
  if (!scratch.ok()) return scratch.error();
  const fs::path copy = scratch->path() / fs::weakly_canonical(path).filename();
  std::error_code failed;
  fs::copy(path, copy, fs::copy_options::recursive | fs::copy_options::copy_symlinks, failed);
  if (failed) return Error{path + " cannot be copied: " + failed.message()};
  Command fix{.argv = {*program, "plan", copy.string(), "--fix", "--fix-compat", options.fix_compat}};
  if (!options.accept.empty()) fix.argv.insert(fix.argv.end(), {"--accept", join(options.accept, ",")});
  const Result<Outcome> fixed = run(fix);
  if (!fixed.ok()) return fixed.error();
  if (fixed->signal != 0 || fixed->exit_code == 2)
    return Error{"the plan could not be made in a copy: " + std::string(trim(fixed->err))};
  Proof out;
  for (const std::string_view line : split(fixed->err, '\n'))
    if (line.find(" made: ") != line.npos) out.made += (out.made.empty() ? "" : "; ") + std::string(line.substr(9));
  if (out.made.empty()) return Error{"no step of the plan is mechanical: there is nothing to run"};
  Result<Document> before = confirmed(*program, path, options, scratch->path());
  if (!before.ok()) return before.error();
  Result<Document> after = confirmed(*program, copy.string(), options, scratch->path());
  if (!after.ok()) return after.error();
  out.before = std::move(*before), out.after = std::move(*after);
  return out;
}

bool is_refuted(const Proof& proof, const std::vector<Document>& plans) {
  const auto after = seen_in(proof.after);
  return std::ranges::any_of(ended_by(plans, proof.before),
                             [&](const std::string& one) { return after.contains(one); });
}

void write_proof(std::ostream& out, const Proof& proof, const std::vector<Document>& plans) {
  const auto before = seen_in(proof.before), after = seen_in(proof.after);
  const std::set<std::string> ended = ended_by(plans, proof.before);
  const auto sum = [&](const std::map<std::string, std::size_t>& seen, bool of_plan) {
    std::size_t count = 0;
    for (const auto& [what, times] : seen) count += ended.contains(what) == of_plan ? times : 0;
    return std::to_string(count);
  };
  out << "\nproof: " << proof.made << "\n";
  std::set<std::string> all;
  for (const auto& [what, times] : before) all.insert(what);
  for (const auto& [what, times] : after) all.insert(what);
  for (const std::string& what : all)
    out << "    " << (before.contains(what) ? "seen" : "    ") << (after.contains(what) ? " -> seen  " : " -> -     ")
        << what << (ended.contains(what) ? "" : "  (no step that was made is about it)") << "\n";
  out << "seen to happen, of what these steps end: " << sum(before, true) << " before, " << sum(after, true)
      << " after; of all else: " << sum(before, false) << " before, " << sum(after, false) << " after\n";
}

}  // namespace ftaudit::cli
