// Goal: a token passes only in the one form, under the one pinned algorithm, with a key of the provider's set.
// Method: tokens signed by OpenSSL directly (tests/sso/keys.cc), one thing wrong in each. The same attacks against
// a whole sign-in are the files jose_*_test.cc.
#include "sso/jws.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/sso/keys.h"

namespace mc::sso {
namespace {

using namespace mc::sso::testing;

const char* const kClaims = R"({"sub":"s"})";

KeySet KeysOf(std::initializer_list<std::string> jwks, SignatureAlgorithm algorithm) {
  auto keys = KeySet::Parse(KeySetText(jwks), algorithm);
  REQUIRE(keys.ok());
  return std::move(keys).value();
}

// "" when it passes.
std::string Fate(const std::string& token, SignatureAlgorithm algorithm, const KeySet& keys,
                 JwtUse use = JwtUse::kIdToken) {
  const auto jws = ParseJws(token, algorithm, use);
  if (!jws.ok()) return std::string(Code(jws.error()));
  const auto jwt = VerifiedJwt::Verify(*jws, keys);
  return jwt.ok() ? "" : std::string(Code(jwt.error()));
}

struct Kind {
  const char* name;
  SignatureAlgorithm algorithm;
  const TestKey& (*key)();
};
const Kind kKinds[] = {{"RS256", SignatureAlgorithm::kRs256, TestKey::Rsa},
                       {"PS256", SignatureAlgorithm::kPs256, TestKey::Rsa},
                       {"ES256", SignatureAlgorithm::kEs256, TestKey::Ec}};

std::string Header(const std::string& alg, const std::string& kid, const std::string& more = "") {
  return R"({"alg":")" + alg + R"(","kid":")" + kid + "\"" + more + "}";
}

TEST_CASE("each algorithm accepts its own and refuses the others'") {
  for (const Kind& pinned : kKinds) {
    const KeySet keys = KeysOf({pinned.key().Jwk()}, pinned.algorithm);
    for (const Kind& used : kKinds) {
      CAPTURE(pinned.name);
      CAPTURE(used.name);
      const std::string token = Token(Header(used.name, used.key().kid), kClaims, used.key(), used.name);
      CHECK(Fate(token, pinned.algorithm, keys) == (&pinned == &used ? "" : "jwt_algorithm"));
      // The header agrees, the signature is of another algorithm.
      const std::string lying = Token(Header(pinned.name, pinned.key().kid), kClaims, used.key(), used.name);
      CHECK(Fate(lying, pinned.algorithm, keys) == (&pinned == &used ? "" : "signature_bad"));
    }
  }
}

TEST_CASE("the claims are those that were signed") {
  const TestKey& key = TestKey::Ec();
  const auto jws =
      ParseJws(Token(Header("ES256", key.kid), kClaims, key, "ES256"), SignatureAlgorithm::kEs256, JwtUse::kIdToken);
  REQUIRE(jws.ok());
  const auto jwt = VerifiedJwt::Verify(*jws, KeysOf({key.Jwk()}, SignatureAlgorithm::kEs256));
  REQUIRE(jwt.ok());
  CHECK(jwt->claims() == Json{{"sub", "s"}});
  CHECK(jwt->IsOf(*jws));
  const auto same =
      ParseJws(Token(Header("ES256", key.kid), kClaims, key, "ES256"), SignatureAlgorithm::kEs256, JwtUse::kIdToken);
  CHECK_FALSE(jwt->IsOf(*same));
}

TEST_CASE("keys read for another algorithm verify nothing") {
  const TestKey& key = TestKey::Rsa();
  const KeySet keys = KeysOf({key.Jwk()}, SignatureAlgorithm::kPs256);
  CHECK(Fate(Token(Header("RS256", key.kid), kClaims, key, "PS256"), SignatureAlgorithm::kRs256, keys) ==
        "jwt_algorithm");
}

TEST_CASE("form and header") {
  const TestKey& key = TestKey::Rsa();
  const KeySet keys = KeysOf({key.Jwk()}, SignatureAlgorithm::kRs256);
  struct Case {
    const char* name;
    std::string header;
    const char* fate;
  };
  const std::string embedded = R"(,"jwk":{)" + key.Members() + "}";
  const Case cases[] = {
      {"as it should be", Header("RS256", key.kid), ""},
      {"typ JWT", Header("RS256", key.kid, R"(,"typ":"JWT")"), ""},
      {"typ in small letters", Header("RS256", key.kid, R"(,"typ":"jwt")"), ""},
      {"typ with application/", Header("RS256", key.kid, R"(,"typ":"application/jwt")"), ""},
      {"x5t names a certificate only", Header("RS256", key.kid, R"(,"x5t":"abc")"), ""},
      {"typ at+jwt", Header("RS256", key.kid, R"(,"typ":"at+jwt")"), "jwt_type"},
      {"typ logout+jwt", Header("RS256", key.kid, R"(,"typ":"logout+jwt")"), "jwt_type"},
      {"typ a number", Header("RS256", key.kid, R"(,"typ":1)"), "jwt_type"},
      {"none", Header("none", key.kid), "jwt_algorithm"},
      {"None", Header("None", key.kid), "jwt_algorithm"},
      {"nOnE", Header("nOnE", key.kid), "jwt_algorithm"},
      {"empty alg", Header("", key.kid), "jwt_algorithm"},
      {"small letters", Header("rs256", key.kid), "jwt_algorithm"},
      {"no alg", R"({"kid":"rsa-1"})", "jwt_algorithm"},
      {"alg an array", R"({"alg":["RS256"],"kid":"rsa-1"})", "jwt_algorithm"},
      {"alg twice", R"({"alg":"none","alg":"RS256","kid":"rsa-1"})", "jwt_header"},
      {"alg twice, escaped", R"({"alg":"RS256","\u0061lg":"RS256","kid":"rsa-1"})", "jwt_header"},
      {"crit", Header("RS256", key.kid, R"(,"crit":["exp"])"), "jwt_critical"},
      {"crit empty", Header("RS256", key.kid, R"(,"crit":[])"), "jwt_critical"},
      {"b64", Header("RS256", key.kid, R"(,"b64":false)"), "jwt_critical"},
      {"jwk", Header("RS256", key.kid, embedded), "jwt_embedded_key"},
      {"jku", Header("RS256", key.kid, R"(,"jku":"https://evil.example/")"), "jwt_embedded_key"},
      {"x5u", Header("RS256", key.kid, R"(,"x5u":"https://evil.example/")"), "jwt_embedded_key"},
      {"x5c", Header("RS256", key.kid, R"(,"x5c":["AAAA"])"), "jwt_embedded_key"},
      {"enc", Header("RS256", key.kid, R"(,"enc":"A128GCM")"), "jwt_header"},
      {"zip", Header("RS256", key.kid, R"(,"zip":"DEF")"), "jwt_header"},
      {"kid a number", R"({"alg":"RS256","kid":1})", "jwt_header"},
      {"kid empty", Header("RS256", ""), "jwt_header"},
      {"kid of control characters", R"({"alg":"RS256","kid":"a\u0000"})", "jwt_header"},
      {"kid a path", Header("RS256", "../../dev/null"), "key_unknown"},
      {"kid SQL", Header("RS256", "x' OR '1'='1"), "key_unknown"},
      {"kid at its limit", Header("RS256", std::string(kKeyIdLimitBytes, 'k')), "key_unknown"},
      {"kid past its limit", Header("RS256", std::string(kKeyIdLimitBytes + 1, 'k')), "jwt_header"},
      {"kid unknown", Header("RS256", "rsa-9"), "key_unknown"},
      {"header an array", "[]", "jwt_header"},
      {"header no JSON", "{", "jwt_header"},
      {"header with a byte order mark", "\xEF\xBB\xBF" + Header("RS256", key.kid), "jwt_header"},
      {"header not UTF-8", Header("RS256", "\xFF"), "jwt_header"},
      {"header at its limit",
       Header("RS256", key.kid, R"(,"x":")" + std::string(kJwtHeaderLimitBytes - 36, 'x') + "\""), ""},
      {"header past its limit",
       Header("RS256", key.kid, R"(,"x":")" + std::string(kJwtHeaderLimitBytes - 35, 'x') + "\""), "jwt_header"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.name);
    CHECK(Fate(Token(one.header, kClaims, key, "RS256"), SignatureAlgorithm::kRs256, keys) == one.fate);
  }
}

TEST_CASE("parts and their encoding") {
  const TestKey& key = TestKey::Rsa();
  const KeySet keys = KeysOf({key.Jwk()}, SignatureAlgorithm::kRs256);
  const std::string good = Token(Header("RS256", key.kid), kClaims, key, "RS256");
  const auto point = good.find('.'), last = good.rfind('.');
  const std::string head = good.substr(0, last);
  std::string other_end = good;  // 256 bytes end in two characters with four unused bits
  other_end.back() =
      other_end.back() == 'A' || other_end.back() == 'Q' || other_end.back() == 'g' ? other_end.back() + 1 : 'B';
  std::string flipped = good;
  flipped[last + 10] = flipped[last + 10] == 'A' ? 'B' : 'A';
  struct Case {
    const char* name;
    std::string token;
    const char* fate;
  };
  const Case cases[] = {
      {"good", good, ""},
      {"empty", "", "jwt_malformed"},
      {"two parts", head, "jwt_malformed"},
      {"four parts", good + ".AA", "jwt_malformed"},
      {"five parts", good + ".AA.AA", "jwt_malformed"},
      {"empty header", good.substr(point), "jwt_malformed"},
      {"empty payload", good.substr(0, point + 1) + good.substr(last), "jwt_malformed"},
      {"empty signature", head + ".", "signature_bad"},
      {"padding", good + "==", "jwt_malformed"},
      {"white space behind", good + "\n", "jwt_malformed"},
      {"white space before", " " + good, "jwt_malformed"},
      {"standard alphabet", head + ".ab+/" + good.substr(last + 5), "jwt_malformed"},
      {"other last character of the same bytes", other_end, "jwt_malformed"},
      {"flipped bit", flipped, "signature_bad"},
      {"another payload", good.substr(0, point + 1) + B64(R"({"sub":"t"})") + good.substr(last), "signature_bad"},
      {"a byte more of signature", head + "." + B64(Unb64(good.substr(last + 1)) + "x"), "signature_bad"},
      {"JSON serialisation", R"({"payload":")" + B64(kClaims) + R"(","signatures":[]})", "jwt_malformed"},
      {"other key", Token(Header("RS256", key.kid), kClaims, TestKey::OtherRsa(), "RS256"), "signature_bad"},
      {"payload no object", Token(Header("RS256", key.kid), "[]", key, "RS256"), "jwt_payload"},
      {"payload twice", Token(Header("RS256", key.kid), R"({"sub":"a","sub":"s"})", key, "RS256"), "jwt_payload"},
      {"payload not UTF-8", Token(Header("RS256", key.kid), "{\"sub\":\"\xFF\"}", key, "RS256"), "jwt_payload"},
      {"payload of 16 levels",
       Token(Header("RS256", key.kid), R"({"a":)" + std::string(15, '[') + std::string(15, ']') + "}", key, "RS256"),
       ""},
      {"payload of 17 levels",
       Token(Header("RS256", key.kid), R"({"a":)" + std::string(16, '[') + std::string(16, ']') + "}", key, "RS256"),
       "jwt_payload"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.name);
    CHECK(Fate(one.token, SignatureAlgorithm::kRs256, keys) == one.fate);
  }
}

TEST_CASE("a token at its limit of length, and one past it") {
  const TestKey& key = TestKey::Ec();
  const KeySet keys = KeysOf({key.Jwk()}, SignatureAlgorithm::kEs256);
  const auto of_length = [&](std::size_t letters) {
    return Token(Header("ES256", key.kid), R"({"a":")" + std::string(letters, 'a') + "\"}", key, "ES256");
  };
  std::size_t letters = kJwtLimitBytes * 3 / 4 - 200;
  while (of_length(letters + 1).size() <= kJwtLimitBytes) ++letters;
  CHECK(of_length(letters).size() + 1 >= kJwtLimitBytes);
  CHECK(Fate(of_length(letters), SignatureAlgorithm::kEs256, keys) == "");
  CHECK(Fate(of_length(letters + 2), SignatureAlgorithm::kEs256, keys) == "jwt_malformed");
}

TEST_CASE("ES256 signatures are two numbers of 32 bytes within the order") {
  const TestKey& key = TestKey::Ec();
  const KeySet keys = KeysOf({key.Jwk()}, SignatureAlgorithm::kEs256);
  const std::string input = B64(Header("ES256", key.kid)) + "." + B64(kClaims);
  const std::string raw = key.Sign("ES256", input);
  const std::string order = Unb64("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE");  // SEC 2 section 2.4.2
  REQUIRE(order.size() == 32);
  const std::string zero(32, '\0');
  const std::pair<const char*, std::string> cases[] = {
      {"zero, zero", zero + zero},
      {"zero r", zero + raw.substr(32)},
      {"zero s", raw.substr(0, 32) + zero},
      {"order as r", order + raw.substr(32)},
      {"order as s", raw.substr(0, 32) + order},
      {"DER", key.Sign("ES256-DER", input)},
      {"63 bytes", raw.substr(0, 63)},
      {"65 bytes", raw + "x"},
      {"a zero before", zero.substr(0, 1) + raw},
      {"long", std::string(10'000, 'x')},
  };
  CHECK(Fate(input + "." + B64(raw), SignatureAlgorithm::kEs256, keys) == "");
  for (const auto& [name, signature] : cases) {
    CAPTURE(name);
    CHECK(Fate(input + "." + B64(signature), SignatureAlgorithm::kEs256, keys) != "");
  }
}

TEST_CASE("HMAC with what is public") {
  const TestKey& key = TestKey::Rsa();
  const KeySet keys = KeysOf({key.Jwk()}, SignatureAlgorithm::kRs256);
  for (const std::string& secret : {key.Pem(), key.Der(), key.Number("n"), std::string()}) {
    for (const char* alg : {"HS256", "RS256"}) {
      const std::string fate = Fate(HmacToken(Header(alg, key.kid), kClaims, secret), SignatureAlgorithm::kRs256, keys);
      CHECK(fate == (std::string(alg) == "HS256" ? "jwt_algorithm" : "signature_bad"));
    }
  }
}

TEST_CASE("a logout token may say its type, an id_token may not be one") {
  const TestKey& key = TestKey::Rsa();
  const KeySet keys = KeysOf({key.Jwk()}, SignatureAlgorithm::kRs256);
  const std::string token = Token(Header("RS256", key.kid, R"(,"typ":"Logout+JWT")"), kClaims, key, "RS256");
  CHECK(Fate(token, SignatureAlgorithm::kRs256, keys, JwtUse::kLogoutToken) == "");
  CHECK(Fate(token, SignatureAlgorithm::kRs256, keys, JwtUse::kIdToken) == "jwt_type");
}

TEST_CASE("algorithm names") {
  for (const Kind& kind : kKinds) {
    CHECK(AlgorithmName(kind.algorithm) == kind.name);
    CHECK(AlgorithmFrom(kind.name) == kind.algorithm);
  }
  for (const char* none : {"none", "HS256", "RS512", "EdDSA", "", "rs256"})
    CHECK_FALSE(AlgorithmFrom(none).has_value());
}

}  // namespace
}  // namespace mc::sso
