// Goal: keys are fetched once for all who need them, again when a token asks for it but not at anybody's will, and
// kept while the provider is away, for a bounded time.
// Method: whole sign-ins with a clock of the test, counting calls. Threads: key_set_threads_test.cc.
#include "sso/key_set.h"

#include "tests/sso/support.h"

namespace mc::sso::testing {
namespace {

void Wait(Scene& scene, std::int64_t micros) { scene.clock.Set({scene.clock.Now().micros + micros}); }

TEST_CASE("one fetch serves many sign-ins") {
  Scene scene;
  for (int i = 0; i < 5; ++i) CHECK(scene.Play() == "");
  CHECK(scene.key_calls == 1);
}

TEST_CASE("rotated just before signing, under a new name: fetched again within the same sign-in") {
  Scene scene;
  CHECK(scene.Play() == "");
  Wait(scene, kKeyFetchIntervalMicros);
  scene.key = TestKey::OtherRsa();
  scene.key_set = KeySetText({TestKey::OtherRsa().Jwk()});
  CHECK(scene.Play() == "");
  CHECK(scene.key_calls == 2);
  // The old key has ended with it.
  scene.key = TestKey::Rsa();
  CHECK(scene.Play() == "key_unknown");
}

TEST_CASE("rotated under the same name: fetched again within the same sign-in") {
  Scene scene;
  CHECK(scene.Play() == "");
  Wait(scene, kKeyFetchIntervalMicros);
  scene.key = TestKey::Named(TestKey::OtherRsa(), "rsa-1");
  scene.key_set = KeySetText({scene.key.Jwk()});
  CHECK(scene.Play() == "");
  CHECK(scene.key_calls == 2);
}

TEST_CASE("a key that was unfit or ambiguous may have been replaced") {
  Scene scene;
  scene.key_set = KeySetText({R"({"kid":"rsa-1","use":"enc",)" + TestKey::Rsa().Members() + "}"});
  CHECK(scene.Play() == "key_unfit");
  Wait(scene, kKeyFetchIntervalMicros);
  scene.key_set = KeySetText({TestKey::Rsa().Jwk()});
  CHECK(scene.Play() == "");
}

TEST_CASE("invented names and bad signatures drive nobody: one fetch in ten seconds, at the limit and before it") {
  Scene scene;
  CHECK(scene.Play() == "");
  scene.key = TestKey::Named(TestKey::OtherRsa(), "invented");
  for (int i = 0; i < 20; ++i) CHECK(scene.Play() == "key_unknown");
  CHECK(scene.key_calls == 1);
  Wait(scene, kKeyFetchIntervalMicros - 1);
  CHECK(scene.Play() == "key_unknown");
  CHECK(scene.key_calls == 1);
  Wait(scene, 1);
  CHECK(scene.Play() == "key_unknown");
  CHECK(scene.key_calls == 2);
  scene.key = TestKey::Named(TestKey::OtherRsa(), "rsa-1");
  for (int i = 0; i < 20; ++i) CHECK(scene.Play() == "signature_bad");
  CHECK(scene.key_calls == 2);
}

TEST_CASE("a provider that fails is not asked again at once, also when there never were keys") {
  Scene scene;
  scene.key_set_status = 503;
  for (int i = 0; i < 5; ++i) CHECK(scene.Play() == "keys_unavailable");
  CHECK(scene.key_calls == 1);
  scene.key_set_status = 200;
  Wait(scene, kKeyFetchIntervalMicros);
  CHECK(scene.Play() == "");
  CHECK(scene.key_calls == 2);
}

TEST_CASE("known keys serve on while fetching fails") {
  Scene scene;
  CHECK(scene.Play() == "");
  scene.key_set_status = 503;
  Wait(scene, kKeyFetchIntervalMicros);
  const TestKey known = scene.key;
  scene.key = TestKey::OtherRsa();
  CHECK(scene.Play() == "key_unknown");
  scene.key = known;
  CHECK(scene.Play() == "");
  scene.key_set_status = 200;
  scene.key_set = R"({"keys":[)" + TestKey::Rsa().Jwk() + "," + TestKey::Rsa().Jwk() + "]}";  // doubtful: not taken
  Wait(scene, kKeysFreshMicros + 1);
  CHECK(scene.Play() == "");
}

TEST_CASE("keys are fresh for an hour") {
  Scene scene;
  CHECK(scene.Play() == "");
  Wait(scene, kKeysFreshMicros);
  CHECK(scene.Play() == "");
  CHECK(scene.key_calls == 1);
  Wait(scene, 1);
  CHECK(scene.Play() == "");
  CHECK(scene.key_calls == 2);
}

TEST_CASE("a withdrawn key ends with the hour, although its tokens would verify") {
  Scene scene;
  CHECK(scene.Play() == "");
  scene.key_set = KeySetText({TestKey::OtherRsa().Jwk()});
  Wait(scene, kKeysFreshMicros + 1);
  CHECK(scene.Play() == "key_unknown");
}

TEST_CASE("known keys are kept for a day at most") {
  for (const std::int64_t beyond : {0, 1}) {
    Scene scene;
    CHECK(scene.Play() == "");
    scene.key_set_status = 503;
    Wait(scene, kKeysKeptMicros + beyond);
    CHECK(scene.Play() == (beyond == 0 ? "" : "keys_unavailable"));
  }
}

TEST_CASE("a clock that is set back stops nobody for long") {
  Scene scene;
  CHECK(scene.Play() == "");
  Wait(scene, -3'600 * kMicrosPerSecond);
  scene.key = TestKey::OtherRsa();
  scene.key_set = KeySetText({TestKey::OtherRsa().Jwk()});
  CHECK(scene.Play() == "");
  CHECK(scene.key_calls == 2);
}

}  // namespace
}  // namespace mc::sso::testing
