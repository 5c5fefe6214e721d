#include "packages/index/remote_bytes.h"

#include <charconv>
#include <mutex>

#include "base/text.h"
#include "packages/inputs/inputs.h"

namespace ftaudit::packages {
namespace {

// No single read of a wheel's directory or member needs more.
constexpr std::uint64_t longest_range = std::uint64_t{512} << 20;

// "bytes 0-0/12345" -> 12345.
std::optional<std::uint64_t> total_of(const std::string& content_range) {
  std::size_t slash = content_range.rfind('/');
  if (slash == std::string::npos) return std::nullopt;
  std::string_view digits = std::string_view(content_range).substr(slash + 1);
  std::uint64_t total = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), total);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return total;
}

class RemoteBytes : public ByteSource {
 public:
  RemoteBytes(Http& http, const IndexFile& file, std::uint64_t download_limit, bool offline)
      : http_(http), url_(file.url), size_(file.bytes), download_limit_(download_limit), offline_(offline) {}

  std::string name() const override { return shown_url(url_); }
  std::string remark() const override { return remark_; }

  Result<std::uint64_t> size() override {
    std::lock_guard lock(mutex_);
    if (size_) return *size_;
    if (auto first = fetch(0, 1); !first.ok()) return first.error();
    if (!size_) return Error{name() + ": the server does not say how long it is"};
    return *size_;
  }

  Result<std::string> read(std::uint64_t offset, std::uint64_t length) override {
    std::lock_guard lock(mutex_);
    if (length == 0) return std::string();
    if (whole_) return part(offset, length);
    if (length > longest_range)
      return Error{name() + ": a range of " + std::to_string(length) + " bytes is more than is fetched"};
    if (size_ && (offset >= *size_ || length > *size_ - offset)) return beyond();
    return fetch(offset, length);
  }

 private:
  Error beyond() const { return Error{name() + ": ends before the bytes that are wanted"}; }

  Result<std::string> part(std::uint64_t offset, std::uint64_t length) const {
    if (offset > whole_->size() || length > whole_->size() - offset) return beyond();
    return whole_->substr(offset, length);
  }

  Result<std::string> fetch(std::uint64_t offset, std::uint64_t length) {
    if (offline_) return Error{name() + ": not fetched, --offline is set"};
    HttpRequest request{
        .url = url_, .range = std::pair(offset, offset + length - 1), .limit = std::max(length, download_limit_)};
    // A server without ranges begins to send everything: past the limit that is given up.
    auto answer = http_.get(request);
    if (!answer.ok()) {
      if (answer.message().find("more than") != std::string::npos)
        return Error{name() + ": the server knows no ranges, and all of it is more than " +
                     std::to_string(download_limit_ >> 20) + " MB"};
      return answer.error();
    }
    if (answer->status == 206) {
      if (auto total = total_of(answer->header("content-range"))) size_ = *total;
      if (answer->body.size() != length)
        return answer->body.size() < length ? beyond() : Error{name() + ": the server sent other bytes than asked for"};
      return std::move(answer->body);
    }
    if (answer->status == 416) return beyond();
    if (answer->status != 200) return Error{name() + ": the server answers " + std::to_string(answer->status)};
    whole_ = std::move(answer->body);
    size_ = whole_->size();
    remark_ = "the server knows no ranges: all " + std::to_string((*size_ + 1023) / 1024) + " kB were fetched";
    return part(offset, length);
  }

  Http& http_;
  std::string url_;
  std::optional<std::uint64_t> size_;
  std::uint64_t download_limit_;
  bool offline_;
  std::optional<std::string> whole_;
  std::string remark_;
  std::mutex mutex_;
};

}  // namespace

std::unique_ptr<ByteSource> remote_bytes(Http& http, const IndexFile& file, std::uint64_t download_limit,
                                         bool offline) {
  return std::make_unique<RemoteBytes>(http, file, download_limit, offline);
}

}  // namespace ftaudit::packages
