#include "model/archive.h"

#include <type_traits>

#include "base/bytes.h"
#include "model/fields.h"

namespace ftaudit::model {
namespace {

constexpr std::string_view magic = "ftaudit-facts-3\n";

// Whether every number that points at something points at something that is there.
class Soundness {
 public:
  explicit Soundness(const Facts& facts) : facts_(facts) {
    (*this)(facts.units, facts.globals, facts.records, facts.tables, facts.macros, facts.regions, facts.allowances,
            facts.omissions, facts.absences, facts.remarks, facts.sources);
    for (const Table& table : facts.tables) sound_ &= facts.globals.has(table.variable);
    for (const Function& function : facts.functions) {
      in_ = &function;
      (*this)(function);
      sound_ &= function.parameters <= function.variables.size();
    }
  }
  explicit operator bool() const { return sound_; }

  template <class... T> void operator()(const T&... values) { (see(values), ...); }

 private:
  static bool within(std::uint32_t n, std::size_t size) { return n == none || n < size; }
  template <class Id, class T> static bool within(Id id, const Per<Id, T>& all) { return id == none || all.has(id); }
  void need(bool holds) { sound_ &= holds; }

  void see(const FileId& x) { need(facts_.files.has(x) || x.n == 0); }  // 0 is also a span that is nowhere
  void see(const GlobalId& x) { need(within(x, facts_.globals)); }
  void see(const Place& x) {
    need(within(x.variable, in_->variables.size()) && within(x.call, in_->events));
    need(x.root != Place::Root::variable || x.variable != none);
    need(x.root != Place::Root::global || x.global != none);
    need(x.root != Place::Root::call || x.call != none);
    fields(*this, x);
  }
  void see(const Operand& x) {
    using Kind = Operand::Kind;
    need(within(x.place, in_->places.size()) && within(x.event, in_->events));
    need((x.kind != Kind::place && x.kind != Kind::address) || x.place != none);
    need(x.kind != Kind::call || x.event != none);
    need(x.kind != Kind::global || x.global != none);
    fields(*this, x);
  }
  void see(const Event& x) {
    need(within(x.macro, in_->macros.size()) && within(x.place, in_->places.size()));
    need((x.kind != Event::Kind::read && x.kind != Event::Kind::write) || x.place != none);
    fields(*this, x);
  }
  void see(const Block& x) {
    need(x.first <= x.last && x.last <= in_->events.next_id() && within(x.condition, in_->events));
    for (const std::uint32_t successor : x.successors) need(within(successor, in_->blocks.size()));
  }
  void see(const std::string&) {}
  template <class T> void see(const std::vector<T>& all) {
    for (const T& x : all) see(x);
  }
  template <class T> void see(const T& x) {
    if constexpr (!std::is_enum_v<T> && !std::is_arithmetic_v<T>) fields(*this, x);
  }

  const Facts& facts_;
  const Function nowhere_;  // operands of tables point into no function
  const Function* in_ = &nowhere_;
  bool sound_ = true;
};

}  // namespace

std::string to_bytes(const Facts& facts) {
  ByteWriter writer;
  writer.bytes = magic;
  writer(facts);
  return std::move(writer.bytes);
}

std::string to_bytes(const Function& function) {
  ByteWriter writer;
  writer(function);
  return std::move(writer.bytes);
}

Result<Facts> from_bytes(std::string_view bytes) {
  if (!bytes.starts_with(magic)) return Error{"these bytes are not facts of this version of ftaudit"};
  ByteReader reader(bytes.substr(magic.size()));
  Facts facts;
  reader(facts);
  if (reader.failed() || !reader.at_end() || !Soundness(facts)) return Error{"the facts are cut short or damaged"};
  return facts;
}

}  // namespace ftaudit::model
