#include "packages/wheels/wheel_record.h"

#include <nlohmann/json.hpp>

namespace ftaudit::packages {
namespace {

using Json = nlohmann::json;

// Raised whenever reading binaries learns something, so that older records are read anew.
constexpr int edition = 1;

Json declaration(const Declaration& of) {
  return {of.module, of.init, static_cast<int>(of.style), static_cast<int>(of.gil), of.how, of.delegate};
}

Declaration declaration(const Json& of) {
  return {.module = of.at(0),
          .init = of.at(1),
          .style = static_cast<InitStyle>(of.at(2).get<int>()),
          .gil = static_cast<Gil>(of.at(3).get<int>()),
          .how = of.at(4),
          .delegate = of.at(5)};
}

Json extension(const WheelBinary& of) {
  if (!of.binary.ok()) return {{"path", of.path}, {"error", of.binary.message()}};
  const Binary& binary = *of.binary;
  Json modules = Json::array();
  for (const Declaration& one : binary.modules) modules.push_back(declaration(one));
  return {{"path", of.path},           {"format", static_cast<int>(binary.format)},
          {"machine", binary.machine}, {"modules", modules},
          {"origins", binary.origins}, {"borrowed", binary.borrowed_calls},
          {"locks", binary.own_locks}, {"tsan", binary.instrumented},
          {"needed", binary.needed}};
}

WheelBinary extension(const Json& of) {
  if (of.contains("error")) return {of.at("path"), Error{of.at("error").get<std::string>()}};
  Binary out;
  out.format = static_cast<FileFormat>(of.at("format").get<int>());
  out.machine = of.at("machine");
  for (const Json& one : of.at("modules")) out.modules.push_back(declaration(one));
  out.origins = of.at("origins"), out.borrowed_calls = of.at("borrowed");
  out.own_locks = of.at("locks"), out.instrumented = of.at("tsan"), out.needed = of.at("needed");
  return {of.at("path"), std::move(out)};
}

std::string text(const Json& of) { return of.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

std::string record_of(const Wheel& wheel) {
  Json extensions = Json::array();
  for (const WheelBinary& one : wheel.extensions) extensions.push_back(extension(one));
  return text({{"edition", edition},
               {"metadata", wheel.metadata},
               {"wheel", wheel.wheel},
               {"extensions", extensions},
               {"foreign", wheel.foreign},
               {"bundled", wheel.bundled},
               {"not_read", wheel.not_read}});
}

std::optional<Wheel> wheel_of(std::string_view record) {
  const Json read = Json::parse(record, nullptr, false);
  if (!read.is_object() || read.value("edition", 0) != edition) return std::nullopt;
  try {
    Wheel out;
    out.metadata = read.at("metadata"), out.wheel = read.at("wheel");
    for (const Json& one : read.at("extensions")) out.extensions.push_back(extension(one));
    out.foreign = read.at("foreign"), out.bundled = read.at("bundled"), out.not_read = read.at("not_read");
    return out;
  } catch (const Json::exception&) {
    return std::nullopt;  // somebody else's file in our cache: read anew
  }
}

std::string record_of(const SourceArchive& source) {
  return text({{"edition", edition},
               {"backend", source.backend},
               {"build_requires", source.build_requires},
               {"compiled", source.compiled},
               {"files", source.compiled_files},
               {"limited_api", source.limited_api},
               {"metadata", source.metadata}});
}

std::optional<SourceArchive> source_of(std::string_view record) {
  const Json read = Json::parse(record, nullptr, false);
  if (!read.is_object() || read.value("edition", 0) != edition) return std::nullopt;
  try {
    SourceArchive out;
    out.backend = read.at("backend"), out.build_requires = read.at("build_requires"),
    out.compiled = read.at("compiled");
    out.compiled_files = read.at("files"), out.limited_api = read.at("limited_api"), out.metadata = read.at("metadata");
    return out;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace ftaudit::packages
