// Core section 3.1.3.7 rule 11: of this sign-in. (nonce-invalid; FAPI2 invalid-nonce, invalid-missing-nonce.)
#include "tests/sso/support.h"

namespace mc::sso::testing {

TEST_CASE("attack: claims nonce") {
  const auto nonce = [](const char* json) { return [json](Scene& s) { s.Claim("nonce", json); }; };
  const auto relaxed = [](Scene& s) { s.settings.relaxations = {Relaxation::kNoNonceEcho}; };
  Expect({
      {"another", "claim_nonce", nonce(R"("invented")")},
      {"empty", "claim_nonce", nonce(R"("")")},
      {"a list", "claim_nonce",
       [](Scene& s) { s.change = [](Scene& t) { t.claims.Set("nonce", "[" + t.claims.members["nonce"] + "]"); }; }},
      {"a suffix", "claim_nonce",
       [](Scene& s) { s.change = [](Scene& t) { t.claims.Set("nonce", Quoted(t.begun.pending.nonce + "x")); }; }},
      {"its hash", "claim_nonce",
       [](Scene& s) {
         s.change = [](Scene& t) { t.claims.Set("nonce", Quoted(B64(AsBytes(Sha256(t.begun.pending.nonce))))); };
       }},
      {"null", "claim_nonce", nonce("null")},
      {"absent", "claim_nonce", [](Scene& s) { s.DropClaim("nonce"); }},
      {"absent, and relaxed by name", "",
       [&](Scene& s) {
         relaxed(s);
         s.DropClaim("nonce");
       }},
      {"relaxed, and another", "claim_nonce",
       [&](Scene& s) {
         relaxed(s);
         s.Claim("nonce", R"("invented")");
       }},
      {"relaxed, and null", "claim_nonce",
       [&](Scene& s) {
         relaxed(s);
         s.Claim("nonce", "null");
       }},
  });
}

}  // namespace mc::sso::testing
