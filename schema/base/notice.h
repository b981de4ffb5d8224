// What a statement should be told beside its result: no error, but likely a slip.
//
// A notice reads like an error: what, where, and how to mend it. It is told of what the catalog
// shows and never of a guess.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "schema/base/error.h"

namespace kb {

struct Notice {
  enum class Kind : std::uint8_t {
    kUnknownLabel,  ///< Nothing has the label, or, where a relationship may be tested, the type.
    kUnknownType,
    kUnknownKey,
  };
  Kind kind;
  std::string message;  ///< "no node has the label `Persn`"
  std::string hint;     ///< May be empty.
  Span span;            ///< Within the statement.

  /// The whole of it for a person, as Error::Format.
  std::string Format(std::string_view text = {}) const;
};

}  // namespace kb
