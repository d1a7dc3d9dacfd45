/** Artifacts that runners send and fetch. https://docs.gitlab.com/ci/jobs/job_artifacts/ */
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { finished } from "node:stream/promises";
import multipart, { type Multipart } from "@fastify/multipart";
import type { FastifyInstance, FastifyPluginAsync, FastifyRequest } from "fastify";
import type { Context } from "../context.ts";
import { pathNumber } from "../input.ts";
import { artifactFormats, findArtifactType } from "../pipelines/artifact-types.ts";
import {
  artifactLimit,
  artifactPath,
  dropUpload,
  keepUpload,
  receiveUpload,
  toExpiry,
  type Upload,
} from "../pipelines/artifacts.ts";
import { archiveOf } from "../pipelines/dependencies.ts";
import { DotenvInvalid, readDotenv } from "../pipelines/dotenv.ts";
import { readJobToken, requireRunningJob } from "../pipelines/job-token.ts";
import type { Job } from "../pipelines/rows.ts";
import type { JobVariable } from "../pipelines/variables.ts";
import { refusal } from "../reply.ts";

const anonymous = { config: { anonymous: true } };
const path = "/jobs/:id/artifacts";

/** What a runner sent in one request. */
interface Sent {
  /** Fields of the form and parameters of the query. */
  fields: Record<string, string>;
  /** Files by the names of their fields. */
  uploads: Map<string, Upload>;
}

export async function jobArtifactRoutes(api: FastifyInstance, context: Context): Promise<void> {
  const sendRoute: FastifyPluginAsync = async (scope) => {
    await scope.register(multipart, { throwFileSizeLimit: false });
    const sending = { ...anonymous, bodyLimit: Number.MAX_SAFE_INTEGER };
    scope.post(path, sending, async (request, reply) => {
      const job = requireRunningJob(request, context, pathNumber(request, "id"));
      if (!request.isMultipart()) throw refusal.parameters(["file is invalid"]);
      await receive(request, context, job);
      return reply.code(201).send("201");
    });
  };
  await api.register(sendRoute);
  addFetching(api, context);
}

function addFetching(api: FastifyInstance, context: Context): void {
  api.get(path, anonymous, (request, reply) => {
    const caller = readJobToken(request, context);
    const job = context.store.jobs.get(pathNumber(request, "id"));
    if (caller === undefined) throw refusal.unauthorized();
    if (job?.project_id !== caller.project_id) throw refusal.forbidden();
    const archive = archiveOf(context, job);
    if (archive === undefined) throw refusal.rowNotFound();
    return reply
      .type("application/octet-stream")
      .header("content-length", archive.size)
      .header("content-disposition", `attachment; filename="${archive.filename}"`)
      .send(createReadStream(artifactPath(context.directory, job, archive)));
  });
}

async function receive(request: FastifyRequest, context: Context, job: Job): Promise<void> {
  const limit = artifactLimit(context, context.store.projects.require(job.project_id));
  const fields = { ...(request.query as Record<string, string>) };
  const sent: Sent = { fields, uploads: new Map() };
  try {
    for await (const part of request.parts({ limits: { fileSize: limit } }))
      await readPart(context, job, part, sent);
    await keep(context, job, sent);
  } finally {
    await drain(request);
    for (const upload of sent.uploads.values()) await dropUpload(upload);
  }
}

async function readPart(context: Context, job: Job, part: Multipart, sent: Sent): Promise<void> {
  if (part.type === "field") {
    sent.fields[part.fieldname] = String(part.value);
    return;
  }
  const { fieldname, filename, file } = part;
  if (fieldname !== "file" && fieldname !== "metadata")
    throw refusal.unknownField(`POST ${path}`, fieldname);
  const upload = await receiveUpload(context.directory, job, fieldname, filename, file);
  sent.uploads.set(fieldname, upload);
  if (file.truncated) throw refusal.tooLarge();
}

async function keep(context: Context, job: Job, { fields, uploads }: Sent): Promise<void> {
  const file = uploads.get("file");
  if (file === undefined) throw refusal.parameters(["file is missing"]);
  const traits = toTraits(fields);
  const present = job.artifacts.find((artifact) => artifact.file_type === traits.file_type);
  if (present?.sha256 === file.sha256) return;
  if (present !== undefined)
    throw refusal.sentence(400, "another artifact of the same type already exists");
  if (traits.file_type === "dotenv")
    context.store.jobs.update(job, { dotenv: await readVariables(file) });
  await keepUpload(context, job, file, traits);
  const metadata = uploads.get("metadata");
  if (metadata)
    await keepUpload(context, job, metadata, { file_type: "metadata", file_format: "gzip" });
  const expire_in = fields.expire_in ?? job.spec.artifacts?.expire_in ?? null;
  context.store.jobs.update(job, { artifacts_expire_at: toExpiry(context, expire_in) });
}

/** What an upload says it is; each type has one format. */
function toTraits({ artifact_type = "archive", artifact_format = "zip" }: Record<string, string>) {
  const type = findArtifactType(artifact_type);
  const isFormat = artifactFormats.some((format) => format === artifact_format);
  const faults = [
    ...(type === undefined ? ["artifact_type does not have a valid value"] : []),
    ...(isFormat ? [] : ["artifact_format does not have a valid value"]),
  ];
  if (faults.length > 0) throw refusal.parameters(faults);
  if (type?.format !== artifact_format)
    throw refusal.sentence(400, "Validation failed: Invalid file format with specified file type");
  return { file_type: artifact_type, file_format: artifact_format };
}

async function readVariables({ path: file }: Upload): Promise<JobVariable[]> {
  try {
    return readDotenv(await readFile(file));
  } catch (error) {
    if (error instanceof DotenvInvalid) throw refusal.sentence(400, error.message);
    throw error;
  }
}

/** Reads what a client still sends, so that it gets to read its answer. */
async function drain({ raw }: FastifyRequest): Promise<void> {
  raw.unpipe();
  raw.resume();
  if (!raw.readableEnded && !raw.destroyed) await finished(raw, { writable: false });
}
