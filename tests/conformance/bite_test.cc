// Goal: the suite bites. Each promise, broken on purpose, is found by the case that holds it.
// Method: a whole installation with one thing spoilt in it, one row each: around the connector, the
// HTTP client or the mapper, in the manifest, or behind the store's back. Each row names a word of
// the problem that must be found, so that no other fault of the same case can stand in for it.

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <set>

#include "connectors/registry.h"
#include "tests/conformance/cases.h"

using namespace mc;
using namespace mc::conformance;

namespace {

// A connector that is right but for what `spoil` does to a step.
class Spoilt : public Connector {
 public:
  using Spoil = std::function<Result<Page>(Connector& inner, const std::string& stream, const std::optional<Cursor>&)>;
  Spoilt(std::unique_ptr<Connector> inner, Spoil spoil) : inner_(std::move(inner)), spoil_(std::move(spoil)) {}
  const Manifest& manifest() const override { return inner_->manifest(); }
  Status Check() override { return inner_->Check(); }
  std::vector<std::string> SurplusScope() const override { return inner_->SurplusScope(); }
  std::vector<std::string> Streams() const override { return inner_->Streams(); }
  Result<Page> Pull(const std::string& stream, const std::optional<Cursor>& cursor) override {
    return spoil_(*inner_, stream, cursor);
  }

 private:
  std::unique_ptr<Connector> inner_;
  Spoil spoil_;
};

Result<Page> PullsWell(Connector& inner, const std::string& stream, const std::optional<Cursor>& cursor) {
  return inner.Pull(stream, cursor);
}

class SilentOfRights final : public Spoilt {
 public:
  explicit SilentOfRights(std::unique_ptr<Connector> inner) : Spoilt(std::move(inner), &PullsWell) {}
  std::vector<std::string> SurplusScope() const override { return {}; }
};

Spoiler With(Spoilt::Spoil spoil) {
  return {.connector = [spoil](std::unique_ptr<Connector> inner) {
    return std::make_unique<Spoilt>(std::move(inner), spoil);
  }};
}

// `change` is made to each page that is handed over.
Spoiler Changing(std::function<void(Page&)> change) {
  return With([change](Connector& inner, const std::string& stream, const std::optional<Cursor>& cursor) {
    auto page = inner.Pull(stream, cursor);
    if (page.ok()) change(*page);
    return page;
  });
}

// An HTTP client that is right but for what `spoil` does with a request.
class SpoiltHttp final : public HttpClient {
 public:
  using Spoil = std::function<Result<HttpResponse>(HttpClient& inner, HttpRequest request)>;
  SpoiltHttp(std::unique_ptr<HttpClient> inner, Spoil spoil) : inner_(std::move(inner)), spoil_(std::move(spoil)) {}
  Result<HttpResponse> Send(const HttpRequest& request) override { return spoil_(*inner_, request); }

