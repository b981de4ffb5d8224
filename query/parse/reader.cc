// Reader's tokens, and what it says when they are not the expected ones.
#include "query/parse/reader.h"

#include <algorithm>
#include <limits>

#include "query/ast/keywords.h"
#include "query/parse/reader_inline.h"
#include "schema/base/limits.h"
#include "schema/base/text.h"

namespace kb::query::parse {

using namespace std::string_view_literals;

void Reader::GoTo(std::uint32_t offset) { input_.iterator() = text_.data() + offset; }

void Reader::SkipOtherSpace() {
  tao::pegtl::parse<tokens::space>(input_);
  const std::string_view rest = text_.substr(Here());
  if (rest.starts_with("/*")) {
    StopWith(
        SyntaxError("the comment is not closed").At({Here(), Here() + 2}).Hint("end it with */"));
  }
}

bool Reader::AtEnd() {
  SkipSpace();
  return input_.empty();
}

bool Reader::Symbol(std::string_view symbol) {
  if (!PeekSymbol(symbol)) {
    Expect(symbol);
    return false;
  }
  input_.bump(symbol.size());
  last_end_ = Here();
  return true;
}

void Reader::NeedSymbol(std::string_view symbol) {
  if (!Symbol(symbol)) Fail();
}

std::string_view Reader::NextWord() {
  const std::uint32_t begin = Here();
  const std::uint32_t end = last_end_;
  word_ = Match<tokens::plain_name>().value_or(std::string_view());
  word_at_ = begin;
  GoTo(begin);
  last_end_ = end;
  return word_;
}

bool Reader::Keyword(std::string_view upper) {
  if (!PeekKeyword(upper)) {
    Expect(upper);
    return false;
  }
  input_.bump(upper.size());
  last_end_ = Here();
  return true;
}

bool Reader::Keywords(std::string_view first, std::string_view second) {
  const std::uint32_t begin = Here();
  const std::uint32_t end = last_end_;
  if (Keyword(first) && Keyword(second)) return true;
  GoTo(begin);
  last_end_ = end;
  return false;
}

void Reader::NeedKeyword(std::string_view upper) {
  if (!Keyword(upper)) Fail();
}

std::optional<ast::Name> Reader::Name(bool reserved_too, bool may_be_empty) {
  SkipSpace();
  const std::uint32_t begin = Here();
  ast::Name name;
  if (PeekSymbol("`")) {
    // A doubled backquote stands for one: pieces that touch are one name.
    std::uint32_t at = begin + 1;
    while (true) {
      const std::size_t close = text_.find('`', at);
      if (close == std::string_view::npos) {
        StopWith(
            SyntaxError("the name is not closed").At({begin, begin + 1}).Hint("end it with `"));
      }
      name.text += text_.substr(at, close - at);
      at = static_cast<std::uint32_t>(close) + 1;
      if (at >= text_.size() || text_[at] != '`') break;
      name.text += '`';
      ++at;
    }
    GoTo(at);
  } else {
    const std::string_view word = PeekWord();
    if (word.empty()) return std::nullopt;
    if (!reserved_too && ast::IsReserved(word)) return reserved_at_ = Here(), std::nullopt;
    name.text = word;
    input_.bump(word.size());
  }
  last_end_ = Here();
  name.span = From(begin);
  if (name.text.empty() && !may_be_empty) {
    StopWith(SyntaxError("a name cannot be empty").At(name.span));
  }
  if (name.text.size() > limits::kNameBytesMax) {
    StopWith(LimitError("a name has {} bytes, at most {}", name.text.size(), limits::kNameBytesMax)
                 .At(name.span));
  }
  return name;
}

ast::Name Reader::NeedName(std::string_view what, bool reserved_too, bool may_be_empty) {
  auto name = Name(reserved_too, may_be_empty);
  if (!name) {
    Expect(what);
    Fail();
  }
  return *std::move(name);
}

std::optional<std::uint64_t> Reader::Count() {
  SkipSpace();
  const std::uint32_t begin = Here();
  const auto digits = Match<tao::pegtl::plus<tao::pegtl::digit>>();
  if (!digits) {
    Expect("a number of steps");
    return std::nullopt;
  }
  std::uint64_t count = 0;
  for (const char digit : *digits) {
    const auto value = static_cast<std::uint64_t>(digit - '0');
    if (count > (std::numeric_limits<std::uint64_t>::max() - value) / 10) {
      StopWith(SyntaxError("the number {} is too large", *digits).At(From(begin)));
    }
    count = count * 10 + value;
  }
  return count;
}

void Reader::Note(std::string_view what) {
  const std::uint32_t here = Here();
  if (here < furthest_) return;
  if (here > furthest_) {
    furthest_ = here;
    expected_.clear();
  }
  if (std::find(expected_.begin(), expected_.end(), what) == expected_.end()) {
    expected_.push_back(what);
  }
}

void Reader::Fail() {
  if (trying_ > 0) throw Retreat();
  if (!explain_) throw Mismatch();
  throw Stop{FurthestError()};
}

void Reader::StopWith(Error error) {
  if (error.detail().empty() && error.code() == ErrorCode::kSyntax)
    error.Detail("UnexpectedSyntax");
  throw Stop{std::move(error.During(Phase::kCompile))};
}

namespace {

constexpr std::string_view kClauseWords[] = {
    "MATCH", "OPTIONAL MATCH", "WITH",     "RETURN",        "UNWIND", "CREATE",  "MERGE",
    "SET",   "REMOVE",         "DELETE",   "DETACH DELETE", "CALL",   "FOREACH", "LOAD CSV",
    "UNION", "WHERE",          "ORDER BY", "SKIP",          "LIMIT",  "FINISH",  "INSERT",
    "NEXT",  "WITHDRAW",       "ERASE",    "ASSERT"};

bool IsClauseWord(std::string_view word) {
  return std::find(std::begin(kClauseWords), std::end(kClauseWords), word) !=
         std::end(kClauseWords);
}

bool IsWord(std::string_view text) {
  return !text.empty() &&
         ((text[0] >= 'A' && text[0] <= 'Z') || (text[0] >= 'a' && text[0] <= 'z'));
}

/// What may follow almost any operand says little: it is left out where anything else is wanted.
bool IsOperator(std::string_view text) {
  static constexpr std::string_view kOperators[] = {".",
                                                    "[",
                                                    "^",
                                                    "*",
                                                    "/",
                                                    "%",
                                                    "+",
                                                    "-",
                                                    "||",
                                                    "=",
                                                    "<>",
                                                    "<",
                                                    ">",
                                                    "<=",
                                                    ">=",
                                                    "=~",
                                                    ":",
                                                    "{",
                                                    "(",
                                                    "IN",
                                                    "IS",
                                                    "OR",
                                                    "XOR",
                                                    "AND",
                                                    "NOT",
                                                    "STARTS",
                                                    "ENDS",
                                                    "CONTAINS",
                                                    "..",
                                                    "WHEN",
                                                    ";",
                                                    "EXPLAIN",
                                                    "PROFILE",
                                                    "BEGIN",
                                                    "COMMIT",
                                                    "ROLLBACK",
                                                    "START",
                                                    "SHOW",
                                                    "DROP",
                                                    "NODETACH",
                                                    "FILTER",
                                                    "LET",
                                                    "FOR",
                                                    "OFFSET",
                                                    "OPTIONAL",
                                                    "CYPHER",
                                                    "OPTIONS",
                                                    "EXCLUDING",
                                                    "ONLY",
                                                    "RAW",
                                                    "ALL",
                                                    "ANY",
                                                    "SHORTEST",
                                                    "WALK",
                                                    "TRAIL",
                                                    "ACYCLIC",
                                                    "SIMPLE",
                                                    "CHRONOLOGICAL",
                                                    "::",
                                                    "DETACH",
                                                    "LOAD",
                                                    "ORDER",
                                                    "IF",
                                                    "\xE2\x80\x90",
                                                    "\xE2\x88\x92",
                                                    "\xE2\x80\x94",
                                                    "\xE2\x80\x93",
                                                    "\xE2\x9F\xA8",
                                                    "\xE2\x9F\xA9"};
  return std::find(std::begin(kOperators), std::end(kOperators), text) != std::end(kOperators);
}

/// The wanted things as one phrase.
std::string Phrase(const std::vector<std::string_view>& expected) {
  std::vector<std::string> things;
  std::vector<std::string> clauses;
  for (const std::string_view item : expected) {
    if (IsOperator(item)) continue;
    if (IsClauseWord(item)) {
      clauses.emplace_back(item);
    } else if (item.find(' ') != std::string_view::npos || IsWord(item)) {
      things.emplace_back(item);
    } else {
      things.push_back(fmt::format("'{}'", item));
    }
  }
  if (clauses.size() > 3) {
    things.insert(things.begin(), "a clause such as RETURN, WHERE or WITH");
  } else {
    things.insert(things.end(), clauses.begin(), clauses.end());
  }
  if (things.empty()) {
    // Nothing but operators: few of them are worth naming.
    constexpr std::size_t kNamedMax = 3;
    for (const std::string_view item : expected) {
      if (static_cast<unsigned char>(item[0]) >= 0x80) continue;  // another way to write a dash
      things.push_back(IsWord(item) ? std::string(item) : fmt::format("'{}'", item));
    }
    if (things.empty()) return "something else";
    if (things.size() > kNamedMax) return "an operator";
  }
  if (things.size() > 4) things.resize(4);
  std::string text;
  for (std::size_t i = 0; i < things.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == things.size() ? " or " : ", ") + things[i];
  }
  return text;
}

}  // namespace

