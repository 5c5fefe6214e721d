#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>

#include "base/progress.h"
#include "local_index.h"
#include "packages/names/nearest_name.h"
#include "packages/resolution/resolve.h"
#include "packages/resolution/resolver.h"

using namespace ftaudit;
using namespace ftaudit::packages;

namespace {

const Target target{3, 13, true, {Platform::System::linux_glibc, 2, 36, "x86_64"}};
constexpr const char* gil_tag = "cp313-cp313-manylinux_2_17_x86_64";
constexpr const char* free_tag = "cp313-cp313t-manylinux_2_17_x86_64";

Resolution resolved(LocalIndex& local, const std::string& mode, const std::string& requirements,
                    const std::string& resolver, std::chrono::seconds silence = std::chrono::seconds(60)) {
  FolderOnDisk folder{{"requirements.txt", requirements}};
  auto input = read_input((folder / "requirements.txt").string(), {.target = target});
  REQUIRE(input.ok());
  const IndexOptions options = effective(local.options(mode), input->index, {});
  auto index = std::move(*Index::open(options));
  auto progress = make_progress(false);
  auto resolution = resolve(*input, {.target = target, .index = options, .resolver = resolver, .silence = silence},
                            *index, *progress);
  INFO((resolution.ok() ? std::string() : resolution.message()));
  REQUIRE(resolution.ok());
  return std::move(*resolution);
}

// "name version; name version": what was chosen.
std::string chosen(const Resolution& resolution) {
  std::string text;
  for (const Resolved& package : resolution.packages)
    if (package.state == Resolved::State::chosen) text += package.name + " " + package.version + "; ";
  return text;
}

const Resolved& of(const Resolution& resolution, const std::string& name) {
  auto found = std::ranges::find(resolution.packages, name, &Resolved::key);
  REQUIRE(found != resolution.packages.end());
  return *found;
}

std::vector<std::string> resolvers() {
  std::vector<std::string> found;
  if (!installer_settings().uv.empty()) found.push_back("uv");
  if (!installer_settings().python.empty()) found.push_back("pip");
  if (found.empty()) MESSAGE("skipped: neither uv nor pip is installed");
  return found;
}

}  // namespace

TEST_CASE("a resolver that gets no further is not waited for: what the index says is judged") {
  LocalIndex local;
  local.wheel("app", "1.0", {"lib"});
  local.wheel("app", "2.0", {"lib"});
  local.wheel("lib", "1.0");
  for (const std::string& resolver : resolvers()) {
    CAPTURE(resolver);
    const auto start = std::chrono::steady_clock::now();
    const Resolution resolution = resolved(local, "stall", "app\nlib<1.0\n", resolver, std::chrono::seconds(2));
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(60));
    CHECK(of(resolution, "app").version == "2.0");
    CHECK_FALSE(of(resolution, "app").requires_known);
    CHECK(of(resolution, "lib").version.empty());
    CHECK(std::ranges::any_of(resolution.remarks, [](const Remark& remark) {
      return remark.what.find("said nothing for 2 s") != std::string::npos &&
             remark.what.find("judged") != std::string::npos;
    }));
  }
}

TEST_CASE("one resolution with everything that goes wrong in it") {
  LocalIndex local;
  local.wheel("app", "1.0", {"lib>=1", "cycle-a", "win; sys_platform == 'win32'", "new; python_version >= '3.13'"});
  local.wheel("lib", "1.5");
  local.wheel("lib", "2.0");
  local.wheel("new", "1.0");
  local.wheel("cycle-a", "1.0", {"cycle-b"});
  local.wheel("cycle-b", "1.0", {"cycle-a"});
  local.wheel("native", "2.0", {}, gil_tag);
  local.wheel("native", "2.0", {}, free_tag);
  local.wheel("native", "3.0", {}, gil_tag);
  local.wheel("gilonly", "1.0", {}, gil_tag);
  local.wheel("free", "1.0", {"lib"}, free_tag);
  local.sdist("source", "1.0");
  local.wheel("needssource", "1.0", {"source"});
  local.yank(local.wheel("withdrawn", "1.0"), "data loss");
  local.wheel("left", "1.0", {"lib<2"});
  local.wheel("right", "1.0", {"lib>=2"});
  local.wheel("elsewhere", "1.0", {}, "cp312-cp312-win_amd64");
  for (const std::string& resolver : resolvers()) {
    INFO(resolver);
    const Resolution resolution = resolved(local, "json",
                                           "app\nnative\ngilonly\nneedssource\nwithdrawn==1.0\nleft\nright\nsorce\nlib>"
                                           "=1\napp>=0.5\nelsewhere\nnew>=7\n./absent-1-py3-none-any.whl\n",
                                           resolver);
    const std::string all = chosen(resolution);
    CHECK(all.find("app 1.0; ") != std::string::npos);
    CHECK(all.find("cycle-a 1.0; cycle-b 1.0; ") != std::string::npos);
    CHECK(all.find("win ") == std::string::npos);
    CHECK(all.find("native 2.0; ") != std::string::npos);  // older than 3.0, and free-threaded
    CHECK_FALSE(of(resolution, "native").gil_metadata);
    CHECK(of(resolution, "gilonly").gil_metadata);
    CHECK(of(resolution, "source").version == "1.0");
    CHECK_FALSE(of(resolution, "source").requires_known);
    CHECK(of(resolution, "source").required_by == std::vector<std::string>{"needssource"});
    CHECK(of(resolution, "withdrawn").yanked);
    CHECK(of(resolution, "withdrawn").reason.find("data loss") != std::string::npos);
    CHECK(of(resolution, "sorce").state == Resolved::State::missing);
    CHECK(of(resolution, "sorce").nearest == "source");
    CHECK(of(resolution, "elsewhere").state == Resolved::State::no_version);
    CHECK(of(resolution, "new").state == Resolved::State::no_version);
    CHECK(of(resolution, "new").reason.find(">=7") != std::string::npos);
    // One of the two that cannot be together is set aside, with the resolver's reason.
    const bool left = of(resolution, "left").state == Resolved::State::conflict,
               right = of(resolution, "right").state == Resolved::State::conflict;
    CHECK(left != right);
    CHECK(of(resolution, left ? "left" : "right").reason.find("lib") != std::string::npos);
    CHECK(of(resolution, "app").origins.size() == 2);
    CHECK(of(resolution, "app").direct);
    CHECK(resolution.chain("cycle-b") == std::vector<std::string>{"app", "cycle-a", "cycle-b"});
    CHECK(of(resolution, "cycle-a").requires_ == std::vector<std::string>{"cycle-b"});
  }
}

