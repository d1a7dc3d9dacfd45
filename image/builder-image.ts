import { createHash } from "node:crypto";
import { builderImageName } from "../pipeline/names.ts";
import { ConfigError, type Fault } from "../validation/config-error.ts";
import { debianPackageName, imageReference } from "../validation/text-rules.ts";
import type { BuilderImageRequest } from "./builder-image-request.ts";
import { renderDockerfile } from "./dockerfile.ts";
import { publicKey } from "./public-key.ts";

export type { AptSource, FurtherSource } from "./apt-sources.ts";
export type { BuilderImageRequest } from "./builder-image-request.ts";
export type { Mirror } from "./vendor-archives.ts";

export interface BuilderImagePlan {
  readonly dockerfile: string;
  /** Repository and tag; the tag is the hash of the Dockerfile, so that equal inputs have one name. */
  readonly tag: string;
}

/** The Dockerfile of a distribution's builder image, and the name it is pushed under. */
export function planBuilderImage(request: BuilderImageRequest, subject: string): BuilderImagePlan {
  const faults = [
    ...checkImages(request),
    ...checkPackages(request),
    ...checkSources(request),
    ...checkBefore(request),
  ];
  if (faults.length > 0) throw new ConfigError({ code: "arguments", subject, faults });
  return nameBuilderImage(request);
}

/** The same, for a request that was checked or is going to be. */
export function nameBuilderImage(request: BuilderImageRequest): BuilderImagePlan {
  const dockerfile = renderDockerfile(request);
  const hash = createHash("sha256").update(dockerfile).digest("hex").slice(0, 12);
  return {
    dockerfile,
    tag: `${builderImageName(request.registry, request.codename, request.group)}:${hash}`,
  };
}

function checkImages({ baseImage }: BuilderImageRequest): Fault[] {
  const refusal = imageReference(baseImage);
  return refusal ? [{ path: "baseImage", ...refusal }] : [];
}

function checkPackages({ packages }: BuilderImageRequest): Fault[] {
  return packages.flatMap((name, index) => {
    const refusal = debianPackageName(name);
    return refusal ? [{ path: `packages[${index}]`, ...refusal }] : [];
  });
}

function checkSources({ source, furtherSources = [], mirror }: BuilderImageRequest): Fault[] {
  const keys: readonly (readonly [path: string, key: string | undefined])[] = [
    ["source.key", source?.key],
    ...furtherSources.map(({ key }, index) => [`furtherSources[${index}].key`, key] as const),
    ["mirror.key", typeof mirror === "object" ? mirror.key : undefined],
  ];
  return keys.flatMap(([path, key]) => {
    const refusal = key === undefined ? undefined : publicKey(key);
    return refusal ? [{ path, ...refusal }] : [];
  });
}

/** A line of its own would end the lines of the Dockerfile that hold it. */
function checkBefore({ before = [] }: BuilderImageRequest): Fault[] {
  return before.flatMap((lines, index) => {
    if (!/^EOF$/m.test(lines)) return [];
    const message = 'has a line that is "EOF", which ends the lines in the Dockerfile';
    return [{ path: `before[${index}]`, message, fix: "Take another word." }];
  });
}
