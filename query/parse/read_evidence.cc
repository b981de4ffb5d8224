// Evidence behind a clause, the view at the head of a query; WITHDRAW, ERASE and ASSERT.
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
    } else if (!view->raw && Keyword("RAW")) {
      view->raw = true;
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
  if (!view->raw && !view->system_time && !view->valid_from && !view->sources) return nullptr;
  return view;
}

/// WITHDRAW …, ERASE … and ASSERT …; nullopt where none stands here.
std::optional<ast::Amend> Reader::Amend() {
  using ast::AmendKind;
  ast::Amend clause;
  if (Keywords("WITHDRAW", "STATEMENT")) {
    clause.kind = AmendKind::kWithdrawStatement;
  } else if (Keywords("WITHDRAW", "JUDGEMENT")) {
    clause.kind = AmendKind::kWithdrawJudgement;
  } else if (Keywords("ERASE", "STATEMENT")) {
    clause.kind = AmendKind::kEraseStatement;
  } else if (Keyword("ERASE")) {
    clause.kind = AmendKind::kErase;
  } else if (Keywords("ASSERT", "SAME")) {
    clause.kind = AmendKind::kAssertSame;
  } else if (Keywords("ASSERT", "DISTINCT")) {
    clause.kind = AmendKind::kAssertDistinct;
  } else {
    return std::nullopt;
  }
  const bool judges =
      clause.kind == AmendKind::kAssertSame || clause.kind == AmendKind::kAssertDistinct;
  clause.subject = Expression();
  if (judges) {
    NeedSymbol(",");
    clause.other = Expression();
  }
  // Reasons, author and source stand in any order.
  const auto reason = [&] {
    if (clause.because || !Keyword("BECAUSE")) return false;
    clause.because = Expression();
    return true;
  };
  const auto author = [&] {
    if (!judges || clause.by || !Keyword("BY")) return false;
    clause.by = Expression();
    return true;
  };
  const auto source = [&] {
    if (!judges || clause.evidence) return false;
    clause.evidence = EvidenceTail();
    return clause.evidence != nullptr;
  };
  while (reason() || author() || source()) {
  }
  return clause;
}

}  // namespace kb::query::parse
