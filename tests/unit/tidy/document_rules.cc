#include "tests/unit/tidy/document_rules.h"

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <string>

namespace rujukan::tidy {
namespace {

namespace fs = std::filesystem;

const SourceFile* Find(const SourceTree& tree, std::string_view path) {
  const auto file = std::find_if(tree.begin(), tree.end(), [path](const SourceFile& candidate) {
    return candidate.path == path;
  });
  return file == tree.end() ? nullptr : &*file;
}

// Every file and every folder above it.
std::set<std::string> PathsOf(const SourceTree& tree) {
  std::set<std::string> paths;
  for (const SourceFile& file : tree) {
    for (fs::path path = file.path; !path.empty(); path = path.parent_path()) {
      paths.insert(path.generic_string());
    }
  }
  return paths;
}

bool IsRelative(const std::string& target) {
  return !target.empty() && target.front() != '#' && target.find("://") == std::string::npos &&
         !target.starts_with("mailto:");
}

std::string Resolve(const std::string& document, std::string target) {
  target = target.substr(0, target.find('#'));
  fs::path path = (fs::path(document).parent_path() / target).lexically_normal();
  std::string text = path.generic_string();
  while (!text.empty() && text.back() == '/') {
    text.pop_back();
  }
  return text;
}

// Matches of `pattern`'s first group in each line: (line, text).
std::vector<std::pair<size_t, std::string>> Matches(const SourceFile& file,
                                                    const std::regex& pattern) {
  std::vector<std::pair<size_t, std::string>> found;
  size_t number = 0;
  for (const std::string_view line : file.Lines()) {
    ++number;
    const std::string text(line);
    for (auto it = std::sregex_iterator(text.begin(), text.end(), pattern);
         it != std::sregex_iterator();
         ++it) {
      found.emplace_back(number, (*it)[1].str());
    }
  }
  return found;
}

std::string FolderOf(const std::string& path) {
  return fs::path(path).parent_path().generic_string();
}

std::set<std::string> LimitNames(const SourceFile& limits) {
  static const std::regex kConstant(R"(inline constexpr \S+ (k\w+) =)");
  std::set<std::string> names;
  for (const auto& [line, name] : Matches(limits, kConstant)) {
    names.insert(name);
  }
  return names;
}

}  // namespace

std::vector<Finding> CheckLinks(const SourceTree& tree) {
  static const std::regex kLink(R"(\]\(([^)\s]+)\))");
  const std::set<std::string> paths = PathsOf(tree);
  std::vector<Finding> findings;
  for (const SourceFile& file : tree) {
    if (!file.EndsWith(".md")) {
      continue;
    }
    for (const auto& [line, target] : Matches(file, kLink)) {
      if (IsRelative(target) && !paths.contains(Resolve(file.path, target))) {
        findings.push_back({file.path, line, "link to " + target + " leads nowhere"});
      }
    }
  }
  return findings;
}

std::vector<Finding> CheckReadmes(const SourceTree& tree) {
  std::set<std::string> folders;
  for (const SourceFile& file : tree) {
    const std::string folder = FolderOf(file.path);
    if (file.IsCode()) {
      folders.insert(folder.starts_with("tests/unit/") ? "tests/unit" : folder);
    }
  }
  for (const std::string_view folder : {"proto", "docs", "demo", "deploy", "tests"}) {
    folders.insert(std::string(folder));
  }
  std::vector<Finding> findings;
  for (const std::string& folder : folders) {
    if (Find(tree, folder + "/README.md") == nullptr) {
      findings.push_back(
          {folder, 0, "has no README.md: what it knows, its files, what it may use"});
    }
  }
  return findings;
}

std::vector<Finding> CheckLimitsDocument(const SourceTree& tree) {
  // Only names with a limit's ending, so that prose may speak of other constants.
  static const std::regex kMention(R"(`(k\w+(?:Max|Min|Ms|S|Bytes|PerSecond|PerMinute))`)");
  const SourceFile* limits = Find(tree, "base/limits.h");
  const SourceFile* document = Find(tree, "docs/limits.md");
  if (limits == nullptr || document == nullptr) {
    return {{"docs/limits.md", 0, "base/limits.h and docs/limits.md must both exist"}};
  }
  const std::set<std::string> names = LimitNames(*limits);
  std::vector<Finding> findings;
  for (const std::string& name : names) {
    if (document->text.find("`" + name + "`") == std::string::npos) {
      findings.push_back({document->path, 0, "does not explain " + name});
    }
  }
  for (const SourceFile& file : tree) {
    if (!file.Under("docs/") || !file.EndsWith(".md")) {
      continue;
    }
    for (const auto& [line, name] : Matches(file, kMention)) {
      if (!names.contains(name)) {
        findings.push_back({file.path, line, name + " is not in base/limits.h"});
      }
    }
  }
  return findings;
}

std::vector<Finding> CheckPackages(const SourceTree& tree) {
  static const std::regex kPackage(
      R"(#[^#]*?\b(lib[\w.+-]+-dev|[\w.+-]+-dev|protobuf-compiler)\b)");
  const SourceFile* list = Find(tree, "packages.txt");
  const SourceFile* dependencies = Find(tree, "cmake/Dependencies.cmake");
  if (list == nullptr || dependencies == nullptr) {
    return {{"packages.txt", 0, "packages.txt and cmake/Dependencies.cmake must both exist"}};
  }
  std::set<std::string> listed;
  for (const std::string_view line : list->Lines()) {
    listed.insert(std::string(line));
  }
  std::vector<Finding> findings;
  size_t number = 0;
  for (const std::string_view line : dependencies->Lines()) {
    ++number;
    const bool finds = line.find("find_package(") != std::string_view::npos ||
                       line.find("pkg_check_modules(") != std::string_view::npos;
    const std::string text(line);
    std::smatch match;
    if (!finds) {
      continue;
    }
    if (!std::regex_search(text, match, kPackage)) {
      if (text.find("Threads") == std::string::npos &&
          text.find("PkgConfig") == std::string::npos) {
        findings.push_back({dependencies->path, number, "does not name its Debian package"});
      }
    } else if (!listed.contains(match[1].str())) {
      findings.push_back({dependencies->path, number, match[1].str() + " is not in packages.txt"});
    }
  }
  return findings;
}

}  // namespace rujukan::tidy
