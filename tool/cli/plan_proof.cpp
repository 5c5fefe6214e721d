#include "cli/plan_proof.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>

#include "base/files.h"
#include "base/process.h"
#include "base/text.h"
#include "dynamic/runs/runs.h"
#include "finding/edits.h"
#include "reports/json_reader.h"

namespace ftaudit::cli {
namespace {

bool is_seen(const Finding& finding) {
  return finding.witness && finding.witness->verdict == Witness::Verdict::confirmed;
}

// Lines move and functions get other names: what a finding is about stays.
std::string about(const Finding& finding) {
  const std::string function(before_locks(finding.function));
  return finding.rule + " " + finding.name + " " +
         (finding.owner.empty() ? function + " " + finding.place : finding.owner);
}

std::map<std::string, std::size_t> seen_in(const Document& document) {
  std::map<std::string, std::size_t> out;
  for (const Finding& finding : document.findings)
    if (is_seen(finding)) ++out[about(finding)];
  return out;
}

using Findings = std::vector<PlanFinding> PlanStep::*;

// Fingerprints of what the steps end, or end part of, that were made.
std::set<std::string> made_for(const Proof& proof, const std::vector<Document>& plans,
                               Findings which = &PlanStep::ends) {
  std::set<std::string> out;
  for (const Document& planned : plans)
    for (const PlanStep& step : planned.plan->steps)
      for (const PlanFinding& finding : step.*which)
        if (!step.fixes.empty() && proof.steps.contains(step.number)) out.insert(finding.fingerprint);
  return out;
}

std::set<std::string> ended_by(const Proof& proof, const std::vector<Document>& plans,
                               Findings which = &PlanStep::ends) {
  const Document& before = proof.before;
  const std::set<std::string> fingerprints = made_for(proof, plans, which);
  std::set<std::string> out;
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
                           const fs::path& scratch, const fs::path& kept) {
  const fs::path report = scratch / "report.json";
  Command command{.argv = {program, "confirm", path, "--budget", std::to_string(options.budget.count()) + "s", "--seed",
                           std::to_string(options.seed), "--format", "json", "-o", report.string(), "--reproducers",
                           (scratch / "reproducers").string(), "--keep", kept.string()}};
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

// Where confirm leaves the environment with the plain build, and what can be called in it.
fs::path plain_python(const fs::path& kept) { return kept / "plain" / "bin" / "python"; }
fs::path survey_of(const fs::path& kept) { return kept / "stress" / "survey.json"; }

// Both builds in turn with the same calls, so that what else the machine does is in both.
Status time_calls(Proof& proof, const fs::path& before, const fs::path& after, const std::set<std::string>& findings,
                  const fs::path& scratch) {
  constexpr int pairs = 5;
  const auto driver = dynamic::StressDriver::write(scratch / "timing");
  if (!driver.ok()) return driver.error();
  const fs::path result = scratch / "timing.json";
  std::map<std::string, std::vector<double>> ratios;
  for (int pair = 0; pair < pairs; ++pair) {
    std::map<std::string, double> seconds[2];
    for (const int which : {0, 1}) {
      const dynamic::Invocation call = driver->timing(plain_python(which == 0 ? before : after), survey_of(before),
                                                      result, {findings.begin(), findings.end()});
      const Result<Outcome> ran =
          run({.argv = call.argv, .environment = call.environment, .timeout = std::chrono::minutes(3)});
      if (!ran.ok()) return ran.error();
      if (!ran->succeeded()) return Error{"the timing run ended with " + ran->describe()};
      const Result<std::string> text = read_file(result);
      if (!text.ok()) return text.error();
      for (const std::string_view line : split(*text, '\n'))
        if (const std::size_t tab = line.find('\t'); tab != line.npos)
          seconds[which][std::string(line.substr(tab + 1))] =
              std::strtod(std::string(line.substr(0, tab)).c_str(), nullptr);
    }
    for (const auto& [operation, time] : seconds[0])
      if (const auto other = seconds[1].find(operation); other != seconds[1].end() && time > 0)
        ratios[operation].push_back(other->second / time);
  }
  for (auto& [operation, all] : ratios) {
    std::ranges::sort(all);
    proof.costs.push_back({operation, all[all.size() / 2], all.front(), all.back()});
  }
  return proof.costs.empty() ? Status(Error{"no call that the findings are about could be made"}) : Status(Done{});
}

std::string in_words(const CallCost& cost) {
  char text[64];
  std::snprintf(text, sizeof text, " %.2f (%.2f to %.2f)", cost.median, cost.lowest, cost.highest);
  return cost.operation + text;
}

// What confirm says of the tests.
void write_tests(std::ostream& out, const Document& document, const char* when) {
  for (const std::string& note : document.notes)
    if (note.starts_with("the tests on the plain build")) out << "    " << when << ": " << note << "\n";
}

}  // namespace

Result<Proof> prove(const std::string& path, const ProofOptions& options, const std::vector<Document>& plans) {
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
    if (const std::size_t at = line.find(" made: "); at != line.npos) {
      out.made += (out.made.empty() ? "" : "; ") + std::string(line.substr(9));
      for (const std::string_view word : split(line.substr(0, at), ' '))
        if (const std::uint32_t number = std::strtoul(std::string(word).c_str(), nullptr, 10); number > 0)
          out.steps.insert(number);
    }
  if (out.made.empty()) return Error{"no step of the plan is mechanical: there is nothing to run"};
  Result<Document> before = confirmed(*program, path, options, scratch->path(), scratch->path() / "before");
  if (!before.ok()) return before.error();
  Result<Document> after = confirmed(*program, copy.string(), options, scratch->path(), scratch->path() / "after");
  if (!after.ok()) return after.error();
  out.before = std::move(*before), out.after = std::move(*after);
  if (const Status timed =
          time_calls(out, scratch->path() / "before", scratch->path() / "after", made_for(out, plans), scratch->path());
      !timed.ok())
    out.why_no_costs = timed.message();
  return out;
}

bool is_refuted(const Proof& proof, const std::vector<Document>& plans) {
  const auto after = seen_in(proof.after);
  return std::ranges::any_of(ended_by(proof, plans), [&](const std::string& one) { return after.contains(one); });
}

void write_proof(std::ostream& out, const Proof& proof, const std::vector<Document>& plans) {
  const auto before = seen_in(proof.before), after = seen_in(proof.after);
  const std::set<std::string> ended = ended_by(proof, plans);
  const std::set<std::string> lessened = ended_by(proof, plans, &PlanStep::lessens);
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
        << what
        << (ended.contains(what)      ? ""
            : lessened.contains(what) ? "  (a step that was made ends part of it)"
                                      : "  (no step that was made is about it)")
        << "\n";
  out << "seen to happen, of what these steps end: " << sum(before, true) << " before, " << sum(after, true)
      << " after; of all else: " << sum(before, false) << " before, " << sum(after, false) << " after\n";
  write_tests(out, proof.before, "before"), write_tests(out, proof.after, "after");
  out << "time of one call by one thread on the plain build, after against before (lowest to highest):";
  if (proof.costs.empty()) out << " not known: " << proof.why_no_costs;
  out << "\n";
  constexpr std::size_t shown = 12;
  std::vector<CallCost> costs = proof.costs;
  std::ranges::stable_sort(costs, std::greater(), &CallCost::median);
  for (std::size_t i = 0; i < costs.size() && i < shown; ++i) out << "    " << in_words(costs[i]) << "\n";
  if (costs.size() > shown) {
    char text[64];
    std::snprintf(text, sizeof text, "%.2f to %.2f", costs.back().median, costs[shown].median);
    out << "    and " << counted(costs.size() - shown, "more call") << ", " << text << "\n";
  }
}

}  // namespace ftaudit::cli
