// Goal: the suite bites. Each promise, broken on purpose, is found by the case that holds it.
// Method: real connectors with one thing spoilt around them, one row each.

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>

#include "connectors/registry.h"
#include "tests/conformance/cases.h"

using namespace mc;
using namespace mc::conformance;

namespace {

// A connector that is right but for what `spoil` does to a step.
class Spoilt final : public Connector {
 public:
  using Spoil = std::function<Result<Page>(Connector& inner, const std::string& stream, const std::optional<Cursor>&)>;
  Spoilt(std::unique_ptr<Connector> inner, Spoil spoil) : inner_(std::move(inner)), spoil_(std::move(spoil)) {}
  const Manifest& manifest() const override { return inner_->manifest(); }
  Status Check() override { return inner_->Check(); }
  std::vector<std::string> Streams() const override { return inner_->Streams(); }
  Result<Page> Pull(const std::string& stream, const std::optional<Cursor>& cursor) override {
    return spoil_(*inner_, stream, cursor);
  }

 private:
  std::unique_ptr<Connector> inner_;
  Spoil spoil_;
};

Wrap With(Spoilt::Spoil spoil) {
  return [spoil](std::unique_ptr<Connector> inner) { return std::make_unique<Spoilt>(std::move(inner), spoil); };
}

// `change` is made to each page that is handed over.
Wrap Changing(std::function<void(Page&)> change) {
  return With([change](Connector& inner, const std::string& stream, const std::optional<Cursor>& cursor) {
    auto page = inner.Pull(stream, cursor);
    if (page.ok()) change(*page);
    return page;
  });
}

Page ClaimedEnd(const std::optional<Cursor>& cursor) {
  Page page;
  page.next = cursor.value_or(Cursor{});
  page.end = true;
  page.complete_through = ParseInstant(Stage::kNow).value();
  return page;
}

// An error is an empty page: the mistake by which a dead source looks like an empty one.
Result<Page> SwallowsErrors(Connector& inner, const std::string& stream, const std::optional<Cursor>& cursor) {
  auto page = inner.Pull(stream, cursor);
  if (!page.ok()) return ClaimedEnd(cursor);
  return page;
}

Result<Page> AsksForEver(Connector& inner, const std::string& stream, const std::optional<Cursor>& cursor) {
  auto page = inner.Pull(stream, cursor);
  for (int i = 0; i < 5 && !page.ok(); ++i) page = inner.Pull(stream, cursor);
  return page;
}

Result<Page> TakesAnyCursor(Connector& inner, const std::string& stream, const std::optional<Cursor>& cursor) {
  auto page = inner.Pull(stream, cursor);
  return page.ok() ? page : inner.Pull(stream, std::nullopt);
}

// The cursor that is saved lies one step ahead of the records, which come with the next one.
Wrap CursorAhead() {
  return [](std::unique_ptr<Connector> inner) {
    auto own = std::make_shared<std::optional<Page>>();
    return std::make_unique<Spoilt>(
        std::move(inner), [own](Connector& c, const std::string& stream, const std::optional<Cursor>& cursor) {
          Result<Page> page = *own ? Result<Page>(std::move(**own)) : c.Pull(stream, cursor);
          own->reset();
          if (!page.ok() || page->end) return page;
          auto ahead = c.Pull(stream, page->next);
          if (!ahead.ok()) return page;
          page->next = ahead->next;
          *own = std::move(*ahead);
          return page;
        });
  };
}

void DropLast(Page& page) {
  if (!page.records.empty()) page.records.pop_back();
}
void DropUnreadable(Page& page) { page.unreadable.clear(); }
void Reserialise(Page& page) {
  static int count = 0;
  for (SourceRecord& record : page.records) {
    record.bytes += std::string(static_cast<std::size_t>(++count % 97), ' ');
    record.key.digest = Sha256(record.bytes);
  }
}
void SayNothing(Page& page) { page.notes.clear(); }
void ClaimComplete(Page& page) {
  page.notes.clear();
  if (page.end) page.complete_through = ParseInstant(Stage::kNow).value();
}
void BadBytes(Page& page) {
  for (UnreadableRecord& bad : page.unreadable) bad.record.bytes = "(cut)";
}

struct Row {
  const char* mistake;
  const char* test;
  const char* platform;
  Wrap wrap;
};

const Case& CaseNamed(const std::string& name) {
  return *std::find_if(Cases().begin(), Cases().end(), [&](const Case& test) { return test.name == name; });
}

const PlatformRow& PlatformNamed(const std::string& name) {
  return *std::find_if(Platforms().begin(), Platforms().end(), [&](const auto& row) { return row.name == name; });
}

const Row kRows[] = {
    {"loses the last record of a page", "twice", "qlnv_tasks", Changing(DropLast)},
    {"loses the last record of a page", "equal_times", "edxml_list", Changing(DropLast)},
    {"saves the cursor ahead of its records", "resume", "qlnv_tasks", CursorAhead()},
    {"saves the cursor ahead of its records", "resume", "edxml_list", CursorAhead()},
    {"writes records anew instead of passing them on", "twice", "field_reports", Changing(Reserialise)},
    {"throws away what it cannot read", "bad_record", "dossier_read", Changing(DropUnreadable)},
    {"keeps other bytes than came", "bad_record", "qlnv_tasks", Changing(BadBytes)},
    {"takes an error for an empty page", "empty_or_dead", "qlnv_tasks", With(SwallowsErrors)},
    {"takes an error for an empty page", "fault_for_good", "dossier_read", With(SwallowsErrors)},
    {"takes an error for an empty page", "credentials", "field_reports", With(SwallowsErrors)},
    {"takes an error for an empty page", "stopped", "edxml_list", With(SwallowsErrors)},
    {"asks for ever", "fault_for_good", "qlnv_tasks", With(AsksForEver)},
    {"asks for ever", "credentials", "edxml_list", With(AsksForEver)},
    {"begins again at a cursor that cannot be", "future_cursor", "dossier_read", With(TakesAnyCursor)},
    {"begins again at a cursor that cannot be", "clock_skew", "qlnv_tasks", With(TakesAnyCursor)},
    {"says nothing of what it missed", "paging", "qlnv_tasks", Changing(SayNothing)},
    {"is complete whatever it missed", "paging", "field_reports", Changing(ClaimComplete)},
};

}  // namespace

TEST_CASE("each mistake is found") {
  for (const Row& row : kRows) {
    CAPTURE(row.mistake);
    CAPTURE(row.test);
    CAPTURE(row.platform);
    Trial trial{PlatformNamed(row.platform), row.wrap, {}};
    CaseNamed(row.test).run(trial);
    CHECK_FALSE(trial.problems.empty());
  }
}

// What the connector promises through its limits and not through its pages.
TEST_CASE("each mistake is found: manifests") {
  Trial trial{PlatformNamed("qlnv_tasks"), {}, {}};
  Stage stage(trial);
  stage.Fill(3);
  stage.manifest.limits.max_attempts = 1;
  stage.server().SetPlan(
      [](const WireRequest&, int before) { return before == 0 ? WireFault::kUnavailable : WireFault::kNone; });
  ExpectComplete(trial, stage, stage.Collect(), "no second attempt");
  CHECK_FALSE(trial.problems.empty());
}
