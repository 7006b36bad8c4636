// Goal: docs/worked-examples.md is true: every standing, line, coefficient and figure that
// was worked out by hand is what the code counts. Method: read the blocks of the page,
// count the described items period by period, compare them with the lines of the sheet,
// and score the sheet.
#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "mapping/deadline.h"
#include "mapping/standing.h"
#include "scoring/case_file.h"
#include "scoring/score_json.h"
#include "scoring/sheet.h"
#include "tests/scoring/scoring_support.h"

namespace mc {
namespace {

using test::DemoCatalogue;
using test::Line;
using test::Nd335;
using test::Q;

std::vector<Json> Examples(const char* name = "worked-examples.md") {
  std::ifstream file(std::string(MC_SOURCE_DIR) + "/docs/" + name);
  REQUIRE(file.good());
  std::stringstream text;
  text << file.rdbuf();
  const std::string page = text.str();
  const std::string open = "\n```json\n", close = "\n```\n";
  std::vector<Json> examples;
  for (std::size_t at = page.find(open); at != std::string::npos; at = page.find(open, at)) {
    at += open.size();
    const std::size_t end = page.find(close, at);
    REQUIRE(end != std::string::npos);
    auto read = ParseJson(page.substr(at, end - at));
    REQUIRE_MESSAGE(read.ok(), read.error().message);
    examples.push_back(*read);
    at = end;
  }
  return examples;
}

Moment At(const Json& text) {
  const auto read = ParseMoment(text.get<std::string>());
  REQUIRE_MESSAGE(read.ok(), text);
  return *read;
}

Json List(const Json& event, const char* key) { return event.value(key, Json::array()); }

DeadlineTrack Track(const Json& due, const Json& extensions) {
  DeadlineTrack track;
  if (!due.is_null()) track.first = At(due);
  for (const Json& extension : extensions) {
    track.set.push_back({At(extension["given_at"]).at, At(extension["new_due"])});
  }
  return track;
}

// The last return by `as_of` undoes what was completed before it.
std::vector<Completion> StandingCompletions(const Json& event, Instant as_of, WorkItem& item) {
  std::optional<Instant> last_return;
  for (const Json& back : List(event, "returns")) {
    const Instant at = At(back["at"]).at;
    if (at > as_of) continue;
    last_return = at;
    if (back["major"].get<bool>()) ++item.quality_failures;
  }
  std::vector<Completion> standing;
  for (const Json& done : List(event, "completions")) {
    const Moment at = At(done["at"]);
    if (EndOf(at) > as_of || (last_return && EndOf(at) < *last_return)) continue;
    standing.push_back({at, Q(done.value("quantity", "1")), Assurance::kRecorded, ""});
  }
  return standing;
}

void SetDeadlineOf(const Json& event, Instant as_of, WorkItem& item) {
  std::vector<DeadlineTrack> tracks;
  if (event.contains("task_due")) tracks.push_back(Track(event["task_due"], List(event, "task_extensions")));
  tracks.push_back(Track(event["due"], List(event, "extensions")));
  std::vector<Wait> waits;
  for (const Json& wait : List(event, "waits")) {
    if (At(wait["from"]).at > as_of) continue;
    waits.push_back({At(wait["from"]).at, At(wait["to"]).at, std::nullopt});
    if (wait.contains("new_due")) waits.back().new_due = At(wait["new_due"]);
  }
  Ratio done;
  for (const Completion& completion : item.completions) done += completion.quantity;
  std::optional<Moment> completed;
  if (done >= item.quantity) completed = item.completions.back().at;
  const DeadlineInForce deadline = FindDeadline(tracks, waits, completed, as_of);
  item.due = deadline.due;
  item.missed_before = deadline.missed_before;
}

WorkItem ItemAt(const Json& event, Instant as_of) {
  WorkItem item;
  item.key = event["key"];
  item.assigned_at = At(event["assigned_at"]);
  item.quantity = Q(event.value("quantity", "1"));
  item.self_set = event.value("self_set", false);
  item.completions = StandingCompletions(event, as_of, item);
  SetDeadlineOf(event, as_of, item);
  if (event.contains("left") && At(event["left"]["at"]).at <= as_of)
    item.left = event["left"]["why"].get<std::string>();
  if (event.contains("recall")) {
    const Instant recalled = At(event["recall"]["at"]).at;
    const bool first = item.completions.empty() || recalled < item.completions.front().at.at;
    if (recalled <= as_of && first) item.left = "recalled";
  }
  return item;
}

std::optional<Standing> StandingAt(const Json& event, Period period) {
  if (event.contains("held")) return std::nullopt;
  const PeriodRules rules{Nd335().carry_over == CarryOver::kNext, Nd335().cutoff_days};
  return StandIn(ItemAt(event, CutOff(Nd335(), period)), period, rules);
}

Json ToJson(const std::optional<Standing>& standing) {
  if (!standing) return nullptr;
  return {{"assigned", standing->assigned.ToShortest()},
          {"completed", standing->completed.ToShortest()},
          {"late", standing->late},
          {"quality_failures", standing->quality_failures},
          {"carried_over", standing->carried_over},
          {"no_deadline", standing->no_deadline}};
}

TEST_CASE("the page holds ten sheets and more, each with its own name") {
  const auto examples = Examples();
  CHECK(examples.size() >= 10);
  std::set<std::string> names;
  for (const Json& example : examples) CHECK(names.insert(example["name"]).second);
}

TEST_CASE("the Vietnamese page holds the same sheets") { CHECK(Examples("worked-examples.vi.md") == Examples()); }

TEST_CASE("every item stands where and as the page says") {
  int checked = 0;
  for (const Json& example : Examples()) {
    CAPTURE(example["name"].get<std::string>());
    for (const Json& event : example["events"]) {
      CAPTURE(event["key"].get<std::string>());
      CHECK(event["due"].is_null() == event.value("no_deadline", false));
      CHECK_FALSE((event.value("claims_only", false) && !event["completions"].empty()));
      for (const auto& [period, expected] : event["standing"].items()) {
        CAPTURE(period);
        CHECK(ToJson(StandingAt(event, *ParsePeriod(period))) == expected);
        ++checked;
      }
    }
  }
  CHECK(checked > 70);
}

// The line of an item as a case file would state it.
Json LineOf(const Json& event, const Standing& standing) {
  const auto found = DemoCatalogue().Find(event["product"].get<std::string>(), CityDate(At(event["assigned_at"])));
  REQUIRE(found.has_value());
  Json line = {{"coefficient", found->product->coefficient.ToShortest()},
               {"assigned", standing.assigned.ToShortest()},
               {"completed", standing.completed.ToShortest()}};
  if (standing.late > 0) line["late"] = standing.late;
  if (standing.quality_failures > 0) line["quality_failures"] = standing.quality_failures;
  return line;
}

TEST_CASE("the lines of each sheet are its items with the coefficients of their day") {
  for (const Json& example : Examples()) {
    CAPTURE(example["name"].get<std::string>());
    const Period period = *ParsePeriod(example["period"].get<std::string>());
    Json lines = Json::array();
    for (const Json& event : example["events"]) {
      if (const auto standing = StandingAt(event, period)) lines.push_back(LineOf(event, *standing));
    }
    CHECK(lines == example["subject"]["lines"]);
  }
}

// Somebody whose sheet came to this class or status.
Subject ManagedExample(const std::string& outcome, const std::string& id) {
  Subject subject = test::Official({Line("1", "10", outcome == "not_completed" ? "1" : "10")}, "0");
  subject.id = id;
  if (outcome == "excellent") subject.general = Ratio(30);
  if (outcome == "completed") subject.lines[0].completed = 8;
  if (outcome == "insufficient_data") subject.lines.clear();
  if (outcome == "awaiting_assessment") subject.general.reset();
  return subject;
}

ScoreCard CardOf(const Json& example) {
  auto read = ParseCase(example["subject"], Nd335(), &DemoCatalogue());
  REQUIRE_MESSAGE(read.ok(), read.error().message);
  std::vector<Subject> subjects = read->subjects;
  if (example.contains("waiting")) {
    for (const Json& reason : example["waiting"]["data"]) subjects[0].waiting_for_data.push_back(reason);
  }
  if (!example.contains("managed")) return Score(Nd335(), subjects[0]);
  std::vector<std::string> managers = {""};
  subjects[0].leadership.unit_results.reset();  // it must come from the managed persons
  for (const Json& outcome : example["managed"]) {
    subjects.push_back(ManagedExample(outcome, "M" + std::to_string(subjects.size())));
    managers.push_back(subjects[0].id);
  }
  const auto cards = ScoreSubjects(Nd335(), subjects, managers);
  REQUIRE(cards.ok());
  for (std::size_t i = 1; i < cards->size(); ++i) {
    const ScoreCard& card = cards->at(i);
    CHECK(card.class_by_score.value_or(std::string(Name(card.status))) == example["managed"][i - 1]);
  }
  return cards->front();
}

TEST_CASE("every sheet comes to the figures that were worked out by hand") {
  for (const Json& example : Examples()) {
    CAPTURE(example["name"].get<std::string>());
    CHECK(example["policy"] == Nd335().id);
    CHECK(example["catalogue"] == DemoCatalogue().id());
    const Json card = CardToJson(CardOf(example));
    const Json& expect = example["expect"];
    CHECK(card["status"] == expect["status"]);
    CHECK(card["class_by_score"] == expect["class_by_score"]);
    for (const char* figure : {"a", "b", "c", "d", "dd", "e", "results_points", "total"}) {
      CAPTURE(figure);
      CHECK(card["exact"][figure] == expect[figure]);
    }
  }
}

}  // namespace
}  // namespace mc
