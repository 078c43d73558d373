use super::*;

fn matches(source: &str, text: &str) -> bool {
    translate(source, false).unwrap().pattern(source).decide(text).unwrap()
}

#[test]
fn expressions_mean_what_ecma_262_says() {
    let cases = [
        (r"^\d+$", "123", true),
        (r"^\d+$", "१२३", false),
        (r"^\w$", "é", false),
        (r"^\s$", "\u{feff}", true),
        (r"^\S$", "\u{2003}", false),
        (r"^.$", "\u{2028}", false),
        (r"^.$", "😀", true),
        (r"^abc$", "abc\n", false),
        (r"^\cA$", "\u{1}", true),
        (r"^\cJ$", "\n", true),
        (r"^[^]$", "x", true),
        (r"[]", "x", false),
        (r"^[\]\-a]+$", "]-a", true),
        (r"^[a-z-]+$", "a-z", true),
        (r"^[[&&]+$", "[&", true),
        (r"^a{2,3}$", "aaaa", false),
        (r"^{x}$", "{x}", true),
        (r"^[\p{L}\p{Nd}_-]{1,255}$", "école_1-a", true),
        (r"\p{Letter}cole", "école", true),
        (r"^\p{Script=Greek}+$", "αβγ", true),
        (r"^\P{L}$", "1", true),
        (r"^🐲*$", "🐲🐲", true),
        (r"^\uD83D\uDE00$", "😀", true),
        (r"^\u{1F600}$", "😀", true),
        (r"^\/api\/v1$", "/api/v1", true),
        (r"\bfoo\b", "a foo b", true),
        (r"^(?<year>\d{4})$", "2024", true),
        (r"^[\w.+-]+@[\w-]+$", "a.b@c-d", true),
        (r"^[\D]$", "x", true),
        (r"^$", "", true),
        (r"^a|b$", "xb", true),
        ("", "anything", true),
    ];
    for (source, text, expected) in cases {
        assert_eq!(matches(source, text), expected, "{source} on {text:?}");
    }
}

#[test]
fn what_needs_backtracking_is_refused() {
    for source in [r"(?=a)b", r"(?!a)b", r"(?<=a)b", r"(?<!a)b", r"(a)\1", r"(?<n>a)\k<n>"] {
        assert!(translate(source, false).unwrap_err().contains("backtracking"), "{source}");
    }
    for source in [r"(", r"a)", r"[a", r"\", r"\p{Nonsense}", r"\q", r"a{3,2}", r"*a"] {
        assert!(translate(source, true).is_err(), "{source}");
    }
}

#[test]
fn time_is_linear() {
    let expression = translate("^(a+)+$", true).unwrap();
    assert_eq!(expression.pattern("^(a+)+$").decide(&format!("{}b", "a".repeat(100_000))), Some(false));
}

#[test]
fn what_needs_backtracking_means_what_ecma_262_says() {
    let cases = [
        (r"^(?=.*\d)(?=.*[a-z]).{4,}$", "ab1c", true),
        (r"^(?=.*\d)(?=.*[a-z]).{4,}$", "abcd", false),
        (r"^(?!admin$)\w+$", "admin", false),
        (r"^(?!admin$)\w+$", "admins", true),
        (r"(?<=\$)\d+", "costs $5", true),
        (r"(?<!\$)\b\d+", "costs $5", false),
        (r"(?<=a+b)c", "aaabc", true),
        (r"^(['\x22]).*\1$", "'a'", true),
        (r"^(['\x22]).*\1$", "'a\"", false),
        (r"^(?<q>['\x22])\w*\k<q>$", "'a'", true),
        // A group that took no part matches nothing, and what follows a number is not part of it.
        (r"^(a)?b\1$", "b", true),
        (r"^(a)(b)\2[1]$", "abb1", true),
        // The end is the end, a line feed or not; classes are those of ECMA-262.
        (r"^(?!x)abc$", "abc\n", false),
        (r"^(?=\d)\d$", "१", false),
        (r"^(?=.)\bfoo\b$", "foo", true),
        (r"^(?!x)\B.", "é", true),
        (r"(?!a)[]", "b", false),
        (r"^(?!a)[^]$", "\n", true),
    ];
    for (source, text, expected) in cases {
        let decided = translate(source, true).unwrap().pattern(source).decide(text);
        assert_eq!(decided, Some(expected), "{source} on {text:?}");
    }
}

#[test]
fn too_many_steps_decide_nothing() {
    let source = r"^(a|b|ab)*(?!x)c";
    let expression = translate(source, true).unwrap();
    assert_eq!(expression.pattern(source).decide("ababc"), Some(true));
    assert_eq!(expression.pattern(source).decide(&"ab".repeat(1_000)), None);
}
