// Checks the catalogue in a browser, and takes screenshots of it.
//
//   node check.js [SITE] [SCREENSHOTS]
//
// SITE is the folder that `cargo xtask docs` wrote, by default target/catalogue. CHROMIUM is the browser, by default
// /usr/bin/chromium. The exit code is 1 if anything is wrong; everything that is wrong is listed.
import { mkdir, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const here = fileURLToPath(new URL(".", import.meta.url));
const site = resolve(process.argv[2] ?? join(here, "../../target/catalogue"));
const pictures = resolve(process.argv[3] ?? join(here, "screenshots"));
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const failures = [];
const expect = (what, holds, details = "") => {
  if (!holds) failures.push(details ? `${what}: ${details}` : what);
};

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
const WIDTHS = { wide: { width: 1400, height: 900 }, narrow: { width: 390, height: 840 } };

const address = (path) => pathToFileURL(join(site, path)).href;

// Every page of the site, by its path.
const pages = (await readdir(site, { recursive: true })).filter((path) => path.endsWith(".html")).sort();
const provider = pages.find((path) => path.endsWith("/index.html"));
// The page with the most members has the most of everything.
const sizes = await Promise.all(pages.map(async (path) => [(await readFile(join(site, path), "utf8")).split('id="member-').length, path]));
const event = sizes.sort((a, b) => b[0] - a[0] || (a[1] < b[1] ? -1 : 1))[0][1];

const nameOf = (path) => path.split("/").pop().replace(".html", "");
const named = pages.find((path) => path.includes("/") && path !== provider
  && pages.filter((other) => nameOf(other).includes(nameOf(path))).length === 1);

// Without the preload, which reads style sheets as a page of a folder cannot.
const violations = async (page) => {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"], preload: false }));
  return found.violations.map(({ id, nodes }) => `${id} (${nodes.length}): ${nodes[0].html.slice(0, 160)} ${nodes[0].failureSummary}`);
};

// Whether the page itself scrolls sideways.
const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const headings = (page) => page.$$eval("h1, h2, h3", (all) => all.map((one) => Number(one.tagName[1])));

const checkPage = async (page, path, label) => {
  await page.goto(address(path));
  const found = await violations(page);
  expect(`${label} ${path}: accessibility`, found.length === 0, found.join("\n    "));
  expect(`${label} ${path}: scrolls sideways`, (await overflow(page)) <= 0);
  const levels = await headings(page);
  expect(`${label} ${path}: one h1`, levels.filter((level) => level === 1).length === 1);
  for (const selector of ["header", "main", "footer", "form[role=search]"]) {
    expect(`${label} ${path}: one ${selector}`, (await page.locator(selector).count()) === 1);
  }
};

const checkSearch = async (page) => {
  await page.goto(address(event));
  // A member of a member: no event has such a name.
  const name = await page.locator(".members a.member:has(.parent)").last().textContent();
  await page.keyboard.press("/");
  expect("/ focuses the search", await page.locator("#search").evaluate((one) => one === document.activeElement));
  await page.keyboard.type(name.toUpperCase());
  const status = page.locator("#search-status");
  await status.filter({ hasText: /\d+ result/ }).waitFor({ timeout: 5000 });
  const first = page.locator("#search-results a").first();
  const path = await first.locator(".path").textContent();
  expect("the best result has the path", path.toLowerCase() === name.toLowerCase(), `${path} for ${name}`);
  const found = await violations(page);
  expect("accessibility of the results", found.length === 0, found.join("\n    "));
  await page.keyboard.press("ArrowDown");
  expect("the arrow key goes to the first result", await first.evaluate((one) => one === document.activeElement));
  await page.keyboard.press("ArrowUp");
  expect("and back", await page.locator("#search").evaluate((one) => one === document.activeElement));
  await page.keyboard.press("ArrowDown");
  const target = await first.getAttribute("href");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.href.endsWith(target.split("../").pop()));
  expect("the results are closed", !(await page.locator("#results").isVisible()));
  const row = page.locator("tr:target");
  if ((await row.count()) === 1) {
    const [box, header] = [await row.boundingBox(), await page.locator("header.site").boundingBox()];
    expect("the member is not behind the header", box.y >= header.height - 1, `${box.y} < ${header.height}`);
  } else {
    expect("a result leads to its member", false, target);
  }

  await page.goto(address("index.html"));
  await page.fill("#search", "no such member anywhere");
  await status.filter({ hasText: "No results" }).waitFor({ timeout: 5000 });
  await page.keyboard.press("Escape");
  expect("Escape closes the results", !(await page.locator("#results").isVisible()));

  // A short word begins a word: `ip` is not in `description`.
  await page.fill("#search", "ip");
  await status.filter({ hasText: /\d+ result/ }).waitFor({ timeout: 5000 });
  const short = await page.locator("#search-results .leaf").allTextContents();
  expect("a short word begins a word", !short.some((one) => /description|relationship/i.test(one)), short.join(" "));

  // The name of an event that no other event has in its name.
  const word = nameOf(named);
  await page.fill("#search", word);
  await page.locator("#search-results a").first().waitFor();
  expect("an event is found by its name", (await page.locator("#search-results a").first().getAttribute("href")).startsWith(named), word);
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => decodeURI(url.pathname).endsWith(named));
};

