#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "folder_on_disk.h"
#include "packages/inputs/input.h"
#include "packages/inputs/reading.h"
#include "packages/names/name.h"

using namespace ftaudit;
using namespace ftaudit::packages;

namespace {

InputOptions options() { return {.target = {3, 13, true, {Platform::System::linux_glibc, 2, 36, "x86_64"}}}; }

Input read(const fs::path& file, const InputOptions& with = options()) {
  auto input = read_input(file.string(), with);
  INFO((input.ok() ? std::string() : input.message()));
  REQUIRE(input.ok());
  return std::move(*input);
}

std::set<std::string> names(const Input& input) {
  std::set<std::string> all;
  for (const Wanted& wanted : input.wanted)
    all.insert(wanted.requirement.name + (wanted.version.empty() ? "" : "=" + wanted.version));
  return all;
}

const Wanted& wanted(const Input& input, const std::string& name) {
  auto found =
      std::ranges::find_if(input.wanted, [&](const Wanted& one) { return normal_name(one.requirement.name) == name; });
  REQUIRE(found != input.wanted.end());
  return *found;
}

std::string listed(const Input& input) {
  std::string text;
  for (const std::string& name : names(input)) text += "[" + name + "]";
  return text;
}

bool remarked(const Input& input, const std::string& text) {
  return std::ranges::any_of(input.remarks,
                             [&](const Remark& remark) { return remark.what.find(text) != std::string::npos; });
}

}  // namespace

TEST_CASE("a requirements file with everything pip takes") {
  setenv("FTAUDIT_TEST_HOST", "index.example", 1);
  FolderOnDisk folder{{"requirements.txt",
                       "\xEF\xBB\xBF# comment\n"
                       "-i https://user:secret@${FTAUDIT_TEST_HOST}/simple\n"
                       "--extra-index-url=https://other/simple\n"
                       "--find-links wheels\n"
                       "numpy >= 2.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb  # why\n"
                       "-r more/base.txt\n"
                       "-c constraints.txt\n"
                       "old; python_version < '3'\n"
                       "urlib @ https://host/urlib-1.2-py3-none-any.whl\n"
                       "git+https://host/repo.git@v1#egg=fromgit\n"
                       "-e ./local\n"
                       "./wheels/here-3.1-py3-none-any.whl\n"
                       "https://host/src-1.0.tar.gz#sha256=00\n"
                       "--frobnicate\n"
                       "not a requirement\n"
                       "./missing.whl\n"
                       "${UNSET_FTAUDIT_VARIABLE}\r\n"
                       "last[extra]==1.0"},
                      {"more/base.txt", "attrs\n-r ../requirements.txt\n"},
                      {"constraints.txt", "attrs<25\n"},
                      {"local/pyproject.toml", "[project]\nname='local'\n"},
                      {"wheels/here-3.1-py3-none-any.whl", ""}};
  const Input input = read(folder / "requirements.txt");
  CHECK(listed(input) == "[][attrs][fromgit][here=3.1][last][numpy][src=1.0][urlib=1.2]");
  CHECK(wanted(input, "numpy").hashes == std::vector<std::string>{"sha256:aa", "sha256:bb"});
  CHECK(wanted(input, "numpy").origin.line == 5);
  CHECK(wanted(input, "last").origin.line == 20);
  CHECK(wanted(input, "attrs").origin.file.ends_with("more/base.txt"));
  CHECK(wanted(input, "here").kind == Wanted::Kind::wheel);
  CHECK(wanted(input, "src").kind == Wanted::Kind::sdist);
  CHECK(wanted(input, "fromgit").kind == Wanted::Kind::source_tree);
  CHECK(wanted(input, "").editable);
  CHECK(wanted(input, "").path == folder / "local");
  CHECK(input.index.index_url == "https://user:secret@index.example/simple");
  CHECK(shown_url(input.index.index_url) == "https://index.example/simple");
  CHECK(input.index.extra_index_urls == std::vector<std::string>{"https://other/simple"});
  CHECK(input.index.find_links == std::vector<std::string>{(folder / "wheels").string()});
  REQUIRE(input.constraints.size() == 1);
  CHECK(input.constraints[0].requirement.specifiers.text() == "<25");
  CHECK(remarked(input, "--frobnicate"));
  CHECK(remarked(input, "not a requirement"));
  CHECK(remarked(input, "missing.whl"));
  CHECK(remarked(input, "${UNSET_FTAUDIT_VARIABLE}"));
  CHECK(remarked(input, "includes itself"));
  CHECK_FALSE(input.resolved);
}

