#include "packages/index/package_index.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <future>
#include <map>
#include <mutex>
#include <thread>

#include "base/sha256.h"
#include "base/text.h"
#include "packages/index/cache.h"
#include "packages/index/http.h"
#include "packages/index/installer_settings.h"
#include "packages/index/remote_bytes.h"
#include "packages/index/simple_page.h"
#include "packages/inputs/inputs.h"
#include "packages/names/names.h"

namespace ftaudit::packages {
namespace {

using nlohmann::json;

constexpr std::uint64_t page_limit = std::uint64_t{128} << 20;
constexpr std::uint64_t metadata_limit = std::uint64_t{8} << 20;
// As long as indexes themselves let their pages be kept.
constexpr std::chrono::seconds page_lifetime{600};

const std::string accept =
    "Accept: application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1, "
    "*/*;q=0.01";

// A page with what is needed to ask whether it is still the same.
struct KeptPage {
  std::string etag, modified, type, url, body;
};

std::string packed(const KeptPage& page) {
  const json head = {{"etag", page.etag}, {"modified", page.modified}, {"type", page.type}, {"url", page.url}};
  return head.dump(-1, ' ', false, json::error_handler_t::replace) + "\n" + page.body;
}

std::optional<KeptPage> unpacked(const std::string& text) {
  const std::size_t end = text.find('\n');
  const json head = json::parse(text.substr(0, end), nullptr, false);
  if (end == std::string::npos || !head.is_object()) return std::nullopt;
  auto at = [&](const char* key) {
    auto found = head.find(key);
    return found != head.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  return KeptPage{at("etag"), at("modified"), at("type"), at("url"), text.substr(end + 1)};
}

// Of a page the cache keeps what is read of it, a quarter of the bytes and no JSON to parse again. Fields stand between
// unit separators, files on lines of their own: neither sign is in a field.
constexpr std::string_view kept_type = "ftaudit/files";
constexpr char separator = '\x1f';

std::string plain(std::string text) {
  std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return text;
}

std::string packed_files(const std::vector<IndexFile>& files) {
  std::string text;
  for (const IndexFile& file : files) {
    for (const std::string& field :
         {file.name, file.url, file.sha256, file.requires_python, file.yanked ? "y" + *file.yanked : "",
          file.has_metadata ? "m" + file.metadata_sha256 : "", file.bytes ? std::to_string(*file.bytes) : ""})
      (text += plain(field)) += separator;
    (text += plain(file.uploaded)) += '\n';
  }
  return text;
}

std::vector<IndexFile> unpacked_files(std::string_view text) {
  std::vector<IndexFile> files;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::vector<std::string> fields = split(text.substr(0, end), separator);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (fields.size() != 8) continue;
    IndexFile file{.name = fields[0], .url = fields[1], .sha256 = fields[2], .requires_python = fields[3]};
    if (!fields[4].empty()) file.yanked = fields[4].substr(1);
    file.has_metadata = !fields[5].empty();
    if (file.has_metadata) file.metadata_sha256 = fields[5].substr(1);
    if (!fields[6].empty()) file.bytes = std::strtoull(fields[6].c_str(), nullptr, 10);
    file.uploaded = fields[7];
    files.push_back(std::move(file));
  }
  return files;
}

// One index's answer for one project.
struct Answer {
  ProjectPage::State state = ProjectPage::State::found;
  std::string reason;
  std::vector<IndexFile> files;
};

std::string project_of(const std::string& file_name) {
  if (auto wheel = parse_wheel_name(file_name); wheel.ok()) return normal_name(wheel->name);
  std::string name, version;
  return parse_sdist_name(file_name, name, version) ? normal_name(name) : std::string();
}

}  // namespace

struct Index::State {
  IndexOptions options;
  std::vector<std::string> pages;  // base URLs of indexes, each ending in '/'
  std::unique_ptr<Http> http;
  Cache cache;
  std::mutex mutex;
  std::map<std::string, std::shared_future<ProjectPage>> known;

  explicit State(IndexOptions with) : options(std::move(with)), cache(cache_folder() / "packages") {
    HttpSettings settings{.certificate = options.certificate,
                          .client_certificate = options.client_certificate,
                          .proxy = options.proxy,
                          .trusted_hosts = options.trusted_hosts};
    http = std::make_unique<Http>(std::move(settings));
    if (options.no_index) return;
    pages.push_back(options.index_url);
    for (const std::string& url : options.extra_index_urls) pages.push_back(url);
    for (std::string& url : pages)
      if (!url.ends_with('/')) url += '/';
  }

