#include "schema/base/gql_status.h"

namespace kb {
namespace {

// Names of the standard.
constexpr std::string_view kWarning = "01000";
constexpr std::string_view kDataException = "22000";
constexpr std::string_view kNumericValueOutOfRange = "22003";
constexpr std::string_view kDivisionByZero = "22012";
constexpr std::string_view kInvalidValueType = "22G03";
constexpr std::string_view kInvalidTransactionState = "25000";
constexpr std::string_view kReadOnlyTransaction = "25G03";
constexpr std::string_view kTransactionRollback = "40000";
constexpr std::string_view kSyntaxErrorOrAccessRuleViolation = "42000";
constexpr std::string_view kInvalidSyntax = "42001";
constexpr std::string_view kInvalidReference = "42002";
constexpr std::string_view kDependentObjectEdgesStillExist = "G1001";
constexpr std::string_view kGraphTypeViolation = "G2000";
// The standard leaves what an implementation cannot do to the implementation: classes from 5 on.
constexpr std::string_view kGeneralProcessingException = "50000";

bool NamesWhatIsNotThere(std::string_view detail) {
  return detail == "UndefinedVariable" || detail == "UnknownFunction" ||
         detail == "ProcedureNotFound" || detail == "MissingParameter";
}

bool IsOutOfRange(std::string_view detail) {
  return detail == "IntegerOverflow" || detail == "FloatingPointOverflow" ||
         detail == "NumberOutOfRange" || detail == "NegativeIntegerArgument";
}

std::string_view OfText(std::string_view detail) {
  if (NamesWhatIsNotThere(detail)) return kInvalidReference;
  if (IsOutOfRange(detail)) return kNumericValueOutOfRange;
  if (detail == "InvalidArgumentType") return kInvalidValueType;
  return kInvalidSyntax;
}

}  // namespace

std::string_view GqlStatus(const Error& error) {
  const std::string_view detail = error.detail();
  switch (error.code()) {
    case ErrorCode::kSyntax:
    case ErrorCode::kProcedure:
      return OfText(detail);
    case ErrorCode::kSemantic:
    case ErrorCode::kUnsupported:
      return kSyntaxErrorOrAccessRuleViolation;
    case ErrorCode::kType:
      return kInvalidValueType;
    case ErrorCode::kArgument:
      return IsOutOfRange(detail) ? kNumericValueOutOfRange : kDataException;
    case ErrorCode::kArithmetic:
      return detail == "DivisionByZero" ? kDivisionByZero : kNumericValueOutOfRange;
    case ErrorCode::kParameter:
    case ErrorCode::kNotFound:
      return kInvalidReference;
    case ErrorCode::kConstraint:
      return detail == "DeleteConnectedNode" ? kDependentObjectEdgesStillExist
                                             : kGraphTypeViolation;
    case ErrorCode::kConflict:
      return kInvalidTransactionState;
    case ErrorCode::kReadOnly:
      return kReadOnlyTransaction;
    case ErrorCode::kCancelled:
      return kTransactionRollback;
    case ErrorCode::kProtocol:
    case ErrorCode::kLimit:
    case ErrorCode::kIo:
    case ErrorCode::kCorruption:
    case ErrorCode::kInternal:
      return kGeneralProcessingException;
  }
  return kGeneralProcessingException;
}

std::string_view GqlStatus(const Notice&) { return kWarning; }

}  // namespace kb
