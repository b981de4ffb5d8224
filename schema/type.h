// Types as users write them: INTEGER, STRING NOT NULL, LIST<DATE NOT NULL>, INTEGER | FLOAT.
//
// A type says which values are allowed: what constraints demand of a property and what `x IS ::
// TYPE` asks. Null is of every type unless NOT NULL stands behind it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "schema/base/result.h"
#include "schema/value.h"

namespace kb::schema {

/// A union of alternatives; one of them in the usual case. A value; copies share their parts.
class Type {
 public:
  struct Alternative {
    enum class Sort { kKind, kAny, kPropertyValue, kNothing };
    Sort sort = Sort::kKind;
    Kind kind = Kind::kNull;  ///< Of kKind.
    bool not_null = false;
    std::shared_ptr<const Type> element;  ///< Of lists; null: anything.
  };

  Type() = default;
  explicit Type(std::vector<Alternative> alternatives) : alternatives_(std::move(alternatives)) {}

  const std::vector<Alternative>& alternatives() const { return alternatives_; }
  /// Whether the value is one of the type's.
  bool Accepts(const Value& value) const;
  /// Whether a property can have the type: no maps, nodes or paths, no lists in lists.
  bool IsStorable() const;
  /// As users write it.
  std::string ToText() const;

 private:
  std::vector<Alternative> alternatives_;
};

/// Reads the type that `text` begins with and says how many bytes it has. Error kSyntax, its span
/// counted from the beginning of `text`.
Result<Type> ReadType(std::string_view text, std::size_t* length);
/// Reads a text that is a type and nothing else.
Result<Type> ParseType(std::string_view text);

/// The name of a kind as a type: "STRING", "ZONED DATETIME".
std::string_view TypeNameOf(Kind kind);

}  // namespace kb::schema
