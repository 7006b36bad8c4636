// Goal: every refusal has a stable code and a sentence of its own that can stand in an audit.
// Method: all rows of the closed list; that none is missing is asserted at compile time (sso/refusal.cc).
#include "sso/refusal.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>

namespace mc::sso {
namespace {

TEST_CASE("codes are snake_case and each its own, texts are single sentences") {
  std::set<std::string_view> codes, texts;
  for (std::size_t i = 0; i < kRefusalReasons; ++i) {
    const auto reason = static_cast<RefusalReason>(i);
    const std::string_view code = Code(reason), text = AuditText(reason);
    CAPTURE(std::string(code));
    CHECK(codes.insert(code).second);
    CHECK(texts.insert(text).second);
    CHECK(std::all_of(code.begin(), code.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; }));
    CHECK(text.find_first_of("\n=") == text.npos);
    CHECK(text.back() != '.');
  }
}

TEST_CASE("the first and the last code: a moved row changes what ledgers say") {
  CHECK(Code(RefusalReason::kCallbackMethod) == "callback_method");
  CHECK(Code(RefusalReason::kClaimNonce) == "claim_nonce");
  CHECK(Code(RefusalReason::kLogoutReturn) == "logout_return");
  CHECK(Code(RefusalReason::kClaimTokenId) == "claim_token_id");
}

}  // namespace
}  // namespace mc::sso
