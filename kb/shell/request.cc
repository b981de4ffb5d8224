#include "kb/shell/request.h"

#include <boost/json.hpp>
#include <charconv>
#include <cstring>
#include <utility>
#include <vector>

#include "kb/shell/json_value.h"
#include "schema/base/text.h"

namespace kb::shell {
namespace {

namespace json = boost::json;

constexpr std::size_t kPlainParametersMax = 32;  ///< Of more, finding double names takes long.
constexpr int kPlainDepthMax = 8;

/// Reads requests of the plain form: `statement`, and perhaps `parameters`, which are texts without
/// \u, integers, true, false, null and lists of these. Whatever else it meets, it gives up: what
/// that means is not for it to say.
class PlainReader {
 public:
  explicit PlainReader(std::string_view line) : at_(line.data()), end_(line.data() + line.size()) {}

  /// False: the line is not of the plain form, and `request` holds a part that does not count.
  bool Read(Request* request) {
    if (!Take('{')) return false;
    bool has_statement = false, has_parameters = false;
    do {
      std::string name;
      if (!ReadText(&name) || !Take(':')) return false;
      if (name == "statement" && !std::exchange(has_statement, true)) {
        if (!ReadText(&request->statement)) return false;
      } else if (name == "parameters" && !std::exchange(has_parameters, true)) {
        if (!ReadParameters(&request->parameters)) return false;
      } else {
        return false;
      }
    } while (Take(','));
    if (!Take('}') || !has_statement) return false;
    SkipSpace();
    return at_ == end_;
  }

 private:
  void SkipSpace() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r' || *at_ == '\n')) ++at_;
  }

  bool Take(char wanted) {
    SkipSpace();
    if (at_ == end_ || *at_ != wanted) return false;
    ++at_;
    return true;
  }

  bool TakeWord(std::string_view word) {
    if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(word)) {
      return false;
    }
    at_ += word.size();
    return true;
  }

  bool ReadText(std::string* text) {
    if (!Take('"')) return false;
    // As long as it is to the next quotation mark at the least, but for what escapes are short of.
    const auto left = static_cast<std::size_t>(end_ - at_);
    const void* quote = left == 0 ? nullptr : std::memchr(at_, '"', left);
    if (quote == nullptr) return false;
    text->reserve(static_cast<std::size_t>(static_cast<const char*>(quote) - at_));
    int bits = 0;
    for (const char* begin = at_; at_ != end_; ++at_) {
      const auto c = static_cast<unsigned char>(*at_);
      bits |= c;
      if (c == '"') {
        text->append(begin, at_++);
        return (bits & 0x80) == 0 || text::FindInvalidUtf8(*text) == std::string_view::npos;
      }
      if (c < 0x20) return false;
      if (c != '\\') continue;
      text->append(begin, at_++);
      const char plain = at_ == end_ ? '\0' : Unescaped(*at_);
      if (plain == '\0') return false;
      *text += plain;
      begin = at_ + 1;
    }
    return false;
  }

  /// NUL for what is no escape, and for \u.
  static char Unescaped(char c) {
    constexpr std::string_view kEscapes = "n\n\"\"\\\\//t\tr\rb\bf\f";
    for (std::size_t i = 0; i < kEscapes.size(); i += 2) {
      if (kEscapes[i] == c) return kEscapes[i + 1];
    }
    return '\0';
  }

  bool ReadParameters(Parameters* parameters) {
    SkipSpace();
    if (TakeWord("null")) return true;
    if (!Take('{')) return false;
    if (Take('}')) return true;
    do {
      if (parameters->size() == kPlainParametersMax) return false;
      auto& [name, value] = parameters->emplace_back();
      if (!ReadText(&name) || !Take(':') || !ReadValue(0, &value)) return false;
      for (const auto& other : *parameters) {
        if (&other != &parameters->back() && other.first == name) return false;
      }
    } while (Take(','));
    return Take('}');
  }

