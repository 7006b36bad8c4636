// A whole sign-in by VNeID's exchange, against a provider of the tests that is honest until a case changes it.
#pragma once

#include "sso/encrypted.h"
#include "tests/sso/support.h"

namespace mc::sso::testing {

struct EncryptedScene {
  EncryptedScene();

  ProviderProfile profile;
  ProviderSettings settings;
  SignInWish wish;
  ManualClock clock;
  Document token, userinfo;                // what is sealed; edited by a case
  std::string code = "a+code/with=marks";  // as the provider issued it
  bool seals_code = false;                 // then with encrypt_key
  std::string aes_key = std::string(32, 'k');
  std::function<std::string(std::string)> edit_query;                      // the raw query of the callback
  std::function<void(std::string& data, std::string& key)> edit_envelope;  // of both answers, before base64
  std::function<void(Result<HttpResponse>&)> edit_token_answer, edit_userinfo_answer;
  std::string browser_secret;  // instead of the honest one, when not empty

  std::string Play();  // "" with an identity, else the reason's code
  Result<HttpResponse> Answer(const HttpRequest& request);
  Checked<Identity> Again();  // the same callback once more
  RelyingParty& Party();

  int token_calls = 0, userinfo_calls = 0;
  std::vector<std::string> faults;
  AuditLines audit;
  std::optional<Identity> identity;

 private:
  HttpResponse Sealed(const std::string& text);

  SeededRandom random_{9};
  SignInsInMemory pending_;
  std::optional<SharedParts> parts_;
  std::optional<RelyingParty> party_;
  Callback callback_;
};

struct EncryptedCase {
  const char* name;
  const char* reason;  // "": accepted
  std::function<void(EncryptedScene&)> arrange;
};
// Each refusal: no identity, one audit line with the reason and nothing personal, no userinfo call unless it is what is
// wrong, and a state that serves no second time.
void ExpectEncrypted(const std::vector<EncryptedCase>& cases, Userinfo userinfo = Userinfo::kNotCalled);

}  // namespace mc::sso::testing
