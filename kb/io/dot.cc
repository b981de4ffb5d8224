// dot and svg: the graph of a result as a GraphViz picture, written through Boost.Graph.
//
// Time runs from left to right: nodes with a date stand in one column a date, under an axis of the
// dates. Only relationships that leave a dated node for an undated one pull on the layout; those
// that end at a dated node (an answer points back to its cause) would bend the axis, so they are
// drawn without a say in the ranking. A legend of the labels' colours stands below.
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/graphviz.hpp>
#include <set>
#include <sstream>
#include <unordered_map>

#include "kb/io/format.h"
#include "kb/io/markup.h"
#include "kb/io/picture.h"
#include "kb/io/svg.h"
#include "schema/base/text.h"

namespace kb::io {
namespace {

constexpr std::size_t kCaptionWidth = 24;
constexpr std::size_t kCaptionLines = 4;
constexpr std::size_t kTooltipValueBytes = 240;

struct Vertex {
  std::string id;  // Of the case, so that two versions of a picture can be compared.
  const Value* node = nullptr;
  bool dated = false;
};
struct Edge {
  const Value* relationship = nullptr;
  bool to_dated = false;
};
using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, Vertex, Edge>;

/// A text in double quotes; line ends become \n, which GraphViz centres.
std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (c == '\n') {
      quoted += "\\n";
    } else if (static_cast<unsigned char>(c) >= 0x20) {
      quoted += c;
    }
  }
  return quoted + '"';
}