TEST_CASE(
    "A release that only free-threaded interpreters take is chosen, and one that lies in a relative folder found") {
  LocalIndex local;
  local.wheel("lib", "1.0");
  local.wheel("free", "1.0", {"lib"}, free_tag);
  local.wheel("above", "1.0", {"free"});
  for (const std::string& resolver : resolvers()) {
    INFO(resolver);
    for (const char* asked : {"free\n", "above\n"}) {
      const Resolution resolution = resolved(local, "json", asked, resolver);
      CHECK(of(resolution, "free").version == "1.0");
      CHECK(of(resolution, "free").state == Resolved::State::chosen);
      CHECK_FALSE(of(resolution, "free").gil_metadata);
      CHECK(of(resolution, "lib").required_by == std::vector<std::string>{"free"});
    }
  }
  const IndexOptions relative = effective({.find_links = {"wheels", "https://example.org/page"}}, {}, {});
  CHECK(fs::path(relative.find_links[0]).is_absolute());
  CHECK(relative.find_links[1] == "https://example.org/page");
}

TEST_CASE("local wheels and projects are followed, HTML indexes do, and an index that fails is told") {
  LocalIndex local;
  local.wheel("lib", "1.0");
  FolderOnDisk own;
  REQUIRE(write_stand_in(own.root(), "mine", "4.0", {"lib"}, {}).ok());
  own.add("tree/pyproject.toml", "[project]\nname = 'tree'\ndependencies = ['lib>=1']\n");
  for (const std::string& resolver : resolvers()) {
    INFO(resolver);
    Resolution resolution = resolved(local, "html",
                                     (own / "mine-4.0-py3-none-any.whl").string() + "\n-e " + (own / "tree").string() +
                                         "\ngit+https://host/x.git#egg=far\n",
                                     resolver);
    CHECK(of(resolution, "mine").version == "4.0");
    CHECK(of(resolution, "mine").path == own / "mine-4.0-py3-none-any.whl");
    CHECK(of(resolution, "lib").version == "1.0");
    CHECK(std::ranges::find(of(resolution, "lib").required_by, "mine") != of(resolution, "lib").required_by.end());
    CHECK_FALSE(of(resolution, "far").requires_known);
    resolution = resolved(local, "500", "lib\n", resolver);
    CHECK(of(resolution, "lib").state == Resolved::State::unreachable);
    CHECK(of(resolution, "lib").reason.find("500") != std::string::npos);
  }
}

TEST_CASE("the nearest name comes from this run and the well-known ones") {
  CHECK(nearest_name("numpyy", {}) == "numpy");
  CHECK(nearest_name("scikitlearn", {}) == "scikit-learn");
  CHECK(nearest_name("our-own-tols", {"our-own-tools"}) == "our-own-tools");
  CHECK(nearest_name("zzqqxxkkvvww", {}) == "");
}

TEST_CASE("what resolvers print") {
  auto choices = parse_uv_output(
      "numpy==2.1.0             # via -r wanted.in, Pandas, scikit-learn[x]\nsix @ "
      "https://h/six-1-py2.py3-none-any.whl\n    # comment\nnot a line\n");
  REQUIRE(choices.size() == 2);
  CHECK(choices[0].required_by == std::vector<std::string>{"pandas", "scikit-learn"});
  CHECK(choices[1].url == "https://h/six-1-py2.py3-none-any.whl");
  auto report = parse_pip_report(
      R"({"install":[{"metadata":{"name":"A","version":"1","requires_dist":["b; python_version < '3.0'","c","d; extra == 'x'","d; extra == 'y'"]},"requested_extras":["x"]},
      {"metadata":{"name":"b","version":"1"}},{"metadata":{"name":"c","version":"1"}},{"metadata":{"name":"d","version":"1"}},{},7]})",
      marker_environment(target));
  REQUIRE(report.ok());
  CHECK((*report)[1].required_by.empty());
  CHECK((*report)[2].required_by == std::vector<std::string>{"a"});
  CHECK((*report)[3].required_by == std::vector<std::string>{"a"});
  CHECK_FALSE(parse_pip_report("[]", {}).ok());
  auto blamed = blamed_names(
      "cause: Because pandas==2.2.3 depends on numpy>=1.26.0 and\n   numpy==1.20.0, we can conclude that pandas==2.2.3 "
      "cannot be used.");
  CHECK(std::ranges::find(blamed, "pandas") != blamed.end());
  CHECK(std::ranges::find(blamed, "numpy") != blamed.end());
  // Passwords travel in the environment, where no list of processes shows them.
  auto environment = uv_environment({.index_url = "https://u:p@h/simple"});
  CHECK(std::ranges::find(environment, "UV_DEFAULT_INDEX=https://u:p@h/simple") != environment.end());
}