  Answer ask(const std::string& url);
  ProjectPage look_up(const std::string& project);
  Answer fetch(const std::string& url, std::optional<KeptPage> kept);
  Answer read_page(const KeptPage& page) const;
  Answer links(const std::string& place, const std::string& project);
};

Answer Index::State::read_page(const KeptPage& page) const {
  if (page.type == kept_type) return {ProjectPage::State::found, {}, unpacked_files(page.body)};
  auto files = parse_simple_page(page.body, page.type, page.url);
  if (!files.ok()) return {ProjectPage::State::unreachable, shown_url(page.url) + ": " + files.message(), {}};
  return {ProjectPage::State::found, {}, std::move(*files)};
}

Answer Index::State::ask(const std::string& url) {
  if (url.starts_with("file:")) {
    auto text = read_text(fs::path(url.substr(url.starts_with("file://") ? 7 : 5)) / "index.html");
    if (!text.ok()) return {ProjectPage::State::missing, text.message(), {}};
    return read_page({{}, {}, "text/html", url, *text});
  }
  auto entry = cache.get("page", url);
  auto kept = entry ? unpacked(entry->content) : std::nullopt;
  if (kept && (options.offline || entry->age < page_lifetime)) return read_page(*kept);
  if (options.offline) return {ProjectPage::State::unreachable, "not asked for before, and --offline is set", {}};
  return fetch(url, std::move(kept));
}

Answer Index::State::fetch(const std::string& url, std::optional<KeptPage> kept) {
  HttpRequest request{.url = url, .headers = {accept}, .limit = page_limit};
  if (kept && !kept->etag.empty()) request.headers.push_back("If-None-Match: " + kept->etag);
  else if (kept && !kept->modified.empty()) request.headers.push_back("If-Modified-Since: " + kept->modified);
  auto answer = http->get(request);
  if (!answer.ok()) return {ProjectPage::State::unreachable, answer.message(), {}};
  if (answer->status == 304 && kept) {
    cache.touch("page", url);
    return read_page(*kept);
  }
  if (answer->status == 404 || answer->status == 410) return {ProjectPage::State::missing, {}, {}};
  if (answer->status != 200)
    return {
        ProjectPage::State::unreachable, shown_url(url) + ": the index answers " + std::to_string(answer->status), {}};
  KeptPage page{answer->header("etag"), answer->header("last-modified"), answer->header("content-type"), answer->url,
                std::move(answer->body)};
  Answer read = read_page(page);
  if (read.state == ProjectPage::State::found) {  // garbage is not kept
    page.type = kept_type;
    page.body = packed_files(read.files);
    cache.put("page", url, packed(page));
  }
  return read;
}

// A --find-links place: a folder, or a page with links to files of many projects.
Answer Index::State::links(const std::string& place, const std::string& project) {
  Answer answer;
  if (place.find("://") != std::string::npos && !place.starts_with("file://")) {
    answer = ask(place);
  } else {
    const fs::path folder = place.starts_with("file://") ? place.substr(7) : place;
    std::error_code error;
    if (fs::is_regular_file(folder, error)) {
      auto text = read_text(folder);
      if (text.ok()) answer = read_page({{}, {}, "text/html", "file://" + fs::absolute(folder, error).string(), *text});
    }
    for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
      IndexFile file;
      file.name = it->path().filename().string();
      file.path = it->path();
      file.url = "file://" + file.path.string();
      if (project_of(file.name) == project) answer.files.push_back(std::move(file));
    }
  }
  std::erase_if(answer.files, [&](const IndexFile& file) { return project_of(file.name) != project; });
  return answer;
}

Index::Index(std::unique_ptr<State> state) : state_(std::move(state)) {}
Index::~Index() { state_->cache.trim(); }

Result<std::unique_ptr<Index>> Index::open(const IndexOptions& options) {
  IndexOptions all = effective(options, {}, installer_settings().index);
  if (all.index_url.empty() && !all.no_index && !all.offline)
    return Error{
        "no package index is known: neither pip nor uv is installed to name one; give one with --index-url, or use "
        "--no-index"};
  return std::unique_ptr<Index>(new Index(std::make_unique<State>(std::move(all))));
}

const ProjectPage& Index::project(std::string_view name) {
  const std::string project = normal_name(name);
  std::promise<ProjectPage> promise;
  std::shared_future<ProjectPage> answer;
  bool first = false;
  {
    std::lock_guard lock(state_->mutex);
    auto [at, inserted] = state_->known.try_emplace(project);
    if (inserted) at->second = promise.get_future().share();
    answer = at->second;
    first = inserted;
  }
  if (first) promise.set_value(state_->look_up(project));
  return answer.get();  // lives in `known`
}

std::vector<std::string> Index::at_hand() const {
  std::vector<std::string> names;
  for (const std::string& place : state_->options.find_links) {
    std::error_code error;
    for (fs::directory_iterator it(place.starts_with("file://") ? place.substr(7) : place, error), end;
         !error && it != end; it.increment(error))
      if (std::string name = project_of(it->path().filename().string());
          !name.empty() && std::ranges::find(names, name) == names.end())
        names.push_back(std::move(name));
  }
  return names;
}

