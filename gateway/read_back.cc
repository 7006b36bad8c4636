#include "gateway/read_back.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "core/log.h"
#include "storage/leaf.h"

namespace mc {
namespace {

using RecordName = std::pair<std::string, std::string>;  // stream, native id

enum class Answer { kNone, kSame, kOther, kAbsent };

struct Asked {
  Asked(SampledRecord held, bool chosen) : record(std::move(held)), in_sample(chosen) {}

  SampledRecord record;
  bool in_sample;  // false: it was gone, and is asked for whether it came back
  Answer answer = Answer::kNone;
  bool hole = false;   // some of its windows could not be read whole
  SourceRecord other;  // kOther
  ReadBackVerdict verdict = ReadBackVerdict::kUnknown;
};

// An ordinary pull, watched for what it brings of some records.
class Watched final : public Connector {
 public:
  Watched(Connector& inner, const std::set<RecordName>& names) : inner_(inner), names_(names) {}
  const Manifest& manifest() const override { return inner_.manifest(); }
  Status Check() override { return inner_.Check(); }
  std::vector<std::string> SurplusScope() const override { return inner_.SurplusScope(); }
  std::vector<std::string> Streams() const override { return inner_.Streams(); }
  Result<Page> Pull(const std::string& stream, const std::optional<Cursor>& cursor) override {
    auto page = inner_.Pull(stream, cursor);
    if (!page.ok()) return page;
    for (const SourceRecord& record : page->records) {
      const RecordName name{stream, record.key.native_id};
      if (names_.contains(name)) brought_[name] = record.key.digest;
    }
    return page;
  }
  std::optional<Digest> Brought(const RecordName& name) const {
    const auto found = brought_.find(name);
    return found == brought_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  Connector& inner_;
  const std::set<RecordName>& names_;
  std::map<RecordName, Digest> brought_;  // as it came last
};

class ReadingBack {
 public:
  ReadingBack(const RunContext& context, Connector& connector) : context_(context), connector_(connector) {
    result_.source = context.manifest.id;
    result_.read_back.source = context.manifest.id;
    result_.read_back.started_at = context.clock.Now();
  }

  ReadBackResult Run(const ReadBackLimits& limits) {
    Status done = Choose(limits);
    if (done.ok()) done = ReadWindows();
    if (!done.ok()) result_.error = done.error();
    // What was answered before it failed is still judged.
    if (const Status judged = Judge(); !judged.ok() && !result_.error) result_.error = judged.error();
    if (const Status kept = Keep(); !kept.ok()) result_.error = kept.error();
    return std::move(result_);
  }

 private:
  Status Choose(const ReadBackLimits& limits) {
    const Instant since{context_.clock.Now().micros - limits.age_days * kMicrosPerDay};
    MC_TRY(std::vector<SampledRecord> sample, context_.store.SampleRecords(result_.source, since, limits.records));
    MC_TRY(std::vector<SampledRecord> gone, context_.store.GoneRecords(result_.source, limits.records));
    std::set<std::int64_t> chosen;
    for (SampledRecord& record : sample) {
      chosen.insert(record.leaf);
      asked_.emplace_back(std::move(record), true);
    }
    for (SampledRecord& record : gone) {
      gone_before_.insert(record.leaf);
      if (!chosen.contains(record.leaf)) asked_.emplace_back(std::move(record), false);
    }
    for (std::size_t i = 0; i < asked_.size(); ++i) by_name_[NameOf(asked_[i])].push_back(i);
    return Ok();
  }

  static RecordName NameOf(const Asked& asked) { return {asked.record.stream, asked.record.key.native_id}; }

  // Each window once, however many of the chosen records stood in it.
  Status ReadWindows() {
    std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> windows;
    for (std::size_t i = 0; i < asked_.size(); ++i) {
      for (const std::string& window : asked_[i].record.windows) {
        windows[{asked_[i].record.stream, window}].push_back(i);
      }
    }
    for (const auto& [window, members] : windows) {
      MC_CHECK_OK(ReadWindow(window.first, window.second, members));
    }
    for (Asked& asked : asked_) {
      if (asked.answer == Answer::kNone && !asked.hole) asked.answer = Answer::kAbsent;
    }
    return Ok();
  }

  Status ReadWindow(const std::string& stream, const std::string& window, const std::vector<std::size_t>& members) {
    std::vector<RecordAsk> asks;
    for (const std::size_t i : members) {
      if (asked_[i].answer == Answer::kNone) asks.push_back({asked_[i].record.key.native_id, asked_[i].record.facts});
    }
    if (asks.empty()) return Ok();
    auto whole = ReadPages(stream, window, asks, members);
    const bool hole = !whole.ok() || !*whole;
    for (const std::size_t i : members) asked_[i].hole = asked_[i].hole || hole;
    if (whole.ok() || whole.error().error_class == ErrorClass::kData) return Ok();
    return whole.error();  // what has no answer by now stays unknown
  }

