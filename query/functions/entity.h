// Reading nodes and relationships as values: their labels, types, keys and properties.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/base/result.h"
#include "schema/value.h"
#include "storage/graph.h"

namespace kb::query::functions {

/// EntityNotFound (detail DeletedEntityAccess) if the view does not have the node or relationship.
Result<void> CheckThere(const schema::Value& entity, const storage::View& view);
/// A property of a node or relationship, null where it has none or the key is unknown.
Result<schema::Value> PropertyOf(const schema::Value& entity, std::string_view key,
                                 const storage::View& view);
/// All properties of a node or relationship as a map; a map stays as it is.
Result<schema::Value> PropertiesOf(const schema::Value& entity, const storage::View& view);
/// The names that `:$(value)` gives: a text, or each text of a list. Errors: kType for anything
/// else, kSyntax for an empty name.
Result<std::vector<std::string>> NamesIn(const schema::Value& value);
Result<schema::Value> LabelsOf(schema::NodeId node, const storage::View& view);

}  // namespace kb::query::functions
