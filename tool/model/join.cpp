#include "model/join.h"

#include <algorithm>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include "model/archive.h"
#include "model/fields.h"

namespace ftaudit::model {
namespace {

using Names = std::unordered_map<std::string, std::string>;

const Names no_names;

// Rewrites every file number, global number, function key and name of a record it meets; everything else it walks
// through.
class Renumber {
 public:
  const Per<FileId, FileId>& files;
  const Per<GlobalId, GlobalId>& globals;
  const Names& renamed;
  const Names& records = no_names;

  template <class... T> void operator()(T&... values) { (visit(values), ...); }

 private:
  void visit(FileId& x) {
    if (files.has(x)) x = files[x];
  }
  void visit(GlobalId& x) {
    if (globals.has(x)) x = globals[x];
  }
  void visit(FunctionKey& x) { rename(x.text, renamed); }
  void visit(Type& x) { rename(x.record, records); }
  void visit(Step& x) { rename(x.record, records); }
  void visit(Record& x) {
    fields(*this, x);
    rename(x.name, records);
    for (std::string& base : x.bases) rename(base, records);
  }
  static void rename(std::string& text, const Names& names) {
    if (auto it = names.find(text); it != names.end()) text = it->second;
  }
  void visit(std::string&) {}
  template <class T> void visit(std::vector<T>& all) {
    for (T& x : all) visit(x);
  }
  template <class T> void visit(T& x) {
    if constexpr (!std::is_enum_v<T> && !std::is_arithmetic_v<T>) fields(*this, x);
  }
};

class Joiner {
 public:
  void add(Facts unit) {
    Per<FileId, FileId> files;
    Per<GlobalId, GlobalId> globals;
    for (const std::string& file : unit.files)
      files.push_back(number_of(files_, file, whole_.files, [&] { return file; }));
    const Per<GlobalId, GlobalId> no_globals;
    Renumber first{files, no_globals, no_names};
    first(unit.globals, unit.functions, unit.records);
    if (const Names own = name_records(unit.records); !own.empty()) {
      Renumber records{no_files_, no_globals, no_names, own};
      records(unit.globals, unit.functions, unit.records);
    }
    const GlobalId before = whole_.globals.next_id();
    for (Global& global : unit.globals) globals.push_back(add_global(global));
    Renumber second{no_files_, globals, no_names};
    second(unit.functions, unit.tables);

    const Names renamed = add_functions(unit);
    for (const GlobalId n : whole_.globals.ids(before))
      if (const auto it = renamed.find(whole_.globals[n].owner.text); it != renamed.end())
        whole_.globals[n].owner.text = it->second;
    Renumber third{no_files_, no_globals, renamed};
    Renumber rest{files, no_globals, renamed};
    third(unit.functions);
    rest(unit.units, unit.tables, unit.macros, unit.regions, unit.allowances, unit.omissions, unit.absences,
         unit.remarks, unit.demands, unit.sources);
    for (Function& function : unit.functions)
      if (!function.key.text.empty() && added_.contains(function.key.text)) keep_function(std::move(function));
    added_.clear();

    append(whole_.units, unit.units);
    for (Record& record : unit.records)
      if (records_.emplace(record.name, whole_.records.size()).second) whole_.records.push_back(std::move(record));
    for (Table& table : unit.tables)
      if (tables_.insert(table.variable).second) whole_.tables.push_back(std::move(table));
    for (Region& region : unit.regions)
      if (regions_
              .insert(std::to_string(region.file.n) + ":" + std::to_string(region.first_line) + ":" + region.condition)
              .second)
        whole_.regions.push_back(std::move(region));
    for (Allowance& allowance : unit.allowances)
      if (marks_.insert(at(allowance.span)).second) whole_.allowances.push_back(std::move(allowance));
    for (Remark& remark : unit.remarks)
      if (marks_.insert("remark " + at(remark.span)).second) whole_.remarks.push_back(std::move(remark));
    for (Demand& demand : unit.demands)
      if (marks_.insert("demand " + at(demand.span)).second) whole_.demands.push_back(std::move(demand));
    for (MacroFact& macro : unit.macros)
      if (macros_.insert(macro.name + "@" + at(macro.span)).second) whole_.macros.push_back(std::move(macro));
    for (Source& source : unit.sources)
      if (marks_.insert("source " + std::to_string(source.file.n) + source.sha256).second)
        whole_.sources.push_back(std::move(source));
    append(whole_.omissions, unit.omissions);
    for (Absence& absence : unit.absences)
      if (marks_.insert(absence.name + at(absence.span)).second) whole_.absences.push_back(std::move(absence));
  }