TEST_CASE("what is lost is said, what is not is read") {
  FolderOnDisk folder;
  SUBCASE("a line of ten megabytes") {
    folder.add("requirements.txt", std::string(10u << 20, 'a') + "\nnumpy\n" + std::string(10u << 20, '\\') +
                                       "\nattrs\n" + "x" + std::string(2u << 20, '['));
    const Input input = read(folder / "requirements.txt");
    CHECK(names(input).contains("numpy"));
    CHECK(remarked(input, "bytes is no requirement"));
  }
  SUBCASE("UTF-16, as PowerShell writes it") {
    std::string text = "\xFF\xFE";
    for (char c : std::string("numpy==2.0\r\nattrs\r\n")) text += c, text += '\0';
    folder.add("requirements.txt", text);
    CHECK(listed(read(folder / "requirements.txt")) == "[attrs][numpy]");
  }
  SUBCASE("nesting without end") {
    for (int i = 0; i < 100; ++i)
      folder.add("r" + std::to_string(i) + ".txt",
                 "p" + std::to_string(i) + "\n-r r" + std::to_string(i + 1) + ".txt\n");
    const Input input = read(folder / "r0.txt");
    CHECK(names(input).size() == 64);
    CHECK(remarked(input, "nested more than"));
  }
  SUBCASE("files that are none") {
    folder.add("requirements.txt", std::string("\0\1\2", 3));
    CHECK_FALSE(read_input((folder / "requirements.txt").string(), options()).ok());
    CHECK_FALSE(read_input((folder / "absent.txt").string(), options()).ok());
    folder.add("uv.lock", "[[package");
    CHECK(read_input((folder / "uv.lock").string(), options()).message().find("uv.lock:1") != std::string::npos);
    folder.add("Pipfile.lock", "{");
    CHECK_FALSE(read_input((folder / "Pipfile.lock").string(), options()).ok());
    folder.add("bad.whl", "");
    CHECK_FALSE(read_input((folder / "bad.whl").string(), options()).ok());
  }
}

TEST_CASE("pyproject.toml: extras, groups, what a build would say") {
  FolderOnDisk folder{{"pyproject.toml",
                       "[project]\nname = 'app'\ndependencies = ['numpy>=2', \"win; sys_platform == 'win32'\"]\n"
                       "dynamic = ['dependencies']\n"
                       "[project.optional-dependencies]\nfast = ['orjson']\nall = ['app[fast]', 'lxml']\n"
                       "[dependency-groups]\ntest = ['pytest', {include-group = 'lint'}]\nlint = ['ruff', "
                       "{include-group = 'test'}]\n"}};
  CHECK(listed(read(folder / "pyproject.toml")) == "[numpy]");
  CHECK(remarked(read(folder / "pyproject.toml"), "dynamic"));
  InputOptions with = options();
  with.extras = {"all"};
  with.groups = {"test"};
  CHECK(listed(read(folder / "pyproject.toml", with)) == "[lxml][numpy][orjson][pytest][ruff]");
  CHECK(wanted(read(folder / "pyproject.toml", with), "orjson").origin.line == 6);
  with.groups = {"absent"};
  CHECK(remarked(read(folder / "pyproject.toml", with), "no dependency group"));
}

