#include <nlohmann/json.hpp>

#include "reports/measurement.h"

namespace ftaudit::reports {
namespace {

using Json = nlohmann::ordered_json;

constexpr int schema = 1;

Json build(const MeasuredBuild& of) {
  return {{"name", of.name},
          {"version", of.version},
          {"executable", of.executable},
          {"compiler", of.compiler},
          {"free_threaded", of.free_threaded}};
}

Json row(const MeasuredRow& of) {
  Json out{{"workload", of.workload},   {"kind", of.kind},     {"quantity", of.quantity}, {"lanes", of.lanes},
           {"processes", of.processes}, {"median", of.median}, {"scaling", of.scaling}};
  if (of.ratio.pairs == 0) out["ratio"] = nullptr;
  else
    out["ratio"] = {
        {"low", of.ratio.low}, {"median", of.ratio.median}, {"high", of.ratio.high}, {"pairs", of.ratio.pairs}};
  out["answer"] = name_of(of.answer), out["why"] = of.why;
  return out;
}

Json sample(const MeasuredSample& of) {
  return {{"workload", of.workload},
          {"build", of.build},
          {"order", of.order},
          {"lanes", of.lanes},
          {"processes", of.processes},
          {"wall", of.wall},
          {"cpu", of.cpu},
          {"queued", of.queued},
          {"clean", of.clean},
          {"memory", of.memory},
          {"gil", of.gil_known ? Json(of.gil) : Json(nullptr)},
          {"latencies", of.latencies},
          {"answer", of.answer}};
}

std::string text_of(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace); }

}  // namespace

void write_measurement_json(std::ostream& out, const Measurement& of) {
  Json json{{"schema", schema},
            {"tool", {{"name", "ftaudit"}, {"version", of.tool_version}}},
            {"measured", of.what},
            {"date", of.date},
            {"processors", of.processors},
            {"builds", Json::array({build(of.builds[0]), build(of.builds[1])})},
            {"differences", of.differences}};
  json["rows"] = Json::array(), json["samples"] = Json::array();
  for (const MeasuredRow& one : of.rows) json["rows"].push_back(row(one));
  for (const MeasuredSample& one : of.samples) json["samples"].push_back(sample(one));
  json["loaded"] = of.loaded, json["switched_on_by"] = of.switched_on_by;
  json["notes"] = of.notes, json["missed"] = of.missed, json["incomplete"] = of.incomplete;
  out << text_of(json) << '\n';
}

// The format of pyperf 2: a suite of benchmarks, one run a process.
void write_pyperf(std::ostream& out, const Measurement& of, std::size_t wanted) {
  Json benchmarks = Json::array();
  for (const MeasuredRow& one : of.rows) {
    if (one.quantity != "CPU time") continue;
    Json runs = Json::array();
    for (const MeasuredSample& made : of.samples)
      if (made.build == wanted && made.lanes == 1 && made.workload == one.workload && made.cpu > 0)
        runs.push_back({{"values", Json::array({made.cpu})}});
    if (!runs.empty())
      benchmarks.push_back({{"metadata", {{"name", one.workload}, {"unit", "second"}, {"loops", 1}}}, {"runs", runs}});
  }
  const Json suite{
      {"version", "1.0"},
      {"metadata",
       {{"python_version", of.builds[wanted].version}, {"python_executable", of.builds[wanted].executable}}},
      {"benchmarks", benchmarks}};
  out << text_of(suite) << '\n';
}

}  // namespace ftaudit::reports
