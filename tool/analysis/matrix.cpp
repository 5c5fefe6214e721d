#include "analysis/matrix.h"

#include <algorithm>
#include <map>
#include <set>

namespace ftaudit::analysis {
namespace {

constexpr std::string_view worse_last = ".c?X";

char worse(char a, char b) { return worse_last.find(a) > worse_last.find(b) ? a : b; }

// What two accesses of one state come to.
char relation(const Shared& shared, const Access& a, const Access& b) {
  if (!shared.conflict(a, b, false)) return '.';
  if (!shared.conflict(a, b)) return 'c';
  return a.origin.certain && b.origin.certain && !a.unknown_lock && !b.unknown_lock ? 'X' : '?';
}

// Accesses that no comparison with others tells apart.
bool alike(const Access& a, const Access& b) {
  return a.write == b.write && a.atomic == b.atomic && a.contract == b.contract && a.is_locked_as(b) &&
         a.origin.certain == b.origin.certain && a.is_found_as(b);
}

struct Kinds {
  std::vector<const Access*> kinds;
  std::map<std::string, std::set<std::size_t>> by_entry;  // name of an entry -> kinds
};

Kinds kinds_of(const Shared& shared, const State& state) {
  const Views& views = shared.views();
  Kinds out;
  std::vector<std::vector<bool>> reached;  // by kind and entry
  for (const Access& access : state.accesses) {
    if (access.tested) continue;
    const auto known =
        std::find_if(out.kinds.begin(), out.kinds.end(), [&](const Access* kind) { return alike(*kind, access); });
    const auto index = static_cast<std::size_t>(known - out.kinds.begin());
    if (known == out.kinds.end()) out.kinds.push_back(&access), reached.emplace_back(views.entry_count(), false);
    const auto mark = [&](ViewId view) {
      for (const std::uint32_t entry : views.view(view).entries) reached[index][entry] = true;
    };
    mark(access.view);
    for (const ViewId view : access.others) mark(view);
  }
  for (std::size_t i = 0; i < reached.size(); ++i)
    for (std::uint32_t entry = 0; entry < reached[i].size(); ++entry)
      if (reached[i][entry] && !views.entry(entry).python_name.empty())
        out.by_entry[views.entry(entry).python_name].insert(i);
  return out;
}

// The cells of one type, by the numbers of its entries.
class Matrix {
 public:
  void add(const Shared& shared, const State& state) {
    const Kinds kinds = kinds_of(shared, state);
    std::vector<std::string> relations(kinds.kinds.size(), std::string(kinds.kinds.size(), '.'));
    bool raced = false;
    for (std::size_t i = 0; i < relations.size(); ++i)
      for (std::size_t j = 0; j < relations.size(); ++j) {
        relations[i][j] = relation(shared, *kinds.kinds[i], *kinds.kinds[j]);
        raced |= relations[i][j] == 'X';
      }
    if (raced) racing.insert(state.field);
    // Many entries of a type use a state alike.
    std::map<std::set<std::size_t>, std::vector<std::size_t>> alike;
    for (const auto& [entry, used] : kinds.by_entry) alike[used].push_back(number_of(entry));
    for (const auto& [ours, some] : alike)
      for (const auto& [theirs, others] : alike) {
        char worst = '.';
        for (const std::size_t i : ours)
          for (const std::size_t j : theirs) worst = worse(worst, relations[i][j]);
        for (const std::size_t one : some)
          for (const std::size_t other : others) cells_[one][other] = worse(cells_[one][other], worst);
      }
  }

  char cell(std::size_t one, std::size_t other) const { return cells_[one][other]; }

  std::map<std::string, std::size_t> numbers;  // by entry
  std::set<std::string> racing;

 private:
  std::size_t number_of(const std::string& entry) {
    const auto [known, is_new] = numbers.try_emplace(entry, numbers.size());
    if (is_new) {
      for (std::string& row : cells_) row += '.';
      cells_.emplace_back(numbers.size(), '.');
    }
    return known->second;
  }

  std::vector<std::string> cells_;
};

}  // namespace

TypeMatrix::Count TypeMatrix::count() const {
  Count out;
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = i; j < rows.size(); ++j) {
      ++out.pairs;
      const char cell = rows[i][j];
      ++(cell == 'X' ? out.races : cell == '?' ? out.possible : cell == 'c' ? out.by_contract : out.ordered);
    }
  return out;
}

std::vector<TypeMatrix> type_matrices(const Program& program, const Shared& shared) {
  std::map<std::string, Matrix> by_record;
  for (const State& state : shared.states()) {
    const model::Record* record =
        state.kind == State::Kind::field && !state.is_container() ? program.record(state.record) : nullptr;
    const bool changed =
        std::any_of(state.accesses.begin(), state.accesses.end(), [](const Access& a) { return a.write; });
    if (record != nullptr && record->is_object && changed) by_record[state.record].add(shared, state);
  }
  std::vector<TypeMatrix> out;
  for (const auto& [record, matrix] : by_record) {
    if (matrix.numbers.empty()) continue;
    TypeMatrix type{.name = shared.type_of(record), .record = record};
    for (const auto& [entry, one] : matrix.numbers) {
      type.entries.push_back(entry);
      std::string& row = type.rows.emplace_back();
      for (const auto& [_, other] : matrix.numbers) row += matrix.cell(one, other);
    }
    type.racing.assign(matrix.racing.begin(), matrix.racing.end());
    type.contract = shared.contract_of(record);
    out.push_back(std::move(type));
  }
  std::sort(out.begin(), out.end(), [](const TypeMatrix& a, const TypeMatrix& b) {
    return std::tie(a.name, a.record) < std::tie(b.name, b.record);
  });
  return out;
}

}  // namespace ftaudit::analysis
