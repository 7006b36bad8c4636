// Takes secrets and personal numbers out of recorded bytes (docs/formats/recording.md).
// Personal numbers are those of Vietnamese papers: số định danh
// cá nhân (12 digits, Law on Identification 26/2023/QH15), chứng minh nhân dân (9 digits), and
// telephone numbers. One thread at a time: it learns secrets as it reads.
#pragma once

#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mc {

inline constexpr std::string_view kRedacted = "redacted";  // what stands for every secret

// Shorter values are no secrets, and replacing them would tear ordinary words apart.
inline constexpr std::size_t kShortestSecretBytes = 4;
// Of one recording. Each costs a search through every later body; a platform hands out a few.
inline constexpr std::size_t kLearnedSecretsLimit = 1'000;
inline constexpr std::size_t kBase64RunBytes = 200;   // from here on it is an attachment
inline constexpr std::size_t kBase64KeptBytes = 64;   // enough to see what kind of file it was

// Names under which an answer hands out what opens doors; userProfileUri and logoutUri of
// VNConnect carry an access token in their query.
inline constexpr std::array<std::string_view, 9> kSecretFields = {
    "access_token", "refresh_token", "id_token",       "token",    "session",
    "accessToken",  "refreshToken",  "userProfileUri", "logoutUri"};

class Redactor {
 public:
  // `key` draws the digits that stand for personal numbers; `secrets` as resolved.
  Redactor(std::string key, std::vector<std::string> secrets);

  // Remembers the secrets (texts, whole numbers) that a JSON answer gives under one of kSecretFields.
  // False: it would be more than kLearnedSecretsLimit; nothing must be cleaned with this any more.
  bool LearnFrom(std::string_view body);

  // A value that is known to open a door, because it was sent as a credential.
  void Learn(std::string secret) {
    AddSecret(std::move(secret));
    Sort();
  }

  std::string Clean(std::string_view bytes) const;

 private:
  void AddSecret(std::string secret);
  void Sort();  // behind AddSecret

  std::string key_;
  std::set<std::string, std::less<>> known_;  // and kRedacted itself
  std::size_t learned_ = 0;
  std::vector<std::string> secrets_;  // of known_, longest first
};

}  // namespace mc
