#include "query/bind/scope.h"

#include <algorithm>
#include <utility>

namespace kb::query::bind {

void Scope::Add(Variable variable) {
  index_[variable.name] = variables_.size();
  variables_.push_back(std::move(variable));
}

void Scope::Replace(std::vector<Variable> variables) {
  index_.clear();
  variables_.clear();
  for (auto& variable : variables) Add(std::move(variable));
}

const Variable* Scope::FindHere(std::string_view name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? nullptr : &variables_[found->second];
}

const Variable* Scope::Find(std::string_view name) const {
  for (const Scope* scope = this; scope != nullptr; scope = scope->outer_) {
    if (const Variable* variable = scope->FindHere(name)) return variable;
  }
  return nullptr;
}

std::vector<Variable> Scope::Visible() const {
  std::vector<Variable> visible;
  for (const Scope* scope = this; scope != nullptr; scope = scope->outer_) {
    for (auto variable = scope->variables_.rbegin(); variable != scope->variables_.rend();
         ++variable) {
      const bool hidden = std::any_of(visible.begin(), visible.end(), [&](const Variable& inner) {
        return inner.name == variable->name;
      });
      if (!hidden) visible.push_back(*variable);
    }
  }
  return visible;
}

}  // namespace kb::query::bind
