// Schema commands: indexes.
#pragma once

#include "query/ast/statement.h"
#include "query/bind/bound.h"
#include "schema/base/result.h"

namespace kb::query::bind {

/// An index without a name gets one made of its label and property.
Result<CreateIndex> BindCreateIndex(const ast::CreateIndex& index);
DropIndex BindDropIndex(const ast::DropIndex& index);

}  // namespace kb::query::bind
