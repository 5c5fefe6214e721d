#include "model/archive.h"

#include <limits>
#include <type_traits>

#include "model/fields.h"

namespace ftaudit::model {
namespace {

constexpr std::string_view magic = "ftaudit-facts-2\n";

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

// The last value of each kind of number: what lies beyond it is damage.
template <class T>
constexpr std::uint64_t largest() {
  if constexpr (std::is_same_v<T, Type::Kind>) return static_cast<std::uint64_t>(Type::Kind::function);
  else if constexpr (std::is_same_v<T, Storage>) return static_cast<std::uint64_t>(Storage::global);
  else if constexpr (std::is_same_v<T, Step::Kind>) return static_cast<std::uint64_t>(Step::Kind::index);
  else if constexpr (std::is_same_v<T, Place::Root>) return static_cast<std::uint64_t>(Place::Root::call);
  else if constexpr (std::is_same_v<T, Operand::Kind>) return static_cast<std::uint64_t>(Operand::Kind::choice);
  else if constexpr (std::is_same_v<T, Shape::Kind>) return static_cast<std::uint64_t>(Shape::Kind::fetch);
  else if constexpr (std::is_same_v<T, Order>) return static_cast<std::uint64_t>(Order::seq_cst);
  else if constexpr (std::is_same_v<T, Event::Kind>) return static_cast<std::uint64_t>(Event::Kind::leave);
  else if constexpr (std::is_same_v<T, Event::Operator>) return static_cast<std::uint64_t>(Event::Operator::truth);
  else return static_cast<std::uint64_t>(std::numeric_limits<T>::max());  // no enumeration: those have no limits, which is 0
}

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
    if constexpr (std::is_enum_v<T> || std::is_unsigned_v<T>) {
      const std::uint64_t n = number();
      if (n > largest<T>()) failed_ = true;
      else x = static_cast<T>(n);
    } else if constexpr (std::is_signed_v<T>) {
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

// Whether every number that points at something points at something that is there.
class Soundness {
 public:
  explicit Soundness(const Facts& facts) : facts_(facts) {
    (*this)(facts.units, facts.globals, facts.records, facts.tables, facts.macros, facts.regions, facts.allowances, facts.omissions, facts.absences, facts.remarks, facts.sources);
    for (const Table& table : facts.tables) sound_ &= table.variable.n < facts.globals.size();
    for (const Function& function : facts.functions) {
      in_ = &function;
      (*this)(function);
      sound_ &= function.parameters <= function.variables.size();
    }
  }
  explicit operator bool() const { return sound_; }

  template <class... T>
  void operator()(const T&... values) { (see(values), ...); }

 private:
  static bool within(std::uint32_t n, std::size_t size) { return n == none || n < size; }
  void need(bool holds) { sound_ &= holds; }

  void see(const FileId& x) { need(x.n < facts_.files.size() || x.n == 0); }  // 0 is also a span that is nowhere
  void see(const GlobalId& x) { need(within(x.n, facts_.globals.size())); }
  void see(const Place& x) {
    need(within(x.variable, in_->variables.size()) && within(x.call, in_->events.size()));
    need(x.root != Place::Root::variable || x.variable != none);
    need(x.root != Place::Root::global || x.global.n != none);
    need(x.root != Place::Root::call || x.call != none);
    fields(*this, x);
  }
  void see(const Operand& x) {
    using Kind = Operand::Kind;
    need(within(x.place, in_->places.size()) && within(x.event, in_->events.size()));
    need((x.kind != Kind::place && x.kind != Kind::address) || x.place != none);
    need(x.kind != Kind::call || x.event != none);
    need(x.kind != Kind::global || x.global.n != none);
    fields(*this, x);
  }
  void see(const Event& x) {
    need(within(x.macro, in_->macros.size()) && within(x.place, in_->places.size()));
    need((x.kind != Event::Kind::read && x.kind != Event::Kind::write) || x.place != none);
    fields(*this, x);
  }
  void see(const Block& x) {
    need(x.first <= x.last && x.last <= in_->events.size() && within(x.condition, in_->events.size()));
    for (const std::uint32_t successor : x.successors) need(within(successor, in_->blocks.size()));
  }
  void see(const std::string&) {}
  template <class T>
  void see(const std::vector<T>& all) { for (const T& x : all) see(x); }
  template <class T>
  void see(const T& x) {
    if constexpr (!std::is_enum_v<T> && !std::is_arithmetic_v<T>) fields(*this, x);
  }

  const Facts& facts_;
  const Function nowhere_;  // operands of tables point into no function
  const Function* in_ = &nowhere_;
  bool sound_ = true;
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
  if (reader.failed() || !reader.at_end() || !Soundness(facts)) return Error{"the facts are cut short or damaged"};
  return facts;
}

}  // namespace ftaudit::model
