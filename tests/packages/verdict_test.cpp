// Every rung of the ladder by hand, and what the rungs together mean for a set.
#include "packages/verdict/judge.h"

#include <doctest/doctest.h>

#include "packages/verdict/advice.h"

using namespace ftaudit;
using namespace ftaudit::packages;

namespace {

WheelBinary library(const std::string& path, Gil gil, InitStyle style = InitStyle::multi_phase,
                    std::string delegate = {}) {
  Binary binary;
  const std::string name = path.substr(path.rfind('/') + 1);
  const std::string module = name.substr(0, name.find('.'));
  binary.modules.push_back({.module = module,
                            .init = "PyInit_" + module,
                            .style = style,
                            .gil = gil,
                            .how = "as the test says",
                            .delegate = std::move(delegate)});
  binary.origins = {"C"};
  return {path, std::move(binary)};
}

Evidence with(std::vector<WheelBinary> extensions) {
  Evidence out;
  out.name = "spam", out.version = "1.0", out.target = "3.13t", out.offer = Offer::free_threaded, out.file = "spam.whl";
  Wheel wheel;
  wheel.extensions = std::move(extensions);
  out.wheel = std::move(wheel);
  return out;
}

PackageReport package(std::string name, Standing standing, bool direct = true,
                      std::vector<std::string> needed_by = {}) {
  PackageReport out;
  out.name = std::move(name), out.standing = standing, out.direct = direct, out.needed_by = std::move(needed_by);
  return out;
}

}  // namespace

TEST_CASE("one module that declares nothing decides for all") {
  const PackageReport report = judge(with({library("spam/a.so", Gil::not_used), library("spam/b.so", Gil::missing)}));
  CHECK(report.standing == Standing::enables_gil);
  CHECK(report.confidence == Confidence::likely);
  CHECK(report.summary.find("b") != std::string::npos);
}

TEST_CASE("declared, claimed, backed") {
  Evidence evidence = with({library("spam/a.so", Gil::not_used)});
  CHECK(judge(evidence).standing == Standing::declared_only);
  evidence.classifiers = {"Programming Language :: Python :: Free Threading :: 1 - Unstable"};
  CHECK(judge(evidence).standing == Standing::declared_only);
  evidence.classifiers = {"Programming Language :: Python :: Free Threading :: 3 - Stable"};
  CHECK(judge(evidence).standing == Standing::supports);
  evidence.scan = ScanSummary{.high = 2, .files = 3};
  CHECK(judge(evidence).standing == Standing::hazards);
  evidence.probe = ProbeSummary{.gil_after = true, .culprits = {"spam.a"}};
  CHECK(judge(evidence).standing == Standing::enables_gil);
  CHECK(judge(evidence).confidence == Confidence::certain);
}

TEST_CASE("a module that another package's module makes declares what its maker does") {
  Evidence evidence = with({library("spam/_lib.so", Gil::unknown, InitStyle::delegated, "_maker")});
  CHECK(judge(evidence).standing == Standing::unknown);
  std::map<std::string, Declaration> others;
  add_top_level(with({library("_maker.so", Gil::not_used), library("deep/_lib.so", Gil::used)}), others);
  CHECK(others.size() == 1);
  evidence.others = &others;
  CHECK(judge(evidence).standing == Standing::declared_only);
  CHECK(judge(evidence).modules[0].how.find("_maker") != std::string::npos);
  others.at("_maker").gil = Gil::missing;
  CHECK(judge(evidence).standing == Standing::enables_gil);
}

