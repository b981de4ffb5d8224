// STARTS WITH, ENDS WITH, CONTAINS and =~. What is not a string compares as unknown.

#include <re2/re2.h>

#include <memory>
#include <string>

#include "query/eval/kernel.h"
#include "schema/base/text.h"

namespace kb::query::eval {
namespace {

using ast::BinaryOperator;

Result<std::unique_ptr<re2::RE2>> CompilePattern(std::string_view pattern) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  auto compiled =
      std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (!compiled->ok()) {
    return ArgumentError("{} is not a regular expression: {}", text::Quote(pattern),
                         compiled->error())
        .Detail("InvalidRegularExpression")
        .Hint("the syntax is RE2's: no look-around and no back-references");
  }
  return compiled;
}

bool Matches(std::string_view text, const re2::RE2& pattern) {
  return re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

bool Holds(BinaryOperator op, std::string_view text, std::string_view part) {
  if (op == BinaryOperator::kStartsWith) return text.starts_with(part);
  if (op == BinaryOperator::kEndsWith) return text.ends_with(part);
  return text.find(part) != std::string_view::npos;
}

/// Fills `truths` with `test(text)` for each text of the column, unknown for what is none.
template <typename Test>
void TestColumn(const Vector& texts, Truths* truths, const Test& test) {
  if (texts.repr() == Repr::kString) {
    const std::uint8_t* nulls = texts.nulls();
    for (std::uint32_t row = 0; row < texts.size(); ++row) {
      const bool is_null = nulls != nullptr && nulls[row] != 0;
      (*truths)[row] = is_null ? kUnknown : test(texts.strings()[row]) ? kTrue : kFalse;
    }
    return;
  }
  Reader reader(texts);
  for (std::uint32_t row = 0; row < texts.size(); ++row) {
    const Value& value = reader[row];
    (*truths)[row] = !value.is_string() ? kUnknown : test(value.string()) ? kTrue : kFalse;
  }
}

Result<void> MatchPerRow(const Vector& texts, const Vector& patterns, Truths* truths) {
  Reader reader(texts);
  Reader pattern_reader(patterns);
  std::string last;
  std::unique_ptr<re2::RE2> compiled;
  for (std::uint32_t row = 0; row < texts.size(); ++row) {
    const Value& text = reader[row];
    const Value& pattern = pattern_reader[row];
    (*truths)[row] = kUnknown;
    if (!text.is_string() || !pattern.is_string()) continue;
    if (compiled == nullptr || pattern.string() != last) {
      KB_ASSIGN(compiled, CompilePattern(pattern.string()));
      last = pattern.string();
    }
    (*truths)[row] = Matches(text.string(), *compiled) ? kTrue : kFalse;
  }
  return {};
}

Result<void> MatchPattern(const bind::Binary& node, const Vector& texts, const Vector& patterns,
                          EvalContext& context, Truths* truths) {
  if (patterns.repr() != Repr::kConstant) return MatchPerRow(texts, patterns, truths);
  const Value& pattern = patterns.values()[0];
  if (!pattern.is_string()) {
    truths->assign(truths->size(), kUnknown);
    return {};
  }
  std::unique_ptr<re2::RE2>& compiled = MemoOf(context).patterns[node.right.get()];
  if (compiled == nullptr || compiled->pattern() != pattern.string()) {
    KB_ASSIGN(compiled, CompilePattern(pattern.string()));
  }
  TestColumn(texts, truths, [&](std::string_view text) { return Matches(text, *compiled); });
  return {};
}

}  // namespace

Result<void> EvaluateTextPredicate(const bind::Binary& node, const Batch& batch,
                                   EvalContext& context, Vector* out) {
  Operand left;
  Operand right;
  KB_TRY(left.Evaluate(*node.left, batch, context));
  KB_TRY(right.Evaluate(*node.right, batch, context));
  Truths truths(batch.rows);
  if (node.op == BinaryOperator::kRegex) {
    KB_TRY(MatchPattern(node, left.vector(), right.vector(), context, &truths));
  } else if (right.is_constant()) {
    const Value& part = right.constant();
    if (part.is_string()) {
      TestColumn(left.vector(), &truths,
                 [&](std::string_view text) { return Holds(node.op, text, part.string()); });
    } else {
      truths.assign(batch.rows, kUnknown);
    }
  } else {
    Reader texts(left.vector());
    Reader parts(right.vector());
    for (std::uint32_t row = 0; row < batch.rows; ++row) {
      const Value& text = texts[row];
      const Value& part = parts[row];
      const bool strings = text.is_string() && part.is_string();
      truths[row] = !strings                                       ? kUnknown
                    : Holds(node.op, text.string(), part.string()) ? kTrue
                                                                   : kFalse;
    }
  }
  WriteTruths(truths, out);
  return {};
}

}  // namespace kb::query::eval
