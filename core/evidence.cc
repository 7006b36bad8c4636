#include "core/evidence.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/canonical_tree.h"

namespace mc {
namespace {

template <typename Enum>
struct NamedValue {
  Enum value;
  std::string_view name;
};

constexpr std::array<NamedValue<EvidenceKind>, 7> kKinds = {{{EvidenceKind::kDocument, "document"},
                                                             {EvidenceKind::kDocumentStatus, "document_status"},
                                                             {EvidenceKind::kDossier, "dossier"},
                                                             {EvidenceKind::kDossierStep, "dossier_step"},
                                                             {EvidenceKind::kReport, "report"},
                                                             {EvidenceKind::kTask, "task"},
                                                             {EvidenceKind::kSatisfaction, "satisfaction"}}};
constexpr std::array<NamedValue<Assurance>, 5> kLevels = {{{Assurance::kReported, "reported"},
                                                           {Assurance::kRecorded, "recorded"},
                                                           {Assurance::kSigned, "signed"},
                                                           {Assurance::kCorroborated, "corroborated"},
                                                           {Assurance::kConfirmed, "confirmed"}}};
constexpr std::array<NamedValue<ResultKind>, 3> kResultKinds = {
    {{ResultKind::kDocument, "document"}, {ResultKind::kDossier, "dossier"}, {ResultKind::kReport, "report"}}};

template <typename Enum, std::size_t N>
std::string_view NameIn(const std::array<NamedValue<Enum>, N>& names, Enum value) {
  for (const auto& one : names) {
    if (one.value == value) return one.name;
  }
  return "";
}

template <typename Enum, std::size_t N>
std::optional<Enum> ValueIn(const std::array<NamedValue<Enum>, N>& names, std::string_view name) {
  for (const auto& one : names) {
    if (one.name == name) return one.value;
  }
  return std::nullopt;
}

// ---- to JSON: what says nothing is left out, so that one evidence has one form.

void Put(Json& to, const char* key, const std::string& text) {
  if (!text.empty()) to[key] = text;
}
void Put(Json& to, const char* key, bool flag) {
  if (flag) to[key] = true;
}
void Put(Json& to, const char* key, const std::optional<Moment>& at) {
  if (at) to[key] = FormatMoment(*at);
}
void Put(Json& to, const char* key, const std::optional<CivilDate>& date) {
  if (date) to[key] = FormatDate(*date);
}
void Put(Json& to, const char* key, const std::optional<Ratio>& ratio) {
  if (ratio) to[key] = ratio->ToFraction();
}
void Put(Json& to, const char* key, const std::vector<std::string>& texts) {
  if (!texts.empty()) to[key] = texts;
}

Json ToJson(const PersonKeys& keys) {
  Json to = Json::object();
  Put(to, "staff_code", keys.staff_code);
  Put(to, "staff_issuer", keys.staff_issuer);
  Put(to, "email", keys.email);
  Put(to, "account", keys.account);
  Put(to, "label", keys.label);
  return to;
}

Json ToJson(const UnitKeys& keys) {
  Json to = Json::object();
  Put(to, "code", keys.code);
  Put(to, "name", keys.name);
  return to;
}

Json ToJson(const DocumentRef& document) {
  Json to = Json::object();
  Put(to, "issuer", document.issuer);
  Put(to, "number", document.number);
  Put(to, "date", document.date);
  return to;
}

// A nested object that says nothing is left out too.
void PutObject(Json& to, const char* key, Json value) {
  if (!value.empty()) to[key] = std::move(value);
}

template <typename T>
void PutList(Json& to, const char* key, const std::vector<T>& list);

Json ToJson(const ResultRef& result) {
  Json to = {{"kind", NameIn(kResultKinds, result.kind)}};
  PutObject(to, "document", ToJson(result.document));
  Put(to, "native_id", result.native_id);
  return to;
}

Json ToJson(const Claim& claim) {
  Json to = {{"at", FormatMoment(claim.at)}};
  PutList(to, "results", claim.results);
  return to;
}

Json ToJson(const Return& one) {
  Json to = {{"at", FormatMoment(one.at)}};
  PutObject(to, "by", ToJson(one.by));
  Put(to, "reason_code", one.reason_code);
  Put(to, "reason_known", one.reason_known);
  Put(to, "major_error", one.major_error);
  return to;
}

Json ToJson(const Extension& extension) {
  Json to = {{"given_at", FormatMoment(extension.given_at)}, {"new_due", FormatMoment(extension.new_due)}};
  PutObject(to, "by", ToJson(extension.by));
  return to;
}

Json ToJson(const Recall& recall) {
  Json to = {{"at", FormatMoment(recall.at)}};
  PutObject(to, "by", ToJson(recall.by));
  return to;
}

Json ToJson(const Acceptance& acceptance) {
  Json to = {{"at", FormatMoment(acceptance.at)}};
  PutObject(to, "by", ToJson(acceptance.by));
  Put(to, "delivered_on", acceptance.delivered_on);
  Put(to, "quantity", acceptance.quantity);
  return to;
}

Json ToJson(const Supplement& supplement) {
  Json to = Json::object();
  Put(to, "requested_at", supplement.requested_at);
  Put(to, "received_at", supplement.received_at);
  Put(to, "new_due", supplement.new_due);
  return to;
}

Json ToJson(const Rating& rating) {
  Json to = {{"criterion", rating.criterion}, {"value", rating.value.ToFraction()}, {"of", rating.of.ToFraction()}};
  Put(to, "answer", rating.answer);
  return to;
}

template <typename T>
void PutList(Json& to, const char* key, const std::vector<T>& list) {
  if (list.empty()) return;
  Json& entries = to[key] = Json::array();
  for (const T& one : list) entries.push_back(ToJson(one));
}

// ---- from JSON: exactly what the above writes, nothing else.

// Reads the members of one object and remembers the first fault; Done() also refuses
// members that nobody asked for.
class MembersReader {
 public:
  MembersReader(const CanonicalTree& tree, const CanonicalNode& object)
      : MembersReader(tree, object, nullptr, "", "") {}

