// SIGTERM and SIGINT as calls instead of interruptions.
//
// The first signal asks for a graceful end; the second one ends the process at once, with
// the exit code that a shell gives for it (128 + signal).
#pragma once

#include <atomic>
#include <functional>
#include <thread>

namespace mc {

class SignalWatch {
 public:
  // Blocks both signals in this thread and in every thread that it starts later.
  // REQUIRES: made in the main thread, before others start. `stop` is called from a thread
  // of the watch after the first signal, again and again (about 5 times a second) until the
  // watch ends: what is asked to stop may not have started yet.
  explicit SignalWatch(std::function<void()> stop);
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

 private:
  void Watch();

  std::function<void()> stop_;
  std::atomic<bool> ended_{false};
  std::thread thread_;
};

}  // namespace mc
