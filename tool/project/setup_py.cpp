#include <nlohmann/json.hpp>

#include "base/text.h"
#include "project/description.h"

namespace ftaudit::project {
namespace {

using nlohmann::json;

// A string of the reader's answer, whatever else may stand in its place.
std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<std::string> texts_of(const json& object, const char* key) {
  std::vector<std::string> out;
  const auto found = object.find(key);
  if (found != object.end() && found->is_array())
    for (const json& element : *found)
      if (element.is_string()) out.push_back(element.get<std::string>());
  return out;
}

Target target_of(const json& extension, const fs::path& file) {
  const fs::path folder = file.parent_path();
  const auto absolute = [&](const std::string& path) { return (folder / path).lexically_normal().native(); };
  Target target{.module = text_of(extension, "name"), .is_module = true, .described = file};
  if (target.module.find('*') != std::string::npos) target.module.clear();
  if (const fs::path described = text_of(extension, "file"); described.is_absolute()) target.described = described;
  target.line = extension.value("line", 0u);
  for (const std::string& source : texts_of(extension, "sources")) target.sources.push_back(absolute(source));
  for (const std::string& dir : texts_of(extension, "include_dirs")) target.include_dirs.push_back(absolute(dir));
  for (const json& macro : extension.value("define_macros", json::array())) {
    if (!macro.is_array() || macro.size() != 2 || !macro[0].is_string()) continue;
    if (macro[0].get_ref<const std::string&>().empty()) continue;
    std::string flag = "-D" + macro[0].get<std::string>();
    if (macro[1].is_string()) flag += "=" + macro[1].get<std::string>();
    target.flags.push_back(std::move(flag));
  }
  for (const std::string& name : texts_of(extension, "undef_macros")) target.flags.push_back("-U" + name);
  for (std::string& flag : texts_of(extension, "extra_compile_args")) target.flags.push_back(std::move(flag));
  target.language = text_of(extension, "language");
  const auto open = extension.find("open");
  target.open = open != extension.end() && open->is_boolean() && open->get<bool>();
  target.directives = texts_of(extension, "directives"), target.compile_time = texts_of(extension, "compile_time");
  return target;
}

}  // namespace

void read_setup_py(const fs::path& file, const Tree& tree, const Outside& outside, Description& out) {
  const std::string shown = shown_path(file, tree.root());
  const auto note = [&](const std::string& text) {
    out.notes.push_back(shown + ": " + text + "; sources and flags are worked out from the files alone");
  };
  const Result<std::string> said = outside.setup_py(file);
  if (!said.ok()) return note(said.message());
  const json answer = json::parse(*said, nullptr, false);
  if (!answer.is_object()) return note("not read (no answer from its parser)");
  if (answer.contains("error")) return note(text_of(answer, "error"));

  if (out.name.empty() && file.parent_path() == tree.root()) out.name = text_of(answer, "name");
  for (const json& extension : answer.value("extensions", json::array()))
    if (extension.is_object()) out.targets.push_back(target_of(extension, file));
  for (const std::string& source : texts_of(answer, "mentioned"))
    out.mentioned.push_back((file.parent_path() / source).lexically_normal().native());
  for (const std::string& source : texts_of(answer, "elsewhere"))
    out.elsewhere.emplace((file.parent_path() / source).lexically_normal().native(), file);
  for (const json& place : answer.value("limited_api", json::array()))
    if (place.is_array() && place.size() == 4 && place[0].is_string() && place[1].is_number_unsigned() &&
        place[2].is_string() && place[3].is_boolean())
      out.limited_api.push_back(
          {place[0].get<std::string>(), place[1].get<unsigned>(), place[2].get<std::string>(), place[3].get<bool>()});
  for (const std::string& path : texts_of(answer, "read")) out.read.insert(path);
  for (const std::string& text : texts_of(answer, "notes")) note(text);
}

}  // namespace ftaudit::project
