//! Text that looks like JSON, but is not.

use super::{none, one};

#[test]
fn what_only_looks_like_json() {
    for text in [
        "Call /v1/hooks/{id}/events[1] and [read](https://example.com) {} [] [1, 2] [\"a\"] [x][y].",
        "Match ^[a-z]{2,3}[^\"]*$ and {a}, {a: b}.",
        "- [ ] a task\n- [x] done\n",
        "a { color: red; margin: 0 }\n.b\n{\n  font-family: \"x\";\n}\n",
        "fetch(url, {\n  method: 'POST',\n  headers: {\"Content-Type\": \"application/json\"},\n  body: data\n})\n",
        "const x = { a: 'b', c: [1] };\nfunction f() { return { x: 1 } }\n",
        "interface Event {\n  id: string;\n  \"kind\": number;\n}\n",
        "payload = {'a': True, 'b': None}\n",
        "if (x) {\n  return y[0];\n}\n",
    ] {
        none("page.mdx", text);
        none("page.txt", text);
    }
    none("page.md", "```python\nheaders = {\"a\": \"b\"}\nrequests.post(url, json={\n  \"a\": True\n})\n```\n");
    none("page.md", "```\nheaders = {\"a\": token}\npost(url, json={\"b\": user_id})\n```\n");
    none("page.md", "```js\nconst a = {\"b\": 1};\n```\n");
    none("page.html", "<p>{{ user.name }} {% if x %} [1] </p><script>x = {\"a\": 1}</script>");
}

#[test]
fn json_in_a_command() {
    let text = "```bash\ncurl -X POST ${URL} -H 'A: b' -d '{\n  \"a\": 1\n}'\n```\n";
    assert_eq!(one("page.md", text).json.to_string(), r#"{"a":1}"#);
}
