#include "trial/twins.h"

#include <chrono>

#include <nlohmann/json.hpp>

#include "base/process.h"
#include "base/text.h"

namespace ftaudit::trial {
namespace {

constexpr const char* question = R"(
import json, sys, sysconfig
value = lambda name: str(sysconfig.get_config_var(name) or "")
options = value("CONFIG_ARGS")
print(json.dumps({
    "version": sys.version.split()[0], "implementation": sys.implementation.name,
    "compiler": value("CC").split(" ")[0].rpartition("/")[2],
    "optimisation": " ".join(word for word in (value("OPT") + " " + value("CONFIGURE_CFLAGS")).split() if word.startswith("-O")),
    "free_threaded": value("Py_GIL_DISABLED") == "1", "debug": value("Py_DEBUG") == "1",
    "profile_guided": "--enable-optimizations" in options, "link_time": "--with-lto" in options,
    "shared": value("Py_ENABLE_SHARED") == "1", "jit": "--enable-experimental-jit" in options}))
)";

}  // namespace

Result<BuildIdentity> identity_of(const fs::path& executable) {
  const auto outcome = run({.argv = {executable.string(), "-I", "-S", "-c", question},
                            .environment = {"PYTHONHOME="},
                            .timeout = std::chrono::seconds(60)});
  if (!outcome.ok()) return outcome.error();
  const auto json = nlohmann::json::parse(outcome->out, nullptr, false);
  if (!outcome->succeeded() || !json.is_object())
    return Error{executable.string() +
                 " does not say how it was built: " + (outcome->succeeded() ? "no answer" : outcome->describe())};
  return BuildIdentity{.version = json.value("version", ""),
                       .implementation = json.value("implementation", ""),
                       .compiler = json.value("compiler", ""),
                       .optimisation = json.value("optimisation", ""),
                       .free_threaded = json.value("free_threaded", false),
                       .debug = json.value("debug", false),
                       .profile_guided = json.value("profile_guided", false),
                       .link_time = json.value("link_time", false),
                       .shared = json.value("shared", false),
                       .jit = json.value("jit", false)};
}

std::vector<std::string> differences(const BuildIdentity& with_gil, const BuildIdentity& without) {
  std::vector<std::string> out;
  const auto text = [&](const char* what, const std::string& one, const std::string& other) {
    if (one != other)
      out.push_back(std::string(what) + " " + (one.empty() ? "unknown" : one) + " and " +
                    (other.empty() ? "unknown" : other));
  };
  const auto flag = [&](const char* what, bool one, bool other) {
    if (one != other) out.push_back(std::string(what) + " only " + (one ? "with" : "without") + " the GIL");
  };
  text("version", with_gil.version, without.version);
  text("implementation", with_gil.implementation, without.implementation);
  text("compiler", with_gil.compiler, without.compiler);
  text("optimisation", with_gil.optimisation, without.optimisation);
  flag("debug build", with_gil.debug, without.debug);
  flag("profile-guided optimisation", with_gil.profile_guided, without.profile_guided);
  flag("link-time optimisation", with_gil.link_time, without.link_time);
  flag("shared library", with_gil.shared, without.shared);
  flag("JIT", with_gil.jit, without.jit);
  return out;
}

}  // namespace ftaudit::trial
