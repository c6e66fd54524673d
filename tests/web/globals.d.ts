// What the plain scripts find in the page: our own namespace and Leaflet (its types are not needed to catch ours).
declare var provence: any;
declare var L: any;
// Of layers/web/vendor.
declare var pmtiles: any;
declare var Pbf: any;
