// A story being written: plain data, changed only into new data, so that a step can be taken back.
(function (pm) {
  "use strict";
  const LANGUAGES = ["en", "fr"];
  const KINDS = ["opening", "scene", "closing"];
  const CHARTS = ["emissions", "families", "statuses", "starts", "technologies", "poles"];
  const TRANSITIONS = ["fly", "fade", "cut"];
  const MOST_HIGHLIGHTS = 6;
  const MOST_ASKED = 6;
  const MOST_SCENES = 200;
  const LEAST_SECONDS = 10;
  const MOST_SECONDS = 300;
  const SECONDS = 45;
  const MOST_SLUG = 40;
  // What a View holds that a scene does not: how a reader works, not what the room sees.
  const NOT_IN_A_SCENE = { language: null, theme: null, area: [], compare: [], keep: [], panel: null, table: null };
  // Fields written in both languages, and the names of those that are not.
  const PAIRS = ["topic", "title", "caption", "notes"];

  const pair = () => ({ en: "", fr: "" });

  /** A story without a scene. */
  const fresh = () => ({ id: "my-story", title: pair(), about: pair(), minutes: 5, scenes: [] });

  /** A scene with what is left out at its default. @param {Record<string, any>} [given] */
  function scene(given = {}) {
    return {
      name: "", kind: "scene", view: "", highlights: [], figure: null, chart: null, years: null, transition: "fly", seconds: SECONDS, asked: [],
      topic: pair(), title: pair(), caption: pair(), notes: { en: [], fr: [] }, picture: null, ...given,
    };
  }

  /**
   * A scene of what a reader looks at. A selected symbol becomes a highlight, since the room sees no card; a pole or
   * commune stays selected, which brings it out.
   * @param {any} view @param {(key: string) => boolean} placed whether something stands at a point of the map
   */
  function fromView(view, placed) {
    const symbol = view.selection && placed(view.selection) ? view.selection : null;
    return scene({ view: queryOf({ ...view, selection: symbol ? null : view.selection }), highlights: symbol ? [symbol] : [] });
  }

  /** The query of a View with only what a scene may hold. @param {any} view */
  const queryOf = (view) => pm.view.toQuery({ ...view, ...NOT_IN_A_SCENE });

  /** Letters, digits and hyphens of a title. @param {string} text */
  const slug = (text) => pm.find.fold(text).replace(/ /g, "-").slice(0, MOST_SLUG).replace(/^-+|-+$/g, "");

  /** The part of a scene's name after its number. @param {string} name */
  const afterNumber = (name) => name.replace(/^\d+-?/, "");

  /** The draft with its scenes named in their order: `01-opening`, `02-…`. @param {any} draft */
  function named(draft) {
    const width = Math.max(2, String(draft.scenes.length).length);
    const scenes = draft.scenes.map((one, i) => {
      const word = afterNumber(one.name) || slug(one.title.en) || slug(one.title.fr) || (one.kind === "scene" ? "scene" : one.kind);
      return { ...one, name: `${String(i + 1).padStart(width, "0")}-${word}` };
    });
    return { ...draft, id: slug(draft.id) || slug(draft.title.en) || "my-story", scenes };
  }

  /** The draft with one scene changed. @param {any} draft @param {number} at @param {Record<string, any>} changes */
  const changed = (draft, at, changes) => ({ ...draft, scenes: draft.scenes.map((one, i) => (i === at ? { ...one, ...changes } : one)) });

  /** The draft with a scene put in at a place. @param {any} draft @param {any} one @param {number} [at] */
  function inserted(draft, one, at = draft.scenes.length) {
    const scenes = draft.scenes.slice();
    scenes.splice(at, 0, one);
    return { ...draft, scenes };
  }

  /** The draft without one scene. @param {any} draft @param {number} at */
  const removed = (draft, at) => ({ ...draft, scenes: draft.scenes.filter((_, i) => i !== at) });

  /** The draft with one scene moved to another place; a place beyond an end is that end. @param {any} draft @param {number} from @param {number} to */
  function moved(draft, from, to) {
    const target = Math.max(0, Math.min(draft.scenes.length - 1, to));
    return inserted(removed(draft, from), draft.scenes[from], target);
  }

  /** The draft with a copy of a scene after it. @param {any} draft @param {number} at */
  const doubled = (draft, at) => inserted(draft, { ...JSON.parse(JSON.stringify(draft.scenes[at])), name: "" }, at + 1);

  /** How long the scenes take together, in whole minutes, at least one. @param {any} draft */
  const minutes = (draft) => Math.max(1, Math.round(draft.scenes.reduce((sum, one) => sum + one.seconds, 0) / 60));

  const isText = (value) => typeof value === "string";
  const isPair = (value) => Boolean(value) && LANGUAGES.every((language) => isText(value[language]));
  const isList = (value) => Array.isArray(value) && value.every(isText);

  function isScene(one) {
    return Boolean(one) && [one.name, one.kind, one.view, one.transition].every(isText) && Number.isFinite(one.seconds) && isList(one.highlights) && isList(one.asked)
      && ["topic", "title", "caption"].every((name) => isPair(one[name])) && Boolean(one.notes) && LANGUAGES.every((language) => isList(one.notes[language]));
  }

  /** What a browser kept, if it still is a draft; what another version wrote may not be. @param {string | null} text */
  function read(text) {
    try {
      const found = JSON.parse(text || "null");
      const fits = found && isText(found.id) && isPair(found.title) && isPair(found.about) && Number.isFinite(found.minutes) && Array.isArray(found.scenes) && found.scenes.every(isScene);
      return fits ? found : null;
    } catch {
      return null;
    }
  }

  /** Whether nothing has been written yet. @param {any} draft */
  const isEmpty = (draft) => !draft.scenes.length && LANGUAGES.every((language) => !draft.title[language] && !draft.about[language]);

  /** A scene's title as a list shows it: figures as their sign, the other language where one is missing. @param {any} one @param {string} language */
  const titleOf = (one, language) => one.title[language] || one.title[language === "fr" ? "en" : "fr"];

  /**
   * Where a fault belongs: the scene's index (null: the story) and the field (null: not known).
   * @param {any} draft as it was checked, its scenes named @param {{file: string, field: string | null}} fault
   */
  function placeOf(draft, fault) {
    const at = draft.scenes.findIndex((one) => fault.file.endsWith(`${one.name}.md`) || (one.picture && fault.file.endsWith(one.picture.name)));
    return { scene: at < 0 ? null : at, field: fault.field || null };
  }

  /** A text with `{id}` put in place of what is selected in it. @param {string} text @param {number} from @param {number} to @param {string} id */
  function withFigure(text, from, to, id) {
    const mark = `{${id}}`;
    return { text: text.slice(0, from) + mark + text.slice(to), at: from + mark.length };
  }

  pm.draft = {
    fresh, scene, fromView, queryOf, named, changed, inserted, removed, moved, doubled, minutes, read, isEmpty, titleOf, placeOf, withFigure, slug,
    LANGUAGES, KINDS, CHARTS, TRANSITIONS, PAIRS, MOST_HIGHLIGHTS, MOST_ASKED, MOST_SCENES, LEAST_SECONDS, MOST_SECONDS,
  };
})((globalThis.provence ??= {}));
