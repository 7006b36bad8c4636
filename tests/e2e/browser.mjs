import { mustStaySecret } from "./logs.mjs";

// What an address carries that nobody else may have.
export function tellSecretsIn(url) {
  for (const name of ["code", "state", "nonce", "id_token_hint", "code_challenge", "session_state"]) {
    mustStaySecret(name, new URL(url).searchParams.get(name));
  }
}

// Hidden ones, where they are not names or addresses.
export const tellSecretFields = (...values) => mustStaySecret("field of a form", ...values.filter((v) => /^[\w-]{20,}$/.test(v)));

// A browser made of fetch: cookies by host as the server sets them, redirects followed one by one, forms sent as they
// stand on the page. Ports do not part cookies, as in real ones.
export class Browser {
  cookies = new Map(); // name -> value, of localhost
  headers = {};
  trail = []; // [status, address] of every answer

  async go(url, init = {}) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { Accept: "text/html", ...this.headers, ...init.headers, ...(cookie && { Cookie: cookie }) };
    const answer = await fetch(url, { redirect: "manual", ...init, headers });
    this.trail.push([answer.status, url]);
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(";")[0].split(/=(.*)/s);
      if (/Max-Age=0|Expires=Thu, 01 Jan 1970/i.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
      mustStaySecret("cookie", value);
    }
    tellSecretsIn(new URL(answer.headers.get("location") ?? "", url));
    return answer;
  }

  // To the first answer that leads nowhere else: { url, status, headers, text }.
  async open(url, init) {
    for (let hops = 0; hops < 12; hops++) {
      const answer = await this.go(url, init);
      const to = answer.headers.get("location");
      if (!to) return { url, status: answer.status, headers: answer.headers, text: await answer.text() };
      url = new URL(to, url).href;
      init = undefined;
    }
    throw new Error(`too many redirects, the last to ${new URL(url).pathname}`);
  }

  // Sends the form of a page whose action contains `action`, with `values` filled in.
  submit(page, values = {}, action = "") {
    const unescape = (text) => text.replace(/&#(\d+);/g, (_, n) => String.fromCharCode(n)).replace(/&amp;/g, "&").replace(/&quot;/g, '"');
    const forms = [...page.text.matchAll(/<form[^>]*?action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)];
    const [, to, inner] = forms.find(([, a]) => a.includes(action)) ?? [];
    if (!to) throw new Error(`no form to ${action} on ${page.url}`);
    const body = new URLSearchParams();
    for (const [field] of inner.matchAll(/<input[^>]*>/g)) {
      const name = /name="([^"]*)"/.exec(field)?.[1];
      if (name) body.set(name, unescape(/value="([^"]*)"/.exec(field)?.[1] ?? ""));
      if (/type="hidden"/.test(field)) tellSecretFields(body.get(name));
    }
    for (const [name, value] of Object.entries(values)) body.set(name, value);
    const url = new URL(unescape(to), page.url);
    return this.open(url.href, { method: "POST", body, headers: { Origin: new URL(page.url).origin } });
  }
}
