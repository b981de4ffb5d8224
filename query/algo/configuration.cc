#include "query/algo/algorithms.h"

namespace kb::query::algo {

Result<storage::SelectionOptions> ReadConfiguration(const Call& call) {
  storage::SelectionOptions options;
  if (call.arguments.empty() || call.arguments[0].is_null()) return options;
  for (const auto& [name, value] : call.arguments[0].map()) {
    if (name != "labels" && name != "types") {
      return ArgumentError("`{}` is no option of this algorithm", name)
          .Detail("InvalidArgumentValue")
          .Hint("the options are {labels: [...], types: [...]}");
    }
    if (!value.is_list()) {
      return TypeError("option `{}` is a list of names, but got {}", name,
                       schema::KindName(value.kind()))
          .Detail("InvalidArgumentType");
    }
    for (const auto& item : value.list()) {
      if (!item.is_string()) {
        return TypeError("option `{}` is a list of names, but one is {}", name,
                         schema::KindName(item.kind()))
            .Detail("InvalidArgumentType");
      }
      auto& names = name == "labels" ? options.labels : options.types;
      names.emplace_back(item.string());
    }
  }
  return options;
}

}  // namespace kb::query::algo
