#include "dynamic/build/test_requirements.h"

#include <nlohmann/json.hpp>

#include "base/process.h"
#include "base/text.h"
#include "dynamic/runtime/describe_tests.h"

namespace ftaudit::dynamic {
namespace {

using namespace std::chrono_literals;

}  // namespace

std::string_view name_of(Runner runner) {
  return runner == Runner::pytest ? "pytest" : runner == Runner::unittest ? "unittest" : "none";
}

Result<TestDescription> describe_tests(const fs::path& root, const fs::path& python) {
  const auto said = run({.argv = {python.string(), "-I", "-S", "-c", runtime::describe_tests, root.string()},
                         .timeout = 2min,
                         .output_limit = 8u << 20});
  if (!said) return said.error();
  if (!said->succeeded())
    return Error{"what the tests of " + root.string() +
                 " need could not be read: " + std::string(trim(said->err.empty() ? said->describe() : said->err))};
  const auto json = nlohmann::json::parse(said->out, nullptr, false);
  if (!json.is_object())
    return Error{"what the tests of " + root.string() + " need could not be read: no JSON came back"};
  TestDescription out;
  const std::string runner = json.value("runner", "none");
  out.runner = runner == "pytest" ? Runner::pytest : runner == "unittest" ? Runner::unittest : Runner::none;
  const auto take = [&](const char* name, std::vector<std::string>& into) {
    for (const auto& item : json.value(name, nlohmann::json::array()))
      if (item.is_string()) into.push_back(item.get<std::string>());
  };
  take("requirements", out.requirements);
  take("pins", out.pins);
  take("extras", out.extras);
  take("paths", out.paths);
  take("sources", out.sources);
  return out;
}

}  // namespace ftaudit::dynamic
