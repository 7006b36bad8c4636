// What `doctor` sees without a store: files, rights, keys, room on the disk.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "core/certificate.h"
#include "gateway/doctor.h"
#include "gateway/serve.h"

namespace mc {
namespace {

constexpr mode_t kOthers = S_IROTH | S_IWOTH;
constexpr mode_t kGroup = S_IRGRP | S_IWGRP;

// `others` and `group`: rights that are too much for everybody and for the file's group.
Finding CheckRights(Finding finding, const std::string& path, mode_t others, mode_t group, const std::string& code) {
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) {
    finding.state = FindingState::kFault;
    finding.code = "cannot_read";
    finding.detail = path + " cannot be looked at";
    return finding;
  }
  finding.detail = path;
  if ((info.st_mode & others) != 0) {
    finding.state = FindingState::kFault;
    finding.code = code + "_open_to_others";
  } else if ((info.st_mode & group) != 0) {
    finding.state = FindingState::kWarning;
    finding.code = code + "_open_to_group";
  }
  return finding;
}

Finding CheckSecretRights(Finding finding, const SecretRef& ref) {
  constexpr std::string_view kFile = "file:";
  if (!ref.text.starts_with(kFile)) {
    finding.detail = ref.text;
    return finding;
  }
  return CheckRights(std::move(finding), ref.text.substr(kFile.size()), kOthers, kGroup, "secret");
}

Finding CheckKey(const std::string& name, const SecretRef& ref) {
  const auto key = ref.ResolveKey();
  if (!key.ok()) return {"key", name, FindingState::kFault, key.error().code, key.error().message};
  return CheckSecretRights({"key", name, FindingState::kOk, "", ""}, ref);
}

// One key for two purposes: who learns one, has both.
void CheckKeysDiffer(const std::map<std::string, SecretRef>& keys, std::vector<Finding>& findings) {
  std::map<std::string, std::string> first;  // value -> name
  for (const auto& [name, ref] : keys) {
    const auto key = ref.ResolveKey();
    if (!key.ok()) continue;
    const auto [at, fresh] = first.emplace(*key, name);
    if (fresh) continue;
    findings.push_back({"key", name, FindingState::kFault, "key_reused", "the same key as " + at->second});
  }
}

// Of the store's file; with a store elsewhere, that of this machine's locks.
std::string Folder(const Settings& settings) {
  const auto folder =
      std::filesystem::path(settings.StoresInFile() ? settings.store_path : settings.file).parent_path();
  return folder.empty() ? "." : folder.string();
}

// Asking for rights says yes to root also where the file system takes nothing: so a file is made and taken away.
bool TakesFiles(const std::string& folder) {
  std::string name = (std::filesystem::path(folder) / ".minhchung-doctor-XXXXXX").string();
  const int fd = ::mkstemp(name.data());
  if (fd < 0) return false;
  const bool wrote = ::write(fd, "x", 1) == 1 && ::fsync(fd) == 0;
  ::close(fd);
  ::unlink(name.c_str());
  return wrote;
}

Finding CheckDisk(const std::string& folder) {
  const auto room = DiskRoomAt(folder);
  if (!room) return {"disk", folder, FindingState::kFault, "cannot_read", "the file system cannot be looked at"};
  const FindingState state = DiskState(*room);
  std::string detail = std::to_string(room->free_bytes / (1 << 20)) + " MiB free";
  if (room->free_files) detail += ", " + std::to_string(*room->free_files) + " files more";
  return {"disk", folder, state, state == FindingState::kOk ? "" : "disk_low", detail};
}

// A file may hold an old root beside its successor: the one that lives longest counts.
Finding CheckCaFile(const std::string& source, const std::string& file, Instant now) {
  const Finding fine{"ca_file", source, FindingState::kOk, "", file};
  const auto ends = ReadCaFile(file);
  if (!ends.ok()) return {"ca_file", source, FindingState::kFault, ends.error().code, ends.error().message};
  Finding rights = CheckRights(fine, file, S_IWOTH, S_IWGRP, "ca_file");
  if (rights.state == FindingState::kFault) return rights;
  const Instant last = *std::max_element(ends->begin(), ends->end());
  const std::string until = file + " is valid until " + FormatInstant(last);
  if (last < now) return {"ca_file", source, FindingState::kFault, "ca_expired", until};
  if (last.micros - now.micros < kCertificateWarningDays * kMicrosPerDay) {
    return {"ca_file", source, FindingState::kWarning, "ca_ends_soon", until};
  }
  return rights;
}

void CheckSignInSecrets(const SignInSettings& sign_in, std::vector<Finding>& findings) {
  for (const auto& [id, provider] : sign_in.providers) {
    const std::pair<const char*, const SecretRef*> held[] = {{"client_secret", &provider.client_secret},
                                                             {"private_key", &provider.private_key}};
    for (const auto& [name, ref] : held) {
      if (ref->text.empty()) continue;
      findings.push_back(CheckSecretRights({"secret", "sign_in/" + id + "/" + name, FindingState::kOk, "", ""}, *ref));
    }
  }
}

}  // namespace

