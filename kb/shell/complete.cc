#include "kb/shell/complete.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "schema/base/text.h"

namespace kb::shell {
namespace {

constexpr std::string_view kKeywords[] = {"ALL",
                                          "AND",
                                          "ANY",
                                          "AS",
                                          "ASC",
                                          "ASCENDING",
                                          "BEGIN",
                                          "BY",
                                          "CALL",
                                          "CASE",
                                          "COMMIT",
                                          "CONTAINS",

                                          "CREATE",
                                          "CREATE INDEX FOR",
                                          "DELETE",
                                          "DESC",
                                          "DESCENDING",
                                          "DETACH DELETE",
                                          "DISTINCT",
                                          "DROP INDEX",
                                          "ELSE",
                                          "END",
                                          "ENDS WITH",
                                          "EXISTS",
                                          "EXPLAIN",
                                          "FALSE",
                                          "FOREACH",
                                          "IN",
                                          "INDEX",
                                          "IS NOT NULL",
                                          "IS NULL",
                                          "LIMIT",
                                          "MATCH",
                                          "MERGE",
                                          "NONE",
                                          "NOT",
                                          "NULL",
                                          "ON CREATE SET",
                                          "ON MATCH SET",
                                          "OPTIONAL MATCH",
                                          "OR",
                                          "ORDER BY",
                                          "PROFILE",
                                          "REMOVE",
                                          "RETURN",
                                          "ROLLBACK",
                                          "SET",
                                          "SHOW FUNCTIONS",
                                          "SHOW INDEXES",
                                          "SHOW PROCEDURES",
                                          "SHOW CONSTRAINTS",
                                          "SHOW TRANSACTIONS",
                                          "CREATE CONSTRAINT",
                                          "SINGLE",
                                          "SKIP",
                                          "STARTS WITH",
                                          "THEN",
                                          "TRUE",
                                          "UNION",
                                          "UNION ALL",
                                          "UNWIND",
                                          "WHEN",
                                          "WHERE",
                                          "WITH",
                                          "XOR",
                                          "YIELD"};

bool IsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool StartsWithoutCase(std::string_view word, std::string_view start) {
  return word.size() >= start.size() &&
         std::equal(start.begin(), start.end(), word.begin(),
                    [](char a, char b) { return Lower(a) == Lower(b); });
}

/// Where in a statement the cursor stands.
struct Place {
  bool inside_text = false;  // Or a comment or a backquoted name.
  char bracket = '\0';       // The innermost open one of ( [ {.
};

Place FindPlace(std::string_view text) {
  std::string open;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\'' || c == '"' || c == '`') {
      std::size_t end = i + 1;
      while (end < text.size() && text[end] != c) end += text[end] == '\\' && c != '`' ? 2u : 1u;
      if (end >= text.size()) return {true, '\0'};
      i = end;
    } else if (text.substr(i, 2) == "//") {
      i = text.find('\n', i);
      if (i == std::string_view::npos) return {true, '\0'};
    } else if (text.substr(i, 2) == "/*") {
      i = text.find("*/", i + 2);
      if (i == std::string_view::npos) return {true, '\0'};
      ++i;
    } else if (c == '(' || c == '[' || c == '{') {
      open += c;
    } else if ((c == ')' || c == ']' || c == '}') && !open.empty()) {
      open.pop_back();
    }
  }
  return {false, open.empty() ? '\0' : open.back()};
}

class Collector {
 public:
  explicit Collector(std::string_view start) : start_(start) {}

  void Add(std::string_view word) {
    if (StartsWithoutCase(word, start_)) found_.insert(std::string(word));
  }
  void AddName(std::string_view name) {
    if (StartsWithoutCase(name, start_)) found_.insert(text::QuoteName(name));
  }
  void AddKeyword(std::string_view word) {
    const bool small = std::any_of(start_.begin(), start_.end(), [](char c) { return c >= 'a'; });
    std::string cased(word);
    if (small) std::transform(cased.begin(), cased.end(), cased.begin(), Lower);
    Add(cased);
  }
  std::vector<std::string> Take() const { return {found_.begin(), found_.end()}; }

 private:
  std::string_view start_;
  std::set<std::string> found_;
};

