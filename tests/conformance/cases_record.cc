// One bad record in a good page; fields added, removed, changed in type.

#include <algorithm>

#include "tests/conformance/cases.h"

namespace mc::conformance {
namespace {

using std::chrono::minutes;

const char* Name(Shape shape) {
  static constexpr const char* kNames[] = {
      "good", "with a new field", "without its key", "without its time", "of another type", "not UTF-8", "too long"};
  return kNames[static_cast<std::size_t>(shape)];
}

// Whether the bytes are in quarantine, whole, and under the digest that belongs to them.
bool Quarantined(Stage& stage, const std::string& bytes) {
  for (const QuarantineEntry& entry : stage.Quarantine()) {
    const auto opened = stage.store().OpenRecord(entry.ik, "conformance");
    if (opened.ok() && opened->record.bytes == bytes) {
      return opened->record.key.digest == Sha256(bytes) && !entry.reason.code.empty() && !entry.reason.message.empty();
    }
  }
  return false;
}

// The good ones are held, the bad one is kept with bytes and reason, and comes in once it is mended.
void BadRecord(Trial& trial, Shape shape) {
  Stage stage(trial);
  stage.Fill(5);
  const std::string when = std::string("a record ") + Name(shape);
  const std::size_t bad = 1;
  stage.world.items[bad].shape = shape;
  const std::string bytes = stage.BytesOf(bad);
  const SourceResult result = stage.Collect();
  ExpectComplete(trial, stage, result, when);
  trial.Expect(result.counts.quarantined == 1,
               when + ": " + std::to_string(result.counts.quarantined) + " records are in quarantine");
  trial.Expect(Quarantined(stage, bytes), when + ": it is not kept with its bytes and a reason");
  stage.Pass(minutes(10));
  stage.platform().Edit(stage.world, bad, stage.clock.Now());
  const bool revision = stage.platform().edits_are_revisions();
  (revision ? stage.world.items[bad] : stage.world.items.back()).shape = Shape::kGood;
  stage.Pass(minutes(60));
  ExpectComplete(trial, stage, stage.Collect(), when + ", mended");
}

void BadRecords(Trial& trial) {
  for (const Shape shape : {Shape::kNoKey, Shape::kNotUtf8, Shape::kTooLong}) BadRecord(trial, shape);
}

void FieldsChange(Trial& trial) {
  for (const Shape shape : {Shape::kNoTime, Shape::kWrongType}) BadRecord(trial, shape);
  Stage stage(trial);
  stage.Fill(3);
  stage.world.items[1].shape = Shape::kNewField;
  const SourceResult result = stage.Collect();
  ExpectComplete(trial, stage, result, "a record with a new field");
  trial.Expect(result.counts.quarantined == 0, "a new field sends a record to quarantine");
}

// A field that was never there before is told to the operator.
void NewFieldTold(Trial& trial) {
  Stage stage(trial);
  stage.Fill(3);
  stage.Collect();
  stage.world.items[1].shape = Shape::kNewField;
  stage.Pass(minutes(10));
  stage.platform().Edit(stage.world, 1, stage.clock.Now());
  stage.Pass(minutes(60));
  trial.Expect(!stage.Collect().notes.empty(), "nobody is told of a new field");
}

}  // namespace

std::vector<Case> RecordCases() {
  return {{"bad_record", &BadRecords}, {"fields_change", &FieldsChange}, {"new_field_told", &NewFieldTold}};
}

}  // namespace mc::conformance
