// Goal: the steps of a sign-in cannot be mixed: what one step checked is what the next one goes on with.
// Method: the steps by hand, without RelyingParty, with a value of another sign-in in one place. That unchecked values
// cannot be made at all is the compiler's to say: their constructors are private.
#include <type_traits>

#include "tests/sso/support.h"

namespace mc::sso::testing {
namespace {

static_assert(!std::is_default_constructible_v<ValidatedResponse> && !std::is_default_constructible_v<TokenResponse>);
static_assert(!std::is_default_constructible_v<VerifiedJwt> && !std::is_default_constructible_v<ValidatedIdToken>);
static_assert(!std::is_default_constructible_v<Identity> && !std::is_default_constructible_v<LogoutOrder>);
static_assert(!std::is_default_constructible_v<UnverifiedJws> && !std::is_default_constructible_v<ReadyProvider>);
static_assert(!std::is_constructible_v<ReadyProvider, Provider>);
static_assert(!std::is_constructible_v<ValidatedResponse, std::string, PendingSignIn>);

// The tokens of a new sign-in, as far as CheckTokenResponse.
TokenResponse Tokens(Scene& scene, const ReadyProvider& provider) {
  SeededRandom random(3);
  SignInsInMemory table;
  scene.begun = BeginSignIn(provider, {}, random, scene.clock.Now()).value();
  REQUIRE(table.Put(scene.begun.state, scene.begun.pending).ok());
  const Form form = {{"code", "the-code"}, {"state", scene.begun.state}, {"iss", kIssuer}};
  const Callback callback{"GET", FormText(form), "", "", scene.begun.browser_secret};
  auto response = CheckAuthorizationResponse(provider, callback, table, scene.clock.Now(), random);
  REQUIRE(response.ok());
  const HttpRequest request = TokenRequest(provider, *response);
  auto tokens = CheckTokenResponse(provider, std::move(response).value(), scene.Answer(request));
  REQUIRE(tokens.ok());
  return std::move(tokens).value();
}

TEST_CASE("a token that verified is taken for its own answer only") {
  Scene scene;
  const ReadyProvider provider = scene.Party().provider();
  const KeySet keys = KeySet::Parse(scene.key_set, SignatureAlgorithm::kRs256).value();
  const TokenResponse tokens = Tokens(scene, provider);
  const auto own = VerifiedJwt::Verify(tokens.id_token(), keys);
  const auto same_text = ParseJws(scene.last_id_token, SignatureAlgorithm::kRs256, JwtUse::kIdToken);
  const auto other = VerifiedJwt::Verify(*same_text, keys);
  REQUIRE(own.ok());
  REQUIRE(other.ok());
  CHECK(ValidatedIdToken::Check(provider, tokens, *own, scene.clock.Now()).ok());
  const auto mixed = ValidatedIdToken::Check(provider, tokens, *other, scene.clock.Now());
  REQUIRE_FALSE(mixed.ok());
  CHECK(std::string(Code(mixed.error())) == "signature_bad");
}

TEST_CASE("PS256 has a salt of 32 bytes and no other (RFC 7518 section 3.5)") {
  const KeySet keys = KeySet::Parse(KeySetText({TestKey::Rsa().Jwk()}), SignatureAlgorithm::kPs256).value();
  for (const char* alg : {"PS256", "PS256-S20"}) {
    const std::string text = Token(R"({"alg":"PS256","kid":"rsa-1"})", "{}", TestKey::Rsa(), alg);
    const auto jws = ParseJws(text, SignatureAlgorithm::kPs256, JwtUse::kIdToken);
    REQUIRE(jws.ok());
    CHECK(VerifiedJwt::Verify(*jws, keys).ok() == (std::string(alg) == "PS256"));
  }
}

TEST_CASE("where the profile asks userinfo, an id_token alone is nobody") {
  Scene scene;
  scene.Claim("SoDinhDanh", Quoted(kNumber));
  const ReadyProvider provider = scene.Party().provider();
  const KeySet keys = KeySet::Parse(scene.key_set, SignatureAlgorithm::kRs256).value();
  const TokenResponse tokens = Tokens(scene, provider);
  const auto jwt = VerifiedJwt::Verify(tokens.id_token(), keys);
  const auto token = ValidatedIdToken::Check(provider, tokens, *jwt, scene.clock.Now());
  REQUIRE(token.ok());
  const auto identity = IdentityFromIdToken(provider, *token, kPersonKey);
  REQUIRE_FALSE(identity.ok());
  CHECK(std::string(Code(identity.error())) == "identity_missing");
}

TEST_CASE("a token that was read as an id_token orders no logout, whatever it says") {
  LogoutScene logout;
  logout.header.Drop("typ");
  const std::string text = Token(logout.header.Text(), logout.claims.Text(), logout.key, "RS256");
  const KeySet keys = KeySet::Parse(logout.scene.key_set, SignatureAlgorithm::kRs256).value();
  LogoutTokens taken;
  for (const auto& [use, fate] : {std::pair{JwtUse::kIdToken, "jwt_type"}, std::pair{JwtUse::kLogoutToken, ""}}) {
    const auto jwt = VerifiedJwt::Verify(*ParseJws(text, SignatureAlgorithm::kRs256, use), keys);
    REQUIRE(jwt.ok());
    const auto order = LogoutOrder::Check(logout.scene.Party().provider(), *jwt, taken, logout.scene.clock.Now());
    CHECK((order.ok() ? "" : std::string(Code(order.error()))) == fate);
  }
}

}  // namespace
}  // namespace mc::sso::testing
