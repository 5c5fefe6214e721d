#include "trial/measured_process.h"

#include <cstdlib>
#include <set>

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace ftaudit::trial {
namespace {

using nlohmann::json;

// A folder in which `python` and `python3` are the build's, for commands that name them.
Result<fs::path> shims(const fs::path& runtime, const fs::path& python, std::size_t build) {
  const fs::path folder = runtime / ("bin" + std::to_string(build));
  std::error_code failed;
  fs::create_directories(folder, failed);
  for (const char* name : {"python", "python3"})
    if (!fs::exists(folder / name, failed)) {
      const Status written = write_file(folder / name, "#!/bin/sh\nexec '" + python.string() + "' \"$@\"\n");
      if (!written) return written.error();
      fs::permissions(folder / name, fs::perms::owner_all, failed);
      if (failed) return Error{"cannot make " + (folder / name).string() + " executable: " + failed.message()};
    }
  return folder;
}

}  // namespace

Result<MeasuredProcess> MeasuredProcess::make(const fs::path& runtime, const fs::path& python, std::size_t build) {
  MeasuredProcess out{.told = runtime / "told", .result = runtime / "result.json"};
  std::error_code failed;
  fs::remove_all(out.told, failed), fs::remove(out.result, failed), fs::create_directories(out.told, failed);
  if (failed) return Error{"cannot make " + out.told.string() + ": " + failed.message()};
  const auto bin = shims(runtime, python, build);
  if (!bin) return bin.error();
  const char *packages = std::getenv("PYTHONPATH"), *path = std::getenv("PATH");
  out.environment = {
      "FTAUDIT_MEASURED=" + out.told.string(), "FTAUDIT_RESULT=" + out.result.string(), "PYTHONDONTWRITEBYTECODE=1",
      "PYTHONPATH=" + (runtime / "site").string() +
          (packages != nullptr && *packages != '\0' ? ":" + std::string(packages) : ""),
      "PATH=" + bin->string() + ":" + python.parent_path().string() + ":" + (path != nullptr ? path : "/usr/bin:/bin")};
  return out;
}

// "The global interpreter lock (GIL) has been enabled to load module 'spam', which has not declared ..."
std::string switched_on_by(const std::string& err) {
  constexpr std::string_view mark = "(GIL) has been enabled to load module '";
  const std::size_t at = err.find(mark);
  if (at == std::string::npos) return "";
  const std::size_t begin = at + mark.size();
  return err.substr(begin, err.find('\'', begin) - begin);
}

// What the processes said of themselves (runtime/sitecustomize.py).
void MeasuredProcess::read_witnesses(MeasuredRun& out) const {
  std::set<std::string> compiled;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(told, failed)) {
    if (entry.path().extension() != ".json") continue;  // one that was being written
    const auto text = read_file(entry.path(), 16u << 20);
    const json record = text ? json::parse(*text, nullptr, false) : json();
    if (!record.is_object()) continue;
    out.sample.gil_known = true;
    out.sample.gil |= record.value("gil_at_start", true) || record.value("gil_at_end", true);
    out.forced |= !record.value("PYTHON_GIL", "").empty();
    for (const json& thread : record.value("threads", json::array()))
      if (thread.is_array() && thread.size() == 2) out.sample.queued += thread[1].get<double>() / 1e9;
    for (const json& file : record.value("compiled", json::array()))
      if (file.is_string()) compiled.insert(file.get<std::string>());
  }
  out.compiled.assign(compiled.begin(), compiled.end());
}

}  // namespace ftaudit::trial
