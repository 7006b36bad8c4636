#include "core/evidence_text.h"

#include "core/json.h"

namespace mc {
namespace {

// MembersWriter of one object, in the order of their names' bytes; what says nothing is left out.
class MembersWriter {
 public:
  explicit MembersWriter(std::string& out) : out_(out) {}

  void Put(std::string_view name, std::string_view text) {
    if (text.empty()) return;
    Name(name);
    Text(text);
  }
  void Put(std::string_view name, const std::string& text) { Put(name, std::string_view(text)); }
  void Put(std::string_view name, bool flag) {
    if (!flag) return;
    Name(name);
    out_ += "true";
  }
  void Put(std::string_view name, const Moment& at) {
    Name(name);
    out_.append("\"").append(FormatMoment(at)).append("\"");
  }
  void Put(std::string_view name, const std::optional<Moment>& at) {
    if (at) Put(name, *at);
  }
  void Put(std::string_view name, const std::optional<CivilDate>& date) {
    if (date) Put(name, std::string_view(FormatDate(*date)));
  }
  void Put(std::string_view name, const std::optional<Ratio>& ratio) {
    if (ratio) Put(name, std::string_view(ratio->ToFraction()));
  }
  void Put(std::string_view name, const std::vector<std::string>& texts) {
    if (texts.empty()) return;
    Name(name);
    for (const std::string& text : texts) {
      out_ += &text == &texts.front() ? '[' : ',';
      Text(text);
    }
    out_ += ']';
  }

  template <typename T>
  void PutList(std::string_view name, const std::vector<T>& list) {
    if (list.empty()) return;
    Name(name);
    for (const T& one : list) {
      out_ += &one == &list.front() ? '[' : ',';
      Nested(one);
    }
    out_ += ']';
  }

  // An object that says nothing is left out too.
  template <typename T>
  void PutObject(std::string_view name, const T& value) {
    const std::size_t before = out_.size();
    const bool first = first_;
    Name(name);
    if (Nested(value)) return;
    out_.resize(before);
    first_ = first;
  }

  void Number(std::string_view name, std::int64_t number) {
    Name(name);
    out_ += std::to_string(number);
  }

  void Close() { out_ += first_ ? "{}" : "}"; }
  bool utf8() const { return utf8_; }

 private:
  void Name(std::string_view name) {
    out_.append(first_ ? "{\"" : ",\"").append(name).append("\":");
    first_ = false;
  }
  void Text(std::string_view text) { utf8_ = AppendJsonText(out_, text) && utf8_; }

  // False when the object has no member.
  template <typename T>
  bool Nested(const T& value);

