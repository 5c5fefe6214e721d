#include "trial/service_rounds.h"

#include <algorithm>

#include "base/text.h"
#include "trial/http_load.h"

namespace ftaudit::trial {
namespace {

using namespace std::chrono_literals;

constexpr auto patience_with_start = 30s, patience_with_answer = 10s;

bool by_clients(Way way) { return way == Way::threads || way == Way::control; }

// What became of the requests for one path.
struct Told {
  std::size_t asked = 0, failed = 0, stuck = 0, other = 0;
  std::string what;
};

std::string part(std::size_t of, std::size_t all) { return std::to_string(of) + " of " + std::to_string(all); }

}  // namespace

ServiceRounds::ServiceRounds(const ServedRequest& request, const Witness& witness, dynamic::Budget& budget)
    : request_(request),
      witness_(witness),
      budget_(budget),
      gil_(*request.gil),
      free_(*request.free),
      answers_(request.urls.size()) {
  for (const std::string& url : request.urls) out_.tests.push_back({.name = "GET " + url});
}

Served ServiceRounds::run() {
  bool on = true;
  for (unsigned round = 0; on && round < request_.rounds; ++round) on = once(Way::gil);
  for (const Way way : {Way::alone, Way::threads})
    for (unsigned round = 0; on && round < request_.rounds; ++round) on = once(way);
  const auto bad = [](const TriedTest& one) { return one.of(Way::threads).bad() > 0; };
  for (unsigned round = 0; on && request_.control && round < request_.rounds && std::ranges::any_of(out_.tests, bad);
       ++round)
    on = once(Way::control);
  for (TriedTest& test : out_.tests) {
    test.answer = sorted(test);
    if (test.answer == TriedAnswer::undecided || test.answer == TriedAnswer::alone_only) out_.incomplete = true;
  }
  if (!on) {
    out_.notes.push_back(answers_with_gil_ ? "not all requests of the service were sent before the time was up"
                                           : "the service gives no answers with the GIL, so it was not tried without");
    out_.incomplete = true;
  }
  for (std::size_t i = 0; i < answers_.size(); ++i)
    if (answers_[i].size() > 1)
      out_.notes.push_back(out_.tests[i].name + ": its answer varies with the GIL, too, so it was not compared");
  std::ranges::stable_sort(out_.tests, std::greater(), &TriedTest::answer);
  return std::move(out_);
}

bool ServiceRounds::once(Way way) {
  if (*request_.stop || budget_.left() < request_.duration) return false;
  const Installed& where = way == Way::gil ? *request_.gil : *request_.free;
  std::vector<std::string> environment = witness_.environment();
  const char* path = std::getenv("PATH");
  environment.push_back("PATH=" + where.python.parent_path().string() + ":" +
                        (path != nullptr ? path : "/usr/bin:/bin"));
  environment.insert(environment.end(), {"PYTHONHASHSEED=0", "PYTHONDONTWRITEBYTECODE=1"});
  environment.push_back(way == Way::control                  ? "PYTHON_GIL=1"
                        : request_.forced && way != Way::gil ? "PYTHON_GIL=0"
                                                             : "PYTHON_GIL");
  auto service = Service::start({.command = request_.command,
                                 .folder = where.source,
                                 .environment = environment,
                                 .path = request_.urls.front(),
                                 .port = request_.port,
                                 .patience = patience_with_start,
                                 .stop = request_.stop});
  if (*request_.stop) return false;
  if (!service.ok()) {
    for (TriedTest& test : out_.tests) ++test.of(way).failed, test.of(way).what = service.message();
    request_.say("service, " + std::string(name_of(way)) + ": " + service.message());
    answers_with_gil_ = way != Way::gil;
    return answers_with_gil_;
  }
  const Load done = load({.port = (*service)->port(),
                          .paths = request_.urls,
                          .rate = 0,
                          .duration = request_.duration,
                          .connections = by_clients(way) ? 2 * request_.threads : 1,
                          .patience = patience_with_answer,
                          .stop = request_.stop});
  const bool died = (*service)->fell();
  const dynamic::Ending ending = (*service)->end();
  request_.say("service, " + std::string(name_of(way)) + ": " + counted(done.sent.size(), "request") + ", " +
               std::to_string(done.failed()) + " failed");
  if (died) return fell(way, ending), true;
  std::vector<Told> told(request_.urls.size());
  for (const Load::Sent& one : done.sent) {
    Told& of = told[one.path];
    ++of.asked;
    if (way == Way::gil && one.problem.empty()) answers_[one.path].insert(one.digest);
    const std::set<std::string>& known = answers_[one.path];
    std::string what;
    if (one.stuck) ++of.stuck, what = one.problem;
    else if (!one.problem.empty() || one.status >= 500)
      ++of.failed, what = one.problem.empty() ? "status " + std::to_string(one.status) : one.problem;
    else if (known.size() == 1 && !known.contains(one.digest)) ++of.other, what = "another answer than with the GIL";
    if (of.what.empty()) of.what = what;
  }
  for (std::size_t i = 0; i < told.size(); ++i) {
    TriedRuns& runs = out_.tests[i].of(way);
    const std::size_t bad = told[i].failed + told[i].stuck + told[i].other;
    if (told[i].asked == 0) continue;
    if (bad == 0) ++runs.passed;
    else if (told[i].stuck == bad) ++runs.stuck;
    else ++runs.failed;
    if (bad > 0 && runs.what.empty()) runs.what = told[i].what + " (" + part(bad, told[i].asked) + " requests)";
  }
  return true;
}

// It takes along whatever was asked for: whose code it fell in is the same for all.
void ServiceRounds::fell(Way way, const dynamic::Ending& ending) {
  const Guilt guilt = guilt_of(ending, way == Way::gil ? gil_ : free_);
  const bool crashed = ending.kind == dynamic::Ending::Kind::crashed;
  for (TriedTest& test : out_.tests) {
    TriedRuns& runs = test.of(way);
    if (crashed) ++runs.crashed;
    else ++runs.failed;
    if (runs.what.empty()) runs.what = "the service fell: " + ending.describe();
    if (way == Way::gil || !test.guilty.empty()) continue;
    test.guilty = guilt.guilty, test.proven = guilt.proven, test.evidence = guilt.evidence, test.stack = guilt.stack;
  }
}

}  // namespace ftaudit::trial
