#include "dynamic/runs/rendezvous_sites.h"

#include "base/text.h"

namespace ftaudit::dynamic {
namespace {

constexpr std::size_t most_others = 24;   // of one finding: many sides leave room for those of others
constexpr std::size_t most_sites = 1024;  // as in runtime/rendezvous.c

bool is_identifier(std::string_view text) {
  return !text.empty() && !std::isdigit(static_cast<unsigned char>(text.front())) &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) || c == '_'; });
}

// "grid::Lattice<int>::add(long) const" -> grid, Lattice, add.
std::vector<std::string> parts_of(std::string_view function) {
  std::vector<std::string> parts(1);
  int depth = 0;
  for (std::size_t i = 0; i < function.size(); i++) {
    const char c = function[i];
    if (depth == 0 && function.substr(i).starts_with("operator")) {  // what follows is no bracket of ours
      parts.back() = "operator";
      break;
    }
    if (depth == 0 && function.substr(i).starts_with("(anonymous namespace)")) {
      parts.back() = "_GLOBAL__N_1";
      i += std::string_view("(anonymous namespace)").size() - 1;
    } else if (c == '<') {
      depth++;
    } else if (c == '>') {
      depth--;
    } else if (depth == 0 && c == '(') {
      break;
    } else if (depth == 0 && c == ':' && i + 1 < function.size() && function[i + 1] == ':') {
      parts.emplace_back();
      i++;
    } else if (depth == 0 && c != ' ') {
      parts.back() += c;
    }
  }
  return parts;
}

std::string mangled_piece(const std::vector<std::string>& parts, std::size_t i) {
  const std::string& part = parts[i];
  if (i > 0 && part == parts[i - 1]) return "C[123]*";
  if (part.starts_with("~")) return "D[0-5]*";
  if (!is_identifier(part) || part == "operator") return "";
  return std::to_string(part.size()) + part;
}

// "Bin.add" -> "3Bin_*add": scopes with their lengths, then perhaps a counter. Empty for what is no name of Cython's.
std::string cython_piece(std::string_view function) {
  const std::vector<std::string> parts = split(function, '.');
  if (!std::all_of(parts.begin(), parts.end(), is_identifier)) return {};
  std::string out;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) out += std::to_string(parts[i].size()) + parts[i] + "_";
  return out + (parts.size() > 1 ? "*" : "") + parts.back();
}

}  // namespace

std::vector<std::string> symbol_patterns(std::string_view function) {
  constexpr std::string_view lambda = "lambda in ";
  std::vector<std::string> patterns;
  if (function.size() > 400) return patterns;  // longer than the runtime's lines
  if (function.starts_with(lambda)) {          // each call operator inside that function
    for (const std::string& outer : symbol_patterns(function.substr(lambda.size())))
      if (outer.starts_with("_Z")) patterns.push_back(outer + "cl*");
    return patterns;
  }
  // The bodies of functions, methods and generators, not the wrappers around them.
  if (const std::string piece = cython_piece(function); !piece.empty())
    patterns.push_back("__pyx_[fgp][_bf]*[_0-9]" + piece);
  const std::vector<std::string> parts = parts_of(function);
  if (parts.size() == 1 && is_identifier(parts[0])) {
    patterns.push_back(parts[0]);
    patterns.push_back(parts[0] + ".*");  // what the optimiser splits off
  }
  std::string mangled = "_Z";
  bool named = false;
  for (std::size_t i = 0; i < parts.size(); i++) {
    const std::string piece = mangled_piece(parts, i);
    if (piece.empty()) continue;
    // Not in the middle of a longer name's length: "3add" is not in "13addition_note".
    mangled += (named ? "*" : "*[!0-9]") + piece;
    named = true;
  }
  if (named) patterns.push_back(mangled + "*");
  if (parts.size() == 1 && is_identifier(parts[0]))
    patterns.push_back("_Z" + std::to_string(parts[0].size()) + parts[0] + "*");
  return patterns;
}

Rendezvous rendezvous_of(const std::vector<Finding>& findings,
                         const std::function<std::string(const Location&)>& function_at) {
  std::vector<const Finding*> order;
  for (const Finding& finding : findings) order.push_back(&finding);
  std::stable_sort(order.begin(), order.end(), [](const Finding* a, const Finding* b) {
    return std::pair(a->severity, a->confidence) > std::pair(b->severity, b->confidence);
  });
  Rendezvous made;
  std::map<std::string, std::size_t> known;
  const auto site = [&](const std::string& function) -> std::optional<std::size_t> {
    if (symbol_patterns(function).empty()) return std::nullopt;
    const auto [found, added] = known.try_emplace(function, made.functions.size());
    if (added) made.functions.push_back(function);
    return found->second;
  };
  std::set<std::pair<std::size_t, std::size_t>> paired;
  for (const Finding* finding : order) {
    if (made.functions.size() >= most_sites) break;
    const std::optional<std::size_t> here = site(finding->function);
    std::vector<std::size_t> others;
    for (const Step& step : finding->trace)
      if (const std::optional<std::size_t> other = site(function_at(step.location))) others.push_back(*other);
    for (std::size_t i = 0; i < finding->sides.size() && i < most_others; ++i)
      if (finding->sides[i].function != finding->function)
        if (const std::optional<std::size_t> other = site(finding->sides[i].function)) others.push_back(*other);
    if (!here) continue;
    if (others.empty()) others.push_back(*here);
    for (const std::size_t other : others)
      if (paired.insert(std::minmax(*here, other)).second) made.pairs.push_back({*here, other});
  }
  if (made.functions.size() > most_sites) made.functions.resize(most_sites);
  std::erase_if(made.pairs,
                [&](const auto& pair) { return std::max(pair.first, pair.second) >= made.functions.size(); });
  return made;
}

Status write_sites(const fs::path& path, const Rendezvous& rendezvous) {
  std::string text;
  for (std::size_t i = 0; i < rendezvous.functions.size() && i < most_sites; i++)
    for (const std::string& pattern : symbol_patterns(rendezvous.functions[i]))
      text += "f " + std::to_string(i + 1) + " " + pattern + "\n";
  std::set<std::string> names;  // as __func__ has them
  for (const std::string& function : rendezvous.functions) {
    if (const std::vector<std::string> parts = parts_of(function); is_identifier(parts.back()))
      names.insert(parts.back());
    if (const std::string piece = cython_piece(function); !piece.empty()) names.insert("__pyx_*" + piece);
  }
  for (const std::string& name : names) text += "l " + name + "\n";
  for (const auto& [a, b] : rendezvous.pairs) text += "p " + std::to_string(a + 1) + " " + std::to_string(b + 1) + "\n";
  return write_file(path, text);
}

std::vector<std::string> environment_of(const RendezvousRun& run) {
  return {"FTAUDIT_RENDEZVOUS_SITES=" + run.sites.string(), "FTAUDIT_RENDEZVOUS_MS=" + std::to_string(run.park.count()),
          "FTAUDIT_RENDEZVOUS_PARKS=" + std::to_string(run.parks), "FTAUDIT_COVERAGE=" + run.coverage_folder.string(),
          "FTAUDIT_OWNERS=" + run.owner_folder.string()};
}

}  // namespace ftaudit::dynamic
