// libFuzzer's side of the table: MC_FUZZ_TARGET names the target. scripts/fuzz runs it.
//
// MC_FUZZ_LIST=1 prints the names. MC_FUZZ_SEEDS=DIR writes the target's seeds and, as DIR.dict, the tokens
// in libFuzzer's form, and ends.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/fuzz/mutate.h"
#include "tests/fuzz/target.h"

namespace {

const mc::fuzz::Target* chosen = nullptr;

void WriteSeeds(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  int number = 0;
  for (const std::string& seed : mc::fuzz::SeedsOf(*chosen)) {
    std::ofstream(folder / ("seed-" + std::to_string(++number)), std::ios::binary) << seed;
  }
  std::ofstream dictionary(folder.string() + ".dict");
  for (const std::string& token : mc::fuzz::Tokens()) {
    dictionary << '"';
    for (const char c : token) {
      char hex[8];
      std::snprintf(hex, sizeof hex, "\\x%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
      dictionary << hex;
    }
    dictionary << "\"\n";
  }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  const char* name = std::getenv("MC_FUZZ_TARGET");
  for (const mc::fuzz::Target& target : mc::fuzz::Targets()) {
    if (std::getenv("MC_FUZZ_LIST")) std::printf("%s\n", target.name.c_str());
    if (name && target.name == name) chosen = &target;
  }
  if (std::getenv("MC_FUZZ_LIST")) std::exit(0);
  if (!chosen) {
    std::fprintf(stderr, "mc_fuzz: set MC_FUZZ_TARGET to one of the names that MC_FUZZ_LIST=1 prints\n");
    std::exit(2);
  }
  if (const char* folder = std::getenv("MC_FUZZ_SEEDS")) {
    WriteSeeds(folder);
    std::exit(0);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chosen->run({reinterpret_cast<const char*>(data), size});
  return 0;
}