  bool ReadValue(int depth, Value* value) {
    SkipSpace();
    if (at_ == end_) return false;
    if (*at_ == '"') {
      std::string text;
      if (!ReadText(&text)) return false;
      *value = Value::String(text);
      return true;
    }
    if (*at_ == '[') return ReadList(depth, value);
    if (TakeWord("null")) return true;
    if (TakeWord("true")) return *value = Value::Boolean(true), true;
    if (TakeWord("false")) return *value = Value::Boolean(false), true;
    return ReadInteger(value);
  }

  /// What follows the digits, such as a point, is met by the caller, who does not expect it.
  bool ReadInteger(Value* value) {
    const char* digits = *at_ == '-' ? at_ + 1 : at_;
    std::int64_t integer = 0;
    const auto read = std::from_chars(at_, end_, integer);
    if (read.ec != std::errc() || (*digits == '0' && read.ptr != digits + 1)) return false;
    at_ = read.ptr;
    *value = Value::Integer(integer);
    return true;
  }

  bool ReadList(int depth, Value* value) {
    if (depth == kPlainDepthMax || !Take('[')) return false;
    std::vector<Value> items;
    if (!Take(']')) {
      do {
        if (!ReadValue(depth + 1, &items.emplace_back())) return false;
      } while (Take(','));
      if (!Take(']')) return false;
    }
    *value = Value::List(std::move(items));
    return true;
  }

  const char* at_;
  const char* end_;
};

Result<Parameters> ReadParameters(const json::value* json) {
  Parameters parameters;
  if (json == nullptr || json->is_null()) return parameters;
  if (!json->is_object()) return ProtocolError("`parameters` must be an object");
  for (const auto& member : json->get_object()) {
    auto value = FromJson(member.value());
    const std::string name(member.key().data(), member.key().size());
    if (!value.ok()) {
      return ProtocolError("parameter `{}`: {}", name, value.error().message())
          .Hint(value.error().hint());
    }
    parameters.emplace_back(name, std::move(value).value());
  }
  return parameters;
}

Result<TableProcedure> ReadProcedure(const json::value& json) {
  const json::object* object = json.if_object();
  const json::value* signature = object != nullptr ? object->if_contains("signature") : nullptr;
  const json::value* rows = object != nullptr ? object->if_contains("rows") : nullptr;
  if (signature == nullptr || !signature->is_string() || rows == nullptr || !rows->is_array()) {
    return ProtocolError("`procedure` needs `signature`, a text, and `rows`, an array of arrays");
  }
  TableProcedure procedure;
  procedure.signature = std::string(signature->get_string().data(), signature->get_string().size());
  for (const json::value& row : rows->get_array()) {
    if (!row.is_array()) return ProtocolError("each row of a procedure must be an array");
    auto& values = procedure.rows.emplace_back();
    for (const json::value& cell : row.get_array()) {
      KB_ASSIGN(Value value, FromJson(cell));
      values.push_back(std::move(value));
    }
  }
  return procedure;
}

/// Apart, as what is hardly ever needed.
[[gnu::cold]] Result<void> ReadAgain(std::string_view line, Request* request) {
  *request = {};
  return ReadRequestByTree(line, request);
}

}  // namespace

Result<void> ReadRequest(std::string_view line, Request* request) {
  if (PlainReader(line).Read(request)) [[likely]]
    return {};
  return ReadAgain(line, request);
}

Result<void> ReadRequestByTree(std::string_view line, Request* request) {
  KB_ASSIGN(const json::value document, ParseJson(line));
  const json::object* object = document.if_object();
  if (object == nullptr) return ProtocolError("a request is a JSON object");
  const json::value* statement = object->if_contains("statement");
  const json::value* procedure = object->if_contains("procedure");
  if ((statement == nullptr) == (procedure == nullptr)) {
    return ProtocolError("a request has either the member `statement` or the member `procedure`");
  }
  if (procedure != nullptr) {
    KB_ASSIGN(TableProcedure wanted, ReadProcedure(*procedure));
    request->procedure = std::make_unique<TableProcedure>(std::move(wanted));
    return {};
  }
  if (!statement->is_string()) return ProtocolError("`statement` must be a text");
  request->statement = std::string(statement->get_string().data(), statement->get_string().size());
  KB_ASSIGN(request->parameters, ReadParameters(object->if_contains("parameters")));
  return {};
}

}  // namespace kb::shell
