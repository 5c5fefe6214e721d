#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>

#include "reports/characters.h"
#include "reports/columns.h"
#include "reports/markup.h"
#include "reports/measurement.h"
#include "reports/sheet.h"

namespace ftaudit::reports {
namespace {

std::string esc(std::string_view text) { return markup(printable(text)); }

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

constexpr std::string_view style = R"css(
:root{--with:#8a5a00;--without:#1b5a8a}@media (prefers-color-scheme:dark){:root{--with:#f0c060;--without:#8cc4f0}}
td.n{text-align:right;font-variant-numeric:tabular-nums}
.with{color:var(--with)}.without{color:var(--without)}.more{color:var(--bad)}.less{color:var(--good)}
svg{max-width:100%;height:auto;font:13px system-ui,sans-serif}svg text{fill:var(--fg)}
@media (max-width:40rem){.scroll svg{max-width:none;width:40rem}}
)css";

class Page {
 public:
  Page(std::ostream& out, const Measurement& of) : out_(out), of_(of) {}

  void write() {
    begin_sheet(out_, "Measured: " + esc(of_.what), style);
    out_ << "<body>\n<main>\n<h1>" << esc(head_of(of_)) << "</h1>\n";
    table();
    forest();
    curves();
    latencies();
    list("Missed", of_.missed);
    list("Notes", of_.notes);
    out_ << "<p class=\"dim\">Made by ftaudit " << esc(of_.tool_version) << " on " << esc(of_.date)
         << ". Each sample is a fresh process; the two builds take turns. Intervals hold the ratio with 95 %; "
            "more or less is said where 99.9 % do.</p>\n</main>\n</body>\n</html>\n";
  }

 private:
  static std::string_view kind(const MeasuredRow& row) {
    return row.answer == MeasuredAnswer::more ? "more" : row.answer == MeasuredAnswer::less ? "less" : "dim";
  }

  void table() {
    out_ << "<div class=\"scroll\"><table class=\"rows\">\n<thead><tr><th>Workload</th><th>Quantity</th><th>"
         << esc(of_.builds[0].name) << "</th><th>" << esc(of_.builds[1].name)
         << "</th><th>Ratio</th><th>95 %</th><th>Says</th></tr></thead>\n<tbody>\n";
    const auto cell = [&](const std::string& of, const std::string& text) {
      out_ << "<td class=\"n\" data-of=\"" << esc(of) << "\">" << text << "</td>";
    };
    for (const MeasuredRow& row : of_.rows) {
      out_ << "<tr><td class=\"what\">" << esc(row.workload)
           << (row.kind.empty() ? "" : "<br> <span class=\"dim\">" + esc(row.kind) + "</span>") << "</td><td>"
           << esc(row.quantity) << "</td>";
      cell(of_.builds[0].name, quantity_text(row, 0)), cell(of_.builds[1].name, quantity_text(row, 1));
      cell("ratio", ratio_text(row)), cell("95 %", interval_text(row));
      out_ << "<td class=\"says " << kind(row) << "\">" << esc(says(row)) << "</td></tr>\n";
    }
    out_ << "</tbody></table></div>\n";
  }