  // True when all that the source offers in the window was seen, or all that was looked for.
  Result<bool> ReadPages(const std::string& stream, const std::string& window, const std::vector<RecordAsk>& asks,
                         const std::vector<std::size_t>& members) {
    std::optional<Cursor> at;
    bool readable = true;
    while (true) {
      if (context_.stopped && context_.stopped()) {
        return TransientError("interrupted", "the read-back ended early because the program ends");
      }
      MC_TRY(const Page page, connector_.ReadAgain(stream, window, asks, at));
      for (const SourceRecord& record : page.records) Meet(stream, record);
      MC_TRY(const bool known, AllKnown(page.unreadable));
      readable = readable && known;
      const bool settled = std::none_of(members.begin(), members.end(),
                                        [&](std::size_t i) { return asked_[i].answer == Answer::kNone; });
      if (settled) return true;
      if (page.end) return readable && page.complete_through.has_value();
      at = page.next;
    }
  }

  void Meet(const std::string& stream, const SourceRecord& record) {
    const auto found = by_name_.find({stream, record.key.native_id});
    if (found == by_name_.end()) return;
    for (const std::size_t i : found->second) {
      Asked& asked = asked_[i];
      if (record.key.digest == asked.record.key.digest) {
        asked.answer = Answer::kSame;
      } else if (asked.answer != Answer::kSame) {
        asked.answer = Answer::kOther;
        asked.other = record;
      }
    }
  }

  // A row that cannot be read may be one that is looked for, unless it was like that before.
  Result<bool> AllKnown(const std::vector<UnreadableRecord>& rows) {
    for (const UnreadableRecord& row : rows) {
      const auto leaves = context_.store.LeavesOfRecord(IkOf(row.record.key));
      if (leaves.ok()) continue;
      if (leaves.error().error_class == ErrorClass::kData) return false;
      return leaves.error();
    }
    return true;
  }

  Status Judge() {
    Status settled = Settle();
    std::vector<const Asked*> untold;
    std::set<RecordName> taken;
    for (const Asked& asked : asked_) {
      const bool differs = asked.verdict == ReadBackVerdict::kDiffers;
      if (differs && taken.insert(NameOf(asked)).second) untold.push_back(&asked);
    }
    if (untold.empty()) return settled;
    const Status took = Take(untold);
    return settled.ok() ? took : settled;
  }

  // What the first look did not settle, an ordinary pull does.
  Status Settle() {
    std::set<RecordName> open;
    for (Asked& asked : asked_) {
      if (asked.answer == Answer::kSame || (asked.answer == Answer::kOther && SaysTheSame(asked))) {
        asked.verdict = ReadBackVerdict::kMatch;
      } else if (asked.answer != Answer::kNone) {
        open.insert(NameOf(asked));
      }
    }
    if (open.empty()) return Ok();
    Watched watched(connector_, open);
    const SourceResult pulled = PullSource(context_, watched);
    if (pulled.error) return *pulled.error;
    for (Asked& asked : asked_) {
      if (open.contains(NameOf(asked)) && asked.answer != Answer::kSame) asked.verdict = VerdictOf(asked, watched);
    }
    return Ok();
  }

  static ReadBackVerdict VerdictOf(const Asked& asked, const Watched& watched) {
    const std::optional<Digest> brought = watched.Brought(NameOf(asked));
    if (brought) {
      return *brought == asked.record.key.digest && asked.answer == Answer::kAbsent ? ReadBackVerdict::kMatch
                                                                                    : ReadBackVerdict::kRevised;
    }
    return asked.answer == Answer::kAbsent ? ReadBackVerdict::kGone : ReadBackVerdict::kDiffers;
  }

  // Other bytes that state the same: a counter of views, an order of fields.
  bool SaysTheSame(const Asked& asked) const {
    const auto outcome = context_.mapper.Map(asked.other);
    const auto* evidence = std::get_if<Evidence>(&outcome);
    if (!evidence) return false;
    const auto text = TextOf(*evidence);
    return text.ok() && AsBytes(text->statement) == asked.record.statement;
  }

  Status Take(const std::vector<const Asked*>& untold) {
    const std::string& source = result_.source;
    MC_TRY(const Lease lease, context_.store.AcquireLease(source, context_.holder, context_.lease_ttl_secs));
    const Status taken = TakeUnder(lease, untold);
    (void)context_.store.ReleaseLease(lease);
    return taken;
  }

  Status TakeUnder(const Lease& lease, const std::vector<const Asked*>& untold) {
    RunReceipt receipt;
    receipt.source = result_.source;
    receipt.register_id = context_.manifest.register_id;
    receipt.outcome = RunOutcome::kReadBack;
    MC_TRY(receipt.run, context_.store.BeginRun(receipt.source, receipt.register_id));
    // What replaces a record can be read again where that one stood.
    std::map<std::pair<std::string, std::vector<std::string>>, IngestBatch> batches;  // by stream, windows
    for (const Asked* asked : untold) {
      IngestBatch& batch = batches[{asked->record.stream, asked->record.windows}];
      auto outcome = context_.mapper.Map(asked->other);
      if (std::holds_alternative<RejectionReason>(outcome)) ++receipt.unread;
      batch.items.push_back({asked->other, std::move(outcome)});
    }
    for (auto& [place, batch] : batches) {
      batch.source = receipt.source;
      std::tie(batch.stream, batch.windows) = place;
      batch.run = receipt.run;
      batch.fence = lease.fence;
      MC_TRY(const BatchCounts counts, context_.store.AppendBatch(batch));
      receipt.counts += counts;
    }
    receipt.ended_at = context_.clock.Now();
    result_.taken = receipt.counts;
    return context_.store.EndRun(receipt);
  }

