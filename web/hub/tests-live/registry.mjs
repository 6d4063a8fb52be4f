// A client of the registry: what people do from a terminal while others look at the site.
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { url } from "../tests/browser.mjs";

export const host = new URL(url).host;

const manifestType = "application/vnd.oci.image.manifest.v1+json";
const digest = (bytes) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
const basic = (name, secret) => `Basic ${Buffer.from(`${name}:${secret}`).toString("base64")}`;

/** Whether a name and a password, or a token, sign in: as `docker login` asks. */
export async function login(name, secret) {
  return (await fetch(`${url}/v2/`, { headers: { authorization: basic(name, secret) } })).status === 200;
}

/** The status of a request that does as the registry's challenge says: fetches a token for what it asks, and asks again with it. */
async function ask(method, path, account, options = {}) {
  const send = (headers) => fetch(`${url}${path}`, { method, ...options, headers: { ...options.headers, ...headers } });
  const first = await send({});
  if (first.status !== 401) return first;
  const challenge = Object.fromEntries([...first.headers.get("www-authenticate").matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]));
  const wanted = new URL(challenge.realm);
  wanted.searchParams.set("service", challenge.service);
  // A client asks for what it means to do, not for each step of it.
  const repository = path.match(/^\/v2\/(.+)\/(?:blobs|manifests|tags)\//)?.[1];
  const scope = method === "GET" || method === "HEAD" ? "pull" : method === "DELETE" ? "delete" : "pull,push";
  if (repository) wanted.searchParams.set("scope", `repository:${repository}:${scope}`);
  const granted = await fetch(wanted, { headers: account ? { authorization: basic(...account) } : {} });
  if (!granted.ok) return granted;
  return send({ authorization: `Bearer ${(await granted.json()).token}` });
}

/** A tape archive of files by path. */
function tar(files) {
  const parts = [];
  for (const [path, text] of Object.entries(files)) {
    const [header, content] = [Buffer.alloc(512), Buffer.from(text)];
    header.write(path, 0);
    header.write("0000644\0", 100);
    header.write("0000000\0", 108);
    header.write("0000000\0", 116);
    header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
    header.write("00000000000\0", 136);
    header.write("        ", 148);
    header.write("0", 156);
    header.write("ustar\x0000", 257);
    header.write(`${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\0 `, 148);
    parts.push(header, content, Buffer.alloc((512 - (content.length % 512)) % 512));
  }
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

/**
 * Pushes an image of some layers, each with its instruction and files.
 * @returns {Promise<number>} the status of the first step that was refused, or of the last.
 */
export async function push(repository, tag, account, layers, labels = { "org.opencontainers.image.source": "https://github.com/example/app" }) {
  const blobs = layers.map(({ files }) => gzipSync(tar(files)));
  const config = Buffer.from(JSON.stringify({
    architecture: "amd64", os: "linux", config: { Env: ["PATH=/bin"], Cmd: ["/bin/app"], Labels: labels },
    rootfs: { type: "layers", diff_ids: layers.map(({ files }) => digest(tar(files))) },
    history: layers.map(({ instruction }) => ({ created_by: instruction })),
  }));
  for (const blob of [...blobs, config]) {
    const put = await ask("POST", `/v2/${repository}/blobs/uploads/?digest=${digest(blob)}`, account, { body: blob, headers: { "content-type": "application/octet-stream" } });
    if (put.status !== 201) return put.status;
  }
  const describe = (mediaType) => (blob) => ({ mediaType, digest: digest(blob), size: blob.length });
  const manifest = JSON.stringify({
    schemaVersion: 2, mediaType: manifestType, config: describe("application/vnd.oci.image.config.v1+json")(config),
    layers: blobs.map(describe("application/vnd.oci.image.layer.v1.tar+gzip")),
  });
  return (await ask("PUT", `/v2/${repository}/manifests/${tag}`, account, { body: manifest, headers: { "content-type": manifestType } })).status;
}

/** The status of pulling a tag's manifest; without an account, as anybody. */
export async function pull(repository, tag, account) {
  return (await ask("GET", `/v2/${repository}/manifests/${tag}`, account, { headers: { accept: manifestType } })).status;
}

/** Layers of an image that people can read; `what` makes them different from another's. */
export const image = (what) => [
  { instruction: "ADD rootfs.tar / # buildkit", files: { "etc/passwd": "root:x:0:0::/root:/bin/sh\n", "bin/app": "#!/bin/sh\n" } },
  { instruction: `COPY ${what}.txt /srv/ # buildkit`, files: { [`srv/${what}.txt`]: `${what}\n` } },
];
