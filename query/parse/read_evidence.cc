// Evidence behind a clause, the view at the head of a query, WITHDRAW.
#include "query/parse/reader_inline.h"

namespace kb::query::parse {

ast::Create Reader::CreateClause() {
  ast::Create create{Pattern()};
  create.evidence = EvidenceTail();
  return create;
}

ast::Set Reader::SetClause() {
  ast::Set set{SetItems()};
  set.evidence = EvidenceTail();
  return set;
}

/// `FROM SOURCE …` and what belongs to it, in any order behind the source; null where it does not
/// stand here.
ast::EvidencePtr Reader::EvidenceTail() {
  if (!Keywords("FROM", "SOURCE")) return nullptr;
  auto evidence = std::make_shared<ast::Evidence>();
  evidence->source = Expression();
  const auto part = [&](ast::ExpressionPtr* into, std::string_view word) {
    if (*into != nullptr || !Keyword(word)) return false;
    *into = Expression();
    return true;
  };
  while (part(&evidence->grade, "GRADE") || part(&evidence->at, "AT") ||
         part(&evidence->by, "BY") || part(&evidence->valid, "VALID")) {
  }
  return evidence;
}

/// The views in any order, each at most once; null where none stands here.
ast::ViewClausePtr Reader::ViewHead() {
  SkipSpace();
  const std::uint32_t begin = Here();
  auto view = std::make_shared<ast::ViewClause>();
  while (true) {
    if (!view->system_time && Keywords("FOR", "SYSTEM_TIME")) {
      NeedKeyword("AS");
      NeedKeyword("OF");
      view->system_time = Expression();
    } else if (!view->valid_from && Keywords("FOR", "VALID_TIME")) {
      if (Keyword("FROM")) {
        view->valid_from = Expression();
        NeedKeyword("TO");
        view->valid_to = Expression();
      } else {
        NeedKeyword("AS");
        NeedKeyword("OF");
        view->valid_from = Expression();
      }
      view->possibly = Keyword("POSSIBLY");
      if (!view->possibly) Keyword("CERTAINLY");
    } else if (!view->sources && Keywords("EXCLUDING", "SOURCES")) {
      view->sources = Expression();
    } else if (!view->sources && Keywords("ONLY", "SOURCES")) {
      view->sources = Expression();
      view->only = true;
    } else {
      break;
    }
  }
  view->span = From(begin);
  if (!view->system_time && !view->valid_from && !view->sources) return nullptr;
  return view;
}

ast::Withdraw Reader::Withdraw() {
  ast::Withdraw clause;
  clause.statement = Expression();
  if (Keyword("BECAUSE")) clause.because = Expression();
  return clause;
}

}  // namespace kb::query::parse
