// lock: a period's sheets are committed to, once.
#include <nlohmann/json.hpp>

#include "core/random.h"
#include "gateway/commands.h"
#include "gateway/installation.h"
#include "gateway/period_lock.h"

namespace mc {

CommandResult RunLock(const Options& options, Console& console) {
  MC_TRY(const Installation installation, Installation::Load(options.config));
  MC_TRY(const auto store, installation.OpenStore());
  LockRules rules;
  MC_TRY(rules.period, ParsePeriod(options.period));
  MC_TRY(rules.documents, installation.RuleDocuments(options.policy, *store));
  MC_TRY(rules.person_key, installation.PersonKey());
  MC_TRY(rules.sources, installation.SourcesOfRegisters());
  console.Progress("Đang chốt kỳ " + options.period + "…");
  SystemRandom random;
  const Waiting waiting = options.with_waiting ? Waiting::kSealed : Waiting::kRefused;
  const auto locked = LockSheets(*store, std::move(rules), waiting, SystemClock().Now(), random);
  console.EndProgress();
  if (!locked.ok()) return locked.error();
  if (console.json()) {
    console.Print({{"period", options.period},
                   {"leaf", locked->leaf},
                   {"people", locked->people},
                   {"leaves", locked->leaves},
                   {"waiting", locked->waiting},
                   {"waiting_for_sources", locked->waiting_for_sources}});
  } else {
    console.Line("Đã chốt kỳ " + options.period + ": " + std::to_string(locked->people) + " phiếu, " +
                 std::to_string(locked->leaves) + " lá được nêu; chỉ mục kỳ là lá " + std::to_string(locked->leaf) +
                 ".");
    console.Line("Phiếu chốt khi còn chờ dữ liệu, không có tổng điểm và xếp loại: " + std::to_string(locked->waiting) +
                 ", trong đó chờ nguồn: " + std::to_string(locked->waiting_for_sources) + ".");
  }
  return ExitCode::kDone;
}

}  // namespace mc