std::string Clipped(std::string text) {
  if (text.size() <= kTooltipValueBytes) return text;
  std::size_t end = kTooltipValueBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

std::string Tooltip(std::string heading, const schema::MapEntries& properties) {
  for (const auto& [key, value] : properties) {
    heading += '\n' + key + ": ";
    heading += Clipped(value.is_string() ? std::string(value.string()) : value.ToText());
  }
  return heading;
}

std::string JoinLines(const std::vector<std::string>& lines) {
  std::string joined;
  for (const std::string& line : lines) joined += (joined.empty() ? "" : "\n") + line;
  return joined;
}

/// The address that a click should open, if the element has one.
std::string AddressOf(const schema::MapEntries& properties) {
  for (const auto& [key, value] : properties) {
    if (!value.is_string() || key == "quote") continue;
    const std::string_view text = value.string();
    const bool whole = text.find_first_of(" \n\t") == std::string_view::npos;
    if (whole && (text.starts_with("https://") || text.starts_with("http://"))) {
      return std::string(text);
    }
  }
  return {};
}

struct VertexWriter {
  const Graph& graph;
  const std::map<std::string, std::string>& colors;

  void operator()(std::ostream& out, Graph::vertex_descriptor at) const {
    const Value& node = *graph[at].node;
    const schema::NodeData* data = node.node_data();
    if (data == nullptr) {  // An end that the result names only through its relationship.
      out << " [label=\"…\", id=" << Quoted(graph[at].id) << ", fillcolor=\"#ffffff\"]";
      return;
    }
    std::string heading;
    for (const std::string& label : data->labels) heading += (heading.empty() ? "" : ":") + label;
    const std::string& first = data->labels.empty() ? heading : data->labels.front();
    const auto color = colors.find(first);
    out << " [label=" << Quoted(JoinLines(Wrap(CaptionOf(node), kCaptionWidth, kCaptionLines)))
        << ", id=" << Quoted(graph[at].id)
        << ", fillcolor=" << Quoted(color != colors.end() ? color->second : "#ffffff")
        << ", tooltip=" << Quoted(Tooltip(heading, data->properties));
    if (IsDoubtful(node)) out << ", style=\"rounded,filled,dashed\"";
    const std::string address = AddressOf(data->properties);
    if (!address.empty()) out << ", URL=" << Quoted(address) << ", target=\"_blank\"";
    out << "]";
  }
};

struct EdgeWriter {
  const Graph& graph;

  void operator()(std::ostream& out, const Graph::edge_descriptor& at) const {
    const Value& relationship = *graph[at].relationship;
    const schema::RelationshipData* data = relationship.relationship_data();
    const std::string type = data != nullptr ? data->type : std::string();
    out << " [label=" << Quoted(type)
        << ", id=" << Quoted(fmt::format("r{}", relationship.relationship().id()));
    if (data != nullptr) {
      const std::string tooltip = Quoted(Tooltip(type, data->properties));
      out << ", edgetooltip=" << tooltip << ", labeltooltip=" << tooltip;
    }
    if (IsDoubtful(relationship)) out << ", style=dashed";
    if (graph[at].to_dated) out << ", constraint=false";
    out << "]";
  }
};

/// What stands before the nodes: the look of everything, the time axis and the legend.
struct GraphWriter {
  const std::map<std::string, std::string>& colors;
  const std::map<Moment, std::vector<std::string>>& columns;  // Ids of the nodes of each date.

  void operator()(std::ostream& out) const {
    out << "graph [rankdir=LR, fontname=\"Helvetica\", fontsize=10, fontcolor=\"#444444\", "
           "bgcolor=\"white\", pad=0.3, nodesep=0.25, ranksep=0.6, newrank=true";
    if (!colors.empty()) out << ", labelloc=b, labeljust=l, label=" << Legend();
    out << "];\n"
           "node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=11, "
           "color=\"#8a8a8a\", fontcolor=\"#1a1a1a\", penwidth=0.8, margin=\"0.14,0.07\"];\n"
           "edge [fontname=\"Helvetica\", fontsize=8.5, color=\"#6b6b6b\", fontcolor=\"#555555\", "
           "penwidth=0.9, arrowsize=0.65];\n";
    WriteAxis(out);
  }

  std::string Legend() const {
    std::string table = "<<table border=\"0\" cellborder=\"0\" cellspacing=\"6\"><tr>";
    for (const auto& [label, color] : colors) {
      table += "<td bgcolor=\"" + color + "\"> " + EscapeMarkup(label) + " </td>";
    }
    return table + "</tr></table>>";
  }

  void WriteAxis(std::ostream& out) const {
    if (columns.size() < 2) return;
    out << "node [shape=plaintext, style=\"\", fontcolor=\"#777777\"];\n";
    std::size_t index = 0;
    for (const auto& column : columns) {
      out << "t" << index++ << " [label=" << Quoted(column.first.text) << ", group=time];\n";
    }
    for (std::size_t i = 0; i < index; ++i) out << (i == 0 ? "t" : " -> t") << i;
    out << " [color=\"#c4c4c4\", arrowsize=0.4, weight=100];\n"
           "node [shape=box, style=\"rounded,filled\", fontcolor=\"#1a1a1a\"];\n";
    index = 0;
    for (const auto& column : columns) {
      out << "{ rank=same; t" << index++ << ";";
      for (const std::string& id : column.second) out << ' ' << id << ';';
      out << " }\n";
    }
  }
};

std::string Draw(const Picture& picture) {
  Graph graph;
  std::unordered_map<std::uint32_t, Graph::vertex_descriptor> vertices;
  std::vector<std::string> labels;
  std::map<Moment, std::vector<std::string>> columns;
  for (const auto& [id, node] : picture.nodes()) {
    Vertex vertex;
    vertex.id = fmt::format("n{}", id);
    vertex.node = &node;
    Moment moment;
    if (FindMoment(node, &moment)) {
      vertex.dated = true;
      columns[moment].push_back(vertex.id);
    }
    const schema::NodeData* data = node.node_data();
    if (data != nullptr && !data->labels.empty()) labels.push_back(data->labels.front());
    vertices.emplace(id, add_vertex(vertex, graph));
  }
  for (const auto& entry : picture.relationships()) {
    const schema::RelationshipRef ref = entry.second.relationship();
    const auto target = vertices.at(schema::Raw(ref.target));
    const bool to_dated = columns.size() >= 2 && graph[target].dated;
    add_edge(vertices.at(schema::Raw(ref.source)), target, Edge{&entry.second, to_dated}, graph);
  }
  const std::map<std::string, std::string> colors = ColorsOf(labels);
  std::ostringstream out;
  boost::write_graphviz(out, graph, VertexWriter{graph, colors}, EdgeWriter{graph},
                        GraphWriter{colors, columns}, get(&Vertex::id, graph));
  return std::move(out).str();
}

class Dot : public ResultWriter {
 public:
  Dot(bool svg, std::string* out) : svg_(svg), out_(*out) {}

  void Begin(const std::vector<std::string>& columns) override { silent_ = columns.empty(); }

  void Row(std::span<const Value> row) override {
    ++row_count_;
    for (const Value& value : row) picture_.Add(value);
  }

  Result<void> End() override {
    if (silent_) return {};
    if (row_count_ != 0 && picture_.nodes().empty()) {
      return Error(ErrorCode::kUnsupported, "the result has nothing to draw")
          .Hint("return nodes, relationships or paths, as in MATCH p = (a)-->(b) RETURN p");
    }
    std::string dot = Draw(picture_);
    if (svg_) {
      const std::size_t elements = picture_.nodes().size() + picture_.relationships().size();
      KB_ASSIGN(dot, RenderSvg(dot, elements));
    }
    out_ += dot;
    return {};
  }

 private:
  const bool svg_;
  std::string& out_;
  Picture picture_;
  std::size_t row_count_ = 0;
  bool silent_ = false;
};

}  // namespace

std::unique_ptr<ResultWriter> MakeDot(const Look& /*look*/, std::string* out) {
  return std::make_unique<Dot>(false, out);
}

std::unique_ptr<ResultWriter> MakeSvg(const Look& /*look*/, std::string* out) {
  return std::make_unique<Dot>(true, out);
}

}  // namespace kb::io
