#include "kb/io/svg.h"

#include <graphviz/cgraph.h>
#include <graphviz/gvc.h>

#include <memory>

namespace kb::io {
namespace {

constexpr std::size_t kLayeredElementsMax = 1'200;

struct FreeContext {
  void operator()(GVC_t* context) const { gvFreeContext(context); }
};
struct FreeGraph {
  void operator()(Agraph_t* graph) const { agclose(graph); }
};

std::string LastComplaint() {
  const char* complaint = aglasterr();
  std::string text = complaint != nullptr ? complaint : "no reason given";
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

Result<std::string> RenderSvg(const std::string& dot, std::size_t element_count) {
  agseterr(AGMAX);  // Complaints are asked for, not printed.
  const std::unique_ptr<GVC_t, FreeContext> context(gvContext());
  const std::unique_ptr<Agraph_t, FreeGraph> graph(agmemread(dot.c_str()));
  if (!context || !graph)
    return InternalError("GraphViz cannot read the picture: {}", LastComplaint());
  const char* engine = element_count <= kLayeredElementsMax ? "dot" : "sfdp";
  if (gvLayout(context.get(), graph.get(), engine) != 0) {
    return Error(ErrorCode::kUnsupported, "GraphViz cannot lay out the picture: " + LastComplaint())
        .Hint("install GraphViz with its plugins, or write the picture to a .dot file");
  }
  char* data = nullptr;
  unsigned size = 0;
  const int failed = gvRenderData(context.get(), graph.get(), "svg", &data, &size);
  std::string svg = failed == 0 && data != nullptr ? std::string(data, size) : std::string();
  if (data != nullptr) gvFreeRenderData(data);
  gvFreeLayout(context.get(), graph.get());
  if (failed != 0) {
    return Error(ErrorCode::kUnsupported, "GraphViz cannot write SVG: " + LastComplaint());
  }
  return svg;
}

}  // namespace kb::io
