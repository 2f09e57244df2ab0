// The plain text of a reply as elements: halves by language, headings, steps, lists, the source below.
// Text only ever becomes text nodes; the one attribute made from it is the address of an http or https link.

const RULE = "\n\n———\n\n";
const LINK = /https?:\/\/[^\s<>"“”，。；、）)]+/g;
const PHONE = /\+?\d[\d-]{2,}(?: \d{3,})*\d/g;
const TAGS = { zh: "zh-Hans", und: "", mixed: "", "en+zh": "" };

export const tag = (locale) => TAGS[locale] ?? locale;

export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  Object.assign(made, properties);
  made.append(...children);
  return made;
}

/** The halves of a turn as elements; what a resident wrote is shown as it stands. */
export function words({ author, text, locale, name }) {
  if (author === "resident") return [half([paragraph(text.split("\n"))], tag(locale))];
  const said = name && text.startsWith(name) ? text.slice(name.length).replace(/^[:：]\n/, "") : text;
  return said.split(RULE).map((one, n) => half(one.split("\n\n").flatMap(block), tag(n ? (locale === "en" ? "zh" : "en") : locale)));
}

function half(children, lang) {
  const made = element("div", { className: "words" }, ...children);
  if (lang) made.lang = lang;
  return made;
}

function block(text) {
  let lines = text.split("\n");
  if (lines[0].startsWith("📄")) return [paragraph(lines, "source")];
  const made = [];
  if (lines.length > 1 && /[:：]$/.test(lines[0])) {
    made.push(paragraph([lines[0].slice(0, -1)], "heading"));
    lines = lines.slice(1);
  }
  let group = null;
  for (const line of lines) {
    const shape = /^\d{1,2}\. /.test(line) ? "ol" : line.startsWith("- ") ? "ul" : "p";
    if (group?.shape !== shape) made.push(group = { shape, lines: [] });
    group.lines.push(shape === "p" ? line : line.replace(/^(?:\d{1,2}\. |- )/, ""));
  }
  return made.map((one) => {
    if (one instanceof Node) return one;
    if (one.shape === "p") return paragraph(one.lines);
    return element(one.shape, {}, ...one.lines.map((line) => element("li", {}, ...pieces(line))));
  });
}

function paragraph(lines, className = "") {
  return element("p", { className }, ...lines.flatMap((line, n) => (n ? [element("br"), ...pieces(line)] : pieces(line))));
}

function pieces(line) {
  const found = [];
  let at = 0;
  for (const match of line.matchAll(LINK)) {
    const address = match[0].replace(/[.,;:!?]+$/, "");
    found.push(...unbroken(line.slice(at, match.index)));
    found.push(element("a", { href: address, rel: "noopener noreferrer nofollow", target: "_blank" }, address));
    at = match.index + address.length;
  }
  return [...found, ...unbroken(line.slice(at))];
}

/** A telephone number is not split across lines. */
function unbroken(text) {
  const found = [];
  let at = 0;
  for (const match of text.matchAll(PHONE)) {
    found.push(text.slice(at, match.index), element("span", { className: "nowrap" }, match[0]));
    at = match.index + match[0].length;
  }
  return [...found, text.slice(at)].filter((piece) => piece !== "");
}

/** The Chinese sentence of an urgent reply, to be held up, with its English meaning; null where there is none. */
export function sentence(text) {
  const shown = text.match(/([\p{Script=Han}][^\n(（]{3,}?)\s*[(（]([^\n)）]+)[)）]/u);
  if (shown) return { say: shown[1].trim(), meaning: shown[2] };
  const quoted = text.match(/“([^”\n]*[\p{Script=Han}][^”\n]{3,})”/u);
  return quoted && { say: quoted[1], meaning: "" };
}
