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

Error::Error(ErrorCode code, std::string message)
    : body_(std::make_unique<Body>(Body{code, Phase::kRuntime, {}, {}, std::move(message), {}})
                .release()) {}

Error::Error(const Error& other)
    : body_(other.body_ ? std::make_unique<Body>(*other.body_).release() : nullptr) {}

Error& Error::operator=(const Error& other) {
  if (this != &other) *this = Error(other);
  return *this;
}

void Error::Drop::operator()(Body* body) const { const std::unique_ptr<Body> owned(body); }

Error& Error::Detail(std::string_view detail) & {
  body_->detail = detail;
  return *this;
}

Error& Error::At(Span span) & {
  if (body_->span.empty()) body_->span = span;
  return *this;
}

Error& Error::Hint(std::string hint) & {
  body_->hint = std::move(hint);
  return *this;
}

Error& Error::During(Phase phase) & {
  body_->phase = phase;
  return *this;
}

std::string Error::Format(std::string_view text) const {
  std::string out = fmt::format("{}: {}", TypeName(code()), text::VisibleLines(message()));
  if (!detail().empty()) out += fmt::format(" ({})", detail());
  out += Excerpt(text, span());
  if (!hint().empty()) out += "\n  help: " + text::VisibleLines(hint());
  return out;
}

}  // namespace kb
