#include "project/cmake_variables.h"

#include <algorithm>
#include <set>

#include "base/files.h"
#include "base/text.h"

namespace ftaudit::project::cmake {
namespace {

const std::string unknown(1, unknown_mark);

long index_of(const std::string& text) { return std::strtol(text.c_str(), nullptr, 10); }

Words tail(const Words& words, std::size_t from) {
  return {words.begin() + static_cast<std::ptrdiff_t>(std::min(from, words.size())), words.end()};
}

std::string replaced_all(std::string text, const std::string& from, const std::string& to) {
  if (from.empty()) return text;
  std::string out;
  std::size_t start = 0;
  for (std::size_t at; (at = text.find(from, start)) != std::string::npos && out.size() < (1u << 20);
       start = at + from.size())
    out.append(text, start, at - start).append(to);
  return out.append(text, start);
}

}  // namespace

Words elements_of(const std::string& list) {
  Words out = split(list, ';');
  std::erase(out, "");
  return out;
}

Variables::Variables() : scopes_(1) {
  for (auto& [name, value] : given_variables()) scopes_[0][name] = std::move(value);
}

const std::string* Variables::find(const std::string& name) const {
  for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope)
    if (const auto found = scope->find(name); found != scope->end()) return found->second ? &*found->second : nullptr;
  return nullptr;
}

std::string Variables::text(const std::string& name) const {
  const std::string* value = find(name);
  return value == nullptr ? std::string() : *value;
}

void Variables::set(const std::string& name, std::string value) {
  made_ += value.size();
  scopes_.back()[name] = value.size() > longest || spent() ? unknown : std::move(value);
}

void Variables::set_outside(const std::string& name, std::string value) {
  made_ += value.size();
  if (value.size() > longest || spent()) value = unknown;
  scopes_[scopes_.size() > 1 ? scopes_.size() - 2 : 0][name] = std::move(value);
}

void Variables::unset(const std::string& name) { scopes_.back()[name] = std::nullopt; }

std::string Variables::replaced(const std::string& text, int depth) {
  std::string out;
  for (std::size_t i = 0; i < text.size() && !spent() && out.size() <= longest; ++i) {
    const bool environment = text.compare(i, 5, "$ENV{") == 0;
    if (depth > 10 || (!environment && text.compare(i, 2, "${") != 0)) {
      out += text[i];
      continue;
    }
    std::size_t close = i + 2;
    for (int open = 1; close < text.size(); ++close) {
      if (text.compare(close, 2, "${") == 0) ++open;
      else if (text[close] == '}' && --open == 0) break;
    }
    if (close >= text.size()) return out + text.substr(i);
    const std::string name = replaced(text.substr(i + 2, close - i - 2), depth + 1);
    const std::string* value = environment || !is_known(name) ? nullptr : find(name);
    out += value == nullptr ? unknown : *value;
    i = close;
  }
  made_ += out.size();
  return out;
}

std::vector<Operand> Variables::expanded(const Command& command) {
  std::vector<Operand> out;
  for (std::size_t i = 0; i < command.arguments.size() && !spent(); ++i) {
    const std::string& argument = command.arguments[i];
    const bool written = argument.find('$') == std::string::npos;
    std::string text = written ? argument : replaced(argument, 0);
    if (command.quoted[i] || text.find(';') == std::string::npos) {
      // An unquoted variable that is empty is no argument at all.
      if (command.quoted[i] || !text.empty()) out.push_back({std::move(text), command.quoted[i], written});
    } else {
      for (std::string& part : elements_of(text)) out.push_back({std::move(part), false, written});
    }
    if (out.size() > 100'000) break;
  }
  charge(per_element * out.size());
  return out;
}

bool Variables::compute(const std::string& name, const Words& words, const std::string& folder) {
  if (name == "set") set_by_words(words);
  else if (name == "unset" && !words.empty()) unset(words[0]);
  else if (name == "list") change_list(words);
  else if (name == "string") change_string(words);
  else if (name == "get_filename_component") name_part(words, folder);
  else if (name == "cmake_parse_arguments") parse_arguments(words);
  else if (name == "option") {
    // What is off may be turned on by whoever calls CMake, as builds of Python packages do; what is on stays so.
    if (words.size() == 3 && find(words[0]) == nullptr && to_lower(words[2]) == "on") set(words[0], "ON");
  } else if (name == "math" && words.size() > 1) set(words[1], unknown);
  else return false;
  return true;
}

void Variables::set_by_words(const Words& words) {
  if (words.empty() || words[0].starts_with("ENV{")) return;
  Words value = tail(words, 1);
  bool outside = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != "CACHE" && (value[i] != "PARENT_SCOPE" || i + 1 != value.size())) continue;
    outside = value[i] == "PARENT_SCOPE";
    if (!outside && find(words[0]) != nullptr && value.back() != "FORCE") return;
    value.resize(i);
  }
  if (value.empty() && words.size() == 1) return unset(words[0]);
  if (outside) set_outside(words[0], join(value, ";"));
  else set(words[0], join(value, ";"));
}

