(function (pm) { "use strict"; pm.areaReport = { content: () => [] }; })((globalThis.provence ??= {}));
