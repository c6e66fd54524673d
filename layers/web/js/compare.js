(function (pm) { "use strict"; pm.compare = { create: () => ({ content: () => [pm.dom.h("h2", { id: "card-title", tabindex: "-1" }, "…")] }) }; })((globalThis.provence ??= {}));