  void Get(const char* key, std::string& text) {
    const CanonicalNode* value = Take(key);
    if (value == nullptr) return;
    if (!IsText(*value)) return FailAt(key, "must be text, not empty");
    text = value->Text();
  }

  void Get(const char* key, bool& flag) {
    const CanonicalNode* value = Take(key);
    if (value == nullptr) return;
    if (value->kind != Kind::kTrue) return FailAt(key, "must be true or absent");
    flag = true;
  }

  void Get(const char* key, std::optional<Moment>& at) {
    std::string text;
    Get(key, text);
    if (text.empty()) return;
    const auto moment = ParseMoment(text);
    if (!moment || FormatMoment(*moment) != text) return FailAt(key, "must be a date or an instant in UTC");
    at = *moment;
  }

  void Get(const char* key, Moment& at) {
    std::optional<Moment> moment;
    Get(key, moment);
    if (!moment) return FailAt(key, "is required");
    at = *moment;
  }

  void Get(const char* key, std::optional<CivilDate>& date) {
    std::string text;
    Get(key, text);
    if (text.empty()) return;
    const auto parsed = ParseDate(text);
    if (!parsed) return FailAt(key, "must be a date");
    date = *parsed;
  }

  void Get(const char* key, std::optional<Ratio>& ratio) {
    std::string text;
    Get(key, text);
    if (text.empty()) return;
    const auto parsed = Ratio::FromFraction(text);
    if (!parsed || parsed->ToFraction() != text) return FailAt(key, "must be a ratio in lowest terms");
    ratio = *parsed;
  }

  void Get(const char* key, std::vector<std::string>& texts) {
    const CanonicalNode* list = TakeList(key);
    if (list == nullptr) return;
    const CanonicalNode* one = tree_.First(*list);
    for (std::uint32_t i = 0; i < list->size; ++i, one = tree_.Next(*one)) {
      if (!IsText(*one)) return FailAt(key, "must hold texts, none empty");
      texts.push_back(one->Text());
    }
  }