void Index::prefetch(const std::vector<std::string>& names) {
  std::atomic<std::size_t> next{0};
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < std::min<std::size_t>(16, names.size()); ++i)
    threads.emplace_back([&] {
      for (std::size_t at = next++; at < names.size(); at = next++) (void)project(names[at]);
    });
}

ProjectPage Index::State::look_up(const std::string& project) {
  ProjectPage page;
  page.state = ProjectPage::State::missing;
  if (!is_name(project)) {
    page.reason = "\"" + project.substr(0, 80) + "\" cannot be a name";
    return page;
  }
  std::vector<std::string> failures;
  auto take = [&](Answer answer, const std::string& place) {
    if (answer.state == ProjectPage::State::unreachable) failures.push_back(std::move(answer.reason));
    if (answer.state != ProjectPage::State::found || answer.files.empty()) return;
    page.state = ProjectPage::State::found;
    page.found_at += (page.found_at.empty() ? "" : ", ") + shown_url(place);
    page.files.insert(page.files.end(), std::make_move_iterator(answer.files.begin()),
                      std::make_move_iterator(answer.files.end()));
  };
  bool known_but_empty = false;
  for (const std::string& url : pages) {
    Answer answer = ask(url + project + "/");
    known_but_empty |= answer.state == ProjectPage::State::found && answer.files.empty();
    take(std::move(answer), url);
  }
  for (const std::string& place : options.find_links) take(links(place, project), place);
  if (page.state == ProjectPage::State::found) {
    page.remarks = std::move(failures);
  } else if (!failures.empty()) {
    page.state = ProjectPage::State::unreachable;
    page.reason = join(failures, "; ");
  } else {
    page.reason = known_but_empty ? "the index knows the name, but has no files of it"
                  : pages.empty() ? "not in --find-links, and no index may be asked"
                                  : "no index knows it";
  }
  return page;
}

Result<std::string> Index::metadata(const IndexFile& file) {
  if (!file.has_metadata) return Error{file.name + ": the index keeps no copy of its metadata"};
  const std::string key = file.url + "\n" + file.metadata_sha256;
  if (auto entry = state_->cache.get("metadata", key)) return std::move(entry->content);
  if (state_->options.offline) return Error{file.name + ": its metadata was not fetched before, and --offline is set"};
  auto answer = state_->http->get({.url = file.url + ".metadata", .limit = metadata_limit});
  if (!answer.ok()) return answer.error();
  if (answer->status != 200)
    return Error{shown_url(file.url) + ".metadata: the index answers " + std::to_string(answer->status)};
  if (!file.metadata_sha256.empty() && sha256(answer->body) != file.metadata_sha256)
    return Error{shown_url(file.url) + ".metadata: its SHA-256 is not the one the index promised"};
  state_->cache.put("metadata", key, answer->body);
  return std::move(answer->body);
}

std::unique_ptr<ByteSource> Index::bytes(const IndexFile& file, std::uint64_t download_limit) {
  return remote_bytes(*state_->http, file, download_limit, state_->options.offline);
}

Result<fs::path> Index::download(const IndexFile& file, const fs::path& folder, std::uint64_t limit) {
  if (file.name.find('/') != std::string::npos || file.name.empty() || file.name.starts_with('.'))
    return Error{"\"" + file.name + "\" is no file name"};
  const fs::path to = folder / file.name;
  if (!file.path.empty()) {
    std::error_code error;
    fs::copy_file(file.path, to, fs::copy_options::overwrite_existing, error);
    if (error) return Error{file.path.string() + ": " + error.message()};
    return to;
  }
  if (state_->options.offline) return Error{file.name + ": not fetched, --offline is set"};
  auto answer = state_->http->get({.url = file.url, .limit = limit, .to = to});
  std::error_code ignored;
  auto fail = [&](std::string why) {
    fs::remove(to, ignored);
    return Error{std::move(why)};
  };
  if (!answer.ok()) return fail(answer.message());
  if (answer->status != 200) return fail(shown_url(file.url) + ": the index answers " + std::to_string(answer->status));
  if (!file.sha256.empty()) {
    auto digest = sha256_of_file(to);
    if (!digest.ok()) return fail(digest.message());
    if (*digest != file.sha256) return fail(shown_url(file.url) + ": its SHA-256 is not the one the index promised");
  }
  return to;
}

std::uint64_t Index::fetched_bytes() const { return state_->http->fetched_bytes(); }
std::uint64_t Index::requests() const { return state_->http->requests(); }

}  // namespace ftaudit::packages