Completion CompleteFile(std::string_view line, std::size_t begin) {
  namespace fs = std::filesystem;
  const std::string typed(line.substr(begin));
  const std::size_t slash = typed.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : typed.substr(0, slash + 1);
  const std::string start = typed.substr(folder.size());
  Completion completion{begin, {}, false};
  std::error_code error;
  for (fs::directory_iterator it(folder.empty() ? "." : folder, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (!name.starts_with(start) || (start.empty() && name.starts_with('.'))) continue;
    std::error_code ignored;
    completion.candidates.push_back(folder + name + (it->is_directory(ignored) ? "/" : ""));
  }
  std::sort(completion.candidates.begin(), completion.candidates.end());
  return completion;
}

bool TakesFile(std::string_view command) {
  for (const std::string_view name :
       {"open", "output", "once", "read", "source", "backup", "dot"}) {
    if (command == name) return true;
  }
  return false;
}

Completion CompleteCommand(const Vocabulary& vocabulary, std::string_view line, std::size_t colon) {
  const std::size_t space = line.find(' ', colon);
  if (space == std::string_view::npos) {
    Collector names(line.substr(colon + 1));
    for (const std::string& command : vocabulary.commands) names.Add(command);
    return {colon + 1, names.Take(), true};
  }
  const std::string_view command = line.substr(colon + 1, space - colon - 1);
  const std::size_t begin = line.rfind(' ') + 1;
  if (TakesFile(command) && line.find_first_not_of(' ', space) >= begin) {
    return CompleteFile(line, begin);
  }
  Collector words(line.substr(begin));
  if (command == "mode") {
    for (const std::string& format : vocabulary.formats) words.Add(format);
  } else if (command == "help") {
    for (const std::string& name : vocabulary.commands) words.Add(name);
    for (const std::string& name : vocabulary.functions) words.Add(name);
  } else if (command == "timer" || command == "stats" || command == "headers") {
    for (const std::string_view word : {"on", "off"}) words.Add(word);
  } else {
    return Complete(vocabulary, "", std::string(space, ' ').append(line.substr(space)));
  }
  return {begin, words.Take(), false};
}

/// Names of variables in the statement: words that stand before ':' or after AS, roughly all words.
void AddVariables(std::string_view statement, Collector* words) {
  std::size_t at = 0;
  while (at < statement.size()) {
    if (!IsWord(statement[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < statement.size() && IsWord(statement[end])) ++end;
    const bool binds = end < statement.size() && statement[end] == ':' && at > 0 &&
                       (statement[at - 1] == '(' || statement[at - 1] == '[');
    if (binds && end - at > 1) words->Add(statement.substr(at, end - at));
    at = end;
  }
}

}  // namespace

Completion Complete(const Vocabulary& vocabulary, std::string_view statement,
                    std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t");
  const bool fresh = statement.find_first_not_of(" \t\r\n") == std::string_view::npos;
  if (fresh && first != std::string_view::npos && (line[first] == ':' || line[first] == '.')) {
    return CompleteCommand(vocabulary, line, first);
  }
  const std::string whole = std::string(statement) + std::string(line);
  const Place place = FindPlace(whole);
  if (place.inside_text) return {line.size(), {}, false};
  std::size_t begin = line.size();
  while (begin > 0 && IsWord(line[begin - 1])) --begin;
  const std::string_view start = line.substr(begin);
  const char before = begin > 0 ? line[begin - 1] : '\0';
  Collector words(start);
  if (before == '.') {
    for (const std::string& key : vocabulary.schema.property_keys) words.AddName(key);
    return {begin, words.Take(), false};
  }
  if (before == ':' || before == '|' || before == '&' || before == '!') {
    if (place.bracket != '[') {
      for (const auto& label : vocabulary.schema.labels) words.AddName(label.name);
    }
    if (place.bracket == '[') {
      for (const auto& type : vocabulary.schema.relationship_types) words.AddName(type.name);
    }
    if (place.bracket != '{') return {begin, words.Take(), false};
  }
  if (place.bracket == '{') {
    for (const std::string& key : vocabulary.schema.property_keys) words.AddName(key);
    return {begin, words.Take(), false};
  }
  if (start.empty()) return {begin, {}, false};
  for (const std::string_view keyword : kKeywords) words.AddKeyword(keyword);
  for (const std::string& function : vocabulary.functions) words.Add(function + "(");
  AddVariables(whole, &words);
  return {begin, words.Take(), true};
}

}  // namespace kb::shell