TEST_CASE("what was seen to happen outweighs a claim, and is surer than a scan") {
  Evidence evidence = with({library("spam/a.so", Gil::not_used)});
  evidence.classifiers = {"Programming Language :: Python :: Free Threading :: 3 - Stable"};
  evidence.confirm = ConfirmSummary{.reached = 4, .not_reached = 1};
  CHECK(judge(evidence).standing == Standing::supports);
  evidence.confirm = ConfirmSummary{.confirmed = 1, .reached = 4};  // of low severity
  CHECK(judge(evidence).standing == Standing::supports);
  evidence.scan = ScanSummary{.high = 2, .files = 3};
  CHECK(judge(evidence).confidence == Confidence::likely);
  evidence.confirm = ConfirmSummary{.confirmed = 2, .against = 1, .reached = 4, .report = "kept/report.html"};
  const PackageReport report = judge(evidence);
  CHECK(report.standing == Standing::hazards);
  CHECK(report.confidence == Confidence::certain);
  CHECK(report.reasons[2].what ==
        "built and run: 2 findings confirmed, 4 reached and not seen to happen, 0 not reached; full report: "
        "kept/report.html");
  evidence.confirm->screened = true;
  CHECK(judge(evidence).confidence == Confidence::likely);
  evidence.confirm = ConfirmSummary{.failed = "there is no sdist"};
  CHECK(judge(evidence).not_checked == std::vector<std::string>{"running it: there is no sdist"});

  Evidence switches = with({library("spam/a.so", Gil::missing)});
  switches.confirm = ConfirmSummary{.confirmed = 3, .against = 3};
  CHECK(judge(switches).standing == Standing::enables_gil);
}

TEST_CASE("an import backs a claim, and does not outweigh a module it did not load") {
  Evidence evidence = with({library("spam/a.so", Gil::not_used)});
  evidence.probe = ProbeSummary{.gil_after = false};
  CHECK(judge(evidence).standing == Standing::supports);
  CHECK(judge(evidence).confidence == Confidence::certain);
  evidence = with({library("spam/a.so", Gil::not_used), library("spam/b.so", Gil::used)});
  evidence.probe = ProbeSummary{.gil_after = false};
  CHECK(judge(evidence).standing == Standing::enables_gil);
}

TEST_CASE("what could not be read is unknown and says why") {
  Evidence evidence = with({library("spam/a.so", Gil::unknown)});
  CHECK(judge(evidence).standing == Standing::unknown);
  evidence = with({library("spam/a.so", Gil::not_used)});
  (*evidence.wheel)->not_read = {"spam/b.so: 412 MB"};
  CHECK(judge(evidence).standing == Standing::unknown);
  CHECK(judge(evidence).not_checked == std::vector<std::string>{"spam/b.so: 412 MB"});
  evidence.wheel = Result<Wheel>(Error{"cut short"});
  CHECK(judge(evidence).standing == Standing::unknown);
  CHECK(judge(evidence).reasons[0].what == "cut short");
}

TEST_CASE("a module that hands over says what the other one says") {
  const PackageReport report = judge(with(
      {library("8f__mypyc.so", Gil::not_used), library("spam/a.so", Gil::unknown, InitStyle::delegated, "8f__mypyc")}));
  CHECK(report.standing == Standing::declared_only);
  CHECK(report.modules[1].how.find("of which") != std::string::npos);
}

TEST_CASE("a library without the init function of its name is no module; native code alone never held the GIL") {
  Evidence evidence = with({});
  (*evidence.wheel)->foreign = {"spam/libspam.so.1"};
  CHECK(judge(evidence).standing == Standing::pure);
  CHECK(judge(evidence).confidence == Confidence::likely);
}

TEST_CASE("no wheel: whether it builds") {
  Evidence evidence;
  evidence.name = "spam", evidence.target = "3.13t", evidence.offer = Offer::gil_only, evidence.offer_detail = "abi3";
  PackageReport report = judge(evidence);
  CHECK(report.standing == Standing::no_wheel);
  CHECK(report.builds == Builds::no);
  evidence.has_source = true;
  evidence.source =
      Result<SourceArchive>(SourceArchive{.backend = "maturin", .compiled = {"Rust"}, .compiled_files = 3});
  CHECK(judge(evidence).builds == Builds::unknown);
  (*evidence.source)->limited_api = true;
  CHECK(judge(evidence).builds == Builds::no);
  evidence.offer = Offer::source_only;
  evidence.source = Result<SourceArchive>(SourceArchive{});
  CHECK(judge(evidence).standing == Standing::pure);
  evidence.resolution_error = "no index knows it; did you mean span?";
  CHECK(judge(evidence).standing == Standing::cannot_install);
}

