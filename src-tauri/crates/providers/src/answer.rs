//! What the browser shows after a sign-in. Static pages: nothing of a request is ever repeated in them.

use crate::request::{Answer, Refusal};

const CONTINUE: &str = "<h1>サインインの応答を受け取りました</h1>\
<p>結果は Uncouple に表示されます。このタブは閉じてかまいません。</p>\
<h1 lang=\"en\">The sign-in answer has arrived</h1>\
<p lang=\"en\">Uncouple shows the result. You can close this tab.</p>";

const NOT_SIGNED_IN: &str = "<h1>サインインは行われませんでした</h1>\
<p>何も保存していません。Uncouple に戻ると、理由を確認してやり直せます。このタブは閉じてかまいません。</p>\
<h1 lang=\"en\">You were not signed in</h1>\
<p lang=\"en\">Nothing was stored. Uncouple says why and lets you try again. You can close this tab.</p>";

const REFUSED: &str = "<h1>このページからは何もできません</h1>\
<p>Uncouple が待っているサインインの応答ではありませんでした。Uncouple に戻って、もう一度お試しください。</p>\
<h1 lang=\"en\">There is nothing to do here</h1>\
<p lang=\"en\">This was not the sign-in answer that Uncouple waits for. Please go back to Uncouple and try again.</p>";

/// The whole response to a judged request.
pub(crate) fn page(verdict: &Result<Answer, Refusal>) -> Vec<u8> {
    let (status, text) = match verdict {
        Ok(Answer::Code(_)) => ("200 OK", CONTINUE),
        Ok(Answer::Error { .. } | Answer::WrongIssuer) => ("200 OK", NOT_SIGNED_IN),
        Err(Refusal::Bad) => ("400 Bad Request", REFUSED),
        Err(Refusal::NotFound) => ("404 Not Found", REFUSED),
        Err(Refusal::Method) => ("405 Method Not Allowed\r\nAllow: GET", REFUSED),
        Err(Refusal::Body) => ("413 Content Too Large", REFUSED),
        Err(Refusal::Head) => ("431 Request Header Fields Too Large", REFUSED),
    };
    let body = format!(
        "<!doctype html><html lang=\"ja\"><head><meta charset=\"utf-8\"><title>Uncouple</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">\
         <style>body{{font:1rem/1.7 system-ui,sans-serif;max-width:36rem;margin:15vh auto;padding:0 1rem}}\
         h1{{font-size:1.25rem;margin-top:2.5rem}}</style></head><body><main>{text}</main></body></html>"
    );
    // `no-referrer` and `no-store` keep the code in this page's address from going any further
    // (RFC 9700 section 4.2.4). The style is the page's own and static.
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
