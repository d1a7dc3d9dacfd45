import { z } from "zod";
import type { Fault } from "../validation/config-error.ts";
import { compact } from "./compact.ts";

/** https://docs.gitlab.com/runner/configuration/advanced-configuration/#the-runnerscache-section */
export const cache = z.strictObject({
  type: z.enum(["s3", "gcs", "azure"]).meta({ description: "Kind of the storage." }),
  bucket: z.string().min(1).meta({ description: "Bucket, or Azure's container." }),
  path: z.string().min(1).optional().meta({
    description: "Folder in the bucket.",
    unset: "the bucket's root",
  }),
  shared: z.boolean().default(false).meta({
    description: "Share caches with other runners, too.",
  }),
  maximumArchiveSize: z.int().min(1).optional().meta({
    description: "Bytes of a cache archive at most.",
    unset: "no limit",
  }),
  server: z.string().min(1).optional().meta({
    description: "`host[:port]` of an S3 service other than Amazon's.",
    unset: "`s3.amazonaws.com`",
  }),
  region: z.string().min(1).optional().meta({ description: "S3 region.", unset: "none" }),
  insecure: z.boolean().optional().meta({
    description: "Reach the S3 service by plain HTTP.",
    unset: "false",
  }),
  accessId: z.string().min(1).optional().meta({
    description:
      "Who signs in with `cacheSecret`: S3 access key id, Google service account or Azure account.",
    unset: "the machine's own identity (S3, Google)",
    keepsSecret: true,
  }),
  credentialsFile: z.string().min(1).optional().meta({
    description: "File on the runner's machine with Google credentials.",
    unset: "the machine's own identity",
  }),
  storageDomain: z.string().min(1).optional().meta({
    description: "Domain of the Azure storage.",
    unset: "`blob.core.windows.net`",
  }),
});

export type CacheSettings = z.output<typeof cache>;

const belongsTo = {
  server: "s3",
  region: "s3",
  insecure: "s3",
  credentialsFile: "gcs",
  storageDomain: "azure",
} as const;

/** Faults of a cache, with paths from the runner on. */
export function checkCache(settings: CacheSettings | undefined, hasSecret: boolean): Fault[] {
  if (settings === undefined) {
    if (!hasSecret) return [];
    const fix = "Declare the cache, or remove the secret.";
    return [{ path: "cacheSecret", message: "is set but there is no cache", fix }];
  }
  const { type, accessId, credentialsFile } = settings;
  const faults = Object.entries(belongsTo)
    .filter(
      ([key, owner]) => settings[key as keyof typeof belongsTo] !== undefined && owner !== type,
    )
    .map(([key, owner]) => ({
      path: `cache.${key}`,
      message: `is set but the type is "${type}"`,
      fix: `Remove it, or use the type ${owner}.`,
    }));
  if (type === "azure" && accessId === undefined) {
    faults.push({ path: "cache.accessId", message: "is missing", fix: "Name the Azure account." });
  }
  if (accessId !== undefined && !hasSecret) {
    const fix = "Set it as a secret, or remove cache.accessId.";
    faults.push({ path: "cacheSecret", message: `is missing for "${accessId}"`, fix });
  }
  if (accessId === undefined && hasSecret && type !== "azure") {
    const fix = "Say whose secret it is, or remove cacheSecret.";
    faults.push({ path: "cache.accessId", message: "is missing", fix });
  }
  if (accessId !== undefined && credentialsFile !== undefined) {
    const fix = "Use one of the two.";
    faults.push({ path: "cache.credentialsFile", message: "is set beside accessId", fix });
  }
  return faults;
}

/** The section `[runners.cache]`; its keys are written in capitals there. */
export function renderCache(settings: CacheSettings, secret: string | undefined): object {
  return compact({
    Type: settings.type,
    Path: settings.path,
    Shared: settings.shared,
    MaxUploadedArchiveSize: settings.maximumArchiveSize,
    [settings.type]: renderStorage(settings, secret),
  });
}

function renderStorage(settings: CacheSettings, secret: string | undefined): object {
  const { bucket, accessId } = settings;
  switch (settings.type) {
    case "s3":
      return compact({
        ServerAddress: settings.server ?? "s3.amazonaws.com",
        BucketName: bucket,
        BucketLocation: settings.region,
        Insecure: settings.insecure,
        AuthenticationType: accessId === undefined ? "iam" : "access-key",
        AccessKey: accessId,
        SecretKey: secret,
      });
    case "gcs":
      return compact({
        BucketName: bucket,
        CredentialsFile: settings.credentialsFile,
        AccessID: accessId,
        PrivateKey: secret,
      });
    case "azure":
      return compact({
        ContainerName: bucket,
        StorageDomain: settings.storageDomain,
        AccountName: accessId,
        AccountKey: secret,
      });
  }
}
