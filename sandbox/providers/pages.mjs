// The pages that a provider shows a browser: plain forms, no script.

const escape = (text) =>
  String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f4f5f7;color:#1b1f24}
main{max-width:24rem;margin:10vh auto;background:#fff;padding:2rem;border:1px solid #c9ced6;border-radius:8px}
h1{font-size:1.25rem;margin:0 0 1rem}label{display:block;margin:.75rem 0 .25rem}
input{font:inherit;width:100%;padding:.5rem;box-sizing:border-box;border:1px solid #6b7280;border-radius:4px}
button{font:inherit;margin-top:1.25rem;padding:.6rem 1rem;width:100%;border:0;border-radius:4px;background:#0b5394;color:#fff}
.error{color:#a4161a}small{color:#4b5563}`;

export const page = (title, body) => `<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title><style>${STYLE}</style></head>
<body><main><h1>${escape(title)}</h1>${body}</main></body></html>`;

// `hidden`: what the form carries along.
export function loginPage(provider, action, { hidden = {}, error = '' } = {}) {
  const carried = Object.entries(hidden)
    .map(([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`)
    .join('');
  return page(
    `Đăng nhập · ${provider}`,
    `<p><small>Nhà cung cấp định danh của thành phố mô phỏng. Mọi người ở đây đều là người tưởng tượng.</small></p>
${error ? `<p class="error" role="alert">${escape(error)}</p>` : ''}
<form method="post" action="${escape(action)}">${carried}
<label for="login">Tài khoản</label><input id="login" name="login" autocomplete="username" required autofocus>
<label for="password">Mật khẩu</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Đăng nhập</button></form>`,
  );
}

export const logoutPage = (form) =>
  page(
    'Đăng xuất khỏi nhà cung cấp định danh',
    `${form}<button type="submit" form="op.logoutForm" value="yes" name="logout">Đăng xuất</button>`,
  );

export const WRONG_PASSWORD = 'Tài khoản hoặc mật khẩu không đúng.';