TEST_CASE("pyproject.toml of Poetry") {
  FolderOnDisk folder{{"pyproject.toml",
                       "[tool.poetry.dependencies]\npython = '^3.11'\nnumpy = '^1.26'\nattrs = {version = '~23.1', "
                       "extras = ['x']}\nopt = {version = '1', optional = true}\n"
                       "old = {version = '1.0', python = '<3.9'}\ntorch = {git = 'https://host/t.git'}\n"
                       "[tool.poetry.group.dev.dependencies]\npytest = '*'\n"}};
  const Input input = read(folder / "pyproject.toml");
  CHECK(listed(input) == "[attrs][numpy][torch]");
  CHECK(wanted(input, "numpy").requirement.specifiers.text() == ">=1.26,<2");
  CHECK(wanted(input, "attrs").requirement.specifiers.text() == ">=23.1,<23.2");
  CHECK(*poetry_constraint("^0.2.3") == ">=0.2.3,<0.3");
  CHECK(*poetry_constraint(">= 1.2, <2") == ">=1.2,<2");
  CHECK(*poetry_constraint("1.2") == "==1.2");
  CHECK_FALSE(poetry_constraint("^1 || ^2").ok());
}

TEST_CASE("uv.lock is followed for the target") {
  FolderOnDisk folder{
      {"uv.lock",
       "version = 1\nrequires-python = '>=3.11'\n"
       "[[package]]\nname = 'app'\nversion = '0.1'\nsource = { virtual = '.' }\n"
       "dependencies = [{ name = 'click' }, { name = 'np', version = '2.1', marker = \"python_version >= '3.12'\" }, { "
       "name = 'np', version = '1.26', marker = \"python_version < '3.12'\" }]\n"
       "[package.dev-dependencies]\ndev = [{ name = 'pytest' }]\n"
       "[[package]]\nname = 'click'\nversion = '8.1'\nsource = { registry = 'https://index.example/simple' }\n"
       "dependencies = [{ name = 'colorama', marker = \"sys_platform == 'win32'\" }, { name = 'loop' }]\n"
       "[[package]]\nname = 'colorama'\nversion = '0.4'\nsource = { registry = 'https://index.example/simple' }\n"
       "[[package]]\nname = 'loop'\nversion = '1'\nsource = { git = 'https://host/loop?rev=1#abc' }\ndependencies = [{ "
       "name = 'click' }]\n"
       "[[package]]\nname = 'np'\nversion = '1.26'\nsource = { registry = 'https://index.example/simple' }\n"
       "[[package]]\nname = 'np'\nversion = '2.1'\nsource = { registry = 'https://index.example/simple' }\n"
       "[[package]]\nname = 'pytest'\nversion = '8'\nsource = { registry = 'https://index.example/simple' "
       "}\ndependencies = [{ name = 'gone' }]\n"}};
  Input input = read(folder / "uv.lock");
  CHECK(listed(input) == "[click=8.1][loop=1][np=2.1]");
  CHECK(input.resolved);
  CHECK(wanted(input, "click").direct);
  CHECK_FALSE(wanted(input, "loop").direct);
  CHECK(wanted(input, "click").depends_on == std::vector<std::string>{"loop"});
  CHECK(wanted(input, "loop").kind == Wanted::Kind::source_tree);
  CHECK(wanted(input, "np").origin.line == 28);
  CHECK(input.index.extra_index_urls == std::vector<std::string>{"https://index.example/simple"});
  InputOptions with = options();
  with.groups = {"dev"};
  input = read(folder / "uv.lock", with);
  CHECK(names(input).contains("pytest=8"));
  CHECK(remarked(input, "\"gone\" is needed but not locked"));
}

TEST_CASE("poetry.lock, with and without the pyproject.toml beside it") {
  FolderOnDisk folder{
      {"poetry.lock",
       "[[package]]\nname = 'click'\nversion = '8.1'\noptional = false\ngroups = "
       "['main']\n[package.dependencies]\ncolorama = {version = '*', markers = \"platform_system == 'Windows'\"}\n"
       "[[package]]\nname = 'colorama'\nversion = '0.4'\noptional = false\ngroups = ['main']\n"
       "[[package]]\nname = 'pytest'\nversion = '8'\noptional = false\ngroups = "
       "['dev']\n[package.dependencies]\niniconfig = '*'\n"
       "[[package]]\nname = 'iniconfig'\nversion = '2'\noptional = false\ngroups = ['dev']\n"}};
  CHECK(listed(read(folder / "poetry.lock")) == "[click=8.1]");
  folder.add(
      "pyproject.toml",
      "[tool.poetry.dependencies]\npython = '*'\nclick = '^8'\n[tool.poetry.group.dev.dependencies]\npytest = '*'\n");
  CHECK(listed(read(folder / "poetry.lock")) == "[click=8.1]");
  InputOptions with = options();
  with.groups = {"dev"};
  CHECK(listed(read(folder / "poetry.lock", with)) == "[click=8.1][iniconfig=2][pytest=8]");
}