 private:
  std::unique_ptr<HttpClient> inner_;
  Spoil spoil_;
};

Spoiler WithHttp(SpoiltHttp::Spoil spoil) {
  return {.http = [spoil](std::unique_ptr<HttpClient> inner) {
    return std::make_unique<SpoiltHttp>(std::move(inner), spoil);
  }};
}

// The empty list of hanoiwork, with which these mistakes stand in for what did not come.
const HttpResponse kNoTasks{200, {}, R"({"daTa":{"PageData":[],"TotalRows":0}})"};

Spoiler TakesForEmpty(const char* error) {
  return WithHttp([error](HttpClient& inner, const HttpRequest& request) {
    auto response = inner.Send(request);
    const bool taken = !response.ok() && response.error().code == error;
    return taken ? Result<HttpResponse>(kNoTasks) : response;
  });
}

// `wrong` tells an answer that must not be taken.
Spoiler TakesForEmpty(std::function<bool(const HttpResponse&)> wrong) {
  return WithHttp([wrong](HttpClient& inner, const HttpRequest& request) {
    auto response = inner.Send(request);
    return response.ok() && wrong(*response) ? Result<HttpResponse>(kNoTasks) : response;
  });
}

Result<HttpResponse> IgnoresRetryAfter(HttpClient& inner, const HttpRequest& request) {
  auto response = inner.Send(request);
  if (response.ok()) response->headers.erase("retry-after");
  return response;
}

Result<HttpResponse> WaitsForEver(HttpClient& inner, HttpRequest request) {
  request.total_timeout = std::chrono::minutes(2);
  return inner.Send(request);
}

Result<HttpResponse> Acknowledges(HttpClient& inner, const HttpRequest& request) {
  HttpRequest more = request;
  more.method = "POST";
  more.body = "{}";
  (void)inner.Send(more);
  return inner.Send(request);
}

// Whatever it is told, it goes on with the first token that it got.
Spoiler KeepsItsToken() {
  auto first = std::make_shared<std::optional<HttpResponse>>();
  return WithHttp([first](HttpClient& inner, const HttpRequest& request) -> Result<HttpResponse> {
    if (!request.url.ends_with("/token")) return inner.Send(request);
    if (*first) return **first;
    auto response = inner.Send(request);
    if (response.ok()) *first = *response;
    return response;
  });
}

// What it cannot read it takes for the record before.
class Guessing final : public Mapper {
 public:
  explicit Guessing(std::unique_ptr<Mapper> inner) : inner_(std::move(inner)) {}
  std::variant<Evidence, RejectionReason> Map(const SourceRecord& record) const override {
    auto outcome = inner_->Map(record);
    if (const auto* evidence = std::get_if<Evidence>(&outcome)) last_ = *evidence;
    if (last_ && std::holds_alternative<RejectionReason>(outcome)) outcome = *last_;
    return outcome;
  }
  const std::string& version() const override { return inner_->version(); }

