#include <algorithm>
#include <cmath>

#include "tests/bench/bench.h"

namespace mc::bench {
namespace {

bool Holds(const Ratio& ratio) { return ratio.target == 0 || Median(ratio.samples) >= ratio.target; }

void PrintRatio(const Ratio& ratio) {
  std::printf("  %-62s %7.2f  (%.2f .. %.2f)", ratio.name.c_str(), Median(ratio.samples), Lowest(ratio.samples),
              Highest(ratio.samples));
  if (ratio.target > 0) std::printf("  target >= %.1f  %s", ratio.target, Holds(ratio) ? "holds" : "MISSED");
  std::printf("\n");
}

}  // namespace

double Median(Samples samples) {
  if (samples.empty()) return 0;
  std::sort(samples.begin(), samples.end());
  const std::size_t middle = samples.size() / 2;
  return samples.size() % 2 != 0 ? samples[middle] : (samples[middle - 1] + samples[middle]) / 2;
}

double Percentile(Samples samples, double share) {
  if (samples.empty()) return 0;
  std::sort(samples.begin(), samples.end());
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(samples.size())));
  return samples[std::clamp<std::size_t>(rank, 1, samples.size()) - 1];
}

double Lowest(const Samples& samples) {
  return samples.empty() ? 0 : *std::min_element(samples.begin(), samples.end());
}
double Highest(const Samples& samples) {
  return samples.empty() ? 0 : *std::max_element(samples.begin(), samples.end());
}

Samples Over(const Samples& above, const Samples& below) {
  Samples out;
  for (std::size_t i = 0; i < std::min(above.size(), below.size()); ++i) out.push_back(above[i] / below[i]);
  return out;
}

bool Report::Print() const {
  bool held = true;
  std::printf("\nratios: median (lowest .. highest round)\n");
  for (const Ratio& ratio : ratios_) {
    PrintRatio(ratio);
    held = held && Holds(ratio);
  }
  for (const auto& [what, kept] : promises_) {
    std::printf("  %s  %s\n", what.c_str(), kept ? "holds" : "MISSED");
    held = held && kept;
  }
  std::printf("\nabsolute figures, for information: median (lowest .. highest round)\n");
  for (const Figure& figure : figures_) {
    std::printf("  %-62s %12.3f  (%.3f .. %.3f) %s\n", figure.name.c_str(), Median(figure.samples),
                Lowest(figure.samples), Highest(figure.samples), figure.unit.c_str());
  }
  std::printf("\n");
  for (const std::string& note : notes_) std::printf("  %s\n", note.c_str());
  return held;
}

}  // namespace mc::bench
