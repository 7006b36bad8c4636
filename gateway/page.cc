#include "gateway/page.h"

#include <algorithm>
#include <charconv>

#include "core/text.h"
#include "core/time.h"
#include "gateway/security_headers.h"
#include "sso/cookie.h"
#include "sso/form.h"

namespace mc {
namespace {

constexpr const char* kStyleSheet = R"(:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  color: #1b1f24; background: #f4f6f8; }
a { color: #0b4f8a; }
a:focus-visible, button:focus-visible { outline: 3px solid #b45309; outline-offset: 2px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; background: #fff; padding: .5rem 1rem; }
header { background: #0b3d6b; color: #fff; }
header > div, main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
header > div { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: baseline; }
header strong { font-size: 1.25rem; margin-right: auto; }
header a { color: #fff; }
main { background: #fff; margin-top: 1.5rem; margin-bottom: 1.5rem; padding: 1.5rem; border: 1px solid #d5dbe1;
  border-radius: .5rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
ul.choices { list-style: none; padding: 0; margin: 1.5rem 0 0; }
ul.choices li { margin: .75rem 0; }
.button, button { display: inline-block; font: inherit; font-weight: 600; color: #fff; background: #0b4f8a;
  border: 1px solid #0b4f8a; border-radius: .375rem; padding: .6rem 1.1rem; min-height: 2.75rem; cursor: pointer;
  text-decoration: none; }
.button:hover, button:hover { background: #0b3d6b; }
ul.choices .button { display: block; text-align: center; }
button.quiet { color: #0b4f8a; background: #fff; padding: .3rem .8rem; }
button.quiet:hover { background: #e8eff6; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.25rem; margin: 0; }
dt { color: #4a5560; }
dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid #d5dbe1; vertical-align: middle; }
th { color: #4a5560; font-weight: 600; }
caption { text-align: left; color: #4a5560; padding: .25rem 0; }
tbody th { font-weight: 400; color: inherit; overflow-wrap: anywhere; }
dl.result { margin: 1.25rem 0; padding: 1rem; background: #e8eff6; border-radius: .375rem; }
dl.result strong { font-size: 1.5rem; line-height: 1.2; }
ul.row { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; }
ul.plain { list-style: none; padding: 0; margin: 0; }
pre { overflow: auto; max-height: 32rem; padding: 1rem; background: #f4f6f8; border: 1px solid #d5dbe1;
  border-radius: .375rem; font-size: .875rem; line-height: 1.45; white-space: pre-wrap; overflow-wrap: anywhere; }
pre:focus-visible { outline: 3px solid #b45309; }
code { overflow-wrap: anywhere; }
time { white-space: nowrap; }
.small { color: #4a5560; font-size: .9375rem; }
form { margin: 0; }
.end { margin-top: 2rem; }
@media (max-width: 34rem) { main { margin-top: 0; border: 0; border-radius: 0; padding: 1rem; }
  dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; }
  table, tbody, tr, td, tbody th { display: block; } thead { position: absolute; left: -999rem; }
  caption { display: block; } tr { border-bottom: 1px solid #d5dbe1; padding: .5rem 0; }
  td, tbody th { border: 0; padding: .15rem 0; }
  td::before { content: attr(data-label) ": "; color: #4a5560; } }
)";

std::string HtmlAttribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + Escaped(value) + "\"";
}

Language OtherLanguage(Language language) { return language == Language::kVi ? Language::kEn : Language::kVi; }

std::optional<Language> LanguageFrom(std::string_view tag) {
  if (tag == "vi") return Language::kVi;
  if (tag == "en") return Language::kEn;
  return std::nullopt;
}

std::optional<Language> AskedLanguage(const RouteRequest& request) {
  const auto form = sso::ParseForm(request.query);
  const std::string* asked = form ? sso::ValueOf(*form, "lang") : nullptr;
  return asked ? LanguageFrom(*asked) : std::nullopt;
}

std::optional<Language> ChosenLanguage(const RouteRequest& request) {
  const auto cookies = request.headers.find("cookie");
  if (cookies == request.headers.end()) return std::nullopt;
  const auto chosen = sso::CookieNamed(cookies->second, kLanguageCookie);
  return chosen.ok() && *chosen ? LanguageFrom(**chosen) : std::nullopt;
}

// Of one entry "en-GB;q=0.8": thousandths; 0 for what cannot be read.
int LanguageWeight(std::string_view entry) {
  const auto at = entry.find(";q=");
  if (at == std::string_view::npos) return 1'000;
  std::string_view text = entry.substr(at + 3, 5);
  int whole = 0, weight = 0, scale = 100;
  if (text.empty() || (text[0] != '0' && text[0] != '1')) return 0;
  whole = (text[0] - '0') * 1'000;
  for (std::size_t i = 2; i < text.size() && IsAsciiDigit(text[i]) && scale > 0; ++i, scale /= 10) {
    weight += (text[i] - '0') * scale;
  }
  return std::min(whole + weight, 1'000);
}

Language PreferredLanguage(std::string_view accept) {
  int vi = 0, en = 0;
  for (std::size_t at = 0; at < accept.size();) {
    const std::size_t end = std::min(accept.find(',', at), accept.size());
    const std::string entry = ToLowerAscii(Trim(accept.substr(at, end - at)));
    const std::string tag = entry.substr(0, entry.find_first_of(";-"));
    if (tag == "vi") vi = std::max(vi, LanguageWeight(entry));
    if (tag == "en") en = std::max(en, LanguageWeight(entry));
    at = end + 1;
  }
  return en > vi ? Language::kEn : Language::kVi;
}

// The policy of every page, with more origins that a form may lead to.
std::string PolicyFor(const std::string& form_targets) {
  constexpr std::string_view kSelf = "form-action 'self'";
  std::string policy(kPagePolicy);
  return policy.insert(policy.find(kSelf) + kSelf.size(), " " + form_targets);
}

std::string PageHeader(const WebPage& page) {
  const Language language = page.language;
  std::string html = "<a class=\"skip\" href=\"#main\">" + std::string(Say(language, "skip")) + "</a>\n<header><div>";
  html += "<strong>" + std::string(Say(language, "product")) + "</strong>";
  if (!page.person.empty()) {
    html += "<span>" + std::string(Say(language, "signed_in_as")) + " " + Escaped(page.person) + "</span>";
  }
  if (!page.path.empty()) {
    const std::string tag(Tag(OtherLanguage(language)));
    const std::string mark = page.path.find('?') == std::string::npos ? "?" : "&";
    const std::string link = page.path.starts_with('#') ? page.path : page.path + mark + "lang=" + tag;
    html += "<a" + HtmlAttribute("href", link) + HtmlAttribute("lang", tag) + HtmlAttribute("hreflang", tag) + ">" +
            std::string(Say(language, "other_language")) + "</a>";
  }
  return html + "</div></header>\n";
}

}  // namespace

std::string Escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      case '\n': out += c; break;
      default: (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) ? out += "\xEF\xBF\xBD" : out += c;
    }
  }
  return out;
}

Language LanguageOf(const RouteRequest& request) {
  if (const auto asked = AskedLanguage(request)) return *asked;
  if (const auto chosen = ChosenLanguage(request)) return *chosen;
  const auto accept = request.headers.find("accept-language");
  return accept == request.headers.end() ? Language::kVi : PreferredLanguage(accept->second);
}

RouteAnswer PageAnswer(int status, const WebPage& page) {
  std::string html = "<!DOCTYPE html>\n<html" + HtmlAttribute("lang", Tag(page.language)) +
                     ">\n<head>\n<meta charset=\"utf-8\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
                     Escaped(page.title) + " · " + std::string(Say(page.language, "product")) +
                     "</title>\n<link rel=\"icon\" href=\"" + kIconPath + "\">\n<link rel=\"stylesheet\" href=\"" +
                     kStylePath + "\">\n</head>\n<body>\n" + PageHeader(page) + "<main id=\"main\">\n<h1>" +
                     Escaped(page.title) + "</h1>\n" + page.main + "</main>\n</body>\n</html>\n";
  RouteAnswer answer = HtmlAnswer(status, std::move(html));
  answer.headers = {{"Content-Language", std::string(Tag(page.language))}, {"Vary", "Accept-Language, Cookie"}};
  if (!page.form_targets.empty()) answer.headers.emplace_back("Content-Security-Policy", PolicyFor(page.form_targets));
  return answer;
}

RouteAnswer PageInBoth(const RouteRequest& request, int status, const std::function<WebPage(Language)>& said) {
  WebPage page = said(LanguageOf(request));
  const Language below = OtherLanguage(page.language);
  const WebPage other = said(below);
  page.path = "#other-language";
  page.main += "<section id=\"other-language\"" + HtmlAttribute("lang", Tag(below)) + ">\n<h2>" + Escaped(other.title) +
               "</h2>\n" + other.main + "</section>\n";
  return PageAnswer(status, page);
}

std::string PathOf(const RouteRequest& request) {
  std::string query;
  for (std::size_t at = 0; at < request.query.size();) {
    const std::size_t end = std::min(request.query.find('&', at), request.query.size());
    const std::string field = request.query.substr(at, end - at);
    if (!field.empty() && !field.starts_with("lang=")) query += (query.empty() ? "?" : "&") + field;
    at = end + 1;
  }
  return request.path + query;
}

RouteAnswer StyleAnswer() {
  return {200, "text/css; charset=utf-8", kStyleSheet, {{"Cache-Control", "public, max-age=300"}}};
}

RouteAnswer IconAnswer() {
  return {200,
          "image/svg+xml",
          "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\"><rect width=\"32\" height=\"32\" rx=\"6\" "
          "fill=\"#0b3d6b\"/><path d=\"M8 17l6 6 10-13\" fill=\"none\" stroke=\"#fff\" stroke-width=\"4\"/></svg>\n",
          {{"Cache-Control", "public, max-age=86400"}}};
}

void KeepLanguage(const RouteRequest& request, RouteAnswer& answer) {
  const auto asked = AskedLanguage(request);
  if (!asked) return;
  answer.headers.emplace_back("Set-Cookie", std::string(kLanguageCookie) + "=" + std::string(Tag(*asked)) +
                                                "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=31536000");
}

std::string TimeHtml(Instant at) {
  return "<time" + HtmlAttribute("datetime", FormatInstant(at)) + ">" + FormatCity(Moment{at, false}) + "</time>";
}

}  // namespace mc
