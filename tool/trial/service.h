// A service: a shell command that listens on a port of this machine, started, waited for until it answers, and ended
// with all that it started. Used by served_run and service_trial.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/files.h"
#include "base/result.h"
#include "dynamic/watch/watch.h"

namespace ftaudit::trial {

struct ServiceRequest {
  std::string command;  // "uvicorn app:app --port {port}"
  fs::path folder;
  std::vector<std::string> environment;
  std::string path;                           // that is asked for until there is an answer
  unsigned port = 0;                          // 0: a free one; only with {port} in the command
  std::chrono::milliseconds patience{30000};  // with its start
  const std::atomic<bool>* stop = nullptr;
};

class Service {
 public:
  // The error says why it does not answer: it ended, it never listened, the port was taken before.
  static Result<std::unique_ptr<Service>> start(const ServiceRequest& request);
  ~Service() { end(); }
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  unsigned port() const { return port_; }
  // Ended by itself while it should have served.
  bool fell() const { return over_; }
  // Ends it. How it ended: interrupted, where it was us.
  dynamic::Ending end();

 private:
  Service() = default;
  unsigned port_ = 0;
  std::atomic<bool> stop_{false}, over_{false};
  std::thread thread_;
  dynamic::Ending ending_;
};

}  // namespace ftaudit::trial
