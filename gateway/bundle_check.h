// What the files of a bundle prove: leaves, salts, objects and payloads up to the signed head.
// The score above them: bundle_score.h.
//
// Pure: no store, no network, no settings, no clock. Safe from any thread. Errors are kData and
// name the first thing that is wrong.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/bundle.h"
#include "storage/checkpoint.h"
#include "storage/erasure.h"
#include "storage/leaf.h"

namespace mc {

struct CheckedLeaf {
  Leaf leaf;
  std::string object;           // canonical JSON; empty: it was erased
  std::string record_key;       // of the record that it states, as text to compare; empty: it states none
  std::int64_t erased_by = -1;  // the leaf that says so; -1: it was not erased
};

// Files are taken by name, once each; what nobody took is a fault.
class BundleReader {
 public:
  explicit BundleReader(const BundleFiles& files) : files_(files) {}
  Result<std::string> Take(const std::string& name);  // "missing_file"
  Status NothingLeft() const;                         // "unexpected_file"

 private:
  const BundleFiles& files_;
  std::set<std::string> taken_;
};

// The signed head: `key` is trusted. "bad_note", "bad_checkpoint".
Result<Checkpoint> CheckHead(BundleReader& reader, const std::string& key);

// One leaf with its salt, object and place. "bad_leaf", "bad_salt", "bad_object", "commitment",
// "bad_tlog_proof", "proof_extra", "proof_index", "proof_checkpoint", "bad_inclusion".
Result<CheckedLeaf> CheckLeaf(BundleReader& reader, std::int64_t index, const std::string& note,
                              const std::string& key);

// The raw bytes of the record that the leaf's object states, where it states one; sets record_key.
// "payload_digest", "payload_length", "payload_stub".
Status CheckPayload(BundleReader& reader, std::int64_t index, CheckedLeaf& leaf);

// The erasures of a bundle, by leaf.
using Erasures = std::map<std::int64_t, ErasureObject>;

// Leaves that say which others were erased. "wrong_kind", "bad_object" besides those of CheckLeaf.
Result<Erasures> CheckErasures(BundleReader& reader, const std::vector<std::int64_t>& indexes, const std::string& key);

// The leaves `indexes`, each whole, with their payloads; of those that an erasure names, the leaf and its place
// alone. "wrong_kind" for one of a kind that is never erased.
Result<std::map<std::int64_t, CheckedLeaf>> CheckLeaves(BundleReader& reader, const std::vector<std::int64_t>& indexes,
                                                        const Erasures& erasures, const std::string& key);

// A line of a score, or an item beside them, of which a leaf no longer opens.
struct ErasedLine {
  std::string item;
  std::int64_t leaf = 0;
};

// Who cosigned the head, and when by their own clock.
struct Cosigner {
  std::string name;
  Instant at;
};

// What was found right.
struct BundleReport {
  BundleSubject subject;
  Checkpoint head;
  std::vector<Cosigner> cosigners;    // of the witnesses that were asked about
  std::int64_t other_signatures = 0;  // lines of the head beside the log's and theirs, which nobody checked
  std::map<std::int64_t, CheckedLeaf> leaves;
  Erasures erasures;
  std::vector<ErasedLine> erased_lines;  // of a score
};

// The key under which to check a bundle, out of those that whoever checks it trusts (the keys of a log
// that changed its key): the one that the bundle names, or another one by which its head is signed too.
// None given: the one that it names. "other_key".
Result<std::string> KeyFor(const OpenedBundle& bundle, const std::vector<std::string>& trusted);

// Everything behind a bundle's subject. "wrong_kind", "other_record", "unneeded_erasure",
// "unexpected_file" besides the above. Each of `witnesses`, verifier keys, must have cosigned the head:
// "no_cosignature", "bad_cosignature".
Result<BundleReport> CheckBundle(const OpenedBundle& bundle, const std::string& key,
                                 const std::vector<std::string>& witnesses = {});

}  // namespace mc