namespace {

/// Slips of the pen, most of them habits from other languages.
std::string_view HabitHint(std::string_view rest, std::string_view found, char before) {
  if (rest.empty()) return {};
  if (before == '=' && rest.starts_with("=")) return "equality is written with one =";
  if (before == rest[0] && (before == '\'' || before == '"')) {
    return "a quote inside a text has a backslash before it";
  }
  if (rest.starts_with("!=")) return "inequality is written <>";
  if (rest.starts_with("&&")) return "both is written AND";
  if (before == '|' && rest.starts_with("|")) return "either is written OR, and || joins texts";
  if (rest.starts_with("--")) return "a comment begins with // or stands between /* and */";
  if (rest.starts_with("#")) return "a comment begins with // or stands between /* and */";
  struct Habit {
    std::string_view word, hint;
  };
  static constexpr Habit kHabits[] = {
      {"GROUP", "the columns without an aggregate are the groups"},
      {"HAVING", "name the aggregate: WITH n, count(*) AS c WHERE c > 1"},
      {"LIKE", "texts are tested with STARTS WITH, ENDS WITH, CONTAINS or =~"},
      {"BETWEEN", "a range is written 1 <= x <= 9"},
      {"JOIN", "a pattern joins: (a)-->(b), or two parts with a comma between them"},
      {"NOT", "NOT stands before the whole condition: NOT x IN list"},
      {"NULLS", "null comes last when ascending, first when descending"},
      {"EXCEPT", "WHERE NOT EXISTS { … } leaves rows out"},
      {"INTERSECT", "WHERE EXISTS { … } keeps the rows that are found there, too"},
      {"VALUES", "CREATE (n:Label {name: 'value'}) makes a node"},
  };
  for (const Habit& habit : kHabits) {
    if (ast::EqualsIgnoringCase(found, habit.word)) return habit.hint;
  }
  return {};
}

/// The expected word that another is likely to be meant for.
std::string_view NearWord(std::string_view word, const std::vector<std::string_view>& expected) {
  if (word.size() < 3) return {};
  std::vector<std::string_view> words;
  for (const std::string_view item : expected) {
    if (IsWord(item) && item[0] <= 'Z' && item.size() > 2) words.push_back(item);
  }
  const std::string_view near = text::Nearest(word, words);
  // Short words are near to many.
  const std::size_t allowed = word.size() <= 4 ? 1 : 2;
  if (near.empty() || ast::EqualsIgnoringCase(word, near)) return {};
  return text::EditDistance(text::ToUpper(word), near) <= allowed ? near : std::string_view();
}

}  // namespace