  Status Keep() {
    ReadBack& kept = result_.read_back;
    for (const Asked& asked : asked_) {
      if (asked.in_sample) Count(asked);
      const bool back = asked.verdict == ReadBackVerdict::kMatch || asked.verdict == ReadBackVerdict::kRevised;
      if (back && gone_before_.contains(asked.record.leaf)) kept.returned.push_back(asked.record.leaf);
    }
    const auto by_leaf = [](const Contradiction& a, const Contradiction& b) { return a.leaf < b.leaf; };
    std::sort(kept.contradicted.begin(), kept.contradicted.end(), by_leaf);
    std::sort(kept.returned.begin(), kept.returned.end());
    kept.error_code = result_.error ? result_.error->code : "";
    kept.ended_at = context_.clock.Now();
    MC_TRY(result_.leaf, context_.store.AppendReadBack(kept));
    const auto head = context_.store.SignHead();
    return head.ok() ? Ok() : Status(head.error());
  }

  void Count(const Asked& asked) {
    ReadBack& kept = result_.read_back;
    switch (asked.verdict) {
      case ReadBackVerdict::kMatch: ++kept.counts.match; return;
      case ReadBackVerdict::kRevised: ++kept.counts.revised; return;
      case ReadBackVerdict::kDiffers: ++kept.counts.differs; break;
      case ReadBackVerdict::kGone: ++kept.counts.gone; break;
      case ReadBackVerdict::kUnknown: ++kept.counts.unknown; return;
    }
    kept.contradicted.push_back({asked.record.leaf, asked.verdict});
  }

  const RunContext& context_;
  Connector& connector_;
  ReadBackResult result_;
  std::vector<Asked> asked_;
  std::map<RecordName, std::vector<std::size_t>> by_name_;
  std::set<std::int64_t> gone_before_;  // leaves
};

void LogEnd(const ReadBackResult& result) {
  const ReadBackCounts& counts = result.read_back.counts;
  Log(result.error ? LogLevel::kWarn : LogLevel::kInfo, "read_back_ended",
      {{"source", result.source},
       {"match", std::to_string(counts.match)},
       {"revised", std::to_string(counts.revised)},
       {"differs", std::to_string(counts.differs)},
       {"gone", std::to_string(counts.gone)},
       {"unknown", std::to_string(counts.unknown)},
       {"error", result.error ? result.error->code : "none"}});
}

}  // namespace

ReadBackResult ReadBackSource(const RunContext& context, Connector& connector, const ReadBackLimits& limits) {
  if (context.manifest.kind == ConnectorKind::kInbox) {
    ReadBackResult result;
    result.source = context.manifest.id;
    result.asked = false;
    return result;
  }
  ReadBackResult result = ReadingBack(context, connector).Run(limits);
  LogEnd(result);
  return result;
}

Json ReadBackToJson(const ReadBackResult& result) {
  Json out = {{"source", result.source}, {"read_back", nullptr}, {"error", nullptr}};
  if (result.error) out["error"] = {{"code", result.error->code}, {"message", result.error->message}};
  if (!result.asked) return out;
  const ReadBack& kept = result.read_back;
  Json contradicted = Json::array();
  for (const Contradiction& c : kept.contradicted) {
    contradicted.push_back({{"leaf", c.leaf}, {"verdict", std::string(Name(c.verdict))}});
  }
  out["read_back"] = {{"match", kept.counts.match},
                      {"revised", kept.counts.revised},
                      {"differs", kept.counts.differs},
                      {"gone", kept.counts.gone},
                      {"unknown", kept.counts.unknown},
                      {"checked", kept.counts.Checked()},
                      {"contradicted", std::move(contradicted)},
                      {"returned", kept.returned},
                      {"leaf", result.leaf < 0 ? Json(nullptr) : Json(result.leaf)}};
  return out;
}

std::string ReadBackText(const ReadBackResult& result) {
  if (!result.asked) return result.source + ": nguồn tự gửi đến, không hỏi lại được";
  const ReadBackCounts& counts = result.read_back.counts;
  std::string text = result.source + ": đối chiếu " + std::to_string(counts.Checked()) + " bản ghi: khớp " +
                     std::to_string(counts.match) + ", sửa đổi có báo " + std::to_string(counts.revised) +
                     ", khác mà không báo " + std::to_string(counts.differs) + ", không còn ở nguồn " +
                     std::to_string(counts.gone);
  if (counts.unknown > 0) text += "; không hỏi được " + std::to_string(counts.unknown);
  if (!result.read_back.returned.empty()) {
    text += "; trở lại sau khi vắng " + std::to_string(result.read_back.returned.size());
  }
  return text + (result.error ? " (chưa xong)" : "");
}

}  // namespace mc
