#include "cli/command.h"

#include <cstdio>
#include <iostream>

#include "base/log.h"
#include "base/text.h"
#include "finding/rule.h"
#include "reports/json.h"

namespace ftaudit::cli {
namespace {

int rules(const std::string& format) {
  if (format == "json") {
    std::vector<RuleInfo> infos;
    for (const ListedRule& listed : all_rules()) infos.push_back(listed.rule->info);
    reports::write_rules_json(std::cout, infos);
    return 0;
  }
  for (const ListedRule& listed : all_rules()) {
    const RuleInfo& info = listed.rule->info;
    std::printf("%-6.*s %-6.*s %-30.*s %.*s\n", static_cast<int>(info.id.size()), info.id.data(),
                static_cast<int>(name_of(info.severity).size()), name_of(info.severity).data(),
                static_cast<int>(info.name.size()), info.name.data(), static_cast<int>(info.summary.size()),
                info.summary.data());
  }
  return 0;
}

int explain(const std::string& name, const Console& console) {
  const ListedRule* listed = rule_named(name);
  if (listed == nullptr) {
    std::vector<std::string> names;
    for (const ListedRule& rule : all_rules())
      names.emplace_back(rule.rule->info.id), names.emplace_back(rule.rule->info.name);
    const std::string near = closest(name, names);
    log::error("no rule is called " + name +
               (near.empty() ? "; `ftaudit rules` lists them" : "; did you mean " + near + "?"));
    return 2;
  }
  // The page as it is written; headings stand out where there are colours, the markers of test blocks do not show.
  for (std::string line : split(listed->page, '\n')) {
    if (line.starts_with("```")) {
      const std::size_t blank = line.find(' ');
      if (blank != std::string::npos) line.resize(blank);
    } else if (const std::size_t marker = line.find("// expect: "); marker != std::string::npos) {
      line.replace(marker, std::string::npos, "// <- " + std::string(listed->rule->info.id));
    }
    if (console.colour && line.starts_with("#")) std::cout << "\033[1m" << line << "\033[0m\n";
    else std::cout << line << "\n";
  }
  return 0;
}

}  // namespace

void add_rules(Arguments& program, const ScanOptions&, const Choose& choose) {
  const auto format = std::make_shared<std::string>("terminal");
  Arguments command = program.command("rules", "List the rules");
  command.text("--format", *format, "terminal (default) or json").one_of({"terminal", "json"}).named("FORMAT");
  command.when_chosen([=] { choose({.run = [format](const Console&) { return rules(*format); }}); });
}

void add_explain(Arguments& program, const ScanOptions&, const Choose& choose) {
  const auto name = std::make_shared<std::string>();
  Arguments command = program.command("explain", "Show the page of a rule: what, why, and what to write instead");
  command.text("RULE", *name, "Id or name: FT104, dict-next-unlocked").required();
  command.when_chosen([=] { choose({.run = [name](const Console& console) { return explain(*name, console); }}); });
}

}  // namespace ftaudit::cli
