// The table of advice, row by row, and what a measurement's samples say of an application.
#include <doctest/doctest.h>

#include <set>

#include "adoption/application_facts.h"
#include "adoption/branches.h"

using namespace ftaudit;
using namespace ftaudit::adoption;

namespace {

struct Known {
  Fact fact;
  double low, high;
};

Facts facts(const std::vector<Known>& known) {
  Facts out = facts_of(nullptr);
  set(out, Fact::blocked, 0);
  for (const Known& one : known) {
    set(out, one.fact, (one.low + one.high) / 2);
    ApplicationFact& fact = out[static_cast<std::size_t>(one.fact)];
    fact.low = one.low, fact.high = one.high;
  }
  return out;
}

std::string_view chosen(const std::vector<Known>& known) { return choose(facts(known)).name; }

constexpr Known holds{Fact::tried, 1, 1};
constexpr Known computes{Fact::cpu_share, 0.9, 0.95};

// A job by so many lanes: `seconds` of one lane's wall time and processor time.
void add(Measurement& to, std::size_t build, unsigned lanes, bool processes, double wall, double cpu, double memory) {
  for (std::size_t i = 0; i < 14; ++i)
    to.samples.push_back({.workload = "jobs:work",
                          .build = build,
                          .order = to.samples.size(),
                          .lanes = lanes,
                          .processes = processes,
                          .wall = wall,
                          .cpu = cpu,
                          .clean = wall * (1 + 0.001 * static_cast<double>(i % 3)),
                          .memory = static_cast<std::uint64_t>(memory * (1 << 20)),
                          .gil_known = true,
                          .gil = build == 0});
}

const ApplicationFact& of(const Facts& facts, Fact fact) { return facts[static_cast<std::size_t>(fact)]; }

}  // namespace

TEST_CASE("every row of the table is reached by facts that fit it, and by none that straddle its bound") {
  struct Case {
    std::string_view branch;
    std::vector<Known> fits;
  };
  const std::vector<Case> cases{
      {"blocked", {{Fact::blocked, 1, 1}, holds, computes, {Fact::gain, 1.8, 1.9}}},
      {"process-pool", {holds, computes, {Fact::pool_time, 0.95, 1.02}, {Fact::pool_memory, 2.1, 2.4}}},
      {"batch", {holds, computes, {Fact::gain, 1.7, 1.9}}},
      {"pays", {computes, {Fact::gain, 1.7, 1.9}}},
      {"service", {{Fact::cpu_share, 0.4, 0.5}, {Fact::tail, 0.6, 0.9}}},
      {"numeric-gain", {computes, {Fact::native_share, 0.8, 0.9}, {Fact::gain, 1.06, 1.15}}},
      {"numeric", {computes, {Fact::native_share, 0.8, 0.9}, {Fact::gain, 0.9, 1.04}}},
      {"waits", {{Fact::cpu_share, 0.05, 0.1}, {Fact::one_lane, 1.2, 1.4}}},
      {"single", {computes, {Fact::gain, 0.7, 0.8}, {Fact::one_lane, 1.2, 1.3}}},
      {"neutral", {computes, {Fact::gain, 0.98, 1.1}}},
      {"cannot-tell", {}},
  };
  std::set<std::string_view> reached;
  for (const Case& one : cases) {
    CHECK_MESSAGE(chosen(one.fits) == one.branch, one.branch);
    reached.insert(one.branch);
    const Branch& branch = choose(facts(one.fits));
    CHECK(rests_on(branch, facts(one.fits)).size() + (one.branch == "blocked" ? 1 : 0) == branch.when.size());
  }
  CHECK(reached.size() == branches().size());

  CHECK(chosen({holds, computes, {Fact::gain, 1.1, 1.5}}) == "cannot-tell");
  CHECK(chosen({{Fact::cpu_share, 0.25, 0.35}, {Fact::one_lane, 1.2, 1.4}}) == "cannot-tell");
  CHECK(chosen({{Fact::cpu_share, 0.4, 0.5}, {Fact::tail, 0.8, 1.3}}) == "cannot-tell");
  // Waiting, and yet more done: that is what counts.
  CHECK(chosen({{Fact::cpu_share, 0.05, 0.1}, {Fact::one_lane, 1.2, 1.4}, {Fact::gain, 1.3, 1.5}}) == "pays");
}

TEST_CASE("what is missing is named with the command that would tell, or with its interval") {
  const std::vector<std::string> unknown = missing(facts({}));
  CHECK(std::ranges::any_of(unknown,
                            [](const std::string& one) { return one.find("ftaudit trial") != std::string::npos; }));
  CHECK(std::ranges::any_of(unknown,
                            [](const std::string& one) { return one.find("--threads 2,all") != std::string::npos; }));
  const std::vector<std::string> wide = missing(facts({holds, computes, {Fact::gain, 1.1, 1.5}}));
  CHECK(std::ranges::any_of(wide, [](const std::string& one) { return one.find("1.1 to 1.5") != std::string::npos; }));
}

TEST_CASE("facts come out of the samples of the application's own work") {
  Measurement made{.rows = {{.workload = "jobs:work", .quantity = "CPU time", .ratio = {1.29, 1.3, 1.31, 14}}}};
  add(made, 0, 1, false, 0.1, 0.099, 20), add(made, 1, 1, false, 0.13, 0.129, 23);
  add(made, 0, 2, false, 0.2, 0.2, 21), add(made, 1, 2, false, 0.13, 0.26, 24), add(made, 0, 2, true, 0.1, 0.2, 50);
  const Facts found = facts_of(&made);
  CHECK(of(found, Fact::cpu_share).low > 0.95);
  CHECK(of(found, Fact::one_lane).median == doctest::Approx(1.3).epsilon(0.01));
  CHECK(of(found, Fact::gain).median == doctest::Approx(0.2 / 0.13).epsilon(0.02));
  CHECK(of(found, Fact::native_share).high < 0.1);
  CHECK(of(found, Fact::pool_time).median == doctest::Approx(1.3).epsilon(0.02));
  CHECK(of(found, Fact::pool_memory).median == doctest::Approx(50.0 / 24).epsilon(0.02));
  CHECK_FALSE(of(found, Fact::tail).known);
  CHECK(kind_of(found) == Workload::cpu);

  Measurement reference = made;
  reference.rows[0].kind = "parallel";
  CHECK_FALSE(of(facts_of(&reference), Fact::gain).known);
  Measurement few = made;
  few.samples.resize(6);
  CHECK(of(facts_of(&few), Fact::cpu_share).why == "too few samples");
}

TEST_CASE("a GIL that comes back while it is measured is said, and so are answers that differ") {
  Measurement made;
  add(made, 0, 1, false, 0.1, 0.1, 20), add(made, 1, 1, false, 0.1, 0.1, 20);
  CHECK(against(made).empty());
  made.samples.back().gil = true;
  CHECK(against(made).size() == 1);
  made.switched_on_by = {"legacy"};
  made.rows = {{.workload = "job.py", .why = "the answers differ: each build always gives the same"}};
  CHECK(against(made) == std::vector<std::string>{"while it was measured the GIL came back with legacy",
                                                  "job.py: the answers differ: each build always gives the same"});
}
