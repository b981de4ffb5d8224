#include "schema/base/error.h"

#include "schema/base/excerpt.h"
#include "schema/base/text.h"

namespace kb {

std::string_view TypeName(ErrorCode code) {
  switch (code) {
    case ErrorCode::kSyntax:
      return "SyntaxError";
    case ErrorCode::kSemantic:
      return "SemanticError";
    case ErrorCode::kType:
      return "TypeError";
    case ErrorCode::kArgument:
      return "ArgumentError";
    case ErrorCode::kArithmetic:
      return "ArithmeticError";
    case ErrorCode::kParameter:
      return "ParameterMissing";
    case ErrorCode::kNotFound:
      return "EntityNotFound";
    case ErrorCode::kConstraint:
      return "ConstraintVerificationFailed";
    case ErrorCode::kProcedure:
      return "ProcedureError";
    case ErrorCode::kProtocol:
      return "ProtocolError";
    case ErrorCode::kConflict:
      return "TransactionError";
    case ErrorCode::kReadOnly:
      return "ReadOnlyError";
    case ErrorCode::kUnsupported:
      return "UnsupportedError";
    case ErrorCode::kLimit:
      return "LimitError";
    case ErrorCode::kCancelled:
      return "CancelledError";
    case ErrorCode::kIo:
      return "IoError";
    case ErrorCode::kCorruption:
      return "CorruptionError";
    case ErrorCode::kInternal:
      return "InternalError";
  }
  return "InternalError";
}

Error& Error::At(Span span) & {
  if (span_.empty()) span_ = span;
  return *this;
}

std::string Error::Format(std::string_view text) const {
  std::string out = fmt::format("{}: {}", TypeName(code_), text::VisibleLines(message_));
  if (!detail_.empty()) out += fmt::format(" ({})", detail_);
  out += Excerpt(text, span_);
  if (!hint_.empty()) out += "\n  help: " + text::VisibleLines(hint_);
  return out;
}

}  // namespace kb
