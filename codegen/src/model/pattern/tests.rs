use webhook_runtime::__private::{Automaton, Pattern};

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
        (r"\p{Cs}|\p{gc=Surrogate}", "a\u{10FFFF}", false),
        (r"^[^\p{Cc}\p{Cs}]\P{Cs}$", "a\u{10FFFF}", true),
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
fn what_needs_backtracking_is_rejected() {
    for source in [r"(?=a)b", r"(?!a)b", r"(?<=a)b", r"(?<!a)b", r"(a)\1", r"(?<n>a)\k<n>"] {
        let rejected = translate(source, false).unwrap_err();
        assert!(rejected.needs_backtracking && rejected.message.contains("backtracking"), "{source}");
    }
    for source in [r"(", r"a)", r"[a", r"\", r"\p{Nonsense}", r"\q", r"a{3,2}", r"*a"] {
        assert!(!translate(source, true).unwrap_err().needs_backtracking, "{source}");
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
        // A group that did not participate matches the empty string, and what follows a number is not part of it.
        (r"^(a)?b\1$", "b", true),
        (r"^(a)(b)\2[1]$", "abb1", true),
        // `$` matches only at the end, not before a final line feed. Classes are as in ECMA-262.
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

#[test]
fn backtracking_is_offered_only_where_it_helps() {
    let cases = [
        ("(?i)abc", "`(?i`"),
        ("(?=x)(?i)abc", "`(?i`"),
        (r"\Aabc", "is `^`"),
        (r"(?=x)abc\z", "is `$`"),
        ("(?>a+)b", "`(?>a+`"),
        ("(?P<year>a)", "`(?P<year>a`"),
        (r"(?=x)a**", "repeats a repetition"),
        ("(?=x)[b-a]", "from `b` to `a`"),
        (r"(?=x)\p{Nonsense}", r"\p{Nonsense}"),
        (r"^\p{IsGreek}+$", r"\p{IsGreek}"),
        ("^[[:alpha:]]+$", "[:alpha:]"),
        ("^[^_[:space:]]+$", "[:space:]"),
    ];
    for (source, expected) in cases {
        let rejected = translate(source, false).unwrap_err();
        assert!(!rejected.needs_backtracking && rejected.message.contains(expected), "{source}: {rejected:?}");
    }
}

/// A program that decides with another engine whether expressions match texts. It prints `null` for an expression with
/// a syntax error.
const JUDGE: &str = r#"
const [sources, texts] = JSON.parse(require("fs").readFileSync(0, "utf8"));
const regexp = (source) => {
  // ECMA-262 allows a hyphen next to a set, as in [\w-.], only without the flag.
  for (const flags of ["u", ""]) {
    try {
      return new RegExp(source, flags);
    } catch {}
  }
  return null;
};
const verdicts = sources.map((source) => {
  const parsed = regexp(source);
  return parsed && [parsed.unicode, texts.map((text) => parsed.test(text))];
});
console.log(JSON.stringify(verdicts));
"#;

/// For each expression, whether it was read with the flag, and whether it matches each text. `None` for a syntax error.
type Verdicts = Vec<Option<(bool, Vec<bool>)>>;

/// Returns the verdicts of the `RegExp` of Node.js, or `None` if Node.js is not installed.
fn judge(sources: &[String], texts: &[String]) -> Option<Verdicts> {
    use std::process::{Command, Stdio};
    let started = Command::new("node").args(["-e", JUDGE]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut node) = started else {
        // Write to stderr directly, because libtest captures the output of `eprintln!`.
        let _ = std::io::Write::write_all(&mut std::io::stderr(), b"skipped: Node.js is not installed\n");
        return None;
    };
    let input = serde_json::to_vec(&(sources, texts)).unwrap();
    std::io::Write::write_all(&mut node.stdin.take().unwrap(), &input).unwrap();
    let output = node.wait_with_output().unwrap();
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// Pieces of classes, including set operations of other regex dialects.
const PIECES: [&str; 40] = [
    "a", "b", "z", "A", "Z", "0", "9", "-", "--", "&&", "~~", "[", "^", "+", "*", ".", "_", "~", "`", "@", " ", "é",
    "😀", r"\w", r"\W", r"\d", r"\D", r"\s", r"\S", r"\-", r"\]", r"\\", r"\b", r"\n", r"\x41", r"\u{1F600}",
    r"\ud83d\ude00", r"\ud800", r"\uDFFF", r"\p{sc=Thai}",
];

#[test]
fn classes_mean_what_another_engine_says() {
    let mut random = fastrand::Rng::with_seed(24);
    let mut sources: Vec<String> = [
        r"^[+--.]$", r"^[a-z--b]$", r"^[\w-_.]+$", r"^[\w-~]$", r"^[\w-.]+$", r"^[\d-\w]$", r"^[a-\d]$", r"^[--\d]$",
        r"^[&&&]$", r"^[a&&b]$", r"^[a~~b]$", r"^[[:alpha:]]$", r"^[[a]]$", r"^[^-]$", r"^[^^]$", r"^[-]$", r"^[---]$",
        r"^[a-c-e]$", r"^[\w-]$", r"^[-\w]$", r"^[^\w-.]$", r"^[\x41-\x43]$", r"^[\u0041-\u{43}]$",
        r"^[^\ud800-\udfff]$", r"^\ud800$", r"^\ud83d\ude00$", r"^\u{d83d}\u{de00}$", r"^[\ud800-\uffff]$", r"^\x+4$",
        r"^\u{+41}$", r"^\p{L$", r"^\u{41$", r"^(?<a)$", r"^(?<1>a)$", r"^a**$", r"^a{2}{3}$", r"^^*a$", r"^\b+a$",
        r"^a+?$", r"^[\cA-\cZ]$", r"^[\0-\x1f]$", r"^\P{L}$", r"^\p{Script=Greek}$", r"^[\P{Lu}\d]$",
    ]
    .iter()
    .chain(&[
        r"^[\ud800-\udbff][\udc00-\udfff]$",
        r"^[\ud83d\ude00-\ud83d\ude02]$",
        r"^[\ud800\udc00-\udbff\udfff]$",
        r"^(?:[\ud800-\udbff][\udc00-\udfff]|a)$",
        r"^[^\0-\ud7ff\ue000-\uffff]$",
    ])
    .map(ToString::to_string)
    .collect();
    while sources.len() < 200 {
        let items: String = (0..random.usize(1..7)).map(|_| PIECES[random.usize(..PIECES.len())]).collect();
        let negated = if random.u8(..5) == 0 { "^" } else { "" };
        let repeated = if random.bool() { "+" } else { "" };
        sources.push(format!("^[{negated}{items}]{repeated}$"));
    }
    let mut texts: Vec<String> = ('\0'..='\u{7F}')
        .chain("éλΑ😀😁\u{2003}\u{d7ff}\u{e000}\u{ffff}\u{10ffff}".chars())
        .map(String::from)
        .collect();
    texts.extend(["a-b", "a_b.c", "--", "&&", "~~", "[]", "", "a\n"].map(str::to_owned));
    let Some(verdicts) = judge(&sources, &texts) else { return };
    let (mut compared, mut rejected) = (0, 0);
    for (source, verdict) in sources.iter().zip(verdicts) {
        let ours = translate(source, true);
        let Some((unicode, expected)) = verdict else {
            // A hyphen next to a set is read as Annex B defines it, also next to escapes that need the flag.
            if !["\\w", "\\d", "\\s", "\\p"].iter().any(|set| source.to_lowercase().contains(set)) {
                rejected += 1;
                assert!(ours.is_err(), "{source} is a syntax error, and was translated");
            }
            continue;
        };
        // Without the flag, an escaped pair of surrogates in a class is two characters, which never occur in UTF-8.
        if !unicode && (!source.is_ascii() || source.contains(r"\u") || source.contains(r"\p")) {
            continue;
        }
        let Ok(ours) = ours else {
            assert!(!unicode, "{source} was not translated");
            continue;
        };
        compared += 1;
        for (text, expected) in texts.iter().zip(expected) {
            // Without the flag, a character beyond U+FFFF is two characters.
            if unicode || text.chars().all(|c| c <= '\u{FFFF}') {
                assert_eq!(ours.pattern(source).decide(text), Some(expected), "{source} on {text:?}");
            }
        }
    }
    assert!(compared > 90 && rejected > 5, "{compared} compared, {rejected} rejected");
}

/// Generates texts that resemble matches of the expressions, and their prefixes.
fn texts(random: &mut fastrand::Rng) -> Vec<String> {
    const PIECES: [&str; 24] = [
        "", "a", "b", "z", "A", "0", "7", "9", "_", "-", ".", "/", " ", "\n", "é", "ß", "λ", "中", "😀", "\u{2028}",
        "ab", "12", "::", "foo",
    ];
    (0..20).map(|_| (0..random.usize(..8)).map(|_| PIECES[random.usize(..PIECES.len())]).collect()).collect()
}

/// Generates a random expression.
fn expression(random: &mut fastrand::Rng, depth: usize) -> String {
    const ATOMS: [&str; 22] = [
        "a", "b", "0", "é", "😀", ".", r"\d", r"\w", r"\s", r"\S", r"\D", r"\W", "[a-z]", "[^a-z]", "[0-9_-]",
        r"[\w.+-]", r"\p{L}", "-", "foo", r"\.", "[^]", "[]",
    ];
    const REPEATS: [&str; 9] = ["*", "+", "?", "{2}", "{0,3}", "{1,}", "{1,12}", "+?", "{0}"];
    let mut text = String::new();
    for _ in 0..random.usize(1..4) {
        match random.usize(..10) {
            0 if depth > 0 => text += &format!("({})", expression(random, depth - 1)),
            1 if depth > 0 => {
                text += &format!("(?:{}|{})", expression(random, depth - 1), expression(random, depth - 1))
            }
            2 => text += ["^", "$", r"\b", r"\B"][random.usize(..4)],
            _ => {
                text += ATOMS[random.usize(..ATOMS.len())];
                if random.bool() {
                    text += REPEATS[random.usize(..REPEATS.len())];
                }
            }
        }
    }
    match random.usize(..4) {
        0 => format!("^{text}$"),
        1 => format!("^(?:{text})$"),
        _ => text,
    }
}

/// Evaluates the compiled form of an expression as the runtime does.
fn decide(compiled: &Compiled, text: &str) -> Option<bool> {
    match compiled {
        Compiled::Repeated { ranges, least, most } => Pattern::repeated("", ranges, *least, *most).decide(text),
        Compiled::Automaton(table) => {
            let automaton = Automaton::new(&table.runs, &table.transitions, table.start, table.accepting);
            Pattern::automaton("", automaton).decide(text)
        }
    }
}

#[test]
fn tables_decide_as_the_engine_does() {
    let mut random = fastrand::Rng::with_seed(26);
    let mut counts = [0; 3];
    for _ in 0..300 {
        let source = expression(&mut random, 2);
        let translated = translate(&source, false).unwrap();
        let engine = translated.pattern(&source);
        counts[match translated.compiled() {
            Some(Compiled::Automaton(_)) => 0,
            Some(Compiled::Repeated { .. }) => 1,
            None => 2,
        }] += 1;
        let Some(compiled) = translated.compiled() else { continue };
        for text in texts(&mut random) {
            assert_eq!(decide(compiled, &text), engine.decide(&text), "{source} on {text:?}: {compiled:?}");
        }
    }
    // Most compiled forms are automata, and each form occurs.
    assert!(counts[0] > 200 && counts[1] > 0 && counts[2] > 0, "{counts:?}");
}

#[test]
fn large_automata_are_left_to_the_engine() {
    for source in
        [r"^(?:[a-z]{1,20}|[0-9a-f]{3,400}x){1,40}$", r"(?:a|b)*a(?:a|b){14}", r"^\p{L}{3}(?:\p{Lu}|\p{Nd}-){30}$"]
    {
        assert_eq!(translate(source, false).unwrap().compiled(), None, "{source}");
    }
    let counted = translate("^[a-zé]{2,5000}$", false).unwrap();
    let expected = Compiled::Repeated { ranges: vec![('a', 'z'), ('é', 'é')], least: 2, most: 5000 };
    assert_eq!(counted.compiled(), Some(&expected));
}