FindingState DiskState(const DiskRoom& room) {
  const std::int64_t files = room.free_files.value_or(kFreeDiskWarningFiles);
  if (room.free_bytes < kFreeDiskFaultBytes || files < kFreeDiskFaultFiles) return FindingState::kFault;
  const bool low = room.free_bytes < kFreeDiskWarningBytes || files < kFreeDiskWarningFiles;
  return low ? FindingState::kWarning : FindingState::kOk;
}

std::vector<Finding> CheckSettingsFile(const Settings& settings) {
  Finding listen{"listen", settings.listen_address, FindingState::kOk, "", ""};
  if (const Status bind = CheckBind(settings.listen_address, settings.behind_proxy); !bind.ok()) {
    listen.state = FindingState::kFault;
    listen.code = bind.error().code;
    listen.detail = bind.error().message;
  }
  return {CheckRights({"settings_rights", "", FindingState::kOk, "", ""}, settings.file, S_IWOTH, S_IWGRP, "settings"),
          std::move(listen)};
}

std::vector<Finding> CheckSecrets(const Settings& settings) {
  std::map<std::string, SecretRef> keys = {
      {"sealing", settings.sealing_key}, {"person_hmac", settings.person_key}, {"log_signing", settings.log_key}};
  if (!settings.former_log_key.text.empty()) keys["log_signing_former"] = settings.former_log_key;
  if (settings.machines.IsOn()) keys["token_signing"] = settings.machines.token_key;
  if (const SecretRef& other = settings.machines.other_token_key; !other.text.empty()) {
    keys["token_signing_other"] = other;
  }
  std::vector<Finding> findings;
  for (const auto& [name, ref] : keys) findings.push_back(CheckKey(name, ref));
  CheckKeysDiffer(keys, findings);
  for (const auto& [id, source] : settings.sources) {
    for (const auto& [name, ref] : source.secrets) {
      findings.push_back(CheckSecretRights({"secret", id + "/" + name, FindingState::kOk, "", ""}, ref));
    }
  }
  CheckSignInSecrets(settings.sign_in, findings);
  return findings;
}

std::vector<Finding> CheckCaFiles(const Settings& settings, Instant now) {
  std::vector<Finding> findings;
  for (const auto& [id, source] : settings.sources) {
    if (!source.ca_file.empty()) findings.push_back(CheckCaFile(id, source.ca_file, now));
  }
  for (const auto& [id, witness] : settings.witnesses) {
    if (!witness.ca_file.empty()) findings.push_back(CheckCaFile(id, witness.ca_file, now));
  }
  for (const auto& [id, provider] : settings.sign_in.providers) {
    if (!provider.ca_file.empty()) findings.push_back(CheckCaFile("sign_in/" + id, provider.ca_file, now));
  }
  return findings;
}

std::vector<Finding> CheckStorePlace(const Settings& settings) {
  const std::string folder = Folder(settings);
  if (!TakesFiles(folder)) {
    return {{"store_folder", folder, FindingState::kFault, "not_writable", "no file can be written there"}};
  }
  return {{"store_folder", folder, FindingState::kOk, "", ""}, CheckDisk(folder)};
}

}  // namespace mc
