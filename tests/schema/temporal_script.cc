#include "tests/schema/temporal_script.h"

#include <cctype>
#include <charconv>

#include "schema/order.h"
#include "schema/temporal.h"

namespace kb::schema {
namespace {

class Script {
 public:
  explicit Script(std::string_view text) : text_(text) {}

  Result<Value> Whole() {
    KB_ASSIGN(const Value left, Term());
    Skip();
    if (at_ == text_.size()) return left;
    const char op = text_[at_++];
    KB_ASSIGN(const Value right, Term());
    if (op == '=') return FromTruth(Equal(left, right));
    if (op == '<') {
      const auto order = Compare(left, right);
      return order ? Value::Boolean(*order < 0) : Value::Null();
    }
    if (op == '+') return AddDuration(left, right.duration(), 1);
    if (op == '-') return AddDuration(left, right.duration(), -1);
    KB_ASSIGN(const Duration product, op == '*' ? Scale(left.duration(), right.number())
                                                : Divide(left.duration(), right.number()));
    return Value::Of(product);
  }

 private:
  static Value FromTruth(Truth truth) { return truth ? Value::Boolean(*truth) : Value::Null(); }

  void Skip() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool Accept(char c) {
    Skip();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string_view Word() {
    Skip();
    const std::size_t begin = at_;
    while (at_ < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '.')) {
      ++at_;
    }
    return text_.substr(begin, at_ - begin);
  }

  Result<Value> Term() {
    KB_ASSIGN(Value value, Primary());
    while (Accept('.')) {
      KB_ASSIGN(value, Component(value, Word()));
    }
    return value;
  }

  Result<Value> Primary() {
    Skip();
    if (at_ >= text_.size()) return SyntaxError("expected a term");
    const char c = text_[at_];
    if (c == '{') return Map();
    if (c == '\'') return String();
    if (c == '-' || std::isdigit(static_cast<unsigned char>(c)) != 0) return Number();
    const std::string name(Word());
    if (name == "null") return Value::Null();
    std::vector<Value> arguments;
    if (!Accept('(')) return SyntaxError("expected '(' after {}", name);
    while (!Accept(')')) {
      KB_ASSIGN(Value argument, Term());
      arguments.push_back(std::move(argument));
      Accept(',');
    }
    return Call(name, arguments);
  }

  Result<Value> Map() {
    MapEntries entries;
    ++at_;
    while (!Accept('}')) {
      std::string key(Word());
      if (!Accept(':')) return SyntaxError("expected ':' after {}", key);
      KB_ASSIGN(Value value, Term());
      entries.emplace_back(std::move(key), std::move(value));
      Accept(',');
    }
    return Value::Map(std::move(entries));
  }

  Result<Value> String() {
    const std::size_t end = text_.find('\'', at_ + 1);
    const Value value = Value::String(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return value;
  }

  Result<Value> Number() {
    const std::size_t end = text_.find_first_not_of("-0123456789.", at_);
    const std::string_view digits = text_.substr(at_, end - at_);
    at_ += digits.size();
    if (digits.find('.') != std::string_view::npos) {
      double number = 0;
      std::from_chars(digits.data(), digits.data() + digits.size(), number);
      return Value::Float(number);
    }
    std::int64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return Value::Integer(number);
  }

  static Kind KindOf(std::string_view name) {
    if (name == "date") return Kind::kDate;
    if (name == "time") return Kind::kTime;
    if (name == "localtime") return Kind::kLocalTime;
    if (name == "localdatetime") return Kind::kLocalDateTime;
    return Kind::kDateTime;
  }

  static Result<Value> Call(std::string_view name, const std::vector<Value>& arguments) {
    if (name == "date") return MakeDate(arguments[0]);
    if (name == "time") return MakeTime(arguments[0]);
    if (name == "localtime") return MakeLocalTime(arguments[0]);
    if (name == "localdatetime") return MakeLocalDateTime(arguments[0]);
    if (name == "datetime") return MakeDateTime(arguments[0]);
    if (name == "duration") return MakeDuration(arguments[0]);
    const std::size_t dot = name.find('.');
    if (name.substr(dot + 1) == "truncate") {
      return Truncate(KindOf(name.substr(0, dot)), arguments[0].string(), arguments[1],
                      arguments.size() > 2 ? arguments[2] : Value::Null());
    }
    const DurationUnit unit = name == "duration.inMonths"    ? DurationUnit::kMonths
                              : name == "duration.inDays"    ? DurationUnit::kDays
                              : name == "duration.inSeconds" ? DurationUnit::kSeconds
                                                             : DurationUnit::kAll;
    KB_ASSIGN(const Duration duration, Between(arguments[0], arguments[1], unit));
    return Value::Of(duration);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<Value> Evaluate(std::string_view expression) { return Script(expression).Whole(); }

std::string Outcome(std::string_view expression) {
  const Result<Value> value = Evaluate(expression);
  if (value) return value->ToText();
  return std::string(TypeName(value.error().code())) + ": " + value.error().message();
}

}  // namespace kb::schema
