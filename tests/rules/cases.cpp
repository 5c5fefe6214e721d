#include "cases.h"

#include <algorithm>

#include "base/text.h"
#include "finding/rule.h"

namespace ftaudit::tests {
namespace {

std::set<unsigned> marked(const std::string& text, const std::string& rule,
                          const std::vector<std::string>& marks = {"expect:", "false-alarm:"}) {
  std::set<unsigned> out;
  unsigned number = 0;
  for (const std::string& line : split(text, '\n')) {
    ++number;
    for (const std::string& mark : marks) {
      const std::size_t at = line.find(mark);
      if (at == std::string::npos || line.substr(0, at).find("//") == std::string::npos) continue;
      if (line.find(rule, at) != std::string::npos) out.insert(number);
    }
  }
  return out;
}

// "low" of `// expect: FT203 (low)`.
std::map<unsigned, std::string> severities(const std::string& text, const std::string& rule) {
  std::map<unsigned, std::string> out;
  unsigned number = 0;
  for (const std::string& line : split(text, '\n')) {
    ++number;
    const std::string mark = "// expect: " + rule + " (";
    const std::size_t at = line.find(mark), end = line.find(')', at);
    if (at != std::string::npos && end != std::string::npos)
      out.emplace(number, line.substr(at + mark.size(), end - at - mark.size()));
  }
  return out;
}

void mark(Case& one) {
  one.expected = marked(one.text, one.rule);
  one.severities = severities(one.text, one.rule);
  one.sides = marked(one.text, one.rule, {"// side:"});
  one.no_sides = marked(one.text, one.rule, {"// no-side:"});
}

}  // namespace

std::vector<Case> cases_in_page(const std::string& rule, const std::string& name, const std::string& page) {
  std::vector<Case> out;
  unsigned number = 0;
  bool inside = false;
  for (const std::string& line : split(page, '\n')) {
    ++number;
    if (!inside && (line.starts_with("```c ") || line.starts_with("```cpp "))) {
      const std::string kind = line.substr(line.find(' ') + 1);
      if (kind != "hazard" && kind != "safe") continue;
      out.push_back({rule,
                     name + ":" + std::to_string(number),
                     line.starts_with("```cpp") ? ".cpp" : ".c",
                     "",
                     kind == "safe",
                     {},
                     {},
                     {},
                     {}});
      inside = true;
    } else if (inside && line.starts_with("```")) {
      mark(out.back());
      inside = false;
    } else if (inside) {
      out.back().text += line + "\n";
    }
  }
  return out;
}

std::vector<Case> all_cases() {
  std::vector<Case> out;
  const fs::path rules = fs::path(FTAUDIT_SOURCE_DIR) / "rules";
  for (const ListedRule& listed : all_rules()) {
    const std::string id(listed.rule->info.id);
    std::string folder(listed.rule->info.name);
    std::replace(folder.begin(), folder.end(), '-', '_');
    for (Case& found : cases_in_page(id, folder + "/rule.md", std::string(listed.page)))
      out.push_back(std::move(found));
    std::vector<fs::path> files;
    std::error_code none;
    for (const fs::directory_entry& entry : fs::directory_iterator(rules / folder / "cases", none))
      files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) {
      const std::string text = *read_file(file);
      out.push_back(
          {id, folder + "/cases/" + file.filename().string(), file.extension().string(), text, false, {}, {}, {}, {}});
      mark(out.back());
    }
  }
  return out;
}

}  // namespace ftaudit::tests
