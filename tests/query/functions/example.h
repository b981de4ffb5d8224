// Reads the examples of the function tables: calls, literals, lists, maps, `x.key` and one
// operator. So small that the tables can be tested without the language's own parser.
#pragma once

#include <cctype>
#include <string>
#include <string_view>

#include "tests/query/eval/bound.h"

namespace kb::query::functions {

/// Slot 0 is the name `x`. What it cannot read becomes a null pointer.
class ExampleReader {
 public:
  explicit ExampleReader(std::string_view text) : text_(text) {}

  eval::ExpressionPtr Read() {
    eval::ExpressionPtr left = ReadOperand();
    if (Take('/')) return eval::Op(ast::BinaryOperator::kDivide, left, ReadOperand());
    if (Take('<')) return eval::Compare(ast::ComparisonOperator::kLess, left, ReadOperand());
    return left;
  }
  bool AtEnd() {
    SkipBlanks();
    return at_ == text_.size();
  }
  /// Whether the word stands here; if so, goes behind it.
  bool TakeWord(std::string_view word) {
    SkipBlanks();
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

 private:
  void SkipBlanks() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool Take(char c) {
    SkipBlanks();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  eval::ExpressionPtr ReadOperand() {
    SkipBlanks();
    if (Take('\'')) return ReadString();
    if (Take('[')) return eval::ListOf(ReadUntil(']'));
    if (Take('{')) return ReadMap();
    if (at_ < text_.size() && (std::isdigit(text_[at_]) != 0 || text_[at_] == '-')) {
      return ReadNumber();
    }
    return ReadName();
  }

  eval::ExpressionPtr ReadString() {
    std::string value;
    while (at_ < text_.size() && text_[at_] != '\'') {
      if (text_.substr(at_).starts_with("\\uFB01")) {
        value += "\xEF\xAC\x81";
        at_ += 6;
      } else {
        value += text_[at_++];
      }
    }
    ++at_;
    return eval::C(value.c_str());
  }

  std::vector<eval::ExpressionPtr> ReadUntil(char end) {
    std::vector<eval::ExpressionPtr> items;
    if (Take(end)) return items;
    do {
      items.push_back(Read());
    } while (Take(','));
    Take(end);
    return items;
  }

  eval::ExpressionPtr ReadMap() {
    bind::MapOf map;
    if (Take('}')) return eval::Bound(map);
    do {
      SkipBlanks();
      std::string key = ReadWord();
      Take(':');
      map.entries.emplace_back(std::move(key), Read());
    } while (Take(','));
    Take('}');
    return eval::Bound(map);
  }

  eval::ExpressionPtr ReadNumber() {
    const std::size_t begin = at_++;
    while (at_ < text_.size() && (std::isdigit(text_[at_]) != 0 || text_[at_] == '.')) ++at_;
    const std::string digits(text_.substr(begin, at_ - begin));
    if (digits.find('.') != std::string::npos) return eval::C(std::stod(digits));
    return eval::C(schema::Value::Integer(std::stoll(digits)));
  }

  std::string ReadWord() {
    const std::size_t begin = at_;
    while (at_ < text_.size() &&
           (std::isalnum(text_[at_]) != 0 || text_[at_] == '_' || text_[at_] == '.')) {
      ++at_;
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  eval::ExpressionPtr ReadName() {
    const std::string word = ReadWord();
    if (word == "null") return eval::Null();
    if (word == "true" || word == "false") return eval::C(word == "true");
    if (word == "x") return eval::S(0);
    if (Find(word) == nullptr || !Take('(')) return nullptr;
    eval::ExpressionPtr call = eval::CallOf(word, ReadUntil(')'));
    return Take('.') ? eval::Of(call, ReadWord()) : call;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace kb::query::functions