  // Ratios on a logarithmic axis from a quarter to four times, a line at one.
  void forest() {
    std::vector<const MeasuredRow*> rows;
    for (const MeasuredRow& row : of_.rows)
      if (row.ratio.pairs > 0) rows.push_back(&row);
    if (rows.empty()) return;
    constexpr double left = 330, right = 960, step = 24;
    const auto x = [&](double ratio) {
      return left + (std::log2(std::clamp(ratio, 0.25, 4.0)) + 2) / 4 * (right - left);
    };
    const double height = 40 + step * static_cast<double>(rows.size());
    out_ << "<h2>Ratios: without the GIL by with it</h2>\n<div class=\"scroll\"><svg role=\"img\" aria-label=\"ratios "
            "with their intervals\" "
            "viewBox=\"0 0 980 "
         << number(height) << "\" width=\"980\">\n";
    for (const auto& [ratio, label] : {std::pair{0.25, "x0.25"}, {0.5, "x0.5"}, {1.0, "x1"}, {2.0, "x2"}, {4.0, "x4"}})
      out_ << "<line x1=\"" << number(x(ratio)) << "\" x2=\"" << number(x(ratio)) << "\" y1=\"22\" y2=\""
           << number(height) << "\" stroke=\"var(" << (ratio == 1.0 ? "--fg" : "--line") << ")\"/><text x=\""
           << number(x(ratio)) << "\" y=\"14\" text-anchor=\"middle\">" << label << "</text>\n";
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const MeasuredRow& row = *rows[i];
      const double y = 40 + step * static_cast<double>(i);
      const std::string ink = row.answer == MeasuredAnswer::more   ? "var(--bad)"
                              : row.answer == MeasuredAnswer::less ? "var(--good)"
                                                                   : "var(--dim)";
      out_ << "<text x=\"0\" y=\"" << number(y + 4) << "\">" << esc(shortened(row.workload + ", " + row.quantity, 44))
           << "</text><line x1=\"" << number(x(row.ratio.low)) << "\" x2=\"" << number(x(row.ratio.high)) << "\" y1=\""
           << number(y) << "\" y2=\"" << number(y) << "\" stroke=\"" << ink << "\" stroke-width=\"3\"/><circle cx=\""
           << number(x(row.ratio.median)) << "\" cy=\"" << number(y) << "\" r=\"5\" fill=\"" << ink << "\"><title>"
           << ratio_text(row) << " (" << interval_text(row) << ")</title></circle>\n";
    }
    out_ << "</svg></div>\n";
  }

  // By number of threads: times the throughput of one, both builds, and what would be ideal.
  void curves() {
    std::map<std::string, std::map<unsigned, const MeasuredRow*>> by_workload;
    for (const MeasuredRow& row : of_.rows)
      if (row.lanes > 1 && !row.processes && row.scaling[0] > 0 && row.scaling[1] > 0)
        by_workload[row.workload][row.lanes] = &row;
    if (by_workload.empty()) return;
    out_ << "<h2>Throughput by threads</h2>\n<p class=\"dim\">Times that of one thread of the same build: "
            "with the GIL <span class=\"with\">&#9632;</span>, without "
            "<span class=\"without\">&#9679;</span>, ideal dashed.</p>\n";
    for (const auto& [name, rows] : by_workload) {
      const double most = rows.rbegin()->first, size = 220, edge = 30;
      const auto x = [&](double lanes) { return edge + (lanes - 1) / std::max(1.0, most - 1) * size; };
      const auto y = [&](double times) { return edge + size - std::clamp(times / most, 0.0, 1.1) * size; };
      out_ << "<figure><figcaption>" << esc(name)
           << "</figcaption><svg role=\"img\" aria-label=\"throughput by threads\" viewBox=\"0 0 300 "
              "280\" width=\"300\"><line x1=\""
           << number(x(1)) << "\" y1=\"" << number(y(1)) << "\" x2=\"" << number(x(most)) << "\" y2=\""
           << number(y(most)) << "\" stroke=\"var(--dim)\" stroke-dasharray=\"4\"/>\n";
      for (std::size_t build : {0, 1}) {
        const char* ink = build == 0 ? "var(--with)" : "var(--without)";
        std::string points = number(x(1)) + "," + number(y(1));
        for (const auto& [lanes, row] : rows) points += " " + number(x(lanes)) + "," + number(y(row->scaling[build]));
        out_ << "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"" << ink << "\" points=\"" << points << "\"/>\n";
        for (const auto& [lanes, row] : rows) {
          const std::string at_x = number(x(lanes)), at_y = number(y(row->scaling[build]));
          if (build == 0)
            out_ << "<rect x=\"" << number(x(lanes) - 4) << "\" y=\"" << number(y(row->scaling[build]) - 4)
                 << "\" width=\"8\" height=\"8\" fill=\"" << ink << "\"/>";
          else out_ << "<circle cx=\"" << at_x << "\" cy=\"" << at_y << "\" r=\"4\" fill=\"" << ink << "\"/>";
          if (build == 0) out_ << "<text x=\"" << at_x << "\" y=\"272\" text-anchor=\"middle\">" << lanes << "</text>";
        }
      }
      out_ << "<text x=\"" << number(x(1)) << "\" y=\"272\" text-anchor=\"middle\">1</text></svg></figure>\n";
    }
  }

