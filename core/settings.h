// Settings of one installation: a JSON file with comments, read by ONE table.
//
// The table (name, type, unit, range, default, meaning) drives the parser, the refusal of
// unknown keys, the defaults and docs/operating/settings.md; a test holds them together.
// Secrets stand only as "env:NAME" or "file:PATH"; a literal one is refused. Paths are
// relative to the settings file. Plain values; any thread may read.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "core/result.h"
#include "core/time.h"

namespace mc {

inline constexpr std::size_t kKeyBytes = 32;  // each of the three keys
inline constexpr std::int64_t kSecretFileLimitBytes = 64 * 1024;

// Where a secret is to be found; the secret itself is read only when it is needed.
struct SecretRef {
  std::string text;  // "env:NAME" or "file:/absolute/path"

  // The value, without a line end at its end. kConfig "secret_missing".
  Result<std::string> Resolve() const;
  // Exactly 32 bytes: as they are, or as 64 hex digits. kConfig "bad_key".
  Result<std::string> ResolveKey() const;
};

struct SourceSetting {
  std::string id;        // manifest id
  std::string base_url;  // of sources over HTTP; else empty
  std::string ca_file;   // root certificates to trust for it instead of the system's; empty: the system's
  std::string folder;    // of sources that are a folder; else empty
  std::map<std::string, SecretRef> secrets;
  std::vector<std::string> unit_codes;
  bool unit_codes_from_directory = false;
  std::optional<CivilDate> start;
  std::optional<std::int64_t> interval_minutes;  // between two pulls of `serve`; none: the manifest's
};

// Somebody outside who cosigns the heads of the log (docs/formats/witness.md).
struct WitnessSetting {
  std::string id;
  std::string key;      // its verifier key
  std::string url;      // its submission prefix, without "/" at its end
  std::string ca_file;  // as SourceSetting::ca_file
};

inline constexpr std::size_t kWitnessSettingsLimit = 8;

// An identity provider that people sign in with (docs/operating/sign-in.md). Empty: as its profile says.
struct SignInProvider {
  std::string id;
  std::string profile;  // id of a file in SignInSettings::profiles_dir
  std::string title;    // on its button
  std::string client_id;
  SecretRef client_secret;
  SecretRef private_key;  // text empty: none
  std::string address, issuer;
  std::string least_level;               // of every sign-in
  std::string step_up_level;             // of a step-up
  std::string ca_file;                   // as SourceSetting::ca_file
  std::vector<std::string> relaxations;  // names, docs/formats/provider.md
};

inline constexpr std::size_t kSignInProvidersLimit = 8;

struct SignInSettings {
  std::string public_url;  // how browsers reach this gateway: "https://host"; empty: nobody signs in
  std::string contact;     // whom somebody asks who is not in the directory; for people
  std::string profiles_dir;
  std::map<std::string, SignInProvider> providers;
  std::int64_t idle_secs = 0, absolute_secs = 0;  // of a session
  std::int64_t sessions_per_person = 0;
  bool IsOn() const { return !public_url.empty(); }
};

// What `upkeep` may delete (docs/operating/upkeep.md). As it stands here: nothing.
struct RetentionSettings {
  bool ended_sessions = false;
  std::optional<std::int64_t> pushed_key_days;  // none: keys stay
};

// Machines that push to us (docs/operating/machines.md). Off without keys.token_signing.
struct MachineSettings {
  SecretRef token_key;        // 32 bytes; text empty: no tokens are given
  SecretRef other_token_key;  // taken too, during a change of keys; text empty: none
  std::string issuer;         // "https://host"; empty: that of sign_in.public_url, else https:// and the log's host
  std::int64_t pushes_per_minute = 0;  // of one client
  bool IsOn() const { return !token_key.text.empty(); }
};

struct Settings {
  std::string file;          // that they were read from
  std::string store_path;    // or a database's URI
  SecretRef store_password;  // of such a database; text empty: none
  bool StoresInFile() const;
  SecretRef sealing_key, person_key, log_key;
  SecretRef former_log_key;  // text empty: none
  std::string log_origin;
  std::string policies_dir;
  std::string policy;
  std::string catalogue_file;  // used until a catalogue is imported; may be empty
  std::string calendar_file;   // empty: Monday to Friday, 8:00-12:00 and 13:00-17:00
  std::string manifests_dir;
  std::string rules_dir;
  std::map<std::string, SourceSetting> sources;
  std::map<std::string, WitnessSetting> witnesses;
  SignInSettings sign_in;
  MachineSettings machines;
  std::string listen_address;
  std::int64_t listen_port = 0;
  bool behind_proxy = false;
  std::int64_t lease_ttl_secs = 0;
  std::int64_t read_back_records = 0;   // of one source at a time; 0: none is read back
  std::int64_t read_back_age_days = 0;  // how old they may be
  std::int64_t read_back_interval_hours = 0;
  RetentionSettings retention;
  std::string log_level;
};

enum class SettingType { kPath, kText, kSecret, kWhole, kFlag, kDate, kUnitCodes, kChoice };

// What people see of one row of the table.
struct SettingRow {
  std::string name;  // dotted; "*" stands for a name that the installation chooses
  SettingType type = SettingType::kText;
  std::string unit;      // "giây", or empty
  std::string range;     // "1..3600", "debug|info|warn|error", or empty
  std::string fallback;  // JSON text; empty: must be given; "null": may be left out
  std::string meaning;   // Vietnamese, one line
};

const std::vector<SettingRow>& SettingTable();
std::string SettingsMarkdown();  // the table of docs/operating/settings.md

// kConfig with JSON Pointer and rule; `base_dir` is what relative paths start from.
Result<Settings> ParseSettings(const Json& document, const std::string& base_dir);
Result<Settings> LoadSettings(const std::string& file);

std::string_view Name(SettingType type);

}  // namespace mc
