// Texts that strangers wrote, cut, doubled and scrambled: thousands of them, the same in every run. Nothing may crash,
// hang or read outside; what is read must still be well-formed.
#include <doctest/doctest.h>

#include <chrono>
#include <random>

#include "folder_on_disk.h"
#include "packages/index/releases.h"
#include "packages/index/simple_page.h"
#include "packages/inputs/file_name.h"
#include "packages/inputs/reading.h"
#include "packages/names/metadata.h"
#include "packages/names/name.h"
#include "packages/resolution/resolver.h"

using namespace ftaudit;
using namespace ftaudit::packages;

namespace {

class Mutations {
 public:
  explicit Mutations(std::vector<std::string> seeds) : seeds_(std::move(seeds)) {}

  std::string next() {
    std::string text = seeds_[below(seeds_.size())];
    for (std::size_t i = 1 + below(6); i > 0; --i) change(text);
    return text;
  }

 private:
  std::size_t below(std::size_t n) { return n ? engine_() % n : 0; }
  void change(std::string& text) {
    static const std::string pieces[] = {"[",
                                         "]",
                                         "(",
                                         ")",
                                         "\"",
                                         "'",
                                         "\\",
                                         "\\\n",
                                         "\n",
                                         "\r",
                                         "#",
                                         ";",
                                         "@",
                                         " and ",
                                         "==",
                                         ".*",
                                         "-r ",
                                         "-e ",
                                         "--hash=",
                                         "${",
                                         "}",
                                         "://",
                                         "../",
                                         "\xFF\xFE",
                                         "\xEF\xBB\xBF",
                                         "99999999999999999999",
                                         "<a href=",
                                         "&#x",
                                         "{",
                                         ",",
                                         "\t",
                                         "%2B",
                                         std::string(1, '\0'),
                                         "\xC3"};
    const std::size_t at = below(text.size() + 1);
    switch (below(7)) {
      case 0: text.insert(at, pieces[below(std::size(pieces))]); break;
      case 1: text.erase(at, 1 + below(8)); break;
      case 2: text.resize(at); break;
      case 3:
        if (at < text.size()) text[at] = static_cast<char>(engine_());
        break;
      case 4: text.insert(at, text.substr(below(text.size() + 1), below(40))); break;
      case 5: text.insert(at, std::string(below(3000), text.empty() ? '(' : text[below(text.size())])); break;
      case 6: {
        const std::string& other = seeds_[below(seeds_.size())];
        text = text.substr(0, at) + other.substr(below(other.size() + 1));
      }
    }
  }
  std::vector<std::string> seeds_;
  std::mt19937 engine_{425};
};

void check(const Wanted& wanted) {
  CHECK((wanted.requirement.name.empty() || is_name(wanted.requirement.name)));
  for (const std::string& name : wanted.depends_on) CHECK(normal_name(name) == name);
}

// Reads each mutation as a file of this name; the time of all together is bounded.
void fuzz_file(const char* name, std::vector<std::string> seeds, int count) {
  Mutations mutations(std::move(seeds));
  FolderOnDisk folder;
  const InputOptions options{.target = {3, 13, true, {}}, .extras = {"*"}, .groups = {"*"}};
  int understood = 0;
  for (int i = 0; i < count; ++i) {
    folder.add(name, mutations.next());
    auto input = read_input((folder / name).string(), options);
    if (!input.ok()) {
      CHECK_FALSE(input.message().empty());
      continue;
    }
    ++understood;
    for (const Wanted& wanted : input->wanted) check(wanted);
  }
  CHECK(understood > count / 50);  // the seeds must not all be refused at the door
}

}  // namespace

TEST_CASE("fuzzed requirements, markers, versions and names") {
  Mutations mutations({"numpy[extra]>=1.0,<2; python_version >= '3.9' and (os_name == 'nt' or extra == \"x\")",
                       "a @ https://host/a-1-py3-none-any.whl ; 'x' in platform_machine",
                       "1!2.0.0a1.post2.dev3+local.1", "~=1.4.2,!=1.4.*,===weird",
                       "numpy-2.1.0-1-cp313-cp313t-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", "not in",
                       "name-1.0.tar.gz"});
  const Environment environment = marker_environment({3, 13, true, {}});
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 20000; ++i) {
    const std::string text = mutations.next();
    if (auto requirement = parse_requirement(text); requirement.ok()) {
      (void)requirement->holds(environment);
      auto again = parse_requirement(requirement->text());
      INFO(text);
      REQUIRE(again.ok());
      CHECK(again->text() == requirement->text());
    }
    if (auto marker = Marker::parse(text); marker.ok()) (void)marker->holds(environment);
    if (auto version = Version::parse(text)) CHECK(*Version::parse(version->text()) == *version);
    if (auto clauses = Specifiers::parse(text); clauses.ok()) (void)clauses->contains(*Version::parse("1.0"));
    if (auto wheel = parse_wheel_name(text); wheel.ok()) (void)fit(*wheel, {3, 13, true, {}});
    std::string name, version;
    (void)parse_sdist_name(text, name, version);
    (void)parse_metadata(text);
    (void)blamed_names(text);
    (void)parse_uv_output(text);
    (void)poetry_constraint(text);
    (void)shown_url(text);
    (void)parse_platform(text);
    (void)parse_target(text, {});
  }
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(60));
}

