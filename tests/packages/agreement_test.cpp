// What `packaging`, the library inside pip, answers to the same questions. Skipped where Python has none or an old one.
#include <doctest/doctest.h>

#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

#include "base/process.h"
#include "base/text.h"
#include "packages/names/requirement.h"

using namespace ftaudit;
using namespace ftaudit::packages;

namespace {

constexpr char script[] = R"py(
import sys
from packaging.version import Version, InvalidVersion
from packaging.specifiers import Specifier, InvalidSpecifier
from packaging.requirements import Requirement, InvalidRequirement
from packaging.markers import Marker, InvalidMarker, UndefinedComparison
from packaging.utils import parse_wheel_filename, InvalidWheelFilename
from packaging import tags
def version(a):
    try: return str(Version(a))
    except InvalidVersion: return "no"
def order(a, b):
    try: return str((Version(a) > Version(b)) - (Version(a) < Version(b)))
    except InvalidVersion: return "no"
def contains(a, b):
    try: return str(int(Specifier(a).contains(Version(b), prereleases=True)))
    except (InvalidSpecifier, InvalidVersion): return "no"
def requirement(a):
    try: r = Requirement(a)
    except InvalidRequirement: return "no"
    return "|".join([r.name, ",".join(sorted(r.extras)), ",".join(sorted(str(s).replace(" ", "") for s in r.specifier)), r.url or "", "m" if r.marker else ""])
def wheel(a):
    try: return "yes" if parse_wheel_filename(a) else "no"
    except InvalidWheelFilename: return "no"
E = dict(implementation_name="cpython", implementation_version="3.13.0", os_name="posix", platform_machine="x86_64", platform_python_implementation="CPython",
         platform_release="", platform_system="Linux", platform_version="", python_full_version="3.13.0", python_version="3.13", sys_platform="linux")
def marker(a):
    try: return str(int(Marker(a).evaluate(E)))
    except InvalidMarker: return "no"
    except UndefinedComparison: return "undefined"
def tag_list(minor, free):
    abi = f"cp3{minor}" + ("t" if free == "1" else "")
    platforms = ["linux_x86_64"] + [p for m in range(36, 4, -1) for p in [f"manylinux_2_{m}_x86_64"] + {17: ["manylinux2014_x86_64"], 12: ["manylinux2010_x86_64"], 5: ["manylinux1_x86_64"]}.get(m, [])]
    v = (3, int(minor))
    return " ".join(str(t) for t in [*tags.cpython_tags(v, [abi], platforms), *tags.compatible_tags(v, f"cp3{minor}", platforms)])
def mac(major, minor, arch):
    return " ".join(tags.mac_platforms((int(major), int(minor)), arch))
if not hasattr(tags, "_abi3t_applies"): sys.exit(9)
for line in sys.stdin.read().split("\n"):
    if line:
        name, *arguments = line.split("\t")
        print(globals()[name](*arguments))
)py";

// Answers of Python's side, one a line asked.
std::vector<std::string> ask(const std::string& lines) {
  Command command{.argv = {"python3", "-c", script}, .input = lines};
  auto outcome = run(command);
  if (!outcome.ok() || !outcome->succeeded()) {
    std::cout << "skipped: python3 has no packaging that knows abi3t (pip install -U packaging)\n";
    if (outcome.ok()) std::cout << outcome->err;
    std::exit(77);
  }
  auto answers = split(outcome->out, '\n');
  answers.pop_back();
  return answers;
}

struct Random {
  std::mt19937 engine{440};
  std::size_t below(std::size_t n) { return engine() % n; }
  template <std::size_t n> std::string pick(const char* const (&words)[n]) { return words[below(n)]; }
};

std::string made_version(Random& random) {
  static const char* const epochs[] = {"", "", "", "", "1!", "0!", "v", "V", " "};
  static const char* const numbers[] = {"0", "1", "2", "10", "00", "01", "2026", "99999999999999999999999"};
  static const char* const phases[] = {"",   "",    "",           "a1", "b2", "rc1", ".alpha", "-beta.3",
                                       "c4", "pre", "_preview-2", "A1", "RC", "a",   "b1b2",   "r"};
  static const char* const posts[] = {"",      "",   "",   ".post1", "-1", "-01",   "post",
                                      ".rev3", "r2", "-r", "-post-", "-",  ".postx"};
  static const char* const devs[] = {"", "", "", ".dev1", "dev", "-dev3", "_DEV-0", ".dev.", "dev1dev"};
  static const char* const locals[] = {"",    "",  "",      "",    "+1",    "+local.1", "+ubuntu-2_x",
                                       "+01", "+", "+a..b", "+A1", "+1.2.3"};
  std::string text = random.pick(epochs) + random.pick(numbers);
  for (std::size_t i = random.below(4); i > 0; --i) text += "." + random.pick(numbers);
  return text + random.pick(phases) + random.pick(posts) + random.pick(devs) + random.pick(locals);
}

