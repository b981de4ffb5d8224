#include "query/bind/types.h"

#include <array>
#include <cctype>
#include <utility>
#include <vector>

namespace kb::query::bind {
namespace {

using ast::BinaryOperator;
using functions::kAnyKind;
using functions::kNumberKinds;
using schema::Kind;

constexpr KindSet Of(Kind kind) { return functions::Set(kind); }

constexpr KindSet kDurationKind = Of(Kind::kDuration);
constexpr KindSet kTemporalKinds =
    functions::Set(Kind::kDate, Kind::kLocalTime, Kind::kTime, Kind::kLocalDateTime,
                   Kind::kDateTime, Kind::kDuration);

bool IsWithin(KindSet kinds, KindSet whole) { return kinds != 0 && (kinds & ~whole) == 0; }

/// Of two numbers: an integer if both are, a float if one is.
KindSet NumberResult(KindSet left, KindSet right) {
  if (left == kIntegerKind && right == kIntegerKind) return kIntegerKind;
  if (left == kFloatKind || right == kFloatKind) return kFloatKind;
  return kNumberKinds;
}

KindSet SumKinds(KindSet left, KindSet right) {
  if (IsWithin(left, kNumberKinds) && IsWithin(right, kNumberKinds)) {
    return NumberResult(left, right);
  }
  if (left == kListKind || right == kListKind) return kListKind;
  if (left == kStringKind && right == kStringKind) return kStringKind;
  return kAnyKind;
}

}  // namespace

std::string Describe(KindSet kinds) {
  if (kinds == kNullKind) return "null";
  if (kinds == kAnyKind) return "anything";
  std::vector<std::string_view> names;
  for (int i = 1; i < schema::kKindCount; ++i) {
    if ((kinds >> i & 1) != 0) names.push_back(schema::KindName(static_cast<Kind>(i)));
  }
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i != 0) text += i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text;
}

std::string DescribeWithArticle(KindSet kinds) {
  std::string text = Describe(kinds);
  if (kinds == kNullKind || kinds == kAnyKind || text.empty()) return text;
  const bool vowel = std::string_view("AEIOU").find(text[0]) != std::string_view::npos;
  return (vowel ? "an " : "a ") + text;
}

KindSet ResultKinds(ast::BinaryOperator op, KindSet left, KindSet right) {
  const bool numbers = IsWithin(left, kNumberKinds) && IsWithin(right, kNumberKinds);
  switch (op) {
    case BinaryOperator::kOr:
    case BinaryOperator::kXor:
    case BinaryOperator::kAnd:
    case BinaryOperator::kStartsWith:
    case BinaryOperator::kEndsWith:
    case BinaryOperator::kContains:
    case BinaryOperator::kRegex:
    case BinaryOperator::kIn:
      return kBooleanKind;
    case BinaryOperator::kAdd:
    case BinaryOperator::kConcatenate:
      return SumKinds(left, right);
    case BinaryOperator::kSubtract:
    case BinaryOperator::kMultiply:
    case BinaryOperator::kDivide:
      return numbers ? NumberResult(left, right) : kAnyKind;
    case BinaryOperator::kModulo:
      return numbers ? NumberResult(left, right) : kNumberKinds;
    case BinaryOperator::kPower:
      return kFloatKind;
  }
  return kAnyKind;
}

KindSet ResultKinds(ast::UnaryOperator op, KindSet operand) {
  return op == ast::UnaryOperator::kNot ? kBooleanKind : operand;
}

KindSet OperandKinds(ast::BinaryOperator op) {
  switch (op) {
    case BinaryOperator::kOr:
    case BinaryOperator::kXor:
    case BinaryOperator::kAnd:
      return kBooleanKind;
    case BinaryOperator::kSubtract:
      return kNumberKinds | kTemporalKinds;
    case BinaryOperator::kMultiply:
    case BinaryOperator::kDivide:
      return kNumberKinds | kDurationKind;
    case BinaryOperator::kModulo:
    case BinaryOperator::kPower:
      return kNumberKinds;
    case BinaryOperator::kAdd:
    case BinaryOperator::kConcatenate:
    case BinaryOperator::kStartsWith:
    case BinaryOperator::kEndsWith:
    case BinaryOperator::kContains:
    case BinaryOperator::kRegex:
    case BinaryOperator::kIn:
      return kAnyKind;
  }
  return kAnyKind;
}

std::string_view Symbol(ast::BinaryOperator op) {
  switch (op) {
    case BinaryOperator::kOr:
      return "OR";
    case BinaryOperator::kXor:
      return "XOR";
    case BinaryOperator::kAnd:
      return "AND";
    case BinaryOperator::kAdd:
      return "+";
    case BinaryOperator::kSubtract:
      return "-";
    case BinaryOperator::kMultiply:
      return "*";
    case BinaryOperator::kDivide:
      return "/";
    case BinaryOperator::kModulo:
      return "%";
    case BinaryOperator::kPower:
      return "^";
    case BinaryOperator::kConcatenate:
      return "||";
    case BinaryOperator::kStartsWith:
      return "STARTS WITH";
    case BinaryOperator::kEndsWith:
      return "ENDS WITH";
    case BinaryOperator::kContains:
      return "CONTAINS";
    case BinaryOperator::kRegex:
      return "=~";
    case BinaryOperator::kIn:
      return "IN";
  }
  return "";
}

KindSet FieldKinds(std::string_view type) {
  std::string word;
  for (const char c : type) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalpha(byte) == 0 && c != ' ' && c != '_') break;
    word.push_back(c == '_' ? ' ' : static_cast<char>(std::toupper(byte)));
  }
  while (!word.empty() && word.back() == ' ') word.pop_back();
  if (word.starts_with("LIST")) return kListKind;
  static const std::array<std::pair<std::string_view, KindSet>, 22> kTypes{{
      {"BOOLEAN", kBooleanKind},
      {"DATE", Of(Kind::kDate)},
      {"DATETIME", Of(Kind::kDateTime)},
      {"DURATION", kDurationKind},
      {"FLOAT", kNumberKinds},  // An integer is converted.
      {"INTEGER", kIntegerKind},
      {"LOCAL DATETIME", Of(Kind::kLocalDateTime)},
      {"LOCAL TIME", Of(Kind::kLocalTime)},
      {"LOCALDATETIME", Of(Kind::kLocalDateTime)},
      {"LOCALTIME", Of(Kind::kLocalTime)},
      {"MAP", kMapKind | kEntityKinds},
      {"NODE", kNodeKind},
      {"NUMBER", kNumberKinds},
      {"PATH", kPathKind},
      {"POINT", Of(Kind::kPoint)},
      {"REL", kRelationshipKind},
      {"RELATIONSHIP", kRelationshipKind},
      {"STRING", kStringKind},
      {"TIME", Of(Kind::kTime)},
      {"ZONED DATETIME", Of(Kind::kDateTime)},
      {"ZONED TIME", Of(Kind::kTime)},
      {"EDTF", Of(Kind::kEdtf)},
  }};
  for (const auto& [name, kinds] : kTypes) {
    if (word == name) return kinds;
  }
  return kAnyKind;
}

KindSet PropertySubjectKinds() {
  return kAnyKind & ~(kBooleanKind | kNumberKinds | kStringKind | kListKind | kPathKind);
}

}  // namespace kb::query::bind
