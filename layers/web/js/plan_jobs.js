// An export under way: its files one by one, how far each is, to be stopped, tried again and taken.
(function (pm) {
  "use strict";
  const { h, fill } = pm.dom;
  const LOOK_MS = 400;
  const LATER_MS = 2_000;
  const KEPT_AS = "provence-map-job";
  const OPEN = ["waiting", "running"];

  /** @param {any} context {server, say} */
  function create(context) {
    const { server } = context;
    const { t } = pm.text;
    const node = h("section.job", { id: "job", "aria-labelledby": "job-title", hidden: true });
    const heard = h("p.hidden", { role: "status" });
    /** @type {any} the job as the server last told it */
    let job = null;
    let failed = "";
    let beginning = false;
    let timer = 0;
    let said = "";
    /** Files that were handed over by themselves. @type {Set<string>} */
    const handed = new Set();

    const address = (id, file = "") => server.url(`plan/jobs/${id}${file ? `/${file}` : ""}`).replace(/\?$/, "");

    /** Begin an export. @param {{choice: string, files: string[]}} order */
    async function begin(order) {
      if (beginning) return;
      clearTimeout(timer);
      handed.clear();
      [job, failed, beginning] = [null, "", true];
      draw();
      await follow(() => server.send("plan/jobs", JSON.stringify(order)));
      node.querySelector("h2")?.scrollIntoView({ block: "nearest" });
    }

    const again = () => follow(() => server.ask(address(job.id), { method: "POST" }));
    const stop = () => follow(() => server.ask(address(job.id), { method: "DELETE" }));

    async function follow(asking) {
      clearTimeout(timer);
      try {
        job = await (await asking()).json();
        failed = "";
      } catch (error) {
        failed = error.message || t("plan.not_begun");
        // A server that is busy, or restarted: the last that was known stays in sight.
        if (job && OPEN.includes(job.state)) timer = window.setTimeout(look, LATER_MS);
      }
      beginning = false;
      keep();
      draw();
      if (job && !failed && OPEN.includes(job.state)) timer = window.setTimeout(look, LOOK_MS);
    }

    const look = () => follow(() => server.ask(address(job.id)));

    /** The job of this window is found again after a reload. */
    function keep() {
      try {
        if (job) sessionStorage.setItem(KEPT_AS, job.id);
        else sessionStorage.removeItem(KEPT_AS);
      } catch {
        // Then it is only of this page's life.
      }
    }

    /** Look whether an export of this window is still there. */
    async function resume() {
      let id = null;
      try {
        id = sessionStorage.getItem(KEPT_AS);
      } catch {
        return;
      }
      if (!id) return;
      try {
        job = await (await server.ask(address(id))).json();
        for (const file of job.files) if (file.state === "done") handed.add(file.id);
        if (OPEN.includes(job.state)) timer = window.setTimeout(look, LOOK_MS);
        draw();
      } catch {
        keep();
      }
    }

    function close() {
      clearTimeout(timer);
      job = null;
      failed = "";
      keep();
      draw();
      context.closed();
    }

    function size(bytes) {
      const [value, unit] = bytes >= 1e6 ? [bytes / 1e6, "mb"] : [bytes / 1e3, "kb"];
      return t(`plan.${unit}`, { n: pm.text.number(value, value < 10 ? 1 : 0) });
    }

    function row(file) {
      const name = pm.text.pick(file.title);
      const part = file.total ? file.done / file.total : 0;
      const bar = file.state === "running" ? h("progress", { max: "1", value: file.total ? String(part) : null, "aria-label": t("plan.progress_of", { file: name }) }) : null;
      const state = file.state === "done" ? size(file.bytes) : file.state === "running" ? pm.text.pick(file.words) || t("plan.running") : t(`plan.${file.state}`);
      const icon = { done: "check", failed: "close", stopped: "minus", waiting: "time", running: "time" }[file.state];
      return h("li", { class: `job-file ${file.state}`, "data-file": file.id }, h("span.sign", null, pm.icons.icon(icon, 18)), h("div", null, h("b", null, name), h("span.said", null, state), file.said ? h("p.fault", null, pm.text.pick(file.said)) : null, bar),
        file.state === "done" ? h("a.button", { id: `take-${file.id}`, href: address(job.id, file.id), download: file.name, "aria-label": t("plan.download_of", { file: name }) }, pm.icons.icon("download", 18), t("plan.download")) : null);
    }

    function draw() {
      const focus = node.contains(document.activeElement) ? document.activeElement.id : "";
      node.hidden = !job && !failed && !beginning;
      if (node.hidden) return fill(node);
      if (beginning) return fill(node, h("div.job-head", null, h("h2", { id: "job-title", tabindex: "-1" }, t("plan.beginning"))), h("progress", { "aria-label": t("plan.beginning") }));
      const files = job?.files || [];
      const done = files.filter((file) => file.state === "done");
      const open = Boolean(job) && OPEN.includes(job.state);
      const title = failed && !job ? t("plan.not_begun") : open ? t("plan.exporting", { n: pm.text.number(Math.min(done.length + 1, files.length)), of: pm.text.number(files.length) }) : job.state === "done" ? t("plan.exported") : done.length ? t("plan.part_exported", { n: pm.text.number(done.length), of: pm.text.number(files.length) }) : t("plan.none_exported");
      fill(node, h("div.job-head", null, h("h2", { id: "job-title", tabindex: "-1" }, title), open ? h("button.button", { type: "button", id: "job-stop", onclick: stop }, t("plan.stop")) : h("button.tool", { type: "button", id: "job-close", "aria-label": t("plan.close_job"), onclick: close }, pm.icons.icon("close", 18))),
        failed ? h("p.fault", null, failed) : null, h("ul", null, files.map(row)),
        job && !open && job.state !== "done" ? h("div.actions", null, h("button.button.primary", { type: "button", id: "job-again", onclick: again }, t(done.length ? "plan.again_rest" : "plan.again"))) : null,
        done.length && !open ? h("p.hint", null, t("plan.kept", { n: context.offer.limits.kept })) : null);
      if (focus) (document.getElementById(focus) || node.querySelector("h2"))?.focus({ preventScroll: true });
      // Said once, politely: not each step, but each file and the end.
      const now = [...done.map((file) => t("plan.saved_file", { file: pm.text.pick(file.title) })), open ? "" : title].filter(Boolean).join(". ");
      if (now !== said) heard.textContent = said = now;
      hand(done, open);
      return undefined;
    }

    /** One file alone is handed over as soon as it is made; of several each has its button. */
    function hand(done, open) {
      if (open || job?.files.length !== 1 || !done.length || handed.has(done[0].id)) return;
      handed.add(done[0].id);
      const link = /** @type {HTMLAnchorElement} */ (h("a", { href: address(job.id, done[0].id), download: done[0].name }));
      document.body.append(link);
      link.click();
      link.remove();
    }

    return { node, heard, begin, resume, draw, get open() { return Boolean(job) && OPEN.includes(job.state); } };
  }

  pm.planJobs = { create };
})((globalThis.provence ??= {}));
