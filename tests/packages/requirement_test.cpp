#include <doctest/doctest.h>

#include "packages/names/metadata.h"
#include "packages/names/requirement.h"

using namespace ftaudit::packages;

namespace {

Target linux_target(int minor, bool free_threaded) {
  return {3, minor, free_threaded, {Platform::System::linux_glibc, 2, 36, "x86_64"}};
}
Version version(const char* text) { return *Version::parse(text); }
WheelName wheel(const char* tags) { return *parse_wheel_name(std::string("a-1-") + tags + ".whl"); }

}  // namespace

TEST_CASE("versions are ordered as PEP 440 says") {
  const char* const ordered[] = {
      "1.dev1",         "1.0a1.dev1", "1.0a1", "1.0a1.post1",          "1.0b1", "1.0rc1", "1.0", "1.0+a", "1.0+1",
      "1.0.post1.dev1", "1.0.post1",  "1.1",   "99999999999999999999", "1!0"};
  for (std::size_t i = 0; i + 1 < std::size(ordered); ++i) {
    INFO(ordered[i], " < ", ordered[i + 1]);
    CHECK(version(ordered[i]) < version(ordered[i + 1]));
  }
  CHECK(version("1.0") == version("v1.0.0"));
  CHECK(version("1.0-ALPHA.2").text() == "1.0a2");
  CHECK_FALSE(Version::parse("1.0-"));
  CHECK_FALSE(Version::parse(""));
  CHECK_FALSE(Version::parse("one"));
}

TEST_CASE("clauses") {
  auto holds = [](const char* clauses, const char* of, bool prereleases = false) {
    return Specifiers::parse(clauses)->contains(version(of), prereleases);
  };
  CHECK(holds("~=1.4", "1.9"));
  CHECK_FALSE(holds("~=1.4.2", "1.5"));
  CHECK(holds("==1.2.*", "1.2.9"));
  CHECK_FALSE(holds("!=1.2.*", "1.2"));
  CHECK_FALSE(holds(">=1", "2.0a1"));
  CHECK(holds(">=2.0a1", "2.0b1"));
  CHECK(holds(">=1", "2.0a1", true));
  CHECK_FALSE(holds("<2", "2.0a1", true));
  CHECK(holds("==1.0", "1.0+cu118"));
  CHECK_FALSE(holds(">1.0", "1.0.post1"));
  CHECK(holds("", "0"));
  CHECK(Specifiers::parse("==1.2.3")->pinned() == "1.2.3");
  CHECK_FALSE(Specifiers::parse("==1.*")->pinned());
  CHECK_FALSE(Specifiers::parse(">= x").ok());
}

TEST_CASE("which wheels a free-threaded interpreter takes") {
  const Target t13 = linux_target(13, true), t15 = linux_target(15, true), gil = linux_target(13, false);
  CHECK(fit(wheel("cp313-cp313t-manylinux_2_17_x86_64.manylinux2014_x86_64"), t13) == Fit::free_threaded);
  CHECK(fit(wheel("cp313-cp313-manylinux2014_x86_64"), t13) == Fit::gil_only);
  CHECK(fit(wheel("cp313-cp313-manylinux2014_x86_64"), gil) == Fit::exact);
  CHECK(fit(wheel("cp39-abi3-manylinux2014_x86_64"), t13) == Fit::gil_only);
  CHECK(fit(wheel("cp39-abi3-manylinux2014_x86_64"), t15) == Fit::gil_only);
  CHECK(fit(wheel("cp315-abi3.abi3t-manylinux_2_28_x86_64"), t15) == Fit::stable_abi_t);
  CHECK(fit(wheel("cp315-abi3.abi3t-manylinux_2_28_x86_64"), t13) == Fit::other_python);
  CHECK(fit(wheel("py3-none-any"), t13) == Fit::pure);
  CHECK(fit(wheel("py2.py3-none-any"), t13) == Fit::pure);
  CHECK(fit(wheel("py3-none-manylinux1_x86_64"), t13) == Fit::foreign);
  CHECK(fit(wheel("cp314-cp314t-manylinux_2_28_x86_64"), t13) == Fit::other_python);
  CHECK(fit(wheel("cp313-cp313t-win_amd64"), t13) == Fit::other_platform);
  CHECK(fit(wheel("cp313-cp313t-manylinux_2_38_x86_64"), t13) == Fit::other_platform);
  CHECK(fit(wheel("cp313-cp313t-musllinux_1_2_x86_64"), t13) == Fit::other_platform);
  CHECK(*preference(wheel("cp313-cp313t-manylinux_2_17_x86_64"), t13) < *preference(wheel("py3-none-any"), t13));
}

TEST_CASE("targets and platforms as users write them") {
  CHECK(parse_target("3.14t", {})->abi() == "cp314t");
  CHECK(parse_target("cp313t", {})->text() == "3.13t");
  CHECK(parse_target("3.13", {})->free_threaded == false);
  for (const char* wrong : {"", "3", "t", "3.12t", "2.7", "3.x", "cp3.13t", "313t", "3.13tt", "4.0t"})
    CHECK_FALSE(parse_target(wrong, {}).ok());
  CHECK(parse_platform("manylinux2014_aarch64")->text() == "manylinux_2_17_aarch64");
  CHECK(parse_platform("macosx_14_0_arm64")->text() == "macosx_14_0_arm64");
  CHECK(parse_platform("musllinux_1_2_x86_64")->system == Platform::System::linux_musl);
  CHECK(parse_platform("win_amd64")->text() == "win_amd64");
  for (const char* wrong : {"beos", "manylinux_2_", "macosx_14", "manylinux_2_99999999999_x86_64"})
    CHECK_FALSE(parse_platform(wrong).ok());
}

TEST_CASE("requirements and their markers") {
  auto requirement = parse_requirement("Foo.Bar[x, y] >= 1.0 ,<2 ; python_version >= '3.13' and extra == 'Fast'");
  REQUIRE(requirement.ok());
  CHECK(requirement->name == "Foo.Bar");
  CHECK(requirement->extras == std::vector<std::string>{"x", "y"});
  CHECK(requirement->specifiers.text() == ">=1.0,<2");
  const Environment environment = marker_environment(linux_target(13, true));
  CHECK_FALSE(requirement->holds(environment));
  const std::vector<std::string> fast{"fast"};
  CHECK(requirement->holds(environment, fast));
  CHECK(parse_requirement("a @ https://host/x.zip ; os_name == 'posix'")->url == "https://host/x.zip");
  for (const char* wrong : {"", "==1", "a b", "a[", "a>=", "a;", "a @", "a; os_name", "a; 'x' == 'y'"})
    CHECK_FALSE(parse_requirement(wrong).ok());
  CHECK_FALSE(Marker::parse(std::string(100000, '(')).ok());
  const Environment windows = marker_environment({3, 14, true, *parse_platform("windows")});
  CHECK(Marker::parse("sys_platform == 'win32' and platform_machine == 'AMD64'")->holds(windows));
}

TEST_CASE("metadata") {
  auto metadata = parse_metadata(
      "Metadata-Version: 2.4\r\nName: a\nVersion: 1\nRequires-Dist: b\n  >=2\nrequires-dist: c\nClassifier: "
      "Programming Language :: Python :: Free Threading :: 3 - Stable\n\nName: not me\n");
  REQUIRE(metadata.ok());
  CHECK(metadata->name == "a");
  CHECK(metadata->requires_dist == std::vector<std::string>{"b >=2", "c"});
  CHECK_FALSE(parse_metadata("Version: 1\n").ok());
}
