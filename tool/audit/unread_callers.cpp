#include "audit/unread_callers.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"

namespace ftaudit::audit {
namespace {

constexpr std::size_t most_sources = 100, longest = 4u << 20;

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

void add_words(std::string_view text, std::set<std::string>& out) {
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_word(text[end])) ++end;
    if (end != at) out.emplace(text.substr(at, end - at));
    at = std::max(end, at + 1);
  }
}

std::string without_comments(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    std::size_t length = rest.starts_with("//") ? rest.find('\n') : 0;
    if (rest.starts_with("/*"))
      if (length = rest.find("*/", 2); length != std::string_view::npos) length += 2;
    if (length == 0) out += text[at++];
    else out += ' ', at = length == std::string_view::npos ? text.size() : at + length;
  }
  return out;
}

// Of C: what stands in bodies of functions, and not the prototypes above them.
std::string in_braces(std::string_view text) {
  std::string out;
  int depth = 0;
  for (const char c : text) {
    if (c == '{') ++depth;
    if (c == '}') --depth;
    out += depth > 0 ? c : ' ';
  }
  return out;
}

// The word of the directive that a block belongs to: "init" of "%init %{", and of "%insert("init") %{", "typemap" of
// "%typemap(in) T %{"; "" of "%{".
std::string directive_before(std::string_view text) {
  const std::size_t ended = text.find_last_of(";}");
  if (ended != std::string_view::npos) text.remove_prefix(ended + 1);
  const std::size_t start = text.rfind('%');
  if (start == std::string_view::npos) return "";
  text.remove_prefix(start + 1);
  std::size_t end = 0;
  while (end < text.size() && is_word(text[end])) ++end;
  const std::string_view word = text.substr(0, end);
  if (word == "insert" && text.find("\"init\"") != std::string_view::npos) return "init";
  // These end with their line.
  for (const std::string_view line : {"module", "include", "import", "enddef"})
    if (word == line && text.find('\n') != std::string_view::npos) return "";
  return std::string(word);
}

// "%include "more.i"", "%import": the name, where it stands in quotes or angles.
std::vector<std::string> included(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string& raw : split(text, '\n')) {
    const std::string_view line = trim(raw);
    if (!line.starts_with("%include") && !line.starts_with("%import")) continue;
    const std::size_t first = line.find_first_of("\"<");
    const std::size_t last = first == std::string_view::npos ? first : line.find_first_of("\">", first + 1);
    if (last != std::string_view::npos) out.emplace_back(line.substr(first + 1, last - first - 1));
  }
  return out;
}

bool is_interface(const fs::path& file) { return file.extension() == ".i" || file.extension() == ".h"; }

}  // namespace

std::vector<fs::path> unread_sources(const project::Project& project) {
  std::vector<fs::path> out;
  for (const project::Skip& skip : project.skipped)
    if (skip.asked && (skip.file.extension() == ".i" || skip.file.extension() == ".pyx")) out.push_back(skip.file);
  for (std::size_t i = 0; i < out.size() && out.size() < most_sources; ++i) {
    if (!is_interface(out[i])) continue;
    const auto text = read_file(out[i], longest);
    if (!text.ok()) continue;
    for (const std::string& name : included(*text)) {
      const fs::path file = (out[i].parent_path() / name).lexically_normal();
      std::error_code failed;
      const bool ours = !shown_path(file, project.root).starts_with("/") && fs::is_regular_file(file, failed);
      if (ours && std::ranges::find(out, file) == out.end()) out.push_back(file);
    }
  }
  return out;
}

std::set<std::string> names_called(std::string_view text, bool interface) {
  std::set<std::string> out;
  if (!interface) return add_words(text, out), out;
  const std::string code = without_comments(text);
  std::string_view rest = code;
  for (std::size_t at; (at = rest.find("%{")) != std::string_view::npos;) {
    const std::string directive = directive_before(rest.substr(0, at));
    add_words(rest.substr(0, at), out);
    rest.remove_prefix(at + 2);
    const std::size_t end = std::min(rest.find("%}"), rest.size());
    const std::string_view block = rest.substr(0, end);
    // C that goes into the file as it stands is called by what SWIG makes; the rest of the blocks is part of that.
    const bool as_it_stands = directive.empty() || directive == "header" || directive == "runtime" ||
                              directive == "begin" || directive == "wrapper";
    if (directive != "init") add_words(as_it_stands ? in_braces(block) : std::string(block), out);
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  add_words(rest, out);
  return out;
}

UnreadCallers::UnreadCallers(const analysis::Audit& audit, const project::Project& project) {
  // Where there are entry points that Python names, what is only exported is told apart without this.
  const bool named = std::ranges::any_of(audit.entries(),
                                         [](const analysis::EntryPoint& entry) { return !entry.python_name.empty(); });
  const std::vector<fs::path> sources = named ? std::vector<fs::path>() : unread_sources(project);
  if (sources.empty()) return;
  unread_ = true;
  std::set<std::string> called;
  for (const fs::path& file : sources)
    if (const auto text = read_file(file, longest); text.ok()) called.merge(names_called(*text, is_interface(file)));
  const model::Facts& facts = audit.facts();
  std::vector<analysis::FunctionId> next;
  for (const analysis::EntryPoint& entry : audit.entries())
    if (!entry.exported) next.push_back(entry.function);
  for (const analysis::FunctionId id : facts.functions.ids()) {
    const std::string& name = facts.functions[id].name;
    known_.insert(name);
    if (called.contains(name.substr(name.rfind(':') + 1))) next.push_back(id);
  }
  std::set<analysis::FunctionId> reached;
  while (!next.empty()) {
    const analysis::FunctionId id = next.back();
    next.pop_back();
    if (!reached.insert(id).second) continue;
    seen_.insert(facts.functions[id].name);
    for (const analysis::Edge& edge : audit.program().calls_from(id)) next.push_back(edge.to);
  }
}

void UnreadCallers::settle(Finding& finding) const {
  const auto nobodys = [&](const std::string& function) {
    return known_.contains(function) && !seen_.contains(function);
  };
  if (!unread_ || !finding.entry_points.empty() || !nobodys(finding.function)) return;
  finding.confidence = std::min(finding.confidence, Confidence::possible);
  for (Side& side : finding.sides) side.confidence = std::min(side.confidence, Confidence::possible);
}

}  // namespace ftaudit::audit
