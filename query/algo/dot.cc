#include "query/algo/dot.h"

#include <boost/graph/graphviz.hpp>
#include <sstream>

#include "storage/view_bgl.h"

namespace kb::query::algo {
namespace {

using schema::NodeId;

/// Text within a DOT string, without its quotes.
std::string Escape(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '"' || c == '\\') escaped += '\\';
    if (c == '\n') {
      escaped += "\\n";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

/// The ids of vertices in the text.
struct VertexName {
  using key_type = NodeId;
  using value_type = std::string;
  using reference = std::string;
  using category = boost::readable_property_map_tag;
  friend std::string get(const VertexName&, NodeId node) {
    return "n" + std::to_string(schema::Raw(node));
  }
};

struct WriteVertex {
  const storage::View& view;

  void operator()(std::ostream& out, NodeId node) const {
    std::string label;
    for (const auto id : view.Labels(node)) {
      label += (label.empty() ? "" : ", ") + Escape(view.catalog().Name(id));
    }
    for (const char* key : {"name", "title", "id"}) {
      const auto id = view.catalog().FindKey(key);
      if (!id) continue;
      const schema::Value value = view.Property(node, *id);
      if (value.is_null()) continue;
      const std::string text = value.is_string() ? std::string(value.string()) : value.ToText();
      label += (label.empty() ? "" : "\\n") + Escape(text);
      break;
    }
    out << "[label=\"" << label << "\"]";
  }
};

struct WriteEdge {
  const storage::View& view;

  void operator()(std::ostream& out, const storage::ViewEdge& edge) const {
    out << "[label=\"" << Escape(view.catalog().Name(edge.relationship.type)) << "\"]";
  }
};

struct WriteGraph {
  void operator()(std::ostream& out) const {
    out << "graph [rankdir=LR];\n"
           "node [shape=box, style=\"rounded\", fontname=\"Helvetica\"];\n"
           "edge [fontname=\"Helvetica\", fontsize=10];\n";
  }
};

}  // namespace

std::string ToDot(const storage::Selection& selection) {
  const storage::ViewGraph graph(selection);
  std::ostringstream out;
  boost::write_graphviz(out, graph, WriteVertex{selection.view()}, WriteEdge{selection.view()},
                        WriteGraph{}, VertexName{});
  return out.str();
}

}  // namespace kb::query::algo
