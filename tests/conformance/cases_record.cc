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
  trial.Expect(stage.SetAside(bytes), when + ": it is not kept with its bytes and a reason");
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

// A field that was never there before is told to the operator with its name, once; those that were
// always there are not.
void NewFieldTold(Trial& trial) {
  Stage stage(trial);
  stage.Fill(3);
  trial.Expect(stage.Collect().new_fields.empty(), "at first every field is new, and that is no news");
  trial.Expect(stage.Collect().new_fields.empty(), "a field that was there before is told as new");
  stage.Pass(minutes(10));
  stage.platform().Edit(stage.world, 1, stage.clock.Now());
  const bool revision = stage.platform().edits_are_revisions();
  (revision ? stage.world.items[1] : stage.world.items.back()).shape = Shape::kNewField;
  stage.Pass(minutes(60));
  const SourceResult result = stage.Collect();
  const std::string stream = stage.world.items[1].stream + "/";
  trial.Expect(!result.new_fields.empty(), "nobody is told of a new field");
  trial.Expect(std::all_of(result.new_fields.begin(), result.new_fields.end(),
                           [&](const std::string& field) { return field.starts_with(stream); }),
               "a new field is told of another stream");
  ExpectComplete(trial, stage, result, "a new field after a while");
  stage.platform().BringAllAgain();
  stage.Pass(minutes(60));
  trial.Expect(stage.Collect().new_fields.empty(), "a new field is told again and again");
}

}  // namespace

std::vector<Case> RecordCases() {
  return {{"bad_record", &BadRecords}, {"fields_change", &FieldsChange}, {"new_field_told", &NewFieldTold}};
}

}  // namespace mc::conformance
