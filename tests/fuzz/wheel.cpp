// What libFuzzer makes up is read as a wheel, within the limits that a report has, and no read leaves the bytes there
// are.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "packages/wheels/wheel.h"

namespace {

class Bytes final : public ftaudit::packages::ByteSource {
 public:
  explicit Bytes(std::string bytes) : bytes_(std::move(bytes)) {}
  ftaudit::Result<std::uint64_t> size() override { return std::uint64_t{bytes_.size()}; }
  ftaudit::Result<std::string> read(std::uint64_t offset, std::uint64_t length) override {
    if (offset > bytes_.size() || length > bytes_.size() - offset) return ftaudit::Error{"beyond the end"};
    return bytes_.substr(offset, length);
  }
  std::string name() const override { return "made-up.whl"; }

 private:
  std::string bytes_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes(std::string(reinterpret_cast<const char*>(data), size));
  const auto wheel = ftaudit::packages::read_wheel(bytes);
  if (!wheel.ok()) return wheel.message().empty() ? (std::abort(), 0) : 0;
  for (const auto& extension : wheel->extensions)
    if (extension.path.empty()) std::abort();
  return 0;
}
