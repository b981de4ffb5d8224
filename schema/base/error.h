// What went wrong, in words a user can act on.
//
// Every function that can fail returns a Result<T> (result.h) that carries one of these. The code
// is chosen by what the caller can do about it; the names that users and the openCypher TCK see
// (type, phase, detail) follow from it. A message stands alone on its first line; position and hint
// are separate so that a shell can draw carets and a protocol can send fields.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace kb {

enum class ErrorCode : std::uint8_t {
  // Mend the query or the data.
  kSyntax,    ///< SyntaxError: the text is not a statement, or cannot mean anything.
  kSemantic,  ///< SemanticError: the text is a statement, but what it asks for contradicts itself.
  kType,      ///< TypeError: a value of the wrong kind.
  kArgument,  ///< ArgumentError: a value of the right kind that is out of range or unusable.
  kArithmetic,  ///< ArithmeticError: division by zero, overflow.
  kParameter,   ///< ParameterMissing: a parameter that the statement names was not given.
  kNotFound,    ///< EntityNotFound: a deleted node or relationship, a missing index, file or name.
  kConstraint,  ///< ConstraintVerificationFailed: the change would break a rule of the case.
  kProcedure,   ///< ProcedureError: a procedure that is unknown or was called wrongly.
  kProtocol,    ///< ProtocolError: a request that is no request.
  // Try again.
  kConflict,  ///< TransactionError: another writer was there, or the transaction is over.
  // Ask for something else.
  kReadOnly,     ///< ReadOnlyError: a write where only reading is allowed.
  kUnsupported,  ///< UnsupportedError: a form that this version does not have.
  kLimit,        ///< LimitError: deeper, longer or larger than the limits in limits.h.
  kCancelled,    ///< CancelledError: stopped by the user or by the deadline.
  // The operator's, or ours.
  kIo,          ///< IoError: the file system said no.
  kCorruption,  ///< CorruptionError: what is on disk is not what was written.
  kInternal,    ///< InternalError: our own mistake.
};

/// The name users see for a code, such as "SyntaxError".
std::string_view TypeName(ErrorCode code);

/// When an error was found: before the statement ran, or while it ran.
enum class Phase : std::uint8_t { kCompile, kRuntime };

/// A half-open range of bytes [begin, end) of the statement's UTF-8 text. Empty means "no place".
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  bool empty() const { return begin == end; }
  friend bool operator==(const Span&, const Span&) = default;
};

/// One error: code, phase, TCK detail, message, place and hint. A value; copyable; immutable once
/// returned; not to be read once moved from. The setters chain so that an error is written as one
/// expression where it is raised.
///
/// It is one pointer, and all that makes, copies and drops what is behind it stands apart from the
/// code that calls it: every Result carries an error that is hardly ever there.
class Error {
 public:
  [[gnu::cold]] Error(ErrorCode code, std::string message);
  [[gnu::cold]] Error(const Error& other);
  [[gnu::cold]] Error& operator=(const Error& other);
  Error(Error&&) noexcept = default;
  Error& operator=(Error&&) noexcept = default;
  ~Error() = default;

  /// The TCK's name of the kind of mistake, such as "UndefinedVariable"; may stay empty.
  [[gnu::cold]] Error& Detail(std::string_view detail) &;
  Error&& Detail(std::string_view detail) && { return std::move(Detail(detail)); }
  /// Where in the statement. A span that is already set stays: the innermost place wins.
  [[gnu::cold]] Error& At(Span span) &;
  Error&& At(Span span) && { return std::move(At(span)); }
  /// How to mend it. Must be true: a guess is said as a question ("did you mean …?").
  [[gnu::cold]] Error& Hint(std::string hint) &;
  Error&& Hint(std::string hint) && { return std::move(Hint(std::move(hint))); }
  [[gnu::cold]] Error& During(Phase phase) &;
  Error&& During(Phase phase) && { return std::move(During(phase)); }

  ErrorCode code() const { return body_->code; }
  Phase phase() const { return body_->phase; }
  const std::string& detail() const { return body_->detail; }
  const std::string& message() const { return body_->message; }
  const std::string& hint() const { return body_->hint; }
  Span span() const { return body_->span; }

  /// The whole error for a person: type, message, place with carets under the span, help. `text` is
  /// the statement the span points into; with an empty text or span the place is left out. Lines
  /// end with '\n' except the last. Carets count display columns; long lines are clipped around
  /// them.
  std::string Format(std::string_view text = {}) const;

 private:
  struct Body {
    ErrorCode code;
    Phase phase = Phase::kRuntime;
    Span span;
    std::string detail;
    std::string message;
    std::string hint;
  };
  struct Drop {
    [[gnu::cold]] void operator()(Body* body) const;
  };
  std::unique_ptr<Body, Drop> body_;
};

// Makers, one a code that is raised often: `return TypeError("head() needs a list, but got {}",
// kind);`
#define KB_ERROR_MAKER(Name, code)                                               \
  template <typename... Args>                                                    \
  [[gnu::cold]] Error Name(fmt::format_string<Args...> format, Args&&... args) { \
    return Error(code, fmt::format(format, std::forward<Args>(args)...));        \
  }
KB_ERROR_MAKER(SyntaxError, ErrorCode::kSyntax)
KB_ERROR_MAKER(SemanticError, ErrorCode::kSemantic)
KB_ERROR_MAKER(TypeError, ErrorCode::kType)
KB_ERROR_MAKER(ArgumentError, ErrorCode::kArgument)
KB_ERROR_MAKER(ArithmeticError, ErrorCode::kArithmetic)
KB_ERROR_MAKER(NotFoundError, ErrorCode::kNotFound)
KB_ERROR_MAKER(ConstraintError, ErrorCode::kConstraint)
KB_ERROR_MAKER(ProcedureError, ErrorCode::kProcedure)
KB_ERROR_MAKER(ProtocolError, ErrorCode::kProtocol)
KB_ERROR_MAKER(ConflictError, ErrorCode::kConflict)
KB_ERROR_MAKER(UnsupportedError, ErrorCode::kUnsupported)
KB_ERROR_MAKER(LimitError, ErrorCode::kLimit)
KB_ERROR_MAKER(IoError, ErrorCode::kIo)
KB_ERROR_MAKER(CorruptionError, ErrorCode::kCorruption)
KB_ERROR_MAKER(InternalError, ErrorCode::kInternal)
#undef KB_ERROR_MAKER

}  // namespace kb
