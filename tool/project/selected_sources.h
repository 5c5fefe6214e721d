// The choice of what a project's extensions are made of, and why the rest is not: C and C++ sources (here), the modules
// they belong to (selected_modules.cpp), copies of what the build names (selected_copies.cpp), Cython and other
// languages (other_sources.cpp). Made by select_units alone.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "project/compile_commands.h"
#include "project/cython_templates.h"
#include "project/description.h"
#include "project/flag_filter.h"
#include "project/includes.h"
#include "project/scope.h"
#include "project/tree.h"

namespace ftaudit::project {

class Selection {
 public:
  Selection(const Scope& scope, const Tree& tree, const Description& description, const Options& options,
            const Outside& outside, Project& out);
  void from_tree();
  void from_entries(std::span<const CompileEntry> entries);

 private:
  struct Candidate {
    std::string file;
    Reach reach;
    const CompileEntry* entry = nullptr;
  };

  // Entries without a database are those of a build that was watched; what it did not compile is no part of it.
  bool recorded() const { return out_.compile_commands.empty(); }
  std::string database() const;

  void skip(const std::string& file, std::string reason, bool asked = true);
  // C of another name than its .pyx, that says it was made of it: what a build names, or what lies beside.
  void note_outputs();
  // The file of the tree that Cython's output calls `name`, or "".
  std::string source_meant(const std::string& name, const std::string& c_file) const;
  // The C that Cython made of a .pyx, where the tree holds it; else the source itself.
  std::string generated_of(const std::string& source) const;
  // Source files of what was asked for: of the tree, and those elsewhere that a module lists.
  std::vector<std::string> sources() const;
  bool readable(const std::string& file);
  bool in_module(const std::string& file) const;
  // The target whose flags the file gets: the first that is part of a module, else the first.
  const Target* target_of(const std::string& file) const;
  std::vector<std::string> given_folders(const std::string& file);
  bool excluded(const std::string& file);
  bool is_of_elsewhere(const std::string& file);
  // A source that another source includes is read with that one. What a module lists is a unit in any case.
  void note_textual_includes(const std::vector<Candidate>& candidates);
  bool is_extension_source(const std::string& file, const Reach& reach);
  void tell_open_targets(const std::vector<Candidate>& candidates);

  // Copies (selected_copies.cpp): a source that no build file names, where one that it names makes the same module.
  void note_copies(const std::vector<Candidate>& candidates);
  bool is_copy(const std::string& file, const std::string& named, std::span<const std::string> build_texts);
  // A described module of this name has other sources than those that are known: none makes it.
  bool lacks_source(const std::string& name);
  // What the build files say, as text; none where they leave open which sources a module has.
  std::vector<std::string> build_texts() const;

  // A guessed folder that holds headers of the system's names must not come before the system's.
  std::string search_flag(const std::string& folder) const;

  void add_guessed_unit(const Candidate& candidate);
  void add_unit(Unit unit, const Candidate& candidate);

  // Modules (selected_modules.cpp).
  // By the build description, and by what the text defines beyond it.
  std::vector<std::string> modules_of(const std::string& file);
  std::vector<std::string> defined_in(const Target& target);
  // The described module that a PyInit_ function of this name belongs to, when just one does.
  std::string full_name(const std::string& name) const;
  // Modules that a macro of the project defines (MODINIT_DEFINE(x)), where nothing else named one.
  void read_init_macros();
  // A source of no known module belongs to the one module of its folder, or of the nearest folder above that has
  // sources of any; failing that, to the project's only one.
  void adopt_orphans();
  void list_modules();

  // Sources in other languages than C and C++ (other_sources.cpp).
  bool there(fs::path file, std::initializer_list<const char*> suffixes) const;
  // What is written in another language, or is made into C by a build that was not run.
  void list_other_sources();
  void add_template(const fs::path& file, const OutcomeOf& outcome);
  // What build files call a Cython source: itself, or the C that is made of it, there or not.
  std::string listed_as(const fs::path& source) const;
  bool is_listed(const fs::path& source) const { return in_module(listed_as(source)); }
  // Pure Python mode: a declaration file of the same name, or cython imported.
  bool compiled_by_cython(const fs::path& file) const;
  // Files that others take in by `include "x.pyx"` are no modules.
  void note_cython_includes();
  void add_cython(const fs::path& file) { add_cython(file, file); }
  // `source`: what the build calls it where `file` is its template.
  void add_cython(const fs::path& file, const fs::path& source);
  // Build folders name Cython's output pkg/fast.c or fast.pyx.c: a unit of that name stands for the .pyx.
  bool made_elsewhere(const fs::path& pyx) const;
  void list_by_content(const fs::path& file);

  void finish();
  void tell_left_out_flags();

  const Scope& scope_;
  const Tree& tree_;
  const Description& description_;
  const Options& options_;
  Project& out_;
  Includes includes_;
  FlagFilter filter_;
  std::map<std::string, std::vector<const Target*>> targets_;  // by source
  std::map<std::string, std::string> included_cython_;         // .pyx that another source includes: by which
  std::set<std::string> mentioned_;
  std::map<std::string, const fs::path*> elsewhere_;
  std::map<std::string, std::string> included_by_;
  std::map<std::string, std::string> outputs_;  // by .pyx
  std::map<std::string, std::string> copies_;   // why they are taken for one
  std::string standard_;                        // the newest C++ standard that any target asks for
};

}  // namespace ftaudit::project
