"""Holds the repository to the plan of the house, and each check to a planted fault."""

import pathlib
import re
import sys
import unittest

import house
import picture

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ["tool", "rules", "reports", "tests"]
READ = (".h", ".hpp", ".inc", ".cpp", ".cc", ".c", ".py")


def repository():
    out = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                name = path.relative_to(ROOT).as_posix()
                read = name.endswith(READ) or path.name == "CMakeLists.txt"
                out[name] = path.read_text(encoding="utf-8", errors="replace") if read else ""
    return out


class Repository(unittest.TestCase):
    files = repository()

    def test_everything_is_read(self):
        layers = {house.layer_of(path) for path in self.files if house.is_code(path)}
        self.assertGreater(len([path for path in self.files if house.is_code(path)]), 100)
        self.assertLessEqual({"base", "capi", "model", "project", "frontend", "analysis", "finding", "dynamic", "cli", "rules", "reports"}, layers)

    def test_checks(self):
        for check in house.CHECKS:
            with self.subTest(check.__name__):
                found = list(check(self.files))
                self.assertEqual(found, [], "\n" + "\n".join(found))


class Page(unittest.TestCase):
    def test_the_picture_is_true(self):
        shown = picture.BLOCK.search((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
        self.assertIsNotNone(shown, "CONTRIBUTING.md has no place for the picture")
        self.assertEqual(shown[2], picture.picture(repository()), "`python3 tests/house/picture.py --write` draws it anew")

    def test_what_the_page_names_is_there(self):
        text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
        for path in re.findall(r"`((?:tool|rules|tests|reports|corpus)/[\w./-]+)`", text):
            self.assertTrue((ROOT / path).exists(), path)


# A fault a check must see, as the files it lies in.
PLANTED = {
    house.check_layers: [
        {"tool/finding/a.cpp": '#include "model/facts.h"\n'},
        {"reports/a.cpp": '#include <map>\n  #  include "analysis/audit.h"\n'},
        {"rules/spam/rule.cpp": '#include "rules/eggs/shared.h"\n'},
        {"rules/spam/rule.cpp": '#include "frontend/frontend.h"\n'},
        {"tool/model/a.cpp": '#include "facts.h"\n'},
        {"tool/extra/a.cpp": "\n"},
        {"tool/finding/a.hpp": '#include "model/facts.h"\n'},
        {"tool/finding/a.cc": '#include "model/facts.h"\n'},
        {"tool/finding/a.inc": '#include "model/facts.h"\n'},
        {"tool/finding/a.cpp": '/**/#include "model/facts.h"\n'},
        {"tool/finding/a.cpp": '/* a\n comment */ # /**/ include /**/ "model/facts.h" // so\n'},
        {"tool/finding/a.cpp": '#inc\\\nlude "model/facts.h"\n'},
        {"tool/finding/a.cpp": '%:include "model/facts.h"\n'},
        {"tool/finding/a.cpp": '#include_next "model/facts.h"\n'},
        {"tool/finding/a.cpp": '#import "model/facts.h"\n'},
    ],
    house.check_spelling: [
        {"tool/finding/a.cpp": '#define FACTS "model/facts.h"\n#include FACTS\n'},
        {"tool/finding/a.cpp": "#include HEADER(model, facts)\n"},
    ],
    house.check_rooms: [
        {"tool/packages/index/http.h": "", "tool/adoption/a.cpp": '#include "packages/index/http.h"\n'},
        {"tool/dynamic/watch/keeper.h": "", "tool/dynamic/runs/a.cpp": '#include "dynamic/watch/keeper.h"\n'},
        {"tool/dynamic/runs/runs.h": "", "tool/dynamic/tsan/a.cpp": '#include "dynamic/runs/runs.h"\n'},
        {"tool/packages/attic/a.cpp": "\n"},
    ],
    house.check_circles: [
        {"tool/base/a.h": '#include "base/b.h"\n', "tool/base/b.h": '#include "base/a.h"\n'},
        {"tool/base/a.cpp": '#include "base/b.h"\n', "tool/base/a.h": "", "tool/base/b.h": '#include "base/a.h"\n'},
        {"tool/base/a.h": '#include "base/b.h"\n', "tool/base/b.h": '#include "base/c.h"\n',
         "tool/base/c.cpp": '#include "base/a.h"\n'},
    ],
    house.check_capi_names: [
        {"tool/analysis/a.cpp": 'bool f(const std::string& name) { return name == "PyList_New"; }\n'},
        {"tool/analysis/a.cpp": 'bool f(const Step& step) { return step.field == "tp_dict"; }\n'},
        {"tool/analysis/a.h": 'inline bool f(std::string_view name) { return name.starts_with("_Py"); }\n'},
        {"rules/a/rule.cpp": 'static const std::set<std::string> all{"Py_INCREF",\n'},
        {"rules/a.cpp": '  return cell ? "PyCell_Get" : other;\n'},
    ],
    house.check_links: [
        {"tool/finding/CMakeLists.txt": "target_link_libraries(ftaudit_finding PUBLIC\n  ftaudit_model)"},
        {"tool/cli/CMakeLists.txt": "target_link_libraries(ftaudit PRIVATE ftaudit_analysis)"},
        {"tool/cli/CMakeLists.txt": "target_link_libraries(ftaudit PRIVATE ftaudit_${layer})"},
    ],
    house.check_sources: [
        {"tool/model/CMakeLists.txt": "ftaudit_layer(model SOURCES join.cpp)", "tool/model/join.cpp": "",
         "tool/model/print.cpp": ""},
        {"tool/model/CMakeLists.txt": "ftaudit_layer(model SOURCES\n  join.cpp\n  join.cpp\n)", "tool/model/join.cpp": ""},
        {"tool/packages/CMakeLists.txt": "ftaudit_layer(packages SOURCES\n  names/name.cpp)",
         "tool/packages/names/name.cpp": "", "tool/packages/index/name.cpp": ""},
    ],
    house.check_rules: [
        {"rules/CMakeLists.txt": "set(rules\n  spam\n)", "rules/spam/rule.cpp": "", "rules/eggs/rule.cpp": ""},
        {"rules/CMakeLists.txt": "set(rules\n  spam\n  eggs\n)", "rules/spam/rule.cpp": ""},
    ],
    house.check_targets: [
        {"tool/model/CMakeLists.txt": "ftaudit_layer(model DEPENDS base project\n  SOURCES a.cpp)"},
        {"tool/cli/CMakeLists.txt": "ftaudit_walls(ftaudit cli ${CMAKE_CURRENT_SOURCE_DIR} DEPENDS base capi)"},
    ],
    house.check_walls: [
        {"tool/analysis/a.cpp": "#include <clang/AST/Decl.h>\n"},
        {"tool/analysis/a.cpp": "#include <llvm/ADT/StringRef.h>\n"},
        {"tool/packages/a.cpp": "#include <llvm/IR/Module.h>\n"},
        {"tool/project/a.h": "#include <nlohmann/json.hpp>\n"},
        {"tool/model/a.cpp": "#include <nlohmann/json.hpp>\n"},
        {"tool/base/files.cpp": "#include <spdlog/spdlog.h>\n"},
        {"tool/cli/main.cpp": "#include <CLI/CLI.hpp>\n"},
        {"tool/base/a.cpp": "#include <doctest/doctest.h>\n"},
        {"tool/base/a.cpp": "#include <archive.h>\n"},
        {"tool/base/a.cpp": "#include <boost/asio.hpp>\n"},
        {"tool/finding/a.cpp": "#include <toml++/toml.h>\n"},
    ],
    house.check_clang_stays_inside: [
        {"tool/frontend/clang.h": "#include <clang/AST/Decl.h>\n", "tool/frontend/body.h": '#include "frontend/clang.h"\n', "tool/cli/main.cpp": '#include "frontend/body.h"\n'},
    ],
    house.check_lengths: [
        {"tool/base/a.cpp": "\n" * 401},
        {"rules/spam/rule.cpp": "\n" * 121},
        {"tool/project/reader.py": "\n" * 401},
        {"tool/dynamic/runtime/a.c": "\n" * 401},
        {"tests/cli/a_test.py": "\n" * 401},
    ],
    house.check_names: [{"tool/base/string_utils.h": ""}, {"tool/common/a.cpp": ""}, {"tool/base/TextFile.cpp": ""}],
    house.check_headers: [{"tool/base/a.h": "#pragma once\n"}, {"tool/base/a.h": "// What it is.\n"}],
}


class Checks(unittest.TestCase):
    def test_each_sees_its_fault(self):
        self.assertEqual(set(PLANTED), set(house.CHECKS))
        for check, all_files in PLANTED.items():
            for files in all_files:
                with self.subTest(check=check.__name__, files=files):
                    self.assertEqual(len(list(check(files))), 1)

    def test_what_is_allowed_passes(self):
        files = {
            "tool/packages/binaries/a.cpp": '#include <llvm/Object/ELF.h>\n#include "project/project.h"\n',
            "tool/frontend/clang.h": "// Clang.\n#pragma once\n#include <clang/AST/Decl.h>\n",
            "tool/frontend/frontend.h": '// Seen by all.\n#pragma once\n#include "model/facts.h"\n',
            "tool/cli/main.cpp": '#include <sys/wait.h>\n#include "audit/audit.h"\n',
            "rules/spam/rule.cpp": '#include "rules/spam/part.h"\n#include "rules/place.h"\n',
            "rules/spam/cases/Mixed-Name.cpp": "#include <Python.h>\n" * 500,
            "rules/spam/rule.md": "",
            "rules/race.cpp": "\n" * 130,
            "rules/CMakeLists.txt": "set(rules\n  spam)",
            "tool/model/facts.cpp": '// #include "finding/finding.h"\nconst char* s = "\\n#include <clang/AST/Decl.h>\\n//";\n',
            "tool/model/CMakeLists.txt": "ftaudit_layer(model DEPENDS base SEEN facts.h SOURCES facts.cpp)",
            "tool/dynamic/runs/observer.h": '// Watches.\n#pragma once\n#include "dynamic/watch/watch.h"\n',
            "tool/dynamic/watch/watch.h": '// A door.\n#pragma once\n#include "dynamic/watch/child.h"\n',
            "tool/dynamic/watch/child.h": "// Within.\n#pragma once\n",
            "tests/dynamic/child_test.cpp": '#include "dynamic/watch/child.h"\n',
        }
        for check in house.CHECKS:
            self.assertEqual(list(check(files)), [], check.__name__)


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    unittest.main()
