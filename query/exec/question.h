// Questions: the queries that procedures run while a statement runs (algo/procedure.h).
#pragma once

#include "query/exec/runtime.h"

namespace kb::query::exec {

/// One thread. Borrows what the statement that asks has borrowed.
class Runtime::Questions final : public Asker {
 public:
  Questions(Engine* engine, const Cancellation* cancellation, Host* host, unsigned depth)
      : engine_(engine), cancellation_(cancellation), host_(host), depth_(depth) {}

  Result<void> Ask(const Question& question, const Visit& visit) const override;

 private:
  Result<void> Run(const Question& question, const Visit& visit) const;

  Engine* engine_;
  const Cancellation* cancellation_;
  Host* host_;
  unsigned depth_;
};

}  // namespace kb::query::exec