TEST_CASE("pylock.toml and Pipfile.lock") {
  FolderOnDisk folder{{"pylock.toml",
                       "lock-version = '1.0'\nextras = ['x']\n"
                       "[[packages]]\nname = 'a'\nversion = '1'\ndependencies = [{ name = 'b' }]\n"
                       "[[packages]]\nname = 'b'\nversion = '2'\n"
                       "[[packages]]\nname = 'c'\nversion = '3'\nmarker = \"'x' in extras\"\n"
                       "[[packages]]\nname = 'd'\nversion = '4'\nmarker = \"sys_platform == 'win32'\"\n"
                       "[[packages]]\nname = 'e'\narchive = { url = 'https://host/e-5.tar.gz' }\n"},
                      {"Pipfile.lock",
                       "{\n \"_meta\": {\"sources\": [{\"url\": \"https://index.example/simple\"}]},\n \"default\": "
                       "{\n  \"a\": {\n   \"version\": \"==1.0\"},\n"
                       "  \"w\": {\"version\": \"==1\", \"markers\": \"os_name == 'nt'\"},\n  \"g\": {\"git\": "
                       "\"https://host/g.git\"}\n },\n \"develop\": {\"p\": {\"version\": \"==2\"}}}"}};
  Input input = read(folder / "pylock.toml");
  CHECK(listed(input) == "[a=1][b=2][e=5]");
  CHECK(wanted(input, "a").direct);
  CHECK_FALSE(wanted(input, "b").direct);
  InputOptions with = options();
  with.extras = {"x"};
  with.groups = {"dev"};
  CHECK(names(read(folder / "pylock.toml", with)).contains("c=3"));
  input = read(folder / "Pipfile.lock");
  CHECK(listed(input) == "[a=1.0][g]");
  CHECK(wanted(input, "a").origin.line == 4);
  CHECK(names(read(folder / "Pipfile.lock", with)).contains("p=2"));
  folder.add("pylock.other.toml", "lock-version = '2.0'\n");
  CHECK_FALSE(read_input((folder / "pylock.other.toml").string(), options()).ok());
}

TEST_CASE("an environment, a folder of wheels, a name") {
  FolderOnDisk folder{
      {"env/pyvenv.cfg", "home = /\n"},
      {"env/lib/python3.13/site-packages/a-1.dist-info/METADATA",
       "Name: A\nVersion: 1\nRequires-Dist: b\nRequires-Dist: w; os_name == 'nt'\nRequires-Dist: gone\n"},
      {"env/lib/python3.13/site-packages/b-2.dist-info/METADATA", "Name: b\nVersion: 2\n"},
      {"env/lib/python3.13/site-packages/broken-2.dist-info/METADATA", "nothing"},
      {"wheels/x-1-py3-none-any.whl", ""},
      {"wheels/y-2-cp313-cp313t-linux_x86_64.whl", ""},
      {"wheels/z-3.tar.gz", ""},
      {"wheels/notes.md", ""}};
  Input input = read(folder / "env");
  CHECK(listed(input) == "[A=1][b=2]");
  CHECK(wanted(input, "a").direct);
  CHECK_FALSE(wanted(input, "b").direct);
  CHECK(remarked(input, "gone, which is not installed"));
  CHECK(remarked(input, "no metadata of a package"));
  input = read(folder / "wheels");
  CHECK(listed(input) == "[x=1][y=2][z=3]");
  CHECK(input.resolved);
  CHECK(listed(read(folder / "wheels" / "x-1-py3-none-any.whl")) == "[x=1]");
  auto by_name = read_input("numpy[x]>=2", options());
  REQUIRE(by_name.ok());
  CHECK(listed(*by_name) == "[numpy]");
  CHECK_FALSE(read_input("num py", options()).ok());
  CHECK_FALSE(read_input("no/such/file", options()).ok());
  fs::create_directories(folder / "empty");
  CHECK_FALSE(read_input((folder / "empty").string(), options()).ok());
}
