#include "packages/index/installer_settings.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>

#include "base/log.h"
#include "base/process.h"
#include "base/text.h"

namespace ftaudit::packages {
namespace {

using nlohmann::json;

// pip's internals are the only place that knows its default; what moves between its versions is tried both ways.
constexpr char question[] = R"py(
import json, pip, sys
from pip._internal.models.index import PyPI
from pip._internal.configuration import Configuration
configuration = Configuration(isolated=False)
configuration.load()
settings = {}
def add(key, value):
    section, _, name = key.rpartition(".")
    section = section.lower()
    rank = {"global": 0, "install": 1, ":env:": 2}.get(section)
    if rank is not None and rank >= settings.get(name, (-1,))[0]:
        settings[name] = (rank, value)
for key, value in configuration.items():
    if isinstance(value, dict):
        for inner, text in value.items():
            add(inner, text)
    else:
        add(key, value)
print(json.dumps({"version": pip.__version__, "python": sys.executable, "default": PyPI.simple_url, "settings": {k: v[1] for k, v in settings.items()}}))
)py";

std::vector<std::string> words(std::string text) {
  std::ranges::replace_if(text, [](char c) { return c == '\n' || c == '\t' || c == '\r'; }, ' ');
  std::vector<std::string> out;
  for (std::string& word : split(text, ' '))
    if (!word.empty()) out.push_back(std::move(word));
  return out;
}

bool is_true(const std::string& text) {
  const std::string lower = to_lower(text);
  return lower == "1" || lower == "true" || lower == "yes" || lower == "on" || lower == "y" || lower == "t";
}

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

void append(std::vector<std::string>& to, const std::vector<std::string>& from) {
  for (const std::string& one : from)
    if (!one.empty() && std::ranges::find(to, one) == to.end()) to.push_back(one);
}

bool ask_pip(const fs::path& python, InstallerSettings& out) {
  auto outcome = run({.argv = {python.string(), "-c", question}, .timeout = std::chrono::seconds(60)});
  if (!outcome.ok() || !outcome->succeeded()) return false;
  const json answer = json::parse(outcome->out, nullptr, false);
  if (!answer.is_object() || !answer.contains("default") || !answer["default"].is_string() ||
      !answer["settings"].is_object())
    return false;
  const json& settings = answer["settings"];
  auto setting = [&](const char* name) {
    return settings.contains(name) && settings[name].is_string() ? settings[name].get<std::string>() : std::string();
  };
  // What lies on PATH may be a version manager's wrapper, which does work of its own after every installation.
  const std::string itself = answer.value("python", "");
  out.python = itself.empty() ? python : fs::path(itself);
  out.pip_version = answer.value("version", "");
  out.index.index_url = setting("index-url").empty() ? answer["default"].get<std::string>() : setting("index-url");
  append(out.index.extra_index_urls, words(setting("extra-index-url")));
  append(out.index.find_links, words(setting("find-links")));
  append(out.index.trusted_hosts, words(setting("trusted-host")));
  out.index.no_index = is_true(setting("no-index"));
  out.index.prereleases = is_true(setting("pre"));
  out.index.certificate = setting("cert");
  out.index.client_certificate = setting("client-cert");
  out.index.proxy = setting("proxy");
  return true;
}

// uv has no question for its default, but its help names it.
std::string uv_default(const fs::path& uv) {
  auto outcome = run({.argv = {uv.string(), "pip", "install", "--help"},
                      .environment = {"NO_COLOR=1"},
                      .timeout = std::chrono::seconds(30)});
  if (!outcome.ok()) return {};
  std::size_t option = outcome->out.find("--default-index");
  std::size_t said = option == std::string::npos ? option : outcome->out.find("by default", option);
  std::size_t start = said == std::string::npos ? said : outcome->out.find("http", said);
  if (start == std::string::npos) return {};
  return outcome->out.substr(start, outcome->out.find_first_of(" >)]\n\"", start) - start);
}

void read_uv_environment(IndexOptions& index) {
  for (const char* name : {"UV_INDEX_URL", "UV_DEFAULT_INDEX"})
    if (std::string url = from_environment(name); !url.empty()) index.index_url = url;
  for (const char* name : {"UV_EXTRA_INDEX_URL", "UV_INDEX"})
    for (const std::string& word : words(from_environment(name))) {
      std::size_t equals = word.find('=');  // "name=https://..."
      append(index.extra_index_urls,
             {equals != std::string::npos && equals < word.find(':') ? word.substr(equals + 1) : word});
    }
  append(index.find_links, split(from_environment("UV_FIND_LINKS"), ','));
  append(index.trusted_hosts, words(from_environment("UV_INSECURE_HOST")));
  index.offline |= is_true(from_environment("UV_OFFLINE"));
}

InstallerSettings ask() {
  InstallerSettings settings;
  for (const char* name : {"python3", "python"}) {
    fs::path python = find_program(name);
    if (!python.empty() && ask_pip(python, settings)) break;
  }
  settings.uv = find_program("uv");
  if (settings.index.index_url.empty() && !settings.uv.empty()) settings.index.index_url = uv_default(settings.uv);
  read_uv_environment(settings.index);
  for (const char* name : {"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"})
    if (settings.index.certificate.empty()) settings.index.certificate = from_environment(name);
  log::debug("index as configured: " + shown_url(settings.index.index_url) +
             (settings.pip_version.empty() ? "" : ", pip " + settings.pip_version));
  return settings;
}

}  // namespace

const InstallerSettings& installer_settings() {
  static const InstallerSettings settings = ask();
  return settings;
}

IndexOptions effective(const IndexOptions& command_line, const IndexOptions& files, const IndexOptions& configured) {
  IndexOptions all = configured;
  for (const IndexOptions* over : {&files, &command_line}) {
    if (!over->index_url.empty()) all.index_url = over->index_url;
    append(all.extra_index_urls, over->extra_index_urls);
    append(all.find_links, over->find_links);
    append(all.trusted_hosts, over->trusted_hosts);
    all.no_index |= over->no_index;
    all.offline |= over->offline;
    all.prereleases |= over->prereleases;
    if (!over->certificate.empty()) all.certificate = over->certificate;
    if (!over->client_certificate.empty()) all.client_certificate = over->client_certificate;
    if (!over->proxy.empty()) all.proxy = over->proxy;
  }
  // A lock file names the index it was made with: often the same one under a slightly different name.
  auto plain = [](std::string url) {
    while (url.ends_with('/')) url.pop_back();
    return to_lower(url);
  };
  std::erase_if(all.extra_index_urls, [&](const std::string& url) { return plain(url) == plain(all.index_url); });
  // Installers run in folders of their own.
  std::error_code ignored;
  for (std::string& place : all.find_links)
    if (place.find("://") == std::string::npos) place = fs::absolute(place, ignored).lexically_normal().string();
  return all;
}

}  // namespace ftaudit::packages