  Facts take() { return std::move(whole_); }

 private:
  static std::string at(const Span& span) {
    return std::to_string(span.file.n) + ":" + std::to_string(span.line) + ":" + std::to_string(span.column);
  }
  template <class T> static void append(std::vector<T>& to, std::vector<T>& from) {
    for (T& x : from) to.push_back(std::move(x));
  }
  template <class Id, class T, class Make>
  static Id number_of(std::unordered_map<std::string, Id>& known, const std::string& key, Per<Id, T>& all, Make make) {
    const auto [it, is_new] = known.emplace(key, all.next_id());
    if (is_new) all.push_back(make());
    return it->second;
  }

  // Two structs of the project under one name, each in a source file of its own, are two; what is renamed in the unit.
  Names name_records(const std::vector<Record>& records) {
    Names renamed;
    std::unordered_set<std::string> met;
    for (const Record& record : records) {
      const std::string& file = whole_.files[record.span.file];
      if (record.fields.empty() || file.starts_with("/") || !met.insert(record.name).second) continue;
      std::unordered_map<std::string, std::string>& places = record_places_[record.name];
      const std::string own = record.name + "@" + file.substr(file.rfind('/') + 1);
      const auto [known, is_new] = places.emplace(at(record.span), places.empty() ? record.name : own);
      if (is_new && places.size() > 2) known->second += "#" + std::to_string(places.size());
      if (known->second != record.name) renamed.emplace(record.name, known->second);
    }
    return renamed;
  }

  // A name of the unit's own for what another unit has under the same.
  std::string own_key(const std::string& key) const { return key + "#" + std::to_string(whole_.units.size()); }

  GlobalId add_global(Global& global) {
    std::string key = global.key;
    if (const auto known = globals_.find(key); known != globals_.end()) {
      const Global& there = whole_.globals[known->second];
      if (global.is_defined && there.is_defined && at(global.span) != at(there.span)) key = own_key(key);
    }
    const GlobalId n = number_of(globals_, key, whole_.globals, [&] { return global; });
    // The definition knows more than a declaration in a header.
    if (Global& known = whole_.globals[n]; global.is_defined && !known.is_defined) known = global;
    whole_.globals[n].key = key;
    return n;
  }

  // Decides which functions of the unit are new, and under which key: fills added_, returns what must be renamed.
  Names add_functions(Facts& unit) {
    Names renamed;
    for (const Function& function : unit.functions) {
      const std::string& key = function.key.text;
      const Body body{std::hash<std::string>{}(to_bytes(function)), at(function.span)};
      const auto known = functions_.find(key);
      if (known == functions_.end()) {
        functions_.emplace(key, body);
        added_.insert(key);
      } else if (known->second.content != body.content && function.body_known &&
                 (!function.is_external || known->second.place != body.place)) {
        const std::string own = own_key(key);
        if (functions_.emplace(own, body).second) added_.insert(own);
        renamed.emplace(key, own);
      }
    }
    return renamed;
  }

  void keep_function(Function function) {
    added_.erase(function.key.text);
    whole_.functions.push_back(std::move(function));
  }

  struct Body {
    std::size_t content;
    std::string place;
  };

  Facts whole_;
  const Per<FileId, FileId> no_files_;
  std::unordered_map<std::string, FileId> files_;
  std::unordered_map<std::string, GlobalId> globals_;
  std::unordered_map<std::string, Body> functions_;
  std::unordered_map<std::string, std::size_t> records_;
  std::unordered_map<std::string, std::unordered_map<std::string, std::string>> record_places_;
  std::unordered_set<std::string> added_, regions_, marks_, macros_;
  std::unordered_set<GlobalId> tables_;
};

}  // namespace

Facts join(std::vector<Facts> units) {
  // What two units define is taken from the one that was read whole.
  std::stable_partition(units.begin(), units.end(), [](const Facts& unit) {
    return std::all_of(unit.units.begin(), unit.units.end(), [](const Unit& one) { return one.errors == 0; });
  });
  Joiner joiner;
  for (Facts& unit : units) joiner.add(std::move(unit));
  return joiner.take();
}

}  // namespace ftaudit::model
