// requirements.txt as pip reads it: logical lines, comments, ${VARIABLES}, options, -r and -c.
#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/text.h"
#include "packages/inputs/file_name.h"
#include "packages/inputs/reading.h"
#include "packages/names/names.h"

namespace ftaudit::packages {
namespace {

// No requirement has a reason to be longer; what is, is shown and left out before anything parses it.
constexpr std::size_t longest_line = 1u << 20;

struct LogicalLine {
  std::string text;
  int number;  // of its first physical line
};

bool is_comment(std::string_view line) { return trim(line).starts_with('#'); }

// A line goes on after '\'; a comment ends what was going on.
std::vector<LogicalLine> logical_lines(std::string_view text) {
  std::vector<LogicalLine> lines;
  std::string pending;
  int pending_from = 0, number = 0;
  auto flush = [&](std::string_view last) {
    lines.push_back({pending + std::string(last), pending_from ? pending_from : number});
    pending.clear();
    pending_from = 0;
  };
  while (!text.empty()) {
    std::size_t end = text.find_first_of("\r\n");
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size()
                                                     : end + (text.substr(end).starts_with("\r\n") ? 2 : 1));
    ++number;
    if (line.ends_with('\\') && !is_comment(line)) {
      if (!pending_from) pending_from = number;
      pending += line.substr(0, line.find_last_not_of('\\') + 1);
    } else {
      flush(is_comment(line) ? std::string_view() : line);
    }
  }
  if (pending_from) flush("");
  return lines;
}

// A '#' at the start or after white space begins a comment: URLs have fragments.
std::string_view without_comment(std::string_view line) {
  for (std::size_t at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1))
    if (at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t') return trim(line.substr(0, at));
  return trim(line);
}

bool is_variable_name(std::string_view name) {
  return !name.empty() &&
         std::ranges::all_of(name, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; });
}

// As pip does: what is not set, or empty, stays as written.
std::string with_variables(std::string_view line) {
  std::string expanded;
  while (true) {
    std::size_t start = line.find("${");
    std::size_t end = start == std::string_view::npos ? start : line.find('}', start);
    if (end == std::string_view::npos) return expanded += line;
    const std::string name(line.substr(start + 2, end - start - 2));
    const char* value = is_variable_name(name) ? std::getenv(name.c_str()) : nullptr;
    expanded += line.substr(0, start);
    expanded += value && *value ? std::string_view(value) : line.substr(start, end + 1 - start);
    line.remove_prefix(end + 1);
  }
}

// Words of a shell: quotes group, a backslash takes the next character as it is.
std::vector<std::string> shell_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool open = false;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\\' && quote != '\'' && i + 1 < text.size()) word += text[++i], open = true;
    else if (quote && c == quote) quote = 0;
    else if (!quote && (c == '\'' || c == '"')) quote = c, open = true;
    else if (!quote && (c == ' ' || c == '\t')) {
      if (open) words.push_back(std::exchange(word, {}));
      open = false;
    } else word += c, open = true;
  }
  if (open) words.push_back(word);
  return words;
}

struct Option {
  std::string_view name, letter;
  bool takes_value;
};
constexpr Option options_known[] = {{"--requirement", "-r", true},
                                    {"--constraint", "-c", true},
                                    {"--editable", "-e", true},
                                    {"--index-url", "-i", true},
                                    {"--pypi-url", "", true},
                                    {"--extra-index-url", "", true},
                                    {"--find-links", "-f", true},
                                    {"--no-index", "", false},
                                    {"--pre", "", false},
                                    {"--trusted-host", "", true},
                                    {"--hash", "", true},
                                    {"--no-binary", "", true},
                                    {"--only-binary", "", true},
                                    {"--prefer-binary", "", false},
                                    {"--require-hashes", "", false},
                                    {"--use-feature", "", true},
                                    {"--config-settings", "-C", true},
                                    {"--config-setting", "", true},
                                    {"--global-option", "", true},
                                    {"--install-option", "", true},
                                    {"--build-constraint", "", true},
                                    {"--no-build-isolation", "", false},
                                    {"--process-dependency-links", "", false}};

struct Given {
  std::string_view name;
  std::string value;
};

// Options in order. The error names the first that pip knows nothing of.
Result<std::vector<Given>> parse_options(const std::vector<std::string>& words) {
  std::vector<Given> given;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    std::size_t equals = word.starts_with("--") ? word.find('=') : std::string::npos;
    const std::string head = word.substr(0, equals);
    auto known = std::ranges::find_if(options_known, [&](const Option& option) {
      return head == option.name ||
             (!option.letter.empty() && !word.starts_with("--") && word.starts_with(option.letter));
    });
    if (known == std::end(options_known))
      return Error{"\"" + word.substr(0, 80) + "\" is no option of a requirements file"};
    Given one{known->name, {}};
    if (known->takes_value) {
      if (equals != std::string::npos) one.value = word.substr(equals + 1);
      else if (head != known->name && word.size() > known->letter.size()) one.value = word.substr(known->letter.size());
      else if (i + 1 < words.size()) one.value = words[++i];
      else return Error{std::string(known->name) + " wants a value"};
    }
    given.push_back(std::move(one));
  }
  return given;
}

