#include "sso/authorization.h"

#include <algorithm>

#include "core/text.h"
#include "sso/base64url.h"
#include "sso/encrypted.h"
#include "sso/form.h"
#include "sso/url.h"

namespace mc::sso {
namespace {

std::string Secret(RandomSource& random) { return ToBase64Url(random.Bytes(kSecretBytes)); }

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

Status CheckWish(const ReadyProvider& provider, const SignInWish& wish) {
  if (!wish.least_level.empty() && !provider->LevelOf(wish.least_level)) {
    return ConfigError("bad_wish", "the level asked for is none of the provider's profile");
  }
  if (wish.max_age_secs && (*wish.max_age_secs < 0 || *wish.max_age_secs > kMaxAgeMostSecs)) {
    return ConfigError("bad_wish", "max_age must be within 0.." + std::to_string(kMaxAgeMostSecs) + " seconds");
  }
  if (!provider->can_step_up() && wish.max_age_secs) {
    return ConfigError("bad_wish", "this provider cannot show anew who somebody is: ask another one");
  }
  return Ok();
}

// The stricter of the settings' level and the wish's.
std::string LeastLevel(const ReadyProvider& provider, const SignInWish& wish) {
  const std::string& set = provider->settings.least_level;
  if (wish.least_level.empty() || set.empty()) return wish.least_level.empty() ? set : wish.least_level;
  return *provider->LevelOf(wish.least_level) > *provider->LevelOf(set) ? wish.least_level : set;
}

// OpenID Connect Core section 3.1.2.1, RFC 7636 section 4.3.
std::string AuthorizationUrl(const ReadyProvider& provider, const PendingSignIn& pending, const std::string& state) {
  std::string url = provider.endpoints().authorization;
  AppendParameter(url, "response_type", "code");
  AppendParameter(url, "client_id", provider->settings.client_id);
  AppendParameter(url, "redirect_uri", provider->settings.redirect_uri);
  AppendParameter(url, "scope", Joined(provider->profile.scopes));
  AppendParameter(url, "state", state);
  AppendParameter(url, "nonce", pending.nonce);
  AppendParameter(url, "code_challenge", ToBase64Url(AsBytes(Sha256(pending.verifier))));
  AppendParameter(url, "code_challenge_method", "S256");
  if (provider->profile.response_mode == ResponseMode::kFormPost) AppendParameter(url, "response_mode", "form_post");
  if (!pending.wish.least_level.empty()) AppendParameter(url, "acr_values", pending.wish.least_level);
  if (pending.wish.max_age_secs) AppendParameter(url, "max_age", std::to_string(*pending.wish.max_age_secs));
  // The same said twice: LemonLDAP::NG takes a max_age of 0 for none. What decides is auth_time, whatever it does.
  if (pending.wish.max_age_secs == 0) AppendParameter(url, "prompt", "login");
  return url;
}

bool IsForm(std::string_view content_type) {
  return ToLowerAscii(Trim(content_type.substr(0, content_type.find(';')))) == "application/x-www-form-urlencoded";
}

std::string WithPlus(std::string_view query) {
  std::string text;
  for (const char c : query) c == '+' ? text.append("%2B") : text.append(1, c);
  return text;
}

// The one place where parameters may stand; OAuth 2.0 Form Post Response Mode section 2.
Checked<Form> ParametersOf(const ReadyProvider& provider, const Callback& callback) {
  const bool posted = provider->profile.response_mode == ResponseMode::kFormPost;
  if (callback.method != (posted ? "POST" : "GET")) return RefusalReason::kCallbackMethod;
  if (posted && (!callback.query.empty() || !IsForm(callback.content_type))) return RefusalReason::kCallbackMethod;
  if (!posted && !callback.body.empty()) return RefusalReason::kCallbackMethod;
  // VNeID writes base64 as it is: there a '+' is no blank.
  auto form =
      provider->encrypted() ? ParseForm(WithPlus(callback.query)) : ParseForm(posted ? callback.body : callback.query);
  if (!form) return RefusalReason::kCallbackMalformed;
  return std::move(*form);
}

Checked<PendingSignIn> TakeState(const Form& form, const Callback& callback, PendingSignIns& pending, Instant now) {
  const std::size_t states = CountOf(form, "state");
  if (states > 1) return RefusalReason::kCallbackDuplicate;
  if (states == 0 || ValueOf(form, "state")->empty()) return RefusalReason::kStateMissing;
  return pending.Take(*ValueOf(form, "state"), callback.browser_secret, now);
}

// RFC 9207 section 2.4: also in an answer that tells a failure, and before the code goes anywhere.
CheckStatus CheckIssuer(const ReadyProvider& provider, const Form& form) {
  const std::string* issuer = ValueOf(form, "iss");
  if (!issuer) {
    return provider->profile.names_issuer ? CheckStatus(RefusalReason::kIssuerMissing) : CheckStatus(Unit{});
  }
  return *issuer == provider->profile.issuer ? CheckStatus(Unit{}) : CheckStatus(RefusalReason::kIssuerMismatch);
}

}  // namespace

Result<BegunSignIn> BeginSignIn(const ReadyProvider& provider, SignInWish wish, RandomSource& random, Instant now) {
  MC_CHECK_OK(CheckWish(provider, wish));
  wish.least_level = LeastLevel(provider, wish);
  BegunSignIn begun;
  begun.state = Secret(random);
  begun.browser_secret = Secret(random);
  begun.pending.provider = provider->settings.id;
  begun.pending.nonce = Secret(random);
  begun.pending.verifier = Secret(random);  // 43 characters: RFC 7636 section 4.1
  begun.pending.browser = Sha256(begun.browser_secret);
  begun.pending.wish = std::move(wish);
  begun.pending.begun_at = now;
  begun.url = AuthorizationUrl(provider, begun.pending, begun.state);
  return begun;
}

Status PendingSignIns::Put(std::string_view state, const PendingSignIn& pending) {
  return Keep(Sha256(state), pending);
}

Checked<PendingSignIn> PendingSignIns::Take(std::string_view state, std::string_view browser_secret, Instant now) {
  MC_TRY(PendingSignIn taken, TakeOut(Sha256(state), now));
  if (now.micros - taken.begun_at.micros > kPendingMicros) return RefusalReason::kStateExpired;
  // Digests of secrets: comparing them in changing time tells nothing that could be used.
  if (Sha256(browser_secret) != taken.browser) return RefusalReason::kStateOtherBrowser;
  return taken;
}

Status SignInsInMemory::Keep(const Digest& state, const PendingSignIn& pending) {
  const std::lock_guard lock(lock_);
  if (by_state_.size() >= kPendingMost) DropOldest();
  by_age_.emplace(pending.begun_at, state);
  by_state_.insert_or_assign(state, pending);
  return Ok();
}

void SignInsInMemory::DropOldest() {
  by_state_.erase(by_age_.begin()->second);
  by_age_.erase(by_age_.begin());
}

Checked<PendingSignIn> SignInsInMemory::TakeOut(const Digest& state, Instant now) {
  const std::lock_guard lock(lock_);
  while (!by_age_.empty() && now.micros - by_age_.begin()->first.micros > kPendingKeptMicros) DropOldest();
  const auto found = by_state_.find(state);
  if (found == by_state_.end()) return RefusalReason::kStateUnknown;
  PendingSignIn taken = std::move(found->second);
  const auto [first, last] = by_age_.equal_range(taken.begun_at);
  by_age_.erase(std::find_if(first, last, [&](const auto& aged) { return aged.second == found->first; }));
  by_state_.erase(found);
  return taken;
}

std::size_t SignInsInMemory::size() const {
  const std::lock_guard lock(lock_);
  return by_state_.size();
}

Checked<ValidatedResponse> CheckAuthorizationResponse(const ReadyProvider& provider, const Callback& callback,
                                                      PendingSignIns& pending, Instant now, RandomSource& random) {
  MC_TRY(const Form form, ParametersOf(provider, callback));
  MC_TRY(PendingSignIn begun, TakeState(form, callback, pending, now));
  // RFC 6749 section 3.1.
  if (HasDuplicate(form)) return RefusalReason::kCallbackDuplicate;
  // RFC 9700 section 4.4.2.2: a mix-up shows in the address that the answer came to.
  if (begun.provider != provider->settings.id) return RefusalReason::kProviderMismatch;
  MC_CHECK_OK(CheckIssuer(provider, form));
  const std::string* code = ValueOf(form, "code");
  const bool failed = CountOf(form, "error") > 0;
  if (failed == (code != nullptr)) return RefusalReason::kResponseMixed;
  if (failed) return RefusalReason::kProviderError;
  if (code->empty() || code->size() > kCodeLimitBytes) return RefusalReason::kCallbackMalformed;
  if (!provider->encrypted()) return ValidatedResponse(*code, std::move(begun));
  const std::string* key = ValueOf(form, "encrypt_key");
  if (key && key->empty()) return RefusalReason::kCallbackMalformed;
  MC_TRY(std::string opened, OpenedCode(provider, *code, key ? *key : std::string(), random));
  return ValidatedResponse(std::move(opened), std::move(begun));
}

}  // namespace mc::sso
