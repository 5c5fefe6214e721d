// Load on an HTTP service on this machine, sent at fixed times whatever the service does (an open loop): a request that
// has to wait for others is counted from when it was due, as its user would; a loop that waits for each answer hides
// every stall. Used by served_run and service_trial.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace ftaudit::trial {

struct HttpAnswer {
  int status = 0;
  std::string body;
};

// One connection, kept open as long as the service keeps it.
class HttpConnection {
 public:
  HttpConnection(unsigned port, std::chrono::milliseconds patience) : port_(port), patience_(patience) {}
  ~HttpConnection() { close(); }
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  // The error says what went wrong: no connection, no answer in time, an answer that is no HTTP/1.
  Result<HttpAnswer> get(const std::string& path);
  // Whether the last one had no answer because nothing came in time.
  bool late() const { return late_; }

 private:
  Status open();
  void close();
  Status send(const std::string& text);
  Result<HttpAnswer> answer();
  bool more();  // reads on; false at the end, and when nothing comes in time, which is `late_`
  Error no_answer(const char* what) const;

  unsigned port_;
  std::chrono::milliseconds patience_;
  int socket_ = -1;
  std::string read_;
  bool late_ = false;
};

struct LoadRequest {
  unsigned port = 0;
  std::vector<std::string> paths;  // in turn
  double rate = 50;                // a second; 0: each connection sends when it has its answer (a closed loop)
  std::chrono::milliseconds duration{5000};
  unsigned connections = 32;
  std::chrono::milliseconds patience{10000};  // with one answer
  const std::atomic<bool>* stop = nullptr;
};

struct Load {
  struct Sent {
    std::size_t path = 0;                                 // its place in the request
    std::chrono::microseconds from_due{0}, from_sent{0};  // until the answer was whole
    int status = 0;
    std::string digest;   // of status and body
    std::string problem;  // no answer
    bool stuck = false;   // none in time
  };
  std::vector<Sent> sent;  // in order
  double seconds = 0;

  std::size_t failed() const;  // without an answer, or with one from 500 on
  std::string what() const;    // of the first that failed
};

Load load(const LoadRequest& request);

// A port that nothing listens on now.
Result<unsigned> free_port();

}  // namespace ftaudit::trial
