// One verdict from all the evidence: rows a package, and what overrides what.
#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>

#include "adoption/weighing.h"
#include "reports/measurement.h"
#include "reports/trial.h"

using namespace ftaudit;
using namespace ftaudit::adoption;

namespace {

AdoptionReport packages() {
  AdoptionReport out{.target = "3.13t"};
  PackageReport pure{.name = "plain", .version = "1.0", .standing = Standing::pure};
  PackageReport fast{.name = "Fast_Thing", .version = "2.0", .standing = Standing::supports};
  fast.modules = {{.file = "fast/_core.cpython-313t-x86_64-linux-gnu.so", .name = "_core", .gil = Gil::not_used}};
  fast.scan = ScanSummary{.high = 2, .files = 3};
  PackageReport slow{.name = "slow", .version = "3.0", .standing = Standing::declared_only};
  slow.modules = {{.file = "slow/_s.cpython-313t-x86_64-linux-gnu.so", .name = "_s", .gil = Gil::not_used}};
  slow.confirm = ConfirmSummary{.reached = 4};
  out.packages = {pure, fast, slow};
  out.advice = {.recommendation = Recommendation::go, .headline = "Go", .because = {"What computes gains"}};
  return out;
}

Trial trial() {
  Trial out{.application = "shop", .date = "2026-01-31", .free = {.name = "3.13t", .version = "3.13.5"}, .threads = 4};
  out.installed = out.imports_tried = out.gil_stays_off = true;
  out.packages = {{.name = "plain", .version = "1.0"},
                  {.name = "fast-thing", .version = "2.0"},
                  {.name = "slow", .version = "3.0"}};
  TriedTest quiet{.name = "tests/a.py::b", .answer = TriedAnswer::passes, .enters = {"slow"}};
  quiet.of(Way::threads).passed = 3;
  out.tests = {quiet};
  return out;
}

void crash(Trial& in, const std::string& whose, bool proven) {
  TriedTest test{.name = "tests/a.py::stock", .answer = TriedAnswer::crashes, .guilty = {whose}, .proven = proven};
  test.of(Way::threads).crashed = 1;
  in.tests.insert(in.tests.begin(), test);
}

AdoptionReport weighed(const Trial* trial, const Measurement* measurement, AdoptionReport out = packages()) {
  lay_beside(out, trial);
  weigh(out, trial, measurement, true);
  return out;
}

Says says(const AdoptionReport& report, std::size_t package, Look look) {
  return report.packages[package].evidence.of(look).says;
}

Measurement gains() {
  Measurement out{.what = "jobs:work",
                  .date = "2026-01-31",
                  .processors = 2,
                  .rows = {{.workload = "jobs:work", .quantity = "CPU time", .ratio = {1.2, 1.2, 1.2, 14}}}};
  out.builds[1].name = "3.13t";
  for (const auto& [build, lanes, wall] : {std::tuple{0u, 1u, 0.1}, {1u, 1u, 0.12}, {0u, 2u, 0.2}, {1u, 2u, 0.12}})
    for (std::size_t i = 0; i < 14; ++i)
      out.samples.push_back({.workload = "jobs:work",
                             .build = build,
                             .order = out.samples.size(),
                             .lanes = lanes,
                             .wall = wall,
                             .cpu = 0.1 * (1 + 0.01 * static_cast<double>(i % 2)),
                             .clean = wall,
                             .memory = 1 << 24,
                             .gil_known = true,
                             .gil = build == 0});
  out.loaded[0] = {"fast/_core.cpython-313-x86_64-linux-gnu.so", "slow/_s.cpython-313-x86_64-linux-gnu.so"};
  out.loaded[1] = {"slow/_s.cpython-313t-x86_64-linux-gnu.so"};
  return out;
}

}  // namespace

TEST_CASE("without a trial and a measurement the advice on the packages stays") {
  const AdoptionReport report = weighed(nullptr, nullptr);
  CHECK_FALSE(report.application);
  CHECK(report.advice.headline == "Go");
  CHECK(says(report, 1, Look::declared) == Says::in_favour);
  CHECK(says(report, 1, Look::scanned) == Says::against);
  CHECK(says(report, 2, Look::confirmed) == Says::silent);
  CHECK(says(report, 2, Look::tried) == Says::not_looked);
}

