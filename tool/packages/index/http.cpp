#include "packages/index/http.h"

#include <curl/curl.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <set>
#include <thread>

#include "base/text.h"
#include "packages/inputs/inputs.h"

namespace ftaudit::packages {
namespace {

struct Transfer {
  const HttpRequest* request = nullptr;
  HttpAnswer answer;
  CURLcode code = CURLE_OK;
  std::string curl_says;
  std::uint64_t received = 0;
  bool too_large = false, cannot_write = false, done = false;
  std::FILE* file = nullptr;
  curl_slist* headers = nullptr;
  char error_text[CURL_ERROR_SIZE] = "";
};

std::size_t on_body(char* data, std::size_t, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  transfer.received += count;
  if (transfer.received > transfer.request->limit) return transfer.too_large = true, 0;
  if (!transfer.file) transfer.answer.body.append(data, count);
  else if (std::fwrite(data, 1, count, transfer.file) != count) return transfer.cannot_write = true, 0;
  return count;
}

std::size_t on_header(char* data, std::size_t, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  std::string_view line = trim({data, count});
  if (line.starts_with("HTTP/")) transfer.answer.headers.clear();  // of the redirect before
  std::size_t colon = line.find(':');
  if (colon != std::string_view::npos && transfer.answer.headers.size() < 200)
    transfer.answer.headers[to_lower(line.substr(0, colon))] = trim(line.substr(colon + 1));
  return count;
}

// Broken on the way, so that asking again may help.
bool is_passing(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_CONNECT:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_SSL_CONNECT_ERROR: return true;
    default: return false;
  }
}

}  // namespace

// One thread drives all transfers; those who ask wait for theirs.
struct Http::Engine {
  HttpSettings settings;
  CURLM* multi = nullptr;
  std::mutex mutex;
  std::condition_variable finished;
  std::deque<std::pair<CURL*, Transfer*>> waiting;
  std::map<std::string, std::string> silent_hosts;
  bool stopping = false;
  std::atomic<std::uint64_t> bytes{0}, count{0};
  std::thread thread;

  explicit Engine(HttpSettings with) : settings(std::move(with)) {
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, 12L);
    curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, 32L);
    curl_multi_setopt(multi, CURLMOPT_PIPELINING, CURLPIPE_MULTIPLEX);
    thread = std::thread([this] { drive(); });
  }
  ~Engine() {
    {
      std::lock_guard lock(mutex);
      stopping = true;
    }
    curl_multi_wakeup(multi);
    thread.join();
    curl_multi_cleanup(multi);
  }

  void drive();
  void collect();
  CURL* prepare(Transfer& transfer) const;
  void perform(Transfer& transfer);
  bool is_trusted(const std::string& url) const;
};

void Http::Engine::drive() {
  for (;;) {
    {
      std::lock_guard lock(mutex);
      if (stopping) return;
      for (auto& [handle, transfer] : waiting) curl_multi_add_handle(multi, handle);
      waiting.clear();
    }
    int running = 0;
    curl_multi_perform(multi, &running);
    collect();
    curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
  }
}

void Http::Engine::collect() {
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(multi, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* handle = message->easy_handle;
    const CURLcode code = message->data.result;
    Transfer* transfer = nullptr;
    curl_easy_getinfo(handle, CURLINFO_PRIVATE, &transfer);
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    char* url = nullptr;
    curl_easy_getinfo(handle, CURLINFO_EFFECTIVE_URL, &url);
    curl_multi_remove_handle(multi, handle);
    {
      std::lock_guard lock(mutex);
      transfer->answer.status = static_cast<int>(status);
      transfer->answer.url = url ? url : "";
      transfer->code = code;
      transfer->curl_says = transfer->error_text[0] ? transfer->error_text : curl_easy_strerror(code);
      transfer->done = true;
    }
    curl_easy_cleanup(handle);
    finished.notify_all();
  }
}

bool Http::Engine::is_trusted(const std::string& url) const {
  const std::string host = host_of(url);
  return std::ranges::any_of(settings.trusted_hosts, [&](const std::string& trusted) {
    return to_lower(trusted) == host || to_lower(trusted) == host.substr(0, host.rfind(':'));
  });
}

// Where distributions keep the certificates that they trust, for a libcurl that was built to know no place; "" for one
// that knows its own.
static std::string usual_certificates() {
  if (curl_version_info(CURLVERSION_NOW)->cainfo != nullptr) return {};
  for (const char* file : {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                           "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"}) {
    std::error_code ignored;
    if (fs::is_regular_file(file, ignored)) return file;
  }
  return {};
}

