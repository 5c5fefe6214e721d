#include "reports/markdown.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"
#include "finding/verdict.h"
#include "reports/columns.h"
#include "reports/concise.h"
#include "reports/left_out.h"
#include "reports/markup.h"
#include "reports/plan.h"
#include "reports/repository.h"
#include "reports/sides.h"
#include "reports/types.h"
#include "reports/witness.h"

namespace ftaudit::reports {

namespace {

// GitHub takes 65,536 characters in a comment; room is kept for what others put around this.
constexpr std::size_t largest = 60'000;
constexpr std::size_t rows_shown = 50, details_shown = 20, files_shown = 20, entries_shown = 6, sides_shown = 12;
constexpr std::size_t snippet_width = 120;

// Prose of unknown origin: nothing in it becomes markup, a link, a mention or a reference to an issue.
std::string prose(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) switch (c) {
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '&': out += "&amp;"; break;
      case '@':
      case '#': (out += c) += "<!-- -->"; break;
      case '\\':
      case '`':
      case '*':
      case '_':
      case '[':
      case ']':
      case '|':
      case '~':
      case '!':
      case '$': (out += '\\') += c; break;
      case ':': out += ":<!-- -->"; break;  // no bare links, no emoji
      default: out += c;
    }
  return out;
}

// A code span that holds the text whole. Inside of a table a bar would end the cell even there.
std::string code(std::string_view text) {
  std::string flat = printable(text);
  for (std::size_t at = 0; (at = flat.find('|', at)) != std::string::npos; at += 2) flat.insert(at, "\\");
  std::size_t run = 0, longest = 0;
  for (const char c : flat) longest = std::max(longest, run = c == '`' ? run + 1 : 0);
  const std::string fence(longest + 1, '`');
  const std::string_view pad = flat.starts_with("`") || flat.ends_with("`") ? " " : "";
  return flat.empty() ? "" : fence + std::string(pad) + flat + std::string(pad) + fence;
}

std::string at(const Location& location, const Surroundings& around) {
  Location here = location;
  here.file = repository_path(location.file, around);
  here.column = 0;
  return code(place(here));
}

std::string source(Sources& sources, const Location& location) {
  std::string body;
  for (const SnippetLine& line : snippet(sources, location, snippet_width)) {
    const std::string number = line.number == 0 ? "..." : std::to_string(line.number);
    body += number + " | " + line.text + "\n";
    if (!line.carets.empty()) body += std::string(number.size(), ' ') + " | " + line.carets + "\n";
  }
  if (body.empty()) return "";
  std::size_t run = 0, longest = 2;
  for (const char c : body) longest = std::max(longest, run = c == '`' ? run + 1 : 0);
  const std::string fence(longest + 1, '`');
  return fence + "c\n" + body + fence + "\n";
}

class Markdown {
 public:
  Markdown(const Document& document, const Surroundings& around)
      : document_(document), around_(around), sources_(around.source) {
    for (const Finding& finding : document.findings) order_.push_back(&finding);
    std::sort(order_.begin(), order_.end(), [](auto* a, auto* b) { return mend_before(*a, *b); });
  }

  std::string text() {
    const Counts counts = count(document_);
    text_ =
        "## ftaudit: " +
        std::string(document_.analysed.empty() ? "nothing was audited"
                    : counts.total() == 0      ? (document_.against ? "nothing" : "nothing found")
                                          : by_severity(counts) + (counts.total() == 1 ? " finding" : " findings")) +
        (document_.against ? " new since " + prose(document_.against->revision) : "") + "\n\n";
    modules();
    plan();
    rows();
    details();
    fixed();
    progress();
    types();
    unread();
    for (const std::string& note : document_.notes) add("> " + prose(note) + "\n\n");
    return text_ + prose(closing_line(document_)) + "\n";
  }

 private:
  bool add(const std::string& part) {
    if (text_.size() + part.size() > largest) return false;
    text_ += part;
    return true;
  }

  void modules() {
    if (document_.modules.empty()) return;
    add("| module | GIL | verdict |\n| --- | --- | --- |\n");
    for (const ModuleReport& module : document_.modules)
      add("| " + code(module.name) + " | " + std::string(name_of(module.gil)) + " | " + prose(module.verdict) + " |\n");
    add("\n");
  }

  void plan() {
    const std::string sum = in_short(document_.plan);
    if (sum.empty()) return;
    add("**Plan** " + prose(sum) + "\n\n");
    std::size_t told = 0;
    for (const PlanStep& step : document_.plan->steps) {
      std::string line = std::to_string(step.number) + ". " + prose(step.what) +
                         (document_.plan->measured == Measured::no ? ": is for " : ": ends ") + by_rule(step.ends);
      for (std::size_t i = 0; i < step.places.size() && i < entries_shown; ++i)
        line += (i == 0 ? " (" : ", ") + at(step.places[i].location, around_);
      if (step.places.size() > entries_shown)
        line += " and " + std::to_string(step.places.size() - entries_shown) + " more";
      if (told == files_shown || !add(line + (step.places.empty() ? "" : ")") + "\n")) break;
      ++told;
    }
    if (told < document_.plan->steps.size())
      add("\nand " + counted(document_.plan->steps.size() - told, "more step") + "\n");
    add("\n");
  }

