#include "trial/tally.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace ftaudit::trial {
namespace {

using dynamic::Ending;
using dynamic::TestOutcome;
using dynamic::TestRun;
using nlohmann::json;

// "tests/test_a.py" of "tests/test_a.py::test_b[1]"; "pkg.test_a" of "pkg.test_a.Suite.test_b".
std::string file_of(const std::string& test) {
  if (const std::size_t colons = test.find("::"); colons != std::string::npos) return test.substr(0, colons);
  const std::size_t last = test.rfind('.');
  const std::size_t before = last == std::string::npos || last == 0 ? last : test.rfind('.', last - 1);
  return before == std::string::npos ? test : test.substr(0, before);
}

// What the names of the tests begin with that a file would have, had it been loaded; "" for a test.
std::string prefix_of_file(const std::string& name) {
  constexpr std::string_view of_unittest = "unittest.loader._FailedTest.";
  if (name.starts_with(of_unittest)) return name.substr(of_unittest.size()) + ".";
  return name.ends_with(".py") ? name + "::" : "";
}

bool by_threads(Way way) { return way == Way::threads || way == Way::control; }

std::string shown(const TestOutcome& outcome) {
  return outcome.what + (outcome.where.empty() ? "" : " (" + outcome.where + ")");
}

std::vector<json> lines_of(const fs::path& file) {
  std::vector<json> out;
  if (const auto text = read_file(file, 64u << 20))
    for (const std::string& line : split(*text, '\n'))
      if (json told = json::parse(line, nullptr, false); told.is_object()) out.push_back(std::move(told));
  return out;
}

}  // namespace

TriedTest& Tally::test(std::string_view name) {
  TriedTest& out = tests_[std::string(name)];
  out.name = name;
  return out;
}

void Tally::add(Way way, TestRun run, const fs::path& single_file) {
  const bool nothing = run.outcomes.empty() && run.fallen.empty();
  if (nothing && run.problem.empty()) return;  // nobody came to it
  bool whole = true, to_the_end = !run.cut_short && !nothing;
  for (const dynamic::Fallen& one : run.fallen) {
    run.outcomes.erase(one.test);
    const bool at_end = one.test == dynamic::end_of_session;
    whole = whole && !one.test.empty(), to_the_end = to_the_end && !at_end && !one.test.empty();
    fell(way, one.test.empty() ? std::string(the_suite) : at_end ? std::string(the_end) : one.test, one.ending);
  }
  const std::set<std::string> single = read_single(single_file);
  for (const auto& [name, outcome] : run.outcomes) {
    if (single.contains(name)) continue;
    const std::string prefix = prefix_of_file(name);
    bool spread = false;
    if (!prefix.empty() && outcome.kind == TestOutcome::Kind::failed)
      for (auto row = tests_.lower_bound(prefix); row != tests_.end() && row->first.starts_with(prefix); ++row)
        count(way, row->first, outcome), spread = true;
    if (!spread) count(way, name, outcome);
  }
  if (nothing) count(way, std::string(the_suite), {.kind = TestOutcome::Kind::failed, .what = run.problem});
  else if (whole) count(way, std::string(the_suite), {});
  if (to_the_end) count(way, std::string(the_end), {});
}

void Tally::count(Way way, const std::string& name, const TestOutcome& outcome) {
  TriedRuns& runs = test(name).of(way);
  // Refused by the interpreter, GIL or none (signal.signal and its kind): it says nothing of what threads share.
  if (by_threads(way) && outcome.kind == TestOutcome::Kind::failed &&
      outcome.what.find("only works in main thread") != std::string::npos) {
    test(name).single = "it wants the main thread";
    return;
  }
  switch (outcome.kind) {
    case TestOutcome::Kind::passed: ++runs.passed; break;
    case TestOutcome::Kind::skipped: ++runs.skipped; break;
    case TestOutcome::Kind::failed:
      ++runs.failed;
      if (runs.what.empty()) runs.what = shown(outcome);
      break;
  }
}

void Tally::fell(Way way, const std::string& name, const Ending& ending) {
  TriedTest& row = test(name);
  TriedRuns& runs = row.of(way);
  const bool died = ending.kind == Ending::Kind::crashed || ending.kind == Ending::Kind::out_of_memory ||
                    ending.kind == Ending::Kind::exited;
  ++(died ? runs.crashed : runs.stuck);
  Guilt guilt = guilt_of(ending, way == Way::gil ? gil_ : free_);
  if (runs.what.empty()) runs.what = ending.describe();
  // Told is the best that was seen without the GIL.
  if (way == Way::gil || way == Way::control || row.proven || (!row.evidence.empty() && !guilt.proven)) return;
  row.guilty = std::move(guilt.guilty), row.proven = guilt.proven;
  row.evidence = std::move(guilt.evidence), row.stack = std::move(guilt.stack);
}

void Tally::read_entered(const fs::path& file) {
  for (const json& told : lines_of(file)) {
    const auto row = tests_.find(told.value("test", ""));
    if (row == tests_.end()) continue;
    for (const json& one : told.value("packages", json::array())) {
      std::string name = free_.of_module(one.get<std::string>());
      if (name.empty()) name = gil_.of_module(one.get<std::string>());
      if (!name.empty() && std::ranges::find(row->second.enters, name) == row->second.enters.end())
        row->second.enters.push_back(name);
    }
  }
}

std::set<std::string> Tally::read_single(const fs::path& file) {
  std::set<std::string> out;
  if (file.empty()) return out;
  for (const json& told : lines_of(file)) {
    const std::string name = told.value("test", ""), why = told.value("why", "");
    out.insert(name);
    test(name).single = why.empty() ? "not safe to run by threads" : why;
  }
  return out;
}

std::vector<std::string> Tally::that(const std::function<bool(const TriedTest&)>& wanted) const {
  std::vector<std::string> out;
  for (const auto& [name, one] : tests_)
    if (wanted(one)) out.push_back(name);
  return out;
}

std::vector<std::string> Tally::with_neighbours(const std::vector<std::string>& names) const {
  std::set<std::string> files;
  for (const std::string& name : names) {
    if (name == the_suite || name == the_end) return {};
    files.insert(file_of(name));
  }
  return that([&](const TriedTest& one) {
    if (std::ranges::find(names, one.name) != names.end()) return true;
    const TriedAnswer answer = sorted(one);
    const bool settled = answer == TriedAnswer::crashes || answer == TriedAnswer::stands_still ||
                         answer == TriedAnswer::fails_everywhere;
    return !settled && files.contains(file_of(one.name));
  });
}

std::vector<TriedTest> Tally::tests() const {
  std::vector<TriedTest> out;
  for (const auto& [name, one] : tests_) {
    const bool good = std::ranges::all_of(one.by_way, [](const TriedRuns& runs) { return runs.bad() == 0; });
    if ((name == the_suite || name == the_end) && good) continue;
    TriedTest& row = out.emplace_back(one);
    row.answer = sorted(row);
    if (row.guilty.empty() && row.evidence.empty() && stands_against(row.answer)) row.guilty = row.enters;
  }
  std::ranges::stable_sort(out, std::greater(), [](const TriedTest& one) { return one.answer; });
  return out;
}

}  // namespace ftaudit::trial
