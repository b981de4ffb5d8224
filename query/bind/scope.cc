#include "query/bind/scope.h"

#include <algorithm>

namespace kb::query::bind {

const Variable* Scope::FindHere(std::string_view name) const {
  for (auto variable = variables_.rbegin(); variable != variables_.rend(); ++variable) {
    if (variable->name == name) return &*variable;
  }
  return nullptr;
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
