// Elements without HTML strings: text from data only ever becomes a text node.
(function (pm) {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";

  /**
   * Make an element: `h("button.primary", {type: "button", onclick: f}, "Reset", child)`.
   * @param {string} selector tag and classes
   * @param {Record<string, any> | null} [attributes] `on…` are listeners; null and false are left out
   * @param {...(Node | string | number | null | undefined | false | any[])} children
   * @returns {HTMLElement}
   */
  function h(selector, attributes, ...children) {
    const [tag, ...classes] = selector.split(".");
    const node = document.createElement(tag || "div");
    if (classes.length) node.className = classes.join(" ");
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (name === "style") node.style.cssText = value;
      else node.setAttribute(name, value === true ? "" : String(value));
    }
    append(node, children);
    return node;
  }

  /** @param {Node} node @param {any[]} children */
  function append(node, children) {
    for (const child of children.flat(3)) {
      if (child === null || child === undefined || child === false) continue;
      node.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
    }
  }

  /**
   * Make an SVG element; values are set as attributes, children are elements or text.
   * @param {string} tag
   * @param {Record<string, any>} attributes
   * @param {...any} children
   * @returns {SVGElement}
   */
  function s(tag, attributes, ...children) {
    const node = /** @type {SVGElement} */ (document.createElementNS(SVG, tag));
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== null && value !== undefined) node.setAttribute(name, String(value));
    }
    append(node, children);
    return node;
  }

  /** Replace what an element holds. @param {Element} node @param {...any} children */
  function fill(node, ...children) {
    node.textContent = "";
    append(node, children);
  }

  /** Do something in the n-th frame from now. @param {number} n @param {() => void} work */
  const frames = (n, work) => requestAnimationFrame(() => (n > 1 ? frames(n - 1, work) : work()));

  pm.dom = { h, s, fill, frames };
})((globalThis.provence ??= {}));