// In place, as long lists are made an element at a time.
void Variables::append(const std::string& name, const std::string& more) {
  const auto own = scopes_.back().find(name);
  if (own == scopes_.back().end() || !own->second) set(name, text(name));
  std::string& list = *scopes_.back()[name];
  if (list.size() + more.size() > longest || spent()) list = unknown;
  made_ += more.size() + per_element;
  if (list == unknown || more.empty()) return;
  if (!list.empty()) list += ';';
  list += more;
}

void Variables::change_list(const Words& words) {
  if (words.size() < 2) return;
  const std::string& what = words[0];
  const std::string& name = words[1];
  if (what == "APPEND") return append(name, join(tail(words, 2), ";"));
  Words list = elements_of(text(name));
  charge(per_element * list.size());
  const auto store = [&] { set(name, join(list, ";")); };
  if (what == "PREPEND") {
    list.insert(list.begin(), words.begin() + 2, words.end());
    store();
  } else if (what == "INSERT" && words.size() > 3) {
    const long at = std::clamp(index_of(words[2]), 0L, static_cast<long>(list.size()));
    list.insert(list.begin() + at, words.begin() + 3, words.end());
    store();
  } else if (what == "REMOVE_ITEM") {
    const std::set<std::string> gone(words.begin() + 2, words.end());
    std::erase_if(list, [&](const std::string& one) { return gone.contains(one); });
    store();
  } else if (what == "REMOVE_DUPLICATES") {
    std::set<std::string> seen;
    std::erase_if(list, [&](const std::string& one) { return !seen.insert(one).second; });
    store();
  } else if (what == "FILTER" && words.size() == 5) {
    std::erase_if(list, [&](const std::string& one) {
      if (spent()) return false;
      charge(expression);
      const std::optional<bool> found = found_in(words[4], one);
      return found && *found == (words[2] == "EXCLUDE");
    });
    store();
  } else if (what == "TRANSFORM" && words.size() > 3 && (words[2] == "PREPEND" || words[2] == "APPEND")) {
    if (words.size() > 4 && words[4] != "OUTPUT_VARIABLE") return set(name, unknown);
    for (std::string& one : list) one = words[2] == "PREPEND" ? words[3] + one : one + words[3];
    set(words.size() > 5 ? words[5] : name, join(list, ";"));
  } else if (what == "SORT") {
    std::ranges::sort(list);
    store();
  } else if (what == "REVERSE") {
    std::ranges::reverse(list);
    store();
  } else if ((what == "POP_BACK" || what == "POP_FRONT") && !list.empty()) {
    const bool back = what == "POP_BACK";
    const std::string gone = back ? list.back() : list.front();
    list.erase(back ? list.end() - 1 : list.begin());
    store();
    if (words.size() > 2) set(words[2], gone);
  } else if (what == "LENGTH" && words.size() == 3) {
    set(words[2], is_known(text(name)) ? std::to_string(list.size()) : unknown);
  } else if (what == "GET" && words.size() > 3) {
    Words out;
    for (std::size_t i = 2; i + 1 < words.size(); ++i) {
      const long at = index_of(words[i]), count = static_cast<long>(list.size());
      if (const long place = at < 0 ? at + count : at; place >= 0 && place < count)
        out.push_back(list[static_cast<std::size_t>(place)]);
    }
    set(words.back(), join(out, ";"));
  } else if (what == "JOIN" && words.size() == 4) {
    set(words[3], join(list, words[2]));
  } else if (what == "FIND" && words.size() == 4) {
    const auto at = std::ranges::find(list, words[2]);
    set(words[3], at == list.end() ? "-1" : std::to_string(at - list.begin()));
  } else if (what == "SUBLIST" && words.size() == 5) {
    set(words[4], unknown);
  }
}

