// Lays a picture out: GraphViz text in, SVG text out.
#pragma once

#include <string>

#include "schema/base/result.h"

namespace kb::io {

/// Renders a graph in the DOT language with GraphViz's library. `element_count` is the number of
/// nodes and relationships: a large picture is laid out by forces instead of layers, which would
/// take minutes. Errors: kInternal if GraphViz cannot read the text, kUnsupported without its
/// plugins. Thread-safe: one picture at a time in the whole process (GraphViz keeps global state).
Result<std::string> RenderSvg(const std::string& dot, std::size_t element_count);

}  // namespace kb::io