TEST_CASE("what is proven lowers a package's standing, a suspicion does not, and either blocks") {
  Trial tried = trial();
  AdoptionReport report = weighed(&tried, nullptr);
  CHECK(says(report, 2, Look::tried) == Says::in_favour);
  CHECK(says(report, 1, Look::tried) == Says::silent);  // nothing entered it
  CHECK(report.advice.branch == "cannot-tell");
  CHECK(report.advice.recommendation == Recommendation::go);  // as before: what it gains is open
  CHECK_FALSE(report.advice.missing.empty());

  crash(tried, "slow", false);
  report = weighed(&tried, nullptr);
  CHECK(report.packages[2].standing == Standing::declared_only);
  CHECK(says(report, 2, Look::tried) == Says::silent);
  CHECK(report.advice.branch == "blocked");
  CHECK(report.advice.recommendation == Recommendation::not_yet);

  tried.tests[0].proven = true;
  report = weighed(&tried, nullptr);
  CHECK(report.packages[2].standing == Standing::hazards);
  CHECK(says(report, 2, Look::tried) == Says::against);
  CHECK(report.advice.rests_on[0] == "tests/a.py::stock: crash, in slow");

  // Another version than the one that is judged: told, and no verdict on it.
  tried.packages[2].version = "2.9";
  report = weighed(&tried, nullptr);
  CHECK(report.packages[2].standing == Standing::declared_only);
  CHECK(report.packages[2].not_checked[0].find("2.9") != std::string::npos);
}

TEST_CASE("a trial that switched the GIL on, or could not install, is on the package's row") {
  Trial tried = trial();
  tried.switched_on_by = {"slow._s"}, tried.gil_stays_off = false;
  tried.imports = {{.module = "slow._s", .package = "slow", .switched_gil_on = true}};
  tried.packages[1] = {.name = "Fast_Thing[all]>=1", .state = TriedPackage::State::cannot_install, .why = "no wheel"};
  const AdoptionReport report = weighed(&tried, nullptr);
  CHECK(report.packages[2].standing == Standing::enables_gil);
  CHECK(report.packages[1].standing == Standing::cannot_install);
  CHECK(report.application->against.size() == 2);
}

TEST_CASE("measured work that gains is switched where the trial holds, and tried in staging else") {
  const Trial tried = trial();
  const Measurement measured = gains();
  AdoptionReport report = weighed(&tried, &measured);
  CHECK(report.advice.branch == "batch");
  CHECK(report.advice.recommendation == Recommendation::go);
  CHECK(report.application->kind == Workload::cpu);
  CHECK(report.notes[0].find("said to be mixed, and is cpu as measured") != std::string::npos);
  CHECK(says(report, 2, Look::measured) == Says::in_favour);
  CHECK(says(report, 1, Look::measured) == Says::against);  // its compiled part with the GIL only
  CHECK(says(report, 0, Look::measured) == Says::silent);

  report = weighed(nullptr, &measured);
  CHECK(report.advice.branch == "pays");
  CHECK(report.advice.recommendation == Recommendation::staging);

  AdoptionReport doubtful = packages();
  doubtful.packages[2].standing = Standing::unknown;
  CHECK(weighed(&tried, &measured, doubtful).advice.recommendation == Recommendation::staging);
  doubtful.advice.recommendation = Recommendation::not_yet,
  doubtful.advice.headline = "Not yet: it cannot be installed";
  report = weighed(&tried, &measured, doubtful);
  CHECK(report.advice.branch == "blocked");
  CHECK(report.advice.headline == "Not yet: it cannot be installed");
}

TEST_CASE("a trial and a measurement are read back as they were written, and what is neither is refused") {
  Trial tried = trial();
  crash(tried, "slow", true);
  tried.tests[0].of(Way::threads).what = "SIGSEGV", tried.notes = {"a note"}, tried.runner = "pytest";
  std::ostringstream first, second;
  reports::write_trial_json(first, tried);
  const auto read = reports::read_trial_json(first.str());
  REQUIRE(read.ok());
  reports::write_trial_json(second, *read);
  CHECK(first.str() == second.str());

  std::ostringstream third, fourth;
  reports::write_measurement_json(third, gains());
  const auto again = reports::read_measurement_json(third.str());
  REQUIRE(again.ok());
  reports::write_measurement_json(fourth, *again);
  CHECK(third.str() == fourth.str());

  for (const std::string text : {"", "{", "[]", "{\"schema\": 2}", "null", "{\"schema\": 1, \"tool\": 3}"}) {
    CHECK_FALSE(reports::read_trial_json(text).ok());
    CHECK_FALSE(reports::read_measurement_json(text).ok());
  }
  CHECK(reports::read_trial_json(third.str()).message().find("is missing") != std::string::npos);
  // Cut anywhere it is an error or the whole, never a crash.
  for (std::size_t end = 0; end < third.str().size(); end += 97)
    CHECK_FALSE(reports::read_measurement_json(third.str().substr(0, end)).ok());
}
