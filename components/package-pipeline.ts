import { all, type Input, type Output } from "@pulumi/pulumi";
import {
  type DebianPackagePipelineArgs,
  debianPackagePipeline,
} from "../pipeline/debian-package.ts";
import type { Pipeline } from "../pipeline/model.ts";

export interface PackagePipelineArgs extends Omit<DebianPackagePipelineArgs, "targets"> {
  /** Builder image by codename, in the order of the file. */
  readonly images: Readonly<Record<string, Input<string>>>;
}

/** The Debian package pipeline, once its builder images are known. */
export function packagePipeline({ images, ...args }: PackagePipelineArgs): Output<Pipeline> {
  return all(images).apply((known) =>
    debianPackagePipeline({
      ...args,
      targets: Object.entries(known).map(([codename, image]) => ({ codename, image })),
    }),
  );
}