TEST_CASE("fuzzed files") {
  fuzz_file("requirements.txt",
            {"# c\n-i https://h/simple\n--find-links x\nnumpy>=2 \\\n --hash=sha256:aa\n-e "
             ".\n./x-1-py3-none-any.whl\ngit+https://h/r.git#egg=a\n-c c.txt\n-r r.txt\n${HOME}\n",
             "a==1 ; os_name == 'posix'\nhttps://h/a-1.tar.gz#sha256=0\n-r requirements.txt\n"},
            1500);
  fuzz_file(
      "pyproject.toml",
      {"[project]\nname = 'a'\ndependencies = ['b>=1', \"c; os_name == 'nt'\"]\n[project.optional-dependencies]\nx = "
       "['a[x]', 'd']\n[dependency-groups]\ng = ['e', {include-group = 'g'}]\n"
       "[tool.poetry.dependencies]\npython = '^3.9'\nf = {version = '~1.2', extras = ['y'], optional = "
       "true}\n[tool.uv.sources]\nb = {git = 'https://h/b'}\n"},
      1500);
  fuzz_file("uv.lock",
            {"version = 1\n[[package]]\nname = 'a'\nversion = '1'\nsource = { virtual = '.' }\ndependencies = [{ name "
             "= 'b', marker = \"os_name == 'posix'\", extra = ['x'] }]\n"
             "[[package]]\nname = 'b'\nversion = '2'\nsource = { registry = 'https://h' }\ndependencies = [{ name = "
             "'b' }]\n[package.optional-dependencies]\nx = [{ name = 'a' }]\n"},
            1500);
  fuzz_file("poetry.lock",
            {"[[package]]\nname = 'a'\nversion = '1'\noptional = false\ngroups = ['main']\n[package.dependencies]\nb = "
             "{version = '*', markers = \"os_name == 'posix'\"}\n[package.extras]\nx = ['b (>=1)']\n"
             "[[package]]\nname = 'b'\nversion = '2'\n"},
            1500);
  fuzz_file("pylock.toml",
            {"lock-version = '1.0'\n[[packages]]\nname = 'a'\nversion = '1'\nmarker = \"'x' in extras\"\ndependencies "
             "= [{ name = 'b' }]\narchive = { url = 'https://h/a-1.zip' }\n"},
            1500);
  fuzz_file(
      "Pipfile.lock",
      {R"({"_meta": {"sources": [{"url": "https://h"}]}, "default": {"a": {"version": "==1", "markers": "os_name == 'posix'", "hashes": ["x"]}}, "develop": {"b": {"git": "u"}}})"},
      1500);
}

TEST_CASE("fuzzed index pages") {
  Mutations mutations(
      {R"({"files":[{"filename":"a-1-py3-none-any.whl","url":"../a-1-py3-none-any.whl","hashes":{"sha256":"00"},"size":5,"yanked":"no","core-metadata":{"sha256":"1"}},{"filename":"a-2.tar.gz","url":"//h/a-2.tar.gz"}]})",
       "<!DOCTYPE html><html><base href=\"https://h/\"><!-- x --><a href='a-1-py3-none-any.whl#sha256=0' "
       "data-requires-python=\"&gt;=3.9\" data-yanked=x>a</a><a href=a-2.tar.gz data-core-metadata=sha256=1></html>"});
  for (int i = 0; i < 6000; ++i) {
    const std::string text = mutations.next();
    for (const char* type : {"application/json", "text/html", ""}) {
      auto files = parse_simple_page(text, type, "https://host/simple/a/");
      if (!files.ok()) continue;
      for (const IndexFile& file : *files) {
        CHECK(file.name.find('/') == std::string::npos);
        CHECK((file.url.starts_with("http://") || file.url.starts_with("https://") || file.url.starts_with("file:")));
      }
      (void)availability(releases({.files = *files}, "a", {3, 13, true, {}}));
    }
  }
}

TEST_CASE("what would be slow if it were written carelessly") {
  const auto start = std::chrono::steady_clock::now();
  (void)parse_requirement("a" + std::string(1u << 20, '['));
  (void)parse_requirement("a;" + std::string(1u << 20, '('));
  (void)Version::parse(std::string(1u << 20, '1') + "." + std::string(1u << 20, '0'));
  std::string many = "a";
  for (int i = 0; i < 100000; ++i) many += i ? ",>=1" : ">=1";
  CHECK(parse_requirement(many).ok());
  (void)parse_simple_page(std::string(8u << 20, '<'), "text/html", "https://h/");
  std::string links;
  for (int i = 0; i < 100000; ++i) links += "<a " + std::string(20, 'x') + "=<!--";
  (void)parse_simple_page(links, "text/html", "https://h/");
  (void)parse_simple_page(std::string(4u << 20, '['), "application/json", "https://h/");
  (void)blamed_names(std::string(4u << 20, ' ') + "because of and and and");
  (void)parse_metadata("Name: a\nSummary: x\n" + std::string(4u << 20, ' '));
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
}
