// What is not sealed for us, not whole, or not what it should hold, is none; and every way of it looks the same.
#include "tests/sso/encrypted_support.h"

namespace mc::sso::testing {
namespace {

// A block as PKCS#1 v1.5 has it: 00, type, padding without zeros, 00, secret.
std::string Block(char type, std::size_t padding, const std::string& secret) {
  std::string block = std::string("\0", 1) + type + std::string(padding, 'p') + std::string("\0", 1) + secret;
  return block + std::string(256 - block.size(), 'x');
}
std::string Filled(char type, const std::string& secret) { return Block(type, 253 - secret.size(), secret); }

void WithKey(EncryptedScene& s, const std::string& wrapped) {
  s.edit_envelope = [=](std::string&, std::string& key) { key = wrapped; };
}
void WithAnswer(EncryptedScene& s, const std::string& body) {
  s.edit_token_answer = [=](Result<HttpResponse>& answer) { answer = HttpResponse{200, answer->headers, body}; };
}

}  // namespace

TEST_CASE("attack: encrypted answer that is not sealed for us") {
  const std::string right(32, 'k');
  ExpectEncrypted({
      {"another's key", "token_not_opened", [=](EncryptedScene& s) { WithKey(s, TestKey::OtherRsa().Wrap(right)); }},
      {"block type 1", "token_not_opened",
       [=](EncryptedScene& s) { WithKey(s, TestKey::Rsa().RawEncrypt(Filled('\1', right))); }},
      {"padding without an end", "token_not_opened",
       [=](EncryptedScene& s) {
         WithKey(s, TestKey::Rsa().RawEncrypt(std::string("\0\2", 2) + std::string(254, 'p')));
       }},
      {"padding of 7 bytes", "token_not_opened",
       [=](EncryptedScene& s) { WithKey(s, TestKey::Rsa().RawEncrypt(Block('\2', 7, right))); }},
      {"a key of 31 bytes", "token_not_opened",
       [=](EncryptedScene& s) { WithKey(s, TestKey::Rsa().Wrap(right.substr(1))); }},
      {"a key of 33 bytes", "token_not_opened",
       [=](EncryptedScene& s) { WithKey(s, TestKey::Rsa().Wrap(right + "k")); }},
      {"an empty key", "token_not_opened", [](EncryptedScene& s) { WithKey(s, TestKey::Rsa().Wrap("")); }},
      {"a short block", "token_not_opened",
       [=](EncryptedScene& s) { WithKey(s, TestKey::Rsa().Wrap(right).substr(1)); }},
      {"a block of 4 KB", "token_malformed", [](EncryptedScene& s) { WithKey(s, std::string(4'096, 'b')); }},
      {"the right block, made by hand", "",
       [=](EncryptedScene& s) { WithKey(s, TestKey::Rsa().RawEncrypt(Filled('\2', right))); }},
  });
}

TEST_CASE("attack: encrypted answer tampered with") {
  ExpectEncrypted({
      {"last block flipped", "token_not_opened",
       [](EncryptedScene& s) { s.edit_envelope = [](std::string& data, std::string&) { data.back() ^= 1; }; }},
      {"cut", "token_not_opened",
       [](EncryptedScene& s) { s.edit_envelope = [](std::string& data, std::string&) { data.pop_back(); }; }},
      {"a block gone", "token_not_opened",
       [](EncryptedScene& s) {
         s.edit_envelope = [](std::string& data, std::string&) { data.resize(data.size() - 16); };
       }},
      {"empty", "token_malformed",
       [](EncryptedScene& s) { s.edit_envelope = [](std::string& data, std::string&) { data.clear(); }; }},
      {"not base64", "token_not_opened", [](EncryptedScene& s) { WithAnswer(s, R"({"data":"***","key":"AAAA"})"); }},
      {"no key", "token_malformed", [](EncryptedScene& s) { WithAnswer(s, R"({"data":"AAAA"})"); }},
      {"data a number", "token_malformed", [](EncryptedScene& s) { WithAnswer(s, R"({"data":1,"key":"AAAA"})"); }},
      {"data twice", "token_malformed",
       [](EncryptedScene& s) { WithAnswer(s, R"({"data":"AAAA","data":"AAAA","key":"AAAA"})"); }},
      {"not sealed at all", "token_malformed",
       [](EncryptedScene& s) { WithAnswer(s, R"({"access_token":"the-access-token","token_type":"Bearer"})"); }},
      {"not JSON", "token_malformed", [](EncryptedScene& s) { WithAnswer(s, "<html>"); }},
      {"of another type", "token_malformed",
       [](EncryptedScene& s) {
         s.edit_token_answer = [](Result<HttpResponse>& a) {
           a = HttpResponse{200, {{"content-type", "text/html"}}, a->body};
         };
       }},
      {"too long", "token_malformed",
       [](EncryptedScene& s) {
         s.edit_token_answer = [](Result<HttpResponse>& a) { a = TransientError("body_too_large", "too long"); };
       }},
      {"sealed, a member twice", "token_not_opened",
       [](EncryptedScene& s) { s.token.more = R"(,"access_token":"other")"; }},
      {"sealed, an access token with a line break", "token_malformed",
       [](EncryptedScene& s) { s.token.Set("access_token", R"("a\r\nX: y")"); }},
      {"sealed, without an access token", "token_malformed", [](EncryptedScene& s) { s.token.Drop("access_token"); }},
      {"sealed error", "token_error", [](EncryptedScene& s) { s.token.Set("error", R"("invalid_grant")"); }},
      {"of another kind", "token_type", [](EncryptedScene& s) { s.token.Set("token_type", R"("DPoP")"); }},
      {"no kind", "token_type", [](EncryptedScene& s) { s.token.Drop("token_type"); }},
      {"500 with a good body", "token_status",
       [](EncryptedScene& s) {
         s.edit_token_answer = [](Result<HttpResponse>& a) { a = HttpResponse{500, a->headers, a->body}; };
       }},
      {"a redirect", "token_status",
       [](EncryptedScene& s) {
         s.edit_token_answer = [](Result<HttpResponse>& a) {
           a = HttpResponse{302, {{"location", "https://evil.example"}}, ""};
         };
       }},
      {"nobody there", "token_unreachable",
       [](EncryptedScene& s) {
         s.edit_token_answer = [](Result<HttpResponse>& a) { a = TransientError("timeout", "nobody"); };
       }},
  });
}

}  // namespace mc::sso::testing
