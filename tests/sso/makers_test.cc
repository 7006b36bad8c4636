// Goal: our reader of signed tokens agrees with two makers that are not ours, npm `jose` and Debian's `jose`, for every
// algorithm that we accept.
// Method: tests/sso/makers/vectors.mjs makes keys and tokens anew; each token verifies with its own key set, and
// neither with the other maker's nor with a byte changed.
#include <doctest/doctest.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "sso/jws.h"

namespace mc::sso {
namespace {

std::string OutputOf(const std::string& command) {
  FILE* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string text;
  char chunk[4096];
  for (std::size_t got = 0; (got = std::fread(chunk, 1, sizeof chunk, pipe)) > 0;) text.append(chunk, got);
  REQUIRE(::pclose(pipe) == 0);
  return text;
}

// "" with the claims expected, else the code.
std::string Fate(const std::string& token, const Json& keys, SignatureAlgorithm algorithm, const Json& claims) {
  const auto set = KeySet::Parse(keys.dump(), algorithm);
  if (!set.ok()) return std::string(Code(set.error()));
  const auto jws = ParseJws(token, algorithm, JwtUse::kIdToken);
  if (!jws.ok()) return std::string(Code(jws.error()));
  const auto jwt = VerifiedJwt::Verify(*jws, *set);
  if (!jwt.ok()) return std::string(Code(jwt.error()));
  return jwt->claims() == claims ? "" : "other claims";
}

TEST_CASE("two independent makers, three algorithms") {
  const Json made = Json::parse(OutputOf("'" MC_NODE "' '" MC_SOURCE_DIR "/tests/sso/makers/vectors.mjs'"));
  const Json claims = Json::parse(made.at("claims").get<std::string>());
  const Json& vectors = made.at("vectors");
  REQUIRE(vectors.size() == 6);
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    const Json& one = vectors[i];
    const Json& of_other_maker = vectors[i ^ 1];
    CAPTURE(one.at("maker").get<std::string>());
    CAPTURE(one.at("alg").get<std::string>());
    CHECK(one.at("alg") == of_other_maker.at("alg"));
    CHECK(one.at("maker") != of_other_maker.at("maker"));
    const auto algorithm = AlgorithmFrom(one.at("alg").get<std::string>());
    REQUIRE(algorithm.has_value());
    std::string token = one.at("token").get<std::string>();
    CHECK(Fate(token, one.at("keys"), *algorithm, claims) == "");
    CHECK(Fate(token, of_other_maker.at("keys"), *algorithm, claims) == "signature_bad");
    char& changed = token[token.rfind('.') + 20];
    changed = changed == 'A' ? 'B' : 'A';
    CHECK(Fate(token, one.at("keys"), *algorithm, claims) == "signature_bad");
  }
}

}  // namespace
}  // namespace mc::sso
