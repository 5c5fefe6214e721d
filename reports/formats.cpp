#include "reports/formats.h"

#include <array>
#include <sstream>

#include "reports/code_quality.h"
#include "reports/concise.h"
#include "reports/csv.h"
#include "reports/github.h"
#include "reports/html.h"
#include "reports/json.h"
#include "reports/junit.h"
#include "reports/markdown.h"
#include "reports/sarif.h"
#include "reports/terminal.h"

namespace ftaudit::reports {

namespace {

// A workflow's runner that reads along takes "##[" anywhere in a line for a command.
template <class Write> void without_commands(std::ostream& out, const Write& write) {
  std::ostringstream text;
  write(text);
  std::string all_of_it = std::move(text).str();
  for (std::size_t at = 0; (at = all_of_it.find("##[", at)) != std::string::npos; at += 4)
    all_of_it.insert(at + 2, " ");
  out << all_of_it;
}

constexpr std::array all{
    Format{
        "terminal", "for people, with source lines",
        [](std::ostream& out, const Document& document, const Surroundings& around) {
          without_commands(out, [&](std::ostream& text) {
            write_terminal(
                text, document,
                {.colour = around.colour, .width = around.width, .verbose = around.verbose, .source = around.source});
          });
        }},
    Format{"concise", "one line a finding",
           [](std::ostream& out, const Document& document, const Surroundings&) {
             without_commands(out, [&](std::ostream& text) { write_concise(text, document); });
           }},
    Format{"json", "everything, for programs",
           [](std::ostream& out, const Document& document, const Surroundings&) { write_json(out, document); }},
    Format{"sarif", "SARIF 2.1.0, for GitHub code scanning and editors", write_sarif},
    Format{"github", "annotations of a GitHub workflow", write_github},
    Format{"gitlab", "GitLab Code Quality", write_code_quality},
    Format{"junit", "JUnit XML, for CI servers",
           [](std::ostream& out, const Document& document, const Surroundings&) { write_junit(out, document); }},
    Format{"markdown", "a summary, for pull requests", write_markdown},
    Format{"csv", "a table of findings",
           [](std::ostream& out, const Document& document, const Surroundings&) { write_csv(out, document); }},
    Format{"html", "one page with filters, for a browser", write_html},
};

}  // namespace

std::span<const Format> formats() { return all; }

const Format* format_named(std::string_view name) {
  for (const Format& format : all)
    if (format.name == name) return &format;
  return nullptr;
}

std::string format_names() {
  std::string out;
  for (const Format& format : all) out.append(out.empty() ? "" : ", ").append(format.name);
  return out;
}

}  // namespace ftaudit::reports