TEST_CASE("advice follows the worst, the workload, and names the chain") {
  std::vector<PackageReport> set{package("app", Standing::pure), package("lib", Standing::pure, false, {"app"}),
                                 package("core", Standing::enables_gil, false, {"lib"})};
  ftaudit::Advice advice = advise(set, Workload::cpu, "3.14t");
  CHECK(advice.recommendation == Recommendation::not_yet);
  CHECK(advice.chains == std::vector<std::vector<std::string>>{{"app", "lib", "core"}});
  CHECK(advice.blockers == std::vector<std::string>{"core"});
  set[2].standing = Standing::supports;
  CHECK(advise(set, Workload::cpu, "3.14t").recommendation == Recommendation::go);
  CHECK(advise(set, Workload::cpu, "3.14t", true).recommendation == Recommendation::staging);
  CHECK(advise(set, Workload::io, "3.14t").recommendation == Recommendation::staging);
  set[2].standing = Standing::declared_only;
  CHECK(advise(set, Workload::cpu, "3.14t").recommendation == Recommendation::staging);
  set[2].standing = Standing::no_wheel, set[2].upgrade_to = "2.1", set[2].first_version = "2.0";
  advice = advise(set, Workload::mixed, "3.14t");
  CHECK(advice.recommendation == Recommendation::not_yet);
  REQUIRE(advice.actions.size() == 1);
  CHECK(advice.actions[0].what == "upgrade core to 2.1; wheels for 3.14t exist from 2.0 on");
  CHECK(advise({}, Workload::cpu, "3.14t").recommendation == Recommendation::none);
}

TEST_CASE("a cycle of requirements ends") {
  std::vector<PackageReport> set{package("a", Standing::enables_gil, false, {"b"}),
                                 package("b", Standing::pure, false, {"a"})};
  CHECK(advise(set, Workload::cpu, "3.14t").chains.size() == 1);
}

TEST_CASE("of what nobody knows nothing is recommended") {
  PackageReport unknown = package("a", Standing::unknown), missing = package("b", Standing::cannot_install);
  missing.known = false;
  AdoptionReport report{.packages = {unknown, missing}};
  report.advice = advise(report.packages, Workload::cpu, "3.14t");
  CHECK(report.advice.recommendation == Recommendation::none);
  CHECK(report.advice.actions.empty());
  CHECK(exit_code(report, FailOn::gil) == 3);
  CHECK(exit_code(report, FailOn::unsupported) == 1);
  report.packages.push_back(package("c", Standing::pure));
  CHECK(advise(report.packages, Workload::cpu, "3.14t").recommendation == Recommendation::not_yet);
  CHECK(exit_code(report, FailOn::gil) == 0);
  report.incomplete = true;
  CHECK(exit_code(report, FailOn::gil) == 3);
}

TEST_CASE("an index that did not answer says nothing of the package") {
  Evidence evidence;
  evidence.name = "spam", evidence.not_asked = "https://index.example/spam/: connection refused";
  const PackageReport report = judge(evidence);
  CHECK(report.standing == Standing::unknown);
  CHECK_FALSE(report.known);
  CHECK(report.summary.find("connection refused") != std::string::npos);
}

TEST_CASE("wheels for another free-threaded Python are named") {
  Evidence evidence;
  evidence.name = "spam", evidence.version = "1.0", evidence.target = "3.15t", evidence.offer = Offer::gil_only;
  evidence.other_free_threaded = {"3.13", "3.14"};
  CHECK(judge(evidence).summary == "has free-threaded wheels for 3.13t and 3.14t, and none for 3.15t");
  PackageReport spam = package("spam", Standing::no_wheel);
  spam.builds = Builds::yes;
  for (const auto& [target, stable] : {std::pair{"3.14t", false}, {"3.15t", true}}) {
    spam.builds = Builds::no;
    const ftaudit::Advice advice = advise({spam}, Workload::cpu, target);
    REQUIRE(advice.actions.size() == 1);
    CHECK((advice.actions[0].what.find("abi3t") != std::string::npos) == stable);
  }
}

TEST_CASE("an older version that was chosen is said, and why") {
  Evidence evidence = with({library("spam/a.so", Gil::not_used)});
  evidence.newest = "2.0";
  CHECK(judge(evidence).reasons[0].what.starts_with("version 2.0 is there; the resolver chose"));
  evidence.for_its_wheel = true;
  CHECK(judge(evidence).reasons[0].what.ends_with("because it has a free-threaded wheel"));
}