Error Reader::FurthestError() const {
  Reader probe(text_, false);
  probe.GoTo(furthest_);
  std::string_view found = probe.PeekWord();
  if (found.size() > 40) found = found.substr(0, text::ByteOffset(found, 40));
  if (found.empty() && furthest_ < text_.size()) {
    found = text_.substr(furthest_, text::ByteOffset(text_.substr(furthest_), 1));
  }
  const Span span{furthest_, furthest_ + static_cast<std::uint32_t>(found.size())};
  const bool wants_expression =
      std::find(expected_.begin(), expected_.end(), "an expression") != expected_.end();
  const bool wants_thing =
      std::any_of(expected_.begin(), expected_.end(),
                  [](std::string_view item) { return item.find(' ') != std::string_view::npos; });
  // Where a name may stand, but need not, no name is among the expected things.
  const bool wants_name = reserved_at_ == furthest_ && !wants_thing && !found.empty();
  const std::string wanted = wants_name ? "a name" : Phrase(expected_);
  Error error = found.empty() ? SyntaxError("expected {}, but the statement ends here", wanted)
                              : SyntaxError("expected {}, found \"{}\"", wanted, found);
  const char before = furthest_ == 0 ? '\0' : text_[furthest_ - 1];
  if (const std::string_view habit = HabitHint(text_.substr(furthest_), found, before);
      !habit.empty()) {
    error.Hint(std::string(habit));
  } else if (std::find(expected_.begin(), expected_.end(), kNodeBrackets) != expected_.end()) {
    error.Hint("a node is written (n), a path p = (n)-->(m)");
  } else if (found == "}" && expected_ == std::vector<std::string_view>{":"}) {
    error.Hint("a map is written {key: value}, a parameter $name");
  } else if (reserved_at_ == furthest_ && !wants_expression && !found.empty()) {
    error.Hint(fmt::format("{} is a word of the language; as a name it is written `{}`",
                           text::ToUpper(found), found));
  } else if (const std::string_view near = NearWord(found, expected_);
             IsWord(found) && !near.empty()) {
    error.Hint(fmt::format("did you mean {}?", near));
  }
  const bool foreign =
      !found.empty() && static_cast<unsigned char>(found[0]) >= 0x80 && probe.PeekWord().empty();
  return error.At(span.empty() && furthest_ > 0 ? Span{furthest_ - 1, furthest_} : span)
      .Detail(foreign ? "InvalidUnicodeCharacter" : "UnexpectedSyntax")
      .During(Phase::kCompile);
}

}  // namespace kb::query::parse