CURL* Http::Engine::prepare(Transfer& transfer) const {
  const HttpRequest& request = *transfer.request;
  CURL* handle = curl_easy_init();
  auto set = [&](CURLoption option, auto value) { curl_easy_setopt(handle, option, value); };
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_PRIVATE, &transfer);
  set(CURLOPT_ERRORBUFFER, transfer.error_text);
  set(CURLOPT_WRITEFUNCTION, on_body);
  set(CURLOPT_WRITEDATA, &transfer);
  set(CURLOPT_HEADERFUNCTION, on_header);
  set(CURLOPT_HEADERDATA, &transfer);
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_MAXREDIRS, 8L);
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_OPTIONAL));
  if (const char* netrc = std::getenv("NETRC")) set(CURLOPT_NETRC_FILE, netrc);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_USERAGENT, "ftaudit");
  set(CURLOPT_CONNECTTIMEOUT, static_cast<long>(settings.seconds));
  set(CURLOPT_LOW_SPEED_LIMIT, 256L);  // bytes a second: less is no answer
  set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(settings.seconds));
  // However slowly a server drips, it ends; a large file to disk may take its time.
  set(CURLOPT_TIMEOUT, static_cast<long>(settings.seconds) * (request.to.empty() ? 9 : 90));
  set(CURLOPT_PIPEWAIT, 1L);
  if (!settings.proxy.empty()) set(CURLOPT_PROXY, settings.proxy.c_str());
  if (!settings.certificate.empty()) {
    std::error_code ignored;
    set(fs::is_directory(settings.certificate, ignored) ? CURLOPT_CAPATH : CURLOPT_CAINFO,
        settings.certificate.c_str());
  } else if (static const std::string usual = usual_certificates(); !usual.empty()) {
    set(CURLOPT_CAINFO, usual.c_str());
  }
  if (!settings.client_certificate.empty()) set(CURLOPT_SSLCERT, settings.client_certificate.c_str());
  if (is_trusted(request.url)) {
    set(CURLOPT_SSL_VERIFYPEER, 0L);
    set(CURLOPT_SSL_VERIFYHOST, 0L);
  }
  if (request.range) {
    const std::string range = std::to_string(request.range->first) + "-" + std::to_string(request.range->second);
    set(CURLOPT_RANGE, range.c_str());
  } else if (request.to.empty()) {
    set(CURLOPT_ACCEPT_ENCODING, "");  // whatever curl can unpack; the limit counts unpacked bytes
  }
  for (const std::string& header : request.headers)
    transfer.headers = curl_slist_append(transfer.headers, header.c_str());
  if (transfer.headers) set(CURLOPT_HTTPHEADER, transfer.headers);
  return handle;
}

void Http::Engine::perform(Transfer& transfer) {
  ++count;
  CURL* handle = prepare(transfer);
  {
    std::unique_lock lock(mutex);
    waiting.emplace_back(handle, &transfer);
    curl_multi_wakeup(multi);
    finished.wait(lock, [&] { return transfer.done; });
  }
  curl_slist_free_all(transfer.headers);
  bytes += transfer.received;
}

Http::Http(HttpSettings settings) : engine_(std::make_unique<Engine>(std::move(settings))) {}
Http::~Http() = default;

std::uint64_t Http::fetched_bytes() const { return engine_->bytes; }
std::uint64_t Http::requests() const { return engine_->count; }

Result<HttpAnswer> Http::get(const HttpRequest& request) {
  const std::string shown = shown_url(request.url), host = host_of(request.url);
  if (host.empty()) return Error{shown + ": not a URL"};
  for (int attempt = 0;; ++attempt) {
    {
      std::lock_guard lock(engine_->mutex);
      if (auto silent = engine_->silent_hosts.find(host); silent != engine_->silent_hosts.end())
        return Error{shown + ": " + silent->second};
    }
    Transfer transfer;
    transfer.request = &request;
    if (!request.to.empty() && !(transfer.file = std::fopen(request.to.c_str(), "wb")))
      return Error{request.to.string() + ": cannot be written"};
    engine_->perform(transfer);
    if (transfer.file && std::fclose(transfer.file) != 0) transfer.cannot_write = true;
    if (transfer.too_large) return Error{shown + ": more than " + std::to_string(request.limit) + " bytes"};
    if (transfer.cannot_write) return Error{request.to.string() + ": cannot be written"};
    const int status = transfer.answer.status;
    const bool ask_again = transfer.code == CURLE_OK ? status == 429 || status == 502 || status == 503 || status == 504
                                                     : is_passing(transfer.code);
    if (ask_again && attempt < engine_->settings.retries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(300) * (1 << attempt));
      continue;
    }
    if (transfer.code == CURLE_OK) return std::move(transfer.answer);
    const bool silent = transfer.code == CURLE_OPERATION_TIMEDOUT && transfer.received == 0;
    if (silent || transfer.code == CURLE_COULDNT_CONNECT || transfer.code == CURLE_COULDNT_RESOLVE_HOST) {
      const std::string why = transfer.code == CURLE_OPERATION_TIMEDOUT
                                  ? "no answer within " + std::to_string(engine_->settings.seconds) + " s"
                                  : transfer.curl_says;
      std::lock_guard lock(engine_->mutex);
      engine_->silent_hosts[host] = why;
      return Error{shown + ": " + why};
    }
    return Error{shown + ": " + transfer.curl_says};
  }
}

std::string HttpAnswer::header(const std::string& name) const {
  auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

namespace {

struct Url {
  CURLU* parts = curl_url();
  ~Url() { curl_url_cleanup(parts); }
  std::string get(CURLUPart part, unsigned flags = 0) const {
    char* text = nullptr;
    if (curl_url_get(parts, part, &text, flags) != CURLUE_OK || !text) return {};
    std::string copy = text;
    curl_free(text);
    return copy;
  }
  bool set(const std::string& text) {
    return text.find('\0') == std::string::npos &&
           curl_url_set(parts, CURLUPART_URL, text.c_str(), CURLU_URLENCODE) == CURLUE_OK;
  }
};

}  // namespace

std::string joined_url(const std::string& base, const std::string& reference) {
  Url url;
  if (!base.empty() && !url.set(base)) return {};
  if (!url.set(reference)) return {};
  const std::string scheme = url.get(CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https" && scheme != "file") return {};
  return url.get(CURLUPART_URL);
}

std::string host_of(const std::string& text) {
  Url url;
  if (!url.set(text)) return {};
  std::string host = url.get(CURLUPART_HOST);
  return host.empty() ? host : to_lower(host) + ":" + url.get(CURLUPART_PORT, CURLU_DEFAULT_PORT);
}

}  // namespace ftaudit::packages
