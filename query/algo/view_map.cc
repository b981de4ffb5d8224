#include "query/algo/view_map.h"

#include <algorithm>
#include <array>
#include <utility>

#include "query/bind/suggest.h"
#include "schema/edtf.h"

namespace kb::query::algo {
namespace {

using schema::Value;

constexpr std::array<std::string_view, 8> kKeys = {"systemTime",  "validTime", "validFrom",
                                                   "validTo",     "possibly",  "excludingSources",
                                                   "onlySources", "raw"};

Result<bool> FlagOf(const Value& value, std::string_view key) {
  if (value.is_boolean()) return value.boolean();
  return TypeError("`{}` of a view is true or false, but this is {}", key,
                   schema::KindName(value.kind()))
      .Detail("InvalidArgumentType");
}

Error UnknownKey(std::string_view key) {
  const std::string_view near = bind::NearName(key, kKeys);
  std::string all;
  for (const std::string_view known : kKeys) all += (all.empty() ? "" : ", ") + std::string(known);
  return ArgumentError("a view has no `{}`", key)
      .Detail("InvalidArgumentValue")
      .Hint(near.empty() ? "it has " + all : fmt::format("did you mean {}?", near));
}

Result<void> SetPart(const std::string& key, const Value& value, const storage::View& view,
                     storage::ViewRequest* request) {
  const std::string what = "`" + key + "` of a view";
  if (key == "systemTime") {
    KB_ASSIGN(request->system_time, SystemTimeOf(value, what));
  } else if (key == "validTime" || key == "validFrom") {
    KB_ASSIGN(request->valid_from, ValidTimeOf(value, what));
  } else if (key == "validTo") {
    KB_ASSIGN(request->valid_to, ValidTimeOf(value, what));
  } else if (key == "possibly") {
    KB_ASSIGN(request->possibly, FlagOf(value, key));
  } else if (key == "raw") {
    KB_ASSIGN(request->raw, FlagOf(value, key));
  } else if (key == "excludingSources" || key == "onlySources") {
    request->only_sources = key == "onlySources";
    KB_ASSIGN(request->sources, SourcesOf(value, view));
  } else {
    return UnknownKey(key);
  }
  return {};
}

}  // namespace

Result<std::int64_t> SystemTimeOf(const Value& value, std::string_view what) {
  if (!schema::IsMoment(value)) {
    return TypeError("{} is a date or date-time, but this is {}", what,
                     schema::KindName(value.kind()))
        .Detail("InvalidArgumentType");
  }
  const std::int64_t last = schema::MomentsOf(value).end.latest;
  constexpr std::int64_t kSecondMax = std::int64_t{1} << 42;
  if (last > kSecondMax) return kSecondMax * 1'000'000;
  if (last < -kSecondMax) return -kSecondMax * 1'000'000;
  std::int64_t micros = 999'999;
  if (value.kind() == schema::Kind::kDateTime) micros = value.date_time().nanos / 1000;
  if (value.kind() == schema::Kind::kLocalDateTime) micros = value.local_date_time().nanos / 1000;
  return last * 1'000'000 + micros;
}

Result<Value> ValidTimeOf(Value value, std::string_view what) {
  if (schema::IsMoment(value)) return value;
  return TypeError("{} is a date, date-time or uncertain date, but this is {}", what,
                   schema::KindName(value.kind()))
      .Detail("InvalidArgumentType");
}

Result<std::vector<storage::NodeId>> SourcesOf(const Value& list, const storage::View& view) {
  if (!list.is_list()) {
    return TypeError("sources are a list of names or nodes, but this is {}",
                     schema::KindName(list.kind()))
        .Detail("InvalidArgumentType");
  }
  std::vector<storage::NodeId> sources;
  for (const Value& item : list.list()) {
    if (item.is_node()) {
      sources.push_back(item.node());
    } else if (item.is_string()) {
      if (const auto node = storage::FindSource(view, item.string())) sources.push_back(*node);
    } else {
      return TypeError("a source is a name or a node, but this is {}",
                       schema::KindName(item.kind()))
          .Detail("InvalidArgumentType");
    }
  }
  return sources;
}

Result<storage::ViewRequest> ViewRequestOf(const Value& map, const storage::View& view) {
  storage::ViewRequest request;
  if (map.is_null()) return request;
  const auto has = [&map](std::string_view name) {
    for (const auto& [key, value] : map.map()) {
      if (key == name && !value.is_null()) return true;
    }
    return false;
  };
  const auto both = [&](std::string_view one, std::string_view other) -> Result<void> {
    if (!has(one) || !has(other)) return {};
    return ArgumentError("a view has `{}` or `{}`, not both", one, other)
        .Detail("InvalidArgumentValue");
  };
  KB_TRY(both("validTime", "validFrom"));
  KB_TRY(both("validTime", "validTo"));
  KB_TRY(both("excludingSources", "onlySources"));
  if (has("validFrom") != has("validTo")) {
    return ArgumentError("a span of valid time has both `validFrom` and `validTo`")
        .Detail("InvalidArgumentValue")
        .Hint("for one moment write validTime");
  }
  for (const auto& [key, value] : map.map()) {
    if (!value.is_null()) {
      KB_TRY(SetPart(key, value, view, &request));
    } else if (std::find(kKeys.begin(), kKeys.end(), key) == kKeys.end()) {
      return UnknownKey(key);
    }
  }
  return request;
}

}  // namespace kb::query::algo
