// What people read on the terminal: results on stdout, errors and progress on stderr.
//
// Progress is shown only where stderr is a terminal, so a pipe or a log stays quiet.
// Out/Print are for one thread; Progress and Note may be called from any thread.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/result.h"

namespace mc {

class Console {
 public:
  explicit Console(bool json) : json_(json) {}
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;
  ~Console() { EndProgress(); }

  bool json() const { return json_; }

  void Line(const std::string& text = "");  // stdout
  void Print(const Json& value);            // stdout, indented
  void Note(const std::string& text);       // stderr: what a person must know beside the result
  void PrintError(const Error& error);      // stderr: "Lỗi: ..." with code and message
  void Progress(const std::string& text);   // stderr, overwrites itself; terminals only
  void EndProgress();

 private:
  const bool json_;
  std::mutex mutex_;
  bool progress_shown_ = false;
};

// Rows as columns, padded by characters as people see them (Vietnamese letters count one).
std::string FormatTable(const std::vector<std::vector<std::string>>& rows);

// The Vietnamese sentence for an error's class; the code and English message follow it.
std::string ErrorText(const Error& error);

}  // namespace mc
