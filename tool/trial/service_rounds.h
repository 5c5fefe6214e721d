// ServiceRounds: an application's service tried as a suite is: each path a test, asked for with the GIL, without it by
// one client, without it by several at once, and, as the control, by as many with the GIL on. It holds where every
// request is answered and answers that are always the same with the GIL are the same without. Used by trial.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "dynamic/budget.h"
#include "finding/trial.h"
#include "trial/guilt.h"
#include "trial/installation.h"
#include "trial/service.h"
#include "trial/witness.h"

namespace ftaudit::trial {

struct ServedRequest {
  std::string command;  // "uvicorn app:app --port {port}"
  std::vector<std::string> urls;
  unsigned port = 0;  // where the command has no {port}
  const Installed* gil = nullptr;
  const Installed* free = nullptr;
  unsigned threads = 4, rounds = 3;
  bool control = true;
  bool forced = false;  // the GIL is held off, since something switches it on
  std::chrono::milliseconds duration{5000};
  const std::atomic<bool>* stop = nullptr;
  std::function<void(const std::string&)> say;
};

struct Served {
  std::vector<TriedTest> tests;  // "GET /search", sorted
  std::vector<std::string> notes;
  bool incomplete = false;
};

class ServiceRounds {
 public:
  ServiceRounds(const ServedRequest& request, const Witness& witness, dynamic::Budget& budget);
  Served run();

 private:
  // False where there is no going on.
  bool once(Way way);
  void fell(Way way, const dynamic::Ending& ending);

  const ServedRequest& request_;
  const Witness& witness_;
  dynamic::Budget& budget_;
  Owners gil_, free_;
  std::vector<std::set<std::string>> answers_;  // by path, with the GIL and one client
  bool answers_with_gil_ = true;
  Served out_;
};

}  // namespace ftaudit::trial