  // Of a service, by percentile: what part of the requests was answered how fast, the last of them spread out, on a
  // logarithmic axis; all samples of a build together.
  void latencies() {
    std::map<std::string, std::array<std::vector<std::uint32_t>, 2>> by_workload;
    for (const MeasuredSample& sample : of_.samples) {
      if (sample.latencies.empty()) continue;
      auto& all = by_workload[sample.workload][sample.build];
      all.insert(all.end(), sample.latencies.begin(), sample.latencies.end());
    }
    if (by_workload.empty()) return;
    out_ << "<h2>Latency by percentile</h2>\n<p class=\"dim\">From when each request was due, whatever the service "
            "was doing: with the GIL <span class=\"with\">&#9632;</span>, without "
            "<span class=\"without\">&#9679;</span>.</p>\n";
    constexpr double left = 70, right = 620, top = 15, bottom = 245, nines = 3;
    for (auto& [name, builds] : by_workload) {
      double least = 1e12, most = 1;
      for (auto& all : builds) {
        std::ranges::sort(all);
        if (!all.empty()) least = std::min(least, std::max(1.0, all[0] * 1.0)), most = std::max(most, all.back() * 1.0);
      }
      most = std::max(most, least * 2);
      const auto x = [&](double part) { return left + -std::log10(1 - part) / nines * (right - left); };
      const auto y = [&](double us) { return bottom - std::log(us / least) / std::log(most / least) * (bottom - top); };
      out_ << "<figure><figcaption>" << esc(name)
           << "</figcaption><svg role=\"img\" aria-label=\"latency by percentile\" viewBox=\"0 0 640 270\" "
              "width=\"640\">\n";
      for (const auto& [part, label] :
           {std::pair{0.0, "0"}, {0.5, "p50"}, {0.9, "p90"}, {0.99, "p99"}, {0.999, "p99.9"}})
        out_ << "<line x1=\"" << number(x(part)) << "\" x2=\"" << number(x(part)) << "\" y1=\"" << number(top)
             << "\" y2=\"" << number(bottom) << "\" stroke=\"var(--line)\"/><text x=\"" << number(x(part))
             << "\" y=\"264\" text-anchor=\"middle\">" << label << "</text>\n";
      for (double tick = 1; tick <= most; tick *= 10)
        if (tick >= least / 3)
          out_ << "<text x=\"64\" y=\"" << number(std::min(bottom, y(std::max(tick, least))) + 4)
               << "\" text-anchor=\"end\">"
               << (tick >= 1e6   ? number(tick / 1e6) + " s"
                   : tick >= 1e3 ? number(tick / 1e3) + " ms"
                                 : number(tick) + " us")
               << "</text>\n";
      for (const std::size_t build : {0, 1}) {
        const std::vector<std::uint32_t>& all = builds[build];
        if (all.empty()) continue;
        std::string points;
        for (double nine = 0; nine <= nines; nine += 0.05) {
          const double part = 1 - std::pow(10, -nine);
          const auto at = std::min(all.size() - 1, static_cast<std::size_t>(part * static_cast<double>(all.size())));
          points += (points.empty() ? "" : " ") + number(x(part)) + "," + number(y(std::max<double>(all[at], least)));
        }
        out_ << "<polyline fill=\"none\" stroke-width=\"2\" stroke=\""
             << (build == 0 ? "var(--with)" : "var(--without)") << "\" points=\"" << points << "\"/>\n";
      }
      out_ << "</svg></figure>\n";
    }
  }

  void list(const char* title, const std::vector<std::string>& items) {
    if (items.empty()) return;
    out_ << "<h2>" << title << "</h2>\n<ul>\n";
    for (const std::string& item : items) out_ << "<li>" << esc(item) << "</li>\n";
    out_ << "</ul>\n";
  }

  std::ostream& out_;
  const Measurement& of_;
};

}  // namespace

void write_measurement_html(std::ostream& out, const Measurement& measurement) { Page(out, measurement).write(); }

}  // namespace ftaudit::reports