bool is_url(std::string_view text) {
  std::size_t scheme = text.find(':');
  if (scheme == std::string_view::npos || scheme < 2) return false;
  std::string name = to_lower(text.substr(0, scheme));
  return name == "http" || name == "https" || name == "file" || name == "ftp" ||
         ((name.starts_with("git") || name.starts_with("hg") || name.starts_with("svn") || name.starts_with("bzr")) &&
          (name.find('+') != std::string::npos || name == "git"));
}

class RequirementFile {
 public:
  RequirementFile(Reading& reading, const fs::path& file, bool constraint, std::vector<fs::path> above)
      : reading_(reading), file_(file), constraint_(constraint), above_(std::move(above)) {}

  Status read();

 private:
  void read_line(std::string_view line, const Origin& origin);
  void read_options(const std::vector<Given>& given, const Origin& origin);
  void read_other(const std::string& name, bool constraint, const Origin& origin);
  void read_wanted(std::string_view text, std::vector<std::string> hashes, bool editable, const Origin& origin);
  bool read_as_place(std::string_view text, Wanted& wanted, const Origin& origin);
  void add(Wanted wanted);

  Reading& reading_;
  fs::path file_;
  bool constraint_;
  std::vector<fs::path> above_;  // the files that led here: a cycle is an error in them, not the end of us
};

Status RequirementFile::read() {
  auto text = read_text(file_);
  if (!text.ok()) return text.error();
  std::error_code ignored;
  above_.push_back(fs::weakly_canonical(file_, ignored));
  reading_.input.read.push_back(file_.string());
  for (const LogicalLine& line : logical_lines(*text)) {
    const Origin origin{file_.string(), line.number};
    if (line.text.size() > longest_line) {
      reading_.remark(origin,
                      "a line of " + std::to_string(line.text.size()) + " bytes is no requirement; it was left out");
      continue;
    }
    std::string expanded = with_variables(without_comment(line.text));
    if (!expanded.empty()) read_line(expanded, origin);
  }
  return Done{};
}

void RequirementFile::read_line(std::string_view line, const Origin& origin) {
  // The first word that begins with '-' begins the options.
  std::size_t options_at = line.starts_with('-') ? 0 : std::string_view::npos;
  for (std::size_t at = line.find_first_of(" \t"); options_at == std::string_view::npos && at != std::string_view::npos;
       at = line.find_first_of(" \t", at + 1))
    if (at + 1 < line.size() && line[at + 1] == '-') options_at = at + 1;
  std::string_view requirement = trim(line.substr(0, std::min(options_at, line.size())));
  std::vector<Given> given;
  if (options_at != std::string_view::npos) {
    auto parsed = parse_options(shell_words(line.substr(options_at)));
    if (!parsed.ok()) {
      // A requirement is not lost for an option nobody knows.
      reading_.remark(origin, parsed.message(), requirement.empty() && line.starts_with("-e"));
    } else {
      given = std::move(*parsed);
    }
  }
  if (requirement.empty()) return read_options(given, origin);
  std::vector<std::string> hashes;
  for (const Given& option : given)
    if (option.name == "--hash") hashes.push_back(option.value);
  read_wanted(requirement, std::move(hashes), false, origin);
}

void RequirementFile::read_options(const std::vector<Given>& given, const Origin& origin) {
  IndexOptions& index = reading_.input.index;
  for (const auto& [name, value] : given) {
    if (name == "--requirement") read_other(value, constraint_, origin);
    else if (name == "--constraint") read_other(value, true, origin);
    else if (name == "--editable") read_wanted(value, {}, true, origin);
    else if (name == "--index-url" || name == "--pypi-url") index.index_url = value;
    else if (name == "--extra-index-url") index.extra_index_urls.push_back(value);
    else if (name == "--trusted-host") index.trusted_hosts.push_back(value);
    else if (name == "--no-index") index.no_index = true;
    else if (name == "--pre") index.prereleases = true;
    else if (name == "--find-links") {
      // Relative to the file where such a folder is there, else as it stands.
      std::error_code ignored;
      fs::path beside = file_.parent_path() / value;
      index.find_links.push_back(!is_url(value) && fs::exists(beside, ignored)
                                     ? fs::absolute(beside, ignored).lexically_normal().string()
                                     : value);
    }
  }
}

