// Pages for people: plain HTML made here, without script and without style of its own (one sheet, kStylePath), for
// Vietnamese first and English beside it. Whatever a page takes from anybody goes through Escaped. Pure; any thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/time.h"
#include "gateway/page_texts.h"
#include "gateway/route.h"

namespace mc {

inline constexpr const char* kStylePath = "/style.css";
inline constexpr const char* kIconPath = "/icon.svg";
inline constexpr const char* kLanguageCookie = "__Host-minhchung-lang";  // what ?lang= chose

// &, <, >, " and ' as character references; control characters but line ends as U+FFFD.
std::string Escaped(std::string_view text);

// ?lang=vi|en, else what was chosen before, else the better one of Accept-Language (RFC 9110 section 12.5.4), else
// Vietnamese.
Language LanguageOf(const RouteRequest& request);

struct WebPage {
  Language language = Language::kVi;
  std::string title = {};         // as text
  std::string main = {};          // as HTML
  std::string path = {};          // of ours or "#id", for the link to the other language; empty: none
  std::string person = {};        // who is signed in, as text; empty: nobody
  std::string form_targets = {};  // origins of others that a form may lead to, separated by spaces; for CSP
};
// The server adds what every page has (gateway/security_headers.h).
RouteAnswer PageAnswer(int status, const WebPage& page);

// For what cannot be asked again in another language (a form that was sent, an address that is good once): the page in
// the language of the request and, below, in the other one; the link leads down. `said` makes title and main.
RouteAnswer PageInBoth(const RouteRequest& request, int status, const std::function<WebPage(Language)>& said);

// The address that was asked for, without its lang=: WebPage::path of what may be asked again.
std::string PathOf(const RouteRequest& request);

RouteAnswer StyleAnswer();  // of kStylePath
RouteAnswer IconAnswer();   // of kIconPath

// Remembers ?lang=, where the request has one.
void KeepLanguage(const RouteRequest& request, RouteAnswer& answer);

// "30/06/2026 08:15" in city time, inside <time>.
std::string TimeHtml(Instant at);

}  // namespace mc
