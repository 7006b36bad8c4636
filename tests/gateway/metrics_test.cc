#include "gateway/metrics.h"

#include <doctest/doctest.h>

#include <regex>
#include <set>

#include "gateway/schedule.h"

using namespace mc;

namespace {

bool HasLine(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

SourceState StateOf(const std::string& id) {
  SourceState state;
  state.id = id;
  state.health = SourceHealth::kStopped;
  state.status.breaker = BreakerState::kOpen;
  state.status.failures = 7;
  state.status.error_text = "secret sentence of a source";
  state.last_success = Instant{1'780'000'000 * kMicrosPerSecond};
  state.lag_minutes = 90;
  state.lag_limit_minutes = 60;
  state.quarantined = 3;
  return state;
}

}  // namespace

// Goal: each figure of the page is there with its value.
TEST_CASE("metrics: runs are counted, states are shown") {
  Metrics metrics("1.2.3");
  SourceResult good;
  good.source = "reports";
  good.counts = {10, 4, 3, 2, 1};
  metrics.RunEnded(good, std::chrono::milliseconds(700));
  metrics.RunEnded(good, std::chrono::milliseconds(100));
  SourceResult failed;
  failed.source = "reports";
  failed.error = TransientError("timeout", "secret sentence");
  metrics.RunEnded(failed, std::chrono::milliseconds(20'000));
  WitnessState behind;
  behind.id = "inspector";
  behind.backlog = 17;
  behind.contradicts = true;
  Metrics::Reading reading{{StateOf("reports")}, 42, {behind}};
  reading.room = DiskRoom{4'096, 12};
  const std::string text = metrics.Text(&reading);
  for (const char* line : {
           R"(minhchung_build_info{version="1.2.3"} 1)",
           R"(minhchung_pulls_total{outcome="complete",source="reports"} 2)",
           R"(minhchung_pulls_total{outcome="failed",source="reports"} 1)",
           R"(minhchung_records_total{result="new",source="reports"} 8)",
           R"(minhchung_records_total{result="revised",source="reports"} 6)",
           R"(minhchung_records_total{result="duplicate",source="reports"} 4)",
           R"(minhchung_records_total{result="quarantined",source="reports"} 2)",
           R"(minhchung_pull_duration_seconds_count{source="reports"} 3)",
           R"(minhchung_pull_duration_seconds_bucket{source="reports",le="1"} 2)",
           R"(minhchung_source_last_success_timestamp_seconds{source="reports"} 1780000000)",
           R"(minhchung_source_lag_seconds{source="reports"} 5400)",
           R"(minhchung_source_lag_limit_seconds{source="reports"} 3600)",
           R"(minhchung_source_consecutive_failures{source="reports"} 7)",
           R"(minhchung_source_breaker{source="reports",state="open"} 1)",
           R"(minhchung_source_breaker{source="reports",state="closed"} 0)",
           R"(minhchung_source_stopped{source="reports"} 1)",
           R"(minhchung_quarantine_open{source="reports"} 3)",
           "minhchung_ledger_leaves 42",
           R"(minhchung_witness_backlog_leaves{witness="inspector"} 17)",
           R"(minhchung_witness_contradicts{witness="inspector"} 1)",
           "minhchung_store_up 1",
           "minhchung_disk_free_bytes 4096",
           "minhchung_disk_free_inodes 12",
       }) {
    CHECK_MESSAGE(HasLine(text, std::string(line) + "\n"), line << " is missing in\n" << text);
  }
  CHECK_FALSE(HasLine(text, "secret"));
  CHECK(HasLine(metrics.Text(nullptr), "minhchung_store_up 0\n"));
}

// Goal: the four numbers, the gates and the last read-back are there; what is unknown, or of another month, is not.
TEST_CASE("metrics: quality") {
  Metrics metrics("1.2.3");
  Metrics::Reading reading{{}, 0, {}};
  SourceNumbers numbers;
  numbers.source = "reports";
  numbers.all.correct = numbers.unplaced.correct = {99, 100};
  numbers.all.live = numbers.unplaced.live = {3, 4};
  reading.quality = {numbers};
  reading.gates.correct = Ratio(991, 1000);
  reading.gates.live = Ratio(3, 4);
  reading.quality_day = CivilDate{0};
  ReadBack last;
  last.source = "reports";
  last.ended_at = Instant{1'780'000'000 * kMicrosPerSecond};
  last.counts = {5, 4, 3, 2, 1};
  last.error_code = "timeout";
  reading.read_backs = {last};
  const std::string text = metrics.Text(&reading);
  for (const char* line : {
           R"(minhchung_quality_numerator{number="correct",source="reports"} 99)",
           R"(minhchung_quality_denominator{number="correct",source="reports"} 100)",
           R"(minhchung_quality_numerator{number="live",source="reports"} 3)",
           R"(minhchung_quality_gate_closed{number="correct",source="reports"} 1)",
           R"(minhchung_quality_gate_closed{number="live",source="reports"} 0)",
           R"(minhchung_quality_gate_closed{number="clean",source="reports"} 0)",
           "minhchung_quality_day_timestamp_seconds 61200",  // 24:00 of 1 January 1970, city time
           R"(minhchung_read_back_records{source="reports",verdict="match"} 5)",
           R"(minhchung_read_back_records{source="reports",verdict="revised"} 4)",
           R"(minhchung_read_back_records{source="reports",verdict="differs"} 3)",
           R"(minhchung_read_back_records{source="reports",verdict="gone"} 2)",
           R"(minhchung_read_back_records{source="reports",verdict="unknown"} 1)",
           R"(minhchung_read_back_timestamp_seconds{source="reports"} 1780000000)",
           R"(minhchung_read_back_failed{source="reports"} 1)",
       }) {
    CHECK_MESSAGE(HasLine(text, std::string(line) + "\n"), line << " is missing in\n" << text);
  }
  CHECK_FALSE(HasLine(text, R"(minhchung_quality_numerator{number="clean")"));
  reading.quality[0].all.correct = reading.quality[0].unplaced.correct = {};
  const std::string next_month = metrics.Text(&reading);
  CHECK_FALSE(HasLine(next_month, R"(minhchung_quality_numerator{number="correct")"));
  CHECK_FALSE(HasLine(next_month, R"(minhchung_quality_denominator{number="correct")"));
  CHECK(HasLine(next_month, "minhchung_quality_gate_closed{number=\"correct\",source=\"reports\"} 0\n"));
}

// Goal: no label but those of fixed words and source ids, however often it is scraped.
TEST_CASE("metrics: label sets are bounded") {
  Metrics metrics("1");
  const Metrics::Reading reading{{StateOf("a"), StateOf("b")}, 1, {WitnessState{}}};
  for (int i = 0; i < 3; ++i) metrics.Text(&reading);
  const std::string text = metrics.Text(&reading);
  const std::regex label("([a-z]+)=\"");
  std::set<std::string> labels;
  for (std::sregex_iterator it(text.begin(), text.end(), label), end; it != end; ++it) labels.insert((*it)[1]);
  CHECK(labels == std::set<std::string>{"version", "source", "state", "witness"});
  std::set<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) CHECK(lines.insert(line).second);
}
