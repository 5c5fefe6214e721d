// HTTP for a package index: many requests at once over few connections, with limits on time and size, retries,
// redirects, proxies, netrc and certificates as the user has them. Knows nothing of what is fetched. Used by index.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/files.h"
#include "base/result.h"

namespace ftaudit::packages {

struct HttpRequest {
  std::string url;
  std::vector<std::string> headers;                              // "Name: value"
  std::optional<std::pair<std::uint64_t, std::uint64_t>> range;  // first and last byte, both included
  std::uint64_t limit = std::uint64_t{64} << 20;                 // more than this many bytes is an error
  fs::path to;                                                   // the body goes to this file; empty: to memory
};

struct HttpAnswer {
  int status = 0;
  std::string body;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string url;                             // after redirects
  std::string header(const std::string& name) const;
};

struct HttpSettings {
  std::string certificate, client_certificate, proxy;
  std::vector<std::string> trusted_hosts;  // "host" or "host:port": certificates are not checked
  int seconds = 20;                        // without a byte, or to connect
  int retries = 2;                         // after broken connections and answers that ask for another try
};

class Http {
 public:
  explicit Http(HttpSettings settings);
  ~Http();
  // Blocks; may be called from many threads. Any status is an answer; an error is a server that gave none (unknown
  // host, no connection, silence, too many bytes), told without credentials. A host that kept silent is not waited for
  // again.
  Result<HttpAnswer> get(const HttpRequest& request);

  std::uint64_t fetched_bytes() const;
  std::uint64_t requests() const;

 private:
  struct Engine;
  std::unique_ptr<Engine> engine_;
};

// `reference` as seen from `base` (RFC 3986); "" when there is no such URL, or it is neither http, https nor file.
std::string joined_url(const std::string& base, const std::string& reference);

// "host:port" in lower case; "" for what is no URL.
std::string host_of(const std::string& url);

}  // namespace ftaudit::packages
