#include "packages/index/simple_page.h"

#include <nlohmann/json.hpp>

#include <algorithm>

#include "base/text.h"
#include "packages/index/http.h"
#include "packages/inputs/inputs.h"

namespace ftaudit::packages {
namespace {

using nlohmann::json;

// A name that will only ever be one part of a path, of a file we read.
bool is_wanted_name(const std::string& name) {
  if (name.empty() || name.size() > 255 || name.find_first_of("/\\") != std::string::npos) return false;
  if (std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) return false;
  if (name.ends_with(".whl")) return parse_wheel_name(name).ok();
  std::string project, version;
  return parse_sdist_name(name, project, version);
}

std::string text_at(const json& object, const char* key) {
  auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

void read_metadata_mark(const json& file, IndexFile& out) {
  for (const char* key : {"core-metadata", "dist-info-metadata", "data-dist-info-metadata"}) {
    auto mark = file.find(key);
    if (mark == file.end()) continue;
    if (mark->is_boolean()) out.has_metadata = mark->get<bool>();
    if (mark->is_object()) {
      out.has_metadata = true;
      out.metadata_sha256 = text_at(*mark, "sha256");
    }
    return;
  }
}

Result<std::vector<IndexFile>> read_json(std::string_view text, const std::string& url) {
  const json page = json::parse(text, nullptr, false);
  if (page.is_discarded() || !page.is_object()) return Error{"the answer is not valid JSON"};
  auto files = page.find("files");
  if (files == page.end() || !files->is_array()) return Error{"the JSON has no \"files\""};
  std::vector<IndexFile> all;
  for (const json& file : *files) {
    if (!file.is_object()) continue;
    IndexFile out;
    out.name = text_at(file, "filename");
    out.url = joined_url(url, text_at(file, "url"));
    if (!is_wanted_name(out.name) || out.url.empty()) continue;
    if (auto hashes = file.find("hashes"); hashes != file.end() && hashes->is_object())
      out.sha256 = text_at(*hashes, "sha256");
    out.requires_python = text_at(file, "requires-python");
    out.uploaded = text_at(file, "upload-time");
    if (auto size = file.find("size"); size != file.end() && size->is_number_unsigned())
      out.bytes = size->get<std::uint64_t>();
    if (auto yanked = file.find("yanked"); yanked != file.end()) {
      if (yanked->is_string()) out.yanked = yanked->get<std::string>();
      else if (yanked->is_boolean() && yanked->get<bool>()) out.yanked = "";
    }
    read_metadata_mark(file, out);
    all.push_back(std::move(out));
  }
  return all;
}

// "&gt;=3.9" as browsers read it; what is no entity stays.
std::string without_entities(std::string_view text) {
  constexpr std::pair<std::string_view, char> named[] = {
      {"amp;", '&'}, {"lt;", '<'}, {"gt;", '>'}, {"quot;", '"'}, {"apos;", '\''}};
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string_view rest = text.substr(i + 1, 12);
    if (text[i] == '&' && rest.starts_with('#')) {
      const bool hexadecimal = rest.size() > 1 && (rest[1] == 'x' || rest[1] == 'X');
      std::size_t end = rest.find(';');
      const std::string digits(
          rest.substr(hexadecimal ? 2 : 1, end == std::string_view::npos ? 0 : end - (hexadecimal ? 2 : 1)));
      long code = digits.empty() ? 0 : std::strtol(digits.c_str(), nullptr, hexadecimal ? 16 : 10);
      if (code >= 0x20 && code < 0x7f) {
        out += static_cast<char>(code);
        i += end + 1;
        continue;
      }
    } else if (text[i] == '&') {
      auto entity = std::ranges::find_if(named, [&](const auto& one) { return rest.starts_with(one.first); });
      if (entity != std::end(named)) {
        out += entity->second;
        i += entity->first.size();
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

using Attributes = std::map<std::string, std::string>;

// The attributes of a tag from behind its name up to '>'; `at` is moved behind that.
Attributes read_attributes(std::string_view text, std::size_t& at) {
  Attributes attributes;
  constexpr std::string_view blank = " \t\r\n\f/";
  while (at < text.size() && text[at] != '>') {
    if (blank.find(text[at]) != std::string_view::npos) {
      ++at;
      continue;
    }
    std::size_t end = text.find_first_of(" \t\r\n\f/>=", at);
    if (end == std::string_view::npos) end = text.size();
    if (end == at) ++end;  // a stray '='
    std::string name = to_lower(text.substr(at, end - at));
    at = text.find_first_not_of(" \t\r\n\f", end);
    if (at == std::string_view::npos) at = text.size();
    std::string value;
    if (at < text.size() && text[at] == '=') {
      at = std::min(text.find_first_not_of(" \t\r\n\f", at + 1), text.size());
      if (at < text.size() && (text[at] == '"' || text[at] == '\'')) {
        std::size_t close = text.find(text[at], at + 1);
        value = text.substr(at + 1, (close == std::string_view::npos ? text.size() : close) - at - 1);
        at = close == std::string_view::npos ? text.size() : close + 1;
      } else {
        std::size_t stop = std::min(text.find_first_of(" \t\r\n\f>", at), text.size());
        value = text.substr(at, stop - at);
        at = stop;
      }
    }
    if (attributes.size() < 32) attributes.try_emplace(std::move(name), without_entities(value));
  }
  if (at < text.size()) ++at;
  return attributes;
}

std::string sha256_of(std::string_view text, std::string_view before) {
  if (!text.starts_with(before)) return {};
  text.remove_prefix(before.size());
  const bool good = text.size() == 64 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
  return good ? to_lower(text) : std::string();
}

std::string file_name_of(const std::string& url) {
  std::string_view path = std::string_view(url).substr(0, url.find_first_of("?#"));
  std::string name(path.substr(path.rfind('/') + 1));
  for (std::size_t at = name.find("%2B"); at != std::string::npos; at = name.find("%2B")) name.replace(at, 3, "+");
  for (std::size_t at = name.find("%2b"); at != std::string::npos; at = name.find("%2b")) name.replace(at, 3, "+");
  return name;
}

std::optional<IndexFile> read_link(const Attributes& link, const std::string& base) {
  auto href = link.find("href");
  if (href == link.end()) return std::nullopt;
  IndexFile out;
  std::string url = joined_url(base, std::string(trim(href->second)));
  std::size_t hash = url.find('#');
  if (hash != std::string::npos) {
    out.sha256 = sha256_of(std::string_view(url).substr(hash + 1), "sha256=");
    url.resize(hash);
  }
  out.url = url;
  out.name = file_name_of(url);
  if (url.empty() || !is_wanted_name(out.name)) return std::nullopt;
  auto value = [&](const char* name) {
    auto found = link.find(name);
    return found == link.end() ? std::nullopt : std::optional(found->second);
  };
  out.requires_python = value("data-requires-python").value_or("");
  out.yanked = value("data-yanked");
  auto mark = value("data-core-metadata");
  if (!mark) mark = value("data-dist-info-metadata");
  if (mark && *mark != "false") {
    out.has_metadata = true;
    out.metadata_sha256 = sha256_of(*mark, "sha256=");
  }
  return out;
}

Result<std::vector<IndexFile>> read_html(std::string_view text, const std::string& url) {
  std::vector<IndexFile> all;
  std::string base = url;
  bool any_tag = false;
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at)) {
    if (text.substr(at).starts_with("<!--")) {
      at = text.find("-->", at);
      if (at == std::string_view::npos) break;
      continue;
    }
    std::size_t end = std::min(text.find_first_of(" \t\r\n\f>/", at + 1), text.size());
    const std::string tag = to_lower(text.substr(at + 1, std::min<std::size_t>(end - at - 1, 16)));
    at = end;
    any_tag |= tag == "html" || tag == "body" || tag == "head" || tag == "a" || tag == "!doctype";
    if (tag != "a" && tag != "base") continue;
    Attributes attributes = read_attributes(text, at);
    if (tag == "base" && attributes.contains("href")) {
      std::string joined = joined_url(url, attributes["href"]);
      if (!joined.empty()) base = joined;
    } else if (tag == "a") {
      if (auto file = read_link(attributes, base)) all.push_back(std::move(*file));
    }
  }
  if (!any_tag) return Error{"the answer is neither JSON nor HTML"};
  return all;
}

}  // namespace

Result<std::vector<IndexFile>> parse_simple_page(std::string_view text, std::string_view content_type,
                                                 const std::string& url) {
  const std::string type = to_lower(content_type.substr(0, content_type.find(';')));
  const bool says_json = type.find("json") != std::string::npos;
  return says_json || (type.find("html") == std::string::npos && trim(text).starts_with('{')) ? read_json(text, url)
                                                                                              : read_html(text, url);
}

}  // namespace ftaudit::packages
