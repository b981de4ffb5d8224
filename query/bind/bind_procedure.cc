// CALL name(arguments) YIELD …
#include <algorithm>

#include "query/bind/query_binder.h"
#include "query/bind/suggest.h"

namespace kb::query::bind {
namespace {

std::string Signature(const Procedure& procedure) {
  std::string text = procedure.name + "(";
  for (std::size_t i = 0; i < procedure.inputs.size(); ++i) {
    if (i != 0) text += ", ";
    text += procedure.inputs[i].name + " :: " + procedure.inputs[i].type;
  }
  return text + ")";
}

std::string OutputNames(const Procedure& procedure) {
  std::string text;
  for (const auto& output : procedure.outputs) {
    if (!text.empty()) text += ", ";
    text += output.name;
  }
  return text.empty() ? "the procedure yields nothing" : "it yields " + text;
}

/// The output that was likely meant, or all that there are.
std::string SuggestOutput(std::string_view name, const Procedure& procedure) {
  std::vector<std::string_view> names;
  for (const auto& output : procedure.outputs) names.push_back(output.name);
  const std::string_view near = NearName(name, names);
  return near.empty() ? OutputNames(procedure) : fmt::format("did you mean {}?", near);
}

}  // namespace

Result<CallProcedure> QueryBinder::BindCallProcedure(const ast::CallProcedure& call) {
  CallProcedure bound;
  bound.standalone = standalone_;
  bound.optional = call.optional;
  if (environment_.find_procedure) bound.procedure = environment_.find_procedure(call.name.text);
  if (bound.procedure == nullptr) {
    return ProcedureError("procedure {} does not exist", call.name.text)
        .Detail("ProcedureNotFound")
        .At(call.name.span)
        .Hint(SuggestProcedure(call.name.text));
  }
  if (bound.procedure->writes) {
    ++write_count_;
    for (const auto sort :
         {UnknownName::Sort::kLabel, UnknownName::Sort::kType, UnknownName::Sort::kKey}) {
      names_.WrittenByValue(sort);
    }
  }
  KB_TRY(BindArguments(call, &bound));
  KB_TRY(BindYields(call, &bound));
  KB_ASSIGN(bound.where, BindWhere(call.where));
  return bound;
}

Result<void> QueryBinder::BindArguments(const ast::CallProcedure& call, CallProcedure* bound) {
  const Procedure& procedure = *bound->procedure;
  if (!call.arguments) {
    if (procedure.inputs.empty()) return {};
    if (!standalone_) {
      return BindError("InvalidArgumentPassingMode", call.name.span,
                       "within a query the arguments of {} must be written out", procedure.name)
          .Hint("the form is CALL " + Signature(procedure));
    }
    for (const auto& input : procedure.inputs) {
      AddParameter(input.name, call.name.span);
      bound->arguments.push_back(MakeExpression(Parameter{input.name}, call.name.span));
    }
    return {};
  }
  const std::size_t count = call.arguments->size();
  if (count < procedure.inputs_min || count > procedure.inputs.size()) {
    return BindError("InvalidNumberOfArguments", call.name.span,
                     "{} takes {}{} argument{}, but got {}", procedure.name,
                     procedure.inputs_min == procedure.inputs.size()
                         ? std::string()
                         : fmt::format("{} to ", procedure.inputs_min),
                     procedure.inputs.size(), procedure.inputs.size() == 1 ? "" : "s", count)
        .Hint("the form is CALL " + Signature(procedure));
  }
  for (std::size_t i = 0; i < count; ++i) {
    KB_ASSIGN(ExpressionPtr argument, BindPlain(*(*call.arguments)[i], "an argument of CALL"));
    const KindSet allowed = FieldKinds(procedure.inputs[i].type);
    if (IsNever(argument->kinds, allowed)) {
      return BindError("InvalidArgumentType", argument->span, "`{}` of {} is {}, but this is {}",
                       procedure.inputs[i].name, procedure.name, procedure.inputs[i].type,
                       DescribeWithArticle(argument->kinds));
    }
    bound->arguments.push_back(std::move(argument));
  }
  return {};
}

Result<void> QueryBinder::BindYields(const ast::CallProcedure& call, CallProcedure* bound) {
  const auto& outputs = bound->procedure->outputs;
  if (call.yield_all && !standalone_) {
    return BindError("UnexpectedSyntax", call.name.span,
                     "within a query YIELD must name the fields")
        .Hint(OutputNames(*bound->procedure));
  }
  if (call.yields) {
    for (const auto& yield : *call.yields) {
      const auto output = std::find_if(outputs.begin(), outputs.end(), [&](const Field& field) {
        return field.name == yield.field.text;
      });
      if (output == outputs.end()) {
        return BindError("UndefinedVariable", yield.field.span, "{} does not yield {}",
                         bound->procedure->name, Quoted(yield.field.text))
            .Hint(SuggestOutput(yield.field.text, *bound->procedure));
      }
      KB_TRY(Yield(bound, static_cast<std::size_t>(output - outputs.begin()),
                   yield.alias ? *yield.alias : yield.field));
    }
    return {};
  }
  if (!standalone_) return {};
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    KB_TRY(Yield(bound, i, ast::Name{outputs[i].name, call.name.span}));
  }
  return {};
}

Result<void> QueryBinder::Yield(CallProcedure* bound, std::size_t output, const ast::Name& name) {
  const KindSet kinds = FieldKinds(bound->procedure->outputs[output].type);
  KB_ASSIGN(const Slot slot, Declare(name, kinds, functions::kAnyKind));
  bound->yields.emplace_back(output, slot);
  return {};
}

}  // namespace kb::query::bind
