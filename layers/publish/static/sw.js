// Keeps one version of the site, whole: every file with the sum it was published with, or none of it.
//
// The version in use serves all its pages, and the files they name, until the last of them is closed; only then does
// the next one, kept whole by then, take its place. So a page never meets the files of another version.
"use strict";

const VERSION = "@version@";
/** Address from the root of the site, and the SHA-256 of what lies there, in base64. */
const FILES = new Map(Object.entries(/* @files@ */ {}));
const ROOT = new URL("./", location.href);
const OURS = `provence-map ${ROOT.pathname} `;
const CACHE = OURS + VERSION;

/** The sum of some bytes, in base64. @param {ArrayBuffer} bytes */
async function sum(bytes) {
  return btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))));
}

/** Fetch a file and put it in the cache if it is what was published. */
async function take(cache, path) {
  // Files with a sum in their name never change; pages may be kept by a browser or a proxy that is behind.
  const answer = await fetch(new URL(path, ROOT), { cache: path.startsWith("assets/") ? "default" : "no-cache" });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  const bytes = await answer.arrayBuffer();
  if ((await sum(bytes)) !== FILES.get(path)) throw new Error(`${path}: not what was published as ${VERSION}`);
  // Made anew: what came by a redirection may not answer a navigation. The bytes are unpacked already.
  const type = answer.headers.get("Content-Type") || "application/octet-stream";
  await cache.put(new URL(path, ROOT), new Response(bytes, { headers: { "Content-Type": type } }));
}

async function install() {
  const cache = await caches.open(CACHE);
  try {
    await Promise.all([...FILES.keys()].map((path) => take(cache, path)));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(OURS) && name !== CACHE).map((name) => caches.delete(name)));
}

/** The path of a request within the site if it is of this version, else null. @param {string} address */
function known(address) {
  const url = new URL(address);
  if (url.origin !== ROOT.origin || !url.pathname.startsWith(ROOT.pathname)) return null;
  const path = url.pathname.slice(ROOT.pathname.length).replace(/(^|\/)index\.html$/, "$1");
  return FILES.has(path) ? path : null;
}

async function answer(request, path) {
  const kept = await caches.match(new URL(path, ROOT), { cacheName: CACHE });
  // A browser short of room may have thrown the cache away.
  return kept || fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const path = event.request.method === "GET" ? known(event.request.url) : null;
  if (path !== null) event.respondWith(answer(event.request, path));
});
