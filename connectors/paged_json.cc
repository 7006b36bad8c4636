// Paged lists of JSON records, whatever their shape.

#include "connectors/json_shape.h"
#include "connectors/pull_common.h"
#include "core/digest.h"

namespace mc {
namespace {

std::string MarkOf(const Digest& digest) { return ToHex(AsBytes(digest).substr(0, 8)); }

class PagedJson final : public PullingConnector {
 public:
  explicit PagedJson(PullContext context)
      : PullingConnector(std::move(context)), shape_(ShapeOf(context_.manifest.kind)) {}

 protected:
  Result<bool> Step(const ManifestStream& stream, Position& position, Page& page) override {
    std::string body;
    const RecordId id = shape_->IdOf(stream);
    JsonLayout layout = shape_->Layout();
    layout.fields = id.fields;
    MC_TRY(const JsonPage answer, FetchJson(shape_->RequestFor(stream, position), layout, body));
    RecordContext context = ContextOf(context_.manifest, stream.id, context_.clock.Now());
    context.facts = shape_->FactsOf(position);
    std::vector<std::string> marks;
    for (const JsonRow& row : answer.rows) {
      marks.push_back(MarkOf(TakeRow(context, id, row, page)));
    }
    const PageVerdict verdict = TakePage(position, marks, answer.total, page.notes);
    if (verdict != PageVerdict::kWindowDone) return false;
    if (position.pages.total) {
      page.control_total = page.control_total.value_or(0) + *position.pages.total;
      page.offered = page.offered.value_or(0) + OfferedIn(position.pages);
    }
    return true;
  }

  Status Probe(const ManifestStream& stream, Position position) override {
    std::string body;
    const auto answer = FetchJson(shape_->RequestFor(stream, position), shape_->Layout(), body);
    return answer.ok() ? Ok() : Status(answer.error());
  }

 private:
  std::unique_ptr<JsonShape> shape_;
};

}  // namespace

std::unique_ptr<Connector> MakePagedJson(PullContext context) {
  return std::make_unique<PagedJson>(std::move(context));
}

}  // namespace mc
