#include "reports/json_at.h"
#include "reports/measurement.h"

namespace ftaudit::reports {
namespace {

constexpr unsigned schema = 1;

void read(const At& at, MeasuredBuild& out) {
  at["name"].get(out.name), at["version"].get(out.version), at["executable"].get(out.executable);
  at["compiler"].get(out.compiler), at["free_threaded"].get(out.free_threaded);
}

// One of each build.
template <class T, class Read> void read_both(const At& at, std::array<T, 2>& out, Read read_one) {
  std::vector<T> list;
  at.each(list, read_one);
  if (list.size() == out.size()) std::move(list.begin(), list.end(), out.begin());
  else at.complain("is no list of two");
}

void read(const At& at, MeasuredRow& out) {
  const auto number = [](const At& one, double& into) { one.get(into); };
  at["workload"].get(out.workload), at["kind"].get(out.kind), at["quantity"].get(out.quantity);
  at["lanes"].get(out.lanes), at["processes"].get(out.processes);
  read_both(at["median"], out.median, number), read_both(at["scaling"], out.scaling, number);
  if (at.has("ratio")) {
    const At ratio = at["ratio"];
    ratio["low"].get(out.ratio.low), ratio["median"].get(out.ratio.median), ratio["high"].get(out.ratio.high);
    ratio["pairs"].get(out.ratio.pairs);
  }
  at["answer"].get(out.answer, measured_answer_named), at["why"].get(out.why);
}

void read(const At& at, MeasuredSample& out) {
  at["workload"].get(out.workload), at["build"].get(out.build), at["order"].get(out.order);
  if (out.build > 1) at["build"].complain("is neither 0 nor 1");
  at["lanes"].get(out.lanes), at["processes"].get(out.processes), at["wall"].get(out.wall), at["cpu"].get(out.cpu);
  at["queued"].get(out.queued), at["clean"].get(out.clean), at["memory"].get(out.memory);
  out.gil_known = at.has("gil");
  if (out.gil_known) at["gil"].get(out.gil);
  if (at.has("latencies"))
    at["latencies"].each(out.latencies, [](const At& one, std::uint32_t& into) { one.get(into); });
  at["answer"].get(out.answer);
}

void read(const At& at, Measurement& out) {
  unsigned version = 0;
  at["schema"].get(version);
  if (version != schema) return at["schema"].complain("is not " + std::to_string(schema));
  at["tool"]["version"].get(out.tool_version), at["measured"].get(out.what), at["date"].get(out.date);
  at["processors"].get(out.processors);
  const auto each = [](const At& one, auto& into) { read(one, into); };
  read_both(at["builds"], out.builds, each);
  at["differences"].get(out.differences);
  at["rows"].each(out.rows, each), at["samples"].each(out.samples, each);
  // Reports of earlier versions do not know of these.
  if (at.has("loaded"))
    read_both(at["loaded"], out.loaded, [](const At& one, std::vector<std::string>& into) { one.get(into); });
  if (at.has("switched_on_by")) at["switched_on_by"].get(out.switched_on_by);
  at["notes"].get(out.notes), at["missed"].get(out.missed), at["incomplete"].get(out.incomplete);
}

}  // namespace

Result<Measurement> read_measurement_json(std::string_view text) {
  Measurement out;
  if (const Status done = read_report(text, [&](const At& at) { read(at, out); }); !done) return done.error();
  return out;
}

}  // namespace ftaudit::reports