void Variables::change_string(const Words& words) {
  if (words.size() < 3) return;
  const std::string& what = words[0];
  if (what == "APPEND") set(words[1], text(words[1]) + join(tail(words, 2), ""));
  else if (what == "PREPEND") set(words[1], join(tail(words, 2), "") + text(words[1]));
  else if (what == "CONCAT") set(words[1], join(tail(words, 2), ""));
  else if (what == "JOIN") set(words[2], join(tail(words, 3), words[1]));
  else if (what == "TOLOWER") set(words[2], to_lower(words[1]));
  else if (what == "STRIP") set(words[2], std::string(trim(words[1])));
  else if (what == "REPLACE" && words.size() > 4)
    set(words[3], replaced_all(join(tail(words, 4), ""), words[1], words[2]));
  else if (what == "TOUPPER") {
    std::string upper = words[1];
    std::ranges::transform(upper, upper.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    set(words[2], std::move(upper));
  } else if (what == "REGEX" && words.size() > 4) set(words[1] == "REPLACE" ? words[4] : words[3], unknown);
  else if (what == "FIND" || what == "SUBSTRING") set(words.back(), unknown);
}

void Variables::name_part(const Words& words, const std::string& folder) {
  if (words.size() < 3) return;
  const fs::path path = words[1];
  const std::string& part = words[2];
  std::string out = unknown;
  if (!is_known(words[1])) out = unknown;
  else if (part == "DIRECTORY" || part == "PATH") out = path.parent_path().native();
  else if (part == "NAME") out = path.filename().native();
  else if (part == "NAME_WE") out = path.filename().native().substr(0, path.filename().native().find('.'));
  else if (part == "NAME_WLE") out = path.stem().native();
  else if (part == "EXT" || part == "LAST_EXT") out = path.extension().native();
  else if (part == "ABSOLUTE" || part == "REALPATH") out = (fs::path(folder) / path).lexically_normal().native();
  set(words[0], out);
}

// cmake_parse_arguments([PARSE_ARGV n] prefix options names-with-one names-with-many [arguments...])
void Variables::parse_arguments(const Words& words) {
  Words rest = words, given;
  if (!rest.empty() && rest[0] == "PARSE_ARGV" && rest.size() > 1) {
    given = elements_of(text("ARGV"));
    const long from = std::clamp(index_of(rest[1]), 0L, static_cast<long>(given.size()));
    given.erase(given.begin(), given.begin() + from);
    rest = tail(rest, 2);
  } else {
    given = tail(rest, 4);
  }
  if (rest.size() < 4) return;
  const std::string prefix = rest[0] + "_";
  const Words options = elements_of(rest[1]), one = elements_of(rest[2]), many = elements_of(rest[3]);
  for (const std::string& name : options) set(prefix + name, "FALSE");
  for (const Words* names : {&one, &many})
    for (const std::string& name : *names) set(prefix + name, "");
  std::string current;
  bool takes_many = false;
  Words unparsed;
  for (const std::string& word : given) {
    const bool starts_one = std::ranges::find(one, word) != one.end();
    if (std::ranges::find(options, word) != options.end()) {
      set(prefix + word, "TRUE");
      current.clear();
    } else if (starts_one || std::ranges::find(many, word) != many.end()) {
      current = word, takes_many = !starts_one;
    } else if (current.empty()) {
      unparsed.push_back(word);
    } else {
      const std::string* had = find(prefix + current);
      set(prefix + current, takes_many && had != nullptr ? *had + ";" + word : word);
      if (!takes_many) current.clear();
    }
  }
  set(prefix + "UNPARSED_ARGUMENTS", join(unparsed, ";"));
}

}  // namespace ftaudit::project::cmake
