// Reports put together, and which packages running could tell more of.
#include <doctest/doctest.h>

#include <sstream>

#include "adoption/adopting.h"
#include "adoption/joined.h"
#include "reports/adoption_json.h"

using namespace ftaudit;
using namespace ftaudit::adoption;

namespace {

AdoptionReport of(const std::string& input, std::vector<PackageReport> packages) {
  AdoptionReport out{.tool_version = "1", .target = "3.13t", .date = "2026-01-31", .inputs = {input}};
  for (PackageReport& package : packages) package.applications = {input};
  out.packages = std::move(packages);
  return out;
}

PackageReport package(const std::string& name, const std::string& version, Standing standing) {
  return {.name = name, .version = version, .standing = standing};
}

}  // namespace

TEST_CASE("a package in one version is one row, and the worst that is known of it stands") {
  const AdoptionReport whole =
      joined({of("a", {package("old", "1", Standing::unknown), package("plain", "1", Standing::pure)}),
              of("b", {package("old", "1", Standing::enables_gil), package("plain", "2", Standing::pure)}),
              of("c", {package("plain", "1", Standing::pure)})});
  REQUIRE(whole.packages.size() == 3);
  CHECK(whole.packages[0].standing == Standing::enables_gil);
  CHECK(whole.packages[0].applications == std::vector<std::string>{"a", "b"});
  CHECK(whole.advice.recommendation == Recommendation::not_yet);
  const std::vector<Blocking> in_the_way = blocking(whole);
  REQUIRE(in_the_way.size() == 1);
  CHECK(in_the_way[0].package->name == "old");
  CHECK(in_the_way[0].applications == 2);
  CHECK(inputs_of(whole).free == 1);
  CHECK(inputs_of(whole).unknown == 0);
  // One that could not be read is not one of those that need nothing.
  AdoptionReport unread = of("lost", {});
  CHECK(inputs_of(joined({whole, unread})).free == 1);
  CHECK(inputs_of(joined({whole, unread})).unknown == 1);
  CHECK(blocking(of("a", {package("old", "1", Standing::enables_gil)})).empty());  // of one application
}

TEST_CASE("what was seen in one application is not lost among others") {
  AdoptionReport tried = of("shop", {package("quick", "1", Standing::supports)});
  tried.application = ApplicationEvidence{.tried = true, .against = {"tests/a.py::b: crash"}};
  tried.packages[0].evidence.of(Look::tried) = {Says::against, "crash in tests/a.py::b", "2026-01-31"};
  const AdoptionReport whole = joined({of("other", {package("quick", "1", Standing::supports)}), tried});
  CHECK(whole.packages[0].evidence.of(Look::tried).says == Says::against);
  CHECK(whole.notes == std::vector<std::string>{"shop: tests/a.py::b: crash"});
}

TEST_CASE("a report is read back as it was written, and what is none is refused") {
  PackageReport full = package("old", "1", Standing::hazards);
  full.modules = {{.file = "old/_x.so", .name = "_x", .gil = Gil::not_used}};
  full.scan = ScanSummary{.high = 1, .files = 2}, full.probe = ProbeSummary{.gil_after = true, .culprits = {"old._x"}};
  full.confirm = ConfirmSummary{.confirmed = 1, .against = 1};
  full.trial.emplace().incidents = {{"tests/a.py::b", "crash", true}};
  full.evidence.of(Look::scanned) = {Says::against, "1 finding", "1"};
  const AdoptionReport report = joined({of("a", {full})});
  std::ostringstream first, second;
  reports::write_adoption_json(first, report);
  CHECK(reports::is_adoption_report(first.str()));
  const auto read = reports::read_adoption_report(first.str());
  REQUIRE(read.ok());
  reports::write_adoption_json(second, joined({*read}));
  CHECK(first.str() == second.str());
  for (const std::string text : {"", "[]", "{\"packages\": 1, \"advice\": 2}", "{\"schema\": 1}"})
    CHECK_FALSE(reports::read_adoption_report(text).ok());
  CHECK_FALSE(reports::is_adoption_report("{\"findings\": []}"));
}

TEST_CASE("packages that something was seen of stand out, proven before suspected before scanned") {
  AdoptionReport report;
  PackageReport scanned = package("scanned", "1", Standing::supports),
                suspect = package("suspect", "1", Standing::supports),
                proven = package("proven", "1", Standing::hazards), plain = package("plain", "1", Standing::pure),
                quiet = package("quiet", "1", Standing::supports), done = package("done", "1", Standing::hazards);
  for (PackageReport* one : {&scanned, &suspect, &proven, &quiet, &done}) one->modules = {{.name = "_x"}};
  scanned.scan = ScanSummary{.high = 2};
  suspect.trial.emplace().incidents = {{"t", "race that the GIL hid", false}};
  proven.trial.emplace().incidents = {{"t", "crash", true}};
  done.confirm = ConfirmSummary{.confirmed = 1};
  report.packages = {scanned, suspect, plain, quiet, done, proven};
  CHECK(stand_out(report) == std::vector<std::string>{"proven", "suspect", "scanned"});
}