  void GetNeeded(const char* key, std::string& text) {
    Get(key, text);
    if (text.empty()) FailAt(key, "is required");
  }

  void GetNeeded(const char* key, Ratio& ratio) {
    std::optional<Ratio> read;
    Get(key, read);
    if (!read) return FailAt(key, "is required");
    ratio = *read;
  }

  template <typename Enum, std::size_t N>
  void GetName(const char* key, const std::array<NamedValue<Enum>, N>& names, Enum& value) {
    std::string text;
    Get(key, text);
    const auto found = ValueIn(names, text);
    if (!found) return FailAt(key, "must be one of the known names");
    value = *found;
  }

  template <typename T>
  void GetObject(const char* key, T& into);
  template <typename T>
  void GetObject(const char* key, std::optional<T>& into);
  template <typename T>
  void GetList(const char* key, std::vector<T>& into);

  void GetVersion() {
    const CanonicalNode* value = Take("v");
    if (value == nullptr || value->kind != Kind::kInteger || value->Integer() != kEvidenceVersion) {
      FailAt("v", "must be the number of this form: 1");
    }
  }

  void FailAt(std::string_view key, const std::string& rule) {
    if (fault_.empty()) fault_ = "\"" + Pointer() + "/" + std::string(key) + "\": " + rule;
  }

  // The first fault as a sentence; empty when there is none.
  std::string Done() {
    if (fault_.empty() && taken_ != object_.size) Fail("holds members that an evidence has not");
    return fault_;
  }

 private:
  using Kind = CanonicalNode::Kind;

  // An object within another one: its member `key`, or the element `index` of that member.
  MembersReader(const CanonicalTree& tree, const CanonicalNode& object, const MembersReader* outer, const char* key,
                std::string index)
      : tree_(tree), object_(object), outer_(outer), key_(key), index_(std::move(index)) {
    if (object.kind != Kind::kObject) Fail("must be an object");
  }

  static bool IsText(const CanonicalNode& value) { return value.kind == Kind::kText && !value.raw.empty(); }

  // Where this object stands. Only faults ask for it.
  std::string Pointer() const {
    if (outer_ == nullptr) return "";
    return outer_->Pointer() + "/" + key_ + (index_.empty() ? "" : "/" + index_);
  }

  void Fail(const std::string& rule) {
    if (fault_.empty()) fault_ = "\"" + Pointer() + "\": " + rule;
  }

  const CanonicalNode* Take(std::string_view key) {
    const CanonicalNode* found = tree_.Find(object_, key);
    if (found != nullptr) ++taken_;
    return found;
  }

  const CanonicalNode* TakeList(const char* key) {
    const CanonicalNode* value = Take(key);
    if (value != nullptr && (value->kind != Kind::kList || value->size == 0)) {
      FailAt(key, "must be a list, not empty");
      return nullptr;
    }
    return value;
  }

