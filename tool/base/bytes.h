// Structs to bytes and back, field by field. Each type names its fields once, as `fields(visitor, value)` in its own
// namespace, and each of its enumerations its last value, as `last_value(Enum)`; both are found there by the compiler.
// The bytes are for this program alone: no versions, no names. Reading is safe whatever the bytes are. Used by the
// archives of facts and of documents.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace ftaudit {

// Numbers as LEB128, everything else by its length or its fields.
class ByteWriter {
 public:
  std::string bytes;

  template <class... T> void operator()(const T&... values) { (put(values), ...); }

 private:
  void number(std::uint64_t n) {
    for (; n >= 128; n >>= 7) bytes += static_cast<char>(n | 128);
    bytes += static_cast<char>(n);
  }
  template <class T> void put(const T& x) {
    if constexpr (std::is_enum_v<T> || std::is_unsigned_v<T>) number(static_cast<std::uint64_t>(x));
    else if constexpr (std::is_signed_v<T>)
      number(static_cast<std::uint64_t>(x) << 1 ^ static_cast<std::uint64_t>(static_cast<std::int64_t>(x) >> 63));
    else fields(*this, x);
  }
  void put(const std::string& x) {
    number(x.size());
    bytes += x;
  }
  template <class T> void put(const std::vector<T>& all) {
    number(all.size());
    for (const T& x : all) put(x);
  }
  template <class T> void put(const std::optional<T>& x) {
    number(x.has_value() ? 1 : 0);
    if (x) put(*x);
  }
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}
  bool failed() const { return failed_; }
  bool at_end() const { return bytes_.empty(); }

  template <class... T> void operator()(T&... values) { (get(values), ...); }

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
  // What lies beyond the last value of an enumeration is damage.
  template <class T> static constexpr std::uint64_t largest() {
    if constexpr (std::is_enum_v<T>) return static_cast<std::uint64_t>(last_value(T{}));
    else return static_cast<std::uint64_t>(std::numeric_limits<T>::max());
  }
  template <class T> void get(T& x) {
    if constexpr (std::is_enum_v<T> || std::is_unsigned_v<T>) {
      const std::uint64_t n = number();
      if (n > largest<T>()) failed_ = true;
      else x = static_cast<T>(n);
    } else if constexpr (std::is_signed_v<T>) {
      const std::uint64_t n = number();
      const auto whole = static_cast<std::int64_t>(n >> 1 ^ (~(n & 1) + 1));
      x = static_cast<T>(whole);
      if (x != whole) failed_ = true;
    } else {
      // Some structs hold themselves: hostile bytes must not nest until the stack ends.
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
  template <class T> void get(std::vector<T>& all) {
    const std::uint64_t size = number();
    if (size > bytes_.size()) failed_ = true;  // each element takes at least a byte
    for (std::uint64_t i = 0; i < size && !failed_; ++i) get(all.emplace_back());
  }
  template <class T> void get(std::optional<T>& x) {
    const std::uint64_t there = number();
    if (there > 1) failed_ = true;
    if (failed_ || there == 0) return;
    get(x.emplace());
  }

  std::string_view bytes_;
  bool failed_ = false;
  int depth_ = 0;
};

}  // namespace ftaudit