  void rows() {
    if (order_.empty()) return;
    add("| severity | where | rule | what |\n| --- | --- | --- | --- |\n");
    std::size_t told = 0;
    for (const Finding* finding : order_) {
      std::string severity(name_of(finding->severity));
      if (finding->severity == Severity::high) severity = "**high**";
      std::string what = prose(finding->what);
      if (finding->witness) what += " (run: " + prose(name_of(finding->witness->verdict)) + ")";
      if (told == rows_shown || !add("| " + severity + " | " + at(finding->location, around_) + " | " +
                                     prose(finding->rule) + " " + prose(finding->name) + " | " + what + " |\n"))
        break;
      ++told;
    }
    add("\n");
    if (told < order_.size()) add(std::to_string(order_.size() - told) + " more are in the full report.\n\n");
  }

  void details() {
    std::size_t told = 0;
    for (const Finding* finding : order_)
      if (told++ == details_shown || !add(detail(*finding))) break;
  }

  std::string detail(const Finding& finding) {
    std::string out = "<details><summary>" + markup(finding.rule + " " + finding.name) + " in <code>" +
                      markup(printable(place(finding.location))) + "</code></summary>\n\n";
    out += source(sources_, finding.location);
    out += "\n" + prose(finding.what) + ".\n";
    if (!finding.why.empty()) out += "\n**Why** " + prose(finding.why) + "\n";
    if (!finding.instead.empty()) out += "\n**Instead** " + prose(finding.instead) + "\n";
    for (const Step& step : finding.trace) {
      out += "\n" + at(step.location, around_) + " " + prose(step.what) + "\n";
      if (step.location.file != finding.location.file || step.location.line != finding.location.line)
        out += "\n" + source(sources_, step.location);
    }
    if (const std::vector<const Side*> others = sides_beyond_trace(finding); !others.empty()) {
      out += "\n**Sides** " + prose(sides_title(finding)) + "\n\n";
      const std::size_t shown = std::min(others.size(), sides_shown);
      for (std::size_t i = 0; i < shown; ++i)
        out += "- " + at(others[i]->location, around_) + " " + prose(in_words(*others[i])) + "\n";
      if (shown < others.size()) out += "- and " + std::to_string(others.size() - shown) + " more\n";
    }
    if (!finding.entry_points.empty()) {
      const std::size_t shown = std::min(finding.entry_points.size(), entries_shown);
      std::vector<std::string> names;
      for (std::size_t i = 0; i < shown; ++i) names.push_back(code(finding.entry_points[i]));
      if (shown < finding.entry_points.size())
        names.push_back(std::to_string(finding.entry_points.size() - shown) + " more");
      out += "\n**Reached from Python through** " + join(names, ", ") + "\n";
    }
    if (finding.witness) out += "\n**Run** " + prose(said_by(*finding.witness)) + "\n";
    return out + "\n</details>\n\n";
  }

  void types() {
    std::string lines;
    for (const TypeReport& type : document_.types)
      if (type.races > 0 || !type.contract.empty())
        lines += "- " + code(type.name) + " " + prose(in_words(type)) + "\n";
    if (!lines.empty()) add("**Types**\n\n" + lines + "\n");
  }

  void progress() {
    if (!document_.against || document_.against->progress.empty()) return;
    const auto& mended = document_.against->progress;
    add("**Mended in part: " + counted(mended.size(), "finding") + "**\n\n");
    for (std::size_t i = 0; i < mended.size() && i < files_shown; ++i)
      add("- " + at(mended[i].finding.location, around_) + " " + prose(mended[i].finding.rule) + ": " +
          std::to_string(mended[i].left) + " of " + counted(mended[i].total, "side") + " left\n");
    if (mended.size() > files_shown) add("- and " + std::to_string(mended.size() - files_shown) + " more\n");
    add("\n");
  }

  void fixed() {
    if (!document_.against || document_.against->fixed.empty()) return;
    const std::vector<Finding>& gone = document_.against->fixed;
    add("**Fixed: " + counted(gone.size(), "finding") + "**\n\n");
    for (std::size_t i = 0; i < gone.size() && i < files_shown; ++i)
      add("- " + at(gone[i].location, around_) + " " + prose(gone[i].rule) + " " + prose(gone[i].what) + "\n");
    if (gone.size() > files_shown) add("- and " + std::to_string(gone.size() - files_shown) + " more\n");
    add("\n");
  }

  void unread() {
    std::vector<std::string> lines;
    for (const AnalysedFile& file : document_.analysed)
      if (file.partial) lines.push_back("- " + code(file.file) + " in part: " + prose(file.reason) + "\n");
    std::size_t files = lines.size();
    for (const LeftOut& part : left_out(document_)) {
      std::string names;
      for (const std::string& file : part.files) names += (names.empty() ? "" : ", ") + code(file);
      lines.push_back("- " + names + " skipped: " + prose(part.reason) + "\n");
      files += part.files.size();
    }
    if (lines.empty()) return;
    add("<details><summary>" + counted(files, "file") + " not audited whole</summary>\n\n");
    const std::size_t shown = std::min(lines.size(), files_shown);
    for (std::size_t i = 0; i < shown; ++i) add(lines[i]);
    if (shown < lines.size()) add("- and " + std::to_string(lines.size() - shown) + " more\n");
    // Not through add(): what was opened is closed.
    text_ += "\n</details>\n\n";
  }

  const Document& document_;
  const Surroundings& around_;
  Sources sources_;
  std::vector<const Finding*> order_;
  std::string text_;
};

}  // namespace

void write_markdown(std::ostream& out, const Document& document, const Surroundings& around) {
  out << Markdown(document, around).text();
}

}  // namespace ftaudit::reports