  const CanonicalTree& tree_;
  const CanonicalNode& object_;
  const MembersReader* const outer_;
  const char* const key_;
  const std::string index_;
  std::uint32_t taken_ = 0;
  std::string fault_;
};

void FromJson(MembersReader& in, PersonKeys& keys) {
  in.Get("staff_code", keys.staff_code);
  in.Get("staff_issuer", keys.staff_issuer);
  in.Get("email", keys.email);
  in.Get("account", keys.account);
  in.Get("label", keys.label);
}

void FromJson(MembersReader& in, UnitKeys& keys) {
  in.Get("code", keys.code);
  in.Get("name", keys.name);
}

void FromJson(MembersReader& in, DocumentRef& document) {
  in.Get("issuer", document.issuer);
  in.Get("number", document.number);
  in.Get("date", document.date);
}

void FromJson(MembersReader& in, ResultRef& result) {
  in.GetName("kind", kResultKinds, result.kind);
  in.GetObject("document", result.document);
  in.Get("native_id", result.native_id);
}

void FromJson(MembersReader& in, Claim& claim) {
  in.Get("at", claim.at);
  in.GetList("results", claim.results);
}

void FromJson(MembersReader& in, Return& one) {
  in.Get("at", one.at);
  in.GetObject("by", one.by);
  in.Get("reason_code", one.reason_code);
  in.Get("reason_known", one.reason_known);
  in.Get("major_error", one.major_error);
}

void FromJson(MembersReader& in, Extension& extension) {
  in.Get("given_at", extension.given_at);
  in.Get("new_due", extension.new_due);
  in.GetObject("by", extension.by);
}

void FromJson(MembersReader& in, Recall& recall) {
  in.Get("at", recall.at);
  in.GetObject("by", recall.by);
}

void FromJson(MembersReader& in, Acceptance& acceptance) {
  in.Get("at", acceptance.at);
  in.GetObject("by", acceptance.by);
  in.Get("delivered_on", acceptance.delivered_on);
  in.Get("quantity", acceptance.quantity);
}

void FromJson(MembersReader& in, Supplement& supplement) {
  in.Get("requested_at", supplement.requested_at);
  in.Get("received_at", supplement.received_at);
  in.Get("new_due", supplement.new_due);
}

void FromJson(MembersReader& in, Rating& rating) {
  in.GetNeeded("criterion", rating.criterion);
  in.Get("answer", rating.answer);
  in.GetNeeded("value", rating.value);
  in.GetNeeded("of", rating.of);
  if (rating.value < Ratio(0) || rating.value > rating.of) in.FailAt("value", "must be from 0 to \"of\"");
}

template <typename T>
void MembersReader::GetObject(const char* key, T& into) {
  const CanonicalNode* value = Take(key);
  if (value == nullptr) return;
  if (value->kind == Kind::kObject && value->size == 0) return FailAt(key, "must not be empty");
  MembersReader inner(tree_, *value, this, key, "");
  FromJson(inner, into);
  if (std::string fault = inner.Done(); !fault.empty() && fault_.empty()) fault_ = std::move(fault);
}

template <typename T>
void MembersReader::GetObject(const char* key, std::optional<T>& into) {
  if (tree_.Find(object_, key) != nullptr) GetObject(key, into.emplace());
}

template <typename T>
void MembersReader::GetList(const char* key, std::vector<T>& into) {
  const CanonicalNode* list = TakeList(key);
  if (list == nullptr) return;
  const CanonicalNode* one = tree_.First(*list);
  for (std::uint32_t i = 0; i < list->size; ++i, one = tree_.Next(*one)) {
    MembersReader inner(tree_, *one, this, key, std::to_string(i));
    FromJson(inner, into.emplace_back());
    if (std::string fault = inner.Done(); !fault.empty() && fault_.empty()) fault_ = std::move(fault);
  }
}

bool SortedAndUnique(const std::vector<std::string>& texts) {
  return std::adjacent_find(texts.begin(), texts.end(), std::greater_equal<>()) == texts.end();
}

void PutWho(Json& to, const Evidence& e) {
  PutObject(to, "unit", ToJson(e.unit));
  PutList(to, "receivers", e.receivers);
  PutObject(to, "lead", ToJson(e.lead));
  PutObject(to, "assigner", ToJson(e.assigner));
  PutList(to, "contributors", e.contributors);
  PutObject(to, "document", ToJson(e.document));
  Put(to, "task_codes", e.task_codes);
}

void GetWho(MembersReader& in, Evidence& e) {
  in.GetObject("unit", e.unit);
  in.GetList("receivers", e.receivers);
  in.GetObject("lead", e.lead);
  in.GetObject("assigner", e.assigner);
  in.GetList("contributors", e.contributors);
  in.GetObject("document", e.document);
  in.Get("task_codes", e.task_codes);
}

void PutWhat(Json& to, const Evidence& e) {
  Put(to, "status", e.status);
  Put(to, "source_status", e.source_status);
  Put(to, "type_code", e.type_code);
  Put(to, "product", e.product);
  Put(to, "type_known", e.type_known);
  if (e.quantity != Ratio(1)) to["quantity"] = e.quantity.ToFraction();
  Put(to, "duplicate_of", e.duplicate_of);
  if (e.about) to["about"] = ToJson(*e.about);
  PutList(to, "ratings", e.ratings);
}

void GetWhat(MembersReader& in, Evidence& e) {
  in.Get("status", e.status);
  in.Get("source_status", e.source_status);
  in.Get("type_code", e.type_code);
  in.Get("product", e.product);
  in.Get("type_known", e.type_known);
  std::optional<Ratio> quantity;
  in.Get("quantity", quantity);
  if (quantity && *quantity == Ratio(1)) in.FailAt("quantity", "is absent when it is 1");
  if (quantity) e.quantity = *quantity;
  in.Get("duplicate_of", e.duplicate_of);
  in.GetObject("about", e.about);
  in.GetList("ratings", e.ratings);
}

void PutWhen(Json& to, const Evidence& e) {
  Put(to, "occurred_at", e.occurred_at);
  Put(to, "assigned_at", e.assigned_at);
  Put(to, "due_at", e.due_at);
  Put(to, "completed_at", e.completed_at);
  Put(to, "returned_at", e.returned_at);
  PutList(to, "claims", e.claims);
  PutList(to, "returns", e.returns);
  PutList(to, "extensions", e.extensions);
  PutList(to, "supplements", e.supplements);
  if (e.recall) to["recall"] = ToJson(*e.recall);
  if (e.acceptance) to["acceptance"] = ToJson(*e.acceptance);
}

void GetWhen(MembersReader& in, Evidence& e) {
  in.Get("occurred_at", e.occurred_at);
  in.Get("assigned_at", e.assigned_at);
  in.Get("due_at", e.due_at);
  in.Get("completed_at", e.completed_at);
  in.Get("returned_at", e.returned_at);
  in.GetList("claims", e.claims);
  in.GetList("returns", e.returns);
  in.GetList("extensions", e.extensions);
  in.GetList("supplements", e.supplements);
  in.GetObject("recall", e.recall);
  in.GetObject("acceptance", e.acceptance);
}

}  // namespace

Json EvidenceToJson(const Evidence& e) {
  Json to = {{"v", kEvidenceVersion}, {"kind", Name(e.kind)}, {"assurance", Name(e.assurance)}};
  Put(to, "register", e.register_id);
  Put(to, "native_id", e.native_id);
  Put(to, "aliases", e.aliases);
  PutWho(to, e);
  PutWhat(to, e);
  PutWhen(to, e);
  Put(to, "marks", e.marks);
  Put(to, "mapping_version", e.mapping_version);
  return to;
}

Result<Evidence> EvidenceFromJson(const Json& json) {
  const auto text = CanonicalJson(json);
  if (!text.ok()) return DataError("bad_evidence", "\"\": " + text.error().message);
  return EvidenceFromText(*text);
}

Result<Evidence> EvidenceFromText(std::string_view canonical) {
  const auto tree = CanonicalTree::Parse(canonical);
  if (!tree.ok()) return DataError("bad_evidence", "\"\": " + tree.error().message);
  Evidence e;
  MembersReader in(*tree, tree->root());
  in.GetVersion();
  in.GetName("kind", kKinds, e.kind);
  in.GetName("assurance", kLevels, e.assurance);
  in.Get("register", e.register_id);
  in.Get("native_id", e.native_id);
  in.Get("aliases", e.aliases);
  GetWho(in, e);
  GetWhat(in, e);
  GetWhen(in, e);
  in.Get("marks", e.marks);
  if (!SortedAndUnique(e.marks)) in.FailAt("marks", "must be sorted, each once");
  in.Get("mapping_version", e.mapping_version);
  if (std::string fault = in.Done(); !fault.empty()) return DataError("bad_evidence", fault);
  return e;
}

std::string_view Name(EvidenceKind kind) { return NameIn(kKinds, kind); }
std::string_view Name(Assurance level) { return NameIn(kLevels, level); }
std::string_view Name(ResultKind kind) { return NameIn(kResultKinds, kind); }
std::optional<EvidenceKind> EvidenceKindFrom(std::string_view name) { return ValueIn(kKinds, name); }
std::optional<Assurance> AssuranceFrom(std::string_view name) { return ValueIn(kLevels, name); }

}  // namespace mc
