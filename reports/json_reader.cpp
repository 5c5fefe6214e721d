#include "reports/json_reader.h"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

namespace ftaudit::reports {
namespace {

using Json = nlohmann::json;

constexpr int schema = 1;

// A value of the report and how to get there. The first thing that is wrong is kept; after that everything reads as
// empty.
class At {
 public:
  At(const Json& json, std::string path, std::string& error) : json_(json), path_(std::move(path)), error_(error) {}

  At operator[](const char* key) const {
    static const Json nothing;
    const std::string path = path_.empty() ? key : path_ + "." + key;
    if (!json_.is_object()) return complain("is not an object"), At(nothing, path, error_);
    const auto it = json_.find(key);
    if (it != json_.end()) return At(*it, path, error_);
    const At missing(nothing, path, error_);
    missing.complain("is missing");
    return missing;
  }
  // Null also where there is no such key: for what not every report has.
  const Json* find(const char* key) const {
    const auto it = json_.is_object() ? json_.find(key) : json_.end();
    return it == json_.end() || it->is_null() ? nullptr : &*it;
  }

  void get(std::string& out) const {
    if (json_.is_string()) out = json_.get_ref<const std::string&>();
    else complain("is not a text");
  }
  void get(bool& out) const {
    if (json_.is_boolean()) out = json_.get<bool>();
    else complain("is not true or false");
  }
  template <class Number>
    requires std::is_unsigned_v<Number>
  void get(Number& out) const {
    const bool fits = json_.is_number_unsigned() && json_.get<std::uint64_t>() <= std::numeric_limits<Number>::max();
    if (fits) out = json_.get<Number>();
    else complain("is not a number from 0 on");
  }
  // One of a closed list of names.
  template <class Enum> void get(Enum& out, std::optional<Enum> (*named)(std::string_view)) const {
    std::string name;
    get(name);
    if (const std::optional<Enum> value = named(name)) out = *value;
    else complain("is '" + name + "', which this version does not know");
  }
  template <class T, class Read> void each(std::vector<T>& out, Read read) const {
    if (!json_.is_array()) return complain("is not a list");
    for (std::size_t i = 0; i < json_.size() && error_.empty(); ++i)
      read(At(json_[i], path_ + "[" + std::to_string(i) + "]", error_), out.emplace_back());
  }
  void get(std::vector<std::string>& out) const {
    each(out, [](const At& at, std::string& text) { at.get(text); });
  }

  void complain(const std::string& what) const {
    if (error_.empty()) error_ = (path_.empty() ? "the report" : path_) + " " + what;
  }

 private:
  const Json& json_;
  std::string path_;
  std::string& error_;
};

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
    if (step.find("thread") != nullptr) step["thread"].get(into.thread);
  });
  at["entry_points"].get(out.entry_points);
  if (at.find("modules") != nullptr) at["modules"].get(out.modules);
  // Reports of earlier versions know of no sides.
  if (at.find("sides") != nullptr) at["sides"].each(out.sides, [](const At& side, Side& into) { read(side, into); });
  if (at.find("owner") != nullptr) at["owner"].get(out.owner);
  if (at.find("remedy") != nullptr) at["remedy"].get(out.remedy);
  at["fixes"].each(out.fixes, [](const At& fix, Fix& into) {
    read(fix["range"], into.range);
    fix["text"].get(into.text);
  });
  at["fingerprint"].get(out.fingerprint);
  if (at.find("witness") != nullptr) {
    const At seen = at["witness"];
    out.witness.emplace();
    seen["verdict"].get(out.witness->verdict, verdict_named);
    seen["report"].get(out.witness->report);
    seen["reproducer"].get(out.witness->reproducer);
    const auto also = [&](const char* key, auto& into) {
      if (seen.find(key) != nullptr) seen[key].get(into);
    };
    Witness& witness = *out.witness;
    also("why", witness.why), also("workload", witness.workload), also("seen", witness.seen),
        also("reached", witness.reached), also("overlaps", witness.overlaps);
    also("hits", witness.hits), also("runs", witness.runs), also("crashes_plain", witness.crashes_plain),
        also("screened", witness.screened);
    if (seen.find("repeats") != nullptr) {
      const At repeats = seen["repeats"];
      repeats["seen"].get(witness.repeats.seen), repeats["of"].get(witness.repeats.of);
      repeats["gil_seen"].get(witness.repeats.gil_seen), repeats["gil_of"].get(witness.repeats.gil_of);
    }
    if (seen.find("places") != nullptr)
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
  if (at.find("hidden") != nullptr) at["hidden"].get(out.hidden);
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

void read_summary(const At& at, Document& out) {
  at["functions"].get(out.functions);
  const At hidden = at["hidden"];
  hidden["allowed"].get(out.hidden.allowed);
  hidden["ignored"].get(out.hidden.ignored);
  hidden["below_severity"].get(out.hidden.below_severity);
  hidden["below_confidence"].get(out.hidden.below_confidence);
  if (hidden.find("baseline") != nullptr) hidden["baseline"].get(out.hidden.baseline);
}

void read(const At& at, Comparison& out) {
  at["revision"].get(out.revision);
  at["unchanged"].get(out.unchanged);
  if (at.find("unread") != nullptr) at["unread"].get(out.unread);
  at["fixed"].each(out.fixed, [](const At& one, Finding& into) { read(one, into); });
  if (at.find("progress") != nullptr)
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
  if (at["tool"].find("sandbox") != nullptr) read(at["tool"], out.sandbox.emplace());
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
  if (at.find("types") != nullptr)
    at["types"].each(out.types, [](const At& one, TypeReport& into) { read(one, into); });
  at["notes"].get(out.notes);
  if (at.find("against") != nullptr) read(at["against"], out.against.emplace());
}

}  // namespace

Result<Document> read_json(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return Error{"this is not JSON, or it is cut short"};
  Document document;
  std::string error;
  read(At(json, "", error), document);
  if (!error.empty()) return Error{error};
  return document;
}

}  // namespace ftaudit::reports
