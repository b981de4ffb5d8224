#include "schema/type.h"

#include <algorithm>
#include <array>
#include <utility>

#include "schema/base/text.h"

namespace kb::schema {
namespace {

using Alternative = Type::Alternative;
using Sort = Type::Alternative::Sort;

/// Nesting of LIST<LIST<…>>.
constexpr int kNestingMax = 16;

struct Spelling {
  std::string_view words;
  Sort sort;
  Kind kind;
};

/// All spellings; longer ones before those that they begin with.
constexpr std::array<Spelling, 44> kSpellings = {{
    {"BOOLEAN", Sort::kKind, Kind::kBoolean},
    {"BOOL", Sort::kKind, Kind::kBoolean},
    {"STRING", Sort::kKind, Kind::kString},
    {"VARCHAR", Sort::kKind, Kind::kString},
    {"SIGNED INTEGER", Sort::kKind, Kind::kInteger},
    {"INTEGER64", Sort::kKind, Kind::kInteger},
    {"INTEGER", Sort::kKind, Kind::kInteger},
    {"INT64", Sort::kKind, Kind::kInteger},
    {"INT", Sort::kKind, Kind::kInteger},
    {"FLOAT64", Sort::kKind, Kind::kFloat},
    {"FLOAT", Sort::kKind, Kind::kFloat},
    {"DOUBLE PRECISION", Sort::kKind, Kind::kFloat},
    {"DOUBLE", Sort::kKind, Kind::kFloat},
    {"DATE", Sort::kKind, Kind::kDate},
    {"LOCAL TIME", Sort::kKind, Kind::kLocalTime},
    {"LOCAL DATETIME", Sort::kKind, Kind::kLocalDateTime},
    {"LOCAL TIMESTAMP", Sort::kKind, Kind::kLocalDateTime},
    {"ZONED TIME", Sort::kKind, Kind::kTime},
    {"ZONED DATETIME", Sort::kKind, Kind::kDateTime},
    {"TIMESTAMP WITHOUT TIME ZONE", Sort::kKind, Kind::kLocalDateTime},
    {"TIMESTAMP WITHOUT TIMEZONE", Sort::kKind, Kind::kLocalDateTime},
    {"TIMESTAMP WITH TIME ZONE", Sort::kKind, Kind::kDateTime},
    {"TIMESTAMP WITH TIMEZONE", Sort::kKind, Kind::kDateTime},
    {"TIME WITHOUT TIME ZONE", Sort::kKind, Kind::kLocalTime},
    {"TIME WITHOUT TIMEZONE", Sort::kKind, Kind::kLocalTime},
    {"TIME WITH TIME ZONE", Sort::kKind, Kind::kTime},
    {"TIME WITH TIMEZONE", Sort::kKind, Kind::kTime},
    {"DURATION", Sort::kKind, Kind::kDuration},
    {"POINT", Sort::kKind, Kind::kPoint},
    {"EDTF", Sort::kKind, Kind::kEdtf},
    {"ANY NODE", Sort::kKind, Kind::kNode},
    {"NODE", Sort::kKind, Kind::kNode},
    {"VERTEX", Sort::kKind, Kind::kNode},
    {"ANY RELATIONSHIP", Sort::kKind, Kind::kRelationship},
    {"RELATIONSHIP", Sort::kKind, Kind::kRelationship},
    {"EDGE", Sort::kKind, Kind::kRelationship},
    {"ANY MAP", Sort::kKind, Kind::kMap},
    {"MAP", Sort::kKind, Kind::kMap},
    {"PATH", Sort::kKind, Kind::kPath},
    {"PROPERTY VALUE", Sort::kPropertyValue, Kind::kNull},
    {"ANY PROPERTY VALUE", Sort::kPropertyValue, Kind::kNull},
    {"NOTHING", Sort::kNothing, Kind::kNull},
    {"NULL", Sort::kKind, Kind::kNull},
    {"ANY VALUE", Sort::kAny, Kind::kNull},
}};

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool IsWordByte(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

class TypeReader {
 public:
  explicit TypeReader(std::string_view text) : text_(text) {}

  std::size_t at() const { return at_; }

  Result<Type> Union(int depth) {
    std::vector<Alternative> alternatives;
    const std::size_t begin = at_;
    if (Words("ANY") && Symbol('<')) {
      // ANY<A | B> says the same as A | B.
      KB_ASSIGN(Type inner, Union(depth + 1));
      if (!Symbol('>')) return Wrong("'>' is missing");
      alternatives = inner.alternatives();
      if (NotNull()) {
        for (auto& alternative : alternatives) alternative.not_null = true;
      }
      return Type(std::move(alternatives));
    }
    at_ = begin;
    do {
      KB_ASSIGN(Alternative alternative, One(depth));
      alternatives.push_back(std::move(alternative));
    } while (NextAlternative());
    return Type(std::move(alternatives));
  }

 private:
  Result<Alternative> One(int depth) {
    if (depth > kNestingMax) {
      return LimitError("a type is nested deeper than {} levels", kNestingMax);
    }
    Alternative alternative;
    if (Words("LIST") || Words("ARRAY")) {
      alternative.kind = Kind::kList;
      if (Symbol('<')) {
        KB_ASSIGN(Type element, Union(depth + 1));
        if (!Symbol('>')) return Wrong("'>' is missing");
        alternative.element = std::make_shared<const Type>(std::move(element));
      }
    } else {
      const auto* const found =
          std::find_if(kSpellings.begin(), kSpellings.end(),
                       [&](const Spelling& spelling) { return Words(spelling.words); });
      if (found != kSpellings.end()) {
        alternative.sort = found->sort;
        alternative.kind = found->kind;
      } else if (Words("ANY")) {
        alternative.sort = Sort::kAny;
      } else {
        return NoType();
      }
    }
    alternative.not_null = NotNull();
    // `INTEGER LIST` is a list of integers too.
    while (Words("LIST") || Words("ARRAY")) {
      Alternative list;
      list.kind = Kind::kList;
      list.element = std::make_shared<const Type>(Type({std::move(alternative)}));
      list.not_null = NotNull();
      alternative = std::move(list);
    }
    return alternative;
  }

  bool NextAlternative() {
    const std::size_t before = at_;
    if (!Symbol('|')) return false;
    if (at_ < text_.size() && text_[at_] == '|') return at_ = before, false;  // `||` joins texts
    return true;
  }
  bool NotNull() { return Words("NOT NULL") || Symbol('!'); }

  void SkipSpace() {
    while (at_ < text_.size() && IsSpace(text_[at_])) ++at_;
  }
  bool Symbol(char c) {
    const std::size_t before = at_;
    SkipSpace();
    if (at_ < text_.size() && text_[at_] == c && !(c == '!' && text_.substr(at_, 2) == "!=")) {
      ++at_;
      return true;
    }
    at_ = before;
    return false;
  }
  bool Words(std::string_view words) {
    const std::size_t before = at_;
    while (!words.empty()) {
      const std::size_t end = std::min(words.find(' '), words.size());
      SkipSpace();
      if (!Word(words.substr(0, end))) return at_ = before, false;
      words.remove_prefix(std::min(end + 1, words.size()));
    }
    return true;
  }
  bool Word(std::string_view upper) {
    const std::string_view rest = text_.substr(at_);
    if (rest.size() < upper.size()) return false;
    for (std::size_t i = 0; i < upper.size(); ++i) {
      const char c =
          rest[i] >= 'a' && rest[i] <= 'z' ? static_cast<char>(rest[i] - 'a' + 'A') : rest[i];
      if (c != upper[i]) return false;
    }
    if (rest.size() > upper.size() && IsWordByte(rest[upper.size()])) return false;
    at_ += upper.size();
    return true;
  }

  /// The bytes of the word or sign that is read next.
  Span Next() {
    SkipSpace();
    std::size_t end = at_;
    while (end < text_.size() && IsWordByte(text_[end])) ++end;
    if (end == at_ && end < text_.size()) ++end;
    // At the end of the text the last character stands for it.
    const std::size_t begin = end == at_ && at_ > 0 ? at_ - 1 : at_;
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }

  Error Wrong(std::string_view why) {
    return SyntaxError("{}", why).Detail("UnexpectedSyntax").At(Next());
  }

  Error NoType() {
    const Span span = Next();
    const std::string_view word = text_.substr(at_, span.end - at_);
    std::vector<std::string_view> names = {"LIST", "ANY"};
    for (const Spelling& spelling : kSpellings) names.push_back(spelling.words);
    const std::string upper = text::ToUpper(word);
    const std::string_view near =
        upper.size() < 3 ? std::string_view() : text::Nearest(upper, names);
    Error error =
        word.empty() ? SyntaxError("a type is missing") : SyntaxError("\"{}\" is no type", word);
    return error.Detail("UnexpectedSyntax")
        .At(span)
        .Hint(near.empty() ? "types are BOOLEAN, STRING, INTEGER, FLOAT, DATE, LOCAL TIME, ZONED "
                             "TIME, LOCAL DATETIME, ZONED DATETIME, DURATION, POINT, LIST<TYPE>"
                           : fmt::format("did you mean {}?", near));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

bool AcceptsOne(const Alternative& alternative, const Value& value) {
  if (alternative.sort == Sort::kNothing) return false;
  if (value.is_null()) return !alternative.not_null;
  switch (alternative.sort) {
    case Sort::kAny:
      return true;
    case Sort::kNothing:
      return false;
    case Sort::kPropertyValue:
      return !value.is_map() && !value.is_node() && !value.is_relationship() && !value.is_path();
    case Sort::kKind:
      break;
  }
  if (value.kind() != alternative.kind) return false;
  if (!value.is_list() || !alternative.element) return true;
  const auto items = value.list();
  return std::all_of(items.begin(), items.end(),
                     [&](const Value& item) { return alternative.element->Accepts(item); });
}

std::string TextOfOne(const Alternative& alternative) {
  std::string text;
  switch (alternative.sort) {
    case Sort::kAny:
      text = "ANY";
      break;
    case Sort::kPropertyValue:
      text = "PROPERTY VALUE";
      break;
    case Sort::kNothing:
      text = "NOTHING";
      break;
    case Sort::kKind:
      text = TypeNameOf(alternative.kind);
      break;
  }
  if (alternative.element) text += "<" + alternative.element->ToText() + ">";
  if (alternative.not_null) text += " NOT NULL";
  return text;
}

}  // namespace

bool Type::Accepts(const Value& value) const {
  return std::any_of(alternatives_.begin(), alternatives_.end(),
                     [&](const Alternative& one) { return AcceptsOne(one, value); });
}

bool Type::IsStorable() const {
  return std::all_of(alternatives_.begin(), alternatives_.end(), [](const Alternative& one) {
    if (one.sort != Sort::kKind) return false;
    switch (one.kind) {
      case Kind::kNull:
      case Kind::kMap:
      case Kind::kNode:
      case Kind::kRelationship:
      case Kind::kPath:
        return false;
      case Kind::kList:
        return one.element && one.element->IsStorable() &&
               std::none_of(one.element->alternatives().begin(), one.element->alternatives().end(),
                            [](const Alternative& item) { return item.kind == Kind::kList; });
      case Kind::kBoolean:
      case Kind::kInteger:
      case Kind::kFloat:
      case Kind::kString:
      case Kind::kDate:
      case Kind::kLocalTime:
      case Kind::kTime:
      case Kind::kLocalDateTime:
      case Kind::kDateTime:
      case Kind::kDuration:
      case Kind::kPoint:
      case Kind::kEdtf:
        return true;
    }
    return false;
  });
}

std::string Type::ToText() const {
  std::string text;
  for (const Alternative& one : alternatives_) text += (text.empty() ? "" : " | ") + TextOfOne(one);
  return text;
}

Result<Type> ReadType(std::string_view text, std::size_t* length) {
  TypeReader reader(text);
  KB_ASSIGN(Type type, reader.Union(0));
  *length = reader.at();
  return type;
}

Result<Type> ParseType(std::string_view text) {
  std::size_t length = 0;
  KB_ASSIGN(Type type, ReadType(text, &length));
  if (length != text.size()) return ArgumentError("{} is no type", text::Quote(text));
  return type;
}

std::string_view TypeNameOf(Kind kind) {
  switch (kind) {
    case Kind::kNull:
      return "NULL";
    case Kind::kBoolean:
      return "BOOLEAN";
    case Kind::kInteger:
      return "INTEGER";
    case Kind::kFloat:
      return "FLOAT";
    case Kind::kString:
      return "STRING";
    case Kind::kList:
      return "LIST";
    case Kind::kMap:
      return "MAP";
    case Kind::kNode:
      return "NODE";
    case Kind::kRelationship:
      return "RELATIONSHIP";
    case Kind::kPath:
      return "PATH";
    case Kind::kDate:
      return "DATE";
    case Kind::kLocalTime:
      return "LOCAL TIME";
    case Kind::kTime:
      return "ZONED TIME";
    case Kind::kLocalDateTime:
      return "LOCAL DATETIME";
    case Kind::kDateTime:
      return "ZONED DATETIME";
    case Kind::kDuration:
      return "DURATION";
    case Kind::kPoint:
      return "POINT";
    case Kind::kEdtf:
      return "EDTF";
  }
  return "ANY";
}

}  // namespace kb::schema
