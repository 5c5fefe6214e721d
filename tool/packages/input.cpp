#include "packages/input.h"

#include <algorithm>

#include "base/text.h"
#include "packages/input_formats.h"
#include "packages/name.h"

namespace ftaudit::packages {
namespace {

void append_utf8(std::string& text, std::uint32_t code) {
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | code >> 6);
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    text += static_cast<char>(0xE0 | code >> 12);
    text += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// Requirements are ASCII but for comments, so a surrogate pair may become two replacement characters.
std::string from_utf16(std::string_view bytes, bool big_endian) {
  std::string text;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    auto first = static_cast<unsigned char>(bytes[i]), second = static_cast<unsigned char>(bytes[i + 1]);
    std::uint32_t code = big_endian ? first << 8 | second : second << 8 | first;
    append_utf8(text, code >= 0xD800 && code < 0xE000 ? 0xFFFD : code);
  }
  return text;
}

constexpr std::string_view sdist_ends[] = {".tar.gz", ".tgz", ".zip", ".tar.bz2", ".tar.xz", ".tar.zst", ".tar"};

std::string_view last_part(std::string_view url) {
  url = url.substr(0, url.find_first_of("#?"));
  return url.substr(url.rfind('/') == std::string_view::npos ? 0 : url.rfind('/') + 1);
}

std::string percent_decoded(std::string_view text) {
  auto digit = [](char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
  };
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && digit(text[i + 1]) >= 0 && digit(text[i + 2]) >= 0) {
      decoded += static_cast<char>(digit(text[i + 1]) << 4 | digit(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

bool is_site_packages(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (it->path().extension() == ".dist-info" || it->path().extension() == ".egg-info") return true;
  return false;
}

// A virtual environment's (or a prefix's) folder of packages; empty when it has none.
std::vector<fs::path> site_packages_of(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  if (fs::is_directory(folder / "Lib" / "site-packages", error)) found.push_back(folder / "Lib" / "site-packages");
  for (const char* lib : {"lib", "lib64"})
    for (fs::directory_iterator it(folder / lib, error), end; !error && it != end; it.increment(error)) {
      fs::path site = it->path() / "site-packages";
      std::error_code ignored;
      if (it->path().filename().string().starts_with("python") && fs::is_directory(site, ignored) &&
          std::ranges::none_of(found, [&](const fs::path& known) { return fs::equivalent(known, site, ignored); }))
        found.push_back(site);
    }
  return found;
}

Status read_archives(const fs::path& folder, Reading& reading) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    files.push_back(it->path());
  if (error) return Error{folder.string() + ": " + error.message()};
  std::ranges::sort(files);
  std::size_t found = 0;
  for (const fs::path& file : files) {
    Wanted wanted;
    classify_file(file.filename().string(), wanted);
    if (wanted.kind != Wanted::Kind::wheel && wanted.kind != Wanted::Kind::sdist) {
      if (file.extension() == ".whl")
        reading.remark({file.string(), 0}, "\"" + file.filename().string() + "\" is no wheel's file name");
      continue;
    }
    wanted.path = file;
    wanted.origin.file = folder.string();
    reading.input.wanted.push_back(std::move(wanted));
    ++found;
  }
  reading.input.resolved = true;
  if (!found)
    return Error{folder.string() +
                 ": nothing to audit in this folder: it holds no wheels, no requirements.txt, no lock file, no "
                 "pyproject.toml and no installed packages"};
  reading.input.read.push_back(folder.string());
  return Done{};
}

using Reader = Status (*)(const fs::path&, Reading&);

// By name; nullptr: not told by the name.
Reader reader_for(const std::string& name) {
  const std::string lower = to_lower(name);
  if (lower == "uv.lock") return read_uv_lock;
  if (lower == "poetry.lock") return read_poetry_lock;
  if (lower == "pylock.toml" || (lower.starts_with("pylock.") && lower.ends_with(".toml"))) return read_pylock;
  if (lower == "pipfile.lock") return read_pipfile_lock;
  if (lower.ends_with(".toml")) return read_pyproject;
  return nullptr;
}

Status read_folder(const fs::path& folder, Reading& reading) {
  std::error_code ignored;
  if (is_site_packages(folder)) return read_environment(folder, reading);
  for (const char* name :
       {"uv.lock", "pylock.toml", "poetry.lock", "Pipfile.lock", "requirements.txt", "pyproject.toml"})
    if (fs::is_regular_file(folder / name, ignored)) {
      Reader reader = reader_for(name);
      return reader ? reader(folder / name, reading) : read_requirement_file(folder / name, reading);
    }
  auto sites = site_packages_of(folder);
  for (const fs::path& site : sites)
    if (auto status = read_environment(site, reading); !status.ok()) return status;
  return sites.empty() ? read_archives(folder, reading) : Status(Done{});
}

Status read_path(const fs::path& path, Reading& reading) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return read_folder(path, reading);
  Wanted wanted;
  classify_file(path.filename().string(), wanted);
  if (wanted.kind == Wanted::Kind::wheel || wanted.kind == Wanted::Kind::sdist) {
    wanted.path = path;
    reading.input.read.push_back(path.string());
    reading.input.wanted.push_back(std::move(wanted));
    return Done{};
  }
  if (path.extension() == ".whl")
    return Error{path.string() + ": no wheel's file name (name-version-python-abi-platform.whl)"};
  Reader reader = reader_for(path.filename().string());
  return reader ? reader(path, reading) : read_requirement_file(path, reading);
}

// What is not there and cannot be a requirement was meant as a path.
bool looks_like_path(std::string_view text) {
  if (text.find('/') != std::string_view::npos && text.find('@') == std::string_view::npos) return true;
  return std::ranges::any_of(
      std::to_array<std::string_view>({".txt", ".toml", ".lock", ".whl", ".in", ".tar.gz", ".zip"}),
      [&](std::string_view end) { return text.ends_with(end); });
}

}  // namespace

std::string Origin::text() const {
  return line ? file + ":" + std::to_string(line) : file.empty() ? "the command line" : file;
}

std::string shown_url(std::string_view url) {
  std::string shown(url);
  std::size_t start = shown.find("://");
  if (start == std::string::npos) return shown;
  start += 3;
  std::size_t at = shown.substr(0, shown.find_first_of("/?#", start)).rfind('@');
  if (at != std::string::npos && at >= start) shown.erase(start, at + 1 - start);
  // Tokens also travel in queries.
  if (std::size_t query = shown.find('?'); query != std::string::npos) {
    std::size_t fragment = shown.find('#', query);
    shown.replace(query, (fragment == std::string::npos ? shown.size() : fragment) - query, "?...");
  }
  return shown;
}

Result<std::string> read_text(const fs::path& file) {
  auto bytes = read_file(file, input_file_limit);
  if (!bytes.ok()) return bytes;
  std::string& text = *bytes;
  if (text.starts_with("\xEF\xBB\xBF")) return text.substr(3);
  if (text.starts_with("\xFF\xFE")) return from_utf16(std::string_view(text).substr(2), false);
  if (text.starts_with("\xFE\xFF")) return from_utf16(std::string_view(text).substr(2), true);
  if (text.substr(0, 4096).find('\0') != std::string::npos) return Error{file.string() + ": not a text file"};
  return bytes;
}

bool parse_sdist_name(std::string_view file_name, std::string& name, std::string& version) {
  for (std::string_view end : sdist_ends) {
    if (!to_lower(file_name).ends_with(end)) continue;
    std::string_view stem = file_name.substr(0, file_name.size() - end.size());
    std::size_t dash = stem.rfind('-');
    // Older names have dashes in the version ("1.0-1"): the longest version that is one.
    for (std::size_t at = stem.find('-'); at != std::string_view::npos; at = stem.find('-', at + 1))
      if (at > 0 && is_name(stem.substr(0, at)) && Version::parse(stem.substr(at + 1))) {
        name = stem.substr(0, at);
        version = stem.substr(at + 1);
        return true;
      }
    if (dash == std::string_view::npos || !is_name(stem.substr(0, dash))) return false;
    name = stem.substr(0, dash);
    version.clear();
    return true;
  }
  return false;
}

void classify_file(std::string_view file_name, Wanted& wanted) {
  if (auto wheel = parse_wheel_name(file_name); wheel.ok()) {
    wanted.kind = Wanted::Kind::wheel;
    wanted.requirement.name = wheel->name;
    wanted.version = wheel->version;
    return;
  }
  std::string name, version;
  if (parse_sdist_name(file_name, name, version)) {
    wanted.kind = Wanted::Kind::sdist;
    wanted.requirement.name = name;
    wanted.version = version;
    return;
  }
  for (std::string_view end : sdist_ends)  // "main.zip": an archive that does not say of what
    if (to_lower(file_name).ends_with(end)) wanted.kind = Wanted::Kind::sdist;
}

void classify_url(std::string_view url, Wanted& wanted) {
  wanted.kind = Wanted::Kind::source_tree;
  std::string_view scheme = url.substr(0, url.find(':'));
  if (scheme.find('+') == std::string_view::npos && scheme != "git") {
    wanted.kind = Wanted::Kind::requirement;
    classify_file(percent_decoded(last_part(url)), wanted);
    if (wanted.kind == Wanted::Kind::requirement) wanted.kind = Wanted::Kind::source_tree;
  }
  std::size_t egg = url.find("egg=", std::min(url.find('#'), url.size()));
  if (egg == std::string_view::npos) return;
  std::string_view name = url.substr(egg + 4);
  name = name.substr(0, name.find_first_of("&["));
  if (is_name(name)) wanted.requirement.name = name;
}

void Reading::add_requirement(std::string_view text, const Origin& origin, std::span<const std::string> extras) {
  auto requirement = parse_requirement(text);
  if (!requirement.ok()) return remark(origin, requirement.message());
  if (!requirement->holds(environment, extras)) return;
  Wanted wanted;
  wanted.origin = origin;
  wanted.requirement = std::move(*requirement);
  if (!wanted.requirement.url.empty()) {
    const std::string name = wanted.requirement.name;
    wanted.url = wanted.requirement.url;
    classify_url(wanted.url, wanted);
    wanted.requirement.name = name;
  }
  input.wanted.push_back(std::move(wanted));
}

Result<Input> read_requirements(const fs::path& file, const InputOptions& options) {
  Reading reading(options);
  auto status = read_requirement_file(file, reading);
  if (!status.ok()) return status.error();
  return std::move(reading.input);
}

Result<Input> read_input(const std::string& what, const InputOptions& options) {
  Reading reading(options);
  std::error_code error;
  if (fs::exists(what, error)) {
    if (auto status = read_path(what, reading); !status.ok()) return status.error();
    return std::move(reading.input);
  }
  if (looks_like_path(what)) return Error{what + ": no such file or folder"};
  auto requirement = parse_requirement(what);
  if (!requirement.ok()) return Error{requirement.message() + "; nor is it a file or folder"};
  reading.add_requirement(what, {});
  if (reading.input.wanted.empty())
    reading.remark({}, "\"" + what + "\" is not for this target: its marker leaves it out");
  return std::move(reading.input);
}

void combine(Input& all, Input more) {
  const bool first = all.read.empty() && all.wanted.empty();
  all.resolved = more.resolved && (first || all.resolved);
  auto append = [](auto& to, auto& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  };
  append(all.wanted, more.wanted);
  append(all.constraints, more.constraints);
  append(all.remarks, more.remarks);
  append(all.read, more.read);
  if (!more.index.index_url.empty()) all.index.index_url = more.index.index_url;
  append(all.index.extra_index_urls, more.index.extra_index_urls);
  append(all.index.find_links, more.index.find_links);
  append(all.index.trusted_hosts, more.index.trusted_hosts);
  all.index.no_index |= more.index.no_index;
  all.index.prereleases |= more.index.prereleases;
  all.index.offline |= more.index.offline;
}

}  // namespace ftaudit::packages