void RequirementFile::read_other(const std::string& name, bool constraint, const Origin& origin) {
  if (is_url(name) && !name.starts_with("file:"))
    return reading_.remark(origin,
                           "\"" + shown_url(name) + "\" lies at a server and was not read: fetch it and name the file");
  fs::path path = name.starts_with("file://") ? fs::path(name.substr(7)) : file_.parent_path() / name;
  std::error_code ignored;
  if (std::ranges::find(above_, fs::weakly_canonical(path, ignored)) != above_.end())
    return reading_.remark(origin, "\"" + name + "\" includes itself; it was read once", false);
  if (above_.size() >= reading_.options.nesting)
    return reading_.remark(origin, "\"" + name + "\" was not read: requirement files are nested more than " +
                                       std::to_string(reading_.options.nesting) + " deep");
  auto status = RequirementFile(reading_, path.lexically_normal(), constraint, above_).read();
  if (!status.ok()) reading_.remark(origin, status.message());
}

// A path or URL instead of a name. False: it is none.
bool RequirementFile::read_as_place(std::string_view text, Wanted& wanted, const Origin& origin) {
  const bool url = is_url(text);
  // In a URL only "; " begins a marker: a ";" is a character of URLs.
  std::size_t marker_at = text.find(url ? "; " : ";");
  std::string_view place = trim(text.substr(0, marker_at));
  if (marker_at != std::string_view::npos &&
      (url || place.find_first_of("/\\") != std::string_view::npos || place.ends_with(".whl"))) {
    auto marker = Marker::parse(text.substr(marker_at + 1));
    if (!marker.ok()) reading_.remark(origin, marker.message(), false);
    else wanted.requirement.marker = std::move(*marker);
  }
  if (!url && place.ends_with(']')) {
    std::size_t bracket = place.rfind('[');
    if (bracket != std::string_view::npos && place.substr(0, bracket).find_first_of("/.") != std::string_view::npos) {
      for (const std::string& extra : split(place.substr(bracket + 1, place.size() - bracket - 2), ','))
        wanted.requirement.extras.emplace_back(trim(extra));
      place = place.substr(0, bracket);
    }
  }
  if (url && !to_lower(place).starts_with("file:")) {
    wanted.url = place;
    classify_url(place, wanted);
    return true;
  }
  std::string_view local = place;
  if (url) local = local.substr(local.starts_with("file://") ? 7 : 5);
  local = local.substr(0, url ? local.find('#') : std::string_view::npos);
  fs::path path = file_.parent_path() / local;
  std::error_code ignored;
  const bool looks_local = url || local.find('/') != std::string_view::npos || local.starts_with('.');
  if (looks_local && fs::is_directory(path, ignored)) {
    wanted.kind = Wanted::Kind::source_tree;
  } else {
    classify_file(path.filename().string(), wanted);
    if (wanted.kind == Wanted::Kind::requirement && !looks_local && !wanted.editable) return false;
    if (!fs::exists(path, ignored)) {
      if (!looks_local && wanted.kind == Wanted::Kind::requirement) return false;
      reading_.remark(origin, "\"" + std::string(local.substr(0, 200)) + "\" does not exist");
      wanted.editable = false;
      wanted.path.clear();
      wanted.kind = Wanted::Kind::requirement;
      wanted.requirement.name.clear();
      return true;
    }
    if (wanted.kind == Wanted::Kind::requirement) {
      reading_.remark(origin, "\"" + std::string(local.substr(0, 200)) +
                                  "\" is neither a wheel nor an archive of sources nor a folder");
      wanted.requirement.name.clear();
      return true;
    }
  }
  wanted.path = path.lexically_normal();
  return true;
}

void RequirementFile::read_wanted(std::string_view text, std::vector<std::string> hashes, bool editable,
                                  const Origin& origin) {
  Wanted wanted;
  wanted.origin = origin;
  wanted.hashes = std::move(hashes);
  wanted.editable = editable;
  auto requirement = parse_requirement(text);
  const bool named = requirement.ok() && !requirement->url.empty();  // "name @ URL": the slashes are the URL's
  if (!named && read_as_place(text, wanted, origin)) {
    if (wanted.path.empty() && wanted.url.empty()) return;  // said already
    return add(std::move(wanted));
  }
  if (!requirement.ok()) return reading_.remark(origin, requirement.message());
  wanted.requirement = std::move(*requirement);
  if (const std::string url = wanted.requirement.url; !url.empty()) {
    Wanted place;
    if (read_as_place(url, place, origin) && (!place.path.empty() || !place.url.empty())) {
      wanted.kind = place.kind;
      wanted.path = place.path;
      wanted.url = place.url;
      wanted.version = place.version;
    } else {
      wanted.url = url;
      wanted.kind = Wanted::Kind::source_tree;
    }
  }
  add(std::move(wanted));
}

void RequirementFile::add(Wanted wanted) {
  if (!wanted.requirement.holds(reading_.environment)) return;
  (constraint_ ? reading_.input.constraints : reading_.input.wanted).push_back(std::move(wanted));
}

}  // namespace

Status read_requirement_file(const fs::path& file, Reading& reading) {
  return RequirementFile(reading, file, false, {}).read();
}

}  // namespace ftaudit::packages
