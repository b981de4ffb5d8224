// Definitions back as the statements that make them.
#pragma once

#include <string>
#include <string_view>

#include "schema/catalog.h"

namespace kb::schema {

/// "RANGE", "TEXT", "POINT"
std::string_view KindText(IndexKind kind);
/// "IS UNIQUE", "IS NODE KEY", "IS NOT NULL", "IS :: DATE"
std::string RuleText(const ConstraintDefinition& constraint);
/// "CREATE RANGE INDEX name FOR (n:Person) ON (n.name)"
std::string CreateText(const Catalog& catalog, const IndexDefinition& index);
/// "CREATE CONSTRAINT name FOR ()-[r:KNOWS]-() REQUIRE (r.since) IS NOT NULL"
std::string CreateText(const Catalog& catalog, const ConstraintDefinition& constraint);

}  // namespace kb::schema
