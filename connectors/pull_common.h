// What every pulling connector holds: its manifest, settings, fetcher and plan.
#pragma once

#include <memory>
#include <string>

#include "connectors/connector.h"
#include "connectors/http_pull.h"
#include "connectors/json_page.h"
#include "connectors/windows.h"

namespace mc {

struct PullContext {
  Manifest manifest;
  SourceSettings settings;
  PullPlan plan;
  HttpClient& http;
  const Clock& clock;
  Sleeper sleep;
};

// What a shape asks of the plan.
struct PullNeeds {
  bool whole_days = true;
  bool by_unit = false;
};
// kConfig "no_unit_codes".
Result<PullContext> PlanPull(const Manifest& manifest, SourceSettings settings, const ConnectorContext& context,
                             PullNeeds needs);

// A Page that holds so much is handed over, however few its records are: it is kept in memory until it is committed.
inline constexpr std::size_t kCommitBytes = 8u * 1024 * 1024;

class PullingConnector : public Connector {
 public:
  explicit PullingConnector(PullContext context)
      : context_(std::move(context)),
        fetcher_(context_.manifest, context_.settings, context_.http, context_.clock, context_.sleep) {}
  PullingConnector(const PullingConnector&) = delete;
  PullingConnector& operator=(const PullingConnector&) = delete;

  const Manifest& manifest() const override { return context_.manifest; }
  std::vector<std::string> Streams() const override;
  Status Check() override;
  std::vector<std::string> SurplusScope() const override { return fetcher_.SurplusScope(); }
  // Pulls until there is enough for one Page, the stream ends, or a request fails; what was
  // read before the failure is handed over, and the next pull meets the failure again.
  Result<Page> Pull(const std::string& stream, const std::optional<Cursor>& cursor) override;
  Result<Page> ReadAgain(const std::string& stream, const std::string& window, const std::vector<RecordAsk>& asked,
                         const std::optional<Cursor>& at) override;

 protected:
  // Reads one answer (or one window's list) at `position` into `page` and moves on.
  // True when the window is done.
  virtual Result<bool> Step(const ManifestStream& stream, Position& position, Page& page) = 0;
  // What Page::windows says of a step at this position.
  virtual std::string PlaceOf(const Position& position) const { return WindowText(context_.plan, position); }
  // The smallest request that shows address, credential and shape.
  virtual Status Probe(const ManifestStream& stream, Position position) = 0;

  // Fetches and splits; `body` owns the bytes that the page's rows point into.
  Result<JsonPage> FetchJson(const FetchRequest& request, const JsonLayout& layout, std::string& body);
  bool Full(const Page& page) const;
  Result<const ManifestStream*> StreamOf(const std::string& id) const;  // kInternal "unknown_stream"

  PullContext context_;
  Fetcher fetcher_;
};

// What an answer that cannot be split means to a pull: it may come whole the next time; one with too
// many rows will not, and somebody must ask for fewer.
Error Unsplit(const Error& error);

std::unique_ptr<Connector> MakePagedJson(PullContext context);
std::unique_ptr<Connector> MakeEdxmlList(PullContext context);

}  // namespace mc
