#include "model/archive.h"

#include <type_traits>

#include "model/fields.h"

namespace ftaudit::model {
namespace {

constexpr std::string_view magic = "ftaudit-facts-1\n";

// Numbers as LEB128, everything else by its length or its fields.
class Writer {
 public:
  std::string bytes;

  template <class... T>
  void operator()(const T&... values) { (put(values), ...); }

 private:
  void number(std::uint64_t n) {
    for (; n >= 128; n >>= 7) bytes += static_cast<char>(n | 128);
    bytes += static_cast<char>(n);
  }
  template <class T>
  void put(const T& x) {
    if constexpr (std::is_enum_v<T> || std::is_unsigned_v<T>) number(static_cast<std::uint64_t>(x));
    else if constexpr (std::is_signed_v<T>) number(static_cast<std::uint64_t>(x) << 1 ^ static_cast<std::uint64_t>(x >> 63));
    else fields(*this, x);
  }
  void put(const std::string& x) {
    number(x.size());
    bytes += x;
  }
  template <class T>
  void put(const std::vector<T>& all) {
    number(all.size());
    for (const T& x : all) put(x);
  }
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  bool failed() const { return failed_; }
  bool at_end() const { return bytes_.empty(); }

  template <class... T>
  void operator()(T&... values) { (get(values), ...); }

 private:
  std::uint64_t number() {
    std::uint64_t n = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (bytes_.empty()) break;
      const auto byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      n |= std::uint64_t{byte & 127u} << shift;
      if (byte < 128) return n;
    }
    failed_ = true;
    return 0;
  }
  template <class T>
  void get(T& x) {
    if constexpr (std::is_enum_v<T> || std::is_unsigned_v<T>) x = static_cast<T>(number());
    else if constexpr (std::is_signed_v<T>) {
      const std::uint64_t n = number();
      x = static_cast<T>(n >> 1 ^ (~(n & 1) + 1));
    } else {
      // An operand holds operands: hostile bytes must not nest until the stack ends.
      if (++depth_ > 200) failed_ = true;
      if (!failed_) fields(*this, x);
      --depth_;
    }
  }
  void get(std::string& x) {
    const std::uint64_t size = number();
    if (size > bytes_.size()) failed_ = true;
    if (failed_) return;
    x.assign(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
  }
  template <class T>
  void get(std::vector<T>& all) {
    const std::uint64_t size = number();
    if (size > bytes_.size()) failed_ = true;  // each element takes at least a byte
    for (std::uint64_t i = 0; i < size && !failed_; ++i) get(all.emplace_back());
  }

  std::string_view bytes_;
  bool failed_ = false;
  int depth_ = 0;
};

}  // namespace

std::string to_bytes(const Facts& facts) {
  Writer writer;
  writer.bytes = magic;
  writer(facts);
  return std::move(writer.bytes);
}

std::string to_bytes(const Function& function) {
  Writer writer;
  writer(function);
  return std::move(writer.bytes);
}

Result<Facts> from_bytes(std::string_view bytes) {
  if (!bytes.starts_with(magic)) return Error{"these bytes are not facts of this version of ftaudit"};
  Reader reader(bytes.substr(magic.size()));
  Facts facts;
  reader(facts);
  if (reader.failed() || !reader.at_end()) return Error{"the facts are cut short or damaged"};
  return facts;
}

}  // namespace ftaudit::model
