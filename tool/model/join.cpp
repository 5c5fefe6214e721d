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

// Rewrites every file number, global number and function key it meets; everything else it walks through.
class Renumber {
 public:
  const Per<FileId, FileId>& files;
  const Per<GlobalId, GlobalId>& globals;
  const Names& renamed;

  template <class... T> void operator()(T&... values) { (visit(values), ...); }

 private:
  void visit(FileId& x) {
    if (files.has(x)) x = files[x];
  }
  void visit(GlobalId& x) {
    if (globals.has(x)) x = globals[x];
  }
  void visit(FunctionKey& x) {
    if (auto it = renamed.find(x.text); it != renamed.end()) x.text = it->second;
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
    const Names no_names;
    Renumber first{files, no_globals, no_names};
    first(unit.globals, unit.functions);
    for (Global& global : unit.globals) globals.push_back(add_global(global));
    Renumber second{no_files_, globals, no_names};
    second(unit.functions, unit.tables);

    const Names renamed = add_functions(unit);
    Renumber third{no_files_, no_globals, renamed};
    Renumber rest{files, no_globals, renamed};
    third(unit.functions);
    rest(unit.units, unit.records, unit.tables, unit.macros, unit.regions, unit.allowances, unit.omissions,
         unit.absences, unit.remarks, unit.demands, unit.sources);
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

  GlobalId add_global(Global& global) {
    const GlobalId n = number_of(globals_, global.key, whole_.globals, [&] { return global; });
    // The definition knows more than a declaration in a header.
    if (Global& known = whole_.globals[n]; global.is_defined && !known.is_defined) known = global;
    return n;
  }

  // Decides which functions of the unit are new, and under which key: fills added_, returns what must be renamed.
  Names add_functions(Facts& unit) {
    Names renamed;
    for (const Function& function : unit.functions) {
      const std::string& key = function.key.text;
      const std::size_t content = std::hash<std::string>{}(to_bytes(function));
      const auto known = functions_.find(key);
      if (known == functions_.end()) {
        functions_.emplace(key, content);
        added_.insert(key);
      } else if (known->second != content && !function.is_external && function.body_known) {
        const std::string own = key + "#" + std::to_string(whole_.units.size());
        if (functions_.emplace(own, content).second) added_.insert(own);
        renamed.emplace(key, own);
      }
    }
    return renamed;
  }

  void keep_function(Function function) {
    added_.erase(function.key.text);
    whole_.functions.push_back(std::move(function));
  }

  Facts whole_;
  const Per<FileId, FileId> no_files_;
  std::unordered_map<std::string, FileId> files_;
  std::unordered_map<std::string, GlobalId> globals_;
  std::unordered_map<std::string, std::size_t> functions_, records_;
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
