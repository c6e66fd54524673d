// Search: accents and case ignored, the start of a word before its middle, the nearest spelling when nothing fits.
(function (pm) {
  "use strict";

  // Shorter runs of letters would be found across the ends of words everywhere.
  const CLOSE_LETTERS = 5;

  /** Letters and digits only, without accents: "Berre-l’Étang" is "berre l etang", "CO₂" is "co2". */
  function fold(text) {
    return text.toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae").normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/[^a-z0-9]+/g, " ").trim();
  }

  /**
   * @param {{key: string, kind: string, name: string, words?: string, weight?: number}[]} entries
   */
  function createIndex(entries) {
    const rows = entries.map((entry) => ({ entry, name: fold(entry.name), close: fold(entry.name).replace(/ /g, ""), all: ` ${fold(`${entry.name} ${entry.words || ""}`)}` }));

    /** The best entries for a query, at most `most`. */
    function search(query, most = 12) {
      const words = fold(query).split(" ").filter(Boolean);
      if (!words.length) return [];
      const whole = words.join(" ");
      // "letang" is typed for "l’étang", "aixmarseille" for "Aix-Marseille".
      const close = words.join("");
      const scored = [];
      for (const row of rows) {
        if (!words.every((word) => row.all.includes(word)) && !(close.length >= CLOSE_LETTERS && row.close.includes(close))) continue;
        let score = row.entry.weight || 0;
        if (row.name === whole) score += 100;
        else if (row.name.startsWith(whole)) score += 50;
        else if (` ${row.name}`.includes(` ${whole}`)) score += 30;
        if (words.every((word) => row.all.includes(` ${word}`))) score += 10;
        scored.push({ score, row });
      }
      scored.sort((a, b) => b.score - a.score || a.row.entry.name.localeCompare(b.row.entry.name));
      return scored.slice(0, most).map((item) => item.row.entry);
    }

    /** The word of the index closest to the query, or null when nothing is near. */
    function suggest(query) {
      const wanted = fold(query);
      if (wanted.length < 3) return null;
      let best = null;
      let least = Math.max(2, Math.floor(wanted.length / 3)) + 1;
      for (const row of rows) {
        for (const word of [row.name, ...row.name.split(" ").filter((w) => w.length > 3)]) {
          const d = distance(wanted, word, least);
          if (d < least) {
            least = d;
            best = word === row.name ? row.entry.name : original(row.entry.name, word);
          }
        }
      }
      return best;
    }

    return { search, suggest };
  }

  /** The word of a name, as written, that folds to the given one. */
  function original(name, folded) {
    return name.split(/[\s'’–-]+/).find((word) => fold(word) === folded) || folded;
  }

  /** Edit distance (Levenshtein), given up on when it reaches `limit`. */
  function distance(a, b, limit = Infinity) {
    if (Math.abs(a.length - b.length) >= limit) return limit;
    let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
    for (let i = 1; i <= a.length; i++) {
      const row = [i];
      for (let j = 1; j <= b.length; j++) {
        row[j] = Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      }
      if (Math.min(...row) >= limit) return limit;
      previous = row;
    }
    return previous[b.length];
  }

  pm.find = { fold, createIndex, distance };
})((globalThis.provence ??= {}));
