// Words and numbers in the reader's language. The tables come from layers/locale through the document.
(function (pm) {
  "use strict";
  const LOCALES = { en: "en-GB", fr: "fr-FR" };
  const YEAR_MS = 365 * 86_400_000;
  let language = "en";
  let tables = { en: {}, fr: {} };

  /** @param {{en: Record<string, string>, fr: Record<string, string>}} given */
  function load(given) {
    tables = given;
  }

  /** @param {string} chosen */
  function set(chosen) {
    language = chosen === "fr" ? "fr" : "en";
  }

  /** The language of a reader who has chosen none: French where the browser says so, else English. */
  const preferred = () => (navigator.language.toLowerCase().startsWith("fr") ? "fr" : "en");

  /** Give a text by key, its `{name}` placeholders filled; an unknown key shows itself, so that it is seen. */
  function t(key, values) {
    const text = tables[language][key];
    if (text === undefined) return key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? String(values[name]) : whole));
  }

  /** Choose between the two keys `key.one` and `key.other`; French counts 0 as singular. */
  function count(key, n) {
    const one = language === "fr" ? Math.abs(n) < 2 : n === 1;
    return t(`${key}_${one ? "one" : "other"}`, { n: number(n) });
  }

  // Thousands and decimals as each language writes them. Intl would do the same, but its first use loads tables for
  // tens of milliseconds before the first picture.
  const SIGNS = { en: [",", "."], fr: ["\u202f", ","] };

  /** Write the digits of a number with at least `least` and at most `most` decimals. */
  function digitsOf(value, least, most) {
    const [whole, part = ""] = Math.abs(value).toFixed(most).split(".");
    const kept = part.replace(/0+$/, "").padEnd(least, "0");
    const [thousands, decimal] = SIGNS[language];
    const text = whole.replace(/\B(?=(\d{3})+$)/g, thousands) + (kept ? decimal + kept : "");
    return value < 0 && /[1-9]/.test(text) ? `−${text}` : text;
  }

  /** @param {number} value @param {number} [digits] decimals, exactly */
  function number(value, digits = 0) {
    return digitsOf(value, digits, digits);
  }

  /** Write a number with the decimals it has, at most `most`. */
  function plain(value, most = 3) {
    return digitsOf(value, 0, most);
  }

  /** Tonnes of CO₂ in the unit that reads best; null is not zero. @param {number | null | undefined} tonnes */
  function co2(tonnes) {
    if (tonnes === null || tonnes === undefined) return t("missing.figure");
    // The limits are those of the rounded figure: never "1,000 kt".
    if (tonnes >= 999_500) return `${number(tonnes / 1e6, tonnes >= 9_995_000 ? 1 : 2)}\u00a0Mt`;
    if (tonnes >= 999.5) return `${number(tonnes / 1e3)}\u00a0kt`;
    return `${number(tonnes)}\u00a0t`;
  }

  /** Millions of euros: `€750 m`, `€2.2 bn`; `750 M€`, `2,2 Md€`. */
  function money(meur) {
    const billions = meur >= 999.95;
    const value = billions ? plain(meur / 1000, 2) : plain(meur, 1);
    if (language === "fr") return `${value}\u00a0${billions ? "Md€" : "M€"}`;
    return `€${value}\u00a0${billions ? "bn" : "m"}`;
  }

  /** Signed percentage of change. */
  function change(ratio) {
    const percent = Math.round(ratio * 100);
    const sign = percent > 0 ? "+" : percent < 0 ? "−" : "";
    return `${sign}${number(Math.abs(percent))}${language === "fr" ? "\u202f" : ""}%`;
  }

  /** What is an estimate, or measured from an approximate position, begins with a sign that says so. @param {string} said */
  const about = (said) => `≈\u00a0${said}`;

  /** @param {number} value @param {boolean} [approximate] whether one of the two positions is */
  function km(value, approximate = false) {
    const said = `${number(value, 1)}\u00a0km`;
    return approximate ? about(said) : said;
  }

  /** `2025-07` is July 2025, `2025` stays 2025, `2026-02-13` is 13 February 2026. */
  function date(iso) {
    const [year, month, day] = String(iso).split("-").map(Number);
    if (!month) return String(year);
    /** @type {Intl.DateTimeFormatOptions} */
    const options = { year: "numeric", month: "long", timeZone: "UTC", ...(day ? { day: "numeric" } : {}) };
    const written = new Intl.DateTimeFormat(LOCALES[language], options).format(new Date(Date.UTC(year, month - 1, day || 1)));
    return language === "fr" ? written.replace(/^1 /, "1er ") : written;
  }

  /** Whether a date (`2025`, `2025-07`) ended more than a year before a moment: the twin of `outdated` in freshness.py. */
  function old(iso, now) {
    const [year, month] = String(iso).split("-").map(Number);
    return now - (month ? Date.UTC(year, month, 1) : Date.UTC(year + 1, 0, 1)) > YEAR_MS;
  }

  /** A text of a feature in the reader's language, or in the other where one is missing. */
  function pick(pair) {
    if (!pair || typeof pair === "string") return pair || "";
    // Tables write CO2 and H2 so that anyone can type them; on screen they are CO₂ and H₂.
    return (pair[language] || pair[language === "fr" ? "en" : "fr"] || "").replace(/\b(CO|H)2\b/g, "$1₂");
  }

  pm.text = { load, set, preferred, t, count, number, plain, co2, money, change, about, km, date, old, pick, get language() { return language; } };
})((globalThis.provence ??= {}));
