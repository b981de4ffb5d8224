#include "kb/io/svg.h"

#include <graphviz/cgraph.h>
#include <graphviz/gvc.h>

#include <memory>
#include <mutex>

namespace kb::io {
namespace {

constexpr std::size_t kLayeredElementsMax = 1'200;

struct FreeGraph {
  void operator()(Agraph_t* graph) const { agclose(graph); }
};

/// GraphViz has one, for as long as the program runs: its font plugin remembers the name of the
/// last font beyond the life of the context that held it (found with AddressSanitizer,
/// GraphViz 2.43).
GVC_t* Context() {
  static GVC_t* const context = gvContext();
  return context;
}

std::string LastComplaint() {
  const char* complaint = aglasterr();
  std::string text = complaint != nullptr ? complaint : "no reason given";
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

Result<std::string> RenderSvg(const std::string& dot, std::size_t element_count) {
  static std::mutex one_at_a_time;  // GraphViz keeps what it does in globals
  const std::lock_guard lock(one_at_a_time);
  agseterr(AGMAX);  // Complaints are asked for, not printed.
  GVC_t* const context = Context();
  const std::unique_ptr<Agraph_t, FreeGraph> graph(agmemread(dot.c_str()));
  if (context == nullptr || !graph)
    return InternalError("GraphViz cannot read the picture: {}", LastComplaint());
  const char* engine = element_count <= kLayeredElementsMax ? "dot" : "sfdp";
  if (gvLayout(context, graph.get(), engine) != 0) {
    return Error(ErrorCode::kUnsupported, "GraphViz cannot lay out the picture: " + LastComplaint())
        .Hint("install GraphViz with its plugins, or write the picture to a .dot file");
  }
  char* data = nullptr;
  unsigned size = 0;
  const int failed = gvRenderData(context, graph.get(), "svg", &data, &size);
  std::string svg = failed == 0 && data != nullptr ? std::string(data, size) : std::string();
  if (data != nullptr) gvFreeRenderData(data);
  gvFreeLayout(context, graph.get());
  if (failed != 0) {
    return Error(ErrorCode::kUnsupported, "GraphViz cannot write SVG: " + LastComplaint());
  }
  return svg;
}

}  // namespace kb::io
