#include "gateway/signals.h"

#include <signal.h>
#include <unistd.h>

#include <utility>

namespace mc {
namespace {

constexpr long kPollNanos = 200'000'000;
constexpr int kShellSignalBase = 128;

sigset_t EndingSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

}  // namespace

SignalWatch::SignalWatch(std::function<void()> stop) : stop_(std::move(stop)) {
  const sigset_t signals = EndingSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  thread_ = std::thread([this] { Watch(); });
}

SignalWatch::~SignalWatch() {
  ended_ = true;
  thread_.join();
  const sigset_t signals = EndingSignals();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

void SignalWatch::Watch() {
  const sigset_t signals = EndingSignals();
  const timespec poll{0, kPollNanos};
  bool asked = false;
  while (!ended_) {
    const int signal = sigtimedwait(&signals, nullptr, &poll);
    // No destructor, no flush: a page is either committed or never was, whenever this comes.
    if (signal > 0 && asked) _exit(kShellSignalBase + signal);
    asked = asked || signal > 0;
    if (asked) stop_();
  }
}

}  // namespace mc
