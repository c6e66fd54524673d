// As much of a document as the scripts use to build elements: enough to look at what they built, nothing to draw with.

export class FakeNode {
  constructor(name, text = "") {
    this.name = name;
    this.data = text;
    this.children = [];
    this.attributes = {};
    this.listeners = {};
    this.dataset = {};
    this.style = {};
    this.hidden = false;
    this.className = "";
  }

  setAttribute(name, value) {
    this.attributes[name] = value;
    if (name === "class") this.className = value;
  }

  removeAttribute(name) { delete this.attributes[name]; }

  addEventListener(type, listener) { this.listeners[type] = listener; }

  appendChild(child) { this.children.push(child); return child; }

  append(...nodes) { this.children.push(...nodes); }

  replaceChild(fresh, old) { this.children[this.children.indexOf(old)] = fresh; }

  querySelector() { return null; }

  querySelectorAll() { return []; }

  get firstChild() { return this.children[0]; }

  get textContent() { return this.data + this.children.map((child) => child.textContent).join(""); }

  set textContent(text) {
    this.children = [];
    this.data = text;
  }

  /** Every element below this one with a tag (and a class). */
  all(tag, className = "") {
    return this.children.flatMap((child) => [
      ...(child.name === tag && (!className || child.className.split(" ").includes(className)) ? [child] : []),
      ...child.all(tag, className),
    ]);
  }
}

export class FakeDocument {
  createElement(tag) { return new FakeNode(tag); }

  createElementNS(_, tag) { return new FakeNode(tag); }

  createTextNode(text) { return new FakeNode("#text", text); }
}
