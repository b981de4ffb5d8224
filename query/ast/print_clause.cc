// Clauses as text.
#include "query/ast/printer.h"

namespace kb::query::ast {

void Printer::Write(const Clause& clause) { std::visit(*this, clause.node); }

void Printer::operator()(const Match& match) {
  Add(match.optional ? "OPTIONAL MATCH " : "MATCH ");
  if (match.mode == MatchMode::kRepeatableElements) Add("REPEATABLE ELEMENTS ");
  Write(match.pattern);
  Where(match.where);
}

void Printer::operator()(const Unwind& unwind) {
  Add("UNWIND ");
  Write(*unwind.list);
  Add(" AS ");
  VariableName(unwind.variable.text);
}

void Printer::Write(const Projection& projection) {
  if (projection.distinct) Add("DISTINCT ");
  if (projection.all) Add(projection.items.empty() ? "*" : "*, ");
  List(projection.items, [&](const ProjectionItem& item) {
    Write(*item.expression);
    if (!item.alias) return;
    Add(" AS ");
    VariableName(item.alias->text);
  });
  Tail(projection);
}

void Printer::Tail(const Projection& projection) {
  if (!projection.order_by.empty()) {
    Add(" ORDER BY ");
    List(projection.order_by, [&](const SortItem& item) {
      Write(*item.expression);
      if (item.descending) Add(" DESC");
    });
  }
  if (projection.skip) {
    Add(" SKIP ");
    Write(*projection.skip);
  }
  if (projection.limit) {
    Add(" LIMIT ");
    Write(*projection.limit);
  }
}

void Printer::operator()(const With& with) {
  Add("WITH ");
  Write(with.projection);
  Where(with.where);
}

void Printer::operator()(const Return& result) {
  Add("RETURN ");
  Write(result.projection);
}

void Printer::operator()(const Finish&) { Add("FINISH"); }

void Printer::operator()(const Create& create) {
  Add("CREATE ");
  Write(create.pattern);
  Write(create.evidence);
}

void Printer::Labels(const std::vector<Name>& labels, const std::vector<LabelComputed>& computed) {
  for (const Name& label : labels) {
    Add(":");
    KeyName(label.text);
  }
  for (const LabelComputed& label : computed) {
    Add(":");
    Write(label);
  }
}

void Printer::Write(const SetItem& item) { std::visit(*this, item); }

void Printer::operator()(const SetProperty& item) {
  Operand(*item.target, Binding::kSuffix);
  Add(" = ");
  Write(*item.value);
}

void Printer::operator()(const SetVariable& item) {
  VariableName(item.variable.text);
  Add(item.merge ? " += " : " = ");
  Write(*item.value);
}

void Printer::operator()(const SetLabels& item) {
  VariableName(item.variable.text);
  Labels(item.labels, item.computed);
}

void Printer::operator()(const Set& set) {
  Add("SET ");
  List(set.items, [&](const SetItem& item) { Write(item); });
  Write(set.evidence);
}

void Printer::operator()(const RemoveProperty& item) { Operand(*item.target, Binding::kSuffix); }

void Printer::operator()(const RemoveLabels& item) {
  VariableName(item.variable.text);
  Labels(item.labels, item.computed);
}

void Printer::operator()(const Remove& remove) {
  Add("REMOVE ");
  List(remove.items, [&](const auto& item) { std::visit(*this, item); });
}

void Printer::operator()(const Delete& clause) {
  Add(clause.detach ? "DETACH DELETE " : "DELETE ");
  Expressions(clause.expressions);
}

void Printer::operator()(const Merge& merge) {
  Add("MERGE ");
  Write(merge.pattern);
  const auto on = [&](const std::vector<SetItem>& items, std::string_view words) {
    if (items.empty()) return;
    Add(words);
    List(items, [&](const SetItem& item) { Write(item); });
  };
  on(merge.on_create, " ON CREATE SET ");
  on(merge.on_match, " ON MATCH SET ");
  Write(merge.evidence);
}

void Printer::operator()(const Foreach& clause) {
  Add("FOREACH (");
  VariableName(clause.variable.text);
  Add(" IN ");
  Write(*clause.list);
  Add(" |");
  for (const auto& inner : clause.body) {
    Add(" ");
    Write(*inner);
  }
  Add(")");
}

void Printer::operator()(const CallProcedure& call) {
  Add(call.optional ? "OPTIONAL CALL " : "CALL ");
  DottedName(call.name.text);
  if (call.arguments) {
    Add("(");
    Expressions(*call.arguments);
    Add(")");
  }
  if (call.yield_all) Add(" YIELD *");
  if (call.yields) {
    Add(call.yields->empty() ? " YIELD -" : " YIELD ");
    Yields(*call.yields);
  }
  Where(call.where);
}

void Printer::Yields(const std::vector<CallProcedure::Yield>& yields) {
  List(yields, [&](const CallProcedure::Yield& yield) {
    VariableName(yield.field.text);
    if (!yield.alias) return;
    Add(" AS ");
    VariableName(yield.alias->text);
  });
}

void Printer::operator()(const CallSubquery& call) {
  Add(call.optional ? "OPTIONAL CALL " : "CALL ");
  if (call.imports_all) Add("(*) ");
  if (call.imports) {
    Add("(");
    List(*call.imports, [&](const Name& name) { VariableName(name.text); });
    Add(") ");
  }
  Add("{ ");
  Write(*call.query);
  Add(" }");
  if (call.transactions) InTransactions(*call.transactions);
}

void Printer::InTransactions(const ast::InTransactions& in) {
  Add(" IN ");
  if (in.concurrency) {
    Write(*in.concurrency);
    Add(" CONCURRENT ");
  }
  Add("TRANSACTIONS");
  if (in.rows) {
    Add(" OF ");
    Write(*in.rows);
    Add(" ROWS");
  }
  if (in.on_error == OnError::kContinue) Add(" ON ERROR CONTINUE");
  if (in.on_error == OnError::kBreak) Add(" ON ERROR BREAK");
  if (!in.status) return;
  Add(" REPORT STATUS AS ");
  VariableName(in.status->text);
}

void Printer::operator()(const Conditional& conditional) {
  for (const auto& branch : conditional.branches) {
    Add(&branch == &conditional.branches.front() ? "WHEN " : " WHEN ");
    Write(*branch.first);
    Add(" THEN { ");
    Write(*branch.second);
    Add(" }");
  }
  if (!conditional.otherwise) return;
  Add(" ELSE { ");
  Write(*conditional.otherwise);
  Add(" }");
}

void Printer::operator()(const LoadCsv& load) {
  Add(load.with_headers ? "LOAD CSV WITH HEADERS FROM " : "LOAD CSV FROM ");
  Write(*load.source);
  Add(" AS ");
  VariableName(load.variable.text);
  if (!load.field_terminator) return;
  Add(" FIELDTERMINATOR ");
  Write(*load.field_terminator);
}

void Printer::operator()(const Amend& clause) {
  const auto part = [&](std::string_view words, const ExpressionPtr& expression,
                        std::string_view after) {
    if (!expression) return;
    Add(words);
    Write(*expression);
    Add(after);
  };
  switch (clause.kind) {
    case AmendKind::kWithdrawStatement:
      part("WITHDRAW STATEMENT ", clause.subject, "");
      break;
    case AmendKind::kWithdrawJudgement:
      part("WITHDRAW JUDGEMENT ", clause.subject, "");
      break;
    case AmendKind::kErase:
      part("ERASE ", clause.subject, "");
      break;
    case AmendKind::kEraseStatement:
      part("ERASE STATEMENT ", clause.subject, "");
      break;
    case AmendKind::kAssertSame:
      part("ASSERT SAME (", clause.subject, "), ");
      break;
    case AmendKind::kAssertDistinct:
      part("ASSERT DISTINCT (", clause.subject, "), ");
      break;
  }
  part("(", clause.other, ")");
  part(" BECAUSE ", clause.because, "");
  part(" BY ", clause.by, "");
  Write(clause.evidence);
}

void Printer::Write(const EvidencePtr& evidence) {
  if (!evidence) return;
  const auto part = [&](std::string_view words, const ExpressionPtr& expression) {
    if (!expression) return;
    Add(words);
    Write(*expression);
  };
  part(" FROM SOURCE ", evidence->source);
  part(" GRADE ", evidence->grade);
  part(" AT ", evidence->at);
  part(" BY ", evidence->by);
  part(" VALID ", evidence->valid);
}

void Printer::Write(const ViewClausePtr& view) {
  if (!view) return;
  if (view->raw) Add("RAW ");
  const auto part = [&](std::string_view words, const ExpressionPtr& expression,
                        std::string_view after) {
    if (!expression) return;
    Add(words);
    Write(*expression);
    Add(after);
  };
  part("FOR SYSTEM_TIME AS OF ", view->system_time, " ");
  part(view->valid_to ? "FOR VALID_TIME FROM " : "FOR VALID_TIME AS OF ", view->valid_from, " ");
  part("TO ", view->valid_to, " ");
  if (view->possibly) Add("POSSIBLY ");
  part(view->only ? "ONLY SOURCES " : "EXCLUDING SOURCES ", view->sources, " ");
}

}  // namespace kb::query::ast
