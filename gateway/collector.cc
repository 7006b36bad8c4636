#include "gateway/collector.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <thread>
#include <utility>

#include "connectors/sniff.h"
#include "core/log.h"
#include "core/text.h"
#include "gateway/known_fields.h"

namespace mc {
namespace {

namespace fs = std::filesystem;

constexpr std::ptrdiff_t kReplaySlice = 200;        // records opened and committed together
constexpr std::size_t kUnreadKnownLimit = 100'000;  // unread records of one run told apart
constexpr auto kLeasePoll = std::chrono::milliseconds(200);
constexpr const char* kFieldsStream = "@fields";  // no stream of a manifest: where known fields are stored

// The later a stream is known to be complete matters little when another one is behind.
void KeepEarliest(std::optional<Instant>& kept, const std::optional<Instant>& next, bool first) {
  if (first) {
    kept = next;
  } else if (!next || (kept && *next < *kept)) {
    kept = next;
  }
}

bool IsStopped(const RunContext& context) { return context.stopped && context.stopped(); }

Error Interrupted() {
  return TransientError("interrupted", "the pull ended early because the program ends; the next one goes on from here");
}

// A begun run: holds the lease, appends pages, ends with its receipt.
class Run {
 public:
  explicit Run(const RunContext& context) : context_(context) {
    receipt_.source = context.manifest.id;
    receipt_.register_id = context.manifest.register_id;
    receipt_.started_at = context.clock.Now();
  }
  ~Run() {
    if (context_.heartbeat) *context_.heartbeat = nullptr;
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  Status Begin() {
    MC_CHECK_OK(TakeLease());
    Status begun = BeginWithLease();
    if (!begun.ok()) (void)context_.store.ReleaseLease(*lease_);
    // A renewal that fails here is tried again, and told, before the next page.
    if (begun.ok() && context_.heartbeat) *context_.heartbeat = [this] { (void)Renew(); };
    return begun;
  }

  // A heartbeat at a third of the lease's life: each renewal is a durable commit, and a page is
  // refused under an older fence in any case.
  Status Renew() {
    const auto now = std::chrono::steady_clock::now();
    if (renewed_at_ && now - *renewed_at_ < std::chrono::seconds(context_.lease_ttl_secs) / 3) return Ok();
    MC_CHECK_OK(context_.store.RenewLease(*lease_, context_.lease_ttl_secs));
    renewed_at_ = now;
    return Ok();
  }

  Status Append(const std::string& stream, Page page) {
    MC_CHECK_OK(Renew());
    MC_CHECK_OK(TellNewFields(page.records));
    FillBatch(stream, page);
    MC_TRY(const BatchCounts counts, context_.store.AppendBatch(batch_));
    batch_.items.clear();
    receipt_.counts += counts;
    for (const std::string& note : page.notes) ++notes_[note];
    if (page.control_total) receipt_.control_total = receipt_.control_total.value_or(0) + *page.control_total;
    if (page.offered) receipt_.offered = receipt_.offered.value_or(0) + *page.offered;
    if (context_.progress) context_.progress(receipt_.counts);
    return Ok();
  }

  // The source is asked: what becomes of it says how live the source is.
  void Asked() { receipt_.lag_limit_minutes = context_.manifest.lag_limit_minutes; }

  // Writes the receipt, also of a failed or empty run, signs the head, gives up the lease.
  Status End(RunOutcome outcome, std::optional<Instant> complete_through, const std::optional<Error>& error) {
    receipt_.outcome = outcome;
    receipt_.complete_through = outcome == RunOutcome::kComplete ? complete_through : std::nullopt;
    receipt_.error_code = error ? error->code : "";
    receipt_.ended_at = context_.clock.Now();
    if (outcome == RunOutcome::kComplete) fields_.Learned();
    if (fields_.changed()) (void)SaveFields();  // losing it costs a notice that comes twice
    Status status = context_.store.EndRun(receipt_);
    if (status.ok()) {
      if (auto head = context_.store.SignHead(); !head.ok()) status = head.error();
    }
    (void)context_.store.ReleaseLease(*lease_);  // an unreleased lease runs out by itself
    return status;
  }

  const BatchCounts& counts() const { return receipt_.counts; }
  const RunReceipt& receipt() const { return receipt_; }
  const std::map<std::string, std::int64_t>& notes() const { return notes_; }
  const std::vector<std::string>& new_fields() const { return new_fields_; }

 private:
  Status BeginWithLease() {
    MC_TRY(const auto known, context_.store.CursorFor(receipt_.source, kFieldsStream));
    fields_ = KnownFields(known);
    MC_TRY(receipt_.run, context_.store.BeginRun(receipt_.source, receipt_.register_id));
    return Ok();
  }

  // Told and kept before the page that brings them: a kill between may tell twice, never not at all.
  Status TellNewFields(const std::vector<SourceRecord>& records) {
    const std::vector<std::string> fresh = fields_.See(records);
    if (fresh.empty()) return Ok();
    for (const std::string& field : fresh) {
      Log(LogLevel::kWarn, "new_field", {{"source", receipt_.source}, {"field", field}});
    }
    new_fields_.insert(new_fields_.end(), fresh.begin(), fresh.end());
    return SaveFields();
  }

  Status SaveFields() {
    const auto saved = context_.store.AppendBatch(
        {receipt_.source, kFieldsStream, receipt_.run, lease_->fence, {}, fields_.Saved()});
    return saved.ok() ? Ok() : Status(saved.error());
  }

  Status TakeLease() {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(context_.lease_ttl_secs + 1);
    while (true) {
      auto lease = context_.store.AcquireLease(receipt_.source, context_.holder, context_.lease_ttl_secs);
      if (lease.ok()) {
        lease_ = std::move(lease).value();
        return Ok();
      }
      const bool held = lease.error().code == "lease_held";
      if (IsStopped(context_)) return Interrupted();
      if (!held || std::chrono::steady_clock::now() >= give_up) return lease.error();
      std::this_thread::sleep_for(kLeasePoll);
    }
  }

  // Into the batch of the page before: its memory is used again.
  void FillBatch(const std::string& stream, Page& page) {
    batch_.source = receipt_.source;
    batch_.stream = stream;
    batch_.run = receipt_.run;
    batch_.fence = lease_->fence;
    batch_.next = std::move(page.next);
    batch_.windows = std::move(page.windows);
    batch_.items.clear();
    batch_.items.reserve(page.records.size() + page.unreadable.size());
    for (SourceRecord& record : page.records) {
      IngestItem& item = batch_.items.emplace_back();
      item.outcome = context_.mapper.Map(record);
      if (std::holds_alternative<RejectionReason>(item.outcome)) {
        CountUnread(record);
        item.place = context_.mapper.Place(record);
      }
      item.record = std::move(record);
    }
    for (UnreadableRecord& bad : page.unreadable) {
      CountUnread(bad.record);
      RecordPlace place = context_.mapper.Place(bad.record);
      batch_.items.push_back({std::move(bad.record), std::move(bad.reason), std::move(place)});
    }
  }

  // Each once, however often a page repeats. Past the limit a repeat may count again.
  void CountUnread(const SourceRecord& record) {
    if (unread_.size() < kUnreadKnownLimit && !unread_.insert(IkOf(record.key)).second) return;
    ++receipt_.unread;
  }

  const RunContext& context_;
  IngestBatch batch_;
  std::set<std::int64_t> unread_;
  std::optional<Lease> lease_;
  std::optional<std::chrono::steady_clock::time_point> renewed_at_;
  RunReceipt receipt_;
  std::map<std::string, std::int64_t> notes_;
  KnownFields fields_{std::nullopt};
  std::vector<std::string> new_fields_;
};

// Pulls one stream to its end; returns how far it is complete.
Result<std::optional<Instant>> PullStream(const RunContext& context, Connector& connector, Run& run,
                                          const std::string& stream) {
  MC_TRY(std::optional<Cursor> cursor, context.store.CursorFor(context.manifest.id, stream));
  while (true) {
    if (IsStopped(context)) return Interrupted();
    MC_CHECK_OK(run.Renew());
    MC_TRY(Page page, connector.Pull(stream, cursor));
    const bool end = page.end;
    const auto complete_through = page.complete_through;
    cursor = page.next;
    MC_CHECK_OK(run.Append(stream, std::move(page)));
    if (end) return complete_through;
  }
}

Result<std::optional<Instant>> PullStreams(const RunContext& context, Connector& connector, Run& run) {
  std::optional<Instant> complete_through;
  bool first = true;
  for (const std::string& stream : connector.Streams()) {
    MC_TRY(const std::optional<Instant> through, PullStream(context, connector, run, stream));
    KeepEarliest(complete_through, through, first);
    first = false;
  }
  return complete_through;
}

SourceResult NewResult(const RunContext& context) {
  SourceResult result;
  result.source = context.manifest.id;
  result.register_id = context.manifest.register_id;
  return result;
}

void TakeCounts(const Run& run, SourceResult& result) {
  result.counts = run.counts();
  result.notes = run.notes();
  result.new_fields = run.new_fields();
  result.control_total = run.receipt().control_total;
  result.offered = run.receipt().offered;
}

void LogEnd(const SourceResult& result) {
  Log(result.error ? LogLevel::kWarn : LogLevel::kDebug, "run_ended",
      {{"source", result.source},
       {"fetched", std::to_string(result.counts.fetched)},
       {"quarantined", std::to_string(result.counts.quarantined)},
       {"error", result.error ? result.error->code : "none"}});
}

// --- saved files

bool IsTaken(const fs::path& path) {
  const std::string extension = ToLowerAscii(path.extension().string());
  static const std::set<std::string> kTaken = {".edxml", ".xml", ".json", ".ndjson", ".jsonl", ".csv", ".xlsx"};
  return kTaken.contains(extension);
}

Result<std::vector<fs::path>> FilesBelow(const std::string& dir) {
  std::error_code ec;
  if (!fs::is_directory(dir, ec)) return ConfigError("cannot_read", dir + " is not a folder that can be read");
  std::vector<fs::path> files;
  fs::recursive_directory_iterator it(dir, ec), end;
  for (; !ec && it != end; it.increment(ec)) {
    const bool hidden = it->path().filename().string().starts_with(".");
    std::error_code type_error;
    const auto type = it->symlink_status(type_error).type();
    if (hidden && type == fs::file_type::directory) it.disable_recursion_pending();
    if (!hidden && type == fs::file_type::regular) files.push_back(it->path());
  }
  if (ec) return ConfigError("cannot_read", "cannot read all of " + dir);
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::string> ReadSaved(const fs::path& path) {
  std::error_code ec;
  const auto size = fs::file_size(path, ec);
  if (ec) return DataError("cannot_read", "cannot be read");
  if (size > static_cast<std::uintmax_t>(kSavedFileLimitBytes)) {
    return DataError("file_too_large", "is longer than 64 MiB");
  }
  std::ifstream in(path, std::ios::binary);
  std::string bytes(static_cast<std::size_t>(size), '\0');
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!in) return DataError("cannot_read", "cannot be read");
  return bytes;
}

// Enough to tell what a file is that is not taken.
std::string FrontOf(const fs::path& path) {
  constexpr std::size_t kFrontBytes = 4096;
  std::ifstream in(path, std::ios::binary);
  std::string front(kFrontBytes, '\0');
  in.read(front.data(), static_cast<std::streamsize>(front.size()));
  front.resize(static_cast<std::size_t>(in.gcount()));
  return front;
}

// An error is one of the store; a file that is not of this source is only noted.
Status TakeFile(const RunContext& context, Run& run, const fs::path& path, const std::string& name,
                SourceResult& result) {
  auto bytes = ReadSaved(path);
  auto page = bytes.ok() ? ParseSaved(context.manifest, name, *bytes, context.clock.Now()) : bytes.error();
  if (!page.ok()) {
    result.files_refused.push_back(name + ": " + page.error().message);
    return Ok();
  }
  page->next = Cursor{""};
  page->control_total.reset();
  page->offered.reset();
  MC_CHECK_OK(run.Append("saved", std::move(page).value()));
  ++result.files_taken;
  return Ok();
}

Status TakeFiles(const RunContext& context, Run& run, const std::string& dir, const std::vector<fs::path>& files,
                 SourceResult& result) {
  for (const fs::path& path : files) {
    const std::string name = path.lexically_relative(dir).generic_string();
    if (!IsTaken(path)) {
      result.files_skipped.push_back(name + ": it looks like " + DescribeBytes(FrontOf(path)));
      continue;
    }
    MC_CHECK_OK(TakeFile(context, run, path, name, result));
  }
  return Ok();
}

// --- quarantine

// Maps the records of one slice anew. What cannot be tried at all is told apart from what was
// tried and still cannot be read.
using EntryAt = std::vector<QuarantineEntry>::const_iterator;
Result<std::vector<SourceRecord>> OpenSlice(const RunContext& context, EntryAt from, EntryAt to,
                                            ReplayResult& result) {
  std::vector<SourceRecord> records;
  for (auto entry = from; entry != to; ++entry) {
    if (!entry->whole) {
      result.not_tried.push_back({entry->ik, "over_payload_limit"});
      continue;
    }
    // An older state would become the latest revision, and speak.
    if (entry->newer_read) {
      result.not_tried.push_back({entry->ik, std::string(kNewerStateRead)});
      continue;
    }
    auto stored = context.store.OpenRecord(entry->ik, "quarantine replay");
    if (stored.ok()) {
      records.push_back(std::move(stored->record));
    } else if (stored.error().error_class == ErrorClass::kData) {
      result.not_tried.push_back({entry->ik, stored.error().code});
    } else {
      return stored.error();
    }
  }
  return records;
}

Status ReplaySlices(const RunContext& context, const std::vector<QuarantineEntry>& entries, Run& run,
                    ReplayResult& result) {
  for (auto from = entries.begin(); from != entries.end();) {
    const auto to = from + std::min<std::ptrdiff_t>(kReplaySlice, entries.end() - from);
    Page page;
    MC_TRY(page.records, OpenSlice(context, from, to, result));
    for (const SourceRecord& record : page.records) {
      const auto outcome = context.mapper.Map(record);
      const auto* reason = std::get_if<RejectionReason>(&outcome);
      if (reason) result.still_unread.push_back({IkOf(record.key), *reason});
    }
    MC_CHECK_OK(run.Append("quarantine", std::move(page)));
    from = to;
  }
  return Ok();
}

}  // namespace

ReplayResult ReplayQuarantine(const RunContext& context, const std::vector<QuarantineEntry>& entries) {
  ReplayResult result;
  Run run(context);
  if (Status begun = run.Begin(); !begun.ok()) {
    result.error = begun.error();
    return result;
  }
  const Status replayed = ReplaySlices(context, entries, run, result);
  if (!replayed.ok()) result.error = replayed.error();
  result.counts = run.counts();
  const Status ended = run.End(replayed.ok() ? RunOutcome::kReplay : RunOutcome::kFailed, std::nullopt, result.error);
  if (!ended.ok() && !result.error) result.error = ended.error();
  return result;
}

SourceResult PullSource(const RunContext& context, Connector& connector) {
  SourceResult result = NewResult(context);
  Run run(context);
  if (Status begun = run.Begin(); !begun.ok()) {
    result.error = begun.error();
    return result;
  }
  run.Asked();
  auto through = PullStreams(context, connector, run);
  if (!through.ok()) result.error = through.error();
  TakeCounts(run, result);
  if (!connector.SurplusScope().empty()) result.notes["scope_too_wide"] = 1;
  const RunOutcome outcome = through.ok() ? RunOutcome::kComplete : RunOutcome::kFailed;
  const Status ended = run.End(outcome, through.ok() ? *through : std::nullopt, result.error);
  if (!ended.ok() && !result.error) result.error = ended.error();
  LogEnd(result);
  return result;
}

SourceResult FailPull(const RunContext& context, const Error& error) {
  SourceResult result = NewResult(context);
  result.error = error;
  Run run(context);
  if (!run.Begin().ok()) return result;  // whoever holds the lease leaves a receipt
  run.Asked();
  (void)run.End(RunOutcome::kFailed, std::nullopt, error);
  LogEnd(result);
  return result;
}

SourceResult TakeSaved(const RunContext& context, const std::string& dir) {
  SourceResult result = NewResult(context);
  auto files = FilesBelow(dir);
  if (!files.ok()) {
    result.error = files.error();
    return result;
  }
  Run run(context);
  if (Status begun = run.Begin(); !begun.ok()) {
    result.error = begun.error();
    return result;
  }
  const Status taken = TakeFiles(context, run, dir, *files, result);
  if (!taken.ok()) result.error = taken.error();
  TakeCounts(run, result);
  const Status ended = run.End(taken.ok() ? RunOutcome::kSaved : RunOutcome::kFailed, std::nullopt, result.error);
  if (!ended.ok() && !result.error) result.error = ended.error();
  LogEnd(result);
  return result;
}

}  // namespace mc
