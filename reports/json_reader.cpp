#include "reports/json_reader.h"

#include <algorithm>

#include "reports/json_at.h"

namespace ftaudit::reports {
namespace {

constexpr int schema = 1;

void read(const At& at, Location& out) {
  at["file"].get(out.file);
  at["line"].get(out.line);
  at["column"].get(out.column);
  at["end_line"].get(out.end_line);
  at["end_column"].get(out.end_column);
}

void read(const At& at, Side& out) {
  at["function"].get(out.function);
  read(at["location"], out.location);
  at["does"].get(out.does, does_named);
  at["held"].get(out.held);
  at["states"].get(out.states);
  at["entry_points"].get(out.entry_points);
  at["confidence"].get(out.confidence, confidence_named);
  at["points"].each(out.points, [](const At& point, Side::Point& into) {
    read(point["location"], into.location);
    point["state"].get(into.state);
    point["does"].get(into.does, does_named);
  });
}

void read(const At& at, Finding& out) {
  at["rule"].get(out.rule);
  at["name"].get(out.name);
  at["category"].get(out.category, category_named);
  at["severity"].get(out.severity, severity_named);
  at["confidence"].get(out.confidence, confidence_named);
  read(at["location"], out.location);
  at["function"].get(out.function);
  at["place"].get(out.place);
  at["what"].get(out.what);
  at["why"].get(out.why);
  at["instead"].get(out.instead);
  at["trace"].each(out.trace, [](const At& step, Step& into) {
    read(step["location"], into.location);
    step["what"].get(into.what);
    if (step.has("thread")) step["thread"].get(into.thread);
  });
  at["entry_points"].get(out.entry_points);
  if (at.has("modules")) at["modules"].get(out.modules);
  // Reports of earlier versions know of no sides.
  if (at.has("sides")) at["sides"].each(out.sides, [](const At& side, Side& into) { read(side, into); });
  if (at.has("owner")) at["owner"].get(out.owner);
  if (at.has("remedy")) at["remedy"].get(out.remedy);
  at["fixes"].each(out.fixes, [](const At& fix, Fix& into) {
    read(fix["range"], into.range);
    fix["text"].get(into.text);
  });
  at["fingerprint"].get(out.fingerprint);
  if (at.has("witness")) {
    const At seen = at["witness"];
    out.witness.emplace();
    seen["verdict"].get(out.witness->verdict, verdict_named);
    seen["report"].get(out.witness->report);
    seen["reproducer"].get(out.witness->reproducer);
    const auto also = [&](const char* key, auto& into) {
      if (seen.has(key)) seen[key].get(into);
    };
    Witness& witness = *out.witness;
    also("why", witness.why), also("workload", witness.workload), also("seen", witness.seen),
        also("reached", witness.reached), also("overlaps", witness.overlaps);
    also("hits", witness.hits), also("runs", witness.runs), also("crashes_plain", witness.crashes_plain),
        also("screened", witness.screened);
    if (seen.has("repeats")) {
      const At repeats = seen["repeats"];
      repeats["seen"].get(witness.repeats.seen), repeats["of"].get(witness.repeats.of);
      repeats["gil_seen"].get(witness.repeats.gil_seen), repeats["gil_of"].get(witness.repeats.gil_of);
    }
    if (seen.has("places"))
      seen["places"].each(witness.places, [](const At& place, Witness::Place& into) {
        place["what"].get(into.what), place["seen"].get(into.seen);
      });
  }
}

void read(const At& at, ModuleReport& out) {
  at["name"].get(out.name);
  at["init"].get(out.init);
  at["gil"].get(out.gil, gil_named);
  at["style"].get(out.style);
  read(at["location"], out.location);
  at["files"].get(out.files);
  if (at.has("hidden")) at["hidden"].get(out.hidden);
  at["verdict"].get(out.verdict);
  at["blockers"].get(out.blockers);
}

void read(const At& at, TypeReport& out) {
  at["name"].get(out.name);
  at["record"].get(out.record);
  at["contract"].get(out.contract);
  at["entries"].get(out.entries);
  at["rows"].get(out.rows);
  at["racing"].get(out.racing);
  at["pairs"].get(out.pairs);
  at["ordered"].get(out.ordered);
  at["by_contract"].get(out.by_contract);
  at["possible"].get(out.possible);
  at["races"].get(out.races);
  const bool square = out.rows.size() == out.entries.size() &&
                      std::all_of(out.rows.begin(), out.rows.end(),
                                  [&](const std::string& row) { return row.size() == out.entries.size(); });
  if (!square) at["rows"].complain("does not fit the entries");
}

void read(const At& at, PlanFinding& out) {
  at["rule"].get(out.rule);
  at["name"].get(out.name);
  read(at["location"], out.location);
  at["what"].get(out.what);
  at["fingerprint"].get(out.fingerprint);
}

void read(const At& at, std::vector<PlanFinding>& out) {
  at.each(out, [](const At& one, PlanFinding& into) { read(one, into); });
}

void read(const At& at, PlanStep& out) {
  at["number"].get(out.number);
  at["kind"].get(out.kind, step_kind_named);
  at["what"].get(out.what);
  at["because"].get(out.because);
  at["otherwise"].get(out.otherwise);
  at["states"].get(out.states);
  at["places"].each(out.places, [](const At& one, PlanPlace& into) {
    read(one["location"], into.location);
    one["function"].get(into.function);
    one["write"].get(into.write);
    one["entry_points"].get(into.entry_points);
  });
  read(at["ends"], out.ends);
  read(at["ends_part_of"], out.lessens);
  read(at["brings"], out.brings);
}

void read(const At& at, Plan& out) {
  at["findings"].get(out.findings);
  at["ended"].get(out.ended);
  at["measured"].get(out.measured, measured_named);
  at["steps"].each(out.steps, [](const At& one, PlanStep& into) { read(one, into); });
  at["rest"].each(out.rest, [](const At& one, PlanRest& into) {
    one["rule"].get(into.rule);
    one["name"].get(into.name);
    one["why"].get(into.why);
    read(one["findings"], into.findings);
  });
  std::vector<std::pair<TypeReport, TypeReport>> types;
  at["types"].each(types, [](const At& one, std::pair<TypeReport, TypeReport>& into) {
    read(one["before"], into.first), read(one["after"], into.second);
  });
  for (auto& [before, after] : types) out.before.push_back(std::move(before)), out.after.push_back(std::move(after));
}

void read_summary(const At& at, Document& out) {
  at["functions"].get(out.functions);
  const At hidden = at["hidden"];
  hidden["allowed"].get(out.hidden.allowed);
  hidden["ignored"].get(out.hidden.ignored);
  hidden["below_severity"].get(out.hidden.below_severity);
  hidden["below_confidence"].get(out.hidden.below_confidence);
  if (hidden.has("baseline")) hidden["baseline"].get(out.hidden.baseline);
}

void read(const At& at, Comparison& out) {
  at["revision"].get(out.revision);
  at["unchanged"].get(out.unchanged);
  if (at.has("unread")) at["unread"].get(out.unread);
  at["fixed"].each(out.fixed, [](const At& one, Finding& into) { read(one, into); });
  if (at.has("progress"))
    at["progress"].each(out.progress, [](const At& one, Comparison::Progress& into) {
      read(one["finding"], into.finding);
      one["left"].get(into.left);
      one["total"].get(into.total);
    });
}

void read(const At& tool, Confinement& out) {
  std::vector<std::string> layers;
  tool["sandbox"].get(layers);
  for (const std::string& layer : layers) out.add_layer(layer);
  tool["sandbox_lacks"].get(out.lacks);
}

void read(const At& at, Document& out) {
  std::uint32_t version = 0;
  at["schema"].get(version);
  if (version != schema)
    return at["schema"].complain("is " + std::to_string(version) + "; this version of ftaudit reads schema " +
                                 std::to_string(schema));
  at["tool"]["version"].get(out.tool_version);
  at["tool"]["python"].get(out.python);
  if (at["tool"].has("sandbox")) read(at["tool"], out.sandbox.emplace());
  read_summary(at["summary"], out);
  at["findings"].each(out.findings, [](const At& one, Finding& into) { read(one, into); });
  at["rules"].each(out.rules, [](const At& one, RuleTally& into) {
    one["rule"].get(into.rule);
    one["sites"].get(into.sites);
    one["findings"].get(into.findings);
  });
  at["analysed"].each(out.analysed, [](const At& one, AnalysedFile& into) {
    one["file"].get(into.file);
    one["partial"].get(into.partial);
    one["reason"].get(into.reason);
    one["functions"].get(into.functions);
    one["errors"].get(into.errors);
  });
  at["skipped"].each(out.skipped, [](const At& one, SkippedFile& into) {
    one["file"].get(into.file);
    one["reason"].get(into.reason);
    one["asked"].get(into.asked);
  });
  at["modules"].each(out.modules, [](const At& one, ModuleReport& into) { read(one, into); });
  if (at.has("types")) at["types"].each(out.types, [](const At& one, TypeReport& into) { read(one, into); });
  if (at.has("plan")) read(at["plan"], out.plan.emplace());
  at["notes"].get(out.notes);
  if (at.has("against")) read(at["against"], out.against.emplace());
}

}  // namespace

Result<Document> read_json(std::string_view text) {
  Document out;
  if (const Status done = read_report(text, [&](const At& at) { read(at, out); }); !done) return done.error();
  return out;
}

}  // namespace ftaudit::reports