std::string made_clause(Random& random) {
  static const char* const operators[] = {"==", "!=", ">=", "<=", "<", ">", "~=", "===", "=", "== ", "~= "};
  static const char* const tails[] = {"", "", "", "", ".*"};
  return random.pick(operators) + made_version(random) + random.pick(tails);
}

std::string version_answer(const std::string& text) {
  auto version = Version::parse(text);
  return version ? version->text() : "no";
}

std::string order_answer(const std::string& a, const std::string& b) {
  auto left = Version::parse(a), right = Version::parse(b);
  if (!left || !right) return "no";
  return *left < *right ? "-1" : *left > *right ? "1" : "0";
}

std::string contains_answer(const std::string& clause_text, const std::string& b) {
  auto clause = Specifier::parse(clause_text);
  auto version = Version::parse(b);
  return clause && version ? clause->contains(*version) ? "1" : "0" : "no";
}

std::string requirement_answer(const std::string& text) {
  auto requirement = parse_requirement(text);
  if (!requirement.ok()) return "no";
  std::vector<std::string> clauses, extras = requirement->extras;
  for (const Specifier& clause : requirement->specifiers.clauses()) clauses.push_back(clause.text());
  for (auto* list : {&clauses, &extras}) {
    std::ranges::sort(*list);
    list->erase(std::ranges::unique(*list).begin(), list->end());
  }
  return requirement->name + "|" + join(extras, ",") + "|" + join(clauses, ",") + "|" + requirement->url + "|" +
         (requirement->marker ? "m" : "");
}

struct Questions {
  std::string lines;
  std::vector<std::string> asked, ours;
  void add(const std::string& line, std::string answer) {
    lines += line + "\n";
    asked.push_back(line);
    ours.push_back(std::move(answer));
  }
  void compare() {
    auto theirs = ask(lines);
    REQUIRE(theirs.size() == ours.size());
    std::size_t shown = 0, decided = 0;
    for (std::size_t i = 0; i < ours.size(); ++i) {
      decided += theirs[i] != "no";
      // packaging raises; ftaudit keeps what it cannot judge.
      if (ours[i] == theirs[i] || theirs[i] == "undefined" || shown++ > 20) continue;
      INFO(asked[i]);
      CHECK(ours[i] == theirs[i]);
    }
    CHECK(shown == 0);
    CHECK(decided * 5 > ours.size());  // the made texts must not all be nonsense
  }
};

}  // namespace

TEST_CASE("versions read and print as packaging's") {
  Random random;
  Questions questions;
  for (int i = 0; i < 4000; ++i) {
    std::string text = made_version(random);
    questions.add("version\t" + text, version_answer(text));
  }
  questions.compare();
}

TEST_CASE("versions are ordered as packaging's") {
  Random random;
  Questions questions;
  for (int i = 0; i < 6000; ++i) {
    std::string a = made_version(random), b = made_version(random);
    questions.add("order\t" + a + "\t" + b, order_answer(a, b));
  }
  questions.compare();
}

TEST_CASE("clauses hold what packaging's hold") {
  Random random;
  Questions questions;
  while (questions.asked.size() < 8000) {
    std::string clause = made_clause(random), b = made_version(random);
    // Near misses are where the rules differ.
    if (random.below(2) == 0 && clause.size() > 2) b = clause.substr(clause.find_first_of("0123456789v"));
    if (contains_answer(clause, b) == "no" && random.below(4) != 0) continue;
    questions.add("contains\t" + clause + "\t" + b, contains_answer(clause, b));
  }
  questions.compare();
}

TEST_CASE("requirements are read as packaging reads them") {
  Random random;
  Questions questions;
  static const char* const names[] = {"numpy", "A.b-c_d", "zope.interface", "a", "-a", "a-", "x1", "", "_x", "x1"};
  static const char* const extras[] = {"", "", "[x]", "[ x , y ]", "[]", "[x", "[x,]", "[x y]", "[x][y]", " [x]"};
  static const char* const joints[] = {"", "", ",", " , ", ",,"};
  static const char* const markers[] = {"",
                                        "",
                                        "",
                                        "; python_version > '3'",
                                        ";os_name=='nt'",
                                        "; extra == \"x\" and (sys_platform != 'win32')",
                                        ";",
                                        "; x",
                                        " ; 'a' in sys_platform",
                                        " #"};
  static const char* const urls[] = {
      " @ https://host/a.whl", "@file:///x y",    " @ git+ssh://git@host/r.git@v1#egg=a", " @",
      " @ https://h/a.zip ",   " @ https://h/a;b"};
  for (int i = 0; i < 6000; ++i) {
    std::string text = random.pick(names) + random.pick(extras);
    if (random.below(4) == 0) text += random.pick(urls);
    else
      for (std::size_t n = random.below(3); n > 0; --n) text += made_clause(random) + random.pick(joints);
    if (random.below(6) == 0) text += "(" + made_clause(random) + ")";
    text += random.pick(markers);
    if (!parse_requirement(text).ok() && random.below(3) != 0) continue;
    questions.add("requirement\t" + text, requirement_answer(text));
  }
  questions.compare();
}