// A type alone, a JSON Pointer, and the Rust that reads a member.
const checkTypes = async (page) => {
  await page.goto(address(event));
  const code = page.locator(".members .access").last();
  const expression = await code.getAttribute("data-copy");
  const row = code.locator("xpath=ancestor::tr");
  const anchor = await row.getAttribute("id");
  const name = await row.locator("a.member").textContent();
  const results = page.locator("#search-results a");
  const finds = async (query) => {
    await page.fill("#search", "");
    await page.fill("#search", query);
    await results.first().waitFor({ timeout: 5000 });
    return results.evaluateAll((all) => all.map((one) => one.getAttribute("href")));
  };
  if (/^[\w.]+$/.test(name)) {
    const pointed = await finds(`/${name.replaceAll(".", "/")}`);
    expect("a JSON Pointer finds its member", pointed.some((one) => one.endsWith(`#${anchor}`)), pointed.join(" "));
  }
  if (/^event[\w.]+$/.test(expression)) {
    const read = await finds(expression);
    expect("an expression finds its member", read.some((one) => one.endsWith(`#${anchor}`)), `${expression}: ${read.join(" ")}`);
  }
  await finds("type:string");
  const types = await page.locator("#search-results .type").allTextContents();
  expect("a type finds nothing else", types.every((one) => /string/i.test(one)), types.join("; "));
};

const checkCopy = async (page) => {
  await page.goto(address(event));
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  const code = page.locator(".members .access").first();
  await code.locator("button").click();
  expect("a button copies an expression", (await clipboard()) === (await code.getAttribute("data-copy")), await clipboard());
  expect("it keeps the focus", await code.locator("button").evaluate((one) => one === document.activeElement));
  expect("what was done is announced", (await page.locator(".announcement").textContent()) === "Copied");
  const payload = page.locator(".copyable", { has: page.locator("pre.json") }).first();
  await payload.locator("button").click();
  expect("a button copies a payload", (await clipboard()) === (await payload.locator("pre").textContent()));
  JSON.parse(await clipboard());
  const schema = page.locator("a[download]");
  expect("the schema can be downloaded", /\.schema\.json$/.test(await schema.getAttribute("download")));
};

const checkKeyboard = async (page) => {
  await page.goto(address(event));
  await page.keyboard.press("Tab");
  const skip = page.locator(".skip");
  expect("the first stop is the skip link", await skip.evaluate((one) => one === document.activeElement));
  expect("which is visible then", (await skip.boundingBox()).y >= 0);
  await page.keyboard.press("Enter");
  expect("and leads to the content", page.url().endsWith("#content"));
  const unseen = await page.evaluate(() => {
    const all = [...document.querySelectorAll("a[href], button, input, summary, [tabindex='0']")].filter((one) => one.checkVisibility());
    return all.filter((one) => {
      one.focus({ preventScroll: true, focusVisible: true });
      return one !== document.activeElement || getComputedStyle(one).outlineStyle === "none";
    }).map((one) => one.outerHTML.slice(0, 100));
  });
  expect("the focus is visible everywhere", unseen.length === 0, unseen.join("\n    "));
};

const checkNavigation = async (page) => {
  await page.goto(address("index.html"));
  const first = page.locator("main .events a").first();
  const href = await first.getAttribute("href");
  await first.click();
  expect("the first page leads to an event", decodeURI(page.url()).endsWith(decodeURI(href)));
  await page.locator(".trail a").last().click();
  expect("the trail leads to the provider", page.url().endsWith("/index.html") && (await page.locator("#events").count()) === 1);
  await page.locator(".home").click();
  expect("the name of the site leads to the first page", page.url() === address("index.html"));
  await page.goto(address(event));
  const members = page.locator(".members a.member");
  await members.last().click();
  expect("a member links to itself", (await page.locator("tr:target").count()) === 1);
};

const picture = async (page, path, name, whole = true) => {
  await page.goto(address(path));
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: whole });
};

await mkdir(pictures, { recursive: true });
const profile = await mkdtemp(join(tmpdir(), "catalogue-"));
try {
  for (const [size, viewport] of Object.entries(WIDTHS)) {
    for (const colorScheme of ["light", "dark"]) {
      const label = `${size} ${colorScheme}`;
      const context = await chromium.launchPersistentContext(join(profile, `${size}-${colorScheme}`), {
        executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: FLAGS, viewport, colorScheme,
        reducedMotion: "reduce", permissions: ["clipboard-read", "clipboard-write"],
      });
      const page = context.pages()[0] ?? (await context.newPage());
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) failures.push(`${label}: console: ${message.text()}`);
      });
      page.on("pageerror", (error) => failures.push(`${label}: ${error}`));
      page.on("requestfailed", (request) => {
        // A page that is left while it is loaded is no failure.
        const aborted = request.failure()?.errorText === "net::ERR_ABORTED";
        expect(`${label}: cannot be loaded`, aborted, request.url());
      });
      page.on("request", (request) => {
        expect(`${label}: outside of the site`, /^(file|data):/.test(request.url()), request.url());
      });
      for (const path of pages) await checkPage(page, path, label);
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const dark = background.match(/\d+/g).slice(0, 3).every((part) => Number(part) < 80);
      expect(`${label}: the background`, dark === (colorScheme === "dark"), background);
      await checkSearch(page);
      await checkNavigation(page);
      await checkTypes(page);
      if (size === "wide") {
        await checkKeyboard(page);
        await checkCopy(page);
      }
      await picture(page, "index.html", `index-${size}-${colorScheme}`);
      await picture(page, provider, `provider-${size}-${colorScheme}`);
      await picture(page, event, `event-${size}-${colorScheme}`);
      await page.goto(address("index.html"));
      await page.fill("#search", "ip");
      await page.locator("#search-results a").first().waitFor();
      await page.screenshot({ path: join(pictures, `search-${size}-${colorScheme}.png`) });
      await context.close();
    }
  }
} finally {
  await rm(profile, { recursive: true, force: true });
}

for (const failure of failures) console.error(`failed: ${failure}`);
console.log(`${pages.length} pages, ${failures.length} failures; screenshots in ${pictures}`);
process.exitCode = failures.length === 0 ? 0 : 1;