  std::string& out_;
  bool first_ = true;
  bool utf8_ = true;
};

void Write(const PersonKeys& keys, MembersWriter& to) {
  to.Put("account", keys.account);
  to.Put("email", keys.email);
  to.Put("label", keys.label);
  to.Put("staff_code", keys.staff_code);
  to.Put("staff_issuer", keys.staff_issuer);
}

void Write(const UnitKeys& keys, MembersWriter& to) {
  to.Put("code", keys.code);
  to.Put("name", keys.name);
}

void Write(const DocumentRef& document, MembersWriter& to) {
  to.Put("date", document.date);
  to.Put("issuer", document.issuer);
  to.Put("number", document.number);
}

void Write(const ResultRef& result, MembersWriter& to) {
  to.PutObject("document", result.document);
  to.Put("kind", Name(result.kind));
  to.Put("native_id", result.native_id);
}

void Write(const Claim& claim, MembersWriter& to) {
  to.Put("at", claim.at);
  to.PutList("results", claim.results);
}

void Write(const Return& one, MembersWriter& to) {
  to.Put("at", one.at);
  to.PutObject("by", one.by);
  to.Put("major_error", one.major_error);
  to.Put("reason_code", one.reason_code);
  to.Put("reason_known", one.reason_known);
}

void Write(const Extension& extension, MembersWriter& to) {
  to.PutObject("by", extension.by);
  to.Put("given_at", extension.given_at);
  to.Put("new_due", extension.new_due);
}

void Write(const Recall& recall, MembersWriter& to) {
  to.Put("at", recall.at);
  to.PutObject("by", recall.by);
}

void Write(const Acceptance& acceptance, MembersWriter& to) {
  to.Put("at", acceptance.at);
  to.PutObject("by", acceptance.by);
  to.Put("delivered_on", acceptance.delivered_on);
  to.Put("quantity", acceptance.quantity);
}

void Write(const Rating& rating, MembersWriter& to) {
  to.Put("answer", rating.answer);
  to.Put("criterion", rating.criterion);
  to.Put("of", std::string_view(rating.of.ToFraction()));
  to.Put("value", std::string_view(rating.value.ToFraction()));
}

void Write(const Supplement& supplement, MembersWriter& to) {
  to.Put("new_due", supplement.new_due);
  to.Put("received_at", supplement.received_at);
  to.Put("requested_at", supplement.requested_at);
}

template <typename T>
bool MembersWriter::Nested(const T& value) {
  MembersWriter inner(out_);
  Write(value, inner);
  inner.Close();
  utf8_ = utf8_ && inner.utf8_;
  return !inner.first_;
}

// Up to, and from behind, the two members of provenance.
void WriteFirst(const Evidence& e, MembersWriter& to) {
  if (e.about) to.PutObject("about", *e.about);
  if (e.acceptance) to.PutObject("acceptance", *e.acceptance);
  to.Put("aliases", e.aliases);
  to.Put("assigned_at", e.assigned_at);
  to.PutObject("assigner", e.assigner);
  to.Put("assurance", Name(e.assurance));
  to.PutList("claims", e.claims);
  to.Put("completed_at", e.completed_at);
  to.PutList("contributors", e.contributors);
  to.PutObject("document", e.document);
  to.Put("due_at", e.due_at);
  to.Put("duplicate_of", e.duplicate_of);
  to.PutList("extensions", e.extensions);
  to.Put("kind", Name(e.kind));
  to.PutObject("lead", e.lead);
}

void WriteLast(const Evidence& e, MembersWriter& to) {
  static const Ratio kOne(1);
  to.Put("native_id", e.native_id);
  to.Put("occurred_at", e.occurred_at);
  to.Put("product", e.product);
  if (e.quantity != kOne) to.Put("quantity", std::string_view(e.quantity.ToFraction()));
  to.PutList("ratings", e.ratings);
  if (e.recall) to.PutObject("recall", *e.recall);
  to.PutList("receivers", e.receivers);
  to.Put("register", e.register_id);
  to.Put("returned_at", e.returned_at);
  to.PutList("returns", e.returns);
  to.Put("source_status", e.source_status);
  to.Put("status", e.status);
  to.PutList("supplements", e.supplements);
  to.Put("task_codes", e.task_codes);
  to.Put("type_code", e.type_code);
  to.Put("type_known", e.type_known);
  to.PutObject("unit", e.unit);
  to.Number("v", kEvidenceVersion);
}

}  // namespace

Result<EvidenceBytes> WriteEvidence(const Evidence& evidence) {
  constexpr std::size_t kUsualBytes = 1024;
  EvidenceBytes bytes;
  bytes.canonical.reserve(kUsualBytes);
  MembersWriter to(bytes.canonical);
  WriteFirst(evidence, to);
  bytes.provenance_at = bytes.canonical.size();
  to.Put("mapping_version", evidence.mapping_version);
  to.Put("marks", evidence.marks);
  bytes.provenance_end = bytes.canonical.size();
  WriteLast(evidence, to);
  to.Close();
  if (!to.utf8()) return InternalError("not_canonical", "a text that is not UTF-8 has no canonical form");
  return bytes;
}

}  // namespace mc