TEST_CASE("markers hold where packaging's hold") {
  Random random;
  Questions questions;
  static const char* const variables[] = {"python_version",
                                          "python_full_version",
                                          "os_name",
                                          "os.name",
                                          "sys_platform",
                                          "platform_machine",
                                          "platform_system",
                                          "implementation_name",
                                          "platform_python_implementation",
                                          "python_implementation",
                                          "implementation_version",
                                          "extra",
                                          "nonsense"};
  static const char* const values[] = {"'3.13'",  "\"3.9\"", "'3.13.0'",       "'3.*'",     "'posix'",
                                       "'linux'", "'win32'", "'x86_64 AMD64'", "'cpython'", "'CPython'",
                                       "''",      "'3.14'",  "'unclosed"};
  static const char* const operators[] = {"==", "!=",  ">=",   "<=",       "<", ">",
                                          "~=", "===", " in ", " not in ", "=", " not  in"};
  static const char* const words[] = {" and ", " or ", ") and (", " or(", " xor "};
  auto comparison = [&] {
    return random.below(3) ? random.pick(variables) + random.pick(operators) + random.pick(values)
                           : random.pick(values) + random.pick(operators) + random.pick(variables);
  };
  Environment environment = marker_environment(Target{.platform = Platform{}});
  while (questions.asked.size() < 6000) {
    std::string text = comparison();
    for (std::size_t n = random.below(4); n > 0; --n) text += random.pick(words) + comparison();
    if (random.below(2)) text = "(" + text + ")";
    auto marker = Marker::parse(text);
    if (!marker.ok() && random.below(4) != 0) continue;
    questions.add("marker\t" + text, !marker.ok() ? "no" : marker->holds(environment) ? "1" : "0");
  }
  questions.compare();
}

TEST_CASE("tags are accepted in packaging's order") {
  Questions questions;
  for (int minor : {13, 14, 15})
    for (bool free : {false, true}) {
      Target target{3, minor, free, Platform{Platform::System::linux_glibc, 2, 36, "x86_64"}};
      questions.add("tag_list\t" + std::to_string(minor) + "\t" + (free ? "1" : "0"), join(accepted_tags(target), " "));
    }
  for (auto [major, minor, machine] :
       {std::tuple{10, 15, "x86_64"}, {11, 0, "arm64"}, {14, 0, "x86_64"}, {15, 3, "arm64"}}) {
    Target target{3, 13, true, Platform{Platform::System::macos, major, minor, machine}};
    std::vector<std::string> platforms;
    for (const std::string& tag : accepted_tags(target))
      if (tag.starts_with("cp313-cp313t-")) platforms.push_back(tag.substr(13));
    questions.add("mac\t" + std::to_string(major) + "\t" + std::to_string(minor) + "\t" + machine,
                  join(platforms, " "));
  }
  questions.compare();
}

TEST_CASE("wheel names are taken and refused as packaging's") {
  Random random;
  Questions questions;
  static const char* const names[] = {"numpy", "A.b_c", "a__b", "", "a b", "x1"};
  static const char* const builds[] = {"", "", "-1", "-2x", "-x", "-"};
  static const char* const pythons[] = {"py3", "cp313", "py2.py3", "cp313.cp314", "", "py3..py2"};
  static const char* const abis[] = {"none", "cp313t", "abi3", "abi3.abi3t", ""};
  static const char* const platforms[] = {"any", "manylinux_2_17_x86_64.manylinux2014_x86_64", "win_amd64", "", "a-b"};
  static const char* const ends[] = {".whl", ".whl", ".whl", ".zip", ""};
  for (int i = 0; i < 3000; ++i) {
    std::string text = random.pick(names) + "-" + made_version(random) + random.pick(builds) + "-" +
                       random.pick(pythons) + "-" + random.pick(abis) + "-" + random.pick(platforms) +
                       random.pick(ends);
    questions.add("wheel\t" + text, parse_wheel_name(text).ok() ? "yes" : "no");
  }
  auto theirs = ask(questions.lines);
  for (std::size_t i = 0; i < theirs.size(); ++i) {
    INFO(questions.asked[i]);
    CHECK(theirs[i] == questions.ours[i]);
  }
}
