#include "gateway/listing_json.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/time.h"
#include "gateway/doctor_texts.h"
#include "gateway/schedule.h"
#include "gateway/source_texts.h"

namespace mc {
namespace {

Json ListedAt(const std::optional<Instant>& at) { return at ? Json(FormatInstant(*at)) : Json(nullptr); }

}  // namespace

const std::string& StateCode(const SourceState& state) {
  return state.manifest_error ? state.manifest_error->code : state.status.error_code;
}

const std::string& StateText(const SourceState& state) {
  return state.manifest_error ? state.manifest_error->message : state.status.error_text;
}

Json SourceStateJson(const SourceState& s) {
  Json error = nullptr;
  if (!StateCode(s).empty())
    error = {{"code", StateCode(s)}, {"message", StateText(s)}, {"advice", ViAdvice(StateCode(s))}};
  return {{"source", s.id},
          {"register", s.register_id},
          {"base_url", s.base_url},
          {"state", Name(s.health)},
          {"breaker", Name(s.status.breaker)},
          {"failures", s.status.failures},
          {"lag_minutes", s.lag_minutes ? Json(*s.lag_minutes) : Json(nullptr)},
          {"lag_limit_minutes", s.lag_limit_minutes},
          {"last_success", ListedAt(s.last_success)},
          {"last_try", ListedAt(s.status.last_try)},
          {"next_try", s.scheduled ? ListedAt(s.status.next_try) : Json(nullptr)},
          {"quarantined", s.quarantined},
          {"error", std::move(error)}};
}

Json QuarantineJson(const QuarantineEntry& e) {
  return {{"record", IkHex(e.ik)},
          {"source", e.source},
          {"stream", e.stream},
          {"observed_at", FormatInstant(e.observed_at)},
          {"bytes", e.bytes},
          {"run", e.run},
          {"leaf", e.leaf_index},
          {"code", e.reason.code},
          {"field", e.reason.field},
          {"rule", e.reason.rule},
          {"message", e.reason.message},
          {"newer_read", e.newer_read}};
}

}  // namespace mc
