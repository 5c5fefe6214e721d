#include <algorithm>
#include <map>
#include <tuple>

#include "base/text.h"
#include "reports/columns.h"
#include "reports/trial.h"

namespace ftaudit::reports {
namespace {

// Ran with the GIL, went well, and nobody came to it without.
bool is_unseen(const TriedTest& test) {
  return test.answer == TriedAnswer::undecided &&
         std::ranges::all_of(test.by_way, [](const TriedRuns& runs) { return runs.bad() == 0; });
}

bool is_quiet(const TriedTest& test) {
  return test.answer == TriedAnswer::passes || test.answer == TriedAnswer::alone_only ||
         test.answer == TriedAnswer::skipped || is_unseen(test);
}

std::string with_version(const TriedPackage& one) {
  return printable(one.name) + (one.version.empty() ? "" : " " + printable(one.version));
}

std::vector<const TriedPackage*> those(const Trial& trial, TriedPackage::State state) {
  std::vector<const TriedPackage*> out;
  for (const TriedPackage& one : trial.packages)
    if (one.state == state) out.push_back(&one);
  return out;
}

// "a 1.0, b 2.1 and 3 more".
std::string names(const std::vector<const TriedPackage*>& packages) {
  constexpr std::size_t most = 8;
  std::vector<std::string> told;
  for (const TriedPackage* one : packages)
    if (told.size() < most) told.push_back(with_version(*one));
  return join(told, ", ") + (packages.size() > most ? " and " + std::to_string(packages.size() - most) + " more" : "");
}

void installed(const Trial& trial, std::vector<TrialLine>& out) {
  using State = TriedPackage::State;
  std::size_t here = 0, compiled = 0;
  std::vector<const TriedPackage*> built;
  for (const TriedPackage& one : trial.packages) {
    const bool there = one.state != State::cannot_install && one.state != State::cannot_install_anywhere;
    here += there ? 1 : 0, compiled += there && !one.modules.empty() ? 1 : 0;
    if (one.built_here) built.push_back(&one);
  }
  out.push_back({"install", counted(here, "distribution") + ", " + std::to_string(compiled) +
                                " of them with compiled code" +
                                (built.empty() ? "" : "; built from sources here: " + names(built))});
  for (const TriedPackage* one : those(trial, State::cannot_install))
    out.push_back(
        {"install",
         with_version(*one) +
             (one->for_tests ? ", which the tests want, cannot be installed, and was left out with the GIL, too: "
                             : " cannot be installed, and can be with the GIL: ") +
             printable(one->why),
         !one->for_tests});
  for (const TriedPackage* one : those(trial, State::cannot_install_anywhere))
    out.push_back({"install", with_version(*one) + " cannot be installed on either: " + printable(one->why)});
  std::vector<std::string> let_go;
  for (const TriedPackage& one : trial.packages)
    if (!one.pin.empty())
      let_go.push_back(with_version(one) + ", asked for as " + printable(one.pin) + " (" + printable(one.why) + ")");
  for (const std::string& text : let_go) out.push_back({"install", "not the exact version: " + text});
  if (const auto without = those(trial, State::without_c_part); !without.empty())
    out.push_back({"install", "WITHOUT the compiled part that they have with the GIL: " + names(without)});
  if (const auto other = those(trial, State::other_version); !other.empty()) {
    std::vector<std::string> told;
    for (const TriedPackage* one : other)
      told.push_back(with_version(*one) + " (" + printable(one->gil_version) + " with the GIL)");
    out.push_back({"install", "another version: " + join(told, ", ")});
  }
}

void imported(const Trial& trial, std::vector<TrialLine>& out) {
  if (!trial.imports_tried) return;
  std::vector<std::string> by;
  for (const TriedImport& one : trial.imports)
    if (one.switched_gil_on)
      by.push_back(printable(one.module) + (one.package.empty() ? "" : " of " + printable(one.package)));
  if (by.empty())
    out.push_back(
        {"GIL", trial.tests.empty() ? "stays off after all imports" : "stays off after all imports and in all runs"});
  else
    out.push_back({"GIL",
                   "COMES BACK with " + join(by, ", ") + (trial.forced ? "; the runs held it off (PYTHON_GIL=0)" : ""),
                   true});
  for (const TriedImport& one : trial.imports)
    if (!one.problem.empty() && one.only_without)
      out.push_back(
          {"import", printable(one.module) + " fails, and does not with the GIL: " + printable(one.problem), true});
}

// What failed where: "AssertionError (test_shop.py:38)" of "AssertionError: 3 != 4 (test_shop.py:38)". Where no place
// is known, the text without its numbers.
std::string kind_of_failure(std::string what) {
  const std::size_t place = what.rfind(" (");
  if (place != std::string::npos && what.ends_with(')') && what.find(':', place) != std::string::npos)
    return what.substr(0, std::min(what.find(": "), place)) + what.substr(place);
  std::erase_if(what, [](char c) { return c >= '0' && c <= '9'; });
  return what;
}

}  // namespace

std::string head_of(const Trial& of) {
  return "trial of " + printable(of.application) + " on " + of.free.name + " (" + of.free.version + ") beside " +
         of.gil.name + (of.gil.version == of.free.version ? "" : " (" + of.gil.version + ")") + ": " +
         counted(of.packages.size(), "package") + ", " + counted(of.tests.size(), "test") +
         (of.runner.empty() || of.runner == "none" ? "" : " by " + printable(of.runner));
}

std::string verdict_of(const Trial& of) {
  std::map<TriedAnswer, std::size_t, std::greater<>> against;
  for (const TriedTest& one : of.tests)
    if (stands_against(one.answer)) ++against[one.answer];
  if (stands_against(of)) {
    std::string out = "does not hold without the GIL";
    std::vector<std::string> told;
    for (const auto& [answer, number] : against)
      told.push_back(counted(number, "test") + ": " + std::string(title_of(answer)));
    return out + (told.empty() ? "" : " (" + join(told, "; ") + ")");
  }
  if (of.incomplete) return "nothing stands against it in what was looked at, and not all was";
  std::size_t by_threads = 0, passing = 0;
  for (const TriedTest& one : of.tests) passing += one.of(Way::alone).passed > 0 ? 1 : 0;
  for (const TriedTest& one : of.tests) by_threads += one.of(Way::threads).runs() > 0 ? 1 : 0;
  return "holds without the GIL in " + counted(passing, "test") + ", " +
         (by_threads == 0 ? "none" : std::to_string(by_threads)) + " of them by " + counted(of.threads, "thread") +
         ", " + counted(of.rounds, "round") + "; that is no proof that nothing races";
}

std::vector<TrialLine> lines_of(const Trial& of) {
  std::vector<TrialLine> out;
  installed(of, out), imported(of, out);
  return out;
}

std::vector<TrialRow> rows_of(const Trial& of) {
  std::vector<TrialRow> out;
  std::map<std::tuple<TriedAnswer, std::string, std::string>, std::size_t> known;
  for (const TriedTest& one : of.tests) {
    if (is_quiet(one)) continue;
    std::string what;
    for (const TriedRuns& runs : one.by_way)
      if (what.empty()) what = runs.what;
    const auto [at, fresh] = known.try_emplace({one.answer, reason_of(one), kind_of_failure(what)}, out.size());
    if (fresh) out.push_back({&one, {}});
    else out[at->second].others.push_back(&one);
  }
  return out;
}

std::vector<LeftOutRows> shorten(std::vector<TrialRow>& rows) {
  constexpr std::size_t most_against = 40, most_others = 8;
  std::map<TriedAnswer, std::size_t> shown;
  std::vector<LeftOutRows> out;
  std::erase_if(rows, [&](const TrialRow& row) {
    const TriedAnswer answer = row.test->answer;
    if (++shown[answer] <= (stands_against(answer) ? most_against : most_others)) return false;
    if (out.empty() || out.back().answer != answer) out.push_back({answer, 0, 0});
    ++out.back().rows, out.back().tests += 1 + row.others.size();
    return true;
  });
  return out;
}

std::string quiet_of(const Trial& of) {
  std::map<TriedAnswer, std::size_t> number;
  std::size_t unseen = 0;
  for (const TriedTest& one : of.tests) ++(is_unseen(one) ? unseen : number[one.answer]);
  std::vector<std::string> told;
  if (const std::size_t n = number[TriedAnswer::passes]) told.push_back(std::to_string(n) + " pass in every way");
  if (const std::size_t n = number[TriedAnswer::alone_only])
    told.push_back(std::to_string(n) + " pass, and were not run by several threads");
  if (const std::size_t n = number[TriedAnswer::skipped]) told.push_back(std::to_string(n) + " were skipped");
  if (unseen > 0) told.push_back(std::to_string(unseen) + " pass with the GIL, and were not run without");
  return join(told, "; ");
}

std::string way_title(const Trial& of, Way way) {
  switch (way) {
    case Way::gil: return "GIL build";
    case Way::alone: return "alone";
    case Way::threads: return std::to_string(of.threads) + " threads";
    case Way::control: return "GIL on";
  }
  return {};
}

std::string cell_text(const TriedRuns& runs) {
  if (runs.runs() == 0) return runs.skipped > 0 ? "skipped" : "-";
  if (runs.bad() == 0) return "ok";
  const std::string kind = runs.crashed > 0 ? "crash" : runs.stuck > 0 ? "hangs" : "fails";
  return kind + " " + std::to_string(runs.bad()) + "/" + std::to_string(runs.runs());
}

std::string reason_of(const TriedTest& test) {
  std::vector<std::string> guilty;
  for (const std::string& one : test.guilty) guilty.push_back(printable(one));
  const std::string whose = guilty.empty()       ? ""
                            : test.proven        ? "in " + join(guilty, ", ")
                            : guilty.size() == 1 ? "perhaps " + guilty[0] + ", or the application"
                                                 : "one of " + join(guilty, ", ") + ", or the application";
  if (test.evidence.empty()) return whose;
  return whose + (whose.empty() ? "" : ": ") + printable(test.evidence);
}

}  // namespace ftaudit::reports