 private:
  std::unique_ptr<Mapper> inner_;
  mutable std::optional<Evidence> last_;
};

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

Result<Page> StopsBehindPageOne(Connector& inner, const std::string& stream, const std::optional<Cursor>& cursor) {
  if (cursor) return ClaimedEnd(cursor);
  auto page = inner.Pull(stream, cursor);
  if (page.ok()) {
    page->end = true;
    page->complete_through = ParseInstant(Stage::kNow).value();
  }
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
Spoiler CursorAhead() {
  return {.connector = [](std::unique_ptr<Connector> inner) {
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
  }};
}

// Takes what it noticed for the end, and the end for good.
Spoiler EndsAt(const char* note) {
  return Changing([note](Page& page) {
    if (std::find(page.notes.begin(), page.notes.end(), note) != page.notes.end()) page = ClaimedEnd(page.next);
  });
}

// One id, one record: what changed is taken for known.
Spoiler KnowsByIdAlone() {
  auto known = std::make_shared<std::set<std::string>>();
  return Changing([known](Page& page) {
    std::erase_if(page.records, [&](const SourceRecord& record) { return !known->insert(record.key.native_id).second; });
  });
}

void RefusesNewFields(Page& page) {
  for (SourceRecord& record : page.records) {
    if (record.bytes.find("TruongMoi") == std::string::npos) continue;
    page.unreadable.push_back({record, {"unknown_field", "TruongMoi", "", "a field that is not known"}});
  }
  std::erase_if(page.records, [](const SourceRecord& r) { return r.bytes.find("TruongMoi") != std::string::npos; });
}

void CompletesTomorrow(Page& page) {
  if (page.complete_through) page.complete_through->micros += kMicrosPerDay;
}

void DropLast(Page& page) {
  if (!page.records.empty()) page.records.pop_back();
}
// What it reads again ends behind the first page and is called whole.
class OnePageAgain final : public Spoilt {
 public:
  explicit OnePageAgain(std::unique_ptr<Connector> inner) : Spoilt(nullptr, nullptr), whole_(std::move(inner)) {}
  const Manifest& manifest() const override { return whole_->manifest(); }
  Status Check() override { return whole_->Check(); }
  std::vector<std::string> SurplusScope() const override { return whole_->SurplusScope(); }
  std::vector<std::string> Streams() const override { return whole_->Streams(); }
  Result<Page> Pull(const std::string& stream, const std::optional<Cursor>& cursor) override {
    return whole_->Pull(stream, cursor);
  }
  Result<Page> ReadAgain(const std::string& stream, const std::string& window, const std::vector<RecordAsk>& asked,
                         const std::optional<Cursor>& at) override {
    auto page = whole_->ReadAgain(stream, window, asked, at);
    if (!page.ok()) return page;
    page->records.resize(std::min<std::size_t>(1, page->records.size()));
    page->end = true;
    page->complete_through = ParseInstant(Stage::kNow).value();
    return page;
  }

 private:
  std::unique_ptr<Connector> whole_;
};

Spoiler RereadsOnePage() {
  return {.connector = [](std::unique_ptr<Connector> inner) { return std::make_unique<OnePageAgain>(std::move(inner)); }};
}

// Answers a request as it was answered the first time.
Spoiler RemembersAnswers() {
  auto known = std::make_shared<std::map<std::string, HttpResponse>>();
  return WithHttp([known](HttpClient& inner, const HttpRequest& request) -> Result<HttpResponse> {
    const std::string asked = request.method + request.url + request.body;
    if (const auto found = known->find(asked); found != known->end()) return found->second;
    auto response = inner.Send(request);
    if (response.ok()) known->emplace(asked, *response);
    return response;
  });
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

struct Bite {
  const char* mistake;
  const char* test;
  const char* platform;
  Spoiler spoil;
  const char* found;  // part of a problem
};

const Case& CaseNamed(const std::string& name) {
  const auto found = std::find_if(Cases().begin(), Cases().end(), [&](const Case& test) { return test.name == name; });
  REQUIRE(found != Cases().end());
  return *found;
}

const PlatformRow& PlatformNamed(const std::string& name) {
  const auto found =
      std::find_if(Platforms().begin(), Platforms().end(), [&](const auto& row) { return row.name == name; });
  REQUIRE(found != Platforms().end());
  return *found;
}

bool IsHtml(const HttpResponse& response) { return response.body.starts_with("<!DOCTYPE"); }
bool IsBlank(const HttpResponse& response) { return response.status == 200 && response.body.empty(); }
bool IsBusy(const HttpResponse& response) { return response.status == 503; }
bool IsCut(const HttpResponse& response) { return response.status == 200 && !response.body.ends_with("}"); }

const Bite kRows[] = {
    // what is handed over
    {"loses the last record of a page", "twice", "hanoiwork", Changing(DropLast), "not held"},
    {"loses the last record of a page", "equal_times", "documents", Changing(DropLast), "not held"},
    {"loses the last record of a page", "twice", "file_drop", Changing(DropLast), "not held"},
    {"loses the last record of a page", "twice", "inbox", Changing(DropLast), "not held"},
    {"saves the cursor ahead of its records", "resume", "hanoiwork", CursorAhead(), "not held"},
    {"saves the cursor ahead of its records", "resume", "documents", CursorAhead(), "not held"},
    {"saves the cursor ahead of its records", "resume", "file_drop", CursorAhead(), "not held"},
    {"saves the cursor ahead of its records", "resume", "inbox", CursorAhead(), "not held"},
    {"writes records anew instead of passing them on", "twice", "citizen_reports", Changing(Reserialise), ""},
    {"knows a record by its id alone", "edited", "public_service", KnowsByIdAlone(), "one more record"},
    {"loses what the source deleted", "deleted_stays", "hanoiwork", {.before_run = "DELETE FROM evidence"}, "is gone"},
    {"cannot be asked again", "deletion_told", "hanoiwork", With(PullsWell), "a deletion at the source is not told"},
    {"cannot be asked again", "change_told", "hanoiwork", With(PullsWell), "is not found"},
    {"takes the first page for the window", "deletion_told", "http_json by page", RereadsOnePage(), "does not match"},
    {"sees the old bytes again", "change_told", "dossiers_2025", RemembersAnswers(), "is not found"},
    // one bad record
    {"throws away what it cannot read", "bad_record", "public_service", Changing(DropUnreadable), "in quarantine"},
    {"keeps other bytes than came", "bad_record", "hanoiwork", Changing(BadBytes), "not kept with its bytes"},
    // empty, dead, refused
    {"takes an error for an empty page", "empty_or_dead", "hanoiwork", With(SwallowsErrors), "dead source"},
    {"takes an error for an empty page", "empty_or_dead", "file_drop", With(SwallowsErrors), "dead source"},
    {"takes an error for an empty page", "fault_for_good", "public_service", With(SwallowsErrors), "does not fail"},
    {"takes an error for an empty page", "credentials", "citizen_reports", With(SwallowsErrors), "class auth"},
    {"takes an error for an empty page", "stopped", "documents", With(SwallowsErrors), "interrupted"},
    {"asks for ever", "fault_for_good", "hanoiwork", With(AsksForEver), "goes on asking"},
    {"asks for ever", "credentials", "documents", With(AsksForEver), "goes on asking"},
    {"silence completes something", "empty_or_dead", "inbox", Changing(CompletesTomorrow), "silent sender"},
    // cursors and clocks
    {"begins again at a cursor that cannot be", "future_cursor", "public_service", With(TakesAnyCursor), "cannot be"},
    {"begins again at a cursor that cannot be", "future_cursor", "file_drop", With(TakesAnyCursor), "cannot be"},
    {"begins again at a cursor that cannot be", "future_cursor", "inbox", With(TakesAnyCursor), "cannot be"},
    {"begins again at a cursor that cannot be", "clock_skew", "hanoiwork", With(TakesAnyCursor), "not refused"},
    {"completes what is still to come", "clock_skew", "hanoiwork", Changing(CompletesTomorrow), "complete beyond it"},
    {"completes what is still to come", "sender_clock", "inbox", Changing(CompletesTomorrow), "still to come"},
    {"completes what is still to come", "sender_clock", "file_drop", Changing(CompletesTomorrow), "still to come"},
    // paging
    {"ends where a page repeats", "paging_repeated", "hanoiwork", EndsAt("page_repeated"), "pages repeat: not held"},
    {"says nothing of what it missed", "paging_skipped", "hanoiwork", Changing(SayNothing), "nobody is told why"},
    {"is complete whatever it missed", "paging_skipped", "citizen_reports", Changing(ClaimComplete), "not held"},
    {"is complete whatever it missed", "paging_reversed", "hanoiwork", Changing(ClaimComplete), "not held"},
    {"stops behind the first page", "paging_mended", "hanoiwork", With(StopsBehindPageOne), "mended: not held"},
    {"ends where the total shrinks", "paging_shrinks", "hanoiwork", EndsAt("total_shrank"), "not held"},
    // answers that are none
    {"asks again at once", "fault_once", "hanoiwork", WithHttp(IgnoresRetryAfter), "before Retry-After is over"},
    {"takes 503 for an empty list", "fault_once", "hanoiwork", TakesForEmpty(IsBusy), "unavailable once"},
    {"takes a reset for an empty list", "fault_once", "hanoiwork", TakesForEmpty("reset"), "reset once"},
    {"takes a cut body for an empty list", "fault_once", "hanoiwork", TakesForEmpty("truncated_body"), "cut_body once"},
    {"takes a cut gzip for whole", "fault_once", "hanoiwork", TakesForEmpty(IsCut), "cut_gzip once"},
    {"closes a document that is cut", "fault_once", "hanoiwork", TakesForEmpty(IsCut), "short_length once"},
    {"waits for each last byte", "fault_once", "hanoiwork", WithHttp(WaitsForEver), "drip once"},
    {"takes a page for people for an empty list", "fault_once", "hanoiwork", TakesForEmpty(IsHtml), "html once"},
    {"takes nothing for an empty list", "fault_once", "hanoiwork", TakesForEmpty(IsBlank), "empty once"},
    {"keeps a token that is over", "token_expires", "http_json by cursor", KeepsItsToken(), "refused once"},
    {"keeps a token that is over", "twice", "dossiers_2025", KeepsItsToken(), "the run fails"},
    {"gives up at the first failure",
     "fault_once",
     "documents_lgsp",
     {.manifest = [](Manifest& m) { m.limits.max_attempts = 1; }},
     "too_many once"},
    // fields
    {"refuses a field that it does not know", "fields_change", "hanoiwork", Changing(RefusesNewFields), "a new field"},
    {"guesses what is missing",
     "fields_change",
     "hanoiwork",
     {.mapper = [](std::unique_ptr<Mapper> inner) { return std::make_unique<Guessing>(std::move(inner)); }},
     "without its time"},
    {"guesses what is of another type",
     "fields_change",
     "hanoiwork",
     {.mapper = [](std::unique_ptr<Mapper> inner) { return std::make_unique<Guessing>(std::move(inner)); }},
     "of another type"},
    {"forgets which fields it knows",
     "new_field_told",
     "public_service",
     {.before_run = "DELETE FROM cursors WHERE stream = '@fields'"},
     "nobody is told"},
    // two collectors
    {"no lease",
     "two_collectors",
     "hanoiwork",
     {.before_second_collector = "UPDATE leases SET until = 0"},
     "a second collector runs"},
    {"no fence",
     "two_collectors",
     "hanoiwork",
     {.after_second_collector = "UPDATE leases SET fence = 1; UPDATE runs SET state = 'open' WHERE run = 1"},
     "under a lease that is over"},
    // what it may and may not
    {"does without its secret",
     "settings",
     "hanoiwork",
     {.manifest = [](Manifest& m) { m.auth = {}; }},
     "a missing secret is not named"},
    {"acknowledges what it read", "reads_only", "public_service", WithHttp(Acknowledges), "asks POST"},
    {"moves files that are not ours",
     "reads_only",
     "file_drop",
     {.manifest = [](Manifest& m) { m.own_subscription = true; }},
     "was changed"},
    {"is silent of what its credential may do",
     "too_wide_credentials",
     "http_json by offset",
     {.connector = [](std::unique_ptr<Connector> c) { return std::make_unique<SilentOfRights>(std::move(c)); }},
     "may write"},
    // what is brought
    {"throws away a file that it cannot read", "hand_faults", "file_drop", Changing(DropUnreadable), "brought cut:"},
    {"throws away a cut archive", "hand_faults", "file_drop", Changing(DropUnreadable), "brought cut archive:"},
    {"is complete whatever it missed", "hand_faults", "file_drop", Changing(ClaimComplete), "brought short:"},
    {"says nothing of what it missed", "hand_faults", "inbox", Changing(SayNothing), "nobody is told"},
    {"is complete whatever it missed", "hand_faults", "inbox", Changing(ClaimComplete), "brought short:"},
    {"knows no key again",
     "push_again",
     "inbox",
     {.after_push = "UPDATE inbox SET idempotency_key = idempotency_key || '-'"},
     "another answer to the same"},
    {"lets a stranger in",
     "push_refused",
     "inbox",
     {.push = [](PushRequest& request) { request.token = kPushToken; }},
     "a stranger may push"},
    {"is never full",
     "push_full",
     "inbox",
     {.after_push = "UPDATE inbox SET box = NULL, wrapped_key = NULL"},
     "an inbox that is full is answered"},
};

}  // namespace

TEST_CASE("each mistake is found") {
  for (const Bite& row : kRows) {
    CAPTURE(row.mistake);
    CAPTURE(row.test);
    CAPTURE(row.platform);
    Trial trial{PlatformNamed(row.platform), row.spoil};
    CaseNamed(row.test).run(trial);
    const bool found = std::any_of(trial.problems.begin(), trial.problems.end(), [&](const std::string& problem) {
      return problem.find(row.found) != std::string::npos;
    });
    CHECK_MESSAGE(found, (trial.problems.empty() ? "nothing at all" : "only: " + trial.problems.front()));
  }
}

// Every case that can fail for the sake of a platform is known to do so.
TEST_CASE("each case is seen to fail") {
  for (const Case& test : Cases()) {
    CAPTURE(test.name);
    const bool here =
        std::any_of(std::begin(kRows), std::end(kRows), [&](const Bite& row) { return row.test == test.name; });
    const bool waived = std::any_of(Waivers().begin(), Waivers().end(), [&](const Waiver& waiver) {
      return waiver.test == test.name && waiver.platforms.empty();
    });
    CHECK((here || waived));
  }
}
